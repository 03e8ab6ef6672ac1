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
    let exponent = exponent();
    let larger = exponent
        .restated(
            "exponent_on_the_simplex_is_larger",
            "f(x_N) − f* ~ N^-1.2 while N is far below d",
        )
        .predicting(|_, n| n.powf(-1.2));
    Theorem::new("convergence/frank_wolfe", include_str!("frank_wolfe.md"))
        .claim(rate("one_over_n", "f(x_N) − f* ≤ 2 L D² / (N + 2)", FrankWolfe::new))
        .claim(certificate("gap_is_a_certificate", "f(x_N) − f* ≤ g(x_N)", 1.0))
        .claim(sparse("no_faster_on_the_simplex", "f(x_N) − f* ≥ 1/(N + 1) − 1/d", frank_wolfe))
        .claim(exponent)
        .control(certificate("half_of_the_gap_is_a_certificate", "f(x_N) − f* ≤ 0.4 g(x_N)", 0.4))
        .control(sparse(
            "projected_gradient_obeys_it_too",
            "of projected gradient: f(x_N) − f* ≥ 1/(N + 1) − 1/d",
            |p| p.run(ProjectedGradient::new(0.9 / p.smoothness()), LONG),
        ))
        .control(larger)
        .control(rate(
            "with_steps_that_do_not_shrink",
            "with h = 1/2 always: f(x_N) − f* ≤ 2 L D² / (N + 2)",
            || FrankWolfe::with_schedule(|_| 0.5),
        ))
        .figure(
            Figure::log_log("gap", "step N", "f(x_N) − f*").of("one_over_n").caption(
                "Over balls, boxes, simplices and l1 balls the gap stays below 2LD²/(N + 2).",
            ),
        )
        .figure(
            Figure::log_log("simplex", "step N", "f(x_N) − f*")
                .of("no_faster_on_the_simplex")
                .of("projected_gradient_obeys_it_too")
                .caption(
                    "On the simplex each step adds one coordinate, and the gap cannot fall below \
                     1/(N + 1) − 1/d.",
                ),
        )
}

fn rate(name: &str, formula: &str, method: fn() -> FrankWolfe) -> Claim<ConstrainedProblem> {
    Claim::bound(name, formula)
        .on_all(constrained_quadratics())
        .measuring(1..=STEPS, move |p, steps| {
            let run = p.run(method(), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| 2.0 * p.smoothness() * p.diameter().powi(2) / (n + 2.0))
}

/// `share` of the Frank–Wolfe gap.
fn certificate(name: &str, formula: &str, share: f64) -> Claim<ConstrainedProblem> {
    Claim::bound(name, formula).on_all(constrained_quadratics()).experiment(move |p| {
        let run = p.run(FrankWolfe::new(), STEPS);
        Curve::over(
            0..=STEPS,
            |n| p.gap(run.at(n)),
            |n| share * p.objective().frank_wolfe_gap(&run.points()[n]),
        )
    })
}

fn sparse(
    name: &str,
    formula: &str,
    run: fn(&ConstrainedProblem) -> Trajectory,
) -> Claim<ConstrainedProblem> {
    Claim::lower_bound(name, formula)
        .on(simplex(4 * LONG))
        .measuring(0..=LONG, move |p, steps| {
            let run = run(p);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| 1.0 / (n + 1.0) - 1.0 / p.start().len() as f64)
}

fn exponent() -> Claim<ConstrainedProblem> {
    Claim::exponent("exponent_on_the_simplex", "f(x_N) − f* ~ N^-1 while N is far below d")
        .on(simplex(DIMENSION))
        .measuring(dyadic(OCTAVES), |p, steps| {
            let method = FrankWolfe::new();
            let run = Trajectory::keeping(method, p.objective(), p.start(), OCTAVES, |n| {
                n.is_power_of_two()
            });
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|_, n| n.powf(-1.0))
}

fn simplex(dimension: usize) -> Family<ConstrainedProblem> {
    Family::single("|x|² over the simplex", move || norm_over_the_simplex(dimension))
}

fn frank_wolfe(p: &ConstrainedProblem) -> Trajectory {
    p.run(FrankWolfe::new(), LONG)
}
