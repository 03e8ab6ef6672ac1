#![doc = include_str!("low_rank_recovery.md")]

use theoria_models::Svd;
use theoria_verification::{
    Block, Case, Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Instance,
    Line, Reading, Readings, Side, Theorem, TrialClaim,
};

use crate::support::least_nuclear::{Programme, programmes};
use crate::support::measured_matrices::{Kind, Measured};
use crate::support::nuclear_cone::{
    LowRank, Nearest, bound_of_two_rows, success_of_two_rows, volumes_of_two_rows,
};

/// Success within this of the law. One measurement more or less changes it by 0.14 or more there.
const MARGIN: f64 = 0.045;
/// The mean number within this share, and trials for it, with two rows. Half a measurement is 4% of it or more.
const OF_TWO_ROWS: (f64, usize) = (0.02, 8192);
/// With more rows: a third of what a dimension larger by a tenth would add.
const OF_MORE_ROWS: (f64, usize) = (0.035, 2048);
/// The variance within this share: a quarter of a measurement more is 18% of it or more.
const SPREAD_MARGIN: f64 = 0.08;
/// The statistical dimension within this share: a control is off by 5%.
const DIMENSION_MARGIN: f64 = 0.02;

/// What is told of a size.
struct Size {
    shape: LowRank,
    /// δ
    dimension: f64,
}

const SIZES: [Size; 4] = [
    Size { shape: LowRank::new(3, 5, 1), dimension: 9.819 },
    Size { shape: LowRank::new(5, 5, 1), dimension: 13.960 },
    Size { shape: LowRank::new(6, 6, 2), dimension: 27.154 },
    Size { shape: LowRank::new(10, 10, 1), dimension: 35.186 },
];

