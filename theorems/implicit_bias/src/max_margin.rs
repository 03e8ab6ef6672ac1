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
        .restated("loss_falls_like_one_over_t_squared", "f(w_t) ~ t^-2")
        .predicting(|_, t| t.powf(-2.0));
    let norm = norm("norm_grows_like_log_t_over_the_margin").on(points());
    let twice = norm
        .restated("norm_grows_twice_as_fast", "exp(γ |w_t|) ~ t^2")
        .predicting(|_, t| t.powf(2.0));
    Theorem::new("implicit_bias/max_margin", include_str!("max_margin.md"))
        .claim(loss)
        .claim(loss_bound("loss_is_at_most_log_squared_over_t").on(points()).on(drawn()))
        .claim(norm)
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
        .claim(
            margin(
                "normalised_descent_nears_the_margin",
                MarginNorm::Euclidean,
                Separation::normalised,
            )
            .on(drawn())
            .on(digits_of_two_kinds()),
        )
        .claim(
            margin(
                "sign_descent_nears_the_maximum_norm_margin",
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
        .control(twice)
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
        let f = self.logistic();
        let step = 1.0 / f.required(Property::Smoothness);
        self.keep(GradientDescent::new(step), &f, STEPS)
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
        .assuming([separated()])
        .measuring_each(|at: &Separation| {
            let f = at.logistic();
            along(&at.descent(), |w| f.value(w))
        })
        .predicting(|_, t| t.powf(-1.0))
}

/// Convexity, compared with the point log(t) ŵ/γ.
fn loss_bound(name: &str) -> Claim<Separation> {
    Claim::bound(name, "f(w_t) ≤ 1/t + log²t/(2 h γ² t), h the step size")
        .assuming([separated()])
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
        .assuming([separated()])
        .measuring_each(|at: &Separation| {
            let margin = at.margin(MarginNorm::Euclidean).margin;
            along(&at.descent(), |w| (margin * w.norm()).exp())
        })
        .predicting(|_, t| t.powf(1.0))
}

fn angle_decreases(name: &str) -> Claim<Separation> {
    Claim::bound(name, "angle after 2t steps ≤ angle after t steps")
        .assuming([separated()])
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
        .assuming([separated()])
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
    Claim::bound(
        name,
        &format!("{method}: angle to the direction of largest Euclidean margin ≤ 0.01"),
    )
    .assuming([separated()])
    .measuring_each(move |at: &Separation| {
        let limit = at.margin(MarginNorm::Euclidean).direction;
        Readings::at(FEW, angle(&run(at).last(), &limit))
    })
    .predicting(|_, _| 0.01)
}

fn margin(name: &str, norm: MarginNorm, run: fn(&Separation) -> Trajectory) -> Claim<Separation> {
    Claim::lower_bound(name, "min y_i x_i·w/|w| ≥ 0.9 γ after 1024 steps")
        .assuming([separated()])
        .measuring([FEW / 2, FEW], move |at: &Separation, steps| {
            let run = run(at);
            let size = |w: &Vector| match norm {
                MarginNorm::Euclidean => w.norm(),
                MarginNorm::Maximum => w.amax(),
            };
            let reached = |w: &Vector| Reading::from(at.least_margin(w) / size(w));
            steps.read(|k| {
                run.at(k).as_deref().map_or(Reading::new(f64::NEG_INFINITY, 0.0), reached)
            })
        })
        .predicting_from(move |at| at.margin(norm).margin, |largest, _| 0.9 * largest)
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
