#![doc = include_str!("low_rank_recovery.md")]

use theoria_models::{Matrix, Svd};
use theoria_verification::{
    Axis, Block, Case, Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis,
    Instance, Line, Reading, Readings, Scale, Side, Theorem, TrialClaim,
};

use crate::support::least_nuclear::{Programme, nearly_seen, programmes};
use crate::support::measured_matrices::{Kind, Measured};
use crate::support::nuclear_cone::{
    LowRank, Nearest, TOLD, bound_of_two_rows, success_of_two_rows, variance_of_two_rows,
    volumes_of_two_rows,
};

/// Success within this of the law. One measurement more or less changes it by 0.1 or more somewhere.
const MARGIN: f64 = 0.03;
/// The mean number within this share, and trials for it. Half a measurement is 3.5% of it or more.
const OF_TWO_ROWS: (f64, usize) = (0.02, 8192);
const OF_MORE_ROWS: (f64, usize) = (0.02, 16384);
/// Of rank 2: a third of what a dimension larger by a tenth would add.
const OF_RANK_2: (f64, usize) = (0.035, 2048);
/// The variance within this share: a quarter of a measurement more is 18% of it or more.
const SPREAD_MARGIN: f64 = 0.08;
/// The statistical dimension within this share: a control is off by 5%.
const DIMENSION_MARGIN: f64 = 0.02;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let law = law("exact_law", "n = 2, r = 1: P(Z = X) = 1 − 2(v_{p+1} + v_{p+3} + ...)");
    let shifted = |name: &str, formula: &str, shift: i64| {
        law.restated(name, formula).predicting(move |at: &Measured, p| {
            success_of_two_rows(at.shape.columns, (p as i64 + shift) as usize)
        })
    };
    let more = shifted("law_with_one_more", "P(Z = X) = 1 − 2(v_{p+2} + v_{p+4} + ...)", 1);
    let less = shifted("law_with_one_less", "P(Z = X) = 1 − 2(v_p + v_{p+2} + ...)", -1);
    let needed = needed("mean_number_of_two_rows", "n = 2, r = 1: E M = (3m + 1)/2", OF_TWO_ROWS)
        .on(two_rows());
    let without_half = needed
        .restated("mean_number_without_the_half", "n = 2, r = 1: E M = 3m/2")
        .predicting(|at: &Measured, _| at.shape.dimension());
    let larger = self::needed("mean_number", "r = 1: E M = δ + 1/2", OF_MORE_ROWS).on(larger());
    let only = larger
        .restated("mean_number_is_the_dimension", "r = 1: E M = δ")
        .predicting(|at: &Measured, _| at.shape.dimension());
    let second = self::needed("mean_number_of_rank_2", "r = 2: E M = δ + 1/2", OF_RANK_2)
        .on(Family::single("6 x 6", || measured(2)));
    let tenth = second
        .restated("mean_number_of_a_tenth_more", "r = 2: E M = 1.1 δ + 1/2")
        .predicting(|at: &Measured, _| 1.1 * at.shape.dimension() + 0.5);
    let spread = spread("variance_of_the_number").on(narrow());
    let without_quarter = spread
        .restated("variance_without_the_quarter", "n = 2, r = 1: Var M = Var J")
        .predicting(|at: &Measured, _| variance_of_two_rows(at.shape.columns));
    let length =
        length("statistical_dimension", "nm E |Π G|²/|G|² = δ").on(two_row_shapes()).on(shapes());
    let longer = length
        .restated("statistical_dimension_is_larger", "nm E |Π G|²/|G|² = 1.05 δ")
        .predicting(|at: &LowRank, _| 1.05 * at.dimension());
    let solved = solved();
    let opposite = solved
        .restated(
            "least_nuclear_norm_is_what_was_refused",
            "1 if the least nuclear norm is at X, else 0 = 0 if the certificate says so, else 1",
        )
        .predicting(|at: &Programme, _| 1.0 - at.told());
    let of_two_rows = "n = 2, r = 1: δ ≤ min over τ of m + 1 + τ² + E(χ_{m−1} − τ)_+²";
    let less_of_two_rows = "n = 2, r = 1: δ ≤ 0.96 min over τ of m + 1 + τ² + E(χ_{m−1} − τ)_+²";
    Theorem::new("sparse_low_rank/low_rank_recovery", include_str!("low_rank_recovery.md"))
        .uses(
            "sparse_low_rank/sparse_recovery",
            "what is least is found where a random space meets the cone of its descents in 0 alone",
        )
        .claim(law)
        .claim(volumes("odd_volumes_sum_to_a_half", "n = 2, r = 1: v_1 + v_3 + ... = 1/2", 0.5, |volumes| volumes.iter().skip(1).step_by(2).sum()))
        .claim(needed)
        .claim(larger)
        .claim(second)
        .claim(spread)
        .claim(length)
        .claim(projected("projection_onto_the_cone", "Π G = G − τ S: Π G·S, S·X/|X|_*, |S|₂ = 0, 1, 1", 1.0))
        .claim(slope("slope_along_the_projection", "slope of the nuclear norm at X along Π G = 0", 1.0))
        .claim(bound("bound_of_two_rows", of_two_rows, 1.0, &[8, 20, 50]).tight_to(0.98))
        .claim(solved)
        .claim(short())
        .control(more)
        .control(less)
        .control(volumes("even_volumes_sum_to_less", "n = 2, r = 1: v_0 + v_2 + ... = 0.98/2", 0.49, |volumes| volumes.iter().step_by(2).sum()))
        .control(without_half)
        .control(only)
        .control(tenth)
        .control(without_quarter)
        .control(longer)
        .control(projected("projection_of_a_larger_multiple", "Π G = G − 1.05 τ S: Π G·S, S·X/|X|_*, |S|₂ = 0, 1, 1", 1.05))
        .control(slope("slope_along_the_matrix", "slope of the nuclear norm at X along G = 0", 0.0))
        .control(opposite)
        .control(bound("bound_of_two_rows_is_less", less_of_two_rows, 0.96, &[20, 50]))
        .control(freedom())
        .control(
            self::needed("mean_number_of_entries", "E M = δ + 1/2", OF_RANK_2)
                .on(Family::single("3 x 5, entries", || measured(0).by_entries()))
                .violating("normal measurements"),
        )
        .figure(
            Figure::linear("success", "number of measurements p", "share of matrices that are found")
                .caption(
                    "Rank 1: shares of 200 trials each. In 2 × 8 they follow the exact law, with half of them about δ = 12. In 5 × 5 hardly anything is found \
                     with the 9 measurements that degrees of freedom ask for, the first upright line; the others are δ.",
                )
                .showing(success),
        )
        .figure(
            Figure::linear("ranks", "rank r", "number of measurements p")
                .caption(
                    "6 × 6, 100 matrices of each rank: half of them are found about δ + 1/2 (dashed, δ simulated), well above the degrees of freedom (dotted) but at full rank, where all 36 entries are needed.",
                )
                .showing(ranks),
        )
}

