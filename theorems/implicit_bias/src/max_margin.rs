#![doc = include_str!("max_margin.md")]

use theoria_algorithms::{GradientDescent, Method, SignDescent, Trajectory};
use theoria_instances::sequences::dyadic;
use theoria_models::data::{DataSet, digits, four_points, separable};
use theoria_models::objectives::{LeastSquares, LogisticRegression, Regularisation};
use theoria_models::{Objective, Property, Vector};
use theoria_references::{Margin, MarginNorm, largest_margin};
use theoria_verification::{
    Check, Claim, Constant, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance,
    Line, Reading, Theorem,
};

/// Steps of gradient descent.
const STEPS: usize = 1 << 17;
/// Steps of the faster methods; with more of them the loss leaves the numbers.
const FEW: usize = 2048;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("implicit_bias/max_margin", include_str!("max_margin.md"))
        .claim(loss("loss_falls_like_one_over_t", -1.0).on(points()))
        .claim(loss_bound("loss_is_at_most_log_squared_over_t").on(points()).on(drawn()))
        .claim(norm("norm_grows_like_log_t_over_the_margin", 1.0).on(points()))
        .claim(angle_decreases("angle_decreases").on(points()))
        .claim(perpendicular("perpendicular_part_stays_bounded", MarginNorm::Euclidean).on(points()))
        .claim(
            normalised("normalised_descent_has_the_limit", MarginNorm::Euclidean).on(points()),
        )
        .claim(
            ends_near("normalised_descent_ends_at_the_direction", Separation::normalised)
                .on(points()),
        )
        .claim(
            margin("normalised_descent_nears_the_margin", MarginNorm::Euclidean, Separation::normalised)
                .on(drawn())
                .on(zeros_and_ones()),
        )
        .claim(
            margin("sign_descent_nears_the_maximum_norm_margin", MarginNorm::Maximum, Separation::signs)
                .on(points())
                .on(drawn()),
        )
        .control(
            perpendicular("part_across_the_maximum_norm_direction_stays_bounded", MarginNorm::Maximum)
                .on(points()),
        )
        .control(loss("loss_falls_like_one_over_t_squared", -2.0).on(points()))
        .control(norm("norm_grows_twice_as_fast", 2.0).on(points()))
        .control(
            normalised("normalised_descent_has_the_maximum_norm_limit", MarginNorm::Maximum)
                .on(points()),
        )
        .control(ends_near("squared_loss_ends_at_the_direction", Separation::squared_loss).on(points()))
        .control(ends_near("sign_descent_ends_at_the_direction", Separation::signs).on(points()))
        .figure(
            Figure::log_log("loss", "step t", "f(w_t)")
                .of("loss_falls_like_one_over_t")
                .caption("The loss falls like 1/t, far from the exponential decay of a strongly convex problem."),
        )
        .figure(
            Figure::log_log("limit", "step", "angle to the direction of largest margin")
                .of("normalised_descent_has_the_limit")
                .of("normalised_descent_has_the_maximum_norm_limit")
                .caption(
                    "Normalised by the loss, descent turns to the Euclidean direction like 1/k and stays away from \
                     that of the maximum norm.",
                ),
        )
        .figure(
            Figure::log_log("angles", "step", "angle to the Euclidean direction")
            .caption(
                "Gradient descent turns to the direction of largest Euclidean margin as slowly as 1/log t; sign \
                 descent and the squared loss have other limits.",
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
        largest_margin(&self.data.features, &self.data.targets, norm)
            .unwrap_or_else(|error| panic!("{error}"))
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
        self.keep(Normalised { step, at: self }, &self.logistic(), FEW)
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

/// w ← w − η ∇f/f: gradient descent on log f. Losses and weights of the samples are taken relative to those of the least
/// margin, since f itself falls below the least number within a thousand steps.
struct Normalised<'a> {
    step: f64,
    at: &'a Separation,
}

impl Normalised<'_> {
    /// Beyond, log(1 + e^(−m)) is e^(−m) to rounding.
    const LARGE: f64 = 37.0;
}

