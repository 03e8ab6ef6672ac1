#![doc = include_str!("max_margin.md")]

use theoria_algorithms::Trajectory;
use theoria_elementary::{atan2, exp, ln, powf};
use theoria_instances::sequences::dyadic;
use theoria_models::{Objective, Property, Vector};
use theoria_references::MarginNorm;
use theoria_verification::{
    Claim, Content, Curve, Draw, Effort, Figure, Line, Reading, Readings, Theorem,
};

use crate::support::separable_points::{
    FEW, NormalisedSteps, SHORT_STEPS, STEPS, Separation, SignSteps, digits_of_two_kinds, drawn,
    in_the_plane, one_against_a_crowd, points, separated, short_steps, steps_of_one_over_l,
};

/// Steps of what is searched.
const FIRST: usize = 128;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let loss = loss("loss_falls_like_one_over_t").on(points());
    let faster = loss
        .restated("loss_falls_faster_by_a_tenth", "f(w_t) ~ t^-1.1")
        .predicting(|_, t| powf(t, -1.1));
    let constant = loss_constant("loss_has_the_constant_of_the_margin").on(points());
    let other_constant = constant
        .restated("loss_is_smaller_by_a_fiftieth", "t f(w_t) = 0.98/(h γ²)")
        .predicting(|at, _| 0.98 * at.limit_of_the_loss());
    let norm = norm("norm_grows_like_log_t_over_the_margin").on(points());
    let larger = norm
        .restated("norm_grows_faster_by_a_tenth", "exp(γ |w_t|) ~ t^1.1")
        .predicting(|_, t| powf(t, 1.1));
    let offset = offset("norm_has_the_constant_of_the_multipliers").on(points());
    let without_offset =
        offset.restated("norm_has_no_constant", "exp(γ w_t·ŵ)/t = 1").predicting(|_, _| 1.0);
    let nears = "normalised descent, exponential loss: γ − min y_i x_i·w_k/|w_k| ≤ (log n + 1/8)/(ηγk), η = 1/R²";
    let shortfall_in_the_plane =
        shortfall("shortfall_of_the_margin_in_the_plane", nears, FIRST, 1.0)
            .on(in_the_plane().hunted(500));
    let less_shortfall = shortfall_in_the_plane
        .restated(
            "shortfall_of_the_margin_is_a_third",
            "γ − min y_i x_i·w_k/|w_k| ≤ (log n + 1/8)/(3ηγk), η = 1/R²",
        )
        .predicting_from(Separation::normalised_steps, |steps, k| steps.shortfall_after(k) / 3.0);
    let shortfall_of_a_crowd =
        shortfall("shortfall_of_the_margin_of_a_crowd", nears, FEW, 1.0).on(one_against_a_crowd());
    let less_of_a_crowd = shortfall_of_a_crowd
        .restated(
            "shortfall_of_a_crowd_is_less",
            "γ − min y_i x_i·w_k/|w_k| ≤ 0.58 (log n + 1/8)/(ηγk), η = 1/R²",
        )
        .predicting_from(Separation::normalised_steps, |steps, k| 0.58 * steps.shortfall_after(k));
    let loss_in_the_plane =
        loss_bound_over(FIRST, "loss_is_at_most_log_squared_over_t_in_the_plane")
            .on(in_the_plane().hunted(500))
            .tight_to(0.3);
    let less_loss = loss_in_the_plane
        .restated("loss_is_at_most_three_fifths_of_it", "f(w_t) ≤ 0.6 (1/t + log²t/(2 h γ² t))")
        .predicting_from(loss_constants, |constants, t| 0.6 * constants.bound(t));
    let less_logarithm = loss_in_the_plane
        .restated("a_sixth_of_the_logarithm_suffices", "f(w_t) ≤ 1/t + log²t/(12 h γ² t)")
        .predicting_from(loss_constants, |constants, t| constants.with_logarithm(1.0 / 6.0, t));
    let longer_steps = shortfall(
        "shortfall_of_the_margin_with_longer_steps",
        "γ − min y_i x_i·w_k/|w_k| ≤ (log n + 1/8)/(ηγk), η = 8/R²",
        FIRST,
        8.0,
    )
    .violating(SHORT_STEPS)
    .on(in_the_plane().hunted(500));
    let signs = sign_margin("sign_descent_nears_the_maximum_norm_margin").on(points()).on(drawn());
    let beyond_the_maximum_norm_margin = signs
        .restated(
            "sign_descent_exceeds_the_maximum_norm_margin",
            "min y_i x_i·w/|w|_∞ ≥ 1.001 γ_∞ after k steps",
        )
        .predicting_from(Separation::small_sign_steps, |steps, _| 1.001 * steps.largest);
    Theorem::new("implicit_bias/max_margin", include_str!("max_margin.md"))
        .uses(
            "convergence/gradient_descent_convex",
            "the gap to any point of comparison falls like 1/t",
        )
        .uses("convergence/sign_descent", "signs are steepest descent in the maximum norm")
        .claim(loss)
        .claim(constant)
        .claim(loss_bound("loss_is_at_most_log_squared_over_t").on(points()).on(drawn()))
        .claim(loss_in_the_plane)
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
        .claim(
            shortfall("normalised_descent_nears_the_margin", nears, FEW, 1.0)
                .on(points())
                .on(drawn())
                .on(digits_of_two_kinds())
                .tight_to(0.1),
        )
        .claim(shortfall_in_the_plane.tight_to(0.2))
        .claim(shortfall_of_a_crowd.tight_to(0.6))
        .claim(signs)
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
        .control(less_loss)
        .control(less_logarithm)
        .control(less_shortfall)
        .control(less_of_a_crowd)
        .control(longer_steps)
        .control(beyond_the_maximum_norm_margin)
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
            shortfall_of(
                "sign_descent_nears_the_euclidean_margin",
                "sign descent: γ − min y_i x_i·w_k/|w_k| ≤ (log n + 1/8)/(ηγk), η = 1/R²",
                (FEW, 1.0),
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

/// The parts of w across and along a unit vector.
fn parts(w: &Vector, direction: &Vector) -> (f64, f64) {
    let along = w.dot(direction);
    ((w - direction * along).norm(), along)
}

fn angle(w: &Vector, direction: &Vector) -> f64 {
    let (across, along) = parts(w, &direction.normalize());
    atan2(across, along)
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
        .predicting(|_, t| powf(t, -1.0))
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
            let grown = |w: &Vector| exp(largest.margin * w.dot(&largest.direction));
            steps.read(|t: usize| run.at(t).map_or(f64::INFINITY, |w| grown(&w) / t as f64))
        })
        .predicting(|at, _| at.limit_of_the_offset())
}