fn normal_measurements() -> Hypothesis<Measured> {
    Hypothesis::new("normal measurements", |at: &Measured, _| {
        Check::that(at.kind == Kind::Normal, format!("{:?}", at.kind))
    })
}

fn of_two_rows(columns: usize) -> Measured {
    Measured::new(LowRank::new(2, columns, 1), &[1.0], "one singular value")
}

fn two_rows() -> Family<Measured> {
    Family::listed("2 x m, rank 1", [2usize, 5, 8], |&m| of_two_rows(m))
}

/// Those in which a quarter is much of the variance.
fn narrow() -> Family<Measured> {
    Family::listed("2 x m, rank 1, m ≤ 5", [3usize, 5], |&m| of_two_rows(m))
}

fn measured(size: usize) -> Measured {
    let shape = TOLD[size].0;
    if shape.rank == 1 {
        Measured::new(shape, &[1.0], "one singular value")
    } else {
        Measured::new(shape, &[5.0, 0.3], "singular values 5 and 0.3")
    }
}

fn larger() -> Family<Measured> {
    Family::listed("more rows", [0usize, 1], |&size| measured(size))
}

fn shapes() -> Family<LowRank> {
    Family::listed("more rows", [0usize, 1, 2, 3], |&size| TOLD[size].0)
}

