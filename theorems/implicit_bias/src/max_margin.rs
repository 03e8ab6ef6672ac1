#![doc = include_str!("max_margin.md")]

use theoria_algorithms::{GradientDescent, Method, SignDescent, Trajectory};
use theoria_instances::sequences::dyadic;
use theoria_models::data::{DataSet, four_points};
use theoria_models::objectives::{LeastSquares, LogisticRegression, Regularisation};
use theoria_models::{Objective, Property, Vector};
use theoria_references::{Margin, MarginNorm};
use theoria_verification::{
    Check, Claim, Constant, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance,
    Line, Reading, Readings, Theorem,
};

use crate::support::normalised_descent::NormalisedDescent;
use crate::support::separable_points::{clearly_separable, margin_of, zeros_and_ones};

/// Steps of gradient descent.
const STEPS: usize = 1 << 17;
/// Steps of the faster methods; with more of them the loss leaves the numbers.
const FEW: usize = 2048;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let loss = loss("loss_falls_like_one_over_t").on(points());
    let faster = loss
        .restated("loss_falls_faster_by_a_tenth", "f(w_t) ~ t^-1.1")
        .predicting(|_, t| t.powf(-1.1));
    let constant = loss_constant("loss_has_the_constant_of_the_margin").on(points());
    let other_constant = constant
        .restated("loss_is_smaller_by_a_fiftieth", "t f(w_t) = 0.98/(h γ²)")
        .predicting(|at, _| 0.98 * at.limit_of_the_loss());
    let norm = norm("norm_grows_like_log_t_over_the_margin").on(points());
    let larger = norm
        .restated("norm_grows_faster_by_a_tenth", "exp(γ |w_t|) ~ t^1.1")
        .predicting(|_, t| t.powf(1.1));
    let offset = offset("norm_has_the_constant_of_the_multipliers").on(points());
    let without_offset =
        offset.restated("norm_has_no_constant", "exp(γ w_t·ŵ)/t = 1").predicting(|_, _| 1.0);
    let normalised_margin = margin(
        "normalised_descent_nears_the_margin",
        "normalised descent: min y_i x_i·w/|w| ≥ 0.98 γ after 1024 steps",
        MarginNorm::Euclidean,
        Separation::normalised,
    )
    .assuming([no_near_support_vectors()])
    .on(drawn())
    .on(digits_of_two_kinds());
    let beyond_the_margin = normalised_margin
        .restated(
            "normalised_descent_exceeds_the_margin",
            "min y_i x_i·w/|w| ≥ 1.01 γ after 1024 steps",
        )
        .predicting_from(|at| at.margin(MarginNorm::Euclidean).margin, |largest, _| 1.01 * largest);
    Theorem::new("implicit_bias/max_margin", include_str!("max_margin.md"))
        .claim(loss)
        .claim(constant)
        .claim(loss_bound("loss_is_at_most_log_squared_over_t").on(points()).on(drawn()))
        .claim(norm)
        .claim(offset)
        .claim(angle_decreases("angle_decreases").on(points()))
        .claim(
            perpendicular("perpendicular_part_stays_bounded", MarginNorm::Euclidean).on(points()),
        )
        .claim(normalised("normalised_descent_has_the_limit", MarginNorm::Euclidean).on(points()))
        .claim(
            ends_near(
                "normalised_descent_ends_at_the_direction",
                "normalised descent",
                Separation::normalised,
            )
            .on(points()),
        )
        .claim(normalised_margin)
        .claim(
            margin(
                "sign_descent_nears_the_maximum_norm_margin",
                "sign descent: min y_i x_i·w/|w|_∞ ≥ 0.98 γ_∞ after 1024 steps",
                MarginNorm::Maximum,
                Separation::signs,
            )
            .on(points())
            .on(drawn()),
        )
        .control(
            perpendicular(
                "part_across_the_maximum_norm_direction_stays_bounded",
                MarginNorm::Maximum,
            )
            .on(points()),
        )
        .control(faster)
        .control(other_constant)
        .control(larger)
        .control(without_offset)
        .control(beyond_the_margin)
        .control(
            normalised("normalised_descent_has_the_maximum_norm_limit", MarginNorm::Maximum)
                .on(points()),
        )
        .control(
            ends_near(
                "squared_loss_ends_at_the_direction",
                "squared loss",
                Separation::squared_loss,
            )
            .on(points()),
        )
        .control(
            ends_near("sign_descent_ends_at_the_direction", "sign descent", Separation::signs)
                .on(points()),
        )
        .control(
            margin(
                "sign_descent_nears_the_euclidean_margin",
                "sign descent: min y_i x_i·w/|w| ≥ 0.98 γ after 1024 steps",
                MarginNorm::Euclidean,
                Separation::signs,
            )
            .on(points()),
        )
        .figure(
            Figure::log_log("loss", "step t", "f(w_t)").of("loss_falls_like_one_over_t").caption(
                "The loss falls like 1/t, far from the exponential decay of a \
                     strongly convex problem.",
            ),
        )
        .figure(
            Figure::log_log("limit", "step", "angle to the direction of largest margin")
                .of("normalised_descent_has_the_limit")
                .of("normalised_descent_has_the_maximum_norm_limit")
                .caption(
                    "Normalised by the loss, descent turns to the Euclidean direction \
                     like 1/k and stays away from that of the maximum norm.",
                ),
        )
        .figure(
            Figure::log_log("angles", "step", "angle to the Euclidean direction")
                .caption(
                    "Gradient descent turns to the direction of largest Euclidean margin as \
                 slowly as 1/log t; sign descent and the squared loss have other \
                 limits.",
                )
                .showing(angles),
        )
}

