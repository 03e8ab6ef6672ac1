//! Least absolute deviations.

mod samples;

use std::sync::OnceLock;

use crate::{Constant, Ensemble, Matrix, Minimum, Objective, Svd, Vector};
use theoria_elementary::hypot;

/// f(a) = Σ |x_i·a - y_i|/n: convex; subgradients are at most σ_max(X)/√n, by Cauchy–Schwarz.
///
/// The minimum lies at a vertex, where as many residuals are 0 as there are features. It is reached
/// from vertex to vertex and certified by a dual point: ν with Xᵀν = 0 and |ν_i| <= 1 gives
/// f* >= -ν·y/n, so the error of the minimal value is known.
///
/// ```
/// use theoria_models::{Matrix, Objective, Vector, objectives::LeastAbsoluteDeviations};
/// // The median of 1, 2, 9 is 2.
/// let f = LeastAbsoluteDeviations::new(Matrix::from_element(3, 1, 1.0), Vector::from_vec(vec![1.0, 2.0, 9.0]));
/// assert!((f.nearest_minimiser(&Vector::zeros(1)).unwrap()[0] - 2.0).abs() < 1e-12);
/// assert!(f.minimum().unwrap().error < 1e-12);
/// ```
#[derive(Debug, Clone)]
pub struct LeastAbsoluteDeviations {
    features: Matrix,
    /// Xᵀ: the features of one sample side by side.
    rows: Matrix,
    targets: Vector,
    largest: f64,
    name: String,
    solution: OnceLock<Option<(Vector, Minimum)>>,
}

impl LeastAbsoluteDeviations {
    /// With features X, n x d, and targets y.
    ///
    /// # Panics
    /// If there are not as many targets as rows.
    pub fn new(features: Matrix, targets: Vector) -> Self {
        let (samples, dimension) = features.shape();
        assert_eq!(samples, targets.len(), "as many targets as samples");
        LeastAbsoluteDeviations {
            largest: Svd::of(&features).values().max(),
            name: format!("least absolute deviations, {samples} samples of {dimension} features"),
            rows: features.transpose(),
            features,
            targets,
            solution: OnceLock::new(),
        }
    }

    /// The same problem under a name that says where the data come from.
    #[must_use]
    pub fn named(mut self, data: &str) -> Self {
        self.name = format!("{data}: {}", self.name);
        self
    }

    fn residuals(&self, a: &Vector) -> Vector {
        &self.features * a - &self.targets
    }

    /// Reweighted least squares, then from vertex to vertex.
    fn solve(&self) -> Option<(Vector, Minimum)> {
        let (samples, dimension) = self.features.shape();
        let mut a = Vector::zeros(dimension);
        let mut smoothing = self.targets.amax().max(1.0);
        for _ in 0..60 {
            let weights = self.residuals(&a).map(|r| 1.0 / hypot(r, smoothing));
            let mut weighted = self.features.clone();
            for (mut row, weight) in weighted.row_iter_mut().zip(weights.iter()) {
                row *= *weight;
            }
            let normal = weighted.tr_mul(&self.features);
            a = normal.cholesky()?.solve(&weighted.tr_mul(&self.targets));
            smoothing *= 0.7;
        }
        let residuals = self.residuals(&a);
        let mut order: Vec<usize> = (0..samples).collect();
        order.sort_by(|&i, &j| residuals[i].abs().total_cmp(&residuals[j].abs()));
        let mut vertex = order[..dimension.min(samples)].to_vec();
        loop {
            let basis = self.features.select_rows(&vertex);
            a = basis.clone().lu().solve(&self.targets.select_rows(&vertex))?;
            let dual = self.dual(&a, &vertex, &basis)?;
            let worst = (0..vertex.len())
                .max_by(|&i, &j| dual[vertex[i]].abs().total_cmp(&dual[vertex[j]].abs()))?;
            let excess = dual[vertex[worst]];
            let next = (excess.abs() > 1.0 + 1e-9)
                .then(|| self.next_vertex(&a, &vertex, &basis, worst, excess))
                .flatten();
            let Some(entering) = next else {
                let feasible = 1.0 / dual.amax().max(1.0);
                let below = -feasible * dual.dot(&self.targets) / samples as f64;
                let value = self.value(&a);
                let error = (value - below).max(0.0) + self.rounding(&a);
                return Some((a, Minimum { value, error }));
            };
            vertex[worst] = entering;
        }
    }

