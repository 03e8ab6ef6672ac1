#![doc = include_str!("newton_on_separable_data.md")]

use std::f64::consts::E;

use theoria_elementary::exp;
use theoria_models::Vector;
use theoria_verification::{
    Case, Claim, Content, Draw, Effort, Family, Figure, Group, Line, Reading, Readings, Theorem,
};

use crate::support::separable_data::{
    BETWEEN, Cancer, SHORTEST, STEPS, Samples, Setting, Tumours, VERTICES, anywhere, independent,
    moderate, on_a_line, on_the_border, one_more, random_start, samples, separable, spanning,
    towards_vertices, triangle, tumours, tumours_in, without_a_ridge,
};

/// Steps of exact statements.
const FEW: usize = 6;
/// Steps after which margins that grow more slowly have caught up.
const MANY: usize = 120;
/// What the first of the margins that grow by more than 1 grows by in the end, as printed.
const NEXT: f64 = 1.5558;
/// The margin of that direction over the largest, as printed.
const SHARE: f64 = 0.74945;
/// Steps on the tumours after which the loss falls by e.
const LATE: [usize; 4] = [30, 60, 90, 120];
const GAIN: &str = "f(w₊) ≥ f(w)/e";

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let decay = decay("falls_by_e", samples("d samples", 0));
    let faster = decay
        .restated("falls_by_more_than_e", "f(w_n) = e^(−1.02 n) f(w₀)")
        .predicting(|_, n| exp(-1.02 * n));
    let margins = logistic_margins("margins_of_the_logistic_loss");
    let smaller = margins
        .restated("margins_grow_by_one", "m₊ = m + 1")
        .predicting_from(|it| it.logistic(1).0, |margins, i| margins[0][i as usize] + 1.0);
    let rate = logistic_rate("logistic_loss_falls_by_e_at_last");
    let rate_faster = rate
        .restated("logistic_loss_falls_by_more", "f(w_n)/f(w_{n−1}) → 0.98/e")
        .predicting(|_, _| 0.98 / E);
    let vertex = vertex("direction_of_the_start");
    let margin = vertex
        .restated("direction_of_the_largest_margin", "w_n − w_{n−1} → (1/2, 1/2)")
        .predicting(|_, i| SHORTEST[i as usize]);
    let between = between("direction_from_the_border");
    let vertex_instead = between
        .restated("vertex_from_the_border", "w_n − w_{n−1} → (7/8, 1/8)")
        .predicting(|_, i| VERTICES[1][i as usize]);
    let in_setting = |name: &str, setting, hypothesis| {
        ratio(name).on(tumours_in("in another setting", setting, &LATE)).violating(hypothesis)
    };
    let with_a_ridge = in_setting("loss_with_a_ridge", Setting::Ridge, "no ridge");
    let not_separable = in_setting("loss_of_both_labels", Setting::Contradiction, "separable");
    let ratio = ratio("loss_of_the_tumours").on(tumours("steps from the 30th on", &LATE));
    let ratio_faster = ratio
        .restated("loss_of_the_tumours_falls_by_more", "f(w_n)/f(w_{n−1}) → 0.98/e")
        .predicting(|_, _| 0.98 / E);
    let active = active("margins_that_grow_by_one", 31);
    let fewer = active
        .restated("as_many_as_support_vectors", "29 margins grow by 1")
        .predicting(|_, _| 29.0);
    let next = next("growth_of_the_next_margin", "the next margin grows by 1.5558", NEXT);
    let share = share("share_of_the_largest_margin", SHARE);
    let larger = self::share("share_is_larger", 1.02 * SHARE);
    Theorem::new(
        "second_order/newton_on_separable_data",
        include_str!("newton_on_separable_data.md"),
    )
    .uses(
        "implicit_bias/max_margin",
        "on separable data there is no minimiser; the direction of the largest margin",
    )
    .uses(
        "second_order/affine_invariance",
        "Newton's method does not see the coordinates, on which that direction depends",
    )
    .claim(decay)
    .claim(same_step("same_step_for_ever", "w_n − w₀ = n Z⁻¹u", 1.0))
    .claim(
        gain("gains_a_factor_e_at_most", GAIN, 1.0)
            .attained_on(square(3))
            .on(samples("samples that span", 4).hunted(400))
            .tight_to(0.999),
    )
    .claim(margins)
    .claim(rate)
    .claim(vertex)
    .claim(between)
    .claim(ends("ends_at_a_vertex", "two margins grow by 1, the third by more than 3", 1.0).on(anywhere()))
    .claim(ratio)
    .claim(growth("growth_of_the_weights", "|w_n − w_{n−1}| = 954.42, then 958.21", &[30, STEPS], 958.207))
    .claim(active)
    .claim(next)
    .claim(share)
    .control(faster)
    .control(self::decay("falls_by_e_with_a_sample_more", one_more()).violating("d independent samples"))
    .control(same_step("longer_step", "w_n − w₀ = 1.02 n Z⁻¹u", 1.02))
    .control(gain("gains_less_than_e", "f(w₊) ≥ 1.05 f(w)/e", 1.05).on(samples("samples that span", 4).hunted(400)))
    .control(logistic_gain())
    .control(smaller)
    .control(rate_faster)
    .control(margin)
    .control(vertex_instead)
    .control(ends("margins_grow_by_more", "two margins grow by 1.02", 1.02).on(anywhere()))
    .control(ends("ends_at_a_vertex_on_a_line", "two margins grow by 1, the third by more than 3", 1.0).on(on_a_line()).violating("spanning samples"))
    .control(ratio_faster)
    .control(with_a_ridge)
    .control(not_separable)
    .control(growth("growth_of_the_weights_is_steady", "|w_n − w_{n−1}| = 954.42 for all n", &[STEPS], 954.42))
    .control(fewer)
    .control(self::next("growth_of_the_next_margin_is_more", "the next margin grows by 1.02 · 1.5558", 1.02 * NEXT))
    .control(larger)
    .figure(
        Figure::linear("vertices", "p₁", "p₂")
            .caption(
                "Last steps w_n − w_{n−1} from 40 random starts, for three samples in the plane, and all steps from 0. Each last one is one of two vertices of the set where all margins grow by 1 at least (above the \
                 lines); the shortest vector of that set, where gradient descent leads, is none of them.",
            )
            .showing(vertices),
    )
    .figure(
        Figure::semilog("tumours", "step n", "f(w_n)")
            .caption(
                "The logistic loss of the breast cancer data without a ridge: after thirteen steps Newton's method has found a plane that separates them, and soon the loss falls \
                 by e a step, for ever.",
            )
            .showing(losses_on_the_tumours),
    )
}

