#![doc = include_str!("low_rank_bias.md")]

use rand::seq::SliceRandom;
use theoria_models::networks::{DeepLinear, MatrixSensing, Modes, effective_rank, haar_orthogonal};
use theoria_models::{Matrix, Objective, Vector};
use theoria_references::complete_by_nuclear_norm;
use theoria_verification::{
    Case, Claim, Content, Curve, Draw, Effort, Family, Figure, Instance, Line, Reading, Readings,
    Theorem,
};

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

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("landscape/low_rank_bias", include_str!("low_rank_bias.md"))
        .claim(one_factor("one_factor_leaves_what_it_does_not_see"))
        .claim(errors("each_factor_more_lowers_the_error", SMALL))
        .claim(ranks("each_factor_more_lowers_the_effective_rank", SMALL))
        .claim(nuclear("two_factors_are_near_the_least_nuclear_norm", 1.1))
        .control(errors("factors_lower_the_error_from_a_large_start", LARGE))
        .control(ranks("factors_lower_the_effective_rank_from_a_large_start", LARGE))
        .control(one_factor_recovers("one_factor_recovers"))
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
}

impl Instance for Completion {
    fn description(&self) -> String {
        format!(
            "{SIZE} x {SIZE}, singular values {STRENGTHS:?}, {} entries observed",
            self.entries.len()
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

fn completion(draw: &mut Draw) -> Completion {
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
    }
}

fn completions() -> Family<Completion> {
    Family::drawn("matrix completion", completion)
}

impl Completion {
    /// Orthogonal factors times a number, whose product has these singular values.
    fn start(&self, depth: usize, scale: f64) -> DeepLinear {
        let each = scale.powf(1.0 / depth as f64);
        DeepLinear::new(self.rotations[..depth].iter().map(|r| r * each).collect())
    }

    /// Gradient descent with the step size that the curvature at the truth allows.
    fn solve(&self, depth: usize, scale: f64) -> Found {
        let loss = MatrixSensing::completion(&vec![SIZE; depth + 1], &self.truth, &self.entries);
        let n = depth as f64;
        let largest = STRENGTHS[0].max(scale);
        let step = self.entries.len() as f64 / (n * largest.powf(2.0 - 2.0 / n));
        let mut x = self.start(depth, scale).flatten();
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

/// W_∞ = the truth where it is observed, W(0) elsewhere.
fn one_factor(name: &str) -> Claim<Completion> {
    Claim::identity(name, "|W − (observed: truth, else: W(0))| / |truth| = 0", 1e-3)
        .on(completions())
        .measuring_each(|c: &Completion| {
            let mut expected = c.start(1, SMALL).end_to_end();
            for at in &c.entries {
                expected[*at] = c.truth[*at];
            }
            let apart = (c.solve(1, SMALL).matrix - expected).norm() / c.truth.norm();
            Readings::at(1.0, Reading::new(apart, 0.0))
        })
        .predicting(|_, _| 0.0)
}

/// Five matrices, since one alone can be hard to complete.
fn several() -> Family<Case<[Completion; 5]>> {
    Family::drawn("five completions", |draw| {
        let all = [(); 5].map(|()| completion(draw));
        Case::new(format!("five matrices, {}", all[0].description()), all)
    })
}

/// The median over the five matrices for one, two and three factors.
fn medians(several: &[Completion; 5], scale: f64, quantity: fn(&Found) -> f64) -> [f64; 3] {
    [1, 2, 3].map(|depth| {
        let mut values = several.each_ref().map(|c| quantity(&c.solve(depth, scale)));
        values.sort_by(f64::total_cmp);
        values[2]
    })
}

/// With two factors at most that with one over `quotient`, with three at most that with two.
fn each_factor_more([one, two, three]: [f64; 3], quotient: f64) -> Curve {
    let (measured, bounds) = ([two, three], [one / quotient, two]);
    Curve::over([2, 3usize], |factors| measured[factors - 2], |factors| bounds[factors - 2])
}

/// The second factor at least halves the error; the third does not increase it. Runs that have not fitted what is
/// observed show nothing.
fn errors(name: &str, scale: f64) -> Claim<Case<[Completion; 5]>> {
    Claim::bound(name, "median |W − truth|: two factors ≤ 1/2 of one, three ≤ two")
        .on(several())
        .experiment(move |s: &Case<[Completion; 5]>| {
            let fitted = |found: &Found| {
                if found.misfit < FITTED { found.error } else { f64::INFINITY }
            };
            each_factor_more(medians(s, scale, fitted), 2.0)
        })
}

/// Two factors come below two thirds of the effective rank of one, three below that of two.
fn ranks(name: &str, scale: f64) -> Claim<Case<[Completion; 5]>> {
    Claim::bound(name, "median effective rank: two factors ≤ 2/3 of one, three ≤ two")
        .on(several())
        .experiment(move |s: &Case<[Completion; 5]>| {
            each_factor_more(medians(s, scale, |found| found.effective_rank), 1.5)
        })
}

fn one_factor_recovers(name: &str) -> Claim<Completion> {
    Claim::bound(name, "|W − truth| / |truth| ≤ 0.1")
        .on(completions())
        .measuring([1usize], |c: &Completion, factors| {
            factors.read(|depth| c.solve(depth, SMALL).error)
        })
        .predicting(|_, _| 0.1)
}

fn nuclear(name: &str, times: f64) -> Claim<Completion> {
    let norm = |matrix: &Matrix| matrix.singular_values().sum();
    Claim::bound(name, &format!("|W|_* ≤ {times} least |W|_*"))
        .on(completions())
        .measuring([2usize], move |c: &Completion, factors| {
            factors.read(|depth| norm(&c.solve(depth, SMALL).matrix))
        })
        .predicting(move |c, _| times * norm(&c.least_nuclear_norm()))
}

fn singular_values(draw: &mut Draw, _: Effort) -> Content {
    let c = completion(draw);
    let line = |label: &str, matrix: &Matrix| {
        let mut values: Vec<f64> = matrix.singular_values().iter().copied().collect();
        values.sort_by(|a, b| b.total_cmp(a));
        // Below this nothing is fitted.
        let shown = values.into_iter().map(|s| s.max(1e-5)).enumerate();
        Line::measured(label, shown.map(|(i, s)| ((i + 1) as f64, s)))
    };
    let mut lines: Vec<Line> = (1..=3)
        .map(|depth| line(&format!("{depth} factors, small start"), &c.solve(depth, SMALL).matrix))
        .collect();
    lines.push(line("3 factors, large start", &c.solve(3, LARGE).matrix));
    lines.push(line("least nuclear norm", &c.least_nuclear_norm()));
    lines.push(line("truth", &c.truth));
    Content::Lines { lines }
}
