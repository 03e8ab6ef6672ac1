//! Elementary functions that have the same bits on every machine.
//!
//! Sums, products, quotients, square roots and `mul_add` are rounded correctly everywhere. `exp`, `ln`, `sin` and their like are the
//! system's in the standard library, and systems differ in the last bit; a run that counts its steps, or that amplifies
//! rounding errors, then ends elsewhere. What is computed for evidence takes these functions instead: those of the crate `libm`, under
//! the names that methods of `f64` have, but for [`exp`] and [`tanh`], which are faster here.
//!
//! ```
//! use theoria_elementary::{exp, ln, powf};
//! assert_eq!(exp(1.0), std::f64::consts::E);
//! assert_eq!([ln(1.0), powf(3.0, 2.0)], [0.0, 9.0]);
//! ```

mod exp;
mod tanh;

pub use exp::exp;
pub use libm::{
    acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, cos, cosh, erf, erfc, exp2, hypot,
};
pub use libm::{expm1 as exp_m1, log as ln, log1p as ln_1p, pow as powf, sincos as sin_cos};
pub use libm::{log2, log10, sin, sinh, tan};
pub use tanh::{tanh, tanh_of_each};