impl Method<Vector, LogisticRegression> for Normalised<'_> {
    fn step(&mut self, _: &LogisticRegression, w: &mut Vector) {
        let DataSet { features, targets, .. } = &self.at.data;
        let margins = (features * &*w).component_mul(targets);
        let least = margins.min();
        let loss = |m: f64| {
            if m > Self::LARGE { (least - m).exp() } else { (-m).exp().ln_1p() * least.exp() }
        };
        let losses: f64 = margins.iter().map(|m| loss(*m)).sum();
        let pulls = margins.map(|m| (least - m).exp() / (1.0 + (-m).exp()));
        let along = pulls.component_mul(targets);
        w.gemv_tr(self.step / losses, features, &along, 1.0);
    }
}

fn points() -> Family<Separation> {
    Family::single("four points", || Separation { data: four_points() })
}

/// Random points without those that are nearly support vectors, which make everything slow.
fn drawn() -> Family<Separation> {
    Family::drawn("separable", |draw| {
        let (n, d) = (draw.size(6..=12), draw.size(2..=3));
        let all = Separation { data: separable(n, d, 1.0, draw.generator()) };
        let Margin { direction, margin, multipliers, .. } = all.margin(MarginNorm::Euclidean);
        let margins = (&all.data.features * direction).component_mul(&all.data.targets);
        let clear = |i: &usize| multipliers[*i] > 0.0 || margins[*i] >= 1.5 * margin;
        let rows: Vec<usize> = (0..n).filter(clear).collect();
        Separation {
            data: DataSet {
                features: all.data.features.select_rows(&rows),
                targets: all.data.targets.select_rows(&rows),
                ..all.data
            },
        }
    })
}

