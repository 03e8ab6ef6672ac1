//! LASSO problems with their certified solutions, small ones in numbers and the diabetes data.

use theoria_models::data;
use theoria_models::objectives::{Composite, Lasso};
use theoria_models::{Matrix, Minimum, Vector};
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance};

/// The features of the diabetes data, in their order.
pub(crate) const DIABETES: [&str; 10] =
    ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"];

/// |X a - y|² + λ|a|₁ with its solution.
#[derive(Clone)]
pub(crate) struct Penalised {
    name: String,
    pub(crate) lasso: Lasso,
    pub(crate) solution: Vector,
    pub(crate) minimum: Minimum,
}

impl Penalised {
    pub(crate) fn new(name: &str, lasso: Lasso) -> Self {
        let (solution, minimum) = lasso.solve();
        Penalised { name: name.into(), lasso, solution, minimum }
    }

    /// With this share of the weight from which on 0 is the solution.
    pub(crate) fn at_share(name: &str, features: Matrix, targets: Vector, share: f64) -> Self {
        let lasso = Lasso::new(features, targets, 0.0);
        let weight = share * lasso.threshold();
        Self::new(name, lasso.weighing(weight))
    }

    /// As a smooth part and a regulariser.
    pub(crate) fn composite(&self) -> Composite {
        self.lasso.composite()
    }

    /// L = 2|X|₂²
    pub(crate) fn smoothness(&self) -> f64 {
        2.0 * self.lasso.features().singular_values().max().powi(2)
    }

    /// F(0) = |y|²: what rounding errors of values are a share of.
    pub(crate) fn scale(&self) -> f64 {
        self.lasso.targets().norm_squared()
    }

    /// What rounding may do to F(a), F* or D(t).
    pub(crate) fn floor(&self, a: &Vector) -> f64 {
        self.minimum.error + 16.0 * f64::EPSILON * (self.lasso.value(a) + self.scale())
    }

    /// Where the solution is not zero.
    pub(crate) fn support(&self) -> Vec<usize> {
        (0..self.solution.len()).filter(|&j| self.solution[j] != 0.0).collect()
    }
}

impl Instance for Penalised {
    fn description(&self) -> String {
        let (n, d) = self.lasso.features().shape();
        if n * d <= 12 {
            format!(
                "{}: rows of X {}, y = {}, λ = {}",
                self.name,
                rows(self.lasso.features()),
                numbers(self.lasso.targets().iter()),
                short(self.lasso.weight())
            )
        } else {
            format!(
                "{}: {n} samples of {d} features, λ = {}",
                self.name,
                short(self.lasso.weight())
            )
        }
    }

    fn constants(&self) -> Vec<Constant> {
        vec![
            Constant::exact("λ", self.lasso.weight()),
            Constant::certified("F*", self.minimum.value),
        ]
    }

    fn needs() -> String {
        "features, targets and a weight".into()
    }
}

fn short(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').into()
}

/// (1, 2, 3)
pub(crate) fn numbers<'a>(numbers: impl IntoIterator<Item = &'a f64>) -> String {
    let texts: Vec<String> = numbers.into_iter().map(|number| short(*number)).collect();
    format!("({})", texts.join(", "))
}

fn rows(matrix: &Matrix) -> String {
    let texts: Vec<String> = matrix.row_iter().map(|row| numbers(row.iter())).collect();
    texts.join(" ")
}

/// The diabetes data, columns of norm 1.
pub(crate) fn diabetes_data() -> (Matrix, Vector) {
    let data = data::diabetes();
    let root = (data.features.nrows() as f64).sqrt();
    (data.features / root, data.targets)
}

/// The diabetes data at a share of the threshold.
pub(crate) fn diabetes_at(share: f64) -> Penalised {
    let (features, targets) = diabetes_data();
    Penalised::at_share("diabetes", features, targets, share)
}

/// The diabetes data at these shares of the threshold.
pub(crate) fn diabetes<const N: usize>(shares: [f64; N]) -> Family<Penalised> {
    Family::listed("diabetes", shares, |&share| diabetes_at(share))
}

/// Up to three features in numbers that are drawn one by one.
pub(crate) fn drawn_in_numbers(draw: &mut Draw) -> Penalised {
    let d = draw.size(1..=3);
    let n = d + draw.size(0..=1);
    let features = Matrix::from_fn(n, d, |_, _| draw.normal());
    let targets = Vector::from_fn(n, |_, _| draw.normal());
    let share = draw.log_uniform(0.05, 1.5);
    Penalised::at_share("drawn", features, targets, share)
}

/// Few features in numbers.
pub(crate) fn in_numbers() -> Family<Penalised> {
    Family::drawn("few features in numbers", drawn_in_numbers)
}

/// λ > 0.
pub(crate) fn positive_weight() -> Hypothesis<Penalised> {
    Hypothesis::new("positive weight", |p: &Penalised, _| {
        Check::that(p.lasso.weight() > 0.0, format!("λ = {:.6}", p.lasso.weight()))
    })
}

/// Whether the columns that reach |2X_jᵀr| = λ at the solution are independent, with the ratio of their singular values.
pub(crate) fn equicorrelated_columns(p: &Penalised) -> Check {
    let residual = p.lasso.residual(&p.solution);
    let correlations = p.lasso.features().tr_mul(&residual) * 2.0;
    let level = p.lasso.weight();
    let rounding = 1e-9 * p.lasso.threshold();
    let equal: Vec<usize> =
        (0..correlations.len()).filter(|&j| correlations[j].abs() >= level - rounding).collect();
    if equal.is_empty() {
        return Check::that(true, "no column reaches λ");
    }
    let columns = p.lasso.features().select_columns(&equal);
    if columns.ncols() > columns.nrows() {
        return Check::that(false, "more columns reach λ than there are samples");
    }
    let values = columns.singular_values();
    Check::at_least(
        values.min() / values.max(),
        1e-7,
        "singular values of the columns that reach λ",
    )
}

/// The columns that reach |2X_jᵀr| = λ at the solution are independent, so that it is unique.
pub(crate) fn independent_columns() -> Hypothesis<Penalised> {
    Hypothesis::new("independent columns", |p: &Penalised, _| equicorrelated_columns(p))
}
