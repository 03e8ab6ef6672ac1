#![doc = include_str!("heavy_ball.md")]

use theoria_algorithms::HeavyBall;
use theoria_instances::Problem;
use theoria_instances::families::{
    cycling_quadratic, diagonal_quadratics, parabolas, quadratics, smooth_strongly_convex,
    stiff_modes, strongly_convex_functions, two_modes,
};
use theoria_instances::hypotheses::{quadratic, smooth, strongly_convex};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Claim, Curve, Figure, Reading, Readings, Theorem};

const STEPS: usize = 200;
/// Long enough for the cycle to be reached to rounding.
const LONG: usize = 3000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let radius = spectral_radius();
    let beta = radius
        .restated("spectral_radius_two_percent_smaller", "max |eigenvalue| = 0.98 √β")
        .predicting(|p, _| 0.98 * root_of_momentum(p));
    let optimal = distance("optimal_on_quadratics").attained_on(stiff_modes());
    let without = optimal
        .restated("without_the_factor_n", "|x_N − x*| ≤ 2 √βᴺ |x₀ − x*|")
        .predicting(|p, n| 2.0 * root_of_momentum(p).powi(n as i32) * p.distance_at_start());
    let smaller = optimal
        .restated(
            "factor_n_two_percent_smaller",
            "|x_N − x*| ≤ (1 + 0.98 (1 + √β) N) √βᴺ |x₀ − x*|",
        )
        .predicting(|p, n| largest_distance(p, n, 0.98));
    let safe = safe().attained_on(parabolas());
    let faster = safe
        .restated(
            "safe_parameters_two_percent_faster",
            "f(x_N) − f* ≤ (1 − μh)^(1.02 N) (f(x₀) − f*)",
        )
        .predicting_from(safe_rate, |(factor, at_start), n| factor.powf(1.02 * n) * at_start);
    Theorem::new("convergence/heavy_ball", include_str!("heavy_ball.md"))
        .claim(radius)
        .claim(
            optimal
                .on(quadratics())
                .on(two_modes())
                .on(diagonal_quadratics(2.0..=1000.0).hunted(1000))
                .tight_to(0.999),
        )
        .claim(cycle())
        .claim(
            safe.on_all(smooth_strongly_convex())
                .on(cycling_quadratic())
                .on(strongly_convex_functions(1.0..=100.0).hunted(1000))
                .tight_to(0.999),
        )
        .control(beta)
        .control(without)
        .control(smaller)
        .control(
            distance("converges_beyond_quadratics").on(cycling_quadratic()).violating("quadratic"),
        )
        .control(faster)
        .figure(
            Figure::semilog("distance", "step N", "|x_N − x*|")
                .of("optimal_on_quadratics")
                .of("converges_beyond_quadratics")
                .caption(
                    "On quadratics the distance stays below its bound; on the piecewise quadratic \
                     the run cycles.",
                ),
        )
        .figure(
            Figure::linear("cycle", "step N", "x_N")
                .of("cycle_of_three_points")
                .caption("Once settled, the run visits the same three points for ever."),
        )
}

/// Of the matrix that moves (x_k, x_{k-1}), by its eigenvalues.
fn spectral_radius() -> Claim<Problem> {
    Claim::identity("spectral_radius", "max |eigenvalue| = √β", 1e-6)
        .assuming([smooth(), strongly_convex(), quadratic()])
        .on(quadratics())
        .on(two_modes())
        .measuring_each(|p| {
            let d = p.start().len();
            let momentum = momentum(p);
            let roots = p.smoothness().sqrt() + p.strong_convexity().sqrt();
            let h = 4.0 / roots.powi(2);
            let Some(hessian) = p.objective().hessian(p.start()) else {
                panic!("the instances are quadratics");
            };
            let mut matrix = Matrix::zeros(2 * d, 2 * d);
            matrix.view_mut((0, 0), (d, d)).copy_from(&(hessian * -h));
            for i in 0..d {
                matrix[(i, i)] += 1.0 + momentum;
                matrix[(i, d + i)] = -momentum;
                matrix[(d + i, i)] = 1.0;
            }
            let radius = matrix.complex_eigenvalues().iter().map(|z| z.norm()).fold(0.0, f64::max);
            // A double eigenvalue is known only to the root of rounding.
            let floor = (d as f64 * f64::EPSILON).sqrt() * radius;
            Readings::at(d, Reading::new(radius, floor))
        })
        .predicting(|p, _| momentum(p).sqrt())
}

