//! AGNES with an estimate sequence.

use theoria_models::Vector;
use theoria_models::oracle::Oracle;
use theoria_models::point::Point;

use crate::range::{curvatures, not_negative, positive};
use crate::{Method, Scratch};

/// AGNES (see [`Agnes`](crate::Agnes)) in the form in which its potential A (f(x) - f*) + |z - x*|²/2
/// does not grow in expectation, under E|g - ∇f|² <= σ² |∇f|².
///
/// Convex, from A = 0 and z = x: with c = 1/(L(1+σ²)²), a solves a² = (A + a) c, then
/// y = (A x + a z)/(A + a), x ← y - η g(y), z ← z - a g(y), A ← A + a, with η = 1/(L(1+σ²)). After N steps
/// E f(x) - f* <= 2 L (1+σ²)² |x_0 - x*|²/(N+1)².
///
/// μ-strongly convex, from z = x: with q = 1/((1+σ²) √κ), y = (x + q z)/(1 + q), x ← y - η g(y),
/// z ← (1 - q) z + q (y - g(y)/μ). After N steps
/// E f(x) - f* <= (1 - q)^N (f(x_0) - f* + μ |x_0 - x*|²/2).
///
/// Without noise both are Nesterov's method.
///
/// ```
/// use theoria_algorithms::{AgnesEstimate, Trajectory};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[0.01, 1.0]);
/// let start = Vector::from_vec(vec![1.0, 1.0]);
/// let method = AgnesEstimate::strongly_convex(1.0, 0.01, 0.0);
/// let run = Trajectory::of(method, &f, &start, 50);
/// assert!(f.value(&run.last()) <= 0.9f64.powi(50) * (0.505 + 0.01));
/// ```
#[derive(Debug, Clone)]
pub struct AgnesEstimate<P = Vector> {
    gradient_step: f64,
    form: Form,
    z: Option<P>,
    y: Scratch<P>,
    gradient: Scratch<P>,
}

impl<P: Point<Scalar = f64>> AgnesEstimate<P> {
    /// For L-smooth convex functions and noise of at most σ² |∇f|².
    ///
    /// # Panics
    /// If L is not positive and finite, or σ negative or not finite.
    pub fn convex(smoothness: f64, sigma: f64) -> Self {
        let smoothness = positive(smoothness, "L");
        let noise = 1.0 + not_negative(sigma, "σ").powi(2);
        let c = 1.0 / (smoothness * noise * noise);
        Self::with(smoothness * noise, Form::Convex { c, weight: 0.0 })
    }

    /// For L-smooth, μ-strongly convex functions and noise of at most σ² |∇f|².
    ///
    /// # Panics
    /// If L and μ are not positive and finite with μ <= L, or σ is negative or not finite.
    pub fn strongly_convex(smoothness: f64, strong_convexity: f64, sigma: f64) -> Self {
        let (smoothness, strong_convexity) = curvatures(smoothness, strong_convexity);
        let noise = 1.0 + not_negative(sigma, "σ").powi(2);
        let form = Form::StronglyConvex {
            q: (strong_convexity / smoothness).sqrt() / noise,
            mu: strong_convexity,
        };
        Self::with(smoothness * noise, form)
    }

    fn with(inverse_step: f64, form: Form) -> Self {
        AgnesEstimate {
            gradient_step: 1.0 / inverse_step,
            form,
            z: None,
            y: Scratch::default(),
            gradient: Scratch::default(),
        }
    }
}

impl<P: Point<Scalar = f64>, O: Oracle<P> + ?Sized> Method<P, O> for AgnesEstimate<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let z = self.z.get_or_insert_with(|| x.clone());
        let y = self.y.like(x);
        let gradient = self.gradient.like(x);
        match &mut self.form {
            Form::Convex { c, weight } => {
                // The positive root of a² = (weight + a) c.
                let a = (*c + (*c * *c + 4.0 * *c * *weight).sqrt()) / 2.0;
                combine(*weight / (*weight + a), x, a / (*weight + a), z, y);
                oracle.gradient(y, gradient);
                z.axpy(-a, gradient);
                *weight += a;
            }
            Form::StronglyConvex { q, mu } => {
                combine(1.0 / (1.0 + *q), x, *q / (1.0 + *q), z, y);
                oracle.gradient(y, gradient);
                z.scale(1.0 - *q);
                z.axpy(*q, y);
                z.axpy(-*q / *mu, gradient);
            }
        }
        y.axpy(-self.gradient_step, gradient);
        std::mem::swap(x, y);
    }
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Convex { c: f64, weight: f64 },
    StronglyConvex { q: f64, mu: f64 },
}

/// `into` = a x + b z.
fn combine<P: Point<Scalar = f64>>(a: f64, x: &P, b: f64, z: &P, into: &mut P) {
    into.clone_from(x);
    into.scale(a);
    into.axpy(b, z);
}
