//! The solutions of the LASSO for all weights.

use crate::{Matrix, Vector};

/// Knots that lie nearer than this, relative to the weight, are one.
const SAME: f64 = 1e-9;
/// Knots below this share of |Xᵀy|_∞ are rounding: 1e-16 times the squared condition number of the support.
const NEGLIGIBLE: f64 = 1e-9;

/// What happens to a coefficient at a knot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// From here on, towards smaller weights, it is not zero.
    Enters(usize),
    /// From here on it is zero.
    Leaves(usize),
}

/// A place where the path bends.
#[derive(Debug, Clone, PartialEq)]
pub struct Knot {
    /// The weight λ.
    pub weight: f64,
    /// The solution there.
    pub coefficients: Vector,
    /// What changes there.
    pub change: Change,
}

/// The minimisers of |X a - y|² + λ|a|_1 for all λ > 0, by following the support from the largest λ down (homotopy:
/// Osborne, Presnell, Turlach 2000; Efron, Hastie, Johnstone, Tibshirani 2004). Between two knots the solution is
/// linear in λ: a_S = (X_SᵀX_S)⁻¹(X_Sᵀy - λ s/2) on the support S with the signs s.
///
/// X and y must be in general position: the columns of every support independent, and no two changes at one λ. Then the
/// minimiser is unique.
///
/// ```
/// use theoria_models::{Matrix, Vector, objectives::LassoPath};
/// let path = LassoPath::of(&Matrix::identity(2, 2), &Vector::from_vec(vec![3.0, 1.0]));
/// let knots: Vec<f64> = path.knots().iter().map(|knot| knot.weight).collect();
/// assert_eq!(knots, [6.0, 2.0]);
/// assert_eq!(path.at(4.0).as_slice(), [1.0, 0.0]);
/// ```
#[derive(Debug, Clone)]
pub struct LassoPath {
    knots: Vec<Knot>,
    /// The solution as λ tends to 0, where the path goes so far.
    end: Vector,
    /// X_S (X_SᵀX_S)⁻¹ s on the last piece.
    dual: Vector,
}

impl LassoPath {
    /// For these features, n x d, and targets.
    ///
    /// # Panics
    /// If there are not as many targets as rows.
    pub fn of(features: &Matrix, targets: &Vector) -> Self {
        Self::down_to(0.0, features, targets)
    }

    /// The part of it with weights of at least `least`, and the one piece that crosses it.
    ///
    /// # Panics
    /// If there are not as many targets as rows.
    pub fn down_to(least: f64, features: &Matrix, targets: &Vector) -> Self {
        assert_eq!(features.nrows(), targets.len(), "as many targets as samples");
        // What is zero but for rounding would change at a weight that is.
        let negligible = NEGLIGIBLE * features.tr_mul(targets).amax();
        let mut piece = Piece { features, targets, negligible, support: Vec::new() };
        let mut knots: Vec<Knot> = Vec::new();
        let mut weight = f64::INFINITY;
        let mut end = Vector::zeros(features.ncols());
        let mut dual = Vector::zeros(features.nrows());
        // Each support is met at most once.
        while weight > least
            && let Some(linear) = piece.linear()
        {
            let next = piece.next(&linear, weight * (1.0 - SAME));
            end = piece.spread(&linear, next.map_or(0.0, |(weight, ..)| weight));
            let Some((at, change, sign)) = next else {
                dual = piece.direction(&linear);
                break;
            };
            match change {
                Change::Enters(j) => piece.support.push((j, sign)),
                Change::Leaves(j) => {
                    end[j] = 0.0;
                    piece.support.retain(|(i, _)| *i != j);
                }
            }
            knots.push(Knot { weight: at, coefficients: end.clone(), change });
            weight = at;
        }
        LassoPath { knots, end, dual }
    }

    /// Where the path bends, from the largest weight down.
    pub fn knots(&self) -> &[Knot] {
        &self.knots
    }

    /// For y = X b with some b: what certifies that the solution at λ = 0 has the least l1 norm of all b with X b = y. It is the limit ν
    /// of 2r/λ, with |Xᵀν|_∞ <= 1 and ν·y equal to that norm. Zero where the path ends before λ = 0.
    pub fn dual(&self) -> &Vector {
        &self.dual
    }

    /// The minimiser of |X a - y|² over |a|_1 <= `norm`: the point of the path of that l1 norm, or its end where that is shorter. Between
    /// two knots no sign changes, so that the norm is linear in λ.
    pub fn of_norm(&self, norm: f64) -> Vector {
        let mut above = Vector::zeros(self.end.len());
        for below in self.knots.iter().map(|knot| &knot.coefficients).chain([&self.end]) {
            let (low, high) = (above.lp_norm(1), below.lp_norm(1));
            if high >= norm && high > low {
                let share = (norm - low) / (high - low);
                return above * (1.0 - share) + below * share;
            }
            above.clone_from(below);
        }
        above
    }

    /// The solution for the weight λ >= 0, or λ >= `least` where the path ends there, linear between knots.
    pub fn at(&self, weight: f64) -> Vector {
        let below = self.knots.partition_point(|knot| knot.weight >= weight);
        let Some(above) = below.checked_sub(1).map(|i| &self.knots[i]) else {
            return Vector::zeros(self.end.len());
        };
        let (low, coefficients) = match self.knots.get(below) {
            Some(knot) => (knot.weight, &knot.coefficients),
            None => (0.0, &self.end),
        };
        let share = (above.weight - weight) / (above.weight - low);
        &above.coefficients * (1.0 - share) + coefficients * share
    }
}

