#![doc = include_str!("nonnegative_factorisation.md")]

use theoria_elementary::{log2, powf};
use theoria_models::numerics::{maximum, minimum};
use theoria_models::oracle::SplitGradient;
use theoria_models::{Matrix, Objective, Svd, Vector, data, exact_rank};
use theoria_verification::{
    Axis, Case, Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance,
    Line, Reading, Readings, Scale, Side, Theorem, TrialClaim,
};

use crate::support::nonnegative::{
    Nonnegative, digits, drawn, fooling_set, four_by_four, half_way_and_at_the_end, in_turn,
    locked, no_negative_entry, numbers, one_column, overshooting, positive, positive_start,
    squares, three_columns,
};
use crate::support::tiles::tiles;

/// Sweeps whose half steps are looked at.
const SWEEPS: usize = 12;
/// Sweeps of a locked start.
const LOCKED: usize = 40;
/// Sweeps that have arrived.
const ARRIVED: usize = 2000;
/// Sweeps on digits.
const ON_DIGITS: usize = 150;
/// Sweeps on few digits, after which most runs stand.
const ON_FEW_DIGITS: usize = 600;
/// 2f over what the best matrix leaves: most runs end below the first, others beyond the second.
const ENDS: [f64; 2] = [1.017, 1.022];
/// Shares of the starts.
const ENDS_AT_LEAST: [f64; 2] = [0.4, 0.08];
/// Entries at the start that are to be found.
const ENTRIES: [f64; 3] = [1e-16, 1e-8, 0.1];
/// A decrease above this share of |A|² is no rounding.
const SEEN: f64 = 1e-8;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let locking = locking("locked_start", &ENTRIES);
    let slower = locking
        .restated("locked_start_is_slower", "2f = 5 − (4p² + 1)/(p² + 1), p = 2e · 3.9ⁿ⁻¹")
        .predicting(|at, n| locked_loss(at, n, 3.9));
    let waiting = waiting("locked_start_waits", "2f < 5/2 first at n = ⌈1 + log₄(1/(2e))⌉");
    let longer = waiting
        .restated("locked_start_waits_longer", "2f < 5/2 first at n = ⌈1 + log₂(1/(2e))⌉")
        .predicting(|at, _| (1.0 - log2(2.0 * at.start[0])).ceil());
    let power =
        power("one_column_is_the_power_method", "v/|v| after n sweeps = (AᵀA)ⁿ v₀/|(AᵀA)ⁿ v₀|", 0);
    let ends = ends("ends_on_few_digits", ENDS_AT_LEAST);
    let ends_elsewhere = |name: &str, shares: [f64; 2]| {
        ends.restated(name, &shares_of_ends(shares))
            .predicting(move |_, which| shares[which as usize - 1])
    };
    let more_below = ends_elsewhere("one_end_on_few_digits", [0.8, ENDS_AT_LEAST[1]]);
    let more_beyond = ends_elsewhere("many_high_ends_on_few_digits", [ENDS_AT_LEAST[0], 0.36]);
    let digits_lose = on_digits(
        "digits_lose_more_than_the_best",
        "2f ≥ 1.1 Σ_{j>k} s_j² at the best of three ends",
    );
    let digits_lose_more = digits_lose
        .restated("digits_lose_a_fifth_more", "2f ≥ 1.2 Σ_{j>k} s_j² at the best of three ends")
        .predicting(|at, _| 1.2 * at.value[0].tail());
    Theorem::new(
        "sparse_low_rank/nonnegative_factorisation",
        include_str!("nonnegative_factorisation.md"),
    )
    .uses("sparse_low_rank/eckart_young", "the loss of the best matrix of the same rank")
    .uses(
        "sparse_low_rank/alternating_least_squares",
        "with one column the sweeps are the power method",
    )
    .claim(decreases("decrease", "f − f⁺ ≥ Σ x_i (∇f)_i²/(2 g_i⁺)", 1.0).on(drawn()).attained_on(positive()).tight_to(0.999))
    .claim(exactly("decrease_of_one_column", "f − f⁺ = Σ x_i (∇f)_i²/(2 g_i⁺) for k = 1", 1.0))
    .claim(never_rises("never_rises").on(drawn()).on(digits(60, 4)).tight_to(0.99))
    .claim(overshoots("both_at_once_overshoot", "f⁺/f = 4 for A = 1, u = v = √½, both at once", 4.0))
    .claim(small_ones_stay("zeros_stay", "x_i ≥ 0, and = 0 where it was 0", 0.0).on(drawn()).on(locked(&[0.0])))
    .claim(power)
    .claim(arrives("one_column_finds_the_best").on(positive()))
    .claim(locking)
    .claim(self::locking("locked_at_zero", &[0.0]))
    .claim(waiting)
    .claim(square("rank_and_fooling_set", "rank A = 3, and four ones need four products", [3.0, 4.0]))
    .claim(three_products("three_products_leave_something", "|A − UV|² ≥ 2 − √2 for k = 3", 1.0).on(squares(3)).tight_to(0.999))
    .claim(digits_lose.tight_to(0.9))
    .claim(ends)
    .control(decreases("decrease_is_larger", "f − f⁺ ≥ 1.02 Σ x_i (∇f)_i²/(2 g_i⁺)", 1.02).on(positive()))
    .control(exactly("decrease_of_more_columns", "f − f⁺ = Σ x_i (∇f)_i²/(2 g_i⁺) for k = 2", 2.0))
    .control(never_rises("never_rises_at_once").on(numbers().map(Nonnegative::together).hunted(300)).violating("in turn"))
    .control(overshoots("in_turn_it_overshoots", "f⁺/f = 4 for A = 1, u = v = √½, in turn", 1.0))
    .control(small_ones_stay("small_entries_stay", "x_i = 0 where it was 1e-16", 1e-15).on(locked(&[1e-16])))
    .control(self::power("one_column_is_faster", "v/|v| after n sweeps = (AᵀA)ⁿ⁺¹ v₀/|(AᵀA)ⁿ⁺¹ v₀|", 1))
    .control(arrives("a_zero_finds_the_best").on(locked(&[0.0])).violating("positive start"))
    .control(slower)
    .control(longer)
    .control(square("fooling_set_is_no_larger_than_the_rank", "rank A = 3, and three ones need three products", [3.0, 3.0]))
    .control(three_products("four_products_leave_something", "|A − UV|² ≥ 2 − √2 for k = 3", 1.0).on(squares(4)).violating("k = 3"))
    .control(three_products("three_products_leave_more", "|A − UV|² ≥ 1.02 (2 − √2) for k = 3", 1.02).on(squares(3).hunted(24)))
    .control(more_below)
    .control(more_beyond)
    .control(digits_lose_more)
    .figure(
        Figure::linear("parts", "pixel", "pixel")
            .caption(
                "Above: eight parts of 200 digits, none of them negative: strokes. Below: the first eight singular vectors of the same images, of which all but the first take away as \
                 much as they add.",
            )
            .showing(parts),
    )
    .figure(
        Figure::linear("locked", "sweep n", "|A − UV|²")
            .caption(
                "diag(2, 1), one column, from (e, 1): the smaller the first entry, the longer the loss rests at 4 before the larger number is found; at 0 it rests for ever.",
            )
            .showing(locked_runs),
    )
}