fn two_row_shapes() -> Family<LowRank> {
    Family::listed("2 x m, rank 1", [2usize, 5, 8], |&m| LowRank::new(2, m, 1))
}

fn law(name: &str, formula: &str) -> TrialClaim<Measured> {
    Claim::probability(name, formula, Side::Within(MARGIN))
        .assuming([normal_measurements()])
        .on(two_rows())
        .trials(32768)
        .sampling(|at: &Measured, block| {
            // More measurements never lose what was found.
            let counts: Vec<f64> =
                (at.shape.columns..at.shape.entries()).map(|p| p as f64).collect();
            block.each(&counts, |random| {
                let needed = at.needed(random);
                let found = |p: &f64| {
                    if needed.is_nan() { needed } else { f64::from(u8::from(needed <= *p)) }
                };
                counts.iter().map(found).collect()
            })
        })
        .predicting(|at, p| success_of_two_rows(at.shape.columns, p as usize))
}

/// Measurements are taken one after the other until X is found.
fn needed(name: &str, formula: &str, (margin, trials): (f64, usize)) -> TrialClaim<Measured> {
    Claim::expected_value(name, formula, margin)
        .assuming([normal_measurements()])
        .trials(trials)
        .bounded_by(|at, _| at.shape.entries() as f64)
        .sampling(|at: &Measured, block| {
            block.each_value(at.shape.entries(), |random| at.needed(random))
        })
        .predicting(|at, _| at.shape.dimension() + 0.5)
}

fn spread(name: &str) -> TrialClaim<Measured> {
    Claim::expected_value(name, "n = 2, r = 1: Var M = Var J − 1/4", SPREAD_MARGIN)
        .assuming([normal_measurements()])
        .trials(32768)
        .bounded_by(|at, _| {
            let mean = at.shape.dimension() + 0.5;
            mean.max(at.shape.entries() as f64 - mean).powi(2)
        })
        .sampling(|at: &Measured, block| {
            let mean = at.shape.dimension() + 0.5;
            block.each_value(at.shape.entries(), |random| (at.needed(random) - mean).powi(2))
        })
        .predicting(|at, _| variance_of_two_rows(at.shape.columns) - 0.25)
}

fn normal_matrix() -> Hypothesis<LowRank> {
    Hypothesis::by_construction("normal entries", "G is drawn so in each trial")
}

fn length(name: &str, formula: &str) -> TrialClaim<LowRank> {
    Claim::expected_value(name, formula, DIMENSION_MARGIN)
        .assuming([normal_matrix()])
        .trials(32768)
        .bounded_by(|at, _| at.entries() as f64)
        .sampling(|at: &LowRank, block| {
            block.each_value(at.entries(), |random| at.squared_length(random))
        })
        .predicting(|at, _| at.dimension())
}

/// A normal matrix and the nearest point of the polar cone, where X is diag(5, 0.3, 0, ...) or less of it.
type Projected = Case<(LowRank, Nearest)>;

/// Its singular values.
const VALUES: [f64; 2] = [5.0, 0.3];
/// Within the cone τ is 0, and nothing is left to be looked at.
const LEAST: f64 = 1e-3;

fn normal_matrices() -> Family<Projected> {
    Family::drawn("normal matrices", |draw| {
        let rows = draw.size(2..=6);
        let shape = LowRank::new(rows, draw.size(rows..=8), draw.size(1..=rows.min(3) - 1));
        let mut block = Block::drawn(1, draw);
        loop {
            let nearest = shape.nearest(block.generator());
            if nearest.polar[(0, 0)] > LEAST {
                return Case::new(shape.description(), (shape, nearest));
            }
        }
    })
}

fn outside() -> Hypothesis<Projected> {
    Hypothesis::new("τ > 0", |at: &Projected, _| {
        Check::at_least(at.value.1.polar[(0, 0)], LEAST, "τ")
    })
}

