#![doc = include_str!("sgd_noise_is_degenerate.md")]

use std::ops::RangeInclusive;
use std::sync::Arc;

use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_models::data::{diabetes, digits, underdetermined};
use theoria_models::networks::{Activation, Model, SquaredFit, TwoLayer};
use theoria_models::numerics::{maximum, written};
use theoria_models::objectives::{LeastSquares, LogisticRegression, Regularisation};
use theoria_models::stochastic::FiniteSum;
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{
    Check, Claim, Constant, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance,
    Line, Reading, Readings, Theorem,
};

/// Eigenvalues below this share of the trace are rounding: the square of that of singular values.
const ROUNDING: f64 = 1e-24;
/// Steps of gradient descent along which the noise is looked at.
const STEPS: usize = 60;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "implicit_bias/sgd_noise_is_degenerate",
        include_str!("sgd_noise_is_degenerate.md"),
    )
    .uses(
        "convergence/gradient_descent_nonconvex",
        "the descent lemma bounds a squared gradient by the gap",
    )
    .uses(
        "stochastic/minibatch_variance",
        "the covariance of a batch is a multiple of that of one sample",
    )
    .claim(generic(beyond_rank("rank_is_at_most_n_minus_one", 1)).on(digit_pixels()))
    .claim(
        vanishes("noise_vanishes_at_interpolation")
            .on(networks("networks at interpolation", true))
            .on(interpolated_least_squares(true)),
    )
    .claim(
        against_loss("noise_is_bounded_by_the_loss", 2.0)
            .on(networks("networks at a random point", false))
            .on(interpolated_least_squares(false))
            .on(logistic())
            .on(digit_pixels())
            .attained_on(two_parabolas())
            .attained_on(orthonormal())
            .on(parabolas(0.0..=0.0, Point::Start).hunted(1000)),
    )
    .control(generic(beyond_rank("rank_is_at_most_n_minus_two", 2)))
    .control(isotropic("noise_is_isotropic").on(networks("networks at a random point", false)))
    .control(vanishes("noise_vanishes_at_every_minimum").violating(INTERPOLATION).on(diabetes_at_the_minimum()))
    .control(
        against_loss("noise_is_smaller_by_a_fortieth", 1.95)
            .on(two_parabolas())
            .on(orthonormal()),
    )
    .control(
        against_loss("noise_is_smaller_by_a_twentieth", 1.9)
            .on(parabolas(0.0..=0.0, Point::Start).hunted(1000)),
    )
    .control(
        against_loss("noise_is_bounded_with_less_curvature", 2.0)
            .violating(BOUNDED_GRADIENTS)
            .on(parabolas(0.1..=0.9, Point::Start).hunted(1000)),
    )
    .control(
        vanishes("noise_vanishes_where_samples_disagree")
            .violating(INTERPOLATION)
            .on(parabolas(0.0..=0.0, Point::Minimum).hunted(200)),
    )
    .control(against_gap("noise_is_bounded_by_the_gap").on(diabetes_at_the_minimum()))
    .figure(
        Figure::semilog("noise", "step of gradient descent", "tr C")
            .of("noise_is_bounded_by_the_loss")
            .of("noise_is_bounded_by_the_gap")
            .caption(
                "Where all samples can be fitted the noise dies out with the loss; where they \
                 cannot it stays.",
            ),
    )
    .figure(
        Figure::semilog("spectrum", "number of the eigenvalue", "eigenvalue of C over its trace")
        .caption(
            "Noise of a network with 8 samples and 24 parameters: 7 directions, of very different \
             sizes, and nothing in the other 17.",
        )
        .showing(spectrum),
    )
}

/// The largest L_i at a point.
type Curvature = dyn Fn(&Vector) -> f64 + Send + Sync;

/// A finite sum at a point.
struct Loss {
    f: Arc<dyn FiniteSum>,
    at: Vector,
    /// max L_i with |∇f_i|² <= 2 L_i f_i at a point.
    curvature: Box<Curvature>,
    step: f64,
}

impl Loss {
    fn least_squares(features: Matrix, targets: Vector, name: &str) -> Self {
        let largest = features.row_iter().map(|row| row.norm_squared());
        let largest = largest.fold(0.0, maximum);
        let f = LeastSquares::new(features, targets).named(name);
        Loss {
            step: 1.0 / f.smoothness().map_or(largest, |l| l.value),
            at: Vector::zeros(f.dimension()),
            f: Arc::new(f),
            curvature: Box::new(move |_| largest),
        }
    }

