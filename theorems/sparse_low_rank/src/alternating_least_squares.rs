#![doc = include_str!("alternating_least_squares.md")]

use theoria_algorithms::{AlternatingLeastSquares, Method};
use theoria_elementary::powf;
use theoria_models::{Matrix, Objective};
use theoria_verification::{
    Claim, Content, Curve, Draw, Effort, Figure, Hypothesis, Line, Reading, Readings, Theorem,
};

use crate::support::alternation::{
    Alternation, all_seen, drawn, gap, partly_hidden, slowest, start_meets_the_first,
    without_a_gap, without_the_first, without_the_slowest, worked,
};

/// Half steps at which each tangent is read.
const HALF_STEPS: usize = 6;
/// Half steps over which a gap is followed.
const FOLLOWED: usize = 20;
/// Half steps over which the loss is looked at, which with hidden entries may fall by a fiftieth for long.
const DESCENDED: usize = 200;
/// Of a gap, relative.
const GAP_TOLERANCE: f64 = 1e-8;
/// Half steps over which a rate is read: (3/4)⁴⁰ is 1e-5.
const RATES: usize = 40;
/// Sweeps that have arrived by far: 0.99 to this power is nothing.
const ARRIVED: usize = 2000;

/// Distance from the best matrix of rank k over |A|, of which the gap is the square.
const CLOSE: f64 = 1e-5;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let tangents = tangents("tangents_shrink_by_these_factors")
        .on(worked())
        .on(drawn())
        .predicting_from(powers(1.0, 1.0), |values, i| indexed(values, i));
    let one_a_sweep = tangents
        .restated("tangents_shrink_by_one_power_a_sweep", "T_it(j) = (s_t/s_i)^(j/2) T_it(0)")
        .predicting_from(powers(0.5, 1.0), |values, i| indexed(values, i));
    let larger = tangents
        .restated("tangents_shrink_more_slowly", "T_it(j) = (1.02 s_t/s_i)^j T_it(0)")
        .predicting_from(powers(1.0, 1.02), |values, i| indexed(values, i));
    let gaps = gaps("gap_has_this_formula", "f − f* = tr((I + TTᵀ)⁻¹(Σ₁²TTᵀ − TΣ₂²Tᵀ))/2");
    let other_gaps = gaps
        .restated("gap_shrinks_more_slowly", "the same with tangents (1.02 s_t/s_i)^j T_it(0)")
        .predicting_from(|at| gaps_with(at, 1.02), |values, i| indexed(values, i));
    let angle = rate_of_the_angle("largest_angle")
        .on(worked())
        .predicting(|at, n| powf(at.ratio(), 2.0 * n));
    let angle_once = angle
        .restated("largest_angle_shrinks_once", "tan → (s_{k+1}/s_k)ⁿ")
        .predicting(|at, n| powf(at.ratio(), n));
    let loss =
        rate("loss_gap", "f − f* → ((s_{k+1}/s_k)²)^j for half steps j", |at, points| {
            let loss = at.loss();
            let floor = 64.0 * f64::EPSILON * at.size();
            Readings::over(1..=RATES, |j: usize| {
                Reading::new(loss.value(&points[j]) - at.minimum(), floor)
            })
        })
        .on(worked())
        .predicting(|at, j| powf(at.ratio(), 2.0 * j));
    let loss_once = loss
        .restated("loss_gap_shrinks_once", "f − f* → (s_{k+1}/s_k)^j for half steps j")
        .predicting(|at, j| powf(at.ratio(), j));
    Theorem::new(
        "sparse_low_rank/alternating_least_squares",
        include_str!("alternating_least_squares.md"),
    )
    .uses("sparse_low_rank/eckart_young", "the limit is the best matrix of its rank")
    .uses(
        "sparse_low_rank/least_squares_is_linear_algebra",
        "each half step is a least-squares problem with an exact solution",
    )
    .claim(gradients("half_steps_are_exact", "|∇_U f|/(|A||V|) = 0 after U, |∇_V f|/(|A||U|) = 0 after V", |both| both.0))
    .claim(descends("loss_never_rises", "f after a half step ≤ f before", 1.0).tight_to(0.999))
    .claim(tangents)
    .claim(gaps)
    .claim(angle)
    .claim(loss)
    .claim(arrives("ends_at_the_best_matrix").on(worked()).on(drawn()))
    .control(gradients("half_steps_solve_for_both", "|∇_V f|/(|A||U|) = 0 after U, |∇_U f|/(|A||V|) = 0 after V", |both| both.1))
    .control(descends("loss_falls_by_a_fiftieth", "f after a half step ≤ 0.98 f before", 0.98))
    .control(one_a_sweep)
    .control(larger)
    .control(
        self::tangents("tangents_with_hidden_entries")
            .on_all(partly_hidden())
            .predicting_from(powers(1.0, 1.0), |values, i| indexed(values, i))
            .violating("all entries are seen"),
    )
    .control(other_gaps)
    .control(angle_once)
    .control(loss_once)
    .control(rate_of_the_angle("largest_angle_without_the_slowest").on(without_the_slowest()).predicting(|at, n| powf(at.ratio(), 2.0 * n)).violating("the slowest tangent is not 0"))
    .control(arrives("ends_at_the_best_matrix_of_equal_values").on(without_a_gap()).violating("s_k > s_{k+1}"))
    .control(arrives("ends_there_from_any_start").on(without_the_first()).violating("C₁ invertible"))
    .figure(
        Figure::semilog("half_steps", "half steps", "tangent |T_it|")
            .caption(
                "Singular values 3, 2, 1.5, 1, ½, two columns: each of the six tangents between the space that was found and the best one falls by its own factor s_t/s_i, \
                 from the first half step on.",
            )
            .showing(half_steps),
    )
    .figure(
        Figure::semilog("gap", "half steps", "gap f − f*")
            .caption(
                "The same run: the gap lies on its formula, and falls by the square of the largest factor, 9/16, once the other tangents are gone.",
            )
            .showing(gap_of_the_loss),
    )
}

