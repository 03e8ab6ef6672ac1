//! Two-layer networks on few samples, and paths of parameters along which their loss does not increase.

use theoria_instances::families::gaussian;
use theoria_models::networks::{Activation, Model, SquaredFit, TwoLayer, numerical_rank};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Draw, Reading};

/// Singular values below this part of the largest one count as 0.
pub(crate) const NEGLIGIBLE: f64 = 1e-12;
/// Places among which a neuron's new inner weights are chosen.
const CANDIDATES: usize = 64;

/// Σ a_j φ(w_j·x + b_j) with m neurons on few samples, and the targets that it is to fit. The bias of a
/// neuron is the last of its inner weights.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    fit: SquaredFit<TwoLayer>,
}

impl Network {
    /// On inputs, n x d.
    pub(crate) fn new(activation: Activation, inputs: &Matrix, targets: Vector, m: usize) -> Self {
        let with_ones = inputs.clone().insert_column(inputs.ncols(), 1.0);
        Network { fit: SquaredFit::new(TwoLayer::new(with_ones, m, activation), targets) }
    }

    pub(crate) fn model(&self) -> &TwoLayer {
        self.fit.model()
    }

    pub(crate) fn targets(&self) -> &Vector {
        self.fit.targets()
    }

    pub(crate) fn rank(&self, parameters: &Vector) -> usize {
        numerical_rank(&self.model().features(parameters), NEGLIGIBLE)
    }

    /// Σ (f(x_k) − y_k)²/2.
    pub(crate) fn loss(&self, parameters: &Vector) -> Reading {
        let rounding = self.model().rounding(parameters);
        let error = rounding + f64::EPSILON * self.targets().norm();
        let norm = self.fit.residuals(parameters).norm();
        Reading::new(norm * norm / 2.0, error * (norm + error))
    }

    /// The corners of a path from `start` to a solution. While the features depend on each other a neuron is made
    /// idle by the others, which take over what it does, and moves to where its features are new; once the features
    /// are of full rank the outer weights move straight to an interpolation. Needs as many neurons as samples.
    pub(crate) fn path(&self, start: &Vector, draw: &mut Draw) -> Vec<Vector> {
        let mut corners = vec![start.clone()];
        let mut here = start.clone();
        while self.rank(&here) < self.model().samples() {
            let idle = self.take_over(&mut here);
            corners.push(here.clone());
            self.diversify(&mut here, idle, draw);
            corners.push(here.clone());
        }
        corners.push(self.with_best_outer(&here));
        corners
    }

    /// With outer weights of least loss.
    pub(crate) fn with_best_outer(&self, parameters: &Vector) -> Vector {
        let missing = -self.fit.residuals(parameters);
        let mut best = parameters.clone();
        let mut outer = best.rows_range_mut(self.model().outer());
        outer += least_squares(&self.model().features(parameters), &missing);
        best
    }

    /// Gives the work of a neuron whose features depend on those of the others to these, and returns the neuron: the
    /// one for which the outer weights move least.
    fn take_over(&self, here: &mut Vector) -> usize {
        let features = self.model().features(here);
        let scale = features.norm().max(f64::MIN_POSITIVE);
        let mut outer = here.rows_range_mut(self.model().outer());
        let mut best: Option<(f64, usize, Vector)> = None;
        for i in 0..outer.len() {
            let others = features.clone().remove_column(i);
            let own = features.column(i).into_owned();
            let share = least_squares(&others, &own);
            if (&others * &share - &own).norm() > NEGLIGIBLE * scale {
                continue;
            }
            let moved = outer[i].abs() * (1.0 + share.norm());
            if best.as_ref().is_none_or(|(least, ..)| moved < *least) {
                best = Some((moved, i, share));
            }
        }
        let Some((_, idle, share)) = best else {
            panic!("no neuron's features depend on those of the others");
        };
        let work = outer[idle];
        outer += (share * work).insert_row(idle, 0.0);
        outer[idle] = 0.0;
        idle
    }

    /// Moves an idle neuron to where its features lie farthest from the span of the others'.
    fn diversify(&self, here: &mut Vector, idle: usize, draw: &mut Draw) {
        let others = self.model().features(here).remove_column(idle);
        let inner = self.model().inner_of(idle);
        let mut moved = here.clone();
        let mut farthest = 0.0;
        for _ in 0..CANDIDATES {
            let weights = gaussian(inner.len(), draw) * 2.0;
            moved.rows_range_mut(inner.clone()).copy_from(&weights);
            let own = self.model().features(&moved).column(idle).into_owned();
            let new = (&own - &others * least_squares(&others, &own)).norm();
            if new > farthest {
                farthest = new;
                here.copy_from(&moved);
            }
        }
        assert!(farthest > 0.0, "some neuron has new features");
    }
}

/// An x with the least |A x − b| that uses independent columns alone: by the Gram–Schmidt method with pivoting, as the
/// singular vectors of matrices that lack rank are not accurate in nalgebra 0.35.
fn least_squares(matrix: &Matrix, target: &Vector) -> Vector {
    let mut rest = matrix.clone();
    let mut basis = Matrix::zeros(matrix.nrows(), 0);
    let mut used = Vec::new();
    let norms = |m: &Matrix| Vector::from_iterator(m.ncols(), m.column_iter().map(|c| c.norm()));
    let negligible = NEGLIGIBLE * norms(matrix).max();
    while used.len() < matrix.nrows().min(matrix.ncols()) {
        let (pivot, norm) = norms(&rest).argmax();
        if norm <= negligible {
            break;
        }
        let mut direction = rest.column(pivot) / norm;
        // Once more, against what rounding has left.
        direction -= &basis * basis.tr_mul(&direction);
        direction.normalize_mut();
        rest -= &direction * direction.tr_mul(&rest);
        rest.column_mut(pivot).fill(0.0);
        let place = basis.ncols();
        basis = basis.insert_column(place, 0.0);
        basis.set_column(place, &direction);
        used.push(pivot);
    }
    let triangle = basis.tr_mul(&matrix.select_columns(&used));
    let coefficients = triangle.solve_upper_triangular(&basis.tr_mul(target));
    let mut x = Vector::zeros(matrix.ncols());
    for (place, c) in used.iter().zip(coefficients.iter().flatten()) {
        x[*place] = *c;
    }
    x
}
