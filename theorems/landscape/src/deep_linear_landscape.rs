#![doc = include_str!("deep_linear_landscape.md")]

use theoria_algorithms::{DeepLinearDescent, Method, Trajectory};
use theoria_models::networks::{DeepLinear, DeepLinearLoss, Initialization, Modes};
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{
    Claim, Content, Draw, Effort, Family, Figure, Group, Instance, Reading, Readings, Theorem,
};

/// Starts from which critical points are looked for.
const SEARCHES: usize = 10;
/// Curvatures above this count as not negative; those of the saddles here are larger by far.
const FLAT: f64 = 1e-6;
/// Step size of gradient descent.
const STEP: f64 = 0.03;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("landscape/deep_linear_landscape", include_str!("deep_linear_landscape.md"))
        .claim(
            curvature("saddles_bend_down_by_the_gap")
                .on(saddles(2, true))
                .on(saddles(3, false))
                .on(saddles(4, false)),
        )
        .claim(
            search("second_order_points_are_global_minima", second_order)
                .on(networks(2))
                .on(networks(3)),
        )
        .claim(descent("gradient_descent_finds_the_minimum").on(networks(2)).on(networks(3)))
        .control(curvature("zero_is_a_strict_saddle_of_three_layers").on(zero(3)))
        .control(
            search("critical_points_are_global_minima", |_, _| true)
                .on(networks(2))
                .on(networks(3)),
        )
        .control(at_the_saddle("descent_leaves_every_saddle").on(zero(3)))
        .figure(
            Figure::linear("critical_points", "smallest curvature", "loss − minimum")
                .caption(
                    "Critical points found from random starts: those above the minimum bend down \
                 somewhere, except where the inner layers of a three-layer network have lost \
                 rank.",
                )
                .showing(critical_points),
        )
}

/// A target of distinct strengths, to be approached through inner layers of one width.
struct Landscape {
    modes: Modes,
    depth: usize,
    width: usize,
    /// The modes that the constructed critical point has learned.
    learned: Vec<usize>,
}

impl Instance for Landscape {
    fn description(&self) -> String {
        format!(
            "{} layers of width {}, strengths {:.3?}, learned {:?}",
            self.depth,
            self.width,
            self.modes.strengths(),
            self.learned
        )
    }
}

impl Landscape {
    /// Up to three modes, whose strengths differ by at least 0.4.
    fn draw(depth: usize, draw: &mut Draw) -> Self {
        let n = draw.size(2..=3).max(2);
        let strengths: Vec<f64> =
            (0..n).map(|i| 0.5 + 0.7 * i as f64 + draw.uniform(0.0, 0.3)).collect();
        Landscape {
            modes: Modes::draw(&strengths, draw.generator()),
            depth,
            width: draw.size(1..=n),
            learned: Vec::new(),
        }
    }

    fn widths(&self) -> Vec<usize> {
        let ends = self.modes.strengths().len();
        let mut widths = vec![self.width; self.depth + 1];
        (widths[0], widths[self.depth]) = (ends, ends);
        widths
    }

    fn loss(&self) -> DeepLinearLoss {
        DeepLinearLoss::new(&self.widths(), self.modes.map())
    }

    /// The balanced factors of Σ u_i s_i v_iᵀ over the learned modes.
    fn saddle(&self) -> DeepLinear {
        let (n, last) = (self.modes.strengths().len(), self.depth - 1);
        let root = |i: usize| self.modes.strengths()[i].powf(1.0 / self.depth as f64);
        let factors = (0..self.depth).map(|j| {
            let mut factor = Matrix::zeros(
                if j == last { n } else { self.width },
                if j == 0 { n } else { self.width },
            );
            for (unit, &i) in self.learned.iter().enumerate() {
                if j == 0 {
                    factor.set_row(unit, &(self.modes.right().column(i) * root(i)).transpose());
                } else if j == last {
                    factor.set_column(unit, &(self.modes.left().column(i) * root(i)));
                } else {
                    factor[(unit, unit)] = root(i);
                }
            }
            factor
        });
        DeepLinear::new(factors.collect())
    }

