#![doc = include_str!("gradient_flow.md")]

use theoria_algorithms::{GradientDescent, ProximalPoint, Trajectory};
use theoria_elementary::{exp, powf};
use theoria_instances::families::{
    cancer_logistic, gaussian, huber, least_squares, lojasiewicz_functions, misstated, parabolas,
    quadratic, quadratic_plus_sine, rank_deficient_least_squares, smooth_convex_functions,
    smooth_functions,
};
use theoria_instances::hypotheses::{convex, lojasiewicz, minimiser, smooth};
use theoria_instances::sequences::{geometric, octaves};
use theoria_instances::{FLOW_TOLERANCE, Problem};
use theoria_models::objectives::{Huber, Quadratic};
use theoria_models::{Property, Vector};
use theoria_verification::{Claim, Curve, Family, Figure, Instance, Reading, Readings, Theorem};

const TIMES: usize = 40;

const LYAPUNOV: &str = "t (f(x_t) − f*) + |x_t − x*|²/2 does not increase";
const GRADIENT: &str = "|∇f(x_t)| does not increase";
const IMPLICIT: &str = "f(x_{k+1}) ≤ f(x_k) for implicit Euler with any h > 0";

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let by_a_kink = attained_by_a_kink();
    let constant = by_a_kink
        .restated("constant_larger_than_four", "f(x_t) − f* ≤ R² / (4.08t)")
        .predicting(|kink, t| kink.problem.distance_at_start().powi(2) / (4.08 * t));
    let exponential = exponential("exponential_decay").attained_on(parabolas());
    let faster = exponential
        .restated("exponential_decay_two_percent_faster", "f(x_t) − f* ≤ exp(−2.04μt) (f(x₀) − f*)")
        .predicting_from(rate_and_start, |(mu, at_start), t| exp(-2.04 * mu * t) * at_start);
    let path = path_length().attained_on(parabolas());
    let shorter = path
        .restated("path_shorter_by_two_percent", "∫ |x'| dt ≤ 0.98 √(2 (f(x₀) − f*) / μ)")
        .predicting_from(longest_path, |bound, _| 0.98 * bound);
    let euler = explicit_euler();
    let larger_order = euler
        .restated("explicit_euler_has_a_larger_order", "|x_N^Euler − x_T| ~ N^-1.1, h = T/N")
        .predicting(|_, n| powf(n, -1.1));
    Theorem::new("convergence/gradient_flow", include_str!("gradient_flow.md"))
        .uses(
            "convergence/gradient_descent_convex",
            "the convex rate, of which that of the flow is the limit of small steps",
        )
        .uses(
            "convergence/gradient_descent_pl",
            "the linear rate and the length of the path, in the same limit",
        )
        .claim(
            on_convex_problems(one_over_t("one_over_t"))
                .on(smooth_convex_functions().hunted(300))
                .tight_to(0.99),
        )
        .claim(by_a_kink.tight_to(0.999))
        .claim(
            on_convex_problems(lyapunov("lyapunov_function_never_increases", LYAPUNOV, 1.0))
                .on(smooth_convex_functions().hunted(96))
                .tight_to(0.99),
        )
        .claim(
            on_convex_problems(gradient("gradient_never_increases", GRADIENT, 1.0))
                .on(smooth_convex_functions().hunted(96))
                .tight_to(0.999),
        )
        .claim(
            exponential
                .on(rank_deficient_least_squares())
                .on(quadratic_plus_sine())
                .on(cancer_logistic())
                .on(lojasiewicz_functions().hunted(96))
                .tight_to(0.999),
        )
        .claim(
            path.on(rank_deficient_least_squares())
                .on(quadratic_plus_sine())
                .on(lojasiewicz_functions().hunted(96))
                .tight_to(0.999),
        )
        .claim(euler)
        .claim(
            implicit_euler("implicit_euler_is_always_stable", IMPLICIT, 1.0)
                .on(quadratics_with_any_step())
                .on(short_steps())
                .tight_to(0.99),
        )
        .control(constant)
        .control(
            lyapunov(
                "lyapunov_function_falls",
                "t (f(x_t) − f*) + |x_t − x*|²/2 falls by 2% from time to time",
                0.98,
            )
            .on(slope()),
        )
        .control(
            gradient("gradient_falls", "|∇f(x_t)| falls by 2% from time to time", 0.98).on(slope()),
        )
        .control(faster)
        .control(
            one_over_t("one_over_t_without_convexity")
                .on(smooth_functions().hunted(96))
                .violating("convex"),
        )
        .control(
            gradient("gradient_never_increases_without_convexity", GRADIENT, 1.0)
                .on(smooth_functions().hunted(96))
                .violating("convex"),
        )
        .control(
            lyapunov("lyapunov_function_without_convexity", LYAPUNOV, 1.0)
                .on(smooth_functions().hunted(96))
                .violating("convex"),
        )
        .control(
            self::exponential("exponential_decay_with_too_large_a_mu")
                .on(misstated(smooth_functions(), Property::Lojasiewicz, 0.01..=0.9).hunted(96))
                .violating("Polyak–Łojasiewicz"),
        )
        .control(shorter)
        .control(larger_order)
        .control(
            implicit_euler(
                "implicit_euler_gains_two_percent",
                "f(x_{k+1}) ≤ 0.98 f(x_k) for implicit Euler with any h > 0",
                0.98,
            )
            .on(short_steps()),
        )
        .figure(
            Figure::log_log("gap", "time t", "f(x_t) − f*")
                .of("one_over_t")
                .caption("Along the flow the gap stays below R²/(4t)."),
        )
        .figure(
            Figure::log_log("euler", "number of steps T/h", "distance from the flow at T")
                .of("explicit_euler_is_first_order")
                .caption(
                    "Halving the step halves the distance between Euler's method and the flow.",
                ),
        )
}