/// As many samples as unknowns.
fn square(draws: usize) -> Family<Samples> {
    let turned = |k: &usize| {
        let entry =
            |i: usize, j: usize| if i == j { 2.0 } else { ((i + 2 * j + k) % 3) as f64 - 1.0 };
        let d = 1 + k % 3;
        let rows = theoria_models::Matrix::from_fn(d, d, entry);
        Samples { rows, start: Vector::from_fn(d, |i, _| i as f64 - 0.5) }
    };
    Family::listed("as many samples as unknowns", 0..draws, turned)
}

fn decay(name: &str, family: Family<Samples>) -> Claim<Samples> {
    Claim::identity(name, "f(w_n) = e⁻ⁿ f(w₀)", 1e-12)
        .assuming([independent()])
        .on(family)
        .measuring_each(|it: &Samples| {
            let walk = it.walk(FEW);
            Readings::over(1..=FEW, |n| walk.share(n))
        })
        .predicting(|_, n| exp(-n))
}

fn same_step(name: &str, formula: &str, factor: f64) -> Claim<Samples> {
    Claim::identity(name, formula, 1e-12)
        .assuming([independent()])
        .on(samples("d samples", 0))
        .measuring_each(|it: &Samples| {
            Readings::over(0..it.dimension(), {
                let way = it.walk(FEW).way(FEW);
                move |i| way[i]
            })
        })
        .predicting_from(Samples::equal_margins, move |step, i| {
            let entry = step.as_ref().map_or(f64::NAN, |step| step[i as usize]);
            factor * FEW as f64 * entry
        })
}

