//! Deep networks, plain and residual: signals, gradients of every layer, and what the limit of infinite width says of both.

use rand::Rng;
use theoria_elementary::{exp, tanh_of_each};
use theoria_models::networks::{Activation, Initialization};
use theoria_models::products::{Factor, add_product, product};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Constant, Instance};

/// Pixels of an image.
pub(crate) const PIXELS: usize = 64;
/// Outputs, one for each digit.
pub(crate) const OUTPUTS: usize = 10;

/// What is drawn: hidden layers with N(0, c/n) weights, and a linear last layer with N(0, 1/n) weights, without biases. A
/// residual network has a linear first layer with N(0, 1/n) weights too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shape {
    pub(crate) activation: Activation,
    /// Whether hidden layers but the first add φ's image, over the root of their number, to what they see.
    pub(crate) residual: bool,
    /// The number L of matrices, at least 2.
    pub(crate) depth: usize,
    /// The width n of hidden layers.
    pub(crate) width: usize,
    /// The variance factor c.
    pub(crate) variance: f64,
}

impl Shape {
    /// x ↦ W φ(...φ(W x)).
    pub(crate) fn plain(activation: Activation, depth: usize, variance: f64) -> Self {
        Shape { activation, residual: false, depth, width: 32, variance }
    }

    /// xˡ = xˡ⁻¹ + Wˡ φ(xˡ⁻¹)/√(L − 2).
    pub(crate) fn residual(activation: Activation, depth: usize, variance: f64) -> Self {
        Shape { residual: true, ..Shape::plain(activation, depth, variance) }
    }

    pub(crate) fn of_width(self, width: usize) -> Self {
        Shape { width, ..self }
    }

    /// The factor of the matrix of this layer, from 1 to L, in what the layer does.
    fn factor(&self, layer: usize) -> f64 {
        if self.adds(layer) { (self.depth as f64 - 2.0).sqrt().recip() } else { 1.0 }
    }

    /// Whether this layer adds to what it sees.
    fn adds(&self, layer: usize) -> bool {
        self.residual && layer > 1 && layer < self.depth
    }

    /// Whether the matrix of this layer sees φ of what is below.
    fn bends(&self, layer: usize) -> bool {
        layer > 1 && (layer < self.depth || !self.residual)
    }

    fn variance_of(&self, layer: usize) -> f64 {
        let linear = layer == self.depth || (self.residual && layer == 1);
        if linear { 1.0 } else { self.variance }
    }

    fn rows(&self, layer: usize) -> usize {
        if layer == self.depth { OUTPUTS } else { self.width }
    }

    /// n_{l−1}.
    pub(crate) fn columns(&self, layer: usize) -> usize {
        if layer == 1 { PIXELS } else { self.width }
    }

    /// E |∂(v·f)/∂Wˡ|² for |v| = 1 at l = 1, ..., L, of networks of infinite width that see an image with this mean square: exact
    /// at any width for plain ReLU networks.
    pub(crate) fn predicted(&self, mean_square: f64) -> Vec<f64> {
        // The mean square of what each matrix sees, and by how much its layer multiplies a squared gradient.
        let (mut q, mut seen, mut growth) = (mean_square, Vec::new(), Vec::new());
        for layer in 1..=self.depth {
            let bends = self.bends(layer);
            let (sees, slope) = if bends {
                (self.activation.second_moment(q), self.activation.second_moment_of_derivative(q))
            } else {
                (q, 1.0)
            };
            let c = self.variance_of(layer) * self.factor(layer).powi(2);
            seen.push(self.factor(layer).powi(2) * sees * self.columns(layer) as f64);
            let kept = if self.adds(layer) { [q, 1.0] } else { [0.0; 2] };
            q = kept[0] + c * sees;
            growth.push(kept[1] + c * slope);
        }
        let mut gradient = 1.0;
        let mut sizes: Vec<f64> = (0..self.depth)
            .rev()
            .map(|below| {
                let size = gradient * seen[below];
                gradient *= growth[below];
                size
            })
            .collect();
        sizes.reverse();
        sizes
    }
}

impl Instance for Shape {
    fn description(&self) -> String {
        let kind = if self.residual { "residual " } else { "" };
        let Shape { depth, width, variance, .. } = self;
        format!(
            "{kind}{} networks of depth {depth} and width {width}, c = {variance}",
            self.activation.describe()
        )
    }

    fn constants(&self) -> Vec<Constant> {
        vec![
            Constant::exact("c", self.variance),
            Constant::exact("L", self.depth as f64),
            Constant::exact("n", self.width as f64),
        ]
    }
}

