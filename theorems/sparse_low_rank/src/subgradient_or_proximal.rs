#![doc = include_str!("subgradient_or_proximal.md")]

use theoria_algorithms::{Fista, GradientDescent, Momentum, Trajectory};
use theoria_elementary::powf;
use theoria_models::objectives::Lasso;
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{
    Case, Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Group, Hypothesis, Line,
    Reading, Readings, Theorem,
};

use crate::support::lasso_runs::{
    identified, independent, least_on_support, proximal, steps_to_accuracy, strictly_complementary,
    sweep_points,
};
use crate::support::penalised::{Penalised, diabetes, diabetes_at};
use crate::support::subgradient_starts::{Started, from_zero, one_step, starts_in_numbers};
use crate::support::sweeps::{Sweep, radius, sweeps};

/// Steps of the subgradient method.
const STEPS: usize = 200;
const MANY: usize = 2000;
/// Steps of proximal gradient descent, of FISTA, sweeps of coordinate descent until then, at these shares of the threshold.
const TO_ACCURACY: [(f64, [usize; 3]); 4] = [
    (0.3, [144, 189, 20]),
    (0.1, [181, 213, 25]),
    (0.03, [334, 327, 36]),
    (0.01, [1347, 935, 165]),
];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let seen = "min over k ≤ N of F(a_k) − F* ≤ (R² + h² Σ |g_k|²)/(2h(N + 1))";
    let cycle = cycle();
    let other_cycle = cycle
        .restated("cycle_as_for_small_steps", "|a_k| = λh/2")
        .predicting(|case, _| case.0 * case.1 / 2.0);
    let rate = rate("rate_of_proximal_gradient");
    let contraction = contraction("steps_contract", "|a_{k+1} − a*| ≤ (1 − 2s²/L)|a_k − a*|", 1.0);
    let more = self::contraction(
        "steps_contract_more",
        "|a_{k+1} − a*| ≤ 0.98 (1 − 2s²/L)|a_k − a*|",
        0.98,
    );
    let slower = rate
        .clone()
        .on(on_diabetes())
        .restated("rate_of_all_columns", "|a_k − a*| falls by 1 − μ/L a step, μ = 2s² of X")
        .predicting_from(
            |p| {
                let values = p.lasso.features().singular_values();
                1.0 - (values.min() / values.max()).powi(2)
            },
            |factor, k| powf(*factor, k),
        );
    let sweep = "after a sweep |e + (D + Uᵀ)⁻¹U e'|/|e'| = 0 on the support";
    Theorem::new("sparse_low_rank/subgradient_or_proximal", include_str!("subgradient_or_proximal.md"))
        .uses(
            "convergence/fista",
            "the steps of FISTA, and the proximal ones, whose support is found in finitely many",
        )
        .uses("sparse_low_rank/lasso_duality_gap", "the gap at which the methods stop")
        .claim(
            best_so_far("best_value_of_subgradients", seen, 1.0)
                .attained_on(one_step())
                .on(diabetes([0.3, 0.1]).map(from_zero))
                .on(starts_in_numbers().hunted(600))
                .tight_to(0.99),
        )
        .claim(cycle)
        .claim(nonzeros())
        .claim(identification())
        .claim(rate.on(on_diabetes()))
        .claim(contraction.on(on_diabetes()).tight_to(0.99))
        .claim(factor())
        .claim(never_rises())
        .claim(sweeps("errors_of_a_sweep", sweep, Sweep::AsDerived).on(on_diabetes()).on(wide()))
        .claim(radius())
        .claim(to_accuracy("steps_of_proximal_gradient", 0))
        .claim(to_accuracy("steps_of_fista", 1))
        .claim(to_accuracy("sweeps_of_coordinate_descent", 2))
        .control(
            best_so_far(
                "best_value_of_subgradients_is_less",
                "min over k ≤ N of F(a_k) − F* ≤ 0.98 (R² + h² Σ |g_k|²)/(2h(N + 1))",
                0.98,
            )
            .on(one_step())
            .on(starts_in_numbers().hunted(1000)),
        )
        .control(other_cycle)
        .control(slower)
        .control(
            self::rate("rate_at_the_border")
                .on(Family::single("|2X₂·r| = λ, a₂* = 0", at_the_border))
                .violating("strictly complementary"),
        )
        .control(more.on(on_diabetes()))
        .control(
            sweeps(
                "sweep_in_the_other_order",
                "after a sweep |e + (D + U)⁻¹Uᵀ e'|/|e'| = 0 on the support",
                Sweep::Transposed,
            )
            .on(on_diabetes())
            .on(wide()),
        )
        .control(
            sweeps(
                "sweep_of_all_columns",
                "after a sweep |e + (D + Uᵀ)⁻¹U e'|/|e'| = 0 with U and D of all columns",
                Sweep::AllColumns,
            )
            .on(on_diabetes()),
        )
        .control(fista_is_faster())
        .figure(
            Figure::log_log("gaps", "step or sweep", "(F(a) − F*)/F*")
                .caption(
                    "Diabetes, λ a tenth of the threshold. Subgradient steps stop at a level that the step size sets; the others are linear once they have \
                     the signs of the solution, which is marked.",
                )
                .showing(gaps),
        )
}

