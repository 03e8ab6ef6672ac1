//! What the least value of a programme becomes when its right-hand side changes.

use nalgebra::DVector;
use theoria_algorithms::PivotRule;
use theoria_models::numerics::Fraction;
use theoria_models::{LinearProgram, elimination};
use theoria_verification::{Check, Constant, Family, Hypothesis, Instance};

use super::programs::{Point, Program, least, matrix, solution, solvable, two_goods, whole};

/// A programme with a solution, one of whose rows is changed on the right.
pub(crate) struct Priced {
    name: String,
    program: Program,
    row: usize,
    point: Point,
    prices: Point,
}

impl Instance for Priced {
    fn description(&self) -> String {
        format!("{}, row {}", self.name, self.row + 1)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("y", self.prices[self.row].nearest())]
    }
}

impl Priced {
    fn of(name: &str, program: Program, row: usize) -> Self {
        let (point, prices) = solution(&program, PivotRule::Bland)
            .unwrap_or_else(|| (Point::from_vec(Vec::new()), Point::from_vec(Vec::new())));
        Priced { name: name.into(), program, row, point, prices }
    }

    fn basis(&self) -> Vec<usize> {
        let zero = Fraction::from(0);
        (0..self.point.len()).filter(|j| self.point[*j] != zero).collect()
    }

    /// The change of b at this share of the range in which the basis stays: of its upper end where the share is positive, else of its lower one; where the range has
    /// no end there, a hundred for a share of 1.
    pub(crate) fn change(&self, share: f64) -> Fraction {
        let basis = self.basis();
        let columns = nalgebra::DMatrix::from_fn(basis.len(), basis.len(), |i, j| {
            self.program.matrix()[(i, basis[j])].clone()
        });
        let axis = DVector::from_fn(basis.len(), |i, _| Fraction::from(i64::from(i == self.row)));
        let share = Fraction::from(share);
        let Some(slope) = elimination::solve(&columns, &axis) else { return share };
        // x_B + t slope ≥ 0
        let ends = basis.iter().zip(slope.iter()).filter_map(|(&j, slope)| {
            let towards_zero =
                if share.is_positive() { slope.is_negative() } else { slope.is_positive() };
            towards_zero.then(|| (self.point[j].clone() / slope.clone()).abs())
        });
        ends.min().unwrap_or_else(|| Fraction::from(100)) * share
    }

    /// The least value after that change, solved anew.
    pub(crate) fn value_after(&self, change: &Fraction) -> Option<Fraction> {
        let mut right = self.program.right().clone();
        right[self.row] += change.clone();
        least(&self.program.with_right(right))
    }

    /// The value that the price tells.
    pub(crate) fn told(&self, change: &Fraction) -> Fraction {
        self.program.value(&self.point) + self.prices[self.row].clone() * change.clone()
    }
}

/// As many coordinates of the solution are positive as there are rows.
pub(crate) fn nondegenerate() -> Hypothesis<Priced> {
    Hypothesis::new("nondegenerate", |at: &Priced, _| {
        let (basis, rows) = (at.basis().len(), at.program.shape().0);
        Check::that(basis == rows, format!("{basis} positive coordinates, {rows} rows"))
    })
}

/// The two goods, with more of either material.
pub(crate) fn of_two_goods() -> Family<Priced> {
    Family::listed("two goods of two materials", [0usize, 1], |&row| {
        let known = two_goods();
        Priced::of(&known.name, known.program, row)
    })
}

pub(crate) fn drawn() -> Family<Priced> {
    solvable().map(|known| {
        let rows = known.program.shape().0;
        Priced::of(&known.description(), known.program, rows - 1)
    })
}

/// The cheapest diet: c·x with A x ≥ b in positive numbers, whose needs change to b′.
pub(crate) struct Diet {
    program: Program,
    needs: Point,
}

impl Instance for Diet {
    fn description(&self) -> String {
        let told =
            |v: &Point| v.iter().map(|e| (-e.clone()).to_string()).collect::<Vec<_>>().join(", ");
        let (m, n) = self.program.shape();
        let (before, after) = (told(self.program.right()), told(&self.needs));
        format!("{m} needs of {} foods, from ({before}) to ({after})", n - m)
    }
}

impl Diet {
    /// The least cost of the new needs.
    pub(crate) fn cost(&self) -> Option<Fraction> {
        least(&self.program.with_right(self.needs.clone()))
    }

    /// The cost before, and what the prices tell of the change.
    pub(crate) fn told(&self) -> Option<(Fraction, Fraction)> {
        let (point, prices) = solution(&self.program, PivotRule::Bland)?;
        let after: Fraction =
            (0..prices.len()).map(|i| prices[i].clone() * self.needs[i].clone()).sum();
        let before = self.program.value(&point);
        Some((before.clone(), after - before))
    }
}

pub(crate) fn diets() -> Family<Diet> {
    Family::drawn("diets in whole numbers", |draw| {
        let (m, n) = (draw.size(1..=3), draw.size(1..=4));
        let mut foods = matrix(draw, m, n, 4);
        // From 1 to 9, as A x ≤ b with both sides negative.
        foods.iter_mut().for_each(|entry| *entry -= Fraction::from(5));
        let needs = |draw: &mut theoria_verification::Draw| {
            Point::from_iterator(m, (0..m).map(|_| -whole(draw, 1, 20)))
        };
        let (before, after) = (needs(draw), needs(draw));
        let cost = Point::from_iterator(n, (0..n).map(|_| whole(draw, 1, 9)));
        Diet { program: LinearProgram::at_most(&foods, before, &cost), needs: after }
    })
}
