//! Gradient flow, integrated accurately.

use theoria_elementary::powf;
use theoria_models::{Objective, Vector};

use crate::range::positive;

/// Why gradient flow could not be integrated.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum FlowError {
    /// The solution left the numbers, or its step size shrank to nothing.
    Stuck {
        /// Time reached.
        time: f64,
    },
    /// The problem is too stiff for an explicit method.
    TooManySteps {
        /// Time reached.
        time: f64,
    },
}

impl std::fmt::Display for FlowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FlowError::Stuck { time } => {
                write!(
                    f,
                    "the flow cannot be continued past time {time}: the gradient is not finite"
                )
            }
            FlowError::TooManySteps { time } => write!(
                f,
                "the flow needs more than {MOST_STEPS} steps to go past time {time}: it is too stiff \
                 (L times the time should stay below 10^5)"
            ),
        }
    }
}

impl std::error::Error for FlowError {}

const MOST_STEPS: usize = 200_000;

/// Nodes, weights and error weights of Dormand and Prince (1980), order 5 with an error estimate of
/// order 4. The flow does not depend on time, so the nodes are not needed.
const STAGES: [&[f64]; 6] = [
    &[1.0 / 5.0],
    &[3.0 / 40.0, 9.0 / 40.0],
    &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
    &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
    &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
    &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
];
const ERROR: [f64; 7] = [
    71.0 / 57600.0,
    0.0,
    -71.0 / 16695.0,
    71.0 / 1920.0,
    -17253.0 / 339_200.0,
    22.0 / 525.0,
    -1.0 / 40.0,
];

/// x' = -∇f(x) from `start`, at each of `times` (positive, increasing), with local errors of each
/// coordinate at most `tolerance` times the size of the start and of the point (at least 1e-14).
///
/// # Errors
/// If the flow leaves the numbers, or is too stiff for an explicit method.
///
/// # Panics
/// If times are not positive, finite and increasing, or the tolerance is not positive and finite.
///
/// ```
/// use theoria_algorithms::gradient_flow;
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let flow = gradient_flow(&Quadratic::diagonal(&[2.0]), &Vector::from_vec(vec![1.0]), &[0.5, 1.0], 1e-12)?;
/// assert!((flow[1][0] - (-2f64).exp()).abs() < 1e-10);
/// # Ok::<(), theoria_algorithms::FlowError>(())
/// ```
pub fn gradient_flow<F: Objective + ?Sized>(
    objective: &F,
    start: &Vector,
    times: &[f64],
    tolerance: f64,
) -> Result<Vec<Vector>, FlowError> {
    let tolerance = positive(tolerance, "the tolerance").max(1e-14);
    assert!(times.iter().all(|t| t.is_finite() && *t > 0.0), "times are positive and finite");
    assert!(times.is_sorted(), "times increase");
    let velocity = |x: &Vector| -objective.gradient_at(x);
    let scale = start.amax().max(f64::MIN_POSITIVE);
    let mut x = start.clone();
    let mut slope = velocity(&x);
    let mut time = 0.0;
    let speed = slope.amax();
    let mut h = if speed > 0.0 { 1e-3 * scale / speed } else { 1.0 };
    let mut reached = Vec::with_capacity(times.len());
    let mut steps = 0;
    for &target in times {
        while time < target {
            steps += 1;
            if steps > MOST_STEPS {
                return Err(FlowError::TooManySteps { time });
            }
            let last = time + h >= target;
            let step = if last { target - time } else { h };
            let mut slopes = vec![slope.clone()];
            let mut next = x.clone();
            for weights in STAGES {
                next.copy_from(&x);
                for (weight, k) in weights.iter().zip(&slopes) {
                    next.axpy(step * weight, k, 1.0);
                }
                slopes.push(velocity(&next));
            }
            let mut error = Vector::zeros(x.len());
            for (weight, k) in ERROR.iter().zip(&slopes) {
                error.axpy(step * weight, k, 1.0);
            }
            let ratio = error.amax() / (tolerance * (scale + x.amax()));
            if ratio.is_nan() || (step < 1e-14 * target && !last) {
                return Err(FlowError::Stuck { time });
            }
            let factor = (0.9 * powf(ratio, -0.2)).clamp(0.2, 5.0);
            if ratio <= 1.0 {
                time = if last { target } else { time + step };
                x = next;
                // First same as last: the seventh slope is the next step's first.
                if let Some(seventh) = slopes.pop() {
                    slope = seventh;
                }
                if !last || factor < 1.0 {
                    h = step * factor;
                }
            } else {
                h = step * factor;
            }
        }
        reached.push(x.clone());
    }
    Ok(reached)
}