fn on_diabetes() -> Family<Penalised> {
    diabetes([0.3, 0.1, 0.03])
}

fn wide() -> Family<Penalised> {
    Family::drawn("20 features of 30 samples", |draw| {
        let features = theoria_instances::families::gaussian_matrix(30, 20, draw);
        let targets = theoria_instances::families::gaussian(30, draw);
        Penalised::at_share("Gaussian", features, targets, draw.uniform(0.05, 0.25))
    })
}

fn positive() -> Hypothesis<Started> {
    Hypothesis::new("positive weight and step size", |at: &Started, _| {
        let least = at.problem.lasso.weight().min(at.step);
        Check::that(
            least > 0.0,
            format!("λ = {:.6}, h = {:.6}", at.problem.lasso.weight(), at.step),
        )
    })
}

fn best_so_far(name: &str, formula: &str, share: f64) -> Claim<Started> {
    Claim::bound(name, formula).assuming([positive()]).experiment(move |at: &Started| {
        let whole = at.problem.composite().whole();
        let run = Trajectory::of(GradientDescent::new(at.step), &whole, &at.start, STEPS);
        let distance = (&at.start - &at.problem.solution).norm_squared();
        let (mut best, mut squares) = (f64::INFINITY, 0.0);
        let rows = run.points().iter().enumerate().map(|(n, a)| {
            best = best.min(at.problem.lasso.value(a) - at.problem.minimum.value);
            squares += whole.gradient_at(a).norm_squared();
            let bound = (distance + at.step * at.step * squares) / (2.0 * at.step * (n + 1) as f64);
            (n + 1, Reading::new(best, at.problem.floor(a)), share * bound)
        });
        rows.collect::<Vec<_>>().into_iter().collect::<Curve>()
    })
}

/// λ and h.
fn cycle() -> Claim<Case<(f64, f64)>> {
    let short = Hypothesis::new("0 < h < 1", |case: &Case<(f64, f64)>, _| {
        Check::that(0.0 < case.1 && case.1 < 1.0, format!("h = {}", case.1))
    });
    let cases = [(1.0, 0.1), (2.0, 0.3), (0.5, 0.45)];
    Claim::identity("subgradients_end_in_a_cycle", "on a² + λ|a|: |a_k| = λh/(2 − 2h)", 1e-9)
        .assuming([short])
        .on(Family::cases("λ and h", cases, |(weight, step)| format!("λ = {weight}, h = {step}")))
        .measuring(1000..1010usize, |case, steps| {
            let lasso = Lasso::new(Matrix::identity(1, 1), Vector::zeros(1), case.0);
            let start = Vector::from_element(1, 3.0);
            let whole = lasso.composite().whole();
            let run = Trajectory::of(GradientDescent::new(case.1), &whole, &start, 1010);
            steps.read(|k| run.points()[k][0].abs())
        })
        .predicting(|case, _| case.0 * case.1 / (2.0 - 2.0 * case.1))
}

