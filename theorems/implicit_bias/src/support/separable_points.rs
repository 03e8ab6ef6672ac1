//! Points of two classes that a hyperplane through the origin separates, and methods that run on them.

use rand::Rng;
use theoria_algorithms::{GradientDescent, Method, SignDescent, Trajectory};
use theoria_elementary::{exp, exp_m1, ln, log2};
use theoria_models::data::{DataSet, digits, four_points, separable};
use theoria_models::numerics::{maximum, written};
use theoria_models::objectives::{LeastSquares, LogisticRegression, Regularisation};
use theoria_models::{Matrix, Objective, Property, Vector};
use theoria_references::{Margin, MarginNorm, largest_margin};
use theoria_verification::{Check, Constant, Family, Hypothesis, Instance};

use super::normalised_descent::NormalisedDescent;

/// Steps of gradient descent.
pub(crate) const STEPS: usize = 1 << 17;
/// Steps of the faster methods; with more of them the loss leaves the numbers.
pub(crate) const FEW: usize = 2048;

/// The loss of a sample of this margin is e^-512, well above the least number.
const MOST_MARGIN: f64 = 512.0;

/// Sign descent from 0 with a fixed step size η, and what its margin depends on.
pub(crate) struct SignSteps {
    /// η
    size: f64,
    /// How many.
    pub(crate) most: usize,
    /// n
    samples: usize,
    /// γ_∞
    pub(crate) largest: f64,
    /// B, the largest |x_i|₁.
    reach: f64,
}

impl SignSteps {
    /// What min y_i x_i·w/|w|_∞ is at least after k steps: γ_∞ − (exp(ηB) − 1 − ηB)/η − log(2ⁿ − 1)/(ηk).
    pub(crate) fn margin_after(&self, steps: f64) -> f64 {
        let change = self.size * self.reach;
        let start = ln(2f64.powi(self.samples as i32) - 1.0);
        self.largest - (exp_m1(change) - change) / self.size - start / (self.size * steps)
    }
}

/// Normalised descent on the exponential loss from 0 with a fixed step size η, and what its margin depends on.
pub(crate) struct NormalisedSteps {
    /// η
    size: f64,
    /// n
    samples: f64,
    /// γ
    largest: f64,
}

impl NormalisedSteps {
    /// With so many times the step size.
    pub(crate) fn times(self, multiple: f64) -> Self {
        NormalisedSteps { size: multiple * self.size, ..self }
    }

    /// By how much min y_i x_i·w/|w| falls short of γ after k steps, at most: (log n + 1/8)/(ηγk).
    pub(crate) fn shortfall_after(&self, steps: f64) -> f64 {
        (ln(self.samples) + 0.125) / (self.size * self.largest * steps)
    }
}

/// Two classes that a hyperplane through the origin separates.
pub(crate) struct Separation {
    data: DataSet,
}

impl Separation {
    pub(crate) fn four_points() -> Self {
        Separation { data: four_points() }
    }

    pub(crate) fn logistic(&self) -> LogisticRegression {
        LogisticRegression::new(&self.data.features, &self.data.targets, Regularisation::None)
    }

    pub(crate) fn margin(&self, norm: MarginNorm) -> Margin {
        margin_of(&self.data, norm)
    }

    /// The step size 1/L of gradient descent.
    fn step(&self) -> f64 {
        1.0 / self.logistic().required(Property::Smoothness)
    }

    /// 1/(h γ²), to which t f(w_t) tends.
    pub(crate) fn limit_of_the_loss(&self) -> f64 {
        let margin = self.margin(MarginNorm::Euclidean).margin;
        1.0 / (self.step() * margin * margin)
    }

    /// With multipliers λ of the largest margin (Σ λ_i = 1, Σ λ_i y_i x_i = γ ŵ) the gradient tends to −ŵ/(hγt), so that each
    /// support vector has h e^(−m_i)/n ~ λ_i/(γ² t): γ w·ŵ − log t tends to −Σ λ_i log(n λ_i/(h γ²)).
    pub(crate) fn limit_of_the_offset(&self) -> f64 {
        let Margin { margin, multipliers, .. } = self.margin(MarginNorm::Euclidean);
        let size = self.data.targets.len() as f64 / (self.step() * margin * margin);
        let support = multipliers.iter().filter(|weight| **weight > 1e-9);
        exp(-support.map(|weight| weight * ln(size * weight)).sum::<f64>())
    }

