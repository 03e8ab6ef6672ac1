//! Two-layer networks in the mean-field scaling.

use std::f64::consts::PI;

use rand::{Rng, RngExt};

use super::{Activation, FullyConnected, NetworkLoss};
use crate::{Matrix, Objective, Vector};

/// A neuron x ↦ a φ(w·x).
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// The outer weight a.
    pub outer: f64,
    /// The inner weights w.
    pub inner: Vector,
}

impl Particle {
    /// A particle in the plane at this angle, of |w| = 1.
    pub fn at_angle(angle: f64, outer: f64) -> Self {
        Particle { outer, inner: Vector::from_vec(vec![angle.cos(), angle.sin()]) }
    }

    /// Particles in the plane with directions uniform on an arc of this centre and half-width (π for
    /// the whole circle), |w| = 1 and a = 1 or -1 with equal probability.
    pub fn on_arc<R: Rng + ?Sized>(
        particles: usize,
        centre: f64,
        half_width: f64,
        rng: &mut R,
    ) -> Vec<Self> {
        let mut draw = || {
            let angle = centre + half_width * (2.0 * rng.random::<f64>() - 1.0);
            let outer = if rng.random::<bool>() { 1.0 } else { -1.0 };
            Particle::at_angle(angle, outer)
        };
        (0..particles).map(|_| draw()).collect()
    }

    /// a φ(w·x).
    pub fn value(&self, activation: Activation, x: &Vector) -> f64 {
        self.outer * activation.value(self.inner.dot(x))
    }
}

/// `samples` points evenly on the unit circle, 2 x N, one a column.
pub fn circle(samples: usize) -> Matrix {
    Matrix::from_fn(2, samples, |i, k| {
        let angle = 2.0 * PI * k as f64 / samples as f64;
        if i == 0 { angle.cos() } else { angle.sin() }
    })
}

/// Σ_k (f_m(x_k) - y_k)²/(2N) for f_m(x) = (1/m) Σ_i a_i φ(w_i·x) with m particles (Chizat, Bach
/// 2018). A bias is one more coordinate of x that is 1.
///
/// The parameters are the first coordinates of all w_i, then the second ones and so on, then all
/// a_i: see [`parameters`](Self::parameters) and [`particles`](Self::particles). As each particle has
/// a share of 1/m, gradient descent with step size m h moves particles with velocities that do
/// not vanish with m, by h each.
///
/// ```
/// use theoria_models::{Matrix, Objective, Vector};
/// use theoria_models::networks::{Activation, MeanFieldLoss, Particle, circle};
///
/// // A network that is its own teacher has nothing to learn; nor has it with each particle twice.
/// let teacher = vec![Particle::at_angle(0.3, 1.0), Particle::at_angle(2.0, -1.0)];
/// let inputs = circle(64);
/// let targets = MeanFieldLoss::outputs(Activation::Relu, &teacher, &inputs);
/// let twice = [teacher.clone(), teacher].concat();
/// let f = MeanFieldLoss::new(Activation::Relu, inputs, &targets, 4);
/// assert!(f.value(&f.parameters(&twice)) < 1e-30);
/// ```
#[derive(Debug, Clone)]
pub struct MeanFieldLoss {
    loss: NetworkLoss,
    particles: usize,
}

impl MeanFieldLoss {
    /// For inputs, d x N (one sample a column), and N targets.
    ///
    /// # Panics
    /// If the sizes do not fit, or there is no sample or no particle.
    pub fn new(activation: Activation, inputs: Matrix, targets: &Vector, particles: usize) -> Self {
        let network = FullyConnected::new(&[inputs.nrows(), particles, 1], activation);
        let targets = Matrix::from_row_slice(1, targets.len(), targets.as_slice());
        MeanFieldLoss { loss: NetworkLoss::new(network, inputs, targets), particles }
    }

    /// The outputs (1/m) Σ_i a_i φ(w_i·x_k) of these particles for inputs, d x N.
    pub fn outputs(activation: Activation, particles: &[Particle], inputs: &Matrix) -> Vector {
        let share = 1.0 / particles.len() as f64;
        let columns = inputs.column_iter().map(|x| {
            let x = x.into_owned();
            let values = particles.iter().map(|p| p.value(activation, &x));
            share * values.sum::<f64>()
        });
        Vector::from_iterator(inputs.ncols(), columns)
    }

    /// Number of particles m.
    pub fn size(&self) -> usize {
        self.particles
    }

    /// The parameters of these particles.
    ///
    /// # Panics
    /// If there are not m, or they are not of the inputs' dimension.
    pub fn parameters(&self, particles: &[Particle]) -> Vector {
        let d = self.inner_dimension();
        assert_eq!(particles.len(), self.particles, "m particles");
        assert!(particles.iter().all(|p| p.inner.len() == d), "of dimension d");
        let inner = (0..d).flat_map(|k| particles.iter().map(move |p| p.inner[k]));
        let outer = particles.iter().map(|p| p.outer);
        Vector::from_iterator(self.dimension(), inner.chain(outer))
    }

    /// The particles of these parameters; of a gradient, its parts.
    ///
    /// # Panics
    /// If there are not as many numbers as the dimension.
    pub fn particles(&self, parameters: &Vector) -> Vec<Particle> {
        assert_eq!(parameters.len(), self.dimension(), "the parameters fit");
        let (m, d) = (self.particles, self.inner_dimension());
        let particle = |i: usize| Particle {
            outer: parameters[d * m + i],
            inner: Vector::from_fn(d, |k, _| parameters[k * m + i]),
        };
        (0..m).map(particle).collect()
    }

    fn inner_dimension(&self) -> usize {
        self.loss.network().widths()[0]
    }

    /// The parameters of the plain network Σ_i (a_i/m) φ(w_i·x); also takes its gradient to that
    /// by a_i.
    fn share(&self, parameters: &Vector) -> Vector {
        let mut shared = parameters.clone();
        let outer = self.particles * self.inner_dimension();
        shared.as_mut_slice()[outer..].iter_mut().for_each(|a| *a /= self.particles as f64);
        shared
    }
}

impl Objective for MeanFieldLoss {
    fn describe(&self) -> String {
        format!(
            "mean-field {} network, {} particles in dimension {}",
            self.loss.network().activation(1).describe(),
            self.particles,
            self.inner_dimension()
        )
    }

    fn dimension(&self) -> usize {
        self.loss.dimension()
    }

    fn value(&self, parameters: &Vector) -> f64 {
        self.loss.value(&self.share(parameters))
    }

    fn gradient_into(&self, parameters: &Vector, into: &mut Vector) {
        let gradient = self.loss.gradient_at(&self.share(parameters));
        into.copy_from(&self.share(&gradient));
    }

    fn hessian_vector(&self, parameters: &Vector, direction: &Vector) -> Option<Vector> {
        let (shared, direction) = (self.share(parameters), self.share(direction));
        let image = self.loss.hessian_vector(&shared, &direction)?;
        Some(self.share(&image))
    }

    fn rounding(&self, parameters: &Vector) -> f64 {
        self.loss.rounding(&self.share(parameters))
    }

    fn gradient_rounding(&self, parameters: &Vector) -> f64 {
        self.loss.gradient_rounding(&self.share(parameters))
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(0.0)
    }
}
