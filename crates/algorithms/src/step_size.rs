//! Step sizes: constant, or by a schedule.

use std::sync::Arc;

/// The step size of step k = 0, 1, 2 ...
#[derive(Clone)]
pub(crate) enum StepSize<S> {
    Constant(S),
    Schedule(Arc<dyn Fn(usize) -> S + Send + Sync>),
}

impl<S: Clone> StepSize<S> {
    pub(crate) fn schedule(schedule: impl Fn(usize) -> S + Send + Sync + 'static) -> Self {
        StepSize::Schedule(Arc::new(schedule))
    }

    pub(crate) fn at(&self, step: usize) -> S {
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
pub fn decreasing_step(c: f64, offset: f64) -> impl Fn(usize) -> f64 + Send + Sync + 'static {
    move |step| c / (step as f64 + offset)
}

/// h_k = c (k + 1)^(-a) for k = 0, 1, 2 ... (Robbins, Monro 1951: it converges for 1/2 < a <= 1).
///
/// ```
/// use theoria_algorithms::power_step;
/// assert_eq!(power_step(6.0, 0.5)(3), 3.0);
/// ```
pub fn power_step(c: f64, a: f64) -> impl Fn(usize) -> f64 + Send + Sync + 'static {
    move |step| c * (step as f64 + 1.0).powf(-a)
}

/// h_k = (2k + 1)/(2 μ (k + 1)²) for k = 0, 1, 2 ... (Karimi, Nutini, Schmidt 2016, theorem 4).
pub fn karimi_step(lojasiewicz: f64) -> impl Fn(usize) -> f64 + Send + Sync + 'static {
    move |step| {
        let k = step as f64;
        (2.0 * k + 1.0) / (2.0 * lojasiewicz * (k + 1.0).powi(2))
    }
}