    /// The largest |x_i|².
    fn radius_squared(&self) -> f64 {
        let rows = self.data.features.row_iter();
        rows.map(|row| row.norm_squared()).fold(0.0, maximum)
    }

    fn keep<O: Objective>(
        &self,
        method: impl Method<Vector, O>,
        f: &O,
        steps: usize,
    ) -> Trajectory {
        let start = Vector::zeros(self.data.features.ncols());
        Trajectory::keeping(method, f, &start, steps, usize::is_power_of_two)
    }

    /// Gradient descent on the logistic loss with step size 1/L, after powers of two.
    pub(crate) fn descent(&self) -> Trajectory {
        self.descent_over(STEPS)
    }

    /// So many steps of it.
    pub(crate) fn descent_over(&self, steps: usize) -> Trajectory {
        self.keep(GradientDescent::new(self.step()), &self.logistic(), steps)
    }

    /// The step 1/R², R the largest |x_i|, of normalised descent on the exponential loss.
    pub(crate) fn normalised_steps(&self) -> NormalisedSteps {
        NormalisedSteps {
            size: 1.0 / self.radius_squared(),
            samples: self.data.targets.len() as f64,
            largest: self.margin(MarginNorm::Euclidean).margin,
        }
    }

    /// With so many times that step.
    pub(crate) fn normalised_exponential(&self, multiple: f64, steps: usize) -> Trajectory {
        let step = multiple / self.radius_squared();
        self.keep(NormalisedDescent::exponential(step, &self.data), &self.logistic(), steps)
    }

    pub(crate) fn normalised(&self) -> Trajectory {
        let step = 1.0 / self.radius_squared();
        self.keep(NormalisedDescent::new(step, &self.data), &self.logistic(), FEW)
    }

    pub(crate) fn signs(&self) -> Trajectory {
        self.keep(SignDescent::new(0.02), &self.logistic(), FEW)
    }

    /// The step γ_∞/(25 B²), with which the steps cost a fiftieth of the margin, and the last power of two after which the
    /// losses are still numbers.
    pub(crate) fn small_sign_steps(&self) -> SignSteps {
        let largest = self.margin(MarginNorm::Maximum).margin;
        let rows = self.data.features.row_iter();
        let reach = rows.map(|row| row.lp_norm(1)).fold(0.0, maximum);
        let size = largest / (25.0 * reach * reach);
        let most = MOST_MARGIN / (size * largest);
        SignSteps {
            size,
            most: 1 << log2(most) as u32,
            samples: self.data.targets.len(),
            largest,
            reach,
        }
    }

    pub(crate) fn small_signs(&self) -> Trajectory {
        let steps = self.small_sign_steps();
        self.keep(SignDescent::new(steps.size), &self.logistic(), steps.most)
    }

    /// Gradient descent on the squared loss.
    pub(crate) fn squared_loss(&self) -> Trajectory {
        let f = LeastSquares::new(self.data.features.clone(), self.data.targets.clone());
        let step = 1.0 / f.required(Property::Smoothness);
        self.keep(GradientDescent::new(step), &f, FEW)
    }

    /// min y_i x_i·w.
    pub(crate) fn least_margin(&self, w: &Vector) -> f64 {
        let outputs = &self.data.features * w;
        outputs.component_mul(&self.data.targets).min()
    }
}

impl Instance for Separation {
    fn description(&self) -> String {
        let (n, d) = self.data.features.shape();
        format!("{}, {n} points in dimension {d}", self.data.name)
    }

    fn constants(&self) -> Vec<Constant> {
        let norms = [("γ", MarginNorm::Euclidean), ("γ_∞", MarginNorm::Maximum)];
        norms.map(|(name, norm)| Constant::certified(name, self.margin(norm).margin)).into()
    }
}

pub(crate) fn points() -> Family<Separation> {
    Family::single("four points", Separation::four_points)
}

