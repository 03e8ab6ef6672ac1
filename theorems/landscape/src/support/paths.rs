//! Two-layer networks on few samples, and paths of parameters along which their loss does not increase.

use theoria_instances::families::gaussian_matrix;
use theoria_models::networks::{Activation, feature_matrix, numerical_rank};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Draw, Reading};

/// Singular values below this part of the largest one count as 0.
pub(crate) const NEGLIGIBLE: f64 = 1e-12;
/// Places among which a neuron's new inner weights are chosen.
const CANDIDATES: usize = 64;

/// Samples (rows of `inputs`) with targets, to be fitted by Σ a_i φ(w_i·x + b_i).
#[derive(Debug, Clone)]
pub(crate) struct Samples {
    pub(crate) activation: Activation,
    pub(crate) inputs: Matrix,
    pub(crate) targets: Vector,
}

/// The weights of m neurons: w_i are the rows of `inner`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Neurons {
    pub(crate) inner: Matrix,
    pub(crate) biases: Vector,
    pub(crate) outer: Vector,
}

impl Neurons {
    /// The point at `share` of the segment to another point.
    pub(crate) fn towards(&self, other: &Neurons, share: f64) -> Neurons {
        Neurons {
            inner: &self.inner * (1.0 - share) + &other.inner * share,
            biases: self.biases.lerp(&other.biases, share),
            outer: self.outer.lerp(&other.outer, share),
        }
    }
}

impl Samples {
    pub(crate) fn features(&self, neurons: &Neurons) -> Matrix {
        feature_matrix(self.activation, &self.inputs, &neurons.inner, &neurons.biases)
    }

    pub(crate) fn rank(&self, neurons: &Neurons) -> usize {
        numerical_rank(&self.features(neurons), NEGLIGIBLE)
    }

    /// Σ (f(x_k) − y_k)²/2.
    pub(crate) fn loss(&self, neurons: &Neurons) -> Reading {
        let features = self.features(neurons);
        let residual = &features * &neurons.outer - &self.targets;
        let size = features.abs() * neurons.outer.abs() + self.targets.abs();
        let terms = (neurons.outer.len() + 8) as f64;
        let error = terms * f64::EPSILON * size.norm();
        let norm = residual.norm();
        Reading::new(norm * norm / 2.0, error * (norm + error))
    }

    /// The corners of a path from `start` to a solution. While the features depend on each other a neuron is made
    /// idle by the others, which take over what it does, and moves to where its features are new; once the features
    /// are of full rank the outer weights move straight to an interpolation. Needs as many neurons as samples.
    pub(crate) fn path(&self, start: &Neurons, draw: &mut Draw) -> Vec<Neurons> {
        let mut corners = vec![start.clone()];
        let mut here = start.clone();
        while self.rank(&here) < self.inputs.nrows() {
            let idle = self.take_over(&mut here);
            corners.push(here.clone());
            self.diversify(&mut here, idle, draw);
            corners.push(here.clone());
        }
        corners.push(self.with_best_outer(&here));
        corners
    }

    /// With outer weights of least loss.
    pub(crate) fn with_best_outer(&self, neurons: &Neurons) -> Neurons {
        let features = self.features(neurons);
        let missing = &self.targets - &features * &neurons.outer;
        Neurons { outer: &neurons.outer + least_squares(&features, &missing), ..neurons.clone() }
    }

    /// Gives the work of a neuron whose features depend on those of the others to these, and returns the neuron: the
    /// one for which the outer weights move least.
    fn take_over(&self, here: &mut Neurons) -> usize {
        let features = self.features(here);
        let scale = features.norm().max(f64::MIN_POSITIVE);
        let mut best: Option<(f64, usize, Vector)> = None;
        for i in 0..here.outer.len() {
            let others = features.clone().remove_column(i);
            let own = features.column(i).into_owned();
            let share = least_squares(&others, &own);
            if (&others * &share - &own).norm() > NEGLIGIBLE * scale {
                continue;
            }
            let moved = here.outer[i].abs() * (1.0 + share.norm());
            if best.as_ref().is_none_or(|(least, ..)| moved < *least) {
                best = Some((moved, i, share));
            }
        }
        let Some((_, idle, share)) = best else {
            panic!("no neuron's features depend on those of the others");
        };
        let work = here.outer[idle];
        here.outer += (share * work).insert_row(idle, 0.0);
        here.outer[idle] = 0.0;
        idle
    }

    /// Moves an idle neuron to where its features lie farthest from the span of the others'.
    fn diversify(&self, here: &mut Neurons, idle: usize, draw: &mut Draw) {
        let others = self.features(here).remove_column(idle);
        let mut farthest = 0.0;
        for _ in 0..CANDIDATES {
            let weights = gaussian_matrix(1, self.inputs.ncols() + 1, draw) * 2.0;
            let (inner, bias) = weights.as_slice().split_at(self.inputs.ncols());
            let inner = Matrix::from_row_slice(1, inner.len(), inner);
            let bias = Vector::from_element(1, bias[0]);
            let own = feature_matrix(self.activation, &self.inputs, &inner, &bias);
            let own = own.column(0).into_owned();
            let new = (&own - &others * least_squares(&others, &own)).norm();
            if new > farthest {
                farthest = new;
                here.inner.set_row(idle, &inner.row(0));
                here.biases[idle] = bias[0];
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
