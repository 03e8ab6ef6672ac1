#![doc = include_str!("sparse_recovery.md")]

use theoria_instances::families::gaussian_matrix;
use theoria_models::objectives::LassoPath;
use theoria_models::{Matrix, Vector};
use theoria_references::basis_pursuit;
use theoria_verification::{
    Block, Case, Claim, Content, Draw, Effort, Family, Figure, Generator, Group, Hypothesis, Line,
    Reading, Readings, Side, Theorem, TrialClaim,
};

use crate::support::descent_cone::{DescentCone, Sparsity, normal};

/// Numbers of measurements.
const MEASUREMENTS: [usize; 2] = [8, 10];
/// Success within this of the law. One measurement more or less changes it by 0.13 or more there.
const MARGIN: f64 = 0.065;
/// Dimension, nonzeros, bound of the statistical dimension, half point.
const SIZES: [(usize, usize, f64, f64); 3] =
    [(32, 3, 10.08, 9.39), (64, 4, 15.27, 14.61), (128, 8, 30.54, 29.89)];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let law = law("exact_law", "P(a = a_0) = 1 − 2(v_{n+1} + v_{n+3} + ...)").on(coefficients());
    let shifted = |name: &str, formula: &str, shift: i64| {
        law.restated(name, formula)
            .predicting(move |at: &Recovery, n| at.cone().success((n as i64 + shift) as usize))
    };
    let more = shifted("law_with_one_more", "P(a = a_0) = 1 − 2(v_{n+2} + v_{n+4} + ...)", 1);
    let less = shifted("law_with_one_less", "P(a = a_0) = 1 − 2(v_n + v_{n+2} + ...)", -1);
    Theorem::new("sparse_low_rank/sparse_recovery", include_str!("sparse_recovery.md"))
        .claim(law)
        .claim(
            probability("sufficient_number", "P(a = a_0) ≥ 0.97 for n ≥ 2k log(d/k) + 7k/5", |s| {
                s.sufficient().ceil() as usize
            })
            .predicting(|_, _| 0.97),
        )
        .claim(same_solution())
        .claim(halves())
        .claim(statistical_dimension())
        .claim(sizes("bound_of_the_dimension", "min over τ: 10.08, 15.27, 30.54", 5e-4, Sparsity::statistical_dimension, |row| row.2))
        .claim(sizes("half_points", "P(a = a_0) = 1/2 at n = 9.39, 14.61, 29.89", 3e-3, half_point, |row| row.3))
        .control(more)
        .control(less)
        .control(
            probability("twice_the_nonzeros_suffice", "P(a = a_0) ≥ 1/2 for n = 2k", |s| 2 * s.nonzeros)
                .predicting(|_, _| 0.5),
        )
        .control(sizes(
            "half_point_is_the_dimension",
            "P(a = a_0) = 1/2 at n = min over τ",
            1e-2,
            half_point,
            |row| row.2,
        ))
        .control(
            self::law("law_with_a_common_part", "P(a = a_0) = 1 − 2(v_{n+1} + v_{n+3} + ...)")
                .on(common_part())
                .violating("independent entries"),
        )
        .figure(
            Figure::linear("success", "number of measurements n", "share of successes")
                .caption(
                    "3 nonzeros of 32: successes of 200 trials each, the exact law, and, as vertical lines, 2k, the \
                     statistical dimension and a number that suffices.",
                )
                .showing(success),
        )
}

/// What is to be recovered, and from which features.
#[derive(Clone)]
struct Recovery {
    truth: Vector,
    /// Deviation of a part that all entries of a row share.
    common: f64,
    name: String,
}

impl theoria_verification::Instance for Recovery {
    fn description(&self) -> String {
        self.name.clone()
    }
}

impl Recovery {
    fn cone(&self) -> std::sync::Arc<DescentCone> {
        let nonzeros = self.truth.iter().filter(|a| **a != 0.0).count();
        DescentCone::of(self.truth.len(), nonzeros)
    }