/// Two classes that a hyperplane through the origin separates.
struct Separation {
    data: DataSet,
}

impl Separation {
    fn logistic(&self) -> LogisticRegression {
        LogisticRegression::new(&self.data.features, &self.data.targets, Regularisation::None)
    }

    fn margin(&self, norm: MarginNorm) -> Margin {
        margin_of(&self.data, norm)
    }

    /// The step size 1/L of gradient descent.
    fn step(&self) -> f64 {
        1.0 / self.logistic().required(Property::Smoothness)
    }

    /// 1/(h γ²), to which t f(w_t) tends.
    fn limit_of_the_loss(&self) -> f64 {
        let margin = self.margin(MarginNorm::Euclidean).margin;
        1.0 / (self.step() * margin * margin)
    }

    /// With multipliers λ of the largest margin (Σ λ_i = 1, Σ λ_i y_i x_i = γ ŵ) the gradient tends to −ŵ/(hγt), so that each
    /// support vector has h e^(−m_i)/n ~ λ_i/(γ² t): γ w·ŵ − log t tends to −Σ λ_i log(n λ_i/(h γ²)).
    fn limit_of_the_offset(&self) -> f64 {
        let Margin { margin, multipliers, .. } = self.margin(MarginNorm::Euclidean);
        let size = self.data.targets.len() as f64 / (self.step() * margin * margin);
        let support = multipliers.iter().filter(|weight| **weight > 1e-9);
        (-support.map(|weight| weight * (size * weight).ln()).sum::<f64>()).exp()
    }