/// A network of a shape.
#[derive(Debug, Clone)]
pub(crate) struct DeepNetwork {
    shape: Shape,
    weights: Vec<Matrix>,
}

/// What matrices have seen of a batch, and the slopes of φ there, where they see φ.
struct Seen {
    signals: Vec<Matrix>,
    slopes: Vec<Option<Matrix>>,
    outputs: Matrix,
}

impl DeepNetwork {
    pub(crate) fn draw(shape: Shape, random: &mut impl Rng) -> Self {
        let layer = |layer: usize| {
            let law = Initialization::Gaussian { variance: shape.variance_of(layer) };
            law.draw(shape.rows(layer), shape.columns(layer), random)
        };
        DeepNetwork { shape, weights: (1..=shape.depth).map(layer).collect() }
    }

    /// For images, one a column.
    fn pass(&self, images: &Matrix) -> Seen {
        let (mut signals, mut slopes) = (Vec::new(), Vec::new());
        let mut x = images.clone();
        for (layer, weights) in (1..).zip(&self.weights) {
            let adds = self.shape.adds(layer);
            let below = adds.then(|| x.clone());
            slopes.push(self.shape.bends(layer).then(|| bend(self.shape.activation, &mut x)));
            let image = match below {
                Some(mut sum) => {
                    let factor = self.shape.factor(layer);
                    add_product(&mut sum, factor, Factor::of(weights), Factor::of(&x));
                    sum
                }
                None => product(Factor::of(weights), Factor::of(&x)),
            };
            signals.push(std::mem::replace(&mut x, image));
        }
        Seen { signals, slopes, outputs: x }
    }

    /// The outputs, one column an image.
    pub(crate) fn outputs(&self, images: &Matrix) -> Matrix {
        self.pass(images).outputs
    }

    /// From the last layer to the first: its number, and the derivative by what its matrix makes, where `upstream` is that by the
    /// outputs. It is told before the layer below is computed, and may change the matrix behind.
    fn back(
        &mut self,
        seen: &Seen,
        mut upstream: Matrix,
        mut told: impl FnMut(f64, &Matrix, &Matrix, &mut Matrix),
    ) {
        for layer in (1..=self.shape.depth).rev() {
            let weights = &mut self.weights[layer - 1];
            let factor = self.shape.factor(layer);
            let below = (layer > 1).then(|| {
                let mut below = product(Factor::of(weights).transpose(), Factor::of(&upstream));
                if let Some(slopes) = &seen.slopes[layer - 1] {
                    below.component_mul_assign(slopes);
                }
                if self.shape.adds(layer) { below * factor + &upstream } else { below }
            });
            told(factor, &upstream, &seen.signals[layer - 1], weights);
            upstream = below.unwrap_or_default();
        }
    }

    /// A step of gradient descent of the mean of −log of the softmax of the right output.
    pub(crate) fn step(&mut self, images: &Matrix, digits: &[usize], step_size: f64) {
        let seen = self.pass(images);
        let mut upstream = seen.outputs.clone();
        for (mut column, digit) in upstream.column_iter_mut().zip(digits) {
            let most = column.max();
            column.apply(|x| *x = exp(*x - most));
            let sum = column.sum();
            column /= sum;
            column[*digit] -= 1.0;
        }
        upstream /= digits.len() as f64;
        self.back(&seen, upstream, |factor, upstream, signals, weights| {
            let signals = Factor::of(signals).transpose();
            add_product(weights, -step_size * factor, Factor::of(upstream), signals);
        });
    }

    /// |∂(v·f)/∂Wˡ|² at an image, for l = 1, ..., L.
    pub(crate) fn gradients(&mut self, image: &Vector, cotangent: &Vector) -> Vec<f64> {
        let column =
            |vector: &Vector| Matrix::from_column_slice(vector.len(), 1, vector.as_slice());
        let seen = self.pass(&column(image));
        let mut sizes = Vec::new();
        self.back(&seen, column(cotangent), |factor, upstream, signals, _| {
            sizes.push(factor * factor * upstream.norm_squared() * signals.norm_squared());
        });
        sizes.reverse();
        sizes
    }
}

/// Replaces numbers by φ of them, and returns the slopes of φ.
fn bend(activation: Activation, x: &mut Matrix) -> Matrix {
    if activation == Activation::Tanh {
        tanh_of_each(x.as_mut_slice());
        return x.map(|value| 1.0 - value * value);
    }
    let slopes = x.map(|x| activation.derivative(x));
    x.apply(|x| *x = activation.value(*x));
    slopes
}