fn on_convex_problems(claim: Claim<Problem>) -> Claim<Problem> {
    claim.on(least_squares()).on(rank_deficient_least_squares()).on(cancer_logistic()).on(slope())
}

/// Almost a kink: a Huber function whose slope d = R/(2t) is reached within a ten-thousandth of R.
struct Kink {
    problem: Problem,
    time: f64,
}

impl Instance for Kink {
    fn description(&self) -> String {
        format!("{}, t = {}", self.problem.description(), self.time)
    }
}

impl AsRef<Problem> for Kink {
    fn as_ref(&self) -> &Problem {
        &self.problem
    }
}

/// A quadratic and a step size for implicit Euler.
struct Implicit {
    quadratic: Quadratic,
    problem: Problem,
    step_size: f64,
}

impl Instance for Implicit {
    fn description(&self) -> String {
        format!("{}, h = {:.3e}", self.problem.description(), self.step_size)
    }
}

impl AsRef<Problem> for Implicit {
    fn as_ref(&self) -> &Problem {
        &self.problem
    }
}

fn one_over_t(name: &str) -> Claim<Problem> {
    Claim::bound(name, "f(x_t) − f* ≤ R² / (4t)")
        .assuming([convex(), minimiser()])
        .measuring_each(|p: &Problem| along_the_flow(p, |_, x| gap(p, x)))
        .predicting(|p, t| p.distance_at_start().powi(2) / (4.0 * t))
}

fn attained_by_a_kink() -> Claim<Kink> {
    Claim::bound("attained_by_a_kink", "f(x_t) − f* ≤ R² / (4t)")
        .assuming([convex(), minimiser()])
        .attained_on(kinks())
        .measuring_each(|kink| {
            let p = &kink.problem;
            Readings::at(kink.time, gap(p, &p.flow(&[kink.time])[0]))
        })
        .predicting(|kink, t| kink.problem.distance_at_start().powi(2) / (4.0 * t))
}

/// `share` is 1 in the theorem.
fn lyapunov(name: &str, formula: &str, share: f64) -> Claim<Problem> {
    Claim::bound(name, formula).assuming([convex(), minimiser()]).experiment(move |p: &Problem| {
        never_increases(p, share, |t, x| {
            let (gap, distance) = (gap(p, x), p.distance(x));
            let off = off(p, x);
            Reading::new(
                t * gap.value + distance.value.powi(2) / 2.0,
                t * gap.floor + (distance.floor + off) * (distance.value + off),
            )
        })
    })
}

fn gradient(name: &str, formula: &str, share: f64) -> Claim<Problem> {
    Claim::bound(name, formula).assuming([convex(), minimiser()]).experiment(move |p: &Problem| {
        never_increases(p, share, |_, x| {
            let squared = p.gradient_squared(x);
            let norm = squared.value.sqrt();
            let floor = squared.floor / norm.max(squared.floor.sqrt()).max(f64::MIN_POSITIVE);
            Reading::new(norm, floor + p.smoothness() * off(p, x))
        })
    })
}

fn exponential(name: &str) -> Claim<Problem> {
    Claim::bound(name, "f(x_t) − f* ≤ exp(−2μt) (f(x₀) − f*)")
        .assuming([lojasiewicz()])
        .measuring_each(|p| along_the_flow(p, |_, x| gap(p, x)))
        .predicting_from(rate_and_start, |(mu, at_start), t| exp(-2.0 * mu * t) * at_start)
}

/// The length of the polygon through the recorded points, which is at most that of the path.
fn path_length() -> Claim<Problem> {
    Claim::bound("finite_path", "∫ |x'| dt ≤ √(2 (f(x₀) − f*) / μ)")
        .assuming([lojasiewicz()])
        .measuring_each(|p: &Problem| {
            let mut before = p.start().clone();
            let mut length = 0.0;
            along_the_flow(p, |_, x| {
                length += (x - &before).norm();
                before.copy_from(x);
                length.into()
            })
        })
        .predicting_from(longest_path, |bound, _| *bound)
}

/// √(2 (f(x_0) - f*)/mu)
fn longest_path(p: &Problem) -> f64 {
    (2.0 * p.gap_at_start() / p.lojasiewicz()).sqrt()
}

