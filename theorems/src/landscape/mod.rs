//! Landscapes, wide and deep linear networks.

mod maps;

chapter! {
    saxe_dynamics,
    balancedness,
}
