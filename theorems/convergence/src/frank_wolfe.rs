#![doc = include_str!("frank_wolfe.md")]

use theoria_algorithms::{FrankWolfe, ProjectedGradient, Trajectory};
use theoria_instances::ConstrainedProblem;
use theoria_instances::families::{constrained_quadratics, norm_over_the_simplex};
use theoria_instances::sequences::dyadic;
use theoria_verification::{Claim, Curve, Family, Figure, Theorem};

const STEPS: usize = 300;
const LONG: usize = 512;
/// Steps over which the exponent is measured, in so many coordinates that 1/d is negligible against
/// 1/N, else it bends the exponent.
const OCTAVES: usize = 256;
const DIMENSION: usize = 50_000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("convergence/frank_wolfe", include_str!("frank_wolfe.md"))
        .claim(rate("one_over_n", FrankWolfe::new).on_all(constrained_quadratics()))
        .claim(certificate("gap_is_a_certificate", 1.0).on_all(constrained_quadratics()))
        .claim(sparse("no_faster_on_the_simplex", frank_wolfe))
        .claim(exponent("exponent_on_the_simplex", -1.0))
        .control(certificate("half_of_the_gap_is_a_certificate", 0.4).on_all(constrained_quadratics()))
        .control(sparse("projected_gradient_obeys_it_too", |p| {
            p.run(ProjectedGradient::new(0.9 / p.smoothness()), LONG)
        }))
        .control(exponent("exponent_on_the_simplex_is_larger", -1.2))
        .control(rate("with_steps_that_do_not_shrink", || FrankWolfe::with_schedule(|_| 0.5))
            .on_all(constrained_quadratics()))
        .figure(
            Figure::log_log("gap", "step N", "f(x_N) − f*")
                .of("one_over_n")
                .caption("Over balls, boxes, simplices and l1 balls the gap stays below 2LD²/(N + 2)."),
        )
        .figure(
            Figure::log_log("simplex", "step N", "f(x_N) − f*")
                .of("no_faster_on_the_simplex")
                .of("projected_gradient_obeys_it_too")
                .caption("On the simplex each step adds one coordinate, and the gap cannot fall below 1/(N + 1) − 1/d."),
        )
}

fn frank_wolfe(p: &ConstrainedProblem) -> Trajectory {
    p.run(FrankWolfe::new(), LONG)
}

fn rate(name: &str, method: fn() -> FrankWolfe) -> Claim<ConstrainedProblem> {
    Claim::bound(name, "f(x_N) − f* ≤ 2 L D² / (N + 2)").experiment(
        move |p: &ConstrainedProblem| {
            let run = p.run(method(), STEPS);
            let scale = 2.0 * p.smoothness() * p.diameter().powi(2);
            Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| scale / (n as f64 + 2.0))
        },
    )
}

/// `share` of the Frank–Wolfe gap.
fn certificate(name: &str, share: f64) -> Claim<ConstrainedProblem> {
    Claim::bound(name, "f(x_N) − f* ≤ g(x_N)").experiment(move |p: &ConstrainedProblem| {
        let run = p.run(FrankWolfe::new(), STEPS);
        Curve::over(
            0..=STEPS,
            |n| p.gap(run.at(n)),
            |n| share * p.objective().frank_wolfe_gap(&run.points()[n]),
        )
    })
}

fn simplex() -> Family<ConstrainedProblem> {
    Family::single("|x|² over the simplex", || norm_over_the_simplex(4 * LONG))
}

fn sparse(name: &str, run: fn(&ConstrainedProblem) -> Trajectory) -> Claim<ConstrainedProblem> {
    Claim::lower_bound(name, "f(x_N) − f* ≥ 1/(N + 1) − 1/d").on(simplex()).experiment(move |p| {
        let run = run(p);
        let d = p.start().len() as f64;
        Curve::over(0..=LONG, |n| p.gap(run.at(n)), |n| 1.0 / (n as f64 + 1.0) - 1.0 / d)
    })
}

fn exponent(name: &str, exponent: f64) -> Claim<ConstrainedProblem> {
    Claim::exponent(name, &format!("f(x_N) − f* ~ N^{exponent} while N is far below d"))
        .on(Family::single("|x|² over the simplex", || norm_over_the_simplex(DIMENSION)))
        .experiment(move |p| {
            let run =
                Trajectory::keeping(FrankWolfe::new(), p.objective(), p.start(), OCTAVES, |n| {
                    n.is_power_of_two()
                });
            Curve::over(dyadic(OCTAVES), |n| p.gap(run.at(n)), |n| (n as f64).powf(exponent))
        })
}
