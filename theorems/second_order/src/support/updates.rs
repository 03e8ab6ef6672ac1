//! Pairs of a step and the change of the gradient along it, in fractions.

use nalgebra::{DVector, Dim, Storage};
use theoria_algorithms::Update;
use theoria_models::elimination;
use theoria_models::numerics::Fraction;
use theoria_verification::{Check, Claim, Draw, Family, Hypothesis, Instance, Readings};

use super::changed::{Exact, from_identity};

pub(crate) type Column = DVector<Fraction>;

const UPDATES: [Update; 4] = [Update::Bfgs, Update::Dfp, Update::SymmetricRankOne, Update::Broyden];
/// Of an exact identity nothing is left.
pub(crate) const EXACT: f64 = 1e-15;

/// The entries row by row.
pub(crate) fn shown<R: Dim, C: Dim, S: Storage<Fraction, R, C>>(
    matrix: &nalgebra::Matrix<Fraction, R, C, S>,
) -> String {
    let rows = (0..matrix.nrows()).map(|i| {
        let entries = (0..matrix.ncols()).map(|j| matrix[(i, j)].to_string());
        entries.collect::<Vec<_>>().join(" ")
    });
    rows.collect::<Vec<_>>().join("; ")
}

/// H before the update, s and y; and matrices of which norms and competitors are made.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) inverse: Exact,
    pub(crate) step: Column,
    pub(crate) change: Column,
    /// Positive definite.
    metric: Exact,
    /// Symmetric.
    other: Exact,
}

impl Instance for Pair {
    fn description(&self) -> String {
        format!(
            "H = ({}), s = ({}), y = ({})",
            shown(&self.inverse),
            shown(&self.step),
            shown(&self.change)
        )
    }
}

fn outer(one: &Column, other: &Column) -> Exact {
    one * other.transpose()
}

/// B − B s sᵀB/(s·B s) + y yᵀ/(y·s), with so many times the second term.
fn direct(before: &Exact, step: &Column, change: &Column, times: &Fraction) -> Exact {
    let image = before * step;
    let (length, secant) = (step.dot(&image), step.dot(change));
    before - outer(&image, &image).map(|entry| times.clone() * entry / length.clone())
        + outer(change, change).map(|entry| entry / secant.clone())
}

impl Pair {
    /// y·s
    fn secant(&self) -> Fraction {
        self.step.dot(&self.change)
    }

    /// H after the update, if it is defined.
    fn after(&self, update: Update) -> Option<Exact> {
        let mut inverse = self.inverse.clone();
        update.apply(&mut inverse, &self.step, &self.change).then_some(inverse)
    }

    /// H⁻¹ after the update by the formula for the inverse of H, with so many times its second term.
    fn hessian_after(&self, times: &Fraction) -> Option<Exact> {
        let before = elimination::inverse(&self.inverse)?;
        Some(direct(&before, &self.step, &self.change, times))
    }

    /// H after BFGS as a product of three, with so many times the last term.
    fn product_form(&self, times: &Fraction) -> Exact {
        let (size, secant) = (self.step.len(), self.secant());
        let left = Exact::identity(size, size)
            - outer(&self.step, &self.change).map(|entry| entry / secant.clone());
        let square = outer(&self.step, &self.step);
        &left * &self.inverse * left.transpose()
            + square.map(|entry| times.clone() * entry / secant.clone())
    }

    /// s·H⁻¹ s
    fn length(&self) -> Option<Fraction> {
        elimination::solve(&self.inverse, &self.step).map(|image| self.step.dot(&image))
    }

    /// The inner product of H₊ − H and of the way from H₊ to another symmetric matrix with the same secant equation, in the norm of a W with
    /// W s = y.
    fn product_of_changes(&self, update: Update) -> Option<Fraction> {
        let size = self.step.len();
        let metric = direct(&self.metric, &self.step, &self.change, &Fraction::from(1));
        let square = self.change.dot(&self.change);
        let projection = Exact::identity(size, size)
            - outer(&self.change, &self.change).map(|entry| entry / square.clone());
        let away = &projection * &self.other * &projection;
        let change = self.after(update)? - &self.inverse;
        Some((&metric * away * &metric * change).trace())
    }
}