    /// Whether n measurements recover the coefficients; not a number where the solution is not certified.
    fn trial(&self, n: usize, random: &mut Generator) -> f64 {
        let features = Matrix::from_fn(n, self.truth.len(), |_, _| normal(random));
        let shift = Vector::from_fn(n, |_, _| self.common * normal(random));
        let features = Matrix::from_fn(n, self.truth.len(), |i, j| features[(i, j)] + shift[i]);
        let targets = &features * &self.truth;
        let path = LassoPath::of(&features, &targets);
        if let Some(success) = self.certified(&features, &targets, &path.at(0.0), path.dual()) {
            return success;
        }
        // Two knots of the path were too near to each other: by an interior-point method.
        let solved = basis_pursuit(&features, &targets).ok();
        let certified =
            solved.and_then(|s| self.certified(&features, &targets, &s.minimiser, &s.dual));
        certified.unwrap_or(f64::NAN)
    }

    /// Whether this solution is what was to be found, if the dual point proves that it is one.
    fn certified(&self, x: &Matrix, y: &Vector, found: &Vector, dual: &Vector) -> Option<f64> {
        let proved = x.tr_mul(dual).amax() <= 1.0 + 1e-8
            && (found.lp_norm(1) - y.dot(dual)).abs() <= 1e-8 * self.truth.lp_norm(1)
            && (x * found - y).amax() <= 1e-8 * y.amax();
        let right = (found - &self.truth).amax() <= 1e-6 * self.truth.amax();
        proved.then_some(f64::from(u8::from(right)))
    }
}

fn recovery(d: usize, coefficients: &[f64], name: &str) -> Recovery {
    let truth = Vector::from_fn(d, |j, _| coefficients.get(j).copied().unwrap_or(0.0));
    Recovery { truth, common: 0.0, name: format!("{} nonzeros of {d}, {name}", coefficients.len()) }
}

/// Equal ones, and such of all sizes and both signs.
fn coefficients() -> Family<Recovery> {
    Family::listed(
        "3 nonzeros of 32",
        [([1.0, 1.0, 1.0], "ones"), ([5.0, -0.3, 1.0], "5, −0.3, 1")],
        |(a, name)| recovery(32, a, name),
    )
}

fn common_part() -> Family<Recovery> {
    Family::single("3 nonzeros of 32, a common part", || Recovery {
        common: 3.0,
        ..recovery(32, &[1.0, 1.0, 1.0], "ones, entries with a common part")
    })
}

fn independent() -> Hypothesis<Recovery> {
    Hypothesis::new("independent entries", |at: &Recovery, _| {
        theoria_verification::Check::at_most(at.common, 0.0, "deviation of the common part, 0")
    })
}

fn law(name: &str, formula: &str) -> TrialClaim<Recovery> {
    Claim::probability(name, formula, Side::Within(MARGIN))
        .assuming([independent()])
        .trials(8192)
        .sampling(|at: &Recovery, block| {
            block.each_over(MEASUREMENTS, |random, n| at.trial(n, random))
        })
        .predicting(|at, n| at.cone().success(n as usize))
}

fn normal_features() -> Hypothesis<Sparsity> {
    Hypothesis::by_construction(
        "independent normal entries",
        "the features of each trial are drawn so",
    )
}

fn probability(
    name: &str,
    formula: &str,
    measurements: fn(&Sparsity) -> usize,
) -> TrialClaim<Sparsity> {
    Claim::probability(name, formula, Side::AtLeast)
        .assuming([normal_features()])
        .on(Family::single("3 nonzeros of 32", || Sparsity { dimension: 32, nonzeros: 3 }))
        .trials(4096)
        .sampling(move |at: &Sparsity, block: &mut Block| {
            let instance = recovery(at.dimension, &vec![1.0; at.nonzeros], "ones");
            block.each_over([measurements(at)], |random, n| instance.trial(n, random))
        })
}

