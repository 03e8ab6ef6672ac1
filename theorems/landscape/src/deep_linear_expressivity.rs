#![doc = include_str!("deep_linear_expressivity.md")]

use theoria_instances::families::gaussian_matrix;
use theoria_models::networks::{DeepLinear, DeepLinearLoss, Initialization, numerical_rank};
use theoria_models::numerics::written;
use theoria_models::{Matrix, Objective, Svd, Vector};
use theoria_verification::{
    Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Instance, Line, Reading,
    Readings, Theorem,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let rank = rank("rank_is_at_most_the_smallest_width").attained_on(random_factors());
    let lower_rank = rank
        .restated("rank_is_below_the_smallest_width", "rank of W_N ⋯ W_1 ≤ smallest width − 1")
        .predicting(|_, narrowest| narrowest - 1.0);
    let nearest = distance("nothing_is_nearer_than_the_tail").attained_on(near_the_nearest());
    let further = nearest
        .restated(
            "nothing_is_nearer_than_more_than_the_tail",
            "|W_N ⋯ W_1 − Φ|² ≥ 1.02 Σ_{i > r} σ_i(Φ)²",
        )
        .predicting_from(Target::tail, |tail, _| 1.02 * tail);
    let attained = attained("the_tail_is_attained").on(maps_of_rank(1)).on(maps_of_rank(2));
    let cut_earlier = attained
        .restated("the_tail_begins_earlier", "min |W_N ⋯ W_1 − Φ|² = Σ_{i ≥ r} σ_i(Φ)²")
        .predicting_from(|t: &Target| t.tail_after(t.narrowest() - 1), |tail, _| *tail);
    Theorem::new("landscape/deep_linear_expressivity", include_str!("deep_linear_expressivity.md"))
        .uses(
            "sparse_low_rank/eckart_young",
            "the best approximation of bounded rank, and what it loses",
        )
        .claim(rank.tight_to(0.99))
        .claim(realised("every_map_of_that_rank_is_realised").on(maps_of_rank(0)))
        .claim(nearest.on(bottlenecks()).tight_to(0.99))
        .claim(attained)
        .claim(
            any_map("no_factors_are_nearer_than_the_tail", 1.0)
                .on(factors_of_rank(1).hunted(2000))
                .tight_to(0.95),
        )
        .control(
            any_map("no_factors_are_nearer_than_five_per_cent_more", 1.05)
                .on(factors_of_rank(1).hunted(2000)),
        )
        .control(
            any_map("no_factors_of_other_widths_are_nearer", 1.0)
                .on(factors_of_rank(2).hunted(2000))
                .violating(WIDTHS),
        )
        .control(lower_rank)
        .control(
            realised("a_map_of_larger_rank_is_realised")
                .on(maps_of_rank(1))
                .violating("rank at most the smallest width"),
        )
        .control(further)
        .control(cut_earlier)
        .figure(
            Figure::linear("distance", "smallest width", "smallest distance to the target")
                .caption(
                    "The nearest map that a deep linear network can realise comes nearer with \
                 every unit of the bottleneck.",
                )
                .showing(distances),
        )
}

/// Widths, and a map to be realised or approached.
struct Target {
    widths: Vec<usize>,
    map: Matrix,
    factors: DeepLinear,
}

impl Instance for Target {
    fn description(&self) -> String {
        if self.map.len() <= 4 {
            let list = |of: &Matrix| of.iter().map(|x| written(*x)).collect::<Vec<_>>().join(", ");
            let factors = self.factors.factors().iter().rev().map(|w| format!("({})", list(w)));
            return format!(
                "widths {:?}, Φ = ({}), factors {}, column by column",
                self.widths,
                list(&self.map),
                factors.collect::<Vec<_>>().join(" ")
            );
        }
        format!("widths {:?}, a map of rank {}", self.widths, numerical_rank(&self.map, 1e-10))
    }
}

impl Target {
    fn narrowest(&self) -> usize {
        self.widths.iter().copied().min().unwrap_or(0)
    }

    /// The squares of the singular values beyond the smallest width.
    fn tail(&self) -> f64 {
        self.tail_after(self.narrowest())
    }

    /// The squares of all but the largest `kept` singular values.
    fn tail_after(&self, kept: usize) -> f64 {
        let mut squares: Vec<f64> = self.map.singular_values().iter().map(|s| s * s).collect();
        squares.sort_by(|a, b| b.total_cmp(a));
        squares.iter().skip(kept).sum()
    }
}