fn hypotheses() -> [Hypothesis<Alternation>; 3] {
    [all_seen(), gap(), start_meets_the_first()]
}

fn gradients(name: &str, formula: &str, which: fn((f64, f64)) -> f64) -> Claim<Alternation> {
    Claim::identity(name, formula, 1e-12)
        .assuming([start_meets_the_first()])
        .on(worked())
        .on(drawn())
        .on_all(partly_hidden())
        .measuring_each(move |at: &Alternation| {
            let points = at.half_steps(HALF_STEPS);
            Readings::over(1..=HALF_STEPS, |j| {
                Reading::new(which(at.gradients(&points[j], j)), 1e-13)
            })
        })
        .predicting(|_, _| 0.0)
}

fn descends(name: &str, formula: &str, times: f64) -> Claim<Alternation> {
    Claim::bound(name, formula)
        .assuming([start_meets_the_first()])
        .on(worked())
        .on(drawn())
        .on_all(partly_hidden())
        .experiment(move |at: &Alternation| {
            let loss = at.loss();
            let values: Vec<f64> = at.half_steps(DESCENDED).iter().map(|x| loss.value(x)).collect();
            let floor = 64.0 * f64::EPSILON * at.size();
            Curve::over(
                1..=DESCENDED,
                |j| Reading::new(values[j], floor),
                |j| times * values[j - 1],
            )
        })
}

/// All tangents of the half steps 1 to 6, one after the other.
fn tangents(name: &str) -> Claim<Alternation> {
    Claim::identity(name, "T_it(j) = (s_t/s_i)^j T_it(0)", 1e-8)
        .assuming(hypotheses())
        .measuring_each(|at: &Alternation| {
            let points = at.half_steps(HALF_STEPS);
            let all = (1..=HALF_STEPS).flat_map(|j| at.tangents(&points[j], j));
            let floor = at.rounding();
            all.enumerate().map(|(i, tangent)| (i, Reading::new(tangent, floor))).collect()
        })
}

/// Those that the start has, times so many powers of their ratios, a little larger.
fn powers(power: f64, larger: f64) -> impl Fn(&Alternation) -> Vec<f64> {
    move |at| {
        let start = at.tangents(&at.half_steps(0)[0], 0);
        let after = |j: usize| {
            let ratios = at.ratios().into_iter().zip(&start);
            ratios.map(move |(ratio, t)| powf(larger * ratio, power * j as f64) * t)
        };
        (1..=HALF_STEPS).flat_map(|j| after(j).collect::<Vec<f64>>()).collect()
    }
}

fn indexed(values: &[f64], i: f64) -> f64 {
    values.get(i as usize).copied().unwrap_or(f64::NAN)
}