fn distance(name: &str) -> Claim<Problem> {
    Claim::bound(name, "|x_N − x*| ≤ (1 + (1 + √β) N) √βᴺ |x₀ − x*|")
        .assuming([smooth(), strongly_convex(), quadratic()])
        .measuring(1..=STEPS, |p: &Problem, steps| {
            let method = HeavyBall::optimal(p.smoothness(), p.strong_convexity());
            let run = p.run(method, STEPS);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting(|p, n| largest_distance(p, n, 1.0))
}

/// (1 + `times` (1 + √β) N) √βᴺ |x_0 - x*|
fn largest_distance(p: &Problem, n: f64, times: f64) -> f64 {
    let root = root_of_momentum(p);
    (1.0 + times * (1.0 + root) * n) * root.powi(n as i32) * p.distance_at_start()
}

/// The cycle (a, b, c) with a, c below 1 and b above 2, from the three linear equations of the method.
fn cycle() -> Claim<Problem> {
    Claim::identity("cycle_of_three_points", "x_N runs through −1.802…, 2.115…, 0.646…", 1e-9)
        .assuming([smooth(), strongly_convex()])
        .on(cycling_quadratic())
        .experiment(|p| {
            let (h, momentum) = (1.0 / 9.0, 4.0 / 9.0);
            // next = (1 + β - 25h) here - β before, plus 24h where the slope is 25x - 24.
            let own = 1.0 + momentum - 25.0 * h;
            let equations = Matrix::from_row_slice(
                3,
                3,
                &[-own, 1.0, momentum, momentum, -own, 1.0, 1.0, momentum, -own],
            );
            let right = Vector::from_vec(vec![0.0, 24.0 * h, 0.0]);
            let Some(points) = equations.lu().solve(&right) else {
                panic!("the equations of the cycle have one solution");
            };
            let run = p.run(HeavyBall::new(h, momentum), LONG);
            // Which point of the cycle the run is at is a matter of the number of steps.
            let last = run.last()[0];
            let phase = (0..3)
                .min_by(|&i, &j| (points[i] - last).abs().total_cmp(&(points[j] - last).abs()))
                .unwrap_or(0);
            Curve::over(
                LONG - 30..=LONG,
                |n| run.points()[n][0],
                |n| points[(phase + 3 * LONG - (LONG - n)) % 3],
            )
        })
}

fn safe() -> Claim<Problem> {
    Claim::bound("safe_parameters", "f(x_N) − f* ≤ (1 − μh)ᴺ (f(x₀) − f*)")
        .assuming([smooth(), strongly_convex()])
        .measuring(1..=STEPS, |p: &Problem, steps| {
            let (l, mu, h) = (p.smoothness(), p.strong_convexity(), safe_step(p));
            let momentum = ((1.0 - mu * h) * (1.0 - l * h)).sqrt();
            let run = p.run(HeavyBall::new(h, momentum), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting_from(safe_rate, |(factor, at_start), n| factor.powi(n as i32) * at_start)
}

/// 1 - μh and f(x_0) - f*.
fn safe_rate(p: &Problem) -> (f64, f64) {
    (1.0 - p.strong_convexity() * safe_step(p), p.gap_at_start())
}

/// √β of the optimal parameters.
fn root_of_momentum(p: &Problem) -> f64 {
    let root = p.condition_number().sqrt();
    (root - 1.0) / (root + 1.0)
}

/// β
fn momentum(p: &Problem) -> f64 {
    root_of_momentum(p).powi(2)
}

/// h = 1/(2L)
fn safe_step(p: &Problem) -> f64 {
    1.0 / (2.0 * p.smoothness())
}