fn diagonal(shape: &LowRank) -> Matrix {
    Matrix::from_fn(shape.rows, shape.columns, |i, j| {
        if i == j && i < shape.rank { VALUES[i] } else { 0.0 }
    })
}

/// With this multiple of τ S. What is left of G and S is orthogonal, and S a subgradient at X.
fn projected(name: &str, formula: &str, multiple: f64) -> Claim<Projected> {
    Claim::identity(name, formula, 1e-9)
        .assuming([outside()])
        .on(normal_matrices())
        .measuring_each(move |at: &Projected| {
            let (shape, nearest) = &at.value;
            let along = &nearest.matrix - &nearest.polar * multiple;
            let subgradient = &nearest.polar / nearest.polar[(0, 0)];
            let truth = diagonal(shape);
            let norm: f64 = truth.sum();
            let seen = [
                along.dot(&subgradient) / along.norm(),
                subgradient.dot(&truth) / norm,
                Svd::of(&subgradient).values().max(),
            ];
            Readings::over(1..=3, |k| Reading::new(seen[k - 1], 1e-12))
        })
        .predicting(|_, k| if k > 1.0 { 1.0 } else { 0.0 })
}

/// Along G less this multiple of τ S, of length 1: by a short step.
fn slope(name: &str, formula: &str, multiple: f64) -> Claim<Projected> {
    const STEP: f64 = 1e-6;
    Claim::identity(name, formula, 1e-4)
        .assuming([outside()])
        .on(normal_matrices())
        .measuring_each(move |at: &Projected| {
            let (shape, nearest) = &at.value;
            let along = (&nearest.matrix - &nearest.polar * multiple).normalize();
            let truth = diagonal(shape);
            let after: f64 = Svd::of(&(&truth + along * STEP)).values().sum();
            Readings::at(1.0, Reading::new((after - truth.sum()) / STEP, 1e-8))
        })
        .predicting(|_, _| 0.0)
}

fn told() -> Hypothesis<LowRank> {
    Hypothesis::new("two rows, rank 1", |at: &LowRank, _| {
        Check::that(at.rows == 2 && at.rank == 1, format!("{} rows, rank {}", at.rows, at.rank))
    })
}

fn volumes(name: &str, formula: &str, value: f64, seen: fn(&[f64]) -> f64) -> Claim<LowRank> {
    Claim::identity(name, formula, 1e-12)
        .assuming([told()])
        .on(Family::listed("2 x m, rank 1", 2usize..=12, |&m| LowRank::new(2, m, 1)))
        .measuring_each(move |at: &LowRank| {
            Readings::at(at.columns, seen(&volumes_of_two_rows(at.columns)))
        })
        .predicting(move |_, _| value)
}

fn bound(name: &str, formula: &str, share: f64, columns: &[usize]) -> Claim<LowRank> {
    Claim::bound(name, formula)
        .assuming([told()])
        .on(Family::listed("2 x m, rank 1", columns.to_vec(), |&m| LowRank::new(2, m, 1)))
        .measuring_each(|at: &LowRank| Readings::at(at.columns, at.dimension()))
        .predicting(move |at, _| share * bound_of_two_rows(at.columns))
}

fn freedom() -> TrialClaim<Measured> {
    Claim::probability(
        "degrees_of_freedom_suffice",
        "P(Z = X) ≥ 1/2 for p = r(n + m − r)",
        Side::AtLeast,
    )
    .assuming([normal_measurements()])
    .on(Family::single("2 x 8", || of_two_rows(8)))
    .on(larger())
    .trials(1024)
    .sampling(|at: &Measured, block: &mut Block| {
        block.each_over([at.shape.freedom()], |random, p| at.trial(p, random))
    })
    .predicting(|_, _| 0.5)
}

