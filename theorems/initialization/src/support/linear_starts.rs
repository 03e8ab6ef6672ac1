//! Random deep linear networks on their way to a target.

use rand::Rng;
use theoria_algorithms::{DeepLinearDescent, Method};
use theoria_elementary::ln;
use theoria_instances::random_networks::constant_width;
use theoria_models::networks::{DeepLinear, Initialization, haar_orthogonal};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Check, Family, Hypothesis, Instance};

/// What the target does to each direction, from an orthogonal start.
const TARGETS: [f64; 4] = [0.6, 0.9, 1.3, 1.7];
/// Step size times depth.
pub(crate) const PACE: f64 = 0.05;

/// A deep linear network, and a target A Φ_0 for symmetric positive A with the eigenvalues `TARGETS` and a rotation
/// Φ_0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    pub(crate) orthogonal: bool,
    /// Whether Φ_0 is the product of the factors; else it is drawn, with the determinant of the same sign.
    pub(crate) own: bool,
    pub(crate) depth: usize,
}

impl Start {
    fn draw(&self, random: &mut (impl Rng + ?Sized)) -> (DeepLinear, Matrix) {
        let n = TARGETS.len();
        let law = if self.orthogonal {
            Initialization::Orthogonal { gain: 1.0 }
        } else {
            Initialization::Gaussian { variance: 1.0 }
        };
        let network = DeepLinear::draw(&constant_width(n, self.depth), law, random);
        let rotation = if self.own { network.end_to_end() } else { self.towards(&network, random) };
        let axes = haar_orthogonal(n, n, random);
        let scales = Matrix::from_diagonal(&Vector::from_row_slice(&TARGETS));
        let target = &axes * scales * axes.transpose() * rotation;
        (network, target)
    }

    /// A random rotation, mirrored if the determinant of the start is negative: a singular map would have to be passed
    /// otherwise.
    fn towards(&self, network: &DeepLinear, random: &mut (impl Rng + ?Sized)) -> Matrix {
        let mut rotation = haar_orthogonal(TARGETS.len(), TARGETS.len(), random);
        let factors = network.factors().iter();
        let signs: f64 = factors.map(|factor| factor.determinant().signum()).product();
        if rotation.determinant() * signs < 0.0 {
            rotation.row_mut(0).neg_mut();
        }
        rotation
    }

    /// The losses before so many steps of gradient descent.
    pub(crate) fn losses(&self, steps: usize, random: &mut (impl Rng + ?Sized)) -> Vec<f64> {
        let (mut network, target) = self.draw(random);
        let mut descent = DeepLinearDescent::new(PACE / self.depth as f64);
        let losses = (0..steps).map(|_| {
            descent.step(&target, &mut network);
            descent.loss()
        });
        losses.flatten().collect()
    }

    /// The same for one scalar chain a direction, all of whose factors are equal.
    /// The step size is multiplied by `times`.
    pub(crate) fn losses_of_scalars(&self, steps: usize, times: f64) -> Vec<f64> {
        let depth = self.depth as i32;
        let mut factors = [1.0f64; TARGETS.len()];
        let mut step = |_| {
            let mut loss = 0.0;
            for (w, target) in factors.iter_mut().zip(TARGETS) {
                let residual = w.powi(depth) - target;
                loss += residual * residual / 2.0;
                *w -= times * PACE / f64::from(depth) * residual * w.powi(depth - 1);
            }
            loss
        };
        (0..steps).map(&mut step).collect()
    }

    /// The time, in units in which the step size is PACE/depth, until 1% of the loss is left.
    pub(crate) fn learning_time(&self, random: &mut (impl Rng + ?Sized)) -> f64 {
        let losses = self.losses(600, random);
        let enough = losses[0] / 100.0;
        let crossing = losses.windows(2).position(|pair| pair[1] <= enough);
        // Between two steps the loss falls geometrically.
        crossing.map_or(f64::INFINITY, |k| {
            let part = ln(losses[k] / enough) / ln(losses[k] / losses[k + 1]);
            (k as f64 + part) * PACE
        })
    }
}

impl Instance for Start {
    fn description(&self) -> String {
        let law = if self.orthogonal { "orthogonal" } else { "Gaussian" };
        match self.depth {
            0 => format!("{law} networks of many depths"),
            depth => format!("{law} network of depth {depth}"),
        }
    }
}

pub(crate) fn orthogonal_starts<const N: usize>(depths: [usize; N]) -> Family<Start> {
    Family::listed("orthogonal", depths, |&depth| Start { orthogonal: true, own: true, depth })
}

/// Orthogonal networks whose targets have nothing to do with them but for the sign of the determinant.
pub(crate) fn independent_targets<const N: usize>(depths: [usize; N]) -> Family<Start> {
    Family::listed("orthogonal, independent target", depths, |&depth| Start {
        orthogonal: true,
        own: false,
        depth,
    })
}

pub(crate) fn gaussian_starts<const N: usize>(depths: [usize; N]) -> Family<Start> {
    Family::listed("Gaussian", depths, |&depth| Start { orthogonal: false, own: false, depth })
}

pub(crate) fn shared_axes() -> Hypothesis<Start> {
    Hypothesis::by_construction(
        "Φ = A W_L(0) ⋯ W_1(0)",
        "the target is the product of the start, stretched along orthogonal axes",
    )
}

pub(crate) fn deep_networks() -> Hypothesis<Start> {
    Hypothesis::new("depth ≥ 32", |start: &Start, _| {
        Check::at_least(start.depth as f64, 32.0, "depth")
    })
}