/// The point in the middle of a sweep: the new U with the old V.
fn middle(at: &Nonnegative, before: &Vector, after: &Vector) -> Vector {
    let mut middle = before.clone();
    for i in at.loss.blocks().swap_remove(0) {
        middle[i] = after[i];
    }
    middle
}

/// Σ x_i (∇f)_i²/(2 g_i⁺) over a block.
fn guaranteed(at: &Nonnegative, x: &Vector, block: usize) -> f64 {
    let (positive, negative) = at.loss.split(block, x);
    let range = at.loss.blocks().swap_remove(block);
    let of_entry = |(place, i): (usize, usize)| {
        let slope = positive[place] - negative[place];
        if positive[place] > 0.0 { x[i] * slope * slope / (2.0 * positive[place]) } else { 0.0 }
    };
    range.enumerate().map(of_entry).sum()
}

/// Half steps by number, with what they won and what was guaranteed, as long as that is no rounding.
fn half_steps(at: &Nonnegative) -> Vec<(usize, Reading, f64)> {
    let points = at.run(SWEEPS);
    let floor = 64.0 * f64::EPSILON * (at.size() + at.loss.value(&points[0]));
    let mut steps = Vec::new();
    for (n, pair) in points.windows(2).enumerate() {
        let between = middle(at, &pair[0], &pair[1]);
        let won = |a: &Vector, b: &Vector| Reading::new(at.loss.value(a) - at.loss.value(b), floor);
        steps.push((2 * n, won(&pair[0], &between), guaranteed(at, &pair[0], 0)));
        steps.push((2 * n + 1, won(&between, &pair[1]), guaranteed(at, &between, 1)));
    }
    steps.into_iter().filter(|step| step.2 > SEEN * at.size()).collect()
}