/// Another method solves the programme itself.
fn solved() -> Claim<Programme> {
    Claim::identity(
        "least_nuclear_norm_is_what_was_proved",
        "1 if the least nuclear norm is at X, else 0 = 1 if the certificate says so, else 0",
        1e-9,
    )
    .assuming([Hypothesis::new("not at the border", |at: &Programme, _| {
        Check::at_least(at.clearance(), 0.02, "distance of the certificate from its border")
    })])
    .on(programmes())
    .measuring_each(|at: &Programme| Readings::at(at.measurements(), at.solved()))
    .predicting(|at, _| at.told())
}

/// What proves it is not lost to rounding.
fn short() -> Claim<Programme> {
    Claim::identity(
        "less_than_degrees_of_freedom_never_suffice",
        "p = r(n + m − r) − 1, A_1 near U Vᵀ: 1 if the certificate says that X is found, else 0 = 0",
        1e-9,
    )
    .assuming([Hypothesis::new("p < r(n + m − r)", |at: &Programme, _| {
        Check::at_least(at.lacking(), 1.0, "measurements that lack")
    })])
    .on(nearly_seen())
    .measuring_each(|at: &Programme| Readings::at(at.measurements(), at.told()))
    .predicting(|_, _| 0.0)
}

fn success(draw: &mut Draw, _: Effort) -> Content {
    let mut block = Block::drawn(1, draw);
    let mut shares = |at: &Measured, last: usize| {
        let share = |p: usize, block: &mut Block| {
            (0..200).map(|_| at.trial(p, block.generator())).sum::<f64>() / 200.0
        };
        (4..=last).map(|p| (p as f64, share(p, &mut block))).collect::<Vec<_>>()
    };
    let (two, five) = (of_two_rows(8), measured(1));
    let groups = vec![
        Group::new("2 × 8, of 200", shares(&two, 16)),
        Group::new("5 × 5, of 200", shares(&five, 22)),
    ];
    let upright = |label, p: f64| Line::predicted(label, [(p, 0.0), (p, 1.0)]);
    let law = (4..=16).map(|p| (p as f64, success_of_two_rows(8, p)));
    Content::Points {
        groups,
        lines: vec![
            Line::predicted("exact law, 2 × 8", law),
            upright("δ, 2 × 8", two.shape.dimension()),
            upright("δ, 5 × 5", five.shape.dimension()),
            upright("degrees of freedom of both", five.shape.freedom() as f64),
        ],
    }
}

/// Each matrix is measured until it is found, so that one number says what any number of measurements does.
fn ranks(draw: &mut Draw, _: Effort) -> Content {
    const TRIALS: usize = 100;
    const LENGTHS: usize = 4000;
    let mut block = Block::drawn(1, draw);
    let shapes = (1..=6).map(|rank| LowRank::new(6, 6, rank)).collect::<Vec<_>>();
    let mut needed = |shape: &LowRank| -> Vec<f64> {
        let at = Measured::new(*shape, &vec![1.0; shape.rank], "ones");
        (0..TRIALS).map(|_| at.needed(block.generator())).collect()
    };
    let needed: Vec<Vec<f64>> = shapes.iter().map(&mut needed).collect();
    let counts: Vec<f64> = (1..=36).map(f64::from).collect();
    let share = |needed: &Vec<f64>, p: f64| {
        needed.iter().filter(|needed| **needed <= p).count() as f64 / TRIALS as f64
    };
    let values = counts.iter().flat_map(|p| needed.iter().map(|all| share(all, *p))).collect();
    let mut mean = |shape: &LowRank| {
        let sum: f64 = (0..LENGTHS).map(|_| shape.squared_length(block.generator())).sum();
        sum / LENGTHS as f64
    };
    let ranks = || shapes.iter().map(|shape| shape.rank as f64);
    let half: Vec<f64> = shapes.iter().map(|shape| mean(shape) + 0.5).collect();
    let freedom = shapes.iter().map(|shape| shape.freedom() as f64);
    Content::HeatMap {
        x: ranks().collect(),
        y: counts,
        values,
        colour: Axis::new("share of matrices that are found", Scale::Linear),
        middle: None,
        lines: vec![
            Line::predicted("δ + 1/2", ranks().zip(half)),
            Line::predicted("degrees of freedom", ranks().zip(freedom)),
        ],
    }
}
