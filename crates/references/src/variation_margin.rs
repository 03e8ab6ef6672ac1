//! The largest margin of infinitely wide ReLU networks in the plane.

use theoria_elementary::{atan2, cos, hypot, sin};
use theoria_models::numerics::maximum;
use theoria_models::{Matrix, Vector};

use super::{ConvexProgramme, ReferenceError};

/// Programmes that are solved before the search for directions is given up; a handful suffice.
const ROUNDS: usize = 60;
/// Directions to begin with.
const FIRST: usize = 16;
/// Where bound and margin are equal, relative to the size of the inputs.
const EQUAL: f64 = 1e-9;
/// By more than this a direction must break its constraint, relative to it, to become one of the programme.
const ROUNDING: f64 = 1e-12;

/// A network of largest margin with its dual certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct VariationMargin {
    /// Unit vectors u_k, one a row.
    pub directions: Matrix,
    /// Their masses μ_k, with Σ |μ_k| = 1.
    pub masses: Vector,
    /// γ = min_i y_i Σ_k μ_k max(u_k·x_i, 0): this network attains it.
    pub margin: f64,
    /// λ ≥ 0, n, Σ λ_i = 1: every network has a margin of at most max_u |Σ_i λ_i y_i max(u·x_i, 0)|.
    pub multipliers: Vector,
    /// That bound minus the margin.
    pub gap: f64,
}

/// Among all signed measures μ on the unit circle of total mass at most 1, that which maximises the margin min_i y_i ∫ max(u·x_i, 0) dμ(u),
/// for inputs X, n x 2, and labels y = ±1. Finite networks Σ_j a_j max(w_j·x, 0) are such measures up to a factor, of mass Σ_j |a_j||w_j|; so this is
/// the largest margin in the variation norm (Bach 2017, *Breaking the curse of dimensionality with convex neural networks*), to
/// which gradient descent on both layers of wide networks tends (Chizat, Bach 2020, arXiv:2002.04486).
///
/// A linear programme with infinitely many constraints: minimise t over the weights λ with |Σ_i λ_i y_i max(u·x_i, 0)| ≤ t for all u. It is solved for
/// finitely many directions, to which those are added that break it most. The function of u is piecewise linear in u, so that its maximum over the circle is
/// attained at one of finitely many directions, and the certificate is exact. The measure need not be unique.
///
/// # Errors
/// If sizes do not fit, no network separates the classes, or the solver gives up.
///
/// ```
/// use theoria_models::{Matrix, Vector};
/// use theoria_references::largest_variation_margin;
///
/// // Each point has a neuron of its own, with a fourth of the mass.
/// let cross = Matrix::from_row_slice(4, 2, &[1.0, 0.0, 0.0, 1.0, -1.0, 0.0, 0.0, -1.0]);
/// let labels = Vector::from_vec(vec![1.0, -1.0, 1.0, -1.0]);
/// let found = largest_variation_margin(&cross, &labels).unwrap();
/// assert!((found.margin - 0.25).abs() < 1e-8 && found.gap < 1e-8);
/// ```
pub fn largest_variation_margin(
    inputs: &Matrix,
    labels: &Vector,
) -> Result<VariationMargin, ReferenceError> {
    let (n, dimension) = inputs.shape();
    if dimension != 2 || n != labels.len() || n == 0 {
        return Err(ReferenceError::Input("points in the plane, as many labels, at least one"));
    }
    if inputs.iter().chain(labels).any(|number| !number.is_finite()) {
        return Err(ReferenceError::Input("a number of the points is not finite"));
    }
    let size = inputs.row_iter().map(|x| x.norm()).fold(0.0, maximum);
    let mut directions: Vec<[f64; 2]> = (0..FIRST).map(|k| at(turn(k, FIRST))).collect();
    let arcs = Arcs::of(inputs);
    let mut best: Option<VariationMargin> = None;
    let mut bound = (f64::INFINITY, Vector::zeros(n));
    for _ in 0..ROUNDS {
        let found = among(&directions, inputs, labels)?;
        let (largest, broken) = arcs.largest(&found.multipliers, inputs, labels);
        if largest < bound.0 {
            bound = (largest, found.multipliers.clone());
        }
        let level = found.margin + found.gap;
        if best.as_ref().is_none_or(|best| found.margin > best.margin) {
            best = Some(found);
        }
        let reached = best.as_ref().map_or(f64::NEG_INFINITY, |best| best.margin);
        if bound.0 - reached <= EQUAL * size {
            break;
        }
        let before = directions.len();
        let fresh = broken.into_iter().filter(|(value, _)| *value > level * (1.0 + ROUNDING));
        directions.extend(fresh.map(|(_, direction)| direction));
        if directions.len() == before {
            break;
        }
    }
    let Some(best) = best else {
        return Err(ReferenceError::NotSolved("no network was found".into()));
    };
    if best.margin.is_nan() || best.margin <= EQUAL * size {
        return Err(ReferenceError::NotSeparable);
    }
    Ok(VariationMargin { gap: bound.0 - best.margin, multipliers: bound.1, ..best })
}

