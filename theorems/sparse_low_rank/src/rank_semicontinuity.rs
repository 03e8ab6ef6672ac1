#![doc = include_str!("rank_semicontinuity.md")]

use nalgebra::DMatrix;
use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF};
use theoria_models::networks::haar_orthogonal;
use theoria_models::numerics::Fraction;
use theoria_models::{Matrix, Svd, Vector, elimination};
use theoria_verification::{
    Block, Case, Check, Claim, Content, Draw, Effort, Family, Figure, Generator, Hypothesis,
    Instance, Line, Readings, Theorem, TrialClaim,
};

use crate::support::descent_cone::normal;
use crate::support::exact_ranks::{
    Factors, Perturbed, elsewhere, factors, full_rank, known_ranks, rank_is_r, seven_by_six,
    towards, within_the_radius,
};
use crate::support::tensors::{Pair, Tensor, determinant};

/// Up to the radius, but not to it.
const WITHIN: [(i64, i64); 4] = [(1, 2), (9, 10), (999, 1000), ((1 << 40) - 1, 1 << 40)];
/// Steps of sequences that have a limit.
const STEPS: [i64; 5] = [1, 2, 10, 100, 10_000];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let dimension = dimension("rank_of_the_derivative", "rank = nb + ma − ab")
        .assuming([known_ranks()])
        .on(seven_by_six(&[(1, 1), (2, 2), (3, 3), (0, 3), (1, 3), (2, 3)]))
        .on(factors())
        .predicting(|at, _| {
            let ((n, _, m), (a, b)) = (at.sizes(), at.ranks());
            (n * b + m * a) as f64 - (a * b) as f64
        });
    let full = |name: &str| {
        self::dimension(name, "rank = k(m + n − k)").assuming([full_rank()]).predicting(|at, _| {
            let (n, k, m) = at.sizes();
            (k * (n + m - k)) as f64
        })
    };
    let parameters = full("every_parameter_counts")
        .on(seven_by_six(&[(3, 3)]))
        .restated("every_parameter_counts", "rank = k(m + n)")
        .predicting(|at, _| {
            let (n, k, m) = at.sizes();
            (k * (n + m)) as f64
        });
    let law = noise("noise_sees_the_dimension", "|Z − M|²/σ² ~ χ² of k(m + n − k)")
        .on(noisy(1e-3, (6, 5, 2)))
        .on(noisy(1e-3, (4, 5, 1)))
        .distributed_as(|at, _, value| chi_square(at.dimension(), value));
    let one_more = law
        .restated("noise_sees_one_more", "|Z − M|²/σ² ~ χ² of k(m + n − k) + 1")
        .distributed_as(|at, _, value| chi_square(at.dimension() + 1.0, value));
    let all =
        law.restated("noise_sees_every_parameter", "|Z − M|²/σ² ~ χ² of k(m + n)").distributed_as(
            |at, _, value| chi_square(at.dimension() + (at.rank * at.rank) as f64, value),
        );
    let distance = tensors("distance_of_tensors", "|T_j − T|² = 3/j² + 1/j⁴", |j| {
        Tensor::of_rank_two(j).plus(&Fraction::from(-1), &Tensor::limit()).norm_squared()
    })
    .predicting(|_, j| 3.0 / (j * j) + 1.0 / j.powi(4));
    let nearer = distance
        .restated("tensors_are_nearer", "|T_j − T|² = 2.9/j² + 1/j⁴")
        .predicting(|_, j| 2.9 / (j * j) + 1.0 / j.powi(4));
    let hyperdeterminant = hyperdeterminants();
    let left_out = hyperdeterminant
        .restated("a_determinant_is_left_out", "Det = (det(x₁, x₂) det(y₁, y₂))²")
        .predicting(|at, _| {
            let [first, second, _] = at.determinants();
            (first * second).powi(2)
        });
    Theorem::new("sparse_low_rank/rank_semicontinuity", include_str!("rank_semicontinuity.md"))
        .uses(
            "sparse_low_rank/eckart_young",
            "the distance from matrices of smaller rank, and the best approximation",
        )
        .claim(
            rank_stays("rank_does_not_fall_within")
                .on(towards("towards a smaller rank", &WITHIN))
                .on(elsewhere())
                .tight_to(0.999),
        )
        .claim(falls("rank_falls_at_the_radius", "rank(A − s_r u_r v_rᵀ) = r − 1", &[(1, 1)]))
        .claim(limit("rank_of_a_limit", "rank diag(1, 1/j) = 2, rank diag(1, 0) = 1").predicting(|_, x| if x == 0.0 { 1.0 } else { 2.0 }))
        .claim(dimension)
        .claim(full("dimension_at_full_rank").on(seven_by_six(&[(3, 3)])))
        .claim(law)
        .claim(distance)
        .claim(hyperdeterminant)
        .claim(tensors("hyperdeterminant_of_two_terms", "Det T_j = 1/j²", |j| Tensor::of_rank_two(j).hyperdeterminant()).predicting(|_, j| 1.0 / (j * j)))
        .claim(of_the_limit("hyperdeterminant_of_the_limit", "Det T = 0, ranks of its flattenings = 2", Tensor::limit))
        .claim(
            tensors("terms_grow", "|j (a + b/j)⊗³|² = j² (1 + 1/j²)³", |j| Tensor::two_terms(j)[0].norm_squared())
                .predicting(|_, j| j * j * (1.0 + 1.0 / (j * j)).powi(3)),
        )
        .control(
            rank_stays("rank_does_not_fall_beyond")
                .on(towards("at the radius, of rank r", &[(1, 1)]).map(Perturbed::cut))
                .violating("|B − A|_2 < s_r"),
        )
        .control(falls("rank_falls_before", "rank(A − 0.95 s_r u_r v_rᵀ) = r − 1", &[(19, 20)]))
        .control(limit("a_limit_keeps_the_rank", "rank diag(1, 1/j) = 2, rank diag(1, 0) = 2").predicting(|_, _| 2.0))
        .control(parameters)
        .control(full("dimension_at_a_smaller_rank").on(seven_by_six(&[(1, 1), (2, 2), (2, 3)])).violating("full rank"))
        .control(one_more)
        .control(all)
        .control(
            noise("large_noise_sees_the_dimension", "|Z − M|²/σ² ~ χ² of k(m + n − k)")
                .on(noisy(0.5, (6, 5, 2)))
                .distributed_as(|at, _, value| chi_square(at.dimension(), value))
                .violating("small noise"),
        )
        .control(nearer)
        .control(left_out)
        .control(of_the_limit("hyperdeterminant_of_a_step", "Det T_10 = 0, ranks of its flattenings = 2", || Tensor::of_rank_two(10)))
        .figure(
            Figure::linear("noise", "|Z − M|²/σ²", "density")
                .caption(
                    "A 6 x 5 matrix of rank 2 with small noise: the squared error of its best approximation follows the chi-square law of the dimension, 18, not that of the \
                     22 parameters of its factors.",
                )
                .showing(errors),
        )
        .figure(
            Figure::log_log("tensors", "j", "norm")
                .caption(
                    "Two terms come as near to a tensor of rank 3 as one likes, while each of them grows without limit: there is no best approximation of rank 2.",
                )
                .showing(approach),
        )
}