    /// The smallest curvature at the saddle: a learned mode i can be exchanged for a missing one k, which bends by
    /// s_i^((N−2)/N) (s_i − s_k); an idle unit of two layers can learn it, which bends by −s_k.
    fn curvature_at_the_saddle(&self) -> f64 {
        let s = self.modes.strengths();
        let strongest = s.iter().copied().fold(0.0, f64::max);
        let power = 1.0 - 2.0 / self.depth as f64;
        let exchanged = self.learned.iter().map(|&i| s[i].powf(power) * (s[i] - strongest));
        let idle = (self.learned.len() < self.width).then_some(-strongest);
        exchanged.chain(idle).fold(0.0, f64::min)
    }

    /// (loss − minimum)/|Φ|².
    fn gap(&self, loss: f64) -> f64 {
        let minimum = self.loss().minimum().map_or(f64::NAN, |minimum| minimum.value);
        (loss - minimum) / self.modes.map().norm_squared()
    }

    /// Whether the product of the inner factors W_{N-1} ⋯ W_2 has the rank of the narrowest place; true for two
    /// layers, between which there is nothing.
    fn inner_rank_is_full(&self, x: &Vector) -> bool {
        let network = self.loss().network(x);
        let inner = &network.factors()[1..self.depth - 1];
        inner.is_empty() || {
            let product = DeepLinear::new(inner.to_vec()).end_to_end();
            product.singular_values().iter().all(|s| *s > 1e-3)
        }
    }
}

fn networks(depth: usize) -> Family<Landscape> {
    Family::drawn(&format!("{depth} layers"), move |draw| Landscape::draw(depth, draw))
}

/// Critical points that have learned a wrong set of modes: one other than the strongest, as many as the layers are
/// wide, or fewer.
fn saddles(depth: usize, fewer: bool) -> Family<Landscape> {
    let name = format!("saddles of {depth} layers");
    Family::drawn(&name, move |draw| {
        let mut landscape = Landscape::draw(depth, draw);
        let n = landscape.modes.strengths().len();
        landscape.width = landscape.width.min(n - 1);
        let learned = if fewer { draw.size(0..=landscape.width) } else { landscape.width };
        // Strengths increase, so the strongest are the last; these are the first.
        landscape.learned = (0..learned).collect();
        landscape
    })
}

/// All factors 0.
fn zero(depth: usize) -> Family<Landscape> {
    Family::drawn("zero", move |draw| Landscape::draw(depth, draw))
}

fn smallest_eigenvalue(loss: &DeepLinearLoss, x: &Vector) -> f64 {
    loss.hessian(x).map_or(f64::NAN, |hessian| hessian.symmetric_eigenvalues().min())
}

fn curvature(name: &str) -> Claim<Landscape> {
    Claim::identity(name, "λ_min(∇²f) = −max s_i^((N−2)/N) (s_k − s_i)", 1e-7)
        .measuring_each(|l: &Landscape| {
            let smallest = smallest_eigenvalue(&l.loss(), &l.saddle().flatten());
            Readings::at(l.learned.len(), Reading::new(smallest, 1e-12))
        })
        .predicting(|l, _| l.curvature_at_the_saddle())
}

/// A critical point near where gradient descent is after `steps` steps from a random start, by Levenberg's method on
/// the gradient: it is drawn to saddles as well as to minima. None if it does not come to rest.
fn critical_point(l: &Landscape, steps: usize, draw: &mut Draw) -> Option<Vector> {
    let loss = l.loss();
    let law = Initialization::Gaussian { variance: 2.0 };
    let start = DeepLinear::draw(loss.widths(), law, draw.generator());
    let descent = DeepLinearDescent::new(STEP);
    let run = Trajectory::keeping(descent, &l.modes.map(), &start, steps, |_| false);
    let mut x = run.last().flatten();
    let mut gradient = loss.gradient_at(&x);
    for _ in 0..80 {
        let size = gradient.norm();
        if size < 1e-12 {
            return Some(x);
        }
        let eigen = loss.hessian(&x)?.symmetric_eigen();
        let mut coefficients = eigen.eigenvectors.tr_mul(&gradient);
        let damping = size.min(1.0).powi(2);
        for (coefficient, e) in coefficients.iter_mut().zip(&eigen.eigenvalues) {
            *coefficient *= e / (e * e + damping);
        }
        let step = eigen.eigenvectors * coefficients;
        let mut share = 1.0;
        loop {
            let next = &x - &step * share;
            let slope = loss.gradient_at(&next);
            if slope.norm() < size {
                (x, gradient) = (next, slope);
                break;
            }
            share /= 2.0;
            if share < 1e-6 {
                return None;
            }
        }
    }
    None
}

