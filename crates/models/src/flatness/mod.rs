//! How flat a minimum is, by several notions, and how far each notion can be trusted.
//!
//! A measure sees the Hessian H at the minimum as numbers: as a symmetric matrix, or as a linear
//! operator `Fn(&Vector) -> Vector` that multiplies by it. What each measure becomes when
//! the parameters are changed without a change of the function that they stand for:
//!
//! | measure | rotation of the parameters | rescaling θ = D θ' (D diagonal) |
//! |---|---|---|
//! | sharpness λ_max ([`Krylov`], [`power_iteration`]) | invariant | changes: that of D H D, as large as one likes |
//! | trace ([`hutchinson`]) | invariant | changes: Σ D_ii² H_ii, as large as one likes |
//! | log det on the normal space ([`log_determinant`]) | invariant | of full rank: log det H + 2 Σ log D_ii; of lower rank it depends on the null space too |
//! | log volume of the box ([`FlatBox`]) | changes: axes matter | log volume − Σ log D_ii |
//!
//! A unit a ReLU(w·x) of a network computes the same with (w/c, a c), c > 0. For w in R^p the box so
//! gains (1 − p) log c: its volume is invariant for one-dimensional inputs and for nothing else;
//! sharpness and trace can be made as large as one likes for every p (Dinh, Pascanu, Bengio, Bengio
//! 2017, *Sharp minima can generalize for deep nets*). Under f ↦ s f all of them change except the
//! box, if its tolerance goes along: ε ↦ s ε.
//!
//! Flatness that *SGD* feels, which is not a number of H alone, is the stability of a product of
//! random factors ([`FactorLaw`]), made by the curvatures of the samples ([`SampleCurvatures`]).

mod flat_box;
mod krylov;
mod log_determinant;
mod power;
mod random_factors;
mod sample_curvatures;
mod trace;

pub use flat_box::{BoxError, FlatBox};
pub use krylov::{Eigenvalue, Krylov};
pub use log_determinant::{LogDeterminant, NormalSpace, NotNormal, log_determinant};
pub use power::power_iteration;
pub use random_factors::{FactorLaw, FactorLawError, LyapunovExponent, TailIndexError};
pub use sample_curvatures::SampleCurvatures;
pub use trace::{Probe, TraceEstimate, hutchinson};

#[cfg(test)]
mod tests;
