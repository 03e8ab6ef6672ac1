//! Sums of a smooth objective and a regulariser with a proximal map.

use std::sync::Arc;

use super::Misstated;
use crate::numerics::{DoubleDouble, not_negative, written};
use crate::oracle::{Oracle, Proximal};
use crate::{Constant, Ensemble, Minimum, Objective, PreciseObjective, Property, Vector};

/// A convex function whose proximal map is known.
pub trait Regulariser: Send + Sync {
    /// What it is, in a few words.
    fn describe(&self) -> String;

    /// The value at `x`.
    fn value(&self, x: &Vector) -> f64;

    /// Writes a subgradient at `x` into `into`.
    fn subgradient(&self, x: &Vector, into: &mut Vector);

    /// Replaces `x` by the minimiser z of r(z) + |z - x|²/(2 step); `step` is positive.
    fn proximal(&self, step: f64, x: &mut Vector);

    /// The same in higher precision, where it knows how.
    fn precise_proximal(&self) -> Option<Box<PreciseProximal<'_>>> {
        None
    }
}

/// A proximal map in higher precision: of a step, the point that is replaced.
pub type PreciseProximal<'a> = dyn Fn(DoubleDouble, &mut [DoubleDouble]) + 'a;

/// r(x) = weight Σ |x_i|; its proximal map is the soft threshold.
///
/// ```
/// use theoria_models::{Vector, objectives::{L1Norm, Regulariser}};
/// let mut x = Vector::from_vec(vec![3.0, -0.5]);
/// L1Norm::new(2.0).proximal(0.5, &mut x);
/// assert_eq!(x.as_slice(), [2.0, 0.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct L1Norm {
    weight: f64,
}

impl L1Norm {
    /// With this weight, not negative.
    ///
    /// # Panics
    /// If the weight is negative or not finite.
    pub fn new(weight: f64) -> Self {
        not_negative(weight, "the weight");
        L1Norm { weight }
    }
}

impl Regulariser for L1Norm {
    fn describe(&self) -> String {
        format!("{:.4} |x|₁", self.weight)
    }

    fn value(&self, x: &Vector) -> f64 {
        self.weight * x.lp_norm(1)
    }

    fn subgradient(&self, x: &Vector, into: &mut Vector) {
        into.zip_apply(x, |slope, x| {
            *slope = if x == 0.0 { 0.0 } else { self.weight * x.signum() };
        });
    }

    fn proximal(&self, step: f64, x: &mut Vector) {
        let level = step * self.weight;
        x.apply(|v| *v = if v.abs() > level { *v - level * v.signum() } else { 0.0 });
    }

    fn precise_proximal(&self) -> Option<Box<PreciseProximal<'_>>> {
        Some(Box::new(|step, x| {
            for v in x {
                *v = soft_threshold(*v, step * self.weight.into());
            }
        }))
    }
}

/// v moved towards 0 by `level`, or to 0.
fn soft_threshold(v: DoubleDouble, level: DoubleDouble) -> DoubleDouble {
    if v > level {
        v - level
    } else if v < -level {
        v + level
    } else {
        DoubleDouble::default()
    }
}

/// r(x) = weight Σ |x_i - c_i|; its proximal map is the soft threshold about c.
///
/// ```
/// use theoria_models::{Vector, objectives::{L1Distance, Regulariser}};
/// let mut x = Vector::from_vec(vec![4.0, 0.5]);
/// L1Distance::new(2.0, Vector::from_vec(vec![1.0, 1.0])).proximal(0.5, &mut x);
/// assert_eq!(x.as_slice(), [3.0, 1.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct L1Distance {
    norm: L1Norm,
    centre: Vector,
}

impl L1Distance {
    /// From this centre c, with this weight, not negative.
    ///
    /// # Panics
    /// If the weight is negative or not finite.
    pub fn new(weight: f64, centre: Vector) -> Self {
        L1Distance { norm: L1Norm::new(weight), centre }
    }
}

impl Regulariser for L1Distance {
    fn describe(&self) -> String {
        match self.centre.as_slice() {
            [0.0] => format!("{} |x|", written(self.norm.weight)),
            [centre] => format!("{} |x − {}|", written(self.norm.weight), written(*centre)),
            _ => format!("{:.4} |x − c|₁", self.norm.weight),
        }
    }

    fn value(&self, x: &Vector) -> f64 {
        self.norm.value(&(x - &self.centre))
    }

    fn subgradient(&self, x: &Vector, into: &mut Vector) {
        self.norm.subgradient(&(x - &self.centre), into);
    }

    fn proximal(&self, step: f64, x: &mut Vector) {
        *x -= &self.centre;
        self.norm.proximal(step, x);
        *x += &self.centre;
    }

    fn precise_proximal(&self) -> Option<Box<PreciseProximal<'_>>> {
        Some(Box::new(|step, x| {
            let level = step * self.norm.weight.into();
            for (v, &centre) in x.iter_mut().zip(&self.centre) {
                let centre = DoubleDouble::from(centre);
                *v = soft_threshold(*v - centre, level) + centre;
            }
        }))
    }
}

/// F = f + r with f smooth and r convex with a proximal map. As an oracle it answers with the gradient
/// of f and the proximal map of r.
///
/// ```
/// use theoria_models::{Vector, objectives::{Composite, L1Norm, Quadratic}};
/// let f = Composite::new(Quadratic::diagonal(&[2.0]), L1Norm::new(3.0));
/// assert_eq!(f.value(&Vector::from_vec(vec![-2.0])), 4.0 + 6.0);
/// ```
#[derive(Clone)]
pub struct Composite {
    smooth: Arc<dyn Objective>,
    regulariser: Arc<dyn Regulariser>,
    solution: Option<(Vector, Minimum)>,
}