fn rank_stays(name: &str) -> Claim<Perturbed> {
    Claim::lower_bound(name, "rank B ≥ r")
        .assuming([within_the_radius()])
        .measuring_each(|at: &Perturbed| Readings::at(at.rank, at.rank_of_perturbed() as f64))
        .predicting(|at, _| at.rank as f64)
}

fn falls(name: &str, formula: &str, shares: &[(i64, i64)]) -> Claim<Perturbed> {
    Claim::identity(name, formula, 1e-12)
        .assuming([rank_is_r()])
        .on(towards("of rank r", shares).map(Perturbed::cut))
        .measuring_each(|at: &Perturbed| Readings::at(at.rank, at.rank_of_perturbed() as f64))
        .predicting(|at, _| at.rank as f64 - 1.0)
}

/// diag(1, 1/j) at the distances 1/j and 0.
fn limit(name: &str, formula: &str) -> Claim<Case<()>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([Hypothesis::by_construction("exact", "entries are fractions")])
        .on(Family::cases("diagonals", [()], |()| "diag(1, 1/j) and their limit".into()))
        .measuring_each(|_| {
            let rank = |entry: Fraction| {
                let diagonal = [Fraction::from(1), entry];
                elimination::rank(&DMatrix::from_fn(2, 2, |i, j| {
                    if i == j { diagonal[i].clone() } else { Fraction::from(0) }
                })) as f64
            };
            let along = STEPS.iter().map(|j| Fraction::ratio(1, *j));
            along.chain([Fraction::from(0)]).map(|x| (x.nearest(), rank(x))).collect()
        })
}

