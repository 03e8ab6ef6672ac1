#![doc = include_str!("gradient_descent_pl.md")]

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_elementary::powf;
use theoria_instances::Problem;
use theoria_instances::families::{
    composed_with_a_linear_map, diabetes_with_doubled_features, flat_modes, lojasiewicz_functions,
    misstated, networks_near_a_solution, quadratic_plus_sine, quartic,
    rank_deficient_least_squares, rippled_parabola, smooth_functions, two_modes,
};
use theoria_instances::hypotheses::{convex, lojasiewicz, minimiser, smooth, step_size};
use theoria_instances::sequences::octaves;
use theoria_models::numerics::minimum;
use theoria_models::objectives::QuadraticPlusSine;
use theoria_models::{Property, Vector};
use theoria_verification::{Claim, Content, Curve, Family, Figure, Line, Theorem};

const STEPS: usize = 200;
/// Long enough for the quartic to slow down.
const LONG: usize = 2000;
/// Condition numbers of the flat mode, on which gradient descent is slowest among quadratics.
const FLAT: [f64; 3] = [2.0, 10.0, 25.0];

const GROWTH: &str = "f(x) − f* ≥ (μ/2) dist(x, argmin f)²";

const SIMPLE: &str = "f(x_N) − f* ≤ (1 − μ/L)ᴺ (f(x₀) − f*)";
const SHARPER: &str = "f(x_N) − f* ≤ ((2L − 2μ)/(2L + μ))ᴺ (f(x₀) − f*)";

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let growth = quadratic_growth("quadratic_growth", GROWTH, 1.0).attained_on(flat_modes(FLAT));
    let path = path_length().on(flat_modes(FLAT));
    let shorter_path = path
        .restated(
            "path_shorter_than_on_the_flat_mode",
            "Σ |x_{k+1} − x_k| ≤ 0.73 ((1 + √3)/2) √(2 (f(x₀) − f*)/μ)",
        )
        .predicting_from(longest_path, |bound, _| 0.73 * bound);
    let waved = constant_of_the_wave();
    let quoted = waved
        .restated("constant_in_circulation_is_attained", "min over x of f'(x)²/(2 f(x)) = 1/32")
        .predicting(|_, _| 1.0 / 32.0);
    let on_the_quartic = decay_on_the_quartic();
    let faster_on_the_quartic = on_the_quartic
        .restated("exponent_larger_on_the_quartic", "on x⁴: f(x_N) − f* ~ N^-2.2")
        .predicting(|_, n| powf(n, -2.2));
    Theorem::new("convergence/gradient_descent_pl", include_str!("gradient_descent_pl.md"))
        .uses(
            "convergence/gradient_descent_nonconvex",
            "the descent lemma bounds what a step gains by the squared gradient",
        )
        // Where hardly anything moves, and a flat mode falls as the square of the first bound.
        .claim(
            everywhere(contraction("contraction_at_every_step", SIMPLE, 1.0, simple))
                .on(flat_modes(FLAT))
                .on(lojasiewicz_functions().hunted(500))
                .tight_to(0.95),
        )
        .claim(
            everywhere(contraction("sharper_contraction", SHARPER, 1.0, sharper))
                .on(flat_modes(FLAT))
                .on(lojasiewicz_functions().hunted(500))
                .tight_to(0.95),
        )
        .claim(
            where_minimisers_are_known(growth)
                .on(lojasiewicz_functions().hunted(500))
                .tight_to(0.999),
        )
        .claim(everywhere(path).on(lojasiewicz_functions().hunted(500)).tight_to(0.73))
        .claim(on_the_quartic)
        .claim(waved)
        .control(
            contraction("no_convergence_just_past_two_over_l", SIMPLE, 2.02, simple)
                .on(two_modes())
                .violating("step size"),
        )
        .control(
            contraction(
                "contraction_without_the_inequality",
                "f(x_N) − f* ≤ 0.99ᴺ (f(x₀) − f*)",
                1.0,
                |_| 0.99,
            )
            .on(quartic())
            .on(rippled_parabola())
            .violating("Polyak–Łojasiewicz"),
        )
        .control(linear_rate_on_the_quartic())
        .control(
            contraction("contraction_with_too_large_a_mu", SIMPLE, 1.0, simple)
                .on(misstated(smooth_functions(), Property::Lojasiewicz, 0.01..=0.9).hunted(500))
                .violating("Polyak–Łojasiewicz"),
        )
        .control(
            contraction("contraction_with_too_small_a_constant", SIMPLE, 1.0, simple)
                .on(misstated(lojasiewicz_functions(), Property::Smoothness, 0.1..=0.9).hunted(500))
                .violating("smooth"),
        )
        .control(
            quadratic_growth("growth_with_too_large_a_mu", GROWTH, 1.0)
                .on(misstated(smooth_functions(), Property::Lojasiewicz, 0.01..=0.9).hunted(500))
                .violating("Polyak–Łojasiewicz"),
        )
        .control(
            contraction(
                "faster_than_the_flat_mode",
                "f(x_N) − f* ≤ (1 − μ/L)^(2.02 N) (f(x₀) − f*)",
                1.0,
                |p| powf(simple(p), 2.02),
            )
            .on(flat_modes(FLAT)),
        )
        .control(
            quadratic_growth(
                "growth_larger_by_two_percent",
                "f(x) − f* ≥ (1.02 μ/2) dist(x, argmin f)²",
                1.02,
            )
            .on(flat_modes(FLAT)),
        )
        .control(shorter_path)
        .control(faster_on_the_quartic)
        .control(quoted)
        .figure(
            Figure::semilog("gap", "step N", "f(x_N) − f*")
                .of("contraction_at_every_step")
                .of("contraction_without_the_inequality")
                .caption(
                    "Where the inequality holds the gap falls below its straight line, convex or \
                     not; where it fails the run stops or slows down.",
                ),
        )
        .figure(
            Figure::semilog("tightness", "step N", "f(x_N) − f*")
                .of("sharper_contraction")
                .as_ratio()
                .caption("Even the sharper bound is soon far above what happens."),
        )
        .figure(
            Figure::semilog("ratio", "x", "f'(x)²/(2 (f(x) − f*))")
                .caption(
                    "On x² + 3 sin² x the ratio that the inequality speaks of stays above μ, which it \
                     touches at two points; the 1/32 in circulation is far below.",
                )
                .showing(|_, _| ratios()),
        )
}

