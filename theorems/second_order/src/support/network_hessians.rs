//! Networks whose Hessians are asked what they cost: layers of tanh in any numbers, and two layers whose neurons may sleep.

use nalgebra::DVector;
use theoria_elementary::{sin, tanh};
use theoria_models::networks::{Activation, SquaredFit, TanhSample, TwoLayer};
use theoria_models::numerics::{Counted, LongFloat, minimum};
use theoria_models::oracle::{Curvature, Oracle};
use theoria_models::point::{InnerProduct, Scalar};
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{Case, Check, Draw, Family, Hypothesis, Instance};

/// A hundred and fifty decimal digits.
type Digits = LongFloat<512>;

/// The widths of all layers, input and output included, with weights, a sample and directions.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    widths: Vec<usize>,
    /// What weights, inputs and directions are made of.
    phase: f64,
}

impl Instance for Shape {
    fn description(&self) -> String {
        let widths: Vec<String> = self.widths.iter().map(ToString::to_string).collect();
        format!("widths {}, numbers of phase {:.3}", widths.join(" "), self.phase)
    }
}

impl Shape {
    pub(crate) fn new(widths: Vec<usize>, phase: f64) -> Self {
        Shape { widths, phase }
    }

    /// Numbers from −1 to 1, another sequence for each turn.
    fn numbers<S: Scalar>(&self, count: usize, turn: f64) -> DVector<S> {
        DVector::from_fn(count, |i, _| S::from(sin(self.phase + turn + 1.7 * i as f64)))
    }

    fn loss<S: Scalar>(&self, tanh: fn(S) -> S) -> TanhSample<S> {
        let (first, last) = (self.widths[0], self.widths[self.widths.len() - 1]);
        let (input, target) = (self.numbers(first, 1.0), self.numbers(last, 2.0));
        TanhSample::new(self.widths.clone(), input, target, tanh)
    }

    /// The number d of weights and biases.
    pub(crate) fn parameters(&self) -> usize {
        self.loss(tanh).parameters()
    }

    /// Multiplications of a gradient, and of a product with the Hessian, as they were counted.
    pub(crate) fn counted(&self) -> (f64, f64) {
        self.counted_with(|x| Counted::from(tanh(x.nearest())))
    }

    /// How often each of them asks for tanh, found by a multiplication within it.
    pub(crate) fn evaluations(&self) -> (f64, f64) {
        let without = self.counted();
        let with = self.counted_with(|x| Counted::from(tanh(x.nearest())) * Counted::from(1.0));
        (with.0 - without.0, with.1 - without.1)
    }

    fn counted_with(&self, tanh: fn(Counted) -> Counted) -> (f64, f64) {
        let f = self.loss(tanh);
        let (at, along) = (self.numbers(f.parameters(), 3.0), self.numbers(f.parameters(), 4.0));
        let mut into = at.clone();
        let gradient = Counted::products_of(|| f.gradient(&at, &mut into)).1;
        let product = Counted::products_of(|| f.hessian_times(&at, &along, &mut into)).1;
        (gradient as f64, product as f64)
    }

    /// m
    pub(crate) fn hidden_units(&self) -> f64 {
        self.sizes()[2]
    }

    /// Weights of the first layer, those of the others, and hidden units.
    fn sizes(&self) -> [f64; 3] {
        let weights: Vec<usize> = self.widths.windows(2).map(|pair| pair[0] * pair[1]).collect();
        let hidden: usize = self.widths[1..self.widths.len() - 1].iter().sum();
        [weights[0] as f64, weights[1..].iter().sum::<usize>() as f64, hidden as f64]
    }

    /// 2A + 3B + 2m
    pub(crate) fn of_a_gradient(&self) -> f64 {
        let [first, others, hidden] = self.sizes();
        2.0 * first + 3.0 * others + 2.0 * hidden
    }

    /// 3A + 8B + 6m
    pub(crate) fn of_a_product(&self) -> f64 {
        let [first, others, hidden] = self.sizes();
        3.0 * first + 8.0 * others + 6.0 * hidden
    }