fn curve(at: &Nonnegative, times: f64) -> Curve {
    let steps = half_steps(at);
    let find = |n: usize| steps.iter().find(|step| step.0 == n);
    let numbers: Vec<usize> = steps.iter().map(|step| step.0).collect();
    Curve::over(
        numbers,
        |n| find(n).map_or(Reading::DIVERGED, |step| step.1),
        |n| find(n).map_or(f64::NAN, |step| times * step.2),
    )
}

fn decreases(name: &str, formula: &str, times: f64) -> Claim<Nonnegative> {
    Claim::lower_bound(name, formula)
        .assuming([no_negative_entry(), in_turn()])
        .experiment(move |at: &Nonnegative| curve(at, times))
}

/// On matrices with so many columns.
fn exactly(name: &str, formula: &str, columns: f64) -> Claim<Nonnegative> {
    let family = if columns > 1.0 { squares(3) } else { positive() };
    Claim::identity(name, formula, 1e-5)
        .assuming([no_negative_entry(), in_turn()])
        .on(family)
        .experiment(|at: &Nonnegative| curve(at, 1.0))
}

fn never_rises(name: &str) -> Claim<Nonnegative> {
    Claim::bound(name, "f after a sweep ≤ f before")
        .assuming([no_negative_entry(), in_turn()])
        .experiment(|at: &Nonnegative| {
            let values: Vec<f64> = at.run(SWEEPS).iter().map(|x| at.loss.value(x)).collect();
            let floor = 64.0 * f64::EPSILON * (at.size() + values[0]);
            Curve::over(1..=SWEEPS, |n| Reading::new(values[n], floor), |n| values[n - 1])
        })
}

fn overshoots(name: &str, formula: &str, factor: f64) -> Claim<Nonnegative> {
    Claim::identity(name, formula, 1e-12)
        .assuming([no_negative_entry()])
        .on(overshooting(factor > 1.0))
        .measuring_each(|at: &Nonnegative| {
            Readings::at(1, at.loss.value(&at.after(1)) / at.loss.value(&at.start))
        })
        .predicting(|_, _| 4.0)
}

/// The largest of the entries that were at most this at the start; infinite where one is negative.
fn small_ones_stay(name: &str, formula: &str, small: f64) -> Claim<Nonnegative> {
    Claim::identity(name, formula, 1e-15)
        .assuming([no_negative_entry(), in_turn()])
        .measuring_each(move |at: &Nonnegative| {
            let points = at.run(LOCKED);
            Readings::over(0..=LOCKED, |n| {
                let negative = points[n].iter().any(|x| *x < 0.0);
                let entries = points[n].iter().zip(&at.start).filter(|(_, start)| **start <= small);
                let largest = entries.map(|(x, _)| *x).fold(0.0, maximum);
                Reading::new(if negative { f64::INFINITY } else { largest }, 0.0)
            })
        })
        .predicting(|_, _| 0.0)
}

fn power(name: &str, formula: &str, more: usize) -> Claim<Nonnegative> {
    Claim::identity(name, &format!("|difference| = 0 of {formula}"), 1e-12)
        .assuming([no_negative_entry(), positive_start(), one_column()])
        .on(positive())
        .measuring_each(move |at: &Nonnegative| {
            let (points, target) = (at.run(3), at.loss.target());
            let row = |x: &Vector| at.loss.factors(x).1.transpose().column(0).normalize();
            Readings::over(1..=3, |n: usize| {
                let start = row(&points[0]);
                let mapped =
                    (0..n + more).fold(start, |v, _| target.tr_mul(&(target * v)).normalize());
                Reading::new((row(&points[n]) - mapped).norm(), 1e-14)
            })
        })
        .predicting(|_, _| 0.0)
}

