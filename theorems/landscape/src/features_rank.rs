#![doc = include_str!("features_rank.md")]

use std::f64::consts::PI;

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use theoria_instances::families::gaussian_matrix;
use theoria_models::networks::{Activation, Particle, TwoLayer, numerical_rank};
use theoria_models::{Matrix, Vector};
use theoria_verification::{
    Check, Claim, Draw, Family, Figure, Hypothesis, Instance, Reading, Readings, Side, Theorem,
    TrialClaim,
};

/// Singular values below this part of the largest one count as 0; those of the instances are larger by far or rounding.
const NEGLIGIBLE: f64 = 1e-12;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let enough_units = full_rank_probability("enough_units_have_full_rank", Side::AtLeast)
        .on(lines())
        .predicting(|line, m| (line.kinks(m) - 0.02).max(0.0));
    let surely = enough_units
        .restated(
            "units_surely_have_full_rank",
            "P(rank of the features = n) ≥ 0.99 for any m ≥ n ReLU units",
        )
        .predicting(|_, _| 0.99);
    Theorem::new("landscape/features_rank", include_str!("features_rank.md"))
        .claim(rank("smooth_features_have_full_rank", full).on_all(smooth()))
        .claim(
            rank("linear_features_have_the_rank_of_affine_maps", |f| {
                full(f).min(f.inputs.ncols() + 1)
            })
            .on(features(Phi::Of(Activation::Linear))),
        )
        .claim(
            rank("polynomial_features_have_the_rank_of_polynomials", |f| {
                full(f).min(f.polynomials())
            })
            .on(features(Phi::Power(2)))
            .on(features(Phi::Power(3))),
        )
        .claim(
            full_rank_probability("opposite_samples", Side::Within(0.04))
                .on(pairs())
                .predicting(opposite),
        )
        .claim(enough_units)
        .claim(enough("number_of_units_that_is_enough"))
        .control(rank("linear_features_have_full_rank", full).on(many(Phi::Of(Activation::Linear))))
        .control(rank("quadratic_features_have_full_rank", full).on(many(Phi::Power(2))))
        .control(rank("cubic_features_have_full_rank", full).on(many(Phi::Power(3))))
        .control(
            rank("full_rank_on_repeated_samples", full)
                .on(repeated())
                .assuming([distinct()])
                .violating("distinct samples"),
        )
        .control(surely)
        .figure(
            Figure::linear("probability", "number of ReLU units m", "probability of full rank")
                .of("opposite_samples")
                .of("enough_units_have_full_rank")
                .caption(
                    "As many ReLU units as samples often miss full rank; it comes with \
                 probability 1 only as their number grows, at least as fast as the bound \
                 says.",
                ),
        )
}

/// What a neuron does to its input.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Phi {
    Of(Activation),
    /// The power with this exponent.
    Power(i32),
}

/// Random features of samples, one a row.
struct Features {
    phi: Phi,
    inputs: Matrix,
    /// With the bias as last inner weight.
    neurons: Vec<Particle>,
}

impl Instance for Features {
    fn description(&self) -> String {
        let phi = match self.phi {
            Phi::Of(activation) => activation.describe(),
            Phi::Power(p) => format!("power {p}"),
        };
        let (n, d) = self.inputs.shape();
        format!("{phi}, {n} samples in dimension {d}, {} neurons", self.neurons.len())
    }
}

impl Features {
    fn matrix(&self) -> Matrix {
        let inputs = self.inputs.clone().insert_column(self.inputs.ncols(), 1.0);
        let features = |activation| {
            let network = TwoLayer::new(inputs, self.neurons.len(), activation);
            network.features(&network.parameters_of(&self.neurons))
        };
        match self.phi {
            Phi::Of(activation) => features(activation),
            Phi::Power(p) => features(Activation::Linear).map(|z| z.powi(p)),
        }
    }

    /// The dimension of the polynomials of d variables whose degree is at most that of φ.
    fn polynomials(&self) -> usize {
        let Phi::Power(p) = self.phi else {
            return usize::MAX;
        };
        let d = self.inputs.ncols();
        (1..=p as usize).fold(1, |product, k| product * (d + k) / k)
    }
}

/// min(n, m).
fn full(features: &Features) -> usize {
    features.inputs.nrows().min(features.neurons.len())
}

fn drawn(phi: Phi, (n, d, m): (usize, usize, usize), draw: &mut Draw) -> Features {
    let inputs = gaussian_matrix(n, d, draw);
    // The weights of all neurons, then their biases.
    let inner = gaussian_matrix(m, d + 1, draw);
    let neurons = inner.row_iter().map(|row| Particle { inner: row.transpose(), outer: 0.0 });
    Features { phi, inputs, neurons: neurons.collect() }
}

/// Up to 12 samples and neurons in up to two dimensions.
fn features(phi: Phi) -> Family<Features> {
    Family::drawn(&format!("{phi:?}"), move |draw| {
        let (n, d, m) = (draw.size(1..=12), draw.size(1..=2), draw.size(1..=12));
        drawn(phi, (n, d, m), draw)
    })
}

/// More samples and neurons than there are cubic polynomials of two variables.
fn many(phi: Phi) -> Family<Features> {
    Family::drawn(&format!("{phi:?}, many"), move |draw| {
        let (n, d, m) = (draw.size(11..=14), draw.size(1..=2), draw.size(11..=14));
        drawn(phi, (n, d, m), draw)
    })
}

