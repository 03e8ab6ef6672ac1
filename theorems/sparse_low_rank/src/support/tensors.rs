//! Tensors of 2 x 2 x 2 fractions.

use nalgebra::DMatrix;
use theoria_models::elimination;
use theoria_models::numerics::Fraction;

/// A vector of the plane.
pub(crate) type Pair = [Fraction; 2];

/// Entries t_{abc} at 4a + 2b + c.
#[derive(Clone)]
pub(crate) struct Tensor([Fraction; 8]);

/// Two orthonormal vectors, a and b.
pub(crate) fn axes() -> (Pair, Pair) {
    let (three, four) = (Fraction::ratio(3, 5), Fraction::ratio(4, 5));
    ([three.clone(), four.clone()], [-four, three])
}

/// x₁ y₂ − x₂ y₁
pub(crate) fn determinant(x: &Pair, y: &Pair) -> Fraction {
    x[0].clone() * y[1].clone() - x[1].clone() * y[0].clone()
}

impl Tensor {
    /// x ⊗ y ⊗ z
    pub(crate) fn product(x: &Pair, y: &Pair, z: &Pair) -> Self {
        Tensor(std::array::from_fn(|i| x[i / 4].clone() * y[i / 2 % 2].clone() * z[i % 2].clone()))
    }

    /// This plus so many times the other.
    pub(crate) fn plus(&self, times: &Fraction, other: &Tensor) -> Self {
        Tensor(std::array::from_fn(|i| self.0[i].clone() + times.clone() * other.0[i].clone()))
    }

    /// The sum of the squared entries.
    pub(crate) fn norm_squared(&self) -> Fraction {
        self.0.iter().fold(Fraction::from(0), |sum, t| sum + t.clone() * t.clone())
    }

    /// j (a + b/j)⊗³ and −j a⊗³: two terms, each of rank 1.
    pub(crate) fn two_terms(j: i64) -> [Self; 2] {
        let (a, b) = axes();
        let near = std::array::from_fn(|i| a[i].clone() + b[i].clone() / Fraction::from(j));
        let zero = Tensor(std::array::from_fn(|_| Fraction::from(0)));
        [
            zero.plus(&Fraction::from(j), &Tensor::product(&near, &near, &near)),
            zero.plus(&Fraction::from(-j), &Tensor::product(&a, &a, &a)),
        ]
    }

    /// Their sum.
    pub(crate) fn of_rank_two(j: i64) -> Self {
        let [first, second] = Self::two_terms(j);
        first.plus(&Fraction::from(1), &second)
    }

    /// a ⊗ a ⊗ b + a ⊗ b ⊗ a + b ⊗ a ⊗ a, their limit.
    pub(crate) fn limit() -> Self {
        let (a, b) = axes();
        let one = Fraction::from(1);
        Tensor::product(&a, &a, &b)
            .plus(&one, &Tensor::product(&a, &b, &a))
            .plus(&one, &Tensor::product(&b, &a, &a))
    }

    /// Cayley's hyperdeterminant: the discriminant of det(t_{0··} + z t_{1··}) as a polynomial in z.
    pub(crate) fn hyperdeterminant(&self) -> Fraction {
        let t = |i: usize| self.0[i].clone();
        let (constant, square) = (t(0) * t(3) - t(1) * t(2), t(4) * t(7) - t(5) * t(6));
        let linear = t(0) * t(7) + t(3) * t(4) - t(1) * t(6) - t(2) * t(5);
        linear.clone() * linear - Fraction::from(4) * constant * square
    }

    /// The rank of the 2 x 4 matrix whose rows belong to the first, second or third index.
    pub(crate) fn flattening(&self, index: usize) -> usize {
        let stride = [4, 2, 1][index];
        let rest = |j: usize| j / stride * 2 * stride + j % stride;
        elimination::rank(&DMatrix::from_fn(2, 4, |i, j| self.0[i * stride + rest(j)].clone()))
    }
}
