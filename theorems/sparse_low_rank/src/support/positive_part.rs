//! Symmetric matrices with eigenvalues of both signs, factorised as squares.

use theoria_algorithms::{GradientDescent, Method};
use theoria_models::networks::haar_orthogonal;
use theoria_models::objectives::SymmetricFactorisation;
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{Check, Claim, Family, Hypothesis, Instance, Readings};

use super::factorisation::gaussian;

/// Steps that have found a minimum by far.
const LONG: usize = 40_000;
/// A gradient as small as this is that of a minimum: descent leaves saddles before.
const AT_REST: f64 = 1e-9;

/// A symmetric matrix with eigenvalues of both signs.
pub(crate) struct Indefinite {
    target: Matrix,
    /// Decreasing.
    eigenvalues: Vec<f64>,
    width: usize,
}

impl Instance for Indefinite {
    fn description(&self) -> String {
        format!("eigenvalues {:.4?}, k = {}", self.eigenvalues, self.width)
    }
}

impl Indefinite {
    fn beyond(&self, kept: impl Fn(usize, f64) -> bool) -> f64 {
        let left = self.eigenvalues.iter().enumerate().filter(|(i, value)| !kept(*i, **value));
        left.map(|(_, value)| value * value).sum()
    }

    /// What the best matrix of rank k leaves.
    pub(crate) fn beyond_the_largest(&self) -> f64 {
        let mut sizes: Vec<f64> = self.eigenvalues.iter().map(|value| value.abs()).collect();
        sizes.sort_by(|a, b| b.total_cmp(a));
        sizes[self.width..].iter().map(|size| size * size).sum()
    }
}

fn worked_signs() -> Family<Indefinite> {
    Family::single("eigenvalues 3, 2, 1, −1/2, −4", || {
        let eigenvalues = vec![3.0, 2.0, 1.0, -0.5, -4.0];
        let target = Matrix::from_diagonal(&Vector::from_vec(eigenvalues.clone()));
        Indefinite { target, eigenvalues, width: 2 }
    })
}

/// With one negative eigenvalue that is larger than the positive ones.
fn indefinite() -> Family<Indefinite> {
    Family::drawn("large negative eigenvalue", |draw| {
        let positive = draw.size(1..=4);
        let mut eigenvalues = vec![draw.uniform(0.3, 0.5)];
        while eigenvalues.len() < positive {
            eigenvalues.push(eigenvalues[eigenvalues.len() - 1] * draw.uniform(1.3, 1.6));
        }
        eigenvalues.reverse();
        eigenvalues.push(-draw.uniform(2.1, 3.0));
        let frame = haar_orthogonal(positive + 1, positive + 1, draw.generator());
        let values = Matrix::from_diagonal(&Vector::from_vec(eigenvalues.clone()));
        let turned = &frame * values * frame.transpose();
        let target = (&turned + turned.transpose()) / 2.0;
        let width = draw.size(1..=positive);
        Indefinite { target, eigenvalues, width }
    })
}

pub(crate) fn positive_part(name: &str) -> Claim<Indefinite> {
    Claim::identity(name, "4 f → Σ over all but the k largest λ > 0", 1e-8)
        .assuming([symmetric(), as_wide_as_positive()])
        .on(worked_signs())
        .on(indefinite())
        .measuring_by_drawing(|target: &Indefinite, draw| {
            let loss = SymmetricFactorisation::new(target.target.clone(), target.width);
            let largest = target.eigenvalues.iter().fold(0.0, |most: f64, e| most.max(e.abs()));
            Readings::over(1..=3, |_| {
                let mut x = gaussian(loss.dimension(), 0.5, draw);
                let mut method = GradientDescent::new(0.2 / largest);
                for n in 0..LONG {
                    if n % 64 == 0 && loss.gradient_at(&x).norm() < AT_REST {
                        break;
                    }
                    method.step(&loss, &mut x);
                }
                4.0 * loss.value(&x)
            })
        })
        .predicting(|target, _| target.beyond(|i, value| i < target.width && value > 0.0))
}

fn symmetric() -> Hypothesis<Indefinite> {
    Hypothesis::new("symmetric", |it: &Indefinite, _| {
        Check::that(it.target == it.target.transpose(), "A = Aᵀ to the bit")
    })
}

/// Beyond that a column would be superfluous, and descent slower than any power.
fn as_wide_as_positive() -> Hypothesis<Indefinite> {
    Hypothesis::new("k at most the number of positive eigenvalues", |it: &Indefinite, _| {
        let positive = it.eigenvalues.iter().filter(|value| **value > 0.0).count();
        Check::that(it.width <= positive, format!("k = {}, {positive} positive", it.width))
    })
}