/// The part k/n of a full turn.
fn turn(k: usize, n: usize) -> f64 {
    std::f64::consts::TAU * k as f64 / n as f64
}

fn at(angle: f64) -> [f64; 2] {
    [cos(angle), sin(angle)]
}

/// max(u·x_i, 0) for each input.
fn features(inputs: &Matrix, [u, v]: [f64; 2]) -> Vector {
    Vector::from_iterator(inputs.nrows(), inputs.row_iter().map(|x| (x[0] * u + x[1] * v).max(0.0)))
}

/// The programme for these directions. The gap is what these constraints leave, and no certificate.
fn among(
    directions: &[[f64; 2]],
    inputs: &Matrix,
    labels: &Vector,
) -> Result<VariationMargin, ReferenceError> {
    let (n, count) = (labels.len(), directions.len());
    let signed: Vec<Vector> =
        directions.iter().map(|u| features(inputs, *u).component_mul(labels)).collect();
    // In (λ, t): ± Σ λ_i y_i max(u·x_i, 0) − t ≤ 0, and −λ ≤ 0.
    let both = Matrix::from_fn(2 * count, n + 1, |row, i| match (i == n, row < count) {
        (true, _) => -1.0,
        (false, true) => signed[row][i],
        (false, false) => -signed[row - count][i],
    });
    let cost = Vector::from_fn(n + 1, |i, _| if i == n { 1.0 } else { 0.0 });
    let total = Matrix::from_fn(1, n + 1, |_, i| if i == n { 0.0 } else { 1.0 });
    let solution = ConvexProgramme::linear(cost)
        .at_most(&both, &Vector::zeros(2 * count))
        .at_most(&-Matrix::identity(n, n + 1), &Vector::zeros(n))
        .equal(&total, &Vector::from_element(1, 1.0))
        .solve()?;
    let weights = solution.point.rows(0, n).map(|weight| weight.max(0.0));
    let multipliers = &weights / weights.sum();
    let masses = Vector::from_fn(count, |k, _| {
        solution.inequality_multipliers[k] - solution.inequality_multipliers[count + k]
    });
    let masses = &masses / masses.lp_norm(1);
    let outputs =
        signed.iter().zip(masses.iter()).fold(Vector::zeros(n), |sum, (f, m)| sum + f * *m);
    let reached = signed.iter().map(|f| f.dot(&multipliers).abs()).fold(0.0, maximum);
    let rows = directions.iter().flatten().copied();
    Ok(VariationMargin {
        directions: Matrix::from_row_iterator(count, 2, rows),
        margin: outputs.min(),
        gap: reached - outputs.min(),
        masses,
        multipliers,
    })
}

/// The arcs of the circle in which the same inputs are seen, and their ends.
struct Arcs {
    ends: Vec<[f64; 2]>,
    /// In each arc, whether an input is seen.
    seen: Vec<Vec<bool>>,
}

impl Arcs {
    fn of(inputs: &Matrix) -> Self {
        let ends = inputs.row_iter().filter(|x| x.norm() > 0.0).flat_map(|x| {
            let size = x.norm();
            [[-x[1] / size, x[0] / size], [x[1] / size, -x[0] / size]]
        });
        let ends: Vec<[f64; 2]> = ends.collect();
        let mut angles: Vec<f64> = ends.iter().map(|[u, v]| atan2(*v, *u)).collect();
        angles.sort_by(f64::total_cmp);
        let next = angles.iter().skip(1).copied().chain(angles.first().map(|a| a + turn(1, 1)));
        let middles = angles.iter().zip(next).map(|(a, b)| at(f64::midpoint(*a, b)));
        let seen =
            middles.map(|[u, v]| inputs.row_iter().map(|x| x[0] * u + x[1] * v > 0.0).collect());
        Arcs { seen: seen.collect(), ends }
    }

    /// The maximum over the circle of |Σ_i λ_i y_i max(u·x_i, 0)|, and all directions where it can be attained, with its values. Within an arc the sum is
    /// u·v for a vector v: the maximum over the circle lies at the end of an arc or along ±v.
    fn largest(
        &self,
        multipliers: &Vector,
        inputs: &Matrix,
        labels: &Vector,
    ) -> (f64, Vec<(f64, [f64; 2])>) {
        let weights = multipliers.component_mul(labels);
        let along = self.seen.iter().flat_map(|seen| {
            let mut sum = [0.0; 2];
            for (i, _) in seen.iter().enumerate().filter(|(_, seen)| **seen) {
                sum[0] += weights[i] * inputs[(i, 0)];
                sum[1] += weights[i] * inputs[(i, 1)];
            }
            let size = hypot(sum[0], sum[1]);
            let [u, v] = if size > 0.0 { sum.map(|s| s / size) } else { [1.0, 0.0] };
            [[u, v], [-u, -v]]
        });
        let candidates = self.ends.iter().copied().chain(along);
        let valued: Vec<(f64, [f64; 2])> = candidates
            .map(|direction| (features(inputs, direction).dot(&weights).abs(), direction))
            .collect();
        (valued.iter().map(|(value, _)| *value).fold(0.0, maximum), valued)
    }
}