/// A stretch of the path with one support and its signs.
struct Piece<'a> {
    features: &'a Matrix,
    targets: &'a Vector,
    /// Weights up to this one are rounding.
    negligible: f64,
    support: Vec<(usize, f64)>,
}

/// On the support a = `level` - λ `slope`; the products of all columns with the residual are `products` + λ `drift`.
struct Linear {
    level: Vector,
    slope: Vector,
    products: Vector,
    drift: Vector,
}

impl Piece<'_> {
    /// None where the columns of the support are dependent.
    fn linear(&self) -> Option<Linear> {
        let columns: Vec<usize> = self.support.iter().map(|(j, _)| *j).collect();
        if columns.len() > self.features.nrows() {
            return None;
        }
        let active = self.features.select_columns(&columns);
        let signs = Vector::from_iterator(columns.len(), self.support.iter().map(|(_, s)| *s));
        let (level, slope) = if columns.is_empty() {
            (Vector::zeros(0), Vector::zeros(0))
        } else {
            let factors = active.tr_mul(&active).cholesky()?;
            let refined = |right: &Vector, residual: &dyn Fn(&Vector) -> Vector| {
                let first = factors.solve(right);
                let left = residual(&first);
                first + factors.solve(&left)
            };
            let level = refined(&active.tr_mul(self.targets), &|a| {
                active.tr_mul(&(self.targets - &active * a))
            });
            let half = signs / 2.0;
            let slope = refined(&half, &|v| &half - active.tr_mul(&(&active * v)));
            (level, slope)
        };
        let products = self.features.tr_mul(&(self.targets - &active * &level));
        let drift = self.features.tr_mul(&(&active * &slope));
        Some(Linear { level, slope, products, drift })
    }

    /// The first change below this weight, with the sign of what enters.
    fn next(&self, linear: &Linear, below: f64) -> Option<(f64, Change, f64)> {
        let leaving =
            self.support.iter().enumerate().map(|(i, (j, sign))| {
                (linear.level[i] / linear.slope[i], Change::Leaves(*j), *sign)
            });
        let mut is_active = vec![false; self.features.ncols()];
        for (j, _) in &self.support {
            is_active[*j] = true;
        }
        let idle = (0..is_active.len()).filter(|j| !is_active[*j]);
        let entering = idle.flat_map(|j| {
            [1.0, -1.0].map(|sign| {
                let (product, drift) =
                    (2.0 * sign * linear.products[j], 2.0 * sign * linear.drift[j]);
                (product / (1.0 - drift), Change::Enters(j), sign)
            })
        });
        let changes = leaving.chain(entering);
        changes
            .filter(|(at, ..)| *at > self.negligible && *at < below)
            .max_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// 2r/λ where the residual is a multiple of λ.
    fn direction(&self, linear: &Linear) -> Vector {
        let columns: Vec<usize> = self.support.iter().map(|(j, _)| *j).collect();
        self.features.select_columns(&columns) * &linear.slope * 2.0
    }

    fn spread(&self, linear: &Linear, weight: f64) -> Vector {
        let mut a = Vector::zeros(self.features.ncols());
        for (i, (j, _)) in self.support.iter().enumerate() {
            a[*j] = linear.level[i] - weight * linear.slope[i];
        }
        a
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objectives::Lasso;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_point_of_a_norm_has_a_multiplier(
            x in prop::collection::vec(-2.0..2.0f64, 12), y in prop::collection::vec(-2.0..2.0f64, 4), share in 0.01..0.99f64,
        ) {
            let (x, y) = (Matrix::from_row_slice(4, 3, &x), Vector::from_vec(y));
            let path = LassoPath::of(&x, &y);
            let norm = share * path.at(0.0).lp_norm(1);
            let a = path.of_norm(norm);
            prop_assert!((a.lp_norm(1) - norm).abs() <= 1e-9 * norm);
            let slope = x.tr_mul(&(&y - &x * &a));
            prop_assert!(slope.dot(&a) >= norm * slope.amax() - 1e-9 * y.norm_squared());
        }

        #[test]
        fn at_the_end_the_l1_norm_is_least(
            x in prop::collection::vec(-2.0..2.0f64, 24), planted in prop::collection::vec(-2.0..2.0f64, 2),
        ) {
            let features = Matrix::from_row_slice(4, 6, &x);
            let mut b = Vector::zeros(6);
            b.rows_mut(0, 2).copy_from_slice(&planted);
            let targets = &features * b;
            let path = LassoPath::of(&features, &targets);
            let (found, size) = (path.at(0.0), targets.norm());
            prop_assert!((&features * &found - &targets).norm() <= 1e-9 * size);
            prop_assert!(features.tr_mul(path.dual()).amax() <= 1.0 + 1e-9);
            prop_assert!((found.lp_norm(1) - targets.dot(path.dual())).abs() <= 1e-9 * size);
        }

        #[test]
        fn the_path_is_that_of_coordinate_descent(
            x in prop::collection::vec(-2.0..2.0f64, 24), y in prop::collection::vec(-2.0..2.0f64, 6),
            share in 0.01..1.2f64,
        ) {
            let lasso = Lasso::new(Matrix::from_row_slice(6, 4, &x), Vector::from_vec(y), 1.0);
            let lasso = lasso.weighing(share * lasso.threshold());
            let path = LassoPath::of(lasso.features(), lasso.targets());
            let gap = lasso.gap(&path.at(lasso.weight()));
            prop_assert!(gap <= 1e-12 * lasso.targets().norm_squared(), "gap {gap}");
        }
    }
}
