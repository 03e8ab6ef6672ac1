#![doc = include_str!("minimum_norm.md")]

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_elementary::powf;
use theoria_models::Vector;
use theoria_models::stochastic::Sampling;
use theoria_verification::{
    Check, Claim, Content, Draw, Effort, Figure, Hypothesis, Line, Reading, Readings, Theorem,
};

use crate::support::underdetermined_regression::{
    ALONG_GRADIENTS, Interpolation, REACHED, Rule, SOLVING, SPANNING, STEPS, along_gradients,
    digit_pixels, fits, from_zero, full_row_rank, gaussian, modes, slowest, ten_digits,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let contraction = contraction("descent_contracts_to_the_projection").attained_on(slowest());
    let faster = contraction
        .restated(
            "descent_contracts_a_little_faster",
            "|x_k − x*| ≤ (1 − 1.02 μ/L)ᵏ |x₀ − x*|, x* the projection of x₀",
        )
        .predicting_from(factor_and_distance, |(factor, at_start), k| {
            powf(1.0 - 1.02 * (1.0 - factor), k) * at_start
        });
    Theorem::new("implicit_bias/minimum_norm", include_str!("minimum_norm.md"))
        .uses(
            "convergence/gradient_descent_strongly_convex",
            "the contraction by gradient steps, here within the span of the samples",
        )
        .claim(SPANNING.iter().fold(stays("iterates_stay_in_the_span"), |claim, rule| {
            claim.on(gaussian(*rule)).on(digit_pixels(*rule))
        }))
        .claim(
            contraction
                .on_all([gaussian(Rule::Descent), digit_pixels(Rule::Descent)])
                .on(modes().hunted(300)),
        )
        .claim(
            SOLVING.iter().fold(
                reaches("limit_is_the_projection", Interpolation::projection),
                |claim, rule| claim.on(gaussian(*rule)).on(digit_pixels(*rule)),
            ),
        )
        .claim(
            reaches("limit_from_zero_is_the_shortest_solution", Interpolation::shortest)
                .assuming([from_zero()])
                .on(digit_pixels(Rule::Descent))
                .on(digit_pixels(Rule::Nesterov)),
        )
        .control(faster)
        .control(
            contraction_by(1.9, "contraction_with_longer_steps")
                .violating(STEP_SIZE)
                .on(modes().hunted(300)),
        )
        .control(
            stays("sign_descent_stays_in_the_span")
                .violating(ALONG_GRADIENTS)
                .on(gaussian(Rule::Signs)),
        )
        .control(
            stays("adagrad_stays_in_the_span")
                .violating(ALONG_GRADIENTS)
                .on(gaussian(Rule::AdaGrad)),
        )
        .control(
            reaches("adagrad_finds_the_projection", Interpolation::projection)
                .violating(ALONG_GRADIENTS)
                .on(gaussian(Rule::AdaGrad))
                .on(digit_pixels(Rule::AdaGrad)),
        )
        .control(
            reaches("the_start_does_not_matter", Interpolation::shortest)
                .assuming([from_zero()])
                .violating("start at 0")
                .on(gaussian(Rule::Descent)),
        )
        .figure(
            Figure::semilog("contraction", "step", "distance from the projection")
                .of("descent_contracts_to_the_projection")
                .caption(
                    "Gradient descent closes in on the projection of its start, at the rate of \
                     the row space.",
                ),
        )
        .figure(
            Figure::log_log("solutions", "step", "distance from the solution of least norm")
                .caption(
                    "On ten digits, from 0: whatever moves along gradients ends at the solution of \
                 least norm; coordinatewise methods fit the data just as well, elsewhere.",
                )
                .showing(distances),
        )
}

fn stays(name: &str) -> Claim<Interpolation> {
    Claim::identity(name, "x_k − x₀ in the row space of X", 1e-8)
        .assuming([full_row_rank(), along_gradients()])
        .measuring_by_drawing(|at: &Interpolation, draw| {
            let run = at.run(400, draw);
            let kept = 1..run.points().len();
            Readings::over(kept, |k| Reading::new(at.outside(&run.points()[k]), 1e-13))
        })
        .predicting(|_, _| 0.0)
}

const STEP_SIZE: &str = "step size 1/L";

fn contraction(name: &str) -> Claim<Interpolation> {
    contraction_by(1.0, name).tight_to(0.999)
}

/// With steps of so many times 1/L, L the largest eigenvalue of XᵀX/n.
fn contraction_by(multiple: f64, name: &str) -> Claim<Interpolation> {
    let formula = "|x_k − x*| ≤ (1 − μ/L)ᵏ |x₀ − x*|, x* the projection of x₀";
    let step = Hypothesis::new(STEP_SIZE, move |_: &Interpolation, _| {
        Check::that(multiple == 1.0, format!("hL = {multiple}"))
    });
    Claim::bound(name, formula)
        .assuming([full_row_rank(), step])
        .measuring(1..=200usize, move |at: &Interpolation, steps| {
            let method = GradientDescent::new(multiple / at.smoothness());
            let run = Trajectory::of(method, &at.f, &at.start, 200);
            let limit = at.projection();
            let sizes = limit.norm() + at.start.norm();
            let floor = 1e-13 * sizes * at.smoothness() / at.lojasiewicz();
            let distance = |x: &Vector| Reading::new((x - &limit).norm(), floor);
            steps.read(|k| run.at(k).as_deref().map_or(Reading::DIVERGED, distance))
        })
        .predicting_from(factor_and_distance, |(factor, at_start), k| powf(*factor, k) * at_start)
}

/// 1 − μ/L, and the distance from the start to its projection.
fn factor_and_distance(at: &Interpolation) -> (f64, f64) {
    (1.0 - at.lojasiewicz() / at.smoothness(), (&at.start - at.projection()).norm())
}

fn reaches(name: &str, limit: fn(&Interpolation) -> Vector) -> Claim<Interpolation> {
    Claim::identity(
        name,
        "|x_N − x*|/|x₀ − x*| = 0, up to what is left after N = 4000 steps, of SGD 16 000",
        REACHED,
    )
    .assuming([full_row_rank(), along_gradients(), fits()])
    .measuring_by_drawing(move |at: &Interpolation, draw| {
        let run = at.run(at.steps(), draw);
        let left = (run.last().point() - limit(at)).norm() / (&at.start - limit(at)).norm();
        Readings::at(at.steps(), run.diverged().map_or(left, |_| f64::INFINITY))
    })
    .predicting(|_, _| 0.0)
}

fn distances(draw: &mut Draw, _: Effort) -> Content {
    let rules = [
        ("gradient descent", Rule::Descent),
        ("SGD, single samples", Rule::Sgd(1, Sampling::WithReplacement)),
        ("heavy ball", Rule::HeavyBall),
        ("Nesterov", Rule::Nesterov),
        ("AdaGrad-norm", Rule::AdaGradNorm),
        ("AdaGrad", Rule::AdaGrad),
        ("sign descent", Rule::Signs),
    ];
    let lines = rules.map(|(label, rule)| {
        let at = ten_digits(rule);
        let shortest = at.projection();
        let run = at.run(STEPS, draw);
        let seen = (1..=STEPS).filter_map(|k| {
            let distance = (run.at(k)?.point() - &shortest).norm();
            Some((k as f64, distance.max(1e-12)))
        });
        Line::measured(label, seen)
    });
    Content::Lines { lines: lines.into() }
}