/// Distance between Euler's method and the flow at time T = 2/L, against the number of steps.
fn explicit_euler() -> Claim<Problem> {
    Claim::exponent("explicit_euler_is_first_order", "|x_N^Euler − x_T| ~ N^-1, h = T/N")
        .assuming([smooth()])
        .on(smooth_quadratics())
        .on(quadratic_plus_sine())
        .measuring(octaves(4..=12), |p, numbers| {
            let time = 2.0 / p.smoothness();
            let exact = &p.flow(&[time])[0];
            let floor = 100.0 * FLOW_TOLERANCE * (p.start().norm() + 1.0);
            numbers.read(|n| {
                let method = GradientDescent::new(time / n as f64);
                let run = Trajectory::keeping(method, p.objective(), p.start(), n, |_| false);
                Reading::new((run.last().point() - exact).norm(), floor)
            })
        })
        .predicting(|_, n| powf(n, -1.0))
}

fn implicit_euler(name: &str, formula: &str, share: f64) -> Claim<Implicit> {
    Claim::bound(name, formula).assuming([convex(), minimiser()]).experiment(
        move |instance: &Implicit| {
            let (p, method) = (&instance.problem, ProximalPoint::new(instance.step_size));
            let run = Trajectory::of(method, &instance.quadratic, p.start(), 20);
            Curve::over(1..=20, |n| p.gap(run.at(n)), |n| share * p.gap(run.at(n - 1)).value)
        },
    )
}

fn kinks() -> Family<Kink> {
    Family::listed("d |x| with d = R/(2t)", [0.5, 2.0, 10.0], |&time| {
        let (radius, width) = (1.0, 1e-4);
        let slope = radius / (2.0 * time);
        let problem =
            Problem::new(Huber::new(slope / width, width), Vector::from_element(1, radius));
        Kink { problem, time }
    })
}

fn smooth_quadratics() -> Family<Problem> {
    Family::drawn("random quadratics", |draw| {
        let dimension = draw.size(1..=10);
        let objective = quadratic(dimension, 100.0, draw);
        Problem::new(objective, gaussian(dimension, draw))
    })
}

fn quadratics_with_any_step() -> Family<Implicit> {
    Family::drawn("random quadratics, any step size", |draw| {
        let dimension = draw.size(1..=10);
        let quadratic = quadratic(dimension, 100.0, draw);
        Implicit {
            problem: Problem::new(quadratic.clone(), gaussian(dimension, draw)),
            quadratic,
            step_size: draw.log_uniform(1e-3, 1e6),
        }
    })
}

/// Steps so short that hardly anything is gained.
fn short_steps() -> Family<Implicit> {
    Family::listed("x²/2, short steps", [1e-3, 1e-4], |&step_size| {
        let quadratic = Quadratic::diagonal(&[1.0]);
        Implicit {
            problem: Problem::new(quadratic.clone(), Vector::from_element(1, 1.0)),
            quadratic,
            step_size,
        }
    })
}

/// A slope d = R/(2t) for the last of the [`times`], rounded off within R/400.
fn slope() -> Family<Problem> {
    Family::single("a slope for the last time", || huber(1.0 / 400.0))
}

/// Times from 0.05/L to 200/L, evenly spaced in logarithm.
fn times(p: &Problem) -> Vec<f64> {
    geometric(0.05, 200.0, TIMES).iter().map(|t| t / p.smoothness()).collect()
}

/// How far the integrator may be off.
fn off(p: &Problem, x: &Vector) -> f64 {
    100.0 * FLOW_TOLERANCE * (p.start().norm() + x.norm() + 1.0)
}

/// What the integrator leaves undecided of a gap: the distance it may be off times the slope, and the
/// square of that distance.
fn gap(p: &Problem, x: &Vector) -> Reading {
    let off = off(p, x);
    let reading = p.gap(x);
    let slope = p.gradient_squared(x).value.sqrt();
    Reading::new(reading.value, reading.floor + off * (slope + p.smoothness() * off))
}

/// What is seen at each of the [`times`] and the point of the flow there.
fn along_the_flow(p: &Problem, mut seen: impl FnMut(f64, &Vector) -> Reading) -> Readings {
    let times = times(p);
    let flow = p.flow(&times);
    times.iter().zip(&flow).map(|(&t, x)| (t, seen(t, x))).collect()
}

/// A quantity at one time, bounded by a share of the same quantity a time earlier.
fn never_increases(p: &Problem, share: f64, quantity: impl Fn(f64, &Vector) -> Reading) -> Curve {
    let readings = along_the_flow(p, quantity);
    let points = readings.points();
    Curve::over(
        1..TIMES,
        |i| Reading::new(points[i].1.value, points[i].1.floor + points[i - 1].1.floor),
        |i| share * points[i - 1].1.value,
    )
    .with_abscissae(&times(p)[1..])
}

/// mu and f(x_0) − f*.
fn rate_and_start(p: &Problem) -> (f64, f64) {
    (p.lojasiewicz(), p.gap_at_start())
}