fn nonzeros() -> Claim<Penalised> {
    Claim::identity(
        "subgradients_set_nothing_to_zero",
        "number of a_j ≠ 0 after 2000 steps = 10",
        1e-9,
    )
    .assuming([strictly_complementary()])
    .on(on_diabetes())
    .measuring([MANY], |p: &Penalised, steps| {
        let method = GradientDescent::new(1.0 / p.smoothness());
        let whole = p.composite().whole();
        let start = Vector::zeros(p.solution.len());
        let run = Trajectory::keeping(method, &whole, &start, MANY, |k| k == MANY);
        steps.read(|_| run.last().iter().filter(|a| **a != 0.0).count() as f64)
    })
    .predicting(|p, _| p.solution.len() as f64)
}

fn identification() -> Claim<Penalised> {
    let formula =
        "first step from which on the signs of a_k are those of a* = 30 at λ = 0.1 · 2|Xᵀy|_∞";
    Claim::identity("signs_are_found", formula, 1e-9)
        .assuming([independent(), strictly_complementary()])
        .on(diabetes([0.1]))
        .measuring([1000usize], |p: &Penalised, steps| {
            steps.read(|last| identified(p, &proximal(p, last)) as f64)
        })
        .predicting(|_, _| 30.0)
}

/// X = ((1, 1), (0, 1)), y = (2, 0), λ = 2: the solution (1, 0), where 2X₂·r is λ. From 0 the second coefficient never comes back to 0.
fn at_the_border() -> Penalised {
    let features = Matrix::from_row_slice(2, 2, &[1.0, 1.0, 0.0, 1.0]);
    Penalised::at_share("at the border", features, Vector::from_vec(vec![2.0, 0.0]), 0.5)
}

fn rate(name: &str) -> Claim<Penalised> {
    Claim::linear_rate(name, "|a_k − a*| falls by 1 − 2s²/L a step, s of X_S")
        .assuming([independent(), strictly_complementary()])
        .measuring((0..=400usize).step_by(4), |p: &Penalised, steps| {
            let points = proximal(p, 400);
            let floor = 1e-12 * p.solution.norm();
            steps.read(|k| Reading::new((&points[k] - &p.solution).norm(), floor))
        })
        .predicting_from(
            |p| 1.0 - 2.0 * least_on_support(p).powi(2) / p.smoothness(),
            |factor, k| powf(*factor, k),
        )
}

/// From where on the signs are right until the error is near rounding.
fn contraction(name: &str, formula: &str, share: f64) -> Claim<Penalised> {
    Claim::bound(name, formula).assuming([independent(), strictly_complementary()]).experiment(
        move |p: &Penalised| {
            let points = proximal(p, 400);
            let floor = 64.0 * f64::EPSILON * p.solution.norm();
            let error = |k: usize| (&points[k] - &p.solution).norm();
            let rate = 1.0 - 2.0 * least_on_support(p).powi(2) / p.smoothness();
            let seen = (identified(p, &points)..400).take_while(|k| error(*k) > 1e6 * floor);
            Curve::over(
                seen.collect::<Vec<_>>(),
                |k| Reading::new(error(k + 1), floor),
                |k| share * rate * error(k),
            )
        },
    )
}

fn factor() -> Claim<Penalised> {
    Claim::identity("factor_on_diabetes", "1 − 2s²/L = 0.89719 at λ = 0.1 · 2|Xᵀy|_∞", 1e-5)
        .assuming([independent()])
        .on(diabetes([0.1]))
        .measuring([0.1], |p: &Penalised, once| {
            once.read(|_| 1.0 - 2.0 * least_on_support(p).powi(2) / p.smoothness())
        })
        .predicting(|_, _| 0.89719)
}

