//! Landscapes, wide and deep linear networks.

mod maps;

chapter! {
    saxe_dynamics,
    balancedness,
    deep_linear_convergence,
}