/// Whether it is positive definite, by its leading minors.
fn is_definite(matrix: &Exact) -> bool {
    (1..=matrix.nrows()).all(|size| {
        elimination::determinant(&matrix.view((0, 0), (size, size)).into_owned()).is_positive()
    })
}

/// A whole number from -3 to 3.
pub(crate) fn whole(draw: &mut Draw) -> Fraction {
    Fraction::from(draw.size(0..=6) as i64 - 3)
}

fn symmetric(size: usize, draw: &mut Draw) -> Exact {
    let entries = Exact::from_fn(size, size, |_, _| whole(draw));
    &entries + entries.transpose()
}

/// L Lᵀ with whole numbers, positive on the diagonal.
pub(crate) fn positive(size: usize, draw: &mut Draw) -> Exact {
    let factor = Exact::from_fn(size, size, |i, j| match i.cmp(&j) {
        std::cmp::Ordering::Less => Fraction::from(0),
        std::cmp::Ordering::Equal => Fraction::from(draw.size(1..=3) as i64),
        std::cmp::Ordering::Greater => whole(draw),
    });
    &factor * factor.transpose()
}

/// H positive definite; y·s of the signs that are asked for.
pub(crate) fn pairs(name: &str, signs: &'static [i64]) -> Family<Pair> {
    Family::drawn(name, move |draw| {
        let size = draw.size(2..=4);
        let (inverse, metric) = (positive(size, draw), positive(size, draw));
        let other = symmetric(size, draw);
        let step = Column::from_fn(size, |_, _| Fraction::from(draw.size(1..=3) as i64));
        let mut change = Column::from_fn(size, |_, _| whole(draw));
        // Along s so much that y·s has the sign.
        let sign = signs[draw.size(0..=signs.len() - 1)];
        let (secant, square) = (step.dot(&change), step.dot(&step));
        let wanted = Fraction::from(sign * draw.size(1..=9) as i64) - secant;
        change += step.map(|entry| entry * wanted.clone() / square.clone());
        draw.label(if sign > 0 { "y·s > 0" } else { "y·s < 0" });
        Pair { inverse, step, change, metric, other }
    })
}

/// One in two and one in three dimensions, of which no term vanishes.
pub(crate) fn worked_pairs() -> Family<Pair> {
    Family::listed("worked pairs", [2, 3], |&size| {
        let matrix = |off: i64| {
            Exact::from_fn(size, size, |i, j| {
                Fraction::from(if i == j { 5 + i as i64 } else { off })
            })
        };
        Pair {
            inverse: matrix(1),
            step: Column::from_fn(size, |i, _| Fraction::from(1 + i as i64)),
            change: Column::from_fn(size, |i, _| Fraction::from(3 - i as i64)),
            metric: matrix(2),
            other: matrix(-1),
        }
    })
}

/// y·s > 0
fn bends_up() -> Hypothesis<Pair> {
    Hypothesis::new("y·s > 0", |pair: &Pair, _| {
        let secant = pair.secant();
        Check::that(secant.is_positive(), format!("y·s = {secant}"))
    })
}

/// H is positive definite before the update.
fn definite_before() -> Hypothesis<Pair> {
    Hypothesis::new("H positive definite", |pair: &Pair, _| {
        Check::that(is_definite(&pair.inverse), "by its leading minors")
    })
}

/// No denominator vanishes.
fn defined(updates: &'static [Update]) -> Hypothesis<Pair> {
    Hypothesis::new("denominators", |pair: &Pair, _| {
        let all = updates.iter().all(|update| pair.after(*update).is_some());
        Check::that(all, "no denominator vanishes")
    })
}

