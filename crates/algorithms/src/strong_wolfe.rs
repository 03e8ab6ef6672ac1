//! A line search for the strong Wolfe conditions.

use theoria_models::oracle::Valued;
use theoria_models::point::{InnerProduct, Point};

use crate::{Found, Ray, StepLength};

/// A step h along p with enough decrease and little slope left: with φ(h) = f(x + h p),
///
/// φ(h) <= φ(0) + c_1 h φ'(0) and |φ'(h)| <= c_2 |φ'(0)|, 0 < c_1 < c_2 < 1 (Wolfe 1969; the search: Nocedal, Wright 2006, algorithms 3.5 and
/// 3.6, with cubic interpolation). It tries h = 1 first. The second condition gives y·s >= (1 - c_2)|∇f(x)·s| for the change y of the gradient,
/// so that quasi-Newton matrices stay positive definite. Both conditions are checked where it ends.
///
/// Where values agree to twelve digits, their difference is read off the slopes at both ends instead, by the trapezoid rule (Hager, Zhang
/// 2005): near a minimiser values resolve no decrease. Where p does not go down, f is unbounded below along it, or no step is found in
/// [`MOST_TRIALS`](StrongWolfe::MOST_TRIALS) trials, there is none.
///
/// ```
/// use theoria_algorithms::{Ray, StepLength, StrongWolfe};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// let (f, x) = (Quadratic::diagonal(&[2.0]), Vector::from_vec(vec![1.0]));
/// let (gradient, direction) = (f.gradient_at(&x), Vector::from_vec(vec![-4.0]));
/// let (mut to, mut there) = (x.clone(), x.clone());
/// let ray = Ray { at: &x, gradient: &gradient, direction: &direction, value: None };
/// // Cubic interpolation finds the minimum of a parabola.
/// let step = StrongWolfe::default().search(&f, &ray, &mut to, &mut there);
/// assert!((step.unwrap().step - 0.25).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct StrongWolfe {
    decrease: f64,
    curvature: f64,
    evaluations: usize,
}

/// A place on the ray.
#[derive(Debug, Clone, Copy)]
struct Trial {
    step: f64,
    value: f64,
    slope: f64,
}

/// Values that differ by less than this share of them are told apart by slopes.
const RESOLVED: f64 = 1e-12;

impl Trial {
    /// φ(to) - φ(self), by the slopes where the values do not resolve it.
    fn rise(&self, to: &Trial) -> f64 {
        let difference = to.value - self.value;
        if difference.abs() > RESOLVED * (self.value.abs() + to.value.abs()) || difference.is_nan()
        {
            difference
        } else {
            (to.step - self.step) * (self.slope + to.slope) / 2.0
        }
    }

    /// The minimiser of the cubic through values and slopes at both ends, kept away from either; a tenth of the way if the far end is not
    /// finite.
    fn between(&self, other: &Trial) -> f64 {
        let width = other.step - self.step;
        let mean = self.rise(other) / width;
        let first = self.slope + other.slope - 3.0 * mean;
        let square = first * first - self.slope * other.slope;
        let second = width.signum() * square.max(0.0).sqrt();
        let from_other = (other.slope + second - first) / (other.slope - self.slope + 2.0 * second);
        let share = 1.0 - from_other;
        self.step + width * if share.is_finite() { share.clamp(0.1, 0.9) } else { 0.1 }
    }
}

impl StrongWolfe {
    /// A search that needs more trials will not end.
    pub const MOST_TRIALS: usize = 100;

    /// With the constants 0 < c_1 < c_2 < 1.
    ///
    /// # Panics
    /// If they are not in this order.
    pub fn new(decrease: f64, curvature: f64) -> Self {
        assert!(
            0.0 < decrease && decrease < curvature && curvature < 1.0,
            "0 < c_1 < c_2 < 1, not c_1 = {decrease}, c_2 = {curvature}"
        );
        StrongWolfe { decrease, curvature, evaluations: 0 }
    }

    /// The constants c_1 and c_2.
    pub fn constants(&self) -> (f64, f64) {
        (self.decrease, self.curvature)
    }

    /// How often value and gradient were computed along rays so far.
    pub fn evaluations(&self) -> usize {
        self.evaluations
    }

    fn decreases(&self, start: &Trial, to: &Trial) -> bool {
        start.rise(to) <= self.decrease * to.step * start.slope
    }

    fn is_flat(&self, start: &Trial, to: &Trial) -> bool {
        to.slope.abs() <= -self.curvature * start.slope
    }