    /// v·Hu over u·Hv, and the slope of u·∇f along v over it, in many digits.
    pub(crate) fn quotients(&self) -> [f64; 2] {
        let f = self.loss(Digits::tanh);
        let vector = |turn| self.numbers::<Digits>(f.parameters(), turn);
        let (at, u, v) = (vector(3.0), vector(4.0), vector(5.0));
        let image = |along: &DVector<Digits>| {
            let mut image = at.clone();
            f.hessian_times(&at, along, &mut image);
            image
        };
        // A central difference over this width is off by its square.
        let width = Digits::from(1e-30);
        let gradient = |share: Digits| {
            let (mut place, mut gradient) = (at.clone(), at.clone());
            place.axpy(share, &v, Digits::from(1.0));
            f.gradient(&place, &mut gradient);
            gradient
        };
        let difference = gradient(width.clone()) - gradient(-width.clone());
        let by_v = u.inner_product(&image(&v));
        let slope = u.inner_product(&difference) / (width * Digits::from(2.0));
        let by_u = v.inner_product(&image(&u));
        [(by_u / by_v.clone()).nearest(), (slope / by_v).nearest()]
    }

    /// The share of the entries of the Hessian that are not 0, column by column. An entry whose size against the largest is below `least` but
    /// not 0 might be rounding: then there is no number.
    fn share<S: Scalar>(&self, tanh: fn(S) -> S, size: fn(&S) -> f64, least: f64) -> f64 {
        let f = self.loss(tanh);
        let d = f.parameters();
        let (at, mut column) = (self.numbers(d, 3.0), self.numbers(d, 4.0));
        let (mut count, mut smallest, mut largest) = (0usize, f64::INFINITY, 0f64);
        for k in 0..d {
            let axis = DVector::from_fn(d, |i, _| S::from(if i == k { 1.0 } else { 0.0 }));
            f.hessian_times(&at, &axis, &mut column);
            for entry in column.iter().map(size).filter(|size| *size != 0.0) {
                count += 1;
                (smallest, largest) = (smallest.min(entry), largest.max(entry));
            }
        }
        let seen = smallest >= least * largest;
        if seen { count as f64 / (d * d) as f64 } else { f64::NAN }
    }

    /// The same in many digits.
    pub(crate) fn exact_share(&self) -> f64 {
        self.share(Digits::tanh, |entry| entry.clone().abs().nearest(), 1e-60)
    }

    /// The same in doubles.
    pub(crate) fn share_in_doubles(&self) -> f64 {
        self.share(tanh, |entry| entry.abs(), 1e-12)
    }

    /// 1 − (1 − 1/q)(l/d)²
    pub(crate) fn told_share(&self) -> f64 {
        let [before, outputs] = [2, 1].map(|k| self.widths[self.widths.len() - k]);
        let last = ((before + 1) * outputs) as f64 / self.parameters() as f64;
        1.0 - (1.0 - 1.0 / outputs as f64) * last * last
    }
}

/// At most so many layers of at most so many units.
pub(crate) fn shapes(layers: usize, units: usize) -> Family<Shape> {
    Family::drawn("tanh networks", move |draw| {
        let count = draw.size(2..=layers + 1);
        let widths = (0..count).map(|_| draw.size(1..=units)).collect();
        Shape::new(widths, draw.uniform(0.0, 6.0))
    })
}

/// Networks of these widths.
pub(crate) fn listed(name: &str, widths: &[&[usize]]) -> Family<Shape> {
    let widths: Vec<Vec<usize>> = widths.iter().map(|widths| widths.to_vec()).collect();
    Family::listed(name, widths, |widths| Shape::new(widths.clone(), 1.0))
}

/// Chains of so many layers of one unit each.
pub(crate) fn chains() -> Family<Shape> {
    Family::listed("chains of single units", [100usize, 300], |length| {
        Shape::new(vec![1; length + 1], 1.0)
    })
}

/// The network of 64, 32 and 10 units.
pub(crate) fn digits_network() -> Family<Shape> {
    listed("64-32-10", &[&[64, 32, 10]])
}