/// A problem with its size.
fn same_solution() -> Claim<Case<(Matrix, Vector)>> {
    let family = Family::drawn("2 nonzeros of 20", |draw| {
        let n = draw.size(4..=10);
        let features = gaussian_matrix(n, 20, draw);
        let truth = Vector::from_fn(20, |j, _| if j < 2 { 1.0 } else { 0.0 });
        let targets = &features * truth;
        Case::new(format!("{n} measurements"), (features, targets))
    });
    let normal =
        Hypothesis::by_construction("independent normal entries", "the features are drawn so");
    Claim::identity(
        "interior_point_finds_the_same",
        "|a|₁ by an interior-point method over that at λ = 0, less 1, = 0",
        1e-8,
    )
    .assuming([normal])
    .on(family)
    .measuring_each(|at: &Case<(Matrix, Vector)>| {
        let (features, targets) = &at.value;
        let own = LassoPath::of(features, targets).at(0.0).lp_norm(1);
        let other = basis_pursuit(features, targets)
            .map_or(f64::INFINITY, |found| found.minimiser.lp_norm(1));
        Readings::at(features.nrows(), Reading::new(other / own - 1.0, 1e-9))
    })
    .predicting(|_, _| 0.0)
}

fn all_sizes() -> Family<Sparsity> {
    let sizes = SIZES.map(|(dimension, nonzeros, ..)| Sparsity { dimension, nonzeros });
    Family::listed("sizes", sizes, |size| *size)
}

fn told() -> Hypothesis<Sparsity> {
    Hypothesis::new("some nonzeros, not all", |at: &Sparsity, _| {
        let inside = 0 < at.nonzeros && at.nonzeros < at.dimension;
        theoria_verification::Check::that(inside, format!("0 < {} < {}", at.nonzeros, at.dimension))
    })
}

fn half_point(at: &Sparsity) -> f64 {
    DescentCone::of(at.dimension, at.nonzeros).half_point()
}

fn sizes(
    name: &str,
    formula: &str,
    tolerance: f64,
    seen: fn(&Sparsity) -> f64,
    row: fn(&(usize, usize, f64, f64)) -> f64,
) -> Claim<Sparsity> {
    Claim::identity(name, formula, tolerance)
        .assuming([told()])
        .on(all_sizes())
        .measuring_each(move |at: &Sparsity| Readings::at(at.dimension, seen(at)))
        .predicting(move |_, d| SIZES.iter().find(|size| size.0 as f64 == d).map_or(0.0, row))
}

/// Within the error of 10⁵ draws, five deviations.
fn halves() -> Claim<Sparsity> {
    Claim::identity("even_volumes_sum_to_a_half", "v_0 + v_2 + ... = 1/2", 0.016)
        .assuming([told()])
        .on(all_sizes())
        .measuring_each(|at: &Sparsity| {
            Readings::at(at.dimension, DescentCone::of(at.dimension, at.nonzeros).even())
        })
        .predicting(|_, _| 0.5)
}

fn statistical_dimension() -> Claim<Sparsity> {
    Claim::bound(
        "statistical_dimension",
        "Σ j v_j ≤ min over τ of k(1 + τ²) + 2(d − k)((1 + τ²)Q(τ) − τφ(τ))",
    )
    .assuming([told()])
    .on(all_sizes())
    .measuring_each(|at: &Sparsity| {
        let mean = DescentCone::of(at.dimension, at.nonzeros).mean_dimension();
        Readings::at(at.dimension, mean)
    })
    .predicting(|at, _| at.statistical_dimension())
    .tight_to(0.95)
}

fn success(draw: &mut Draw, _: Effort) -> Content {
    let instance = recovery(32, &[1.0, 1.0, 1.0], "ones");
    let cone = instance.cone();
    let mut block = Block::drawn(1, draw);
    let share = |n: usize, block: &mut Block| {
        (0..200).map(|_| instance.trial(n, block.generator())).sum::<f64>() / 200.0
    };
    let seen: Vec<(f64, f64)> = (3..=20).map(|n| (n as f64, share(n, &mut block))).collect();
    let law = (3..=20).map(|n| (n as f64, cone.success(n)));
    let upright = |label, n: f64| Line::predicted(label, [(n, 0.0), (n, 1.0)]);
    Content::Points {
        groups: vec![Group::new("successes of 200", seen)],
        lines: vec![
            Line::predicted("exact law", law),
            upright("2k", 6.0),
            upright("statistical dimension", cone.sparsity.statistical_dimension()),
            upright("suffices", cone.sparsity.sufficient()),
        ],
    }
}
