#![doc = include_str!("low_rank_bias.md")]

use rand::seq::SliceRandom;
use theoria_elementary::powf;
use theoria_models::networks::{
    DeepLinear, MatrixSensing, Modes, effective_rank, haar_orthogonal, numerical_rank,
};
use theoria_models::{Matrix, Objective, Vector};
use theoria_references::complete_by_nuclear_norm;
use theoria_verification::{
    Case, Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Readings, Theorem,
};

use crate::support::kept_determinant::{POSITIVE, corners, unseen_entry};
use crate::support::singular_speeds::speeds;

/// Rows and columns.
const SIZE: usize = 10;
/// Entries that are observed in each row and in each column: 70 in all, more than the 36 numbers that a matrix of
/// rank 2 has, fewer than all 100.
const EACH: usize = 7;
/// The singular values of the truth.
const STRENGTHS: [f64; 2] = [2.0, 1.6];
/// The scale of a small start and of a large one: the singular values of W(0).
const SMALL: f64 = 1e-3;
const LARGE: f64 = 1.0;
/// Gradient descent ends when the mean square of the observed errors, which is 0.0656 at 0, has fallen below this.
const FITTED: f64 = 1e-7;
const MOST: usize = 10_000;

/// How many completions a median is of: of five it came out otherwise once among 900.
const MANY: usize = 15;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let error = "median |W − truth|: two factors ≤ 1/2 of one, three ≤ two";
    let rank = "median effective rank: two factors ≤ 2/3 of one, three ≤ two";
    let moving =
        speeds("singular_values_move_at_their_power", "σ_k' = N σ_k^(2−2/N) u_kᵀ(−∇ℓ)v_k", 2.0);
    let slower = moving
        .restated("singular_values_move_slower", "σ_k' = 0.98 N σ_k^(2−2/N) u_kᵀ(−∇ℓ)v_k")
        .predicting(|_, _| 0.98);
    let nearly_everything = "W = truth where it is observed, 0.98 W(0) elsewhere";
    Theorem::new("landscape/low_rank_bias", include_str!("low_rank_bias.md"))
        .uses("landscape/end_to_end_dynamics", "how the flow of the factors moves their product")
        .uses("implicit_bias/minimum_norm", "one factor ends at the solution nearest to the start")
        .claim(one_factor(
            "one_factor_leaves_what_it_does_not_see",
            "W = truth where it is observed, W(0) elsewhere",
            1.0,
        ))
        .claim(moving)
        .claim(errors("each_factor_more_lowers_the_error", error).on(several(SMALL)).tight_to(0.05))
        .claim(
            ranks("each_factor_more_lowers_the_effective_rank", rank)
                .on(several(SMALL))
                .tight_to(0.8),
        )
        .claim(nuclear("two_factors_are_near_the_least_nuclear_norm").tight_to(0.9))
        .claim(
            unseen_entry("no_norm_is_least_where_the_determinant_is_kept", 1.0)
                .on(corners("positive determinant", 1.0))
                .tight_to(0.98),
        )
        .control(one_factor("one_factor_fades_what_it_does_not_see", nearly_everything, 0.98))
        .control(slower)
        .control(speeds(
            "singular_values_move_at_another_power",
            "σ_k' = N σ_k^(2−1.96/N) u_kᵀ(−∇ℓ)v_k",
            1.96,
        ))
        .control(
            errors("factors_lower_the_error_from_a_large_start", error)
                .on(several(LARGE))
                .violating("a small start"),
        )
        .control(
            ranks("factors_lower_the_effective_rank_from_a_large_start", rank)
                .on(several(LARGE))
                .violating("a small start"),
        )
        .control(one_factor_recovers("one_factor_recovers"))
        .control(
            unseen_entry("the_unseen_entry_is_larger_by_a_fiftieth", 1.02)
                .on(corners("positive determinant", 1.0)),
        )
        .control(
            unseen_entry("the_unseen_entry_grows_from_a_mirror", 1.0)
                .on(corners("negative determinant", -1.0))
                .violating(POSITIVE),
        )
        .figure(
            Figure::semilog("singular_values", "index", "singular value")
                .caption(
                    "Of the matrices that fit the observed entries, gradient descent on more \
                 factors from a small start finds one with faster falling singular values.",
                )
                .showing(singular_values),
        )
}

/// A matrix of rank 2 with its observed entries, and orthogonal matrices for the starts.
struct Completion {
    truth: Matrix,
    entries: Vec<(usize, usize)>,
    rotations: [Matrix; 3],
    /// The singular values of W(0).
    scale: f64,
}

impl Instance for Completion {
    fn description(&self) -> String {
        format!(
            "{SIZE} x {SIZE}, singular values {STRENGTHS:?}, {} entries observed, from {}",
            self.entries.len(),
            self.scale
        )
    }
}