    /// x_i·a − y_i of a sample for each trial.
    fn residual_block(&self, sample: usize, at: &Ensemble, into: &mut [f64]) {
        into.fill(-self.targets[sample]);
        for coordinate in 0..at.dimension() {
            let weight = self.features[(sample, coordinate)];
            let numbers = at.coordinate(coordinate);
            into.iter_mut().zip(numbers).for_each(|(residual, a)| *residual += weight * a);
        }
    }

    /// The dual point of a vertex: off it the signs of the residuals, on it what Xᵀν = 0 demands.
    fn dual(&self, a: &Vector, vertex: &[usize], basis: &Matrix) -> Option<Vector> {
        let mut dual = self.residuals(a).map(f64::signum);
        for &i in vertex {
            dual[i] = 0.0;
        }
        let pull = -self.features.tr_mul(&dual);
        let on_vertex = basis.transpose().lu().solve(&pull)?;
        for (position, &i) in vertex.iter().enumerate() {
            dual[i] = on_vertex[position];
        }
        Some(dual)
    }

    /// Leaves the constraint at `leaving`, along which the value falls by |ν| - 1 a unit, for the
    /// sample whose residual vanishes where the value along this edge is least (Barrodale, Roberts
    /// 1973). None if the value cannot be lowered in floating point.
    fn next_vertex(
        &self,
        a: &Vector,
        vertex: &[usize],
        basis: &Matrix,
        leaving: usize,
        dual: f64,
    ) -> Option<usize> {
        let mut target = Vector::zeros(vertex.len());
        target[leaving] = dual.signum();
        let edge = basis.clone().lu().solve(&target)?;
        let (residuals, speeds) = (self.residuals(a), &self.features * edge);
        let mut breaks: Vec<(f64, usize)> = (0..residuals.len())
            .filter(|i| !vertex.contains(i) && residuals[*i] * speeds[*i] < 0.0)
            .map(|i| (-residuals[i] / speeds[i], i))
            .collect();
        breaks.sort_by(|x, y| x.0.total_cmp(&y.0));
        let mut slope = 1.0 - dual.abs();
        let entering = breaks.iter().find(|(_, i)| {
            slope += 2.0 * speeds[*i].abs();
            slope >= 0.0
        })?;
        (entering.0 > 0.0).then_some(entering.1)
    }

    fn solution(&self) -> Option<&(Vector, Minimum)> {
        self.solution.get_or_init(|| self.solve()).as_ref()
    }
}

impl Objective for LeastAbsoluteDeviations {
    fn describe(&self) -> String {
        self.name.clone()
    }

    fn dimension(&self) -> usize {
        self.features.ncols()
    }

    fn value(&self, a: &Vector) -> f64 {
        self.residuals(a).lp_norm(1) / self.targets.len() as f64
    }

    fn gradient_into(&self, a: &Vector, into: &mut Vector) {
        let signs = self.residuals(a).map(|r| if r == 0.0 { 0.0 } else { r.signum() });
        into.gemv_tr(1.0 / self.targets.len() as f64, &self.features, &signs, 0.0);
    }

    /// Sample by sample, all trials side by side.
    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        into.numbers_mut().fill(0.0);
        let mut residuals = vec![0.0; at.trials()];
        for sample in 0..self.targets.len() {
            self.residual_block(sample, at, &mut residuals);
            for r in &mut residuals {
                *r = if *r == 0.0 { 0.0 } else { r.signum() };
            }
            for coordinate in 0..at.dimension() {
                let weight = self.features[(sample, coordinate)] / self.targets.len() as f64;
                let slopes = into.coordinate_mut(coordinate).iter_mut();
                slopes.zip(&residuals).for_each(|(slope, sign)| *slope += weight * sign);
            }
        }
    }

    fn value_block(&self, at: &Ensemble, into: &mut [f64]) {
        into.fill(0.0);
        let mut residuals = vec![0.0; at.trials()];
        for sample in 0..self.targets.len() {
            self.residual_block(sample, at, &mut residuals);
            into.iter_mut().zip(&residuals).for_each(|(value, r)| *value += r.abs());
        }
        into.iter_mut().for_each(|value| *value /= self.targets.len() as f64);
    }

    fn rounding(&self, a: &Vector) -> f64 {
        let size = self.features.norm() * a.norm() + self.targets.norm();
        16.0 * f64::EPSILON * size / (self.targets.len() as f64).sqrt()
    }

    fn lipschitz(&self) -> Option<Constant> {
        Some(Constant::certified(self.largest / (self.targets.len() as f64).sqrt()))
    }

    fn minimum(&self) -> Option<Minimum> {
        self.solution().map(|(_, minimum)| *minimum)
    }

    /// A minimiser, not always the nearest where there are several.
    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        self.solution().map(|(minimiser, _)| minimiser.clone())
    }
}
