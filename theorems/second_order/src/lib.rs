//! Second-order methods: Newton, quasi-Newton, implicit steps.

mod support;

theoria_verification::chapter! {
    newton_quadratic,
    implicit_euler,
}
