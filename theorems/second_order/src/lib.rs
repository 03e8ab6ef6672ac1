//! Second-order methods: Newton, quasi-Newton, implicit steps.

mod support;

theoria_verification::chapter! {
    newton_quadratic ["newton_quadratic.worst.json"],
    implicit_euler ["implicit_euler.worst.json"],
}