/// Networks without hidden units.
pub(crate) fn one_layer() -> Family<Shape> {
    listed("one layer", &[&[1, 1], &[4, 3]])
}

/// No input and no weight is 0; that no entry vanishes by chance otherwise is by construction, from sines of numbers without a common measure.
pub(crate) fn generic() -> Hypothesis<Shape> {
    Hypothesis::new("general position", |it: &Shape, _| {
        let numbers = |count, turn| it.numbers::<f64>(count, turn);
        let (inputs, weights) = (numbers(it.widths[0], 1.0), numbers(it.parameters(), 3.0));
        let least = inputs.iter().chain(&weights).fold(f64::INFINITY, |l, x| l.min(x.abs()));
        Check::that(least > 0.0, format!("the smallest number has size {least:.1e}"))
    })
}

/// Networks whose first input is sin 0.
pub(crate) fn without_an_input() -> Family<Shape> {
    let widths = [vec![2, 2, 1], vec![3, 2, 2], vec![2, 3, 2, 2]];
    Family::listed("an input of 0", widths, |widths| Shape::new(widths.clone(), -1.0))
}

/// A network of two layers with one output, and samples.
#[derive(Debug, Clone)]
pub(crate) struct Neurons {
    inputs: Matrix,
    weights: Vector,
    targets: Vector,
    neurons: usize,
}

impl Instance for Neurons {
    fn description(&self) -> String {
        let inputs: Vec<String> = self.inputs.iter().map(|x| format!("{x:.3}")).collect();
        let weights: Vec<String> = self.weights.iter().map(|w| format!("{w:.3}")).collect();
        format!("inputs by coordinates {}; weights {}", inputs.join(" "), weights.join(" "))
    }
}

impl Neurons {
    /// Six neurons on one sample, of which the second, the fifth and the last sleep.
    pub(crate) fn six() -> Self {
        let (inputs, wakes) = ([1.0, -0.6, 0.4], [1.0, -1.0, 1.0, 1.0, -1.0, -1.0]);
        let size = |i: usize| 0.2 + sin(1.0 + 2.3 * i as f64).abs();
        let inner = (0..18).map(|i| size(i) * wakes[i / 3] * f64::signum(inputs[i % 3]));
        let weights = Vector::from_iterator(24, inner.chain((18..24).map(size)));
        let inputs = Matrix::from_row_slice(1, 3, &inputs);
        Neurons { inputs, weights, targets: Vector::from_element(1, 0.3), neurons: 6 }
    }

    /// Of the mean squared loss.
    pub(crate) fn hessian(&self, activation: Activation) -> Option<Matrix> {
        let network = TwoLayer::new(self.inputs.clone(), self.neurons, activation);
        SquaredFit::new(network, self.targets.clone()).hessian(&self.weights)
    }

    /// The share of the entries of the Hessian that are not 0.
    pub(crate) fn share(&self, activation: Activation) -> f64 {
        let hessian = self.hessian(activation).filter(|h| h.iter().all(|entry| entry.is_finite()));
        hessian.map_or(f64::NAN, |hessian| {
            hessian.iter().filter(|entry| **entry != 0.0).count() as f64 / hessian.len() as f64
        })
    }

    /// Whether w_j·x_i > 0.
    fn awake(&self, neuron: usize, sample: usize) -> bool {
        self.sum(neuron, sample) > 0.0
    }

    fn sum(&self, neuron: usize, sample: usize) -> f64 {
        let p = self.inputs.ncols();
        (0..p).map(|k| self.inputs[(sample, k)] * self.weights[neuron * p + k]).sum()
    }

    /// The share of the pairs of neurons that some sample wakes together.
    pub(crate) fn pairs_awake(&self) -> f64 {
        let (n, m) = (self.inputs.nrows(), self.neurons);
        let together = |i, j| (0..n).any(|sample| self.awake(i, sample) && self.awake(j, sample));
        let pairs = (0..m).flat_map(|i| (0..m).map(move |j| (i, j)));
        pairs.filter(|(i, j)| together(*i, *j)).count() as f64 / (m * m) as f64
    }