/// What gradient descent has found.
struct Found {
    matrix: Matrix,
    /// |W − truth|/|truth|.
    error: f64,
    effective_rank: f64,
    /// The mean square of the observed errors.
    misfit: f64,
}

fn completion(scale: f64, draw: &mut Draw) -> Completion {
    let mut strengths = STRENGTHS.to_vec();
    strengths.resize(SIZE, 0.0);
    // A band around a torus, with rows and columns shuffled.
    let mut shuffled = || {
        let mut order: Vec<usize> = (0..SIZE).collect();
        order.shuffle(draw.generator());
        order
    };
    let (rows, columns) = (shuffled(), shuffled());
    let entries = (0..SIZE * SIZE).map(|k| (k / SIZE, k % SIZE));
    let entries = entries.filter(|(i, j)| (rows[*i] + columns[*j]) % SIZE < EACH).collect();
    Completion {
        truth: Modes::draw(&strengths, draw.generator()).map(),
        entries,
        rotations: [(); 3].map(|()| haar_orthogonal(SIZE, SIZE, draw.generator())),
        scale,
    }
}

fn completions(scale: f64) -> Family<Completion> {
    Family::drawn("matrix completion", move |draw| completion(scale, draw))
}

impl Completion {
    fn loss(&self, depth: usize) -> MatrixSensing {
        MatrixSensing::completion(&vec![SIZE; depth + 1], &self.truth, &self.entries)
    }

    /// Orthogonal factors times a number, whose product has these singular values.
    fn start(&self, depth: usize) -> DeepLinear {
        let each = powf(self.scale, 1.0 / depth as f64);
        DeepLinear::new(self.rotations[..depth].iter().map(|r| r * each).collect())
    }

    /// Gradient descent with the step size that the curvature at the truth allows.
    fn solve(&self, depth: usize) -> Found {
        let loss = self.loss(depth);
        let n = depth as f64;
        let largest = STRENGTHS[0].max(self.scale);
        let step = self.entries.len() as f64 / (n * powf(largest, 2.0 - 2.0 / n));
        let mut x = self.start(depth).flatten();
        let mut gradient = Vector::zeros(x.len());
        for k in 0..MOST {
            if k % 20 == 0 && 2.0 * loss.value(&x) < FITTED {
                break;
            }
            loss.gradient_into(&x, &mut gradient);
            x.axpy(-step, &gradient, 1.0);
        }
        let matrix = loss.matrix(&x);
        Found {
            error: (&matrix - &self.truth).norm() / self.truth.norm(),
            effective_rank: effective_rank(&matrix),
            misfit: 2.0 * loss.value(&x),
            matrix,
        }
    }

    /// The matrix of least nuclear norm that fits the observed entries, but for a small weight of the norm.
    fn least_nuclear_norm(&self) -> Matrix {
        let mut mask = Matrix::zeros(SIZE, SIZE);
        for at in &self.entries {
            mask[*at] = 1.0;
        }
        complete_by_nuclear_norm(&self.truth, &mask, 1e-3)
            .map_or_else(|error| panic!("{error}"), |found| found.matrix)
    }
}

fn of_rank_two() -> Hypothesis<Completion> {
    Hypothesis::new("rank 2", |c: &Completion, _| {
        let rank = numerical_rank(&c.truth, 1e-10);
        Check::that(rank == 2, format!("rank of the truth: {rank}"))
    })
}

fn evenly_observed() -> Hypothesis<Completion> {
    Hypothesis::new("as many entries in each row and column", |c: &Completion, _| {
        let in_line = |k: usize| {
            let rows = c.entries.iter().filter(|(i, _)| *i == k).count();
            (rows, c.entries.iter().filter(|(_, j)| *j == k).count())
        };
        let even = (0..SIZE).all(|k| in_line(k) == (EACH, EACH));
        Check::that(even, format!("{EACH} entries in each row and in each column"))
    })
}

fn from_a_small_start() -> Hypothesis<Completion> {
    Hypothesis::new("a small start", |c: &Completion, _| {
        Check::at_most(c.scale, SMALL, "singular values of W(0)")
    })
}

/// Where it is not observed, `kept` times W(0). The start is large, so that it shows.
fn one_factor(name: &str, formula: &str, kept: f64) -> Claim<Completion> {
    Claim::identity(name, formula, 1e-6)
        .assuming([of_rank_two(), evenly_observed()])
        .on(completions(LARGE))
        .measuring_each(move |c: &Completion| {
            let mut expected = c.start(1).end_to_end() * kept;
            for at in &c.entries {
                expected[*at] = c.truth[*at];
            }
            let apart = (c.solve(1).matrix - expected).norm() / c.truth.norm();
            Readings::at(1.0, Reading::new(apart, 0.0))
        })
        .predicting(|_, _| 0.0)
}