/// Not negative anywhere, and none of the known exceptions.
fn second_order(landscape: &Landscape, x: &Vector) -> bool {
    landscape.inner_rank_is_full(x) && smallest_eigenvalue(&landscape.loss(), x) >= -FLAT
}

/// The gaps of those critical points that satisfy the condition.
fn search(name: &str, condition: fn(&Landscape, &Vector) -> bool) -> Claim<Landscape> {
    Claim::identity(name, "(f − min f)/|Φ|² = 0 at critical points of second order", 1e-10)
        .measuring_by_drawing(move |l: &Landscape, draw| {
            let loss = l.loss();
            let found = (0..SEARCHES).filter_map(|k| critical_point(l, k % 2 * 1000, draw));
            let kept = found.filter(|x| condition(l, x)).enumerate();
            kept.map(|(i, x)| (i, Reading::new(l.gap(loss.value(&x)), 0.0))).collect()
        })
        .predicting(|_, _| 0.0)
}

/// The gap after gradient descent from this network.
fn gap_after_descent(l: &Landscape, mut network: DeepLinear) -> f64 {
    let (target, mut descent) = (l.modes.map(), DeepLinearDescent::new(STEP));
    let minimum = l.loss().minimum().map_or(f64::NAN, |minimum| minimum.value);
    let enough = minimum + 1e-11 * target.norm_squared();
    let mut loss = f64::INFINITY;
    for _ in 0..20_000 {
        descent.step(&target, &mut network);
        loss = descent.loss().unwrap_or(loss);
        if loss < enough {
            break;
        }
    }
    l.gap(loss)
}

fn descent(name: &str) -> Claim<Landscape> {
    Claim::identity(name, "(f − min f)/|Φ|² = 0 after gradient descent from random starts", 1e-10)
        .measuring_by_drawing(|l: &Landscape, draw| {
            let widths = l.widths();
            Readings::over(1..=3, |_| {
                let start = DeepLinear::draw(&widths, Initialization::Glorot, draw.generator());
                Reading::new(gap_after_descent(l, start), 0.0)
            })
        })
        .predicting(|_, _| 0.0)
}

fn at_the_saddle(name: &str) -> Claim<Landscape> {
    Claim::identity(name, "(f − min f)/|Φ|² = 0 after gradient descent from 0", 1e-10)
        .measuring([0.0], |l: &Landscape, once| {
            once.read(|_| Reading::new(gap_after_descent(l, l.saddle()), 0.0))
        })
        .predicting(|_, _| 0.0)
}

fn critical_points(draw: &mut Draw, _: Effort) -> Content {
    let labels = ["two layers", "three layers", "three layers, inner rank lost"];
    let mut groups = labels.map(|label| Group::new(label, []));
    for depth in [2, 3] {
        let landscape = Landscape { width: 2, ..Landscape::draw(depth, draw) };
        let loss = landscape.loss();
        for x in (0..60).filter_map(|k| critical_point(&landscape, k % 2 * 1000, draw)) {
            let group = match (depth, landscape.inner_rank_is_full(&x)) {
                (2, _) => 0,
                (_, true) => 1,
                (_, false) => 2,
            };
            groups[group].x.push(smallest_eigenvalue(&loss, &x));
            groups[group].y.push(landscape.gap(loss.value(&x)));
        }
    }
    Content::Points { groups: groups.into(), lines: Vec::new() }
}