    /// A step that satisfies both conditions, if one is found; `at` computes value and slope there.
    fn step(&self, start: Trial, mut at: impl FnMut(f64) -> Trial) -> Option<Trial> {
        let (mut low, mut step) = (start, 1.0);
        let mut high = None;
        for _ in 0..Self::MOST_TRIALS {
            let here = at(step);
            // Each comparison is false for NaN.
            if !self.decreases(&start, &here) || !(low.step == 0.0 || low.rise(&here) < 0.0) {
                high = Some(here);
            } else if self.is_flat(&start, &here) {
                return Some(here);
            } else {
                // Between `low`, the best so far, and `high` lies a step that will do.
                let away = high.map_or(1.0, |high: Trial| high.step - low.step);
                if here.slope * away >= 0.0 {
                    high = Some(low);
                }
                low = here;
            }
            step = match high {
                Some(high) => low.between(&high),
                None => 2.0 * step,
            };
            if step == low.step || high.is_some_and(|high| step == high.step) {
                return None;
            }
        }
        None
    }
}

/// c_1 = 10⁻⁴ and c_2 = 0.9, as usual for quasi-Newton methods.
impl Default for StrongWolfe {
    fn default() -> Self {
        Self::new(1e-4, 0.9)
    }
}

impl<P, O> StepLength<P, O> for StrongWolfe
where
    P: Point<Scalar = f64> + InnerProduct<Product = f64>,
    O: Valued<P> + ?Sized,
{
    fn search(
        &mut self,
        oracle: &O,
        ray: &Ray<'_, P>,
        to: &mut P,
        gradient: &mut P,
    ) -> Option<Found<f64>> {
        let slope = ray.gradient.inner_product(ray.direction);
        let goes_down = slope < 0.0 && slope.is_finite();
        if !goes_down {
            return None;
        }
        let start = Trial { step: 0.0, value: ray.value_at_start(oracle), slope };
        let (mut evaluations, mut value) = (0, [0.0]);
        let end = self.step(start, |step| {
            evaluations += 1;
            to.assign(ray.at);
            to.axpy(step, ray.direction);
            oracle.values_and_gradients(to, &mut value, gradient);
            Trial { step, value: value[0], slope: gradient.inner_product(ray.direction) }
        });
        self.evaluations += evaluations;
        end.map(|end| Found { step: end.step, value: Some(end.value) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn search(f: impl Fn(f64) -> (f64, f64), wolfe: &StrongWolfe) -> (Trial, Option<Trial>) {
        let at = |step: f64| {
            let (value, slope) = f(step);
            Trial { step, value, slope }
        };
        (at(0.0), wolfe.step(at(0.0), at))
    }

    proptest! {
        #[test]
        fn both_conditions_hold_where_it_ends(
            scale in 1e-6..1e6f64, tilt in 0.01..3.0f64, wave in 0.0..3.0f64, speed in 0.1..5.0f64,
            curvature in 0.05..0.95f64,
        ) {
            let wolfe = StrongWolfe::new(1e-4f64.min(curvature / 2.0), curvature);
            // A parabola with waves on it, downwards from 0, at any scale of the step.
            let (start, found) = search(
                |h| {
                    let t = h / scale;
                    let value = t * t - (tilt + wave * speed) * t + wave * (speed * t).sin();
                    (value, (2.0 * t - tilt - wave * speed + wave * speed * (speed * t).cos()) / scale)
                },
                &wolfe,
            );
            let found = found.expect("the parabola is bounded below");
            prop_assert!(found.value <= start.value + wolfe.decrease * found.step * start.slope);
            prop_assert!(found.slope.abs() <= curvature * start.slope.abs());
        }
    }

    #[test]
    fn it_comes_back_from_where_nothing_is_finite() {
        // -ln(1 - 10 h) - 20 h: infinite, then NaN beyond 0.1.
        let log = |h: f64| (-(1.0 - 10.0 * h).ln() - 20.0 * h, 10.0 / (1.0 - 10.0 * h) - 20.0);
        let (_, found) = search(log, &StrongWolfe::new(1e-4, 0.1));
        assert!((found.unwrap().step - 0.05).abs() < 0.01);
    }

    #[test]
    fn where_there_is_no_such_step_it_says_so() {
        let (_, found) = search(|h| (-h, -1.0), &StrongWolfe::default());
        assert!(found.is_none(), "unbounded below");
        let (_, found) = search(|_| (f64::NAN, -1.0), &StrongWolfe::default());
        assert!(found.is_none(), "no value");
    }

    #[test]
    fn where_values_agree_slopes_decide() {
        // A parabola on a height of 1e8, of which values show nothing.
        let f = |h: f64| (1e8 + 1e-12 * (h - 3.0).powi(2), 2e-12 * (h - 3.0));
        let (_, found) = search(f, &StrongWolfe::new(1e-4, 0.1));
        assert!((found.unwrap().step - 3.0).abs() < 0.31);
    }
}