    /// The share of the neurons that some sample wakes.
    fn neurons_awake(&self) -> f64 {
        let n = self.inputs.nrows();
        let awake = (0..self.neurons).filter(|j| (0..n).any(|sample| self.awake(*j, sample)));
        awake.count() as f64 / self.neurons as f64
    }

    /// The least size of the sums over samples that entries of the Hessian consist of, of neurons that some sample wakes together.
    fn least_sum(&self) -> f64 {
        let (n, p, m) = (self.inputs.nrows(), self.inputs.ncols(), self.neurons);
        let outer = |neuron: usize| self.weights[m * p + neuron];
        let missed = |sample: usize| {
            let awake = (0..m).filter(|j| self.awake(*j, sample));
            awake.map(|j| outer(j) * self.sum(j, sample)).sum::<f64>() - self.targets[sample]
        };
        let mut least = f64::INFINITY;
        for (i, j) in (0..m).flat_map(|i| (0..m).map(move |j| (i, j))) {
            let both: Vec<usize> =
                (0..n).filter(|sample| self.awake(i, *sample) && self.awake(j, *sample)).collect();
            if both.is_empty() {
                continue;
            }
            for k in 0..p {
                let own = |sample: usize| if i == j { missed(sample) } else { 0.0 };
                let mixed = |sample: usize| outer(i) * self.sum(j, sample) + own(sample);
                let over = |of: &dyn Fn(usize) -> f64| {
                    both.iter().map(|s| self.inputs[(*s, k)] * of(*s)).sum::<f64>().abs()
                };
                least = minimum(least, over(&mixed));
                for l in 0..p {
                    least = minimum(least, over(&|sample| self.inputs[(sample, l)]));
                }
            }
        }
        least
    }

    fn drawn(draw: &mut Draw) -> Self {
        let (n, p, neurons) = (draw.size(1..=3), draw.size(1..=3), draw.size(1..=6));
        let inputs = Matrix::from_fn(n, p, |_, _| draw.normal());
        let weights = Vector::from_fn(neurons * (p + 1), |_, _| draw.normal());
        let targets = Vector::from_fn(n, |_, _| draw.normal());
        Neurons { inputs, weights, targets, neurons }
    }
}

/// Random networks of one to six neurons on one to three samples.
pub(crate) fn neurons() -> Family<Neurons> {
    Family::drawn("two-layer networks", Neurons::drawn)
}

/// Half of the neurons wake on the only sample.
pub(crate) fn half_awake() -> Family<Neurons> {
    Family::listed("half of the neurons awake", [2usize, 4, 6], |neurons| {
        let sign = |j: usize| if j.is_multiple_of(2) { 1.0 } else { -1.0 };
        let weights = Vector::from_fn(2 * neurons, |i, _| {
            if i < *neurons { sign(i) * (1.0 + 0.1 * i as f64) } else { 0.7 + 0.1 * i as f64 }
        });
        let (inputs, targets) = (Matrix::from_element(1, 1, 1.5), Vector::from_element(1, 0.3));
        Neurons { inputs, weights, targets, neurons: *neurons }
    })
}

/// The same, but an outer weight is 0.
pub(crate) fn without_a_weight() -> Family<Neurons> {
    half_awake().map(|mut it| {
        it.weights[it.neurons] = 0.0;
        it
    })
}

/// On one sample.
pub(crate) fn half_wakes() -> Hypothesis<Neurons> {
    Hypothesis::new("half awake", |it: &Neurons, _| {
        let (n, share) = (it.inputs.nrows(), it.neurons_awake());
        Check::that(n == 1 && share == 0.5, format!("{n} sample, a share of {share} awake"))
    })
}

/// A sum of two terms that cancel: an outer weight's product and the residual, or the products of two coordinates over two samples.
pub(crate) fn sums_that_vanish() -> Family<Neurons> {
    let one = Neurons {
        inputs: Matrix::from_element(1, 1, 1.0),
        weights: Vector::from_vec(vec![1.0, 1.0]),
        targets: Vector::from_element(1, 2.0),
        neurons: 1,
    };
    let two = Neurons {
        inputs: Matrix::from_row_slice(2, 2, &[1.0, 1.0, 1.0, -1.0]),
        weights: Vector::from_vec(vec![2.0, 0.5, 0.7]),
        targets: Vector::from_vec(vec![0.3, 0.4]),
        neurons: 1,
    };
    Family::listed("sums that vanish", [one, two], Neurons::clone)
}