/// 30 images of zeros and 30 of ones.
fn zeros_and_ones() -> Family<Separation> {
    Family::single("digits, zeros and ones", || {
        let all = digits();
        let of = |digit: f64| {
            let targets = all.targets.iter().enumerate();
            let found = targets.filter(move |(_, target)| **target == digit);
            found.map(|(row, _)| row).take(30)
        };
        let rows: Vec<usize> = of(0.0).chain(of(1.0)).collect();
        Separation {
            data: DataSet {
                name: "digits, zeros and ones".into(),
                features: all.features.select_rows(&rows),
                targets: Vector::from_fn(60, |i, _| if i < 30 { 1.0 } else { -1.0 }),
            },
        }
    })
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

/// What `measure` reads off a run after powers of two, against a power of the step.
fn powers(run: &Trajectory, from: usize, power: f64, measure: impl Fn(&Vector) -> f64) -> Curve {
    let steps = dyadic(STEPS);
    let kept = steps.into_iter().filter(|&t| t >= from && run.at(t).is_some());
    Curve::over(
        kept,
        |t| run.at(t).map_or(Reading::DIVERGED, |w| measure(w).into()),
        |t| (t as f64).powf(power),
    )
}

fn loss(name: &str, power: f64) -> Claim<Separation> {
    Claim::exponent(name, &format!("f(w_t) ~ t^{power}")).assuming([separated()]).experiment(
        move |at: &Separation| {
            let f = at.logistic();
            powers(&at.descent(), 1, power, |w| f.value(w))
        },
    )
}

/// Convexity, compared with the point log(t) ŵ/γ.
fn loss_bound(name: &str) -> Claim<Separation> {
    Claim::bound(name, "f(w_t) ≤ 1/t + log²t/(2 h γ² t), h the step size")
        .assuming([separated()])
        .experiment(|at: &Separation| {
            let (f, run) = (at.logistic(), at.descent());
            let margin = at.margin(MarginNorm::Euclidean).margin;
            let inverse_step = f.required(Property::Smoothness);
            Curve::over(
                dyadic(STEPS),
                |t| run.at(t).map_or(Reading::DIVERGED, |w| f.value(w).into()),
                |t| {
                    let (t, log) = (t as f64, (t as f64).ln() / margin);
                    1.0 / t + inverse_step * log * log / (2.0 * t)
                },
            )
        })
}

fn norm(name: &str, power: f64) -> Claim<Separation> {
    Claim::exponent(name, &format!("exp(γ |w_t|) ~ t^{power}")).assuming([separated()]).experiment(
        move |at: &Separation| {
            let margin = at.margin(MarginNorm::Euclidean).margin;
            powers(&at.descent(), 1, power, |w| (margin * w.norm()).exp())
        },
    )
}

fn angle_decreases(name: &str) -> Claim<Separation> {
    Claim::bound(name, "angle after 2t steps ≤ angle after t steps")
        .assuming([separated()])
        .experiment(|at: &Separation| {
            let (run, limit) = (at.descent(), at.margin(MarginNorm::Euclidean).direction);
            let seen = |t: usize| run.at(t).map_or(f64::INFINITY, |w| angle(w, &limit));
            let steps = dyadic(STEPS / 2).into_iter().filter(|t| *t >= 16);
            Curve::over(steps, |t| seen(2 * t), seen)
        })
}

fn perpendicular(name: &str, norm: MarginNorm) -> Claim<Separation> {
    Claim::bound(name, "|w_t − (w_t·ŵ) ŵ| ≤ its value at t = 16, hence an angle of O(1/log t)")
        .assuming([separated()])
        .experiment(move |at: &Separation| {
            let (run, limit) = (at.descent(), at.margin(norm).direction.normalize());
            let seen = |t: usize| run.at(t).map_or(f64::INFINITY, |w| parts(w, &limit).0);
            let steps = dyadic(STEPS).into_iter().filter(|t| *t > 16);
            Curve::over(steps, seen, |_| seen(16))
        })
}

fn normalised(name: &str, norm: MarginNorm) -> Claim<Separation> {
    Claim::exponent(name, "angle after k steps ~ 1/k").assuming([separated()]).experiment(
        move |at: &Separation| {
            let limit = at.margin(norm).direction;
            powers(&at.normalised(), 1, -1.0, |w| angle(w, &limit))
        },
    )
}

fn ends_near(name: &str, run: fn(&Separation) -> Trajectory) -> Claim<Separation> {
    Claim::bound(name, "angle to the direction of largest Euclidean margin ≤ 0.01")
        .assuming([separated()])
        .experiment(move |at: &Separation| {
            let limit = at.margin(MarginNorm::Euclidean).direction;
            Curve::at(FEW as f64, angle(run(at).last(), &limit), 0.01)
        })
}

fn margin(name: &str, norm: MarginNorm, run: fn(&Separation) -> Trajectory) -> Claim<Separation> {
    Claim::lower_bound(name, "min y_i x_i·w/|w| ≥ 0.9 γ after 1024 steps")
        .assuming([separated()])
        .experiment(move |at: &Separation| {
            let (run, largest) = (run(at), at.margin(norm).margin);
            let size = |w: &Vector| match norm {
                MarginNorm::Euclidean => w.norm(),
                MarginNorm::Maximum => w.amax(),
            };
            let reached = |w: &Vector| Reading::from(at.least_margin(w) / size(w));
            Curve::over(
                [FEW / 2, FEW],
                |k| run.at(k).map_or(Reading::new(f64::NEG_INFINITY, 0.0), reached),
                |_| 0.9 * largest,
            )
        })
}

fn angles(_: &mut Draw, _: Effort) -> Content {
    let at = Separation { data: four_points() };
    let limit = at.margin(MarginNorm::Euclidean).direction;
    let other = angle(&at.margin(MarginNorm::Maximum).direction, &limit);
    let trace = |run: Trajectory| -> Vec<(f64, f64)> {
        let steps = dyadic(STEPS).into_iter();
        let seen = steps.filter_map(|t| Some((t as f64, angle(run.at(t)?, &limit))));
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