/// Factors of random widths with Gaussian entries, and a Gaussian map.
fn random_factors() -> Family<Target> {
    Family::drawn("random factors", |draw| {
        let depth = draw.size(1..=4);
        let widths: Vec<usize> = (0..=depth).map(|_| draw.size(1..=6)).collect();
        Target {
            map: gaussian_matrix(widths[depth], widths[0], draw),
            factors: DeepLinear::draw(&widths, Initialization::He, draw.generator()),
            widths,
        }
    })
}

/// A narrow inner layer, factors with Gaussian entries, and a Gaussian map without singular values below a hundredth of the largest, whose
/// squares would not be seen beside its own.
fn bottlenecks() -> Family<Target> {
    Family::drawn("bottlenecks", |draw| {
        let depth = draw.size(2..=4).max(2);
        let narrowest = draw.size(1..=3);
        let mut widths: Vec<usize> = (0..=depth).map(|_| narrowest + draw.size(1..=3)).collect();
        let bottleneck = draw.size(1..=depth - 1);
        widths[bottleneck] = narrowest;
        Target {
            map: lifted(&gaussian_matrix(widths[depth], widths[0], draw)),
            factors: DeepLinear::draw(&widths, Initialization::He, draw.generator()),
            widths,
        }
    })
}

fn lifted(map: &Matrix) -> Matrix {
    let svd = Svd::of(map);
    let least = 0.01 * svd.values().max();
    svd.with_values(|value| value.max(least))
}

/// A narrow inner layer, and factors a little off those of the nearest map.
fn near_the_nearest() -> Family<Target> {
    bottlenecks().map(|target| {
        let nearest = realisation(&target.map, &target.widths).flatten();
        let factors = nearest + target.factors.flatten() * 0.01;
        Target { factors: DeepLinear::unflatten(&target.widths, &factors), ..target }
    })
}

/// Diagonal maps of the plane, and two factors with this many inner units, of any entries, where one is stated.
fn factors_of_rank(inner: usize) -> Family<Target> {
    Family::drawn(&format!("two factors with {inner} inner units"), move |draw| {
        let mut entry = || draw.including_ends(-2.0, 2.0);
        let map = Matrix::from_diagonal(&Vector::from_fn(2, |_, _| entry()));
        let below = Matrix::from_fn(inner, 2, |_, _| entry());
        let above = Matrix::from_fn(2, inner, |_, _| entry());
        Target { widths: vec![2, 1, 2], map, factors: DeepLinear::new(vec![below, above]) }
    })
}

/// Maps whose rank exceeds the smallest width by `beyond`, which is then the width of an inner layer.
fn maps_of_rank(beyond: usize) -> Family<Target> {
    let name = format!("maps of the smallest width's rank + {beyond}");
    Family::drawn(&name, move |draw| {
        let depth = draw.size(2..=4).max(2);
        let narrowest = draw.size(1..=3);
        let mut widths: Vec<usize> =
            (0..=depth).map(|_| narrowest + beyond + draw.size(0..=2)).collect();
        let bottleneck = draw.size(1..=depth - 1);
        widths[bottleneck] = narrowest;
        let rank = narrowest + beyond;
        let map =
            gaussian_matrix(widths[depth], rank, draw) * gaussian_matrix(rank, widths[0], draw);
        Target { factors: realisation(&map, &widths), map, widths }
    })
}

/// Factors of these widths whose product is the nearest map of a rank at most the smallest width: the balanced factors
/// of its leading modes, with zeros beyond.
fn realisation(map: &Matrix, widths: &[usize]) -> DeepLinear {
    let depth = widths.len() - 1;
    let balanced = DeepLinear::balanced(map, depth);
    let narrowest = widths.iter().copied().min().unwrap_or(0);
    let factors = balanced.factors().iter().enumerate().map(|(j, factor)| {
        let (rows, columns) = (widths[j + 1], widths[j]);
        // Inside, only the leading modes are kept; outside, the spaces of inputs and outputs.
        let kept_rows = if j + 1 == depth { rows } else { narrowest };
        let kept_columns = if j == 0 { columns } else { narrowest };
        let mut padded = Matrix::zeros(rows, columns);
        for (i, k) in (0..kept_rows).flat_map(|i| (0..kept_columns).map(move |k| (i, k))) {
            padded[(i, k)] = factor[(i, k)];
        }
        padded
    });
    DeepLinear::new(factors.collect())
}