fn gain(name: &str, formula: &str, factor: f64) -> Claim<Samples> {
    Claim::lower_bound(name, formula)
        .assuming([spanning()])
        .measuring_each(|it: &Samples| Readings::at(1, it.walk(1).share(1)))
        .predicting(move |_, _| factor / E)
}

/// From 0, where the logistic loss is not exponential yet.
fn logistic_gain() -> Claim<Case<usize>> {
    Claim::lower_bound(
        "gains_a_factor_e_at_most_on_the_logistic_loss",
        "f(w₊) ≥ f(w)/e, logistic loss, at 0",
    )
    .on(Family::cases("as many samples as unknowns", [1usize, 2], |d| format!("d = {d}")))
    .measuring_each(|d: &Case<usize>| {
        let rows = theoria_models::Matrix::identity(**d, **d);
        let losses = Samples { rows, start: Vector::zeros(**d) }.logistic(1).1;
        Readings::at(1, losses[1] / losses[0])
    })
    .predicting(|_, _| 1.0 / E)
}

fn logistic_margins(name: &str) -> Claim<Samples> {
    Claim::identity(name, "m₊ = m + 1 + e⁻ᵐ", 1e-9)
        .assuming([independent()])
        .on(moderate())
        .measuring_each(|it: &Samples| {
            let after = it.logistic(1).0[1].clone();
            Readings::over(0..after.len(), |i| Reading::new(after[i], 1e-12 * after.amax()))
        })
        .predicting_from(
            |it| it.logistic(1).0[0].clone(),
            |before, i| {
                let m = before[i as usize];
                m + 1.0 + exp(-m)
            },
        )
}

fn logistic_rate(name: &str) -> Claim<Samples> {
    Claim::identity(name, "f(w_n)/f(w_{n−1}) → 1/e", 1e-6)
        .assuming([independent()])
        .on(moderate())
        .measuring_each(|it: &Samples| {
            let losses = it.logistic(24).1;
            Readings::at(24, losses[24] / losses[23])
        })
        .predicting(|_, _| 1.0 / E)
}

fn vertex(name: &str) -> Claim<Samples> {
    Claim::identity(name, "w_n − w_{n−1} → v from 40 v", 1e-6)
        .assuming([spanning()])
        .on(towards_vertices())
        .measuring_each(|it: &Samples| {
            let step = it.walk(FEW).step(FEW);
            Readings::over(0..2usize, |i| step[i])
        })
        .predicting(|it, i| it.start[i as usize] / 40.0)
}

fn between(name: &str) -> Claim<Samples> {
    Claim::identity(name, "w_n − w_{n−1} → (2/3, 1/3) from the border", 1e-6)
        .assuming([spanning()])
        .on(on_the_border())
        .measuring_each(|it: &Samples| {
            let step = it.walk(FEW).step(FEW);
            Readings::over(0..2usize, |i| step[i])
        })
        .predicting(|_, i| BETWEEN[i as usize])
}

/// The two smallest growths of a margin, and whether the third is beyond 3: at the vertices it is 6 and 3.5.
fn ends(name: &str, formula: &str, growth: f64) -> Claim<Samples> {
    Claim::identity(name, formula, 1e-6)
        .assuming([spanning()])
        .measuring_each(|it: &Samples| {
            let mut growths: Vec<f64> =
                (&it.rows * it.walk(MANY).step(MANY)).iter().copied().collect();
            growths.sort_by(f64::total_cmp);
            let third = f64::from(u8::from(growths[2] > 3.0));
            Readings::over(0..3usize, |i| if i < 2 { growths[i] } else { third })
        })
        .predicting(move |_, i| if i < 2.0 { growth } else { 1.0 })
}

fn ratio(name: &str) -> Claim<Tumours> {
    Claim::identity(name, "f(w_n)/f(w_{n−1}) → 1/e", 1e-5)
        .assuming([separable(), without_a_ridge()])
        .measuring_each(|it: &Tumours| Readings::at(it.step, it.run().ratio(it.step)))
        .predicting(|_, _| 1.0 / E)
}