    /// The largest |x_i|².
    fn radius_squared(&self) -> f64 {
        let rows = self.data.features.row_iter();
        rows.map(|row| row.norm_squared()).fold(0.0, f64::max)
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
    fn descent(&self) -> Trajectory {
        self.keep(GradientDescent::new(self.step()), &self.logistic(), STEPS)
    }

    fn normalised(&self) -> Trajectory {
        let step = 1.0 / self.radius_squared();
        self.keep(NormalisedDescent::new(step, &self.data), &self.logistic(), FEW)
    }

    fn signs(&self) -> Trajectory {
        self.keep(SignDescent::new(0.02), &self.logistic(), FEW)
    }

    /// Gradient descent on the squared loss.
    fn squared_loss(&self) -> Trajectory {
        let f = LeastSquares::new(self.data.features.clone(), self.data.targets.clone());
        let step = 1.0 / f.required(Property::Smoothness);
        self.keep(GradientDescent::new(step), &f, FEW)
    }

    /// min y_i x_i·w.
    fn least_margin(&self, w: &Vector) -> f64 {
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

fn points() -> Family<Separation> {
    Family::single("four points", || Separation { data: four_points() })
}

fn drawn() -> Family<Separation> {
    Family::drawn("separable", |draw| {
        let (n, d) = (draw.size(6..=12), draw.size(2..=3));
        Separation { data: clearly_separable(n, d, draw.generator()) }
    })
}

fn digits_of_two_kinds() -> Family<Separation> {
    Family::single("digits, zeros and ones", || Separation { data: zeros_and_ones() })
}

fn separated() -> Hypothesis<Separation> {
    Hypothesis::new("separable", |at: &Separation, _| {
        let found = at.margin(MarginNorm::Euclidean);
        Check::at_least(found.margin - found.gap, 1e-6, "margin, with its certificate")
    })
}

/// No point lies between the margin and one and a half times it, but for the support vectors.
fn no_near_support_vectors() -> Hypothesis<Separation> {
    let why = "random points within 1.5 γ that are no support vectors are left out; the digits are as they are";
    Hypothesis::by_construction("no near support vectors", why)
}

fn steps_of_one_over_l() -> Hypothesis<Separation> {
    let why = "every run of gradient descent starts at 0 and makes steps of 1/L";
    Hypothesis::by_construction("step size 1/L from 0", why)
}

/// The parts of w across and along a unit vector.
fn parts(w: &Vector, direction: &Vector) -> (f64, f64) {
    let along = w.dot(direction);
    ((w - direction * along).norm(), along)
}

fn angle(w: &Vector, direction: &Vector) -> f64 {
    let (across, along) = parts(w, &direction.normalize());
    across.atan2(along)
}

/// What `measure` reads off a run after powers of two.
fn along(run: &Trajectory, measure: impl Fn(&Vector) -> f64) -> Readings {
    dyadic(STEPS).into_iter().filter_map(|t| Some((t, measure(run.at(t)?.point())))).collect()
}

fn loss(name: &str) -> Claim<Separation> {
    Claim::exponent(name, "f(w_t) ~ t^-1")
        .assuming([separated(), steps_of_one_over_l()])
        .measuring_each(|at: &Separation| {
            let f = at.logistic();
            along(&at.descent(), |w| f.value(w))
        })
        .predicting(|_, t| t.powf(-1.0))
}

/// In the limit df/dt = −h|∇f|² with |∇f| = γ f.
fn loss_constant(name: &str) -> Claim<Separation> {
    Claim::identity(name, "t f(w_t) = 1/(h γ²), h the step size", 0.01)
        .assuming([separated(), steps_of_one_over_l()])
        .measuring([STEPS / 2, STEPS], |at: &Separation, steps| {
            let (f, run) = (at.logistic(), at.descent());
            steps.read(|t: usize| run.at(t).map_or(f64::INFINITY, |w| t as f64 * f.value(&w)))
        })
        .predicting(|at, _| at.limit_of_the_loss())
}

fn offset(name: &str) -> Claim<Separation> {
    let formula = "exp(γ w_t·ŵ)/t = Π_i (h γ²/(n λ_i))^λ_i, λ the multipliers of the margin";
    Claim::identity(name, formula, 0.01)
        .assuming([separated(), steps_of_one_over_l()])
        .measuring([STEPS / 2, STEPS], |at: &Separation, steps| {
            let (run, largest) = (at.descent(), at.margin(MarginNorm::Euclidean));
            let grown = |w: &Vector| (largest.margin * w.dot(&largest.direction)).exp();
            steps.read(|t: usize| run.at(t).map_or(f64::INFINITY, |w| grown(&w) / t as f64))
        })
        .predicting(|at, _| at.limit_of_the_offset())
}

/// Convexity, compared with the point log(t) ŵ/γ.
fn loss_bound(name: &str) -> Claim<Separation> {
    Claim::bound(name, "f(w_t) ≤ 1/t + log²t/(2 h γ² t), h the step size")
        .assuming([separated(), steps_of_one_over_l()])
        .tight_to(0.1)
        .measuring_each(|at: &Separation| {
            let (f, run) = (at.logistic(), at.descent());
            let loss = |t| run.at(t).map_or(Reading::DIVERGED, |w| f.value(&w).into());
            Readings::over(dyadic(STEPS), loss)
        })
        .predicting_from(
            |at| {
                let inverse_step = at.logistic().required(Property::Smoothness);
                (at.margin(MarginNorm::Euclidean).margin, inverse_step)
            },
            |(margin, inverse_step), t| {
                let log = t.ln() / margin;
                1.0 / t + inverse_step * log * log / (2.0 * t)
            },
        )
}

fn norm(name: &str) -> Claim<Separation> {
    Claim::exponent(name, "exp(γ |w_t|) ~ t^1")
        .assuming([separated(), steps_of_one_over_l()])
        .measuring_each(|at: &Separation| {
            let margin = at.margin(MarginNorm::Euclidean).margin;
            along(&at.descent(), |w| (margin * w.norm()).exp())
        })
        .predicting(|_, t| t.powf(1.0))
}

fn angle_decreases(name: &str) -> Claim<Separation> {
    Claim::bound(name, "angle after 2t steps ≤ angle after t steps")
        .assuming([separated(), steps_of_one_over_l()])
        .tight_to(0.9)
        .experiment(|at: &Separation| {
            let (run, limit) = (at.descent(), at.margin(MarginNorm::Euclidean).direction);
            let seen = |t: usize| run.at(t).map_or(f64::INFINITY, |w| angle(&w, &limit));
            let steps = dyadic(STEPS / 2).into_iter().filter(|t| *t >= 16);
            Curve::over(steps, |t| seen(2 * t), seen)
        })
}

fn direction_of(norm: MarginNorm) -> &'static str {
    match norm {
        MarginNorm::Euclidean => "the direction of largest Euclidean margin",
        MarginNorm::Maximum => "the direction of largest maximum-norm margin",
    }
}

fn perpendicular(name: &str, norm: MarginNorm) -> Claim<Separation> {
    let direction = direction_of(norm);
    Claim::bound(name, &format!("the part of w_t across {direction} ≤ its value at t = 16"))
        .assuming([separated(), steps_of_one_over_l()])
        .tight_to(0.95)
        .experiment(move |at: &Separation| {
            let (run, limit) = (at.descent(), at.margin(norm).direction.normalize());
            let seen = |t: usize| run.at(t).map_or(f64::INFINITY, |w| parts(&w, &limit).0);
            let steps = dyadic(STEPS).into_iter().filter(|t| *t > 16);
            Curve::over(steps, seen, |_| seen(16))
        })
}

fn normalised(name: &str, norm: MarginNorm) -> Claim<Separation> {
    Claim::exponent(name, &format!("angle to {} after k steps ~ 1/k", direction_of(norm)))
        .assuming([separated()])
        .measuring_each(move |at: &Separation| {
            let limit = at.margin(norm).direction;
            along(&at.normalised(), |w| angle(w, &limit))
        })
        .predicting(|_, k| k.powf(-1.0))
}

fn ends_near(name: &str, method: &str, run: fn(&Separation) -> Trajectory) -> Claim<Separation> {
    let formula = format!("{method}: angle to the direction of largest Euclidean margin = 0");
    Claim::identity(name, &formula, 0.001)
        .assuming([separated()])
        .measuring_each(move |at: &Separation| {
            let limit = at.margin(MarginNorm::Euclidean).direction;
            Readings::at(FEW, angle(&run(at).last(), &limit))
        })
        .predicting(|_, _| 0.0)
}

fn margin(
    name: &str,
    formula: &str,
    norm: MarginNorm,
    run: fn(&Separation) -> Trajectory,
) -> Claim<Separation> {
    Claim::lower_bound(name, formula)
        .assuming([separated()])
        .tight_to(0.97)
        .measuring([FEW / 2, FEW], move |at: &Separation, steps| {
            let run = run(at);
            let size = |w: &Vector| match norm {
                MarginNorm::Euclidean => w.norm(),
                MarginNorm::Maximum => w.amax(),
            };
            let reached = |w: &Vector| Reading::from(at.least_margin(w) / size(w));
            steps.read(|k| run.at(k).as_deref().map_or(Reading::DIVERGED, reached))
        })
        .predicting_from(move |at| at.margin(norm).margin, |largest, _| 0.98 * largest)
}

fn angles(_: &mut Draw, _: Effort) -> Content {
    let at = Separation { data: four_points() };
    let limit = at.margin(MarginNorm::Euclidean).direction;
    let other = angle(&at.margin(MarginNorm::Maximum).direction, &limit);
    let trace = |run: Trajectory| -> Vec<(f64, f64)> {
        let steps = dyadic(STEPS).into_iter();
        let seen = steps.filter_map(|t| Some((t as f64, angle(run.at(t)?.point(), &limit))));
        seen.collect()
    };
    Content::Lines {
        lines: vec![
            Line::measured("gradient descent", trace(at.descent())),
            Line::measured("normalised descent", trace(at.normalised())),
            Line::measured("sign descent", trace(at.signs())),
            Line::measured("squared loss", trace(at.squared_loss())),
            Line::predicted("largest maximum-norm margin", [(1.0, other), (STEPS as f64, other)]),
        ],
    }
}
