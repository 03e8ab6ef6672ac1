//! z^p = 1 in the plane, and where methods go from there.

use nalgebra::DVector;
use theoria_algorithms::{GradientDescent, Method, Newton};
use theoria_elementary::{cbrt, cos, hypot, sin};
use theoria_models::Vector;
use theoria_models::oracle::{NewtonSystem, Oracle};
use theoria_models::point::Scalar;

/// Steps of Newton's method after which a start is said to lead nowhere.
const LONGEST: usize = 400;
/// Those of gradient descent. What takes long is to pass by 0, where steps are 3h|z|²: as near as r it takes 2/(3hr) of them, 1.4 million for
/// h = 1/200 and r = [`CLOSEST`]. All else takes some thousands.
const LONGEST_DESCENT: usize = 2_000_000;
/// How near to 0 a way may pass that is followed.
const CLOSEST: f64 = 1e-4;
/// From so near to a root Newton's method comes nearer: for p = 3, |z₊ − 1| = |z − 1|² |2z + 1|/(3|z|²), a seventh of |z − 1| at most.
const NEAR: f64 = 0.1;

/// f(x, y) = Re(z^(p + 1)/(p + 1) − z) with z = x + iy, whose critical points are the roots of z^p = 1, in any numbers: an oracle with gradient and Hessian.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RootsOfUnity {
    pub(crate) power: u32,
}

/// A complex number by its parts.
pub(crate) type Pair<S> = [S; 2];

pub(crate) fn product<S: Scalar>(a: &Pair<S>, b: &Pair<S>) -> Pair<S> {
    let [[x, y], [u, v]] = [a.clone(), b.clone()];
    [x.clone() * u.clone() - y.clone() * v.clone(), x * v + y * u]
}

pub(crate) fn quotient<S: Scalar>(a: &Pair<S>, b: &Pair<S>) -> Pair<S> {
    let [u, v] = b.clone();
    let size = u.clone() * u.clone() + v.clone() * v.clone();
    let [x, y] = product(a, &[u, -v]);
    [x / size.clone(), y / size]
}

fn power<S: Scalar>(z: &Pair<S>, exponent: u32) -> Pair<S> {
    (0..exponent).fold([S::from(1.0), S::from(0.0)], |all, _| product(&all, z))
}

fn pair<S: Scalar>(at: &DVector<S>) -> Pair<S> {
    [at[0].clone(), at[1].clone()]
}

impl RootsOfUnity {
    /// The second derivative p z^(p − 1) of the complex function; H = ((u, −v), (−v, −u)) with its parts u, v.
    pub(crate) fn second_derivative<S: Scalar>(self, z: &Pair<S>) -> Pair<S> {
        let p = S::from(f64::from(self.power));
        power(z, self.power - 1).map(|part| p.clone() * part)
    }

    /// z − (z^p − 1)/(p z^(p − 1)), by complex arithmetic; none at 0.
    pub(crate) fn complex_step<S: Scalar>(self, z: &Pair<S>) -> Option<Pair<S>> {
        let slope = self.second_derivative(z);
        let zero = S::from(0.0);
        if slope.iter().all(|part| *part == zero) {
            return None;
        }
        let [x, y] = power(z, self.power);
        let [u, v] = quotient(&[x - S::from(1.0), y], &slope);
        let [x, y] = z.clone();
        Some([x - u, y - v])
    }

    /// The k-th root, from 1 counterclockwise.
    pub(crate) fn root(self, k: usize) -> Pair<f64> {
        let angle = std::f64::consts::TAU * k as f64 / f64::from(self.power);
        [cos(angle), sin(angle)]
    }

    /// All of them: computed once for a run, which asks at each step.
    fn roots(self) -> Vec<Pair<f64>> {
        (0..self.power as usize).map(|k| self.root(k)).collect()
    }

    /// Which root Newton's method finds from here, and after how many steps it is near by.
    pub(crate) fn basin(self, [x, y]: Pair<f64>) -> Option<(usize, usize)> {
        let (mut newton, mut z) = (Newton::default(), Vector::from_vec(vec![x, y]));
        let roots = self.roots();
        for steps in 0..LONGEST {
            if let Some(root) = near(&roots, &z) {
                return Some((root, steps));
            }
            newton.step(&self, &mut z);
            if newton.stalled() {
                return None;
            }
        }
        None
    }

    /// Whether short gradient steps for p = 3 pass by 0 at a distance. Near it they follow the field 3 z̄², which keeps Im z³ and makes Re z³ larger.
    pub(crate) fn keeps_away(self, [x, y]: Pair<f64>) -> bool {
        let [re, im] = power(&[x, y], 3);
        let closest = if re < 0.0 { cbrt(im.abs()) } else { hypot(x, y) };
        closest >= CLOSEST
    }

    /// Which root gradient descent on |z^p − 1|²/2 with this step size finds.
    pub(crate) fn descended(self, step_size: f64, [x, y]: Pair<f64>) -> Option<usize> {
        let (mut descent, mut z) = (GradientDescent::new(step_size), Vector::from_vec(vec![x, y]));
        let (residual, roots) = (Residual(self), self.roots());
        for _ in 0..LONGEST_DESCENT {
            // Beyond this it has diverged.
            if z.norm().is_nan() || z.norm() > 10.0 {
                return None;
            }
            if let Some(root) = near(&roots, &z) {
                return Some(root);
            }
            descent.step(&residual, &mut z);
        }
        None
    }
}

/// The root that this point is near to.
fn near(roots: &[Pair<f64>], z: &Vector) -> Option<usize> {
    let square = |[x, y]: &Pair<f64>| (z[0] - x).powi(2) + (z[1] - y).powi(2);
    roots.iter().position(|root| square(root) < NEAR * NEAR)
}

impl<S: Scalar> Oracle<DVector<S>> for RootsOfUnity {
    fn gradient(&self, at: &DVector<S>, into: &mut DVector<S>) {
        let [x, y] = power(&pair(at), self.power);
        into[0] = x - S::from(1.0);
        into[1] = -y;
    }
}

impl<S: Scalar> NewtonSystem<DVector<S>> for RootsOfUnity {
    fn solve(&self, at: &DVector<S>, right: &mut DVector<S>) -> bool {
        let [u, v] = self.second_derivative(&pair(at));
        let determinant = u.clone() * u.clone() + v.clone() * v.clone();
        if determinant == S::from(0.0) {
            return false;
        }
        let [a, b] = pair(right);
        right[0] = (u.clone() * a.clone() - v.clone() * b.clone()) / determinant.clone();
        right[1] = (-(v * a) - u * b) / determinant;
        true
    }
}

/// |z^p − 1|²/2, whose gradient is the conjugate of p z^(p − 1) times z^p − 1.
struct Residual(RootsOfUnity);

impl Oracle<Vector> for Residual {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        let z = pair(at);
        let [x, y] = power(&z, self.0.power);
        let [u, v] = self.0.second_derivative(&z);
        let [a, b] = product(&[u, -v], &[x - 1.0, y]);
        (into[0], into[1]) = (a, b);
    }
}