/// The sum of the sizes.
pub(crate) fn sum(entries: impl Iterator<Item = Fraction>) -> f64 {
    entries.map(Fraction::abs).sum::<Fraction>().nearest()
}

pub(crate) fn secant(name: &str, formula: &str, times: (i64, i64)) -> Claim<Pair> {
    let factor = Fraction::ratio(times.0, times.1);
    Claim::identity(name, formula, EXACT)
        .assuming([definite_before(), defined(&UPDATES)])
        .measuring_each(move |pair: &Pair| {
            Readings::over(0..UPDATES.len(), |i| {
                pair.after(UPDATES[i]).map_or(f64::NAN, |after| {
                    let wanted = pair.step.map(|entry| entry * factor.clone());
                    sum((after * &pair.change - wanted).iter().cloned())
                })
            })
        })
        .predicting(|_, _| 0.0)
}

pub(crate) fn inverse(name: &str, formula: &str, times: (i64, i64)) -> Claim<Pair> {
    let factor = Fraction::ratio(times.0, times.1);
    Claim::identity(name, formula, EXACT)
        .assuming([definite_before(), defined(&UPDATES[..1])])
        .measuring_each(move |pair: &Pair| {
            let product = pair.after(Update::Bfgs).zip(pair.hessian_after(&factor));
            let left = product.map(|(after, hessian)| from_identity(&(after * hessian)));
            Readings::at(pair.step.len(), left.unwrap_or(f64::NAN))
        })
        .predicting(|_, _| 0.0)
}

/// (s·B s)/(y·s)
pub(crate) fn ratio(pair: &Pair) -> f64 {
    pair.length().map_or(f64::NAN, |length| (length / pair.secant()).nearest())
}

pub(crate) fn product_form(name: &str, formula: &str, times: (i64, i64)) -> Claim<Pair> {
    let factor = Fraction::ratio(times.0, times.1);
    Claim::identity(name, formula, EXACT)
        .assuming([definite_before(), defined(&UPDATES[..1])])
        .measuring_each(move |pair: &Pair| {
            let product = pair.after(Update::Bfgs).map(|after| after - pair.product_form(&factor));
            let left = product.map(|left| sum(left.iter().cloned()));
            Readings::at(pair.step.len(), left.unwrap_or(f64::NAN))
        })
        .predicting(|_, _| 0.0)
}

pub(crate) fn determinant(name: &str) -> Claim<Pair> {
    Claim::identity(name, "det H₊/det H = (s·B s)/(y·s)", 1e-14)
        .assuming([definite_before(), defined(&UPDATES[..1])])
        .measuring_each(|pair: &Pair| {
            let ratio = pair.after(Update::Bfgs).map(|after| {
                elimination::determinant(&after) / elimination::determinant(&pair.inverse)
            });
            Readings::at(pair.step.len(), ratio.map_or(f64::NAN, |ratio| ratio.nearest()))
        })
        .predicting(|pair, _| ratio(pair))
}

pub(crate) fn definite(name: &str) -> Claim<Pair> {
    Claim::identity(name, "H₊ is positive definite if and only if y·s > 0", EXACT)
        .assuming([definite_before(), defined(&UPDATES[..1])])
        .measuring_each(|pair: &Pair| {
            let after = pair.after(Update::Bfgs);
            let definite = after.map_or(f64::NAN, |after| f64::from(u8::from(is_definite(&after))));
            Readings::at(pair.step.len(), definite)
        })
        .predicting(|pair, _| f64::from(u8::from(pair.secant().is_positive())))
}

pub(crate) fn nearest(name: &str, formula: &str, update: Update) -> Claim<Pair> {
    Claim::identity(name, formula, EXACT)
        .assuming([definite_before(), bends_up()])
        .measuring_each(move |pair: &Pair| {
            let product = pair.product_of_changes(update);
            Readings::at(pair.step.len(), product.map_or(f64::NAN, |product| product.nearest()))
        })
        .predicting(|_, _| 0.0)
}