pub(crate) fn drawn() -> Family<Separation> {
    Family::drawn("separable", |draw| {
        let (n, d) = (draw.size(6..=12), draw.size(2..=3));
        Separation { data: clearly_separable(n, d, draw.generator()) }
    })
}

pub(crate) fn digits_of_two_kinds() -> Family<Separation> {
    Family::single("digits, zeros and ones", || Separation { data: zeros_and_ones() })
}

pub(crate) fn separated() -> Hypothesis<Separation> {
    Hypothesis::new("separable", |at: &Separation, _| {
        let found = at.margin(MarginNorm::Euclidean);
        Check::at_least(found.margin - found.gap, 1e-6, "margin, with its certificate")
    })
}

/// The name of that hypothesis.
pub(crate) const SHORT_STEPS: &str = "η ≤ 1/R²";

/// With so many times the step 1/R².
pub(crate) fn short_steps(multiple: f64) -> Hypothesis<Separation> {
    Hypothesis::new(SHORT_STEPS, move |_, _| Check::at_most(multiple, 1.0, "η R²"))
}

/// Two to four points in the plane, all of one class and to the right of 0.
pub(crate) fn in_the_plane() -> Family<Separation> {
    Family::drawn("points in the plane", |draw| {
        let n = draw.size(2..=4);
        let points: Vec<[f64; 2]> = (0..n)
            .map(|_| [draw.including_ends(0.05, 1.0), draw.including_ends(-1.0, 1.0)])
            .collect();
        let told = points.iter().map(|[x, y]| format!("({}, {})", written(*x), written(*y)));
        let name = told.collect::<Vec<_>>().join(", ");
        let features = Matrix::from_fn(n, 2, |i, j| points[i][j]);
        let targets = Vector::from_element(n, 1.0);
        Separation { data: DataSet { name, features, targets } }
    })
}

/// One point against ninety-nine that coincide, at which the method looks first.
pub(crate) fn one_against_a_crowd() -> Family<Separation> {
    const CROWD: usize = 99;
    Family::single("one point against 99", || {
        let (lonely, crowd) = ([1.0, -0.18], [1.0, 0.108]);
        let features =
            Matrix::from_fn(1 + CROWD, 2, |i, j| if i == 0 { lonely[j] } else { crowd[j] });
        let name = format!("(1, {}), and {CROWD} times (1, {})", lonely[1], crowd[1]);
        let targets = Vector::from_element(1 + CROWD, 1.0);
        Separation { data: DataSet { name, features, targets } }
    })
}

pub(crate) fn steps_of_one_over_l() -> Hypothesis<Separation> {
    let why = "every run of gradient descent starts at 0 and makes steps of 1/L";
    Hypothesis::by_construction("step size 1/L from 0", why)
}

/// The largest margin of separable points in a norm.
fn margin_of(data: &DataSet, norm: MarginNorm) -> Margin {
    largest_margin(&data.features, &data.targets, norm).unwrap_or_else(|error| panic!("{error}"))
}

/// Random points, without those that are nearly support vectors, which make everything slow.
fn clearly_separable(n: usize, d: usize, random: &mut impl Rng) -> DataSet {
    let all = separable(n, d, 1.0, random);
    let Margin { direction, margin, multipliers, .. } = margin_of(&all, MarginNorm::Euclidean);
    let margins = (&all.features * direction).component_mul(&all.targets);
    let clear = |i: &usize| multipliers[*i] > 0.0 || margins[*i] >= 1.5 * margin;
    let rows: Vec<usize> = (0..n).filter(clear).collect();
    DataSet {
        features: all.features.select_rows(&rows),
        targets: all.targets.select_rows(&rows),
        ..all
    }
}

/// 30 images of zeros and 30 of ones.
fn zeros_and_ones() -> DataSet {
    let all = digits();
    let of = |digit: f64| {
        let targets = all.targets.iter().enumerate();
        let found = targets.filter(move |(_, target)| **target == digit);
        found.map(|(row, _)| row).take(30)
    };
    let rows: Vec<usize> = of(0.0).chain(of(1.0)).collect();
    DataSet {
        name: "digits, zeros and ones".into(),
        features: all.features.select_rows(&rows),
        targets: Vector::from_fn(60, |i, _| if i < 30 { 1.0 } else { -1.0 }),
    }
}
