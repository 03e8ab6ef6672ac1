#![doc = include_str!("features_rank.md")]

use theoria_elementary::powf;
use theoria_instances::families::gaussian_matrix;
use theoria_models::Matrix;
use theoria_models::networks::{Activation, Particle, TwoLayer, numerical_rank};
use theoria_verification::{
    Check, Claim, Draw, Family, Figure, Hypothesis, Instance, Reading, Readings, Side, Theorem,
    TrialClaim,
};

use crate::support::kinks_on_a_line::{Line, lines, on_lines, pairs};

/// Singular values below this part of the largest one count as 0; those of the instances are larger by far or rounding.
const NEGLIGIBLE: f64 = 1e-12;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let opposites = full_rank_probability(
        "opposite_samples",
        "P(rank of the features = 2) = 1 − 2^(1−m) for m ReLU units",
        Side::Within(0.04),
    )
    .on(pairs())
    .predicting(|_, m| opposite(m - 1.0));
    let fewer_opposites = opposites
        .restated(
            "opposite_samples_need_a_fifth_of_a_unit_more",
            "P(rank of the features = 2) = 1 − 2^(1.2−m) for m ReLU units",
        )
        .predicting(|_, m| opposite(m - 1.2));
    let enough_units = full_rank_probability(
        "enough_units_have_full_rank",
        "P(rank of the features = n) ≥ 1 − Σ_k (1 − p_k)^m − 0.02 for m ReLU units",
        Side::AtLeast,
    )
    .on(lines())
    .predicting(|line, m| (line.kinks(m) - 0.02).max(0.0));
    let surely = enough_units
        .restated(
            "units_surely_have_full_rank",
            "P(rank of the features = n) ≥ 0.99 for any m ≥ n ReLU units",
        )
        .predicting(|_, _| 0.99);
    let smooth_rank = "rank of the features = min(n, m)";
    let polynomial_rank = "rank of the features = min(n, m, C(d + p, p))";
    let of_degree = |f: &Features| full(f).min(f.polynomials());
    Theorem::new("landscape/features_rank", include_str!("features_rank.md"))
        .claim(
            rank("smooth_features_have_full_rank", smooth_rank, full)
                .assuming([no_polynomial()])
                .on_all(smooth()),
        )
        .claim(
            rank("polynomial_features_have_the_rank_of_polynomials", polynomial_rank, of_degree)
                .assuming([general_position()])
                .on(features(Phi::Of(Activation::Linear)))
                .on(features(Phi::Power(2)))
                .on(features(Phi::Power(3))),
        )
        .claim(opposites)
        .claim(enough_units)
        .claim(enough(
            "number_of_units_that_is_enough",
            "P(rank = n) ≥ 0.95 for m ≥ log(n/0.05)/min_k p_k",
            |line| line.enough_units(0.05),
        ))
        .control(
            rank("polynomial_features_have_full_rank", smooth_rank, full)
                .assuming([no_polynomial()])
                .on(many(Phi::Of(Activation::Linear)))
                .on(many(Phi::Power(2)))
                .on(many(Phi::Power(3)))
                .violating("analytic and no polynomial"),
        )
        .control(
            rank("full_rank_on_repeated_samples", smooth_rank, full)
                .assuming([no_polynomial()])
                .on(repeated())
                .violating("distinct samples"),
        )
        .control(
            rank("polynomial_features_on_a_line", polynomial_rank, of_degree)
                .assuming([general_position()])
                .on(collinear(Phi::Of(Activation::Linear)))
                .on(collinear(Phi::Power(2)))
                .violating("general position"),
        )
        .control(fewer_opposites)
        .control(surely)
        .control(enough(
            "as_many_units_as_samples_are_enough",
            "P(rank = n) ≥ 0.95 for m = n",
            |line| line.samples.len(),
        ))
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

    /// The degree of φ, if it is a polynomial.
    fn degree(&self) -> Option<usize> {
        match self.phi {
            Phi::Of(Activation::Linear) => Some(1),
            Phi::Of(_) => None,
            Phi::Power(p) => Some(p as usize),
        }
    }

    /// The dimension of the polynomials of d variables whose degree is at most that of φ.
    fn polynomials(&self) -> usize {
        let d = self.inputs.ncols();
        self.degree().map_or(usize::MAX, |p| (1..=p).fold(1, |product, k| product * (d + k) / k))
    }

    /// The rank of the monomials of at most the degree of φ on the samples: that of their kernel (1 + x·x')^p.
    fn rank_of_monomials(&self) -> usize {
        let degree = self.degree().unwrap_or(0) as i32;
        let kernel =
            (&self.inputs * self.inputs.transpose()).map(|inner| (1.0 + inner).powi(degree));
        numerical_rank(&kernel, NEGLIGIBLE)
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

/// At least as many samples of a line in the plane, and neurons, as there are quadratic polynomials of two variables.
fn collinear(phi: Phi) -> Family<Features> {
    Family::drawn(&format!("{phi:?}, on a line"), move |draw| {
        let (n, m) = (draw.size(6..=12), draw.size(6..=12));
        let features = drawn(phi, (n.max(6), 2, m.max(6)), draw);
        let direction = gaussian_matrix(1, 2, draw);
        Features { inputs: features.inputs.column(0) * direction, ..features }
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

fn drawn_weights() -> Hypothesis<Features> {
    Hypothesis::by_construction(
        "weights with a positive density",
        "weights and biases are independent standard normal numbers",
    )
}

fn no_polynomial() -> Hypothesis<Features> {
    Hypothesis::new("analytic and no polynomial", |f: &Features, _| match f.phi {
        Phi::Of(phi @ (Activation::Tanh | Activation::Erf | Activation::Swish)) => {
            Check::that(true, format!("{} is entire or a quotient of such", phi.describe()))
        }
        phi => Check::that(false, format!("{phi:?} is a polynomial, or has a kink")),
    })
}

/// For polynomials it is not enough that samples are distinct.
fn general_position() -> Hypothesis<Features> {
    Hypothesis::new("general position", |f: &Features, _| {
        let needed = f.inputs.nrows().min(f.polynomials());
        let rank = f.rank_of_monomials() as f64;
        Check::at_least(rank, needed as f64, "rank of the monomials, as large as it can be")
    })
}

fn rank(name: &str, formula: &str, predicted: fn(&Features) -> usize) -> Claim<Features> {
    Claim::identity(name, formula, 1e-9)
        .assuming([distinct(), drawn_weights()])
        .measuring_each(|f: &Features| {
            let seen = numerical_rank(&f.matrix(), NEGLIGIBLE) as f64;
            Readings::at(f.neurons.len(), Reading::new(seen, 0.0))
        })
        .predicting(move |f, _| predicted(f) as f64)
}

/// A unit without bias sees either the sample or its opposite; both must be seen: 1 − 2^(−m) for m + 1 units.
fn opposite(m: f64) -> f64 {
    1.0 - powf(2.0, -m)
}

fn full_rank_probability(name: &str, formula: &str, side: Side) -> TrialClaim<Line> {
    Claim::probability(name, formula, side).assuming(on_lines()).trials(1 << 16).sampling(
        |line: &Line, block| {
            let widths = line.widths();
            let most = widths[widths.len() - 1] as usize;
            block.each(&widths, |random| {
                let needed = line.first_full(most, random);
                let reached = |m: &f64| needed.is_some_and(|count| count as f64 <= *m);
                widths.iter().map(|m| f64::from(u8::from(reached(m)))).collect()
            })
        },
    )
}

fn enough(name: &str, formula: &str, units: fn(&Line) -> usize) -> TrialClaim<Line> {
    Claim::probability(name, formula, Side::AtLeast)
        .assuming(on_lines())
        .on(lines())
        .sampling(move |line: &Line, block| {
            let m = units(line);
            block.each_event(m, |random| line.first_full(m, random).is_some())
        })
        .predicting(|_, _| 0.95)
}
