#![doc = include_str!("sparse_recovery.md")]

use theoria_instances::families::gaussian_matrix;
use theoria_models::objectives::LassoPath;
use theoria_models::{Matrix, Vector};
use theoria_references::basis_pursuit;
use theoria_verification::{
    Block, Case, Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line,
    Reading, Readings, Side, Theorem, TrialClaim,
};

use crate::support::descent_cone::{DescentCone, Sparsity};
use crate::support::recovery::{Recovery, coefficients, common_part, larger, recovery};

/// Numbers of measurements, by the dimension.
const MEASUREMENTS: [(usize, [usize; 2]); 2] = [(32, [8, 10]), (64, [13, 16])];
/// Success within this of the law. One measurement more or less changes it by 0.1 or more there.
const MARGIN: f64 = 0.045;
/// The mean number that is needed within this share. One measurement is a tenth of it.
const MEAN_MARGIN: f64 = 0.02;
/// What is computed for a size.
struct Size {
    dimension: usize,
    nonzeros: usize,
    /// Of the statistical dimension.
    bound: f64,
    statistical_dimension: f64,
    half_point: f64,
    /// What the law leaves at 2k log(d/k) + 7k/5, rounded up.
    failure: f64,
}

const SIZES: [Size; 3] = [
    Size {
        dimension: 32,
        nonzeros: 3,
        bound: 10.077_100,
        statistical_dimension: 9.523_962,
        half_point: 9.396_470,
        failure: 4.870_6e-4,
    },
    Size {
        dimension: 64,
        nonzeros: 4,
        bound: 15.269_221,
        statistical_dimension: 14.754_319,
        half_point: 14.604_453,
        failure: 2.315_2e-4,
    },
    Size {
        dimension: 128,
        nonzeros: 8,
        bound: 30.538_443,
        statistical_dimension: 30.023_355,
        half_point: 29.871_971,
        failure: 6.783_4e-7,
    },
];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let law = law("exact_law", "P(a = a_0) = 1 − 2(v_{n+1} + v_{n+3} + ...)")
        .on(coefficients())
        .on(larger());
    let shifted = |name: &str, formula: &str, shift: i64| {
        law.restated(name, formula)
            .predicting(move |at: &Recovery, n| at.cone().success((n as i64 + shift) as usize))
    };
    let more = shifted("law_with_one_more", "P(a = a_0) = 1 − 2(v_{n+2} + v_{n+4} + ...)", 1);
    let less = shifted("law_with_one_less", "P(a = a_0) = 1 − 2(v_n + v_{n+2} + ...)", -1);
    let needed = needed("mean_number_that_is_needed", "E M = Σ j v_j + 1/2").on(coefficients());
    let without_half = needed
        .restated("mean_number_without_the_half", "E M = Σ j v_j")
        .predicting(|at: &Recovery, _| at.cone().mean_dimension());
    let faces = faces();
    let other_faces = faces
        .restated("faces_of_one_dimension_more", "P(dimension ≤ j + 1) = v_0 + ... + v_j")
        .distributed_as(|at, _, j| DescentCone::of(at.dimension, at.nonzeros).up_to(j - 1.0));
    let bound = "Σ j v_j ≤ min over τ of k(1 + τ²) + 2(d − k)((1 + τ²)Q(τ) − τφ(τ))";
    let less_bound = "Σ j v_j ≤ 0.94 min over τ of k(1 + τ²) + 2(d − k)((1 + τ²)Q(τ) − τφ(τ))";
    Theorem::new("sparse_low_rank/sparse_recovery", include_str!("sparse_recovery.md"))
        .uses(
            "sparse_low_rank/linear_programs",
            "basis pursuit is a linear programme, whose solution comes with a proof",
        )
        .claim(law)
        .claim(needed)
        .claim(same_solution())
        .claim(faces)
        .claim(sizes("volumes_sum_to_one", "v_0 + v_1 + ... = 1", 1e-9, DescentCone::all, |_| 1.0))
        .claim(sizes("even_volumes_sum_to_a_half", "v_0 + v_2 + ... = 1/2", 1e-9, DescentCone::even, |_| 0.5))
        .claim(sizes("statistical_dimensions", "Σ j v_j = 9.523962, 14.754319, 30.023355", 1e-7, DescentCone::mean_dimension, |size| size.statistical_dimension))
        .claim(statistical_dimension("bound_of_the_dimension", bound, 1.0).tight_to(0.98))
        .claim(sizes("value_of_the_bound", "min over τ: 10.077100, 15.269221, 30.538443", 1e-7, |cone| cone.sparsity.statistical_dimension(), |size| size.bound))
        .claim(sizes("half_points", "P(a = a_0) = 1/2 at n = 9.396470, 14.604453, 29.871971", 1e-7, DescentCone::half_point, |size| size.half_point))
        .claim(sizes("failures_at_a_sufficient_number", "1 − P at n = 19, 28, 56: 4.8706e-4, 2.3152e-4, 6.7834e-7", 1e-4, |cone| 1.0 - cone.success(cone.sparsity.sufficient().ceil() as usize), |size| size.failure))
        .control(more)
        .control(less)
        .control(without_half)
        .control(other_faces)
        .control(statistical_dimension("bound_of_the_dimension_is_less", less_bound, 0.94))
        .control(twice_the_nonzeros())
        .control(sizes(
            "half_point_is_the_dimension",
            "P(a = a_0) = 1/2 at n = Σ j v_j",
            5e-3,
            DescentCone::half_point,
            |size| size.statistical_dimension,
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

fn independent() -> Hypothesis<Recovery> {
    Hypothesis::new("independent entries", |at: &Recovery, _| {
        Check::at_most(at.common, 0.0, "deviation of the common part, 0")
    })
}

fn law(name: &str, formula: &str) -> TrialClaim<Recovery> {
    Claim::probability(name, formula, Side::Within(MARGIN))
        .assuming([independent()])
        .trials(16384)
        .sampling(|at: &Recovery, block| {
            let row = MEASUREMENTS.iter().find(|row| row.0 == at.cone().sparsity.dimension);
            block.each_over(row.map_or([1, 2], |row| row.1), |random, n| at.trial(n, random))
        })
        .predicting(|at, n| at.cone().success(n as usize))
}

/// Measurements are taken one after the other until the coefficients are recovered.
fn needed(name: &str, formula: &str) -> TrialClaim<Recovery> {
    Claim::expected_value(name, formula, MEAN_MARGIN)
        .assuming([independent()])
        .trials(65536)
        .bounded_by(|at, _| at.cone().sparsity.dimension as f64)
        .sampling(|at: &Recovery, block| {
            let d = at.cone().sparsity.dimension;
            block.each_value(d, |random| at.needed(random))
        })
        .predicting(|at, _| at.cone().mean_dimension() + 0.5)
}

fn twice_the_nonzeros() -> TrialClaim<Recovery> {
    Claim::probability("twice_the_nonzeros_suffice", "P(a = a_0) ≥ 1/2 for n = 2k", Side::AtLeast)
        .assuming([independent()])
        .on(coefficients())
        .trials(4096)
        .sampling(|at: &Recovery, block| {
            let n = 2 * at.cone().sparsity.nonzeros;
            block.each_over([n], |random, n| at.trial(n, random))
        })
        .predicting(|_, _| 0.5)
}

/// The face that the projection of a normal vector lies in.
fn faces() -> TrialClaim<Sparsity> {
    Claim::law("faces_of_the_projection", "P(dimension ≤ j) = v_0 + ... + v_j", 0.02)
        .assuming([told()])
        .on(all_sizes())
        .trials(131_072)
        .sampling(|at: &Sparsity, block: &mut Block| {
            block.each_value(at.dimension, |random| at.face(random) as f64)
        })
        .distributed_as(|at, _, j| DescentCone::of(at.dimension, at.nonzeros).up_to(j))
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
    Family::listed("sizes", [0usize, 1, 2], |&i| {
        let size = &SIZES[i];
        Sparsity { dimension: size.dimension, nonzeros: size.nonzeros }
    })
}

fn told() -> Hypothesis<Sparsity> {
    Hypothesis::new("some nonzeros, not all", |at: &Sparsity, _| {
        let inside = 0 < at.nonzeros && at.nonzeros < at.dimension;
        Check::that(inside, format!("0 < {} < {}", at.nonzeros, at.dimension))
    })
}

/// What is computed of the cone of each size.
fn sizes(
    name: &str,
    formula: &str,
    tolerance: f64,
    seen: fn(&DescentCone) -> f64,
    row: fn(&Size) -> f64,
) -> Claim<Sparsity> {
    Claim::identity(name, formula, tolerance)
        .assuming([told()])
        .on(all_sizes())
        .measuring_each(move |at: &Sparsity| {
            Readings::at(at.dimension, seen(&DescentCone::of(at.dimension, at.nonzeros)))
        })
        .predicting(move |_, d| {
            SIZES.iter().find(|size| size.dimension as f64 == d).map_or(0.0, row)
        })
}

fn statistical_dimension(name: &str, formula: &str, share: f64) -> Claim<Sparsity> {
    Claim::bound(name, formula)
        .assuming([told()])
        .on(all_sizes())
        .measuring_each(|at: &Sparsity| {
            let mean = DescentCone::of(at.dimension, at.nonzeros).mean_dimension();
            Readings::at(at.dimension, mean)
        })
        .predicting(move |at, _| share * at.statistical_dimension())
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
            upright("statistical dimension", cone.mean_dimension()),
            upright("suffices", cone.sparsity.sufficient()),
        ],
    }
}