fn arrives(name: &str) -> Claim<Nonnegative> {
    Claim::identity(name, "(2f − Σ_{j>1} s_j²)/|A|² = 0 after many sweeps, k = 1", 1e-10)
        .assuming([no_negative_entry(), positive_start(), one_column()])
        .measuring_each(|at: &Nonnegative| {
            let left = 2.0 * at.loss.value(&at.after(ARRIVED)) - at.tail();
            Readings::at(1, left / at.size())
        })
        .predicting(|_, _| 0.0)
}

/// 2f after n sweeps from (e, 1), for so much growth a sweep.
fn locked_loss(at: &Nonnegative, n: f64, growth: f64) -> f64 {
    let p = 2.0 * at.start[0] * powf(growth, n - 1.0);
    5.0 - (4.0 * p * p + 1.0) / (p * p + 1.0)
}

fn locking(name: &str, entries: &[f64]) -> Claim<Nonnegative> {
    Claim::identity(name, "2f = 5 − (4p² + 1)/(p² + 1), p = 2e · 4ⁿ⁻¹", 1e-12)
        .assuming([no_negative_entry(), in_turn(), one_column()])
        .on(locked(entries))
        .measuring_each(|at: &Nonnegative| {
            let points = at.run(LOCKED);
            Readings::over(1..=LOCKED, |n| Reading::new(2.0 * at.loss.value(&points[n]), 1e-13))
        })
        .predicting(|at, n| locked_loss(at, n, 4.0))
}

fn waiting(name: &str, formula: &str) -> Claim<Nonnegative> {
    Claim::identity(name, formula, 1e-12)
        .assuming([no_negative_entry(), in_turn(), one_column()])
        .on(locked(&[1e-16, 1e-8, 1e-3]))
        .measuring_each(|at: &Nonnegative| {
            let points = at.run(LOCKED);
            let first = (0..=LOCKED).find(|n| 2.0 * at.loss.value(&points[*n]) < 2.5);
            Readings::at(0, first.map_or(Reading::NEVER, |n| Reading::from(n as f64)))
        })
        .predicting(|at, _| (1.0 - log2(2.0 * at.start[0]) / 2.0).ceil())
}

fn square(name: &str, formula: &str, expected: [f64; 2]) -> Claim<Case<Matrix>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([Hypothesis::by_construction("exact", "entries are 0 and 1")])
        .on(Family::cases("the 4 x 4 matrix", [four_by_four()], |_| "ones and zeros".into()))
        .measuring_each(|at: &Case<Matrix>| {
            let rank = exact_rank(at).map_or(f64::NAN, |rank| rank as f64);
            Readings::over([0, 1], |i: usize| [rank, fooling_set(at) as f64][i])
        })
        .predicting(move |_, i| expected[i as usize])
}

fn three_products(name: &str, formula: &str, times: f64) -> Claim<Nonnegative> {
    Claim::lower_bound(name, formula)
        .assuming([no_negative_entry(), three_columns()])
        .measuring_each(|at: &Nonnegative| {
            Readings::at(at.width, 2.0 * at.loss.value(&at.after(ARRIVED)))
        })
        .predicting(move |_, _| times * (2.0 - 2f64.sqrt()))
}

/// The lowest of three ends: where one run stands is chance.
fn on_digits(name: &str, formula: &str) -> Claim<Case<[Nonnegative; 3]>> {
    let starts = Family::drawn("100 digits, k = 5", |draw| {
        let starts = [(); 3].map(|()| digits(100, 5).instance(draw, 0));
        Case::new(format!("{}, from three starts", starts[0].description()), starts)
    });
    Claim::lower_bound(name, formula)
        .assuming([Hypothesis::new("no negative entry", |at: &Case<[Nonnegative; 3]>, _| {
            let least = at.value.iter().map(Nonnegative::least_entry);
            Check::at_least(least.fold(f64::INFINITY, minimum), 0.0, "least entry of A, U, V")
        })])
        .on(starts.with_draws(1))
        .measuring_each(|at: &Case<[Nonnegative; 3]>| {
            let ends = at.value.iter().map(|at| at.loss.value(&at.after(ON_DIGITS)));
            Readings::at(at.value[0].width, 2.0 * ends.fold(f64::INFINITY, minimum))
        })
        .predicting(|at, _| 1.1 * at.value[0].tail())
}