    fn at_the_minimum(self) -> Self {
        let at = self.f.nearest_minimiser(&self.at).unwrap_or(self.at);
        Loss { at, ..self }
    }

    fn descend(&self, steps: usize) -> Trajectory {
        Trajectory::of(GradientDescent::new(self.step), &*self.f, &self.at, steps)
    }

    /// tr C, with what the rounding of n gradients adds to it.
    fn noise(&self, x: &Vector) -> Reading {
        let variance = self.f.moments(x).variance;
        let each = self.f.samples() as f64 * self.f.gradient_rounding(x);
        Reading::new(variance, each * (2.0 * variance.sqrt() + each))
    }

    /// Eigenvalues of C over its trace, in decreasing order. As squares of the singular values of ∇f_i − ∇f they are known to
    /// the square of rounding: gradients of one network are nearly dependent, and C itself would hide its smallest eigenvalues.
    fn spectrum(&self) -> Vec<f64> {
        let columns: Vec<Vector> =
            (0..self.f.samples()).map(|sample| self.f.sample_gradient(sample, &self.at)).collect();
        let mut deviations = Matrix::from_columns(&columns);
        let mean = deviations.column_mean();
        for mut column in deviations.column_iter_mut() {
            column -= &mean;
        }
        let squares = deviations.singular_values().map(|value| value * value);
        let mut values: Vec<f64> = (&squares / squares.sum()).as_slice().to_vec();
        values.resize(self.at.len(), 0.0);
        values.sort_by(|a, b| b.total_cmp(a));
        values
    }
}

impl Instance for Loss {
    fn description(&self) -> String {
        self.f.describe()
    }

    fn constants(&self) -> Vec<Constant> {
        let sizes = [
            ("n", self.f.samples() as f64),
            ("d", self.at.len() as f64),
            ("max L_i", (self.curvature)(&self.at)),
        ];
        sizes.map(|(name, value)| Constant::exact(name, value)).into()
    }
}

/// tanh networks of 3 to 8 samples in the plane and at least as many parameters, at the parameters that
/// made the targets, or at others.
fn networks(name: &str, interpolating: bool) -> Family<Loss> {
    Family::drawn(name, move |draw| {
        let samples = draw.size(3..=8);
        network(samples, draw.size(3..=8), interpolating, draw)
    })
}

fn network(samples: usize, neurons: usize, interpolating: bool, draw: &mut Draw) -> Loss {
    let random = draw.generator();
    let mut normal = || -> f64 { StandardNormal.sample(random) };
    let inputs = Matrix::from_fn(samples, 2, |_, _| normal());
    let net = TwoLayer::new(inputs, neurons, Activation::Tanh);
    let teacher = Vector::from_fn(net.parameters(), |_, _| normal());
    let targets = net.outputs(&teacher);
    let at =
        if interpolating { teacher } else { Vector::from_fn(net.parameters(), |_, _| normal()) };
    let slopes = net.clone();
    Loss {
        f: Arc::new(SquaredFit::new(net, targets)),
        at,
        curvature: Box::new(move |x| {
            let jacobian = slopes.jacobian(x);
            let squares = jacobian.row_iter().map(|row| row.norm_squared());
            squares.fold(0.0, maximum)
        }),
        step: 0.05,
    }
}

/// More features than samples, at 0 or at the solution of least norm.
fn interpolated_least_squares(at_the_minimum: bool) -> Family<Loss> {
    Family::drawn("under-determined least squares", move |draw| {
        let n = draw.size(2..=6);
        let d = n + draw.size(2..=6);
        let data = underdetermined(n, d, draw.generator());
        let loss = Loss::least_squares(data.features, data.targets, "Gaussian");
        if at_the_minimum { loss.at_the_minimum() } else { loss }
    })
}

fn logistic() -> Family<Loss> {
    Family::drawn("logistic regression", |draw| {
        let (n, d) = (draw.size(4..=12), draw.size(2..=5));
        let random = draw.generator();
        let features: Matrix = Matrix::from_fn(n, d, |_, _| StandardNormal.sample(random));
        let labels = Vector::from_fn(n, |i, _| if i % 2 == 0 { 1.0 } else { -1.0 });
        let largest = features.row_iter().map(|row| row.norm_squared() / 4.0);
        let largest = largest.fold(0.0, maximum);
        Loss {
            f: Arc::new(LogisticRegression::new(&features, &labels, Regularisation::None)),
            at: Vector::zeros(d),
            curvature: Box::new(move |_| largest),
            step: 1.0 / largest,
        }
    })
}