fn dimension(name: &str, formula: &str) -> Claim<Factors> {
    Claim::identity(name, formula, 1e-12).measuring_each(|at: &Factors| {
        let rank = at.rank_of_the_derivative();
        Readings::at(at.sizes().1, rank.map_or(f64::NAN, |rank| rank as f64))
    })
}

/// M of rank k, and σ.
struct Noisy {
    matrix: Matrix,
    rank: usize,
    /// Over s_k.
    noise: f64,
}

impl Instance for Noisy {
    fn description(&self) -> String {
        let (n, m) = self.matrix.shape();
        format!("{n} x {m} of rank {}, σ = {} s_k", self.rank, self.noise)
    }
}

impl Noisy {
    fn new((n, m): (usize, usize), rank: usize, noise: f64, draw: &mut Draw) -> Self {
        let mut frame = |size: usize| {
            haar_orthogonal(size, size, draw.generator()).columns(0, rank).into_owned()
        };
        let values = Vector::from_fn(rank, |i, _| (rank - i) as f64);
        let matrix = frame(n) * Matrix::from_diagonal(&values) * frame(m).transpose();
        Noisy { matrix, rank, noise }
    }

    /// k(m + n − k)
    fn dimension(&self) -> f64 {
        (self.rank * (self.matrix.nrows() + self.matrix.ncols() - self.rank)) as f64
    }

    /// |Z − M|²/σ². The smallest singular value of M is 1.
    fn trial(&self, random: &mut Generator) -> f64 {
        let seen = self.matrix.map(|entry| entry + self.noise * normal(random));
        let found = Svd::of(&seen).of_rank(self.rank);
        (found - &self.matrix).norm_squared() / self.noise.powi(2)
    }
}

fn noisy(noise: f64, (n, m, rank): (usize, usize, usize)) -> Family<Noisy> {
    Family::drawn(&format!("{n} x {m} of rank {rank}"), move |draw| {
        Noisy::new((n, m), rank, noise, draw)
    })
    .with_draws(1)
}

fn noise(name: &str, formula: &str) -> TrialClaim<Noisy> {
    Claim::law(name, formula, 0.03)
        .assuming([Hypothesis::new("small noise", |at: &Noisy, _| {
            Check::at_most(at.noise, 1e-3, "σ/s_k, 1/1000")
        })])
        .trials(65_536)
        .sampling(|at: &Noisy, block| block.each_value(at.rank, |random| at.trial(random)))
}

fn chi_square(degrees: f64, value: f64) -> f64 {
    ChiSquared::new(degrees).map_or(f64::NAN, |law| law.cdf(value))
}

fn tensors(name: &str, formula: &str, measured: fn(i64) -> Fraction) -> Claim<Case<()>> {
    Claim::identity(name, formula, 1e-14)
        .assuming([Hypothesis::by_construction("orthonormal a and b", "(3, 4)/5 and (−4, 3)/5")])
        .on(Family::cases("two terms", [()], |()| "T_j in fractions".into()))
        .measuring_each(move |_| {
            Readings::over(STEPS.map(|j| j as f64), |j| measured(j as i64).nearest())
        })
}