/// No input, no weight and no w_j·x_i is 0, nor any sum that an entry consists of.
pub(crate) fn general_position() -> Hypothesis<Neurons> {
    Hypothesis::new("general position", |it: &Neurons, _| {
        let (n, m) = (it.inputs.nrows(), it.neurons);
        let sums = (0..m).flat_map(|j| (0..n).map(move |i| (i, j))).map(|(i, j)| it.sum(j, i));
        let numbers = it.inputs.iter().chain(it.weights.iter()).copied().chain(sums);
        let least = numbers.map(f64::abs).fold(it.least_sum(), minimum);
        Check::that(least > 0.0, format!("the smallest number has size {least:.1e}"))
    })
}

/// The mean share over all signs of the sums w_j·x_i, on as many samples as inputs have coordinates.
pub(crate) fn mean_share(neurons: usize, samples: usize) -> f64 {
    let inputs = Matrix::from_fn(samples, samples, |i, k| {
        1.0 / (1.0 + (i + 2 * k) as f64) + if i == k { 1.0 } else { 0.0 }
    });
    let Some(inverse) = inputs.clone().try_inverse() else { return f64::NAN };
    let targets = Vector::from_fn(samples, |i, _| 0.3 + 0.4 * i as f64);
    let patterns = 1u32 << (neurons * samples);
    let share = |pattern: u32| {
        let mut weights = Vector::from_fn(neurons * (samples + 1), |j, _| 0.7 + 0.13 * j as f64);
        for j in 0..neurons {
            let sums = Vector::from_fn(samples, |i, _| {
                let place = j * samples + i;
                let size = 1.0 + 0.17 * place as f64;
                if pattern >> place & 1 == 1 { size } else { -size }
            });
            weights.rows_mut(j * samples, samples).copy_from(&(&inverse * sums));
        }
        let (inputs, targets) = (inputs.clone(), targets.clone());
        Neurons { inputs, weights, targets, neurons }.share(Activation::Relu)
    };
    (0..patterns).map(share).sum::<f64>() / f64::from(patterns)
}

/// (1 − 2⁻ⁿ)/m + (1 − 1/m)(1 − (3/4)ⁿ)
pub(crate) fn told_mean_share(neurons: usize, samples: usize) -> f64 {
    let alone = 1.0 / neurons as f64;
    let wakes = |share: f64| 1.0 - share.powi(samples as i32);
    alone * wakes(0.5) + (1.0 - alone) * wakes(0.75)
}

/// The numbers count.
pub(crate) fn counted() -> Hypothesis<Shape> {
    Hypothesis::by_construction("multiplications", "counted by the numbers themselves")
}

/// Networks with hidden units.
pub(crate) fn with_hidden_units() -> Family<Shape> {
    let networks: [&[usize]; 4] = [&[1, 1, 1], &[3, 5, 2], &[2, 4, 3, 6, 1], &[64, 32, 10]];
    listed("networks with hidden units", &networks)
}

/// m neurons and n samples.
pub(crate) fn neurons_and_samples() -> Family<Case<(usize, usize)>> {
    let sizes = [(1, 1), (5, 1), (3, 2), (3, 3), (2, 4)];
    Family::cases("neurons and samples", sizes, |(m, n)| format!("m = {m}, n = {n}"))
}

/// Networks, and the bytes of their Hessians.
pub(crate) fn stored() -> Family<Case<(Shape, f64)>> {
    let networks = [(vec![64, 32, 10], 46_464_800.0), (vec![9999, 10_000], 8e16)];
    let networks = networks.map(|(widths, bytes)| (Shape::new(widths, 1.0), bytes));
    Family::cases("64-32-10, and one layer of 10⁸ parameters", networks, |(shape, _)| {
        format!("d = {}", shape.parameters())
    })
}