fn shares_of_ends([low, high]: [f64; 2]) -> String {
    format!(
        "P(2f ≤ 1.017 Σ_{{j>3}} s_j²) ≥ {low}, P(2f ≥ 1.022 Σ_{{j>3}} s_j² and stands) ≥ {high}"
    )
}

/// At 1, that a run ends below the first; at 2, that it stands beyond the second: in the second half of its sweeps it won less than a tenth of what it lies above the first.
fn ends(name: &str, shares: [f64; 2]) -> TrialClaim<Case<(Matrix, f64)>> {
    let images = data::digits().features.rows(0, 20).into_owned();
    let tail = Svd::of(&images).values().iter().skip(3).map(|s| s * s).sum::<f64>();
    Claim::probability(name, &shares_of_ends(shares), Side::AtLeast)
        .assuming([Hypothesis::by_construction(
            "no negative entry",
            "of images, and of starts between 0.1 and 1",
        )])
        .on(Family::cases("20 digits, k = 3", [(images, tail)], |_| "from random starts".into()))
        .trials(1024)
        .sampling(|at: &Case<(Matrix, f64)>, block| {
            let (images, tail) = &at.value;
            block.each(&[1.0, 2.0], |random| {
                let [half, end] = half_way_and_at_the_end(images, 3, ON_FEW_DIGITS, random)
                    .map(|loss| loss / tail);
                let stands = half - end < 0.1 * (end - ENDS[0]);
                [end <= ENDS[0], end >= ENDS[1] && stands]
                    .map(|it| f64::from(u8::from(it)))
                    .to_vec()
            })
        })
        .predicting(move |_, which| shares[which as usize - 1])
}

fn locked_runs(draw: &mut Draw, _: Effort) -> Content {
    let entries = [("0", 0.0), ("10⁻¹⁶", 1e-16), ("10⁻⁸", 1e-8), ("1/10", 0.1)];
    let family = locked(&entries.map(|(_, e)| e));
    let (mut seen, mut formulas) = (Vec::new(), Vec::new());
    for (index, (label, _)) in entries.iter().enumerate() {
        let at = family.instance(draw, index);
        let values: Vec<f64> = at.run(LOCKED).iter().map(|x| 2.0 * at.loss.value(x)).collect();
        // Up to where it has arrived, so that lines end apart from each other.
        let last = values.iter().position(|value| *value < 1.01).map_or(LOCKED, |n| n + 1);
        let all = (1..=last.min(LOCKED)).map(|n| (n as f64, values[n]));
        seen.push(Line::measured(&format!("e = {label}"), all));
        let told = (1..=last.min(LOCKED)).map(|n| (n as f64, locked_loss(&at, n as f64, 4.0)));
        formulas.push(Line::predicted("formula", told));
    }
    Content::Lines { lines: seen.into_iter().chain(formulas).collect() }
}

fn parts(draw: &mut Draw, _: Effort) -> Content {
    let at = digits(200, 8).instance(draw, 0);
    let (_, parts) = at.loss.factors(&at.after(ON_DIGITS));
    let images = data::digits().features.rows(0, 200).into_owned();
    let singular = Svd::of(&images).right().columns(0, 8).transpose();
    // Scaled to the same size, and the sign that makes the first one bright.
    let scaled = |row: Vec<f64>| {
        let size = row.iter().map(|x| x * x).sum::<f64>().sqrt();
        let sign = if row.iter().sum::<f64>() < 0.0 { -1.0 } else { 1.0 };
        row.iter().map(|x| sign * x / size).collect::<Vec<f64>>()
    };
    // Two lines of four each.
    let rows = |matrix: &Matrix| {
        let images: Vec<Vec<f64>> =
            matrix.row_iter().map(|row| scaled(row.iter().copied().collect())).collect();
        images.chunks(4).map(<[_]>::to_vec).collect::<Vec<_>>()
    };
    tiles(
        &[rows(&parts), rows(&singular)].concat(),
        Axis::new("brightness of a pixel", Scale::Linear),
        Some(0.0),
    )
}