/// 40 images of 64 pixels; the target is the digit.
fn digit_pixels() -> Family<Loss> {
    Family::single("digits, 40 images", || {
        let data = digits();
        let features = data.features.rows(0, 40).into_owned();
        Loss::least_squares(features, data.targets.rows(0, 40).into_owned(), "digits")
    })
}

/// 128 orthonormal samples with equal residuals: ∇f is as small as it can be.
fn orthonormal() -> Family<Loss> {
    Family::single("128 orthonormal samples", || {
        Loss::least_squares(
            Matrix::identity(128, 128),
            Vector::from_element(128, 1.0),
            "orthonormal",
        )
    })
}

/// (x − 1)²/2 and (x + 1)²/2 at 0: the gradients cancel, and the bound is attained.
fn two_parabolas() -> Family<Loss> {
    Family::single("two parabolas", || {
        let (ones, ends) = (Matrix::from_element(2, 1, 1.0), Vector::from_vec(vec![1.0, -1.0]));
        Loss::least_squares(ones, ends, "two parabolas")
    })
}

/// Where a finite sum is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Point {
    Start,
    Minimum,
}

/// Two to four parabolas (a_i x − y_i)²/2 in one variable, whose largest curvature is said to be smaller by such a share.
fn parabolas(missing: RangeInclusive<f64>, point: Point) -> Family<Loss> {
    let (least, most) = missing.into_inner();
    Family::drawn("parabolas in one variable", move |draw| {
        let n = draw.size(2..=4);
        let slopes = Vector::from_fn(n, |_, _| draw.including_ends(0.1, 1.0));
        let targets = Vector::from_fn(n, |_, _| draw.including_ends(-1.0, 1.0));
        let samples = slopes.iter().zip(&targets);
        let samples = samples
            .map(|(a, y)| format!("({}x − {})²/2", written(*a), written(*y)).replace("− -", "+ "));
        let mut name = samples.collect::<Vec<_>>().join(", ");
        let missing = if most > 0.0 { draw.uniform(least, most) } else { 0.0 };
        let largest = (1.0 - missing) * slopes.amax().powi(2);
        if missing > 0.0 {
            name = format!("{name}, max L_i said to be {}", written(largest));
        }
        let features = Matrix::from_column_slice(n, 1, slopes.as_slice());
        let loss = Loss::least_squares(features, targets, &name);
        let loss = Loss { curvature: Box::new(move |_| largest), ..loss };
        if point == Point::Minimum { loss.at_the_minimum() } else { loss }
    })
}

/// 442 patients cannot be fitted by 10 features.
fn diabetes_at_the_minimum() -> Family<Loss> {
    Family::single("diabetes", || {
        let data = diabetes();
        Loss::least_squares(data.features, data.targets, "diabetes").at_the_minimum()
    })
}

/// Where the gradients are in general position; of the digits the zeros all have the gradient 0 at the start.
fn generic(claim: Claim<Loss>) -> Claim<Loss> {
    claim.on(networks("networks at a random point", false)).on(interpolated_least_squares(false))
}

fn differentiable() -> Hypothesis<Loss> {
    let why = "squared and logistic losses of models with continuous derivatives";
    Hypothesis::by_construction("differentiable losses of the samples", why)
}

/// The names of two hypotheses.
const BOUNDED_GRADIENTS: &str = "|∇f_i|² ≤ 2 L_i f_i";
const INTERPOLATION: &str = "interpolation";

/// Of every sample, at the point and about it.
fn bounded_gradients() -> Hypothesis<Loss> {
    Hypothesis::new(BOUNDED_GRADIENTS, |loss: &Loss, draw| {
        let points = (0..10).map(|k| {
            let offset = loss.at.map(|_| draw.uniform(-1.0, 1.0));
            &loss.at + offset * (f64::from(k) / 10.0)
        });
        let ratio = |x: &Vector| {
            let largest = (loss.curvature)(x);
            let ratios = (0..loss.f.samples()).map(|sample| {
                let (value, slope) =
                    (loss.f.sample_value(sample, x), loss.f.sample_gradient(sample, x));
                if value > 1e-12 { slope.norm_squared() / (2.0 * largest * value) } else { 0.0 }
            });
            ratios.fold(0.0, maximum)
        };
        let seen = points.map(|x| ratio(&x)).fold(0.0, maximum);
        Check::at_most(seen, 1.0 + 1e-12, "largest |∇f_i|²/(2 max L_i f_i), 1 (+ rounding)")
    })
}