fn never_rises() -> Claim<Penalised> {
    let any = Hypothesis::new("positive weight", |p: &Penalised, _| {
        Check::that(p.lasso.weight() > 0.0, format!("λ = {:.6}", p.lasso.weight()))
    });
    Claim::bound("coordinate_descent_never_rises", "F after a sweep ≤ F before")
        .assuming([any])
        .on(on_diabetes())
        .on(wide())
        .experiment(|p: &Penalised| {
            let points = sweep_points(p, 60);
            let value = |k: usize| p.lasso.value(&points[k]);
            Curve::over(
                1..=60usize,
                |k| Reading::new(value(k), 1e-14 * p.scale()),
                |k| value(k - 1),
            )
        })
        .tight_to(0.999)
}

fn to_accuracy(name: &str, method: usize) -> Claim<Penalised> {
    let counts = TO_ACCURACY.map(|(_, counts)| counts[method].to_string()).join(", ");
    let formula =
        format!("steps until the duality gap is 10⁻¹⁰ F(a), at λ = 0.3, 0.1, 0.03, 0.01: {counts}");
    Claim::identity(name, &formula, 1e-9)
        .assuming([independent(), strictly_complementary()])
        .on(diabetes(TO_ACCURACY.map(|(share, _)| share)))
        .measuring_each(move |p: &Penalised| {
            Readings::at(share(p), steps_to_accuracy(p, method) as f64)
        })
        .predicting(move |_, share| {
            let row = TO_ACCURACY.iter().find(|(own, _)| (own - share).abs() < 1e-9);
            row.map_or(0.0, |(_, counts)| counts[method] as f64)
        })
}

fn share(p: &Penalised) -> f64 {
    p.lasso.weight() / p.lasso.threshold()
}

fn fista_is_faster() -> Claim<Penalised> {
    let formula =
        "steps of FISTA until the duality gap is 10⁻¹⁰ F(a) ≤ those of proximal gradient descent";
    Claim::bound("fista_is_never_slower", formula)
        .assuming([independent(), strictly_complementary()])
        .on(diabetes([0.3, 0.1]))
        .experiment(|p: &Penalised| {
            let counts = [0, 1].map(|method| steps_to_accuracy(p, method) as f64);
            Curve::at(share(p), Reading::new(counts[1], 0.0), counts[0])
        })
}

fn gaps(_: &mut Draw, _: Effort) -> Content {
    let p = diabetes_at(0.1);
    let start = Vector::zeros(10);
    let composite = p.composite();
    let step = 1.0 / p.smoothness();
    let fista = Trajectory::of(Fista::new(step, Momentum::Sequence), &composite, &start, 1000);
    let whole = composite.whole();
    let subgradients = Trajectory::of(GradientDescent::new(0.1 * step), &whole, &start, MANY);
    let gap = |a: &Vector| (p.lasso.value(a) - p.minimum.value) / p.minimum.value;
    let mut lines = Vec::new();
    let mut marks = Vec::new();
    let mut show = |label: &str, points: &[Vector], signs: bool| {
        let last = points.iter().position(|a| gap(a) < 1e-14).unwrap_or(points.len() - 1);
        let seen = (1..=last).filter(|k| k % (1 + k / 60) == 0);
        lines.push(Line::measured(label, seen.map(|k| (k as f64, gap(&points[k]).max(1e-15)))));
        if signs {
            let from = identified(&p, points).max(1);
            marks.push((from as f64, gap(&points[from]).max(1e-15)));
        }
    };
    show("subgradients", subgradients.points(), false);
    show("proximal gradient", &proximal(&p, 1000), true);
    show("FISTA", fista.points(), true);
    show("coordinate descent", &sweep_points(&p, 60), true);
    Content::Points { groups: vec![Group::new("signs are right from here on", marks)], lines }
}