fn growth(name: &str, formula: &str, numbers: &[usize], last: f64) -> Claim<Tumours> {
    Claim::identity(name, formula, 1e-4)
        .assuming([separable(), without_a_ridge()])
        .on(tumours("on a plateau and after it", numbers))
        .measuring_each(|it: &Tumours| Readings::at(it.step, it.run().length(it.step)))
        .predicting(move |it, _| if it.step == 30 { 954.42 } else { last })
}

/// How many margins grow by 1, up to a ten thousandth.
fn active(name: &str, count: usize) -> Claim<Tumours> {
    Claim::identity(name, "31 = d margins grow by 1, all others by 1.55 or more", 1e-9)
        .assuming([separable(), without_a_ridge()])
        .on(tumours("the last step", &[STEPS]))
        .measuring_each(|it: &Tumours| {
            let growth = it.run().growth(it.step);
            let near = growth.iter().filter(|g| (**g - 1.0).abs() <= 1e-4).count();
            let below = growth.iter().filter(|g| **g < 1.55).count();
            [(0usize, near as f64), (1, below as f64)].into_iter().collect()
        })
        .predicting(move |_, _| count as f64)
}

/// After the 31 that grow by 1.
fn next(name: &str, formula: &str, told: f64) -> Claim<Tumours> {
    Claim::identity(name, formula, 1e-4)
        .assuming([separable(), without_a_ridge()])
        .on(tumours("the last step", &[STEPS]))
        .measuring_each(|it: &Tumours| Readings::at(it.step, it.run().growth(it.step)[31]))
        .predicting(move |_, _| told)
}

/// The smallest growth over the length of the step, against the largest margin: half a digit of what is printed is 7e-6 of it, and the Hessian, of
/// the condition number 1e9, rounds growths by less than 1e-6.
fn share(name: &str, value: f64) -> Claim<Tumours> {
    let formula = format!("its margin is {value:.5} of the largest");
    Claim::identity(name, &formula, 1e-5)
        .assuming([separable(), without_a_ridge()])
        .on(tumours("the last step", &[STEPS]))
        .measuring_each(|it: &Tumours| {
            let run = it.run();
            Readings::at(it.step, run.growth(it.step)[0] * run.shortest / run.length(it.step).value)
        })
        .predicting(move |_, _| value)
}

fn vertices(draw: &mut Draw, _: Effort) -> Content {
    let lasts = (0..40).map(|_| {
        let it = Samples { rows: triangle(), start: random_start(draw) };
        let step = it.walk(MANY).step(MANY);
        (step[0], step[1])
    });
    let lasts: Vec<(f64, f64)> = lasts.collect();
    let walk = Samples { rows: triangle(), start: Vector::zeros(2) }.walk(MANY);
    let steps = (1..=MANY).map(|n| (walk.step(n)[0], walk.step(n)[1]));
    Content::Points {
        groups: vec![
            Group::new("all steps from 0", steps),
            Group::new("last steps", lasts),
            Group::new("shortest vector", [(SHORTEST[0], SHORTEST[1])]),
            Group::new("vertices", VERTICES.map(|v| (v[0], v[1]))),
        ],
        lines: vec![
            Line::predicted("4p₁ = 1", [(0.25, 0.0), (0.25, 1.0)]),
            Line::predicted("p₁ + p₂ = 1", [(0.0, 1.0), (1.0, 0.0)]),
            Line::predicted("8p₂ = 1", [(0.0, 0.125), (1.0, 0.125)]),
        ],
    }
}

fn losses_on_the_tumours(_: &mut Draw, _: Effort) -> Content {
    let losses = Cancer::run(Setting::Plain).losses();
    let measured = losses.iter().enumerate().take(46).map(|(n, f)| (n as f64, *f));
    let straight = (0..=45).map(|n| (f64::from(n), losses[45] * exp(f64::from(45 - n))));
    Content::Lines {
        lines: vec![
            Line::measured("f(w_n)", measured),
            Line::predicted("a factor e a step", straight.filter(|(_, f)| *f <= 1.0)),
        ],
    }
}