impl Composite {
    /// The sum of these two.
    pub fn new(smooth: impl Objective + 'static, regulariser: impl Regulariser + 'static) -> Self {
        Composite { smooth: Arc::new(smooth), regulariser: Arc::new(regulariser), solution: None }
    }

    /// The same sum with a known minimiser and minimal value.
    #[must_use]
    pub fn minimal_at(mut self, minimiser: Vector, minimum: Minimum) -> Self {
        self.solution = Some((minimiser, minimum));
        self
    }

    /// f + r as one objective, not smooth, with subgradients.
    pub fn whole(&self) -> Whole {
        Whole { parts: self.clone(), lipschitz: None, radius: f64::INFINITY }
    }

    /// The same problem, of whose smooth part this constant is said.
    #[must_use]
    pub fn stating(mut self, property: Property, value: f64) -> Self {
        self.smooth = Arc::new(Misstated::new(self.smooth, property, value));
        self
    }

    /// The smooth part f.
    pub fn smooth(&self) -> &Arc<dyn Objective> {
        &self.smooth
    }

    /// The regulariser r.
    pub fn regulariser(&self) -> &Arc<dyn Regulariser> {
        &self.regulariser
    }

    /// F(x) = f(x) + r(x).
    pub fn value(&self, x: &Vector) -> f64 {
        self.smooth.value(x) + self.regulariser.value(x)
    }

    /// Bound on the rounding error of the value.
    pub fn rounding(&self, x: &Vector) -> f64 {
        self.smooth.rounding(x) + 16.0 * f64::EPSILON * self.regulariser.value(x).abs()
    }

    /// The minimal value, if it is known.
    pub fn minimum(&self) -> Option<Minimum> {
        self.solution.as_ref().map(|(_, minimum)| *minimum)
    }

    /// A minimiser, if one is known.
    pub fn minimiser(&self) -> Option<&Vector> {
        self.solution.as_ref().map(|(minimiser, _)| minimiser)
    }

    /// The same in higher precision, where both parts know how. Its value and gradient are those of f.
    pub fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        let smooth = self.smooth.in_higher_precision()?;
        Some(Box::new(PreciseComposite { smooth, map: self.regulariser.precise_proximal()? }))
    }

    /// Both parts, in a few words.
    pub fn describe(&self) -> String {
        format!("{} + {}", self.smooth.describe(), self.regulariser.describe())
    }
}

/// A composite objective in higher precision.
struct PreciseComposite<'a> {
    smooth: Box<dyn PreciseObjective + 'a>,
    map: Box<PreciseProximal<'a>>,
}

impl PreciseObjective for PreciseComposite<'_> {
    fn value(&self, x: &[DoubleDouble]) -> DoubleDouble {
        self.smooth.value(x)
    }

    fn gradient_into(&self, x: &[DoubleDouble], into: &mut [DoubleDouble]) {
        self.smooth.gradient_into(x, into);
    }

    fn proximal(&self, step: DoubleDouble, x: &mut [DoubleDouble]) {
        (self.map)(step, x);
    }
}

/// A composite objective taken as one function with subgradients.
#[derive(Clone)]
pub struct Whole {
    parts: Composite,
    lipschitz: Option<Constant>,
    /// About the minimiser.
    radius: f64,
}

impl Whole {
    /// With the bound on its subgradients in the ball of this radius about the minimiser, from
    /// `steepest`, a bound on those of the regulariser. None is stated unless the smooth part has an L and
    /// the minimiser is known.
    #[must_use]
    pub fn within(mut self, radius: f64, steepest: f64) -> Self {
        self.radius = radius;
        let solution = self.parts.minimiser().zip(self.parts.smooth.smoothness());
        self.lipschitz = solution.map(|(minimiser, smoothness)| {
            let there = self.parts.smooth.gradient_at(minimiser).norm();
            Constant::certified(there + smoothness.value * radius + steepest)
        });
        self
    }
}

impl Objective for Whole {
    fn describe(&self) -> String {
        self.parts.describe()
    }

    fn dimension(&self) -> usize {
        self.parts.smooth.dimension()
    }

    fn value(&self, x: &Vector) -> f64 {
        self.parts.value(x)
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        self.parts.regulariser.subgradient(x, into);
        *into += self.parts.smooth.gradient_at(x);
    }

    fn rounding(&self, x: &Vector) -> f64 {
        self.parts.rounding(x)
    }

    fn stated_within(&self) -> Option<(Vector, f64)> {
        let centre = self.parts.minimiser().filter(|_| self.radius.is_finite())?;
        Some((centre.clone(), self.radius))
    }

    fn lipschitz(&self) -> Option<Constant> {
        self.lipschitz
    }

    fn minimum(&self) -> Option<Minimum> {
        self.parts.minimum()
    }

    /// The minimiser that is known, where it is the only one.
    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        self.parts.smooth.strong_convexity()?;
        self.parts.minimiser().cloned()
    }
}

impl Oracle<Vector> for Composite {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        self.smooth.gradient_into(at, into);
    }
}

impl Oracle<Ensemble> for Composite {
    fn gradient(&self, at: &Ensemble, into: &mut Ensemble) {
        self.smooth.gradient_block(at, into);
    }
}

impl Proximal<Vector> for Composite {
    fn proximal(&self, step: f64, at: &mut Vector) {
        self.regulariser.proximal(step, at);
    }
}

impl Proximal<Ensemble> for Composite {
    fn proximal(&self, step: f64, at: &mut Ensemble) {
        at.for_each_trial(|point| self.regulariser.proximal(step, point));
    }
}
