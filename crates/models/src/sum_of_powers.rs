//! Polynomials of degree four in several variables and in numbers of any kind, in any coordinates.

use nalgebra::{DMatrix, DVector};

use crate::elimination;
use crate::oracle::{NewtonSystem, Oracle, Valued, ValuedExactly};
use crate::point::{Point, Scalar};

/// f(x) = x·S x/2 + b·x + Σ (c t³/6 + q t⁴/24) with the linear forms t = a·x + p, in numbers of any kind: fractions, hundreds of digits.
///
/// It is convex where S is positive semidefinite, all q >= 0 and all c = 0. In coordinates y, x = A y + v, it is such a sum again
/// ([`in_coordinates`](SumOfPowers::in_coordinates)).
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use theoria_models::{SumOfPowers, numerics::Fraction, oracle::NewtonSystem};
///
/// let whole = |number: i64| Fraction::from(number);
/// let vector = |a, b| DVector::from_vec(vec![whole(a), whole(b)]);
/// // t²/2 + t⁴/24 with t = x₁ + 2 x₂, and x₂²/2.
/// let form = vector(1, 2);
/// let f = SumOfPowers::new(DMatrix::from_fn(2, 2, |i, j| whole([[1, 2], [2, 5]][i][j])), vector(0, 0))
///     .with_form(form, whole(0), whole(0), whole(1));
/// assert_eq!(f.value(&vector(2, 0)), Fraction::ratio(8, 3));
/// let mut right = vector(0, 1);
/// assert!(f.solve(&vector(0, 0), &mut right));
/// assert_eq!(right, vector(-2, 1));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SumOfPowers<S> {
    matrix: DMatrix<S>,
    linear: DVector<S>,
    forms: Vec<Form<S>>,
}

/// c t³/6 + q t⁴/24 of t = a·x + p.
#[derive(Debug, Clone, PartialEq)]
struct Form<S> {
    direction: DVector<S>,
    offset: S,
    cubic: S,
    quartic: S,
}

impl<S: Scalar> Form<S> {
    fn at(&self, x: &DVector<S>) -> S {
        dot(&self.direction, x) + self.offset.clone()
    }
}

fn dot<S: Scalar>(one: &DVector<S>, other: &DVector<S>) -> S {
    let products = one.iter().zip(other.iter()).map(|(a, b)| a.clone() * b.clone());
    products.fold(S::from(0.0), |sum, product| sum + product)
}

fn times<S: Scalar>(matrix: &DMatrix<S>, vector: &DVector<S>) -> DVector<S> {
    DVector::from_fn(matrix.nrows(), |i, _| {
        (0..vector.len())
            .fold(S::from(0.0), |sum, j| sum + matrix[(i, j)].clone() * vector[j].clone())
    })
}

impl<S: Scalar> SumOfPowers<S> {
    /// The quadratic with a symmetric matrix S and b.
    ///
    /// # Panics
    /// If sizes do not match.
    pub fn new(matrix: DMatrix<S>, linear: DVector<S>) -> Self {
        let size = linear.len();
        assert!(matrix.shape() == (size, size), "S is {size} by {size}, as b is long");
        SumOfPowers { matrix, linear, forms: Vec::new() }
    }

    /// Adds c t³/6 + q t⁴/24 with t = a·x + p.
    ///
    /// # Panics
    /// If a has another length than b.
    #[must_use]
    pub fn with_form(mut self, direction: DVector<S>, offset: S, cubic: S, quartic: S) -> Self {
        assert!(direction.len() == self.linear.len(), "a has one number for each variable");
        self.forms.push(Form { direction, offset, cubic, quartic });
        self
    }

    /// Adds x·S x/2 with another symmetric matrix.
    ///
    /// # Panics
    /// If it has another size.
    #[must_use]
    pub fn with_quadratic(mut self, matrix: &DMatrix<S>) -> Self {
        assert!(matrix.shape() == self.matrix.shape(), "both matrices are of one size");
        for (own, other) in self.matrix.iter_mut().zip(matrix.iter()) {
            *own = own.clone() + other.clone();
        }
        self
    }

    /// f(A y + v) as a function of y, up to a constant.
    ///
    /// # Panics
    /// If sizes do not match.
    #[must_use]
    pub fn in_coordinates(&self, map: &DMatrix<S>, shift: &DVector<S>) -> Self {
        let back = map.transpose();
        let product = |one: &DMatrix<S>, other: &DMatrix<S>| {
            DMatrix::from_fn(one.nrows(), other.ncols(), |i, j| {
                (0..one.ncols())
                    .fold(S::from(0.0), |sum, k| sum + one[(i, k)].clone() * other[(k, j)].clone())
            })
        };
        let moved = times(&self.matrix, shift);
        let linear =
            DVector::from_fn(self.linear.len(), |i, _| self.linear[i].clone() + moved[i].clone());
        let forms = self.forms.iter().map(|form| Form {
            direction: times(&back, &form.direction),
            offset: form.at(shift),
            ..form.clone()
        });
        SumOfPowers {
            matrix: product(&product(&back, &self.matrix), map),
            linear: times(&back, &linear),
            forms: forms.collect(),
        }
    }

    /// f(x)
    pub fn value(&self, x: &DVector<S>) -> S {
        let quadratic = dot(x, &times(&self.matrix, x)) / S::from(2.0) + dot(&self.linear, x);
        self.forms.iter().fold(quadratic, |sum, form| {
            let t = form.at(x);
            let cube = t.clone() * t.clone() * t.clone();
            let cubic = form.cubic.clone() * cube.clone() / S::from(6.0);
            sum + cubic + form.quartic.clone() * cube * t / S::from(24.0)
        })
    }