/// Convexity, compared with the point log(t) ŵ/γ.
fn loss_bound(name: &str) -> Claim<Separation> {
    loss_bound_over(STEPS, name).tight_to(0.1)
}

fn loss_bound_over(most: usize, name: &str) -> Claim<Separation> {
    Claim::bound(name, "f(w_t) ≤ 1/t + log²t/(2 h γ² t), h the step size")
        .assuming([separated(), steps_of_one_over_l()])
        .measuring_each(move |at: &Separation| {
            let (f, run) = (at.logistic(), at.descent_over(most));
            let loss = |t| run.at(t).map_or(Reading::DIVERGED, |w| f.value(&w).into());
            Readings::over(dyadic(most), loss)
        })
        .predicting_from(loss_constants, LossConstants::bound)
}

/// What the bound of the loss depends on.
struct LossConstants {
    margin: f64,
    inverse_step: f64,
}

impl LossConstants {
    /// 1/t + log²t/(2 h γ² t)
    fn bound(&self, t: f64) -> f64 {
        self.with_logarithm(1.0, t)
    }

    /// With this share of the second term.
    fn with_logarithm(&self, share: f64, t: f64) -> f64 {
        let log = ln(t) / self.margin;
        1.0 / t + share * self.inverse_step * log * log / (2.0 * t)
    }
}

fn loss_constants(at: &Separation) -> LossConstants {
    LossConstants {
        margin: at.margin(MarginNorm::Euclidean).margin,
        inverse_step: at.logistic().required(Property::Smoothness),
    }
}

fn norm(name: &str) -> Claim<Separation> {
    Claim::exponent(name, "exp(γ |w_t|) ~ t^1")
        .assuming([separated(), steps_of_one_over_l()])
        .measuring_each(|at: &Separation| {
            let margin = at.margin(MarginNorm::Euclidean).margin;
            along(&at.descent(), |w| exp(margin * w.norm()))
        })
        .predicting(|_, t| powf(t, 1.0))
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
        .predicting(|_, k| powf(k, -1.0))
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

/// By normalised descent on the exponential loss, with so many times the step 1/R².
fn shortfall(name: &str, formula: &str, steps: usize, multiple: f64) -> Claim<Separation> {
    let run = move |at: &Separation| at.normalised_exponential(multiple, steps);
    shortfall_of(name, formula, (steps, multiple), run)
}

fn shortfall_of(
    name: &str,
    formula: &str,
    (most, multiple): (usize, f64),
    run: impl Fn(&Separation) -> Trajectory + Send + Sync + 'static,
) -> Claim<Separation> {
    Claim::bound(name, formula)
        .assuming([separated(), short_steps(multiple)])
        .measuring_each(move |at: &Separation| {
            let (run, largest) = (run(at), at.margin(MarginNorm::Euclidean).margin);
            let missing =
                |w: &Vector| Reading::new(largest - at.least_margin(w) / w.norm(), 1e-12 * largest);
            Readings::over(dyadic(most), |k| {
                run.at(k).as_deref().map_or(Reading::DIVERGED, missing)
            })
        })
        .predicting_from(
            move |at| at.normalised_steps().times(multiple),
            NormalisedSteps::shortfall_after,
        )
}

/// Over the last octaves that the numbers hold.
fn sign_margin(name: &str) -> Claim<Separation> {
    let formula = "min y_i x_i·w_k/|w_k|_∞ ≥ γ_∞ − (exp(ηB) − 1 − ηB)/η − log(2ⁿ − 1)/(ηk), η = γ_∞/(25 B²), B = max |x_i|₁";
    Claim::lower_bound(name, formula)
        .assuming([separated()])
        .tight_to(0.97)
        .measuring_each(|at: &Separation| {
            let (run, most) = (at.small_signs(), at.small_sign_steps().most);
            let reached = |w: &Vector| Reading::from(at.least_margin(w) / w.amax());
            Readings::over([most / 4, most / 2, most], |k| {
                run.at(k).as_deref().map_or(Reading::DIVERGED, reached)
            })
        })
        .predicting_from(Separation::small_sign_steps, SignSteps::margin_after)
}

fn angles(_: &mut Draw, _: Effort) -> Content {
    let at = Separation::four_points();
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