fn gaps(name: &str, formula: &str) -> Claim<Alternation> {
    Claim::identity(name, formula, GAP_TOLERANCE)
        .assuming(hypotheses())
        .on(worked())
        .on(drawn())
        .measuring_each(|at: &Alternation| {
            let (loss, points) = (at.loss(), at.half_steps(FOLLOWED));
            let floor = 64.0 * f64::EPSILON * at.size();
            let gaps: Vec<f64> =
                points[1..=FOLLOWED].iter().map(|x| loss.value(x) - at.minimum()).collect();
            // As long as rounding is no matter.
            let seen = (0..FOLLOWED).filter(|&j| gaps[j] * GAP_TOLERANCE > 4.0 * floor);
            Readings::over(seen, |j| Reading::new(gaps[j], floor))
        })
        .predicting_from(|at| gaps_with(at, 1.0), |values, i| indexed(values, i))
}

/// The gap after each half step, for ratios so many times the true ones.
fn gaps_with(at: &Alternation, larger: f64) -> Vec<f64> {
    (0..FOLLOWED).map(|j| at.gap(j, larger)).collect()
}

type Read = fn(&Alternation, &[theoria_models::Vector]) -> Readings;

/// Of sweeps or half steps.
fn rate(name: &str, formula: &str, read: Read) -> Claim<Alternation> {
    Claim::linear_rate(name, formula)
        .assuming(hypotheses().into_iter().chain([slowest()]))
        .measuring_each(move |at: &Alternation| read(at, &at.half_steps(RATES)))
}

fn rate_of_the_angle(name: &str) -> Claim<Alternation> {
    rate(name, "tan → ((s_{k+1}/s_k)²)ⁿ", |at, points| {
        let norm = |sweep: usize| {
            let tangents = at.tangents(&points[2 * sweep], 2 * sweep);
            let graph = Matrix::from_row_slice(at.width, at.values.len() - at.width, &tangents);
            Reading::new(graph.singular_values().max(), at.rounding())
        };
        Readings::over(0..=RATES / 2, norm)
    })
}

fn arrives(name: &str) -> Claim<Alternation> {
    Claim::identity(name, "|UV − A_k|/|A| = 0 after many sweeps", CLOSE)
        .assuming(hypotheses())
        .measuring_each(|at: &Alternation| {
            let loss = at.loss();
            let mut x = at.half_steps(0).remove(0);
            for _ in 0..ARRIVED {
                AlternatingLeastSquares.step(&loss, &mut x);
                if loss.value(&x) - at.minimum() <= 1e-3 * CLOSE.powi(2) * at.size() {
                    break;
                }
            }
            Readings::at(at.width, at.distance_from_the_best(&loss.matrix(&x)))
        })
        .predicting(|_, _| 0.0)
}

fn half_steps(draw: &mut Draw, _: Effort) -> Content {
    let at = worked().instance(draw, 0);
    let points = at.half_steps(FOLLOWED);
    let tangents: Vec<Vec<f64>> = (0..=FOLLOWED).map(|j| at.tangents(&points[j], j)).collect();
    let along =
        |i: usize| tangents.iter().enumerate().map(move |(j, all)| (j as f64, all[i].abs()));
    let ratios = at.ratios().into_iter().enumerate();
    let line = |(place, ratio)| {
        let (i, t) = at.places(place);
        Line::measured(&format!("s_{t}/s_{i} = {ratio:.3}"), along(place))
    };
    Content::Lines { lines: ratios.map(line).collect() }
}

fn gap_of_the_loss(draw: &mut Draw, _: Effort) -> Content {
    let at = worked().instance(draw, 0);
    let (loss, points) = (at.loss(), at.half_steps(FOLLOWED));
    let gap = (1..=FOLLOWED).map(|j| (j as f64, loss.value(&points[j]) - at.minimum()));
    let predicted = gaps_with(&at, 1.0);
    let predicted = predicted.iter().enumerate().map(|(j, gap)| (j as f64 + 1.0, *gap));
    let last = |j: usize| powf(at.ratio(), 2.0 * (j as f64 - FOLLOWED as f64));
    let end = loss.value(&points[FOLLOWED]) - at.minimum();
    let alone = (1..=FOLLOWED).map(|j| (j as f64, end * last(j)));
    Content::Lines {
        lines: vec![
            Line::measured("seen", gap),
            Line::predicted("its formula", predicted),
            Line::predicted("(9/16)ʲ", alone),
        ],
    }
}
