//! Step sizes: constant, or by a schedule.

use std::sync::Arc;

use theoria_elementary::powf;
use theoria_models::numerics::DoubleDouble;
use theoria_models::point::Scalar;

use crate::precise::in_doubles;
use crate::range::{not_negative, positive};

/// The step size of step k = 0, 1, 2 ...
#[derive(Clone)]
pub(crate) enum StepSize<S> {
    Constant(S),
    Schedule(Arc<dyn Fn(usize) -> S + Send + Sync>),
}

impl<S: Scalar> StepSize<S> {
    pub(crate) fn schedule(schedule: impl Fn(usize) -> S + Send + Sync + 'static) -> Self {
        StepSize::Schedule(Arc::new(schedule))
    }

    /// Panics if it is negative or not finite.
    pub(crate) fn at(&self, step: usize) -> S {
        not_negative(self.given(step), format_args!("the step size of step {step}"))
    }

    /// The same step sizes as numbers of higher precision, where they are doubles.
    pub(crate) fn precise(&self) -> Option<StepSize<DoubleDouble>> {
        Some(match in_doubles::<_, StepSize<f64>>(self)? {
            StepSize::Constant(step_size) => StepSize::Constant(step_size.into()),
            StepSize::Schedule(schedule) => StepSize::schedule(move |step| schedule(step).into()),
        })
    }

    /// As it was given, for a caller that knows the range.
    pub(crate) fn given(&self, step: usize) -> S {
        match self {
            StepSize::Constant(step_size) => step_size.clone(),
            StepSize::Schedule(schedule) => schedule(step),
        }
    }
}

impl<S: std::fmt::Debug> std::fmt::Debug for StepSize<S> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StepSize::Constant(step_size) => write!(formatter, "Constant({step_size:?})"),
            StepSize::Schedule(_) => formatter.write_str("Schedule"),
        }
    }
}

/// h_k = c/(k + offset) for k = 0, 1, 2 ...: with c = 2/μ and an offset of at least 2κ, SGD under the
/// Polyak–Łojasiewicz inequality converges like 1/k.
///
/// ```
/// use theoria_algorithms::decreasing_step;
/// assert_eq!(decreasing_step(6.0, 2.0)(1), 2.0);
/// ```
///
/// # Panics
/// If c or the offset is not positive and finite.
pub fn decreasing_step(c: f64, offset: f64) -> impl Fn(usize) -> f64 + Send + Sync + 'static {
    let (c, offset) = (positive(c, "c"), positive(offset, "the offset"));
    move |step| c / (step as f64 + offset)
}

/// h_k = c (k + 1)^(-a) for k = 0, 1, 2 ... (Robbins, Monro 1951: it converges for 1/2 < a <= 1).
///
/// ```
/// use theoria_algorithms::power_step;
/// assert_eq!(power_step(6.0, 0.5)(3), 3.0);
/// ```
///
/// # Panics
/// If c is not positive and finite, or a negative or not finite.
pub fn power_step(c: f64, a: f64) -> impl Fn(usize) -> f64 + Send + Sync + 'static {
    let (c, a) = (positive(c, "c"), not_negative(a, "the power a"));
    move |step| c * powf(step as f64 + 1.0, -a)
}

/// h_k = (2k + 1)/(2 μ (k + 1)²) for k = 0, 1, 2 ... (Karimi, Nutini, Schmidt 2016, theorem 4).
///
/// # Panics
/// If μ is not positive and finite.
pub fn karimi_step(lojasiewicz: f64) -> impl Fn(usize) -> f64 + Send + Sync + 'static {
    let lojasiewicz = positive(lojasiewicz, "μ");
    move |step| {
        let k = step as f64;
        (2.0 * k + 1.0) / (2.0 * lojasiewicz * (k + 1.0).powi(2))
    }
}