/// Many matrices, since a few alone can be hard to complete.
fn several(scale: f64) -> Family<Case<[Completion; MANY]>> {
    Family::drawn("fifteen completions", move |draw| {
        let all = [(); MANY].map(|()| completion(scale, draw));
        Case::new(format!("fifteen matrices, {}", all[0].description()), all)
    })
}

/// What holds of one, of all.
fn of_all(hypothesis: Hypothesis<Completion>) -> Hypothesis<Case<[Completion; MANY]>> {
    let name = hypothesis.name().to_owned();
    Hypothesis::new(&name, move |several: &Case<[Completion; MANY]>, draw| {
        let mut checks = several.iter().map(|c| hypothesis.check(c, draw)).collect::<Vec<_>>();
        let failed = checks.iter().position(|check| !check.satisfied);
        checks.swap_remove(failed.unwrap_or(0))
    })
}

/// The median over the matrices for one, two and three factors. Runs that have not fitted what is observed show
/// nothing.
fn medians(several: &[Completion; MANY], quantity: fn(&Found) -> f64) -> [f64; 3] {
    [1, 2, 3].map(|depth| {
        let shown = |found: &Found| if found.misfit < FITTED { quantity(found) } else { f64::NAN };
        let mut values = several.each_ref().map(|c| shown(&c.solve(depth)));
        values.sort_by(f64::total_cmp);
        values[MANY / 2]
    })
}

/// With two factors at most that with one over `quotient`, with three at most that with two.
fn each_factor_more([one, two, three]: [f64; 3], quotient: f64) -> Curve {
    let (measured, bounds) = ([two, three], [one / quotient, two]);
    Curve::over([2, 3usize], |factors| measured[factors - 2], |factors| bounds[factors - 2])
}

fn in_the_median(
    name: &str,
    formula: &str,
    quotient: f64,
    quantity: fn(&Found) -> f64,
) -> Claim<Case<[Completion; MANY]>> {
    Claim::bound(name, formula)
        .assuming([of_rank_two(), evenly_observed(), from_a_small_start()].map(of_all))
        .experiment(move |s: &Case<[Completion; MANY]>| {
            each_factor_more(medians(s, quantity), quotient)
        })
}

/// The second factor at least halves the error; the third does not increase it.
fn errors(name: &str, formula: &str) -> Claim<Case<[Completion; MANY]>> {
    in_the_median(name, formula, 2.0, |found| found.error)
}

/// Two factors come below two thirds of the effective rank of one, three below that of two.
fn ranks(name: &str, formula: &str) -> Claim<Case<[Completion; MANY]>> {
    in_the_median(name, formula, 1.5, |found| found.effective_rank)
}

fn one_factor_recovers(name: &str) -> Claim<Completion> {
    Claim::bound(name, "one factor: |W − truth| / |truth| ≤ 0.1")
        .assuming([of_rank_two(), evenly_observed(), from_a_small_start()])
        .on(completions(SMALL))
        .measuring([1usize], |c: &Completion, factors| factors.read(|depth| c.solve(depth).error))
        .predicting(|_, _| 0.1)
}

fn nuclear(name: &str) -> Claim<Completion> {
    let norm = |matrix: &Matrix| matrix.singular_values().sum();
    Claim::bound(name, "|W|_* ≤ 1.1 least |W|_*")
        .assuming([of_rank_two(), evenly_observed(), from_a_small_start()])
        .on(completions(SMALL))
        .measuring([2usize], move |c: &Completion, factors| {
            factors.read(|depth| norm(&c.solve(depth).matrix))
        })
        .predicting(move |c, _| 1.1 * norm(&c.least_nuclear_norm()))
}

fn singular_values(draw: &mut Draw, _: Effort) -> Content {
    let c = completion(SMALL, draw);
    let line = |label: &str, matrix: &Matrix| {
        let mut values: Vec<f64> = matrix.singular_values().iter().copied().collect();
        values.sort_by(|a, b| b.total_cmp(a));
        // Below this nothing is fitted.
        let shown = values.into_iter().map(|s| s.max(1e-5)).enumerate();
        Line::measured(label, shown.map(|(i, s)| ((i + 1) as f64, s)))
    };
    let mut lines: Vec<Line> = (1..=3)
        .map(|depth| line(&format!("{depth} factors, small start"), &c.solve(depth).matrix))
        .collect();
    lines.push(line("least nuclear norm", &c.least_nuclear_norm()));
    lines.push(line("truth", &c.truth));
    let large = Completion { scale: LARGE, ..c };
    lines.insert(3, line("3 factors, large start", &large.solve(3).matrix));
    Content::Lines { lines }
}