fn where_minimisers_are_known(claim: Claim<Problem>) -> Claim<Problem> {
    claim
        .on(rank_deficient_least_squares())
        .on(composed_with_a_linear_map())
        .on(quadratic_plus_sine())
        .on(diabetes_with_doubled_features())
}

fn everywhere(claim: Claim<Problem>) -> Claim<Problem> {
    where_minimisers_are_known(claim).on(networks_near_a_solution())
}

/// `factor` is claimed per step, with h = `multiple` / L.
fn contraction(
    name: &str,
    formula: &str,
    multiple: f64,
    factor: fn(&Problem) -> f64,
) -> Claim<Problem> {
    Claim::bound(name, formula)
        .assuming([smooth(), lojasiewicz(), step_size(multiple, 1.0)])
        // From the start on, against which rounding is small also where μ = L.
        .measuring(0..=LONG, move |p, steps| {
            let run = descend(p, multiple, LONG);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting_from(
            move |p| (factor(p), p.gap_at_start()),
            |(factor, at_start), n| factor.powi(n as i32) * at_start,
        )
}

fn linear_rate_on_the_quartic() -> Claim<Problem> {
    Claim::linear_rate("linear_rate_on_the_quartic", "f(x_N) − f* decays like 0.99ᴺ")
        .assuming([smooth(), lojasiewicz(), step_size(1.0, 1.0)])
        .violating("Polyak–Łojasiewicz")
        .on(quartic())
        .measuring(1..=LONG, |p, steps| {
            let run = descend(p, 1.0, LONG);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|_, n| 0.99f64.powi(n as i32))
}

/// Along the path of gradient descent; `times` makes the constant larger.
fn quadratic_growth(name: &str, formula: &str, times: f64) -> Claim<Problem> {
    Claim::lower_bound(name, formula).assuming([smooth(), lojasiewicz()]).experiment(move |p| {
        let run = descend(p, 1.0, STEPS);
        Curve::over(
            0..=STEPS,
            |n| p.gap(run.at(n)),
            |n| times * p.lojasiewicz() / 2.0 * distance_squared(p, &run.points()[n]),
        )
    })
}

fn path_length() -> Claim<Problem> {
    Claim::bound("finite_path", "Σ |x_{k+1} − x_k| ≤ ((1 + √3)/2) √(2 (f(x₀) − f*)/μ)")
        .assuming([smooth(), lojasiewicz(), step_size(1.0, 1.0)])
        .measuring(1..=STEPS, |p, steps| {
            let run = descend(p, 1.0, STEPS);
            let mut length = 0.0;
            steps.read(|n| {
                length += (&run.points()[n] - &run.points()[n - 1]).norm();
                length
            })
        })
        .predicting_from(longest_path, |bound, _| *bound)
}

/// ((1 + √3)/2) √(2 (f(x_0) - f*)/mu)
fn longest_path(p: &Problem) -> f64 {
    (1.0 + 3f64.sqrt()) / 2.0 * (2.0 * p.gap_at_start() / p.lojasiewicz()).sqrt()
}

/// x' = -4x³/L has x² = x_0²/(1 + 8 x_0² t/L): slower than any linear rate.
fn decay_on_the_quartic() -> Claim<Problem> {
    Claim::exponent("exponent_on_the_quartic", "on x⁴: f(x_N) − f* ~ N^-2")
        .assuming([smooth(), convex(), minimiser(), step_size(1.0, 1.0)])
        .on(quartic())
        .measuring(octaves(7..=14), |p, steps| {
            let run = Trajectory::keeping(
                GradientDescent::new(1.0 / p.smoothness()),
                p.objective(),
                p.start(),
                1 << 14,
                usize::is_power_of_two,
            );
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|_, n| powf(n, -2.0))
}

/// The inequality's own constant for x² + 3 sin² x, on a grid where it is least.
fn constant_of_the_wave() -> Claim<Problem> {
    const POINTS: usize = 40_000;
    let formula = "for x² + 3 sin² x: min over x of f'(x)²/(2 f(x)) = 0.175531";
    Claim::identity("constant_of_a_parabola_with_a_wave", formula, 4e-6)
        .assuming([smooth(), lojasiewicz()])
        .on(Family::single("x² + 3 sin² x", wave))
        .measuring([POINTS], |p: &Problem, points| {
            points.read(|n: usize| {
                let grid = (1..=n).map(|i| 6.0 * i as f64 / n as f64);
                grid.map(|x| ratio(p, x)).fold(f64::INFINITY, minimum)
            })
        })
        .predicting(|_, _| 0.175531)
}

fn wave() -> Problem {
    Problem::new(QuadraticPlusSine, Vector::from_element(1, 2.2))
}

/// f'(x)²/(2 (f(x) - f*))
fn ratio(p: &Problem, x: f64) -> f64 {
    let x = Vector::from_element(1, x);
    p.gradient_squared(&x).value / (2.0 * p.gap(&x).value)
}

fn ratios() -> Content {
    let p = wave();
    let mu = p.lojasiewicz();
    let grid = (-300..=300).filter(|i| *i != 0).map(|i| 0.02 * f64::from(i));
    Content::Lines {
        lines: vec![
            Line::measured("x² + 3 sin² x", grid.map(|x| (x, ratio(&p, x)))),
            Line::predicted("μ = 0.1755", [-6.0, 6.0].map(|x| (x, mu))),
            Line::predicted("1/32", [-6.0, 6.0].map(|x| (x, 1.0 / 32.0))),
        ],
    }
}

/// 1 - mu/L
fn simple(p: &Problem) -> f64 {
    1.0 - p.lojasiewicz() / p.smoothness()
}

/// (2L - 2mu)/(2L + mu)
fn sharper(p: &Problem) -> f64 {
    let (l, mu) = (p.smoothness(), p.lojasiewicz());
    (2.0 * l - 2.0 * mu) / (2.0 * l + mu)
}

fn descend(p: &Problem, multiple: f64, steps: usize) -> Trajectory {
    p.run(GradientDescent::new(multiple / p.smoothness()), steps)
}

/// The squared distance to the nearest minimiser.
fn distance_squared(p: &Problem, x: &Vector) -> f64 {
    let Some(minimiser) = p.objective().nearest_minimiser(x) else {
        panic!("the minimisers of {} are not known", p.objective().describe());
    };
    (x - minimiser).norm_squared()
}
