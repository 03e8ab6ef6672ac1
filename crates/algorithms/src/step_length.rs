//! How far to go along a direction.

use theoria_models::oracle::{Curvature, Oracle, Valued};
use theoria_models::point::{InnerProduct, Point, Scalar};

use crate::Scratch;
use crate::range::{is_finite, positive};

/// Where a search begins: a point with the gradient there, and the direction in which it goes.
#[derive(Debug)]
pub struct Ray<'a, P> {
    /// The point x.
    pub at: &'a P,
    /// The gradient at x.
    pub gradient: &'a P,
    /// The direction p.
    pub direction: &'a P,
    /// f(x), where the search that ended there has [found](Found::value) it.
    pub value: Option<f64>,
}

impl<P> Ray<'_, P> {
    /// f(x), computed where it is not known. One trial.
    pub(crate) fn value_at_start<O: Valued<P> + ?Sized>(&self, oracle: &O) -> f64 {
        self.value.unwrap_or_else(|| {
            let mut value = [0.0];
            oracle.values(self.at, &mut value);
            value[0]
        })
    }
}

/// Where a search ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<S> {
    /// How far it went, h.
    pub step: S,
    /// f(x + h p), where the rule asks for values.
    pub value: Option<f64>,
}

/// A rule for the h of a step x + h p along a direction p, in methods that choose the direction themselves.
#[diagnostic::on_unimplemented(
    message = "`{Self}` chooses no step length for these points and this function",
    label = "the method goes along its direction by this rule",
    note = "`ConstantStep` moves all points; `QuadraticStep` asks for products with the Hessian; `Backtracking` and `StrongWolfe` ask for \
            values, and move vectors"
)]
pub trait StepLength<P: Point, O: ?Sized> {
    /// Writes the point x + h p into `to` and the gradient there into `gradient`, and says how far that is. None where no h will do; then what was
    /// written means nothing.
    fn search(
        &mut self,
        oracle: &O,
        ray: &Ray<'_, P>,
        to: &mut P,
        gradient: &mut P,
    ) -> Option<Found<P::Scalar>>;
}

/// Always the same h.
///
/// ```
/// use theoria_algorithms::{ConstantStep, Ray, StepLength};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// let (f, x) = (Quadratic::diagonal(&[2.0]), Vector::from_vec(vec![1.0]));
/// let (gradient, direction) = (f.gradient_at(&x), Vector::from_vec(vec![-4.0]));
/// let (mut to, mut there) = (x.clone(), x.clone());
/// let ray = Ray { at: &x, gradient: &gradient, direction: &direction, value: None };
/// assert_eq!(ConstantStep::new(0.5).search(&f, &ray, &mut to, &mut there).unwrap().step, 0.5);
/// assert_eq!((to[0], there[0]), (-1.0, -2.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ConstantStep<S = f64>(S);

impl<S: Scalar> ConstantStep<S> {
    /// This h > 0.
    ///
    /// # Panics
    /// If it is not positive and finite.
    pub fn new(step: S) -> Self {
        ConstantStep(positive(step, "step length h"))
    }

    /// h = 1, the step of Newton's method.
    pub fn unit() -> Self {
        ConstantStep(1.0.into())
    }
}

impl<P: Point, O: Oracle<P> + ?Sized> StepLength<P, O> for ConstantStep<P::Scalar> {
    fn search(
        &mut self,
        oracle: &O,
        ray: &Ray<'_, P>,
        to: &mut P,
        gradient: &mut P,
    ) -> Option<Found<P::Scalar>> {
        to.assign(ray.at);
        to.axpy(self.0.clone(), ray.direction);
        oracle.gradient(to, gradient);
        Some(Found { step: self.0.clone(), value: None })
    }
}

