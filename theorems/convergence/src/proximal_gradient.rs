#![doc = include_str!("proximal_gradient.md")]

use theoria_algorithms::{GradientDescent, ProximalGradient, Trajectory};
use theoria_instances::CompositeProblem;
use theoria_instances::families::{
    STEPS as FITTED, diabetes_lasso, kink_under_a_slope, sparse_quadratics,
};
use theoria_instances::sequences::dyadic;
use theoria_models::Vector;
use theoria_verification::{Claim, Curve, Family, Figure, Instance, Theorem};

const STEPS: usize = 300;
/// Long enough for the slow directions of the diabetes data.
const LONG: usize = 4000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("convergence/proximal_gradient", include_str!("proximal_gradient.md"))
        .claim(rate("one_over_n").on(sparse_quadratics()).on(diabetes_lasso()))
        .claim(after("attained_on_a_kink", 4.0).attained_on(kinks()))
        .claim(contraction("contraction").on(sparse_quadratics()).on(diabetes_lasso()))
        .claim(support("support_is_found", proximal))
        .claim(local_rate("linear_rate_on_the_support", least_on_support))
        .claim(exponent("worst_case_exponent", -1.0))
        .control(after("constant_larger_than_four", 4.4).on(kinks()))
        .control(exponent("worst_case_exponent_minus_two", -2.0))
        .control(support("subgradients_find_the_support", subgradients))
        .control(local_rate("twice_the_rate_on_the_support", |p| 2.0 * least_on_support(p)))
        .figure(
            Figure::semilog("distance", "step N", "|x_N − x*|")
                .of("linear_rate_on_the_support")
                .caption(
                    "Once the support is found, the distance falls by the factor 1 − μ_S/L a step.",
                ),
        )
        .figure(
            Figure::log_log("gap", "step N", "F(x_N) − F*")
                .of("one_over_n")
                .caption("The gap stays below L R²/(4N)."),
        )
}

/// w|x| from the slope that N steps of size w/L walk half down.
struct Fitted {
    problem: CompositeProblem,
    steps: usize,
}

impl Instance for Fitted {
    fn description(&self) -> String {
        format!("{}, N = {}", self.problem.description(), self.steps)
    }
}

fn kinks() -> Family<Fitted> {
    Family::listed("w|x|, fitted to N", FITTED, |&steps| Fitted {
        problem: kink_under_a_slope(1.0 / (2.0 * steps as f64)),
        steps,
    })
}

fn proximal(p: &CompositeProblem, steps: usize) -> Trajectory {
    p.run(ProximalGradient::new(1.0 / p.smoothness()), steps)
}

/// Subgradient steps in place of proximal ones.
fn subgradients(p: &CompositeProblem, steps: usize) -> Trajectory {
    let h = 1.0 / p.smoothness();
    let whole = p.whole();
    Trajectory::of(GradientDescent::new(h), &whole, p.start(), steps)
}

fn rate(name: &str) -> Claim<CompositeProblem> {
    Claim::bound(name, "F(x_N) − F* ≤ L R² / (4N)").experiment(|p: &CompositeProblem| {
        let run = proximal(p, STEPS);
        let scale = p.smoothness() * p.distance_at_start().powi(2) / 4.0;
        Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| scale / n as f64)
    })
}

fn after(name: &str, four: f64) -> Claim<Fitted> {
    Claim::bound(name, &format!("F(x_N) − F* ≤ L R² / ({four} N)")).experiment(
        move |instance: &Fitted| {
            let (p, n) = (&instance.problem, instance.steps);
            let scale = p.smoothness() * p.distance_at_start().powi(2);
            Curve::at(n as f64, p.gap(proximal(p, n).last()), scale / (four * n as f64))
        },
    )
}

fn contraction(name: &str) -> Claim<CompositeProblem> {
    Claim::bound(name, "|x_N − x*| ≤ (1 − μ/L)ᴺ |x₀ − x*|").experiment(|p: &CompositeProblem| {
        let run = proximal(p, STEPS);
        let factor = 1.0 - p.strong_convexity() / p.smoothness();
        Curve::over(
            1..=STEPS,
            |n| p.distance(run.at(n)),
            |n| factor.powi(n as i32) * p.distance_at_start(),
        )
    })
}

/// Coordinates that are zero in one of the two and not in the other, over the second half of the run.
fn support(name: &str, run: fn(&CompositeProblem, usize) -> Trajectory) -> Claim<CompositeProblem> {
    Claim::identity(name, "number of coordinates off the support of x* = 0", 0.5)
        .on(sparse_quadratics())
        .on(diabetes_lasso())
        .experiment(move |p| {
            let run = run(p, LONG);
            let wrong = |x: &Vector| {
                let pairs = x.iter().zip(p.minimiser());
                pairs.filter(|(own, its)| (**own == 0.0) != (**its == 0.0)).count()
            };
            Curve::over(
                (LONG / 2..=LONG).step_by(50),
                |n| run.at(n).map_or(f64::INFINITY, |x| wrong(x) as f64),
                |_| 0.0,
            )
        })
}

/// mu_S: the smallest eigenvalue of the Hessian restricted to the support of the minimiser.
fn least_on_support(p: &CompositeProblem) -> f64 {
    let d = p.start().len();
    let support: Vec<usize> = (0..d).filter(|&i| p.minimiser()[i] != 0.0).collect();
    let Some(hessian) = p.objective().smooth().hessian(p.minimiser()) else {
        panic!("the smooth part is quadratic");
    };
    hessian.select_rows(&support).select_columns(&support).symmetric_eigenvalues().min()
}

fn local_rate(name: &str, curvature: fn(&CompositeProblem) -> f64) -> Claim<CompositeProblem> {
    Claim::linear_rate(name, "|x_N − x*| falls by 1 − μ_S/L a step in the end")
        .on(diabetes_lasso())
        .experiment(move |p| {
            let run = proximal(p, LONG);
            let factor = 1.0 - curvature(p) / p.smoothness();
            Curve::over(
                (0..=LONG).step_by(10),
                |n| p.distance(run.at(n)),
                |n| factor.powi(n as i32),
            )
        })
}

/// All N together.
struct AllSteps;

impl Instance for AllSteps {
    fn description(&self) -> String {
        "for each N the kink fitted to it".into()
    }
}

fn exponent(name: &str, exponent: f64) -> Claim<AllSteps> {
    Claim::exponent(name, &format!("the worst F(x_N) − F* ~ N^{exponent}"))
        .on(Family::single("w|x|, fitted to each N", || AllSteps))
        .experiment(move |_| {
            Curve::over(
                dyadic(512),
                |n| {
                    let p = kink_under_a_slope(1.0 / (2.0 * n as f64));
                    p.gap(proximal(&p, n).last())
                },
                |n| (n as f64).powf(exponent),
            )
        })
}