/// δ of any size that is told: 3m/2 for rank 1 in 2 x m.
fn dimension(shape: &LowRank) -> f64 {
    let told = SIZES.iter().find(|size| size.shape == *shape).map(|size| size.dimension);
    told.unwrap_or(if shape.rows == 2 && shape.rank == 1 {
        1.5 * shape.columns as f64
    } else {
        f64::NAN
    })
}

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
        .predicting(|at: &Measured, _| dimension(&at.shape));
    let larger = self::needed("mean_number", "E M = δ + 1/2", OF_MORE_ROWS).on(larger());
    let tenth = larger
        .restated("mean_number_of_a_tenth_more", "E M = 1.1 δ + 1/2")
        .predicting(|at: &Measured, _| 1.1 * dimension(&at.shape) + 0.5);
    let spread = spread("variance_of_the_number").on(narrow());
    let without_quarter = spread
        .restated("variance_without_the_quarter", "n = 2, r = 1: Var M = Var J")
        .predicting(|at: &Measured, _| variance_of_volumes(at.shape.columns));
    let length =
        length("statistical_dimension", "nm E |Π G|²/|G|² = δ").on(two_row_shapes()).on(shapes());
    let longer = length
        .restated("statistical_dimension_is_larger", "nm E |Π G|²/|G|² = 1.05 δ")
        .predicting(|at: &LowRank, _| 1.05 * dimension(at));
    let nearest = nearest(
        "projection_onto_the_cone",
        "slope of the nuclear norm along Π G, Π G·S, S·X/|X|_*, |S|₂ = 0, 0, 1, 1",
    );
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
        .claim(spread)
        .claim(length)
        .claim(nearest)
        .claim(bound("bound_of_two_rows", of_two_rows, 1.0, &[8, 20, 50]).tight_to(0.98))
        .claim(solved())
        .control(more)
        .control(less)
        .control(volumes("even_volumes_sum_to_less", "n = 2, r = 1: v_0 + v_2 + ... = 0.98/2", 0.49, |volumes| volumes.iter().step_by(2).sum()))
        .control(without_half)
        .control(tenth)
        .control(without_quarter)
        .control(longer)
        .control(bound("bound_of_two_rows_is_less", less_of_two_rows, 0.96, &[20, 50]))
        .control(freedom())
        .control(
            self::needed("mean_number_of_entries", "E M = δ + 1/2", OF_MORE_ROWS)
                .on(Family::single("3 x 5, entries", || measured(0).by_entries()))
                .violating("normal measurements"),
        )
        .figure(
            Figure::linear("success", "number of measurements p", "share of matrices that are found")
                .caption(
                    "Rank 1: shares of 200 trials each. In 2 × 8 they follow the exact law, with half of them about δ = 12. In 5 × 5 hardly anything is found \
                     with the 9 measurements that degrees of freedom ask for; the upright lines are δ.",
                )
                .showing(success),
        )
        .figure(
            Figure::linear("ranks", "rank r", "measurements")
                .caption(
                    "6 × 6: how many measurements are needed, the mean of 100 trials, against δ + 1/2 and the degrees of freedom. At full rank all 36 are needed.",
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
    let shape = SIZES[size].shape;
    if shape.rank == 1 {
        Measured::new(shape, &[1.0], "one singular value")
    } else {
        Measured::new(shape, &[5.0, 0.3], "singular values 5 and 0.3")
    }
}

fn larger() -> Family<Measured> {
    Family::listed("more rows", [0usize, 1, 2], |&size| measured(size))
}

fn shapes() -> Family<LowRank> {
    Family::listed("more rows", [0usize, 1, 2, 3], |&size| SIZES[size].shape)
}

fn two_row_shapes() -> Family<LowRank> {
    Family::listed("2 x m, rank 1", [2usize, 5, 8], |&m| LowRank::new(2, m, 1))
}

fn law(name: &str, formula: &str) -> TrialClaim<Measured> {
    Claim::probability(name, formula, Side::Within(MARGIN))
        .assuming([normal_measurements()])
        .on(two_rows())
        .trials(16384)
        .sampling(|at: &Measured, block| {
            let m = at.shape.columns;
            // About half of them succeed there.
            block.each_over([3 * m / 2, (3 * m).div_ceil(2) + 1], |random, p| at.trial(p, random))
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
        .predicting(|at, _| dimension(&at.shape) + 0.5)
}

/// Σ (j - δ)² v_j
fn variance_of_volumes(columns: usize) -> f64 {
    let mean = 1.5 * columns as f64;
    let volumes = volumes_of_two_rows(columns);
    volumes.iter().enumerate().map(|(j, v)| (j as f64 - mean).powi(2) * v).sum()
}

fn spread(name: &str) -> TrialClaim<Measured> {
    Claim::expected_value(name, "n = 2, r = 1: Var M = Var J − 1/4", SPREAD_MARGIN)
        .assuming([normal_measurements()])
        .trials(32768)
        .bounded_by(|at, _| {
            let mean = dimension(&at.shape) + 0.5;
            mean.max(at.shape.entries() as f64 - mean).powi(2)
        })
        .sampling(|at: &Measured, block| {
            let mean = dimension(&at.shape) + 0.5;
            block.each_value(at.shape.entries(), |random| (at.needed(random) - mean).powi(2))
        })
        .predicting(|at, _| variance_of_volumes(at.shape.columns) - 0.25)
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
        .predicting(|at, _| dimension(at))
}

/// A normal matrix, where X is diag(5, 0.3, 0, ...) or less of it.
fn nearest(name: &str, formula: &str) -> Claim<Case<(LowRank, Nearest)>> {
    const STEP: f64 = 1e-6;
    const LEAST: f64 = 1e-3;
    let family = Family::drawn("normal matrices", |draw| {
        let rows = draw.size(2..=6);
        let shape = LowRank::new(rows, draw.size(rows..=8), draw.size(1..=rows.min(3) - 1));
        let mut block = Block::drawn(1, draw);
        // Within the cone τ is 0, and nothing is left to be looked at.
        loop {
            let nearest = shape.nearest(block.generator());
            if nearest.polar[(0, 0)] > LEAST {
                return Case::new(shape.description(), (shape, nearest));
            }
        }
    });
    Claim::identity(name, formula, 1e-4)
        .assuming([Hypothesis::new("τ > 0", |at: &Case<(LowRank, Nearest)>, _| {
            Check::at_least(at.value.1.polar[(0, 0)], LEAST, "τ")
        })])
        .on(family)
        .measuring_each(|at: &Case<(LowRank, Nearest)>| {
            let (shape, nearest) = &at.value;
            let values = [5.0, 0.3];
            let truth = nearest.matrix.map_with_location(|i, j, _| {
                if i == j && i < shape.rank { values[i] } else { 0.0 }
            });
            let norm: f64 = values[..shape.rank].iter().sum();
            let along = &nearest.matrix - &nearest.polar;
            let after: f64 = Svd::of(&(&truth + &along * STEP)).values().sum();
            let subgradient = &nearest.polar / nearest.polar[(0, 0)];
            let seen = [
                (after - norm) / (STEP * along.norm()),
                along.dot(&subgradient) / along.norm(),
                subgradient.dot(&truth) / norm,
                Svd::of(&subgradient).values().max(),
            ];
            Readings::over(1..=4, |k| Reading::new(seen[k - 1], 1e-8))
        })
        .predicting(|_, k| if k > 2.0 { 1.0 } else { 0.0 })
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
        .measuring_each(|at: &LowRank| Readings::at(at.columns, dimension(at)))
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

fn success(draw: &mut Draw, _: Effort) -> Content {
    let mut block = Block::drawn(1, draw);
    let mut shares = |at: &Measured, last: usize| {
        let share = |p: usize, block: &mut Block| {
            (0..200).map(|_| at.trial(p, block.generator())).sum::<f64>() / 200.0
        };
        (4..=last).map(|p| (p as f64, share(p, &mut block))).collect::<Vec<_>>()
    };
    let groups = vec![
        Group::new("2 × 8, of 200", shares(&of_two_rows(8), 16)),
        Group::new("5 × 5, of 200", shares(&measured(1), 22)),
    ];
    let upright = |label, p: f64| Line::predicted(label, [(p, 0.0), (p, 1.0)]);
    let law = (4..=16).map(|p| (p as f64, success_of_two_rows(8, p)));
    Content::Points {
        groups,
        lines: vec![
            Line::predicted("exact law, 2 × 8", law),
            upright("δ, 2 × 8", 12.0),
            upright("δ, 5 × 5", SIZES[1].dimension),
            upright("degrees of freedom of both", 9.0),
        ],
    }
}

fn ranks(draw: &mut Draw, _: Effort) -> Content {
    const TRIALS: usize = 100;
    let mut block = Block::drawn(1, draw);
    let mean = |sum: f64, count: usize| sum / count as f64;
    let shape = |rank: usize| LowRank::new(6, 6, rank);
    let needed = (1..=6).map(|rank| {
        let at = Measured::new(shape(rank), &vec![1.0; rank], "ones");
        let sum = (0..TRIALS).map(|_| at.needed(block.generator())).sum();
        (rank as f64, mean(sum, TRIALS))
    });
    let needed: Vec<(f64, f64)> = needed.collect();
    let lengths = (1..=6).map(|rank| {
        let sum = (0..4000).map(|_| shape(rank).squared_length(block.generator())).sum();
        (rank as f64, mean(sum, 4000) + 0.5)
    });
    let lengths: Vec<(f64, f64)> = lengths.collect();
    let freedom = (1..=6).map(|rank| (rank as f64, shape(rank).freedom() as f64));
    Content::Points {
        groups: vec![Group::new("needed, mean of 100", needed)],
        lines: vec![
            Line::predicted("δ + 1/2", lengths),
            Line::predicted("degrees of freedom", freedom),
        ],
    }
}