    /// The Hessian.
    pub fn hessian(&self, x: &DVector<S>) -> DMatrix<S> {
        let mut hessian = self.matrix.clone();
        for form in &self.forms {
            let t = form.at(x);
            let bend = form.cubic.clone() * t.clone()
                + form.quartic.clone() * t.clone() * t / S::from(2.0);
            let a = &form.direction;
            for i in 0..a.len() {
                for j in 0..a.len() {
                    let change = bend.clone() * (a[i].clone() * a[j].clone());
                    hessian[(i, j)] = hessian[(i, j)].clone() + change;
                }
            }
        }
        hessian
    }
}

impl<S: std::fmt::Display> std::fmt::Display for SumOfPowers<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |numbers: &mut dyn Iterator<Item = &S>| {
            numbers.map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        let rows: Vec<String> = self.matrix.row_iter().map(|row| list(&mut row.iter())).collect();
        write!(f, "S = ({}), b = ({})", rows.join("; "), list(&mut self.linear.iter()))?;
        for form in &self.forms {
            let direction = list(&mut form.direction.iter());
            let Form { offset, cubic, quartic, .. } = form;
            write!(f, ", {cubic} t³/6 + {quartic} t⁴/24 with t = ({direction})·x + {offset}")?;
        }
        Ok(())
    }
}

impl<S: Scalar> Oracle<DVector<S>> for SumOfPowers<S> {
    fn gradient(&self, at: &DVector<S>, into: &mut DVector<S>) {
        let quadratic = times(&self.matrix, at);
        for i in 0..at.len() {
            into[i] = quadratic[i].clone() + self.linear[i].clone();
        }
        for form in &self.forms {
            let t = form.at(at);
            let square = t.clone() * t.clone() / S::from(2.0);
            let slope = form.cubic.clone() * square.clone()
                + form.quartic.clone() * square * t / S::from(3.0);
            for i in 0..at.len() {
                into[i] = into[i].clone() + slope.clone() * form.direction[i].clone();
            }
        }
    }
}

/// Without exchanges of rows where the Hessian is positive definite.
impl<S: Scalar> NewtonSystem<DVector<S>> for SumOfPowers<S> {
    fn solve(&self, at: &DVector<S>, right: &mut DVector<S>) -> bool {
        let hessian = self.hessian(at);
        let solution = elimination::solve_definite(&hessian, right)
            .or_else(|| elimination::solve(&hessian, right));
        match solution {
            Some(solution) => {
                *right = solution;
                true
            }
            None => false,
        }
    }
}

impl<S: Scalar> ValuedExactly<DVector<S>> for SumOfPowers<S>
where
    DVector<S>: Point<Scalar = S>,
{
    fn value_at(&self, at: &DVector<S>) -> S {
        self.value(at)
    }
}

impl Valued<DVector<f64>> for SumOfPowers<f64> {
    fn values(&self, at: &DVector<f64>, into: &mut [f64]) {
        into[0] = self.value(at);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::numerics::Fraction;

    fn vector(entries: &[i64]) -> DVector<Fraction> {
        DVector::from_iterator(entries.len(), entries.iter().map(|&entry| Fraction::from(entry)))
    }

    fn example(entries: &[i64]) -> SumOfPowers<Fraction> {
        let matrix = DMatrix::from_fn(2, 2, |i, j| Fraction::from(entries[i + j]));
        SumOfPowers::new(matrix, vector(&entries[3..5]))
            .with_form(vector(&entries[5..7]), Fraction::from(entries[7]), 2.0.into(), 3.0.into())
            .with_form(vector(&entries[8..10]), 1.0.into(), 1.0.into(), (-1.0).into())
    }

    proptest! {
        #[test]
        fn derivatives_are_those_of_the_polynomial(
            entries in proptest::collection::vec(-3..=3i64, 14),
        ) {
            // A polynomial of degree 4 is the sum of its Taylor series; odd and even parts of its change tell the first two terms.
            let f = example(&entries);
            let (x, v) = (vector(&entries[10..12]), vector(&entries[12..14]));
            let along = |t: i64| f.value(&(&x + &v * Fraction::from(t)));
            let odd = |t: i64| (along(t) - along(-t)) / Fraction::from(2);
            let even = |t: i64| (along(t) + along(-t)) / Fraction::from(2) - along(0);
            let mut gradient = x.clone();
            f.gradient(&x, &mut gradient);
            let slope = (Fraction::from(8) * odd(1) - odd(2)) / Fraction::from(6);
            prop_assert_eq!(dot(&gradient, &v), slope);
            let bend = (Fraction::from(16) * even(1) - even(2)) / Fraction::from(6);
            prop_assert_eq!(dot(&v, &times(&f.hessian(&x), &v)), bend);
        }

        #[test]
        fn quadratics_add(entries in proptest::collection::vec(-3..=3i64, 15)) {
            let (f, x) = (example(&entries), vector(&entries[10..12]));
            let more = DMatrix::from_fn(2, 2, |i, j| Fraction::from(entries[12 + i + j]));
            let rise = f.clone().with_quadratic(&more).value(&x) - f.value(&x);
            prop_assert_eq!(rise, dot(&x, &times(&more, &x)) / Fraction::from(2));
        }

        #[test]
        fn in_coordinates_it_is_the_same_function(
            entries in proptest::collection::vec(-3..=3i64, 18),
        ) {
            let f = example(&entries);
            let map = DMatrix::from_fn(2, 2, |i, j| Fraction::from(entries[10 + 2 * i + j]));
            let (shift, y) = (vector(&entries[14..16]), vector(&entries[16..18]));
            let other = f.in_coordinates(&map, &shift);
            let x = times(&map, &y) + &shift;
            let constant = f.value(&shift) - other.value(&vector(&[0, 0]));
            prop_assert_eq!(other.value(&y) + constant, f.value(&x));
        }
    }
}