/// The name of that hypothesis.
const WIDTHS: &str = "factors of the widths";

fn widths() -> Hypothesis<Target> {
    Hypothesis::new(WIDTHS, |t: &Target, _| {
        let widths = t.factors.widths();
        Check::that(widths == t.widths, format!("widths of the factors: {widths:?}"))
    })
}

fn of_small_rank() -> Hypothesis<Target> {
    Hypothesis::new("rank at most the smallest width", |t: &Target, _| {
        let rank = numerical_rank(&t.map, 1e-10) as f64;
        Check::at_most(rank, t.narrowest() as f64, "rank of Φ, smallest width")
    })
}

fn rank(name: &str) -> Claim<Target> {
    Claim::bound(name, "rank of W_N ⋯ W_1 ≤ smallest width")
        .assuming([widths()])
        .measuring_each(|t: &Target| {
            Readings::at(t.narrowest(), numerical_rank(&t.factors.end_to_end(), 1e-12) as f64)
        })
        .predicting(|_, narrowest| narrowest)
}

fn realised(name: &str) -> Claim<Target> {
    Claim::identity(name, "|W_N ⋯ W_1 − Φ| / |Φ| = 0", 1e-10)
        .assuming([widths(), of_small_rank()])
        .measuring_each(|t: &Target| {
            let apart = (t.factors.end_to_end() - &t.map).norm() / t.map.norm();
            Readings::at(t.narrowest(), Reading::new(apart, 0.0))
        })
        .predicting(|_, _| 0.0)
}

/// Gradient descent on the distance, from the factors.
fn distance(name: &str) -> Claim<Target> {
    Claim::lower_bound(name, "|W_N ⋯ W_1 − Φ|² ≥ Σ_{i > r} σ_i(Φ)²")
        .assuming([widths()])
        .measuring(1..=40, |t: &Target, stages| {
            let loss = DeepLinearLoss::new(&t.widths, t.map.clone());
            let mut x = t.factors.flatten();
            stages.read(|_| {
                for _ in 0..25 {
                    let gradient = loss.gradient_at(&x);
                    // No step is longer than this, so that none overshoots by far.
                    let h = 0.02f64.min(0.1 / gradient.norm());
                    x.axpy(-h, &gradient, 1.0);
                }
                Reading::new(2.0 * loss.value(&x), 1e-12 * t.map.norm_squared())
            })
        })
        .predicting_from(Target::tail, |tail, _| *tail)
}

/// At the factors themselves; `share` is 1 in the theorem.
fn any_map(name: &str, share: f64) -> Claim<Target> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    Claim::lower_bound(name, &format!("|W_N ⋯ W_1 − Φ|² ≥ {times}Σ_{{i > r}} σ_i(Φ)²"))
        .assuming([widths()])
        .measuring_each(|t: &Target| {
            let seen = (t.factors.end_to_end() - &t.map).norm_squared();
            Readings::at(t.narrowest(), Reading::new(seen, 1e-14 * t.map.norm_squared()))
        })
        .predicting(move |t, _| share * t.tail())
}

fn attained(name: &str) -> Claim<Target> {
    Claim::identity(name, "min |W_N ⋯ W_1 − Φ|² = Σ_{i > r} σ_i(Φ)²", 1e-9)
        .assuming([widths()])
        .measuring_each(|t: &Target| {
            let seen = (t.factors.end_to_end() - &t.map).norm_squared();
            Readings::at(t.narrowest(), seen)
        })
        .predicting(|t, _| t.tail())
}

fn distances(draw: &mut Draw, _: Effort) -> Content {
    const SIZE: usize = 8;
    let map = gaussian_matrix(SIZE, SIZE, draw);
    let lines = [2, 3, 5].map(|depth| {
        let points = (1..=SIZE).map(|narrowest| {
            let mut widths = vec![SIZE; depth + 1];
            widths[1] = narrowest;
            let apart = realisation(&map, &widths).end_to_end() - &map;
            (narrowest as f64, apart.norm())
        });
        Line::measured(&format!("{depth} layers"), points.collect::<Vec<_>>())
    });
    Content::Lines { lines: lines.into() }
}