fn smooth() -> [Family<Features>; 3] {
    [Activation::Tanh, Activation::Erf, Activation::Swish].map(|phi| {
        Family::drawn(&phi.describe(), move |draw| {
            let (n, d, m) = (draw.size(1..=6), draw.size(2..=5), draw.size(1..=9));
            drawn(Phi::Of(phi), (n, d, m), draw)
        })
    })
}

fn repeated() -> Family<Features> {
    Family::drawn("a sample twice", |draw| {
        let (n, m) = (draw.size(2..=6), draw.size(6..=9));
        let mut features = drawn(Phi::Of(Activation::Tanh), (n, 3, m), draw);
        let first = features.inputs.row(0).into_owned();
        features.inputs.set_row(n - 1, &first);
        features
    })
}

fn distinct() -> Hypothesis<Features> {
    Hypothesis::new("distinct samples", |f: &Features, _| {
        let rows: Vec<_> = f.inputs.row_iter().collect();
        let twice = (0..rows.len()).any(|i| rows[..i].contains(&rows[i]));
        Check::that(!twice, "no sample occurs twice")
    })
}

fn rank(name: &str, predicted: fn(&Features) -> usize) -> Claim<Features> {
    Claim::identity(name, "rank of the features", 1e-9)
        .measuring_each(|f: &Features| {
            let seen = numerical_rank(&f.matrix(), NEGLIGIBLE) as f64;
            Readings::at(f.neurons.len(), Reading::new(seen, 0.0))
        })
        .predicting(move |f, _| predicted(f) as f64)
}

/// ReLU units with standard normal weights and biases on samples of a line, or without biases on a sample and its
/// opposite.
struct Line {
    samples: Vec<f64>,
    biases: bool,
}

impl Instance for Line {
    fn description(&self) -> String {
        let biases = if self.biases { "with" } else { "without" };
        format!("samples {:.3?}, {biases} biases", self.samples)
    }
}

impl Line {
    /// The numbers of units at which the rank is looked at: n, 2n, 4n, ...
    fn widths(&self) -> Vec<f64> {
        let n = self.samples.len();
        (0..6).map(|k| (n << k) as f64).collect()
    }

    /// A lower bound of the probability of full rank: the chance that an increasing unit has its kink in each gap. The
    /// kink -b/w is Cauchy, whatever the sign of w.
    fn kinks(&self, m: f64) -> f64 {
        let cauchy = |x: f64| 0.5 + x.atan() / PI;
        let ends = self.samples.iter().map(|x| cauchy(*x));
        let missed = ends.scan(0.0, |before, here| {
            let share = (here - *before) / 2.0;
            *before = here;
            Some((1.0 - share).powf(m))
        });
        1.0 - missed.sum::<f64>()
    }

    /// The number of units, drawn one after the other, with which the features first have full rank; none if not
    /// within `most`.
    fn first_full<R: Rng>(&self, most: usize, random: &mut R) -> Option<usize> {
        let n = self.samples.len();
        let mut basis: Vec<Vector> = Vec::with_capacity(n);
        for count in 1..=most {
            let w: f64 = StandardNormal.sample(random);
            let b: f64 = if self.biases { StandardNormal.sample(random) } else { 0.0 };
            let column =
                Vector::from_iterator(n, self.samples.iter().map(|x| (w * x + b).max(0.0)));
            let mut rest = column.clone();
            for _ in 0..2 {
                for direction in &basis {
                    rest.axpy(-direction.dot(&rest), direction, 1.0);
                }
            }
            if rest.norm() > 1e-10 * column.norm() {
                basis.push(rest.normalize());
                if basis.len() == n {
                    return Some(count);
                }
            }
        }
        None
    }
}

/// A sample and its opposite.
fn pairs() -> Family<Line> {
    Family::single("a sample and its opposite", || Line { samples: vec![-1.0, 1.0], biases: false })
}

fn lines() -> Family<Line> {
    Family::listed("samples on a line", [3, 4], |&n: &usize| Line {
        samples: (0..n).map(|k| k as f64 - (n - 1) as f64 / 2.0).collect(),
        biases: true,
    })
}

/// A unit without bias sees either the sample or its opposite; both must be seen.
fn opposite(_: &Line, m: f64) -> f64 {
    1.0 - 2f64.powf(1.0 - m)
}

fn full_rank_probability(name: &str, side: Side) -> TrialClaim<Line> {
    Claim::probability(name, "P(rank of the features = n) for m ReLU units", side)
        .trials(16_384)
        .sampling(|line: &Line, block| {
            let widths = line.widths();
            let most = widths[widths.len() - 1] as usize;
            block.each(&widths, |random| {
                let needed = line.first_full(most, random);
                let reached = |m: &f64| needed.is_some_and(|count| count as f64 <= *m);
                widths.iter().map(|m| f64::from(u8::from(reached(m)))).collect()
            })
        })
}

/// The number of units for which the bound reaches 0.97: the features then have full rank with probability 0.95.
fn enough(name: &str) -> TrialClaim<Line> {
    Claim::probability(name, "P(rank = n) ≥ 0.95 for m with Σ_k (1 − p_k)^m ≤ 0.03", Side::AtLeast)
        .on(lines())
        .sampling(|line: &Line, block| {
            let m = (1..).find(|m| line.kinks(f64::from(*m)) >= 0.97).unwrap_or(u32::MAX);
            block.each_event(m, |random| line.first_full(m as usize, random).is_some())
        })
        .predicting(|_, _| 0.95)
}