fn of_the_limit(name: &str, formula: &str, tensor: fn() -> Tensor) -> Claim<Case<()>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([Hypothesis::by_construction("orthonormal a and b", "(3, 4)/5 and (−4, 3)/5")])
        .on(Family::cases("limit", [()], |()| "T in fractions".into()))
        .measuring_each(move |_| {
            let tensor = tensor();
            Readings::over(0..=3, |index: i32| match index {
                0 => tensor.hyperdeterminant().nearest(),
                index => tensor.flattening(index as usize - 1) as f64,
            })
        })
        .predicting(|_, index| if index == 0.0 { 0.0 } else { 2.0 })
}

/// x₁, x₂, y₁, y₂, z₁, z₂
struct TwoTerms([Pair; 6]);

impl Instance for TwoTerms {
    fn description(&self) -> String {
        format!("x₁, x₂, y₁, y₂, z₁, z₂ = {:?}", self.0)
    }
}

impl TwoTerms {
    fn determinants(&self) -> [f64; 3] {
        [0, 2, 4].map(|i| determinant(&self.0[i], &self.0[i + 1]).nearest())
    }
}

fn hyperdeterminants() -> Claim<TwoTerms> {
    let family = Family::drawn("two terms of whole numbers", |draw| {
        // The diagonal outweighs the rest, so that no determinant is 0 or 1.
        let mut entry =
            |large: bool| Fraction::from(draw.size(if large { 4..=9 } else { 1..=2 }) as i64);
        TwoTerms(std::array::from_fn(|i| [entry(i % 2 == 0), entry(i % 2 == 1)]))
    });
    Claim::identity(
        "hyperdeterminant_of_a_sum",
        "Det = (det(x₁, x₂) det(y₁, y₂) det(z₁, z₂))²",
        1e-14,
    )
    .assuming([Hypothesis::by_construction("exact", "entries are whole")])
    .on(family)
    .measuring_each(|TwoTerms([x1, x2, y1, y2, z1, z2]): &TwoTerms| {
        let second = Tensor::product(x2, y2, z2);
        let sum = Tensor::product(x1, y1, z1).plus(&Fraction::from(1), &second);
        Readings::at(2, sum.hyperdeterminant().nearest())
    })
    .predicting(|at, _| at.determinants().iter().product::<f64>().powi(2))
}

fn errors(draw: &mut Draw, effort: Effort) -> Content {
    let at = Noisy::new((6, 5), 2, 1e-3, draw);
    let mut block = Block::drawn(1, draw);
    let trials = 10_000 * effort.trials_factor();
    let seen: Vec<f64> = (0..trials).map(|_| at.trial(block.generator())).collect();
    let density = |label, degrees: f64| {
        let law = ChiSquared::new(degrees).ok();
        let xs = (1..=100).map(|i| 0.5 * f64::from(i));
        Line::predicted(label, xs.map(move |x| (x, law.map_or(f64::NAN, |law| law.pdf(x)))))
    };
    Content::histogram(
        &seen,
        40,
        vec![density("dimension, 18", 18.0), density("parameters, 22", 22.0)],
    )
}

fn approach(_: &mut Draw, _: Effort) -> Content {
    let over = |measured: fn(i64) -> Fraction| {
        (0..=12).map(move |e| (2f64.powi(e), measured(1 << e).nearest().sqrt()))
    };
    let distance =
        over(|j| Tensor::of_rank_two(j).plus(&Fraction::from(-1), &Tensor::limit()).norm_squared());
    Content::Lines {
        lines: vec![
            Line::measured("distance to the tensor of rank 3", distance),
            Line::measured("norm of a term", over(|j| Tensor::two_terms(j)[0].norm_squared())),
        ],
    }
}