/// h = -∇f(x)·p/(p·H p), with the Hessian H at x: on a quadratic the exact line search, in any numbers. None where the curvature along p is
/// not positive.
///
/// ```
/// use theoria_algorithms::{QuadraticStep, Ray, StepLength};
/// use theoria_models::{Objective, Vector, objectives::Quadratic, oracle::TwiceDifferentiable};
///
/// let (f, x) = (Quadratic::diagonal(&[2.0]), Vector::from_vec(vec![1.0]));
/// let (gradient, direction) = (f.gradient_at(&x), Vector::from_vec(vec![-4.0]));
/// let (mut to, mut there) = (x.clone(), x.clone());
/// let ray = Ray { at: &x, gradient: &gradient, direction: &direction, value: None };
/// let oracle = TwiceDifferentiable::new(&f, &x)?;
/// assert_eq!(QuadraticStep::default().search(&oracle, &ray, &mut to, &mut there).unwrap().step, 0.25);
/// # Ok::<(), theoria_models::oracle::NoHessian>(())
/// ```
#[derive(Debug, Clone)]
pub struct QuadraticStep<P>(Scratch<P>);

impl<P> Default for QuadraticStep<P> {
    fn default() -> Self {
        QuadraticStep(Scratch::default())
    }
}

impl<P, O> StepLength<P, O> for QuadraticStep<P>
where
    P: InnerProduct<Product = <P as Point>::Scalar>,
    O: Oracle<P> + Curvature<P> + ?Sized,
{
    fn search(
        &mut self,
        oracle: &O,
        ray: &Ray<'_, P>,
        to: &mut P,
        gradient: &mut P,
    ) -> Option<Found<P::Scalar>> {
        let image = self.0.like(ray.at);
        oracle.hessian_times(ray.at, ray.direction, image);
        let curvature = ray.direction.inner_product(image);
        // False for NaN.
        let bends_up = curvature > 0.0.into() && is_finite(&curvature);
        if !bends_up {
            return None;
        }
        let step = -ray.gradient.inner_product(ray.direction) / curvature;
        to.assign(ray.at);
        to.axpy(step.clone(), ray.direction);
        oracle.gradient(to, gradient);
        Some(Found { step, value: None })
    }
}

/// The largest h among 1, b, b² … with f(x + h p) <= f(x) + c h ∇f(x)·p (Armijo 1966). It asks for no curvature: after it y·s may be
/// negative, and a quasi-Newton matrix may lose its definiteness.
///
/// ```
/// use theoria_algorithms::{Backtracking, Ray, StepLength};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// let (f, x) = (Quadratic::diagonal(&[2.0]), Vector::from_vec(vec![1.0]));
/// let (gradient, direction) = (f.gradient_at(&x), Vector::from_vec(vec![-4.0]));
/// let (mut to, mut there) = (x.clone(), x.clone());
/// let ray = Ray { at: &x, gradient: &gradient, direction: &direction, value: None };
/// let found = Backtracking::new(1e-4, 0.5).search(&f, &ray, &mut to, &mut there).unwrap();
/// assert_eq!((found.step, found.value), (0.25, Some(0.0)));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Backtracking {
    decrease: f64,
    shrink: f64,
}

impl Backtracking {
    /// A search that needs more cuts will not end.
    pub const MOST_CUTS: usize = 60;

    /// Share c in (0, 1) of the decrease that is asked for, cut b in (0, 1).
    ///
    /// # Panics
    /// If either is not between 0 and 1.
    pub fn new(decrease: f64, shrink: f64) -> Self {
        assert!(0.0 < decrease && decrease < 1.0, "the share c is between 0 and 1, not {decrease}");
        assert!(0.0 < shrink && shrink < 1.0, "the cut b is between 0 and 1, not {shrink}");
        Backtracking { decrease, shrink }
    }
}

impl<P, O> StepLength<P, O> for Backtracking
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
        let before = ray.value_at_start(oracle);
        let mut after = [0.0];
        let mut step = 1.0;
        for _ in 0..=Self::MOST_CUTS {
            to.assign(ray.at);
            to.axpy(step, ray.direction);
            oracle.values(to, &mut after);
            if slope < 0.0 && after[0] <= before + self.decrease * step * slope {
                oracle.gradient(to, gradient);
                return Some(Found { step, value: Some(after[0]) });
            }
            step *= self.shrink;
        }
        None
    }
}