/// The eigenvalues after the first n − `lost` ones.
fn beyond_rank(name: &str, lost: usize) -> Claim<Loss> {
    let formula = format!("sum of all but the n − {lost} largest eigenvalues of C, over tr C = 0");
    Claim::identity(name, &formula, ROUNDING)
        .assuming([differentiable()])
        .measuring_each(move |loss: &Loss| {
            let rank = loss.f.samples() - lost;
            let rest: f64 = loss.spectrum().iter().skip(rank).map(|v| v.abs()).sum();
            Readings::at(loss.f.samples(), Reading::new(rest, 1e-27))
        })
        .predicting(|_, _| 0.0)
}

fn interpolation() -> Hypothesis<Loss> {
    Hypothesis::new(INTERPOLATION, |loss: &Loss, _| {
        Check::at_most(loss.f.value(&loss.at), 1e-20, "f")
    })
}

fn vanishes(name: &str) -> Claim<Loss> {
    Claim::identity(name, "tr C = 0", 1e-20)
        .assuming([differentiable(), interpolation()])
        .measuring_each(|loss: &Loss| {
            let variance = loss.f.moments(&loss.at).variance;
            Readings::at(loss.f.samples(), Reading::new(variance, 1e-24))
        })
        .predicting(|_, _| 0.0)
}

/// Along gradient descent.
fn against_loss(name: &str, factor: f64) -> Claim<Loss> {
    let formula = format!("tr C ≤ {factor} max L_i f");
    let claim = Claim::bound(name, &formula).assuming([bounded_gradients()]).tight_to(0.999);
    claim.experiment(move |loss: &Loss| {
        let many = loss.at.len() > 100;
        let run = loss.descend(if many { 2 } else { STEPS });
        // Where all samples are fitted both sides are rounding.
        let fitted = |x: &Vector| loss.f.value(x) <= 1e3 * loss.f.rounding(x);
        let last = run.points().iter().position(fitted).unwrap_or(run.points().len());
        Curve::over(
            1..=last.max(1),
            |seen| loss.noise(&run.points()[seen - 1]),
            |seen| {
                let x = &run.points()[seen - 1];
                factor * (loss.curvature)(x) * loss.f.value(x)
            },
        )
    })
}

/// The same with f − f* in place of f, from a point near the minimum.
fn against_gap(name: &str) -> Claim<Loss> {
    Claim::bound(name, "tr C ≤ 2 max L_i (f − f*)").experiment(|loss: &Loss| {
        let start = loss.at.add_scalar(1.0);
        let method = GradientDescent::new(loss.step);
        let run = Trajectory::of(method, &*loss.f, &start, STEPS);
        let least = loss.f.value(&loss.at);
        Curve::over(
            0..=STEPS,
            |k| loss.f.moments(&run.points()[k]).variance,
            |k| {
                let x = &run.points()[k];
                2.0 * (loss.curvature)(x) * (loss.f.value(x) - least)
            },
        )
    })
}

fn isotropic(name: &str) -> Claim<Loss> {
    Claim::identity(name, "largest eigenvalue of C = tr C/d", 1e-3)
        .assuming([differentiable()])
        .measuring_each(|loss: &Loss| {
            let largest = loss.spectrum().first().copied().unwrap_or(f64::NAN);
            Readings::at(loss.at.len(), largest)
        })
        .predicting(|_, d| 1.0 / d)
}

fn spectrum(draw: &mut Draw, _: Effort) -> Content {
    let values = network(8, 8, false, draw).spectrum();
    let d = values.len();
    let isotropic = [(1.0, 1.0 / d as f64), (d as f64, 1.0 / d as f64)];
    let seen = values.iter().enumerate();
    let seen = seen.map(|(i, value)| ((i + 1) as f64, value.abs().max(1e-17)));
    Content::Lines {
        lines: vec![
            Line::measured("SGD, single samples", seen),
            Line::predicted("isotropic noise", isotropic),
        ],
    }
}
