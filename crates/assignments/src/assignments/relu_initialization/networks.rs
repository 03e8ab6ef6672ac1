//! Networks whose weights a solution draws, and what passes through them.

use rand_distr::{Distribution, StandardNormal};
use theoria_verification::{Constant, Family, Generator, Instance};

use crate::play::Student;
use crate::theoria::Fields;

/// Widths, and the slope of the activation below 0.
pub(super) struct Networks {
    pub(super) widths: Vec<usize>,
    pub(super) slope: f64,
}

impl Instance for Networks {
    fn description(&self) -> String {
        let widths: Vec<String> = self.widths.iter().map(ToString::to_string).collect();
        format!("networks with the widths {}", widths.join(", "))
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("a", self.slope)]
    }
}

/// ReLU networks in which every layer has another width.
pub(super) fn relu() -> Family<Networks> {
    Family::single("ReLU networks", || Networks { widths: vec![8, 18, 12, 14], slope: 0.0 })
}

/// Leaky ones, the last of which are linear.
pub(super) fn leaky() -> Family<Networks> {
    Family::listed(
        "leaky networks",
        [(vec![20, 12, 28, 16, 20], 0.4), (vec![6, 20, 12, 16], 1.0)],
        |(widths, slope): &(Vec<usize>, f64)| Networks { widths: widths.clone(), slope: *slope },
    )
}

/// The matrices of one network, each row by row.
pub(super) struct Weights<'a> {
    networks: &'a Networks,
    layers: Vec<Vec<f64>>,
}

impl Networks {
    /// L.
    pub(super) fn depth(&self) -> usize {
        self.widths.len() - 1
    }

    /// Numbers of weights of the layers.
    pub(super) fn sizes(&self) -> Vec<usize> {
        self.widths.windows(2).map(|pair| pair[0] * pair[1]).collect()
    }

    /// What the solution makes of fresh normal numbers; none where it fails.
    pub(super) fn drawn_by(
        &self,
        student: &Student,
        random: &mut Generator,
    ) -> Option<Weights<'_>> {
        let sizes = self.sizes();
        let mut normals =
            |size: &usize| (0..*size).map(|_| StandardNormal.sample(random)).collect::<Vec<f64>>();
        let normals: Vec<Vec<f64>> = sizes.iter().map(&mut normals).collect();
        let widths: Vec<f64> = self.widths.iter().map(|&width| width as f64).collect();
        let told =
            Fields::new().with("widths", widths).with("slope", self.slope).with("normals", normals);
        let answer = student.begin(&told)?;
        let layers = student.take(answer.lists("weights", &sizes))?;
        Some(Weights { networks: self, layers })
    }

    /// With all of its coordinates positive, as those of an image, and the mean square 1.
    fn input(&self) -> Vec<f64> {
        let raw: Vec<f64> = (0..self.widths[0]).map(|i| 1.0 + (i % 3) as f64).collect();
        let mean = raw.iter().map(|x| x * x).sum::<f64>() / raw.len() as f64;
        raw.into_iter().map(|x| x / mean.sqrt()).collect()
    }

    /// The derivative of the activation behind this layer at h.
    fn derivative(&self, layer: usize, h: f64) -> f64 {
        if h > 0.0 || layer == self.depth() { 1.0 } else { self.slope }
    }
}

impl Weights<'_> {
    /// All of them.
    pub(super) fn layers(&self) -> &[Vec<f64>] {
        &self.layers
    }

    /// Wˡ x, for the layers 1 to L, on the way forward.
    fn preactivations(&self) -> Vec<Vec<f64>> {
        let mut x = self.networks.input();
        let mut seen = Vec::with_capacity(self.layers.len());
        for (layer, matrix) in (1..).zip(&self.layers) {
            let rows = matrix.chunks(x.len());
            let h: Vec<f64> =
                rows.map(|row| row.iter().zip(&x).map(|(w, x)| w * x).sum()).collect();
            x = h.iter().map(|&h| self.networks.derivative(layer, h) * h).collect();
            seen.push(h);
        }
        seen
    }

    /// |xˡ|²/n_l for l = 1, …, L; |x⁰|²/n_0 is 1.
    pub(super) fn signals(&self) -> Vec<f64> {
        let layers = (1..).zip(self.preactivations());
        let mean_square = |(layer, h): (usize, Vec<f64>)| {
            let x = h.iter().map(|&h| self.networks.derivative(layer, h) * h);
            x.map(|x| x * x).sum::<f64>() / h.len() as f64
        };
        layers.map(mean_square).collect()
    }

    /// |∇(v·x^L)|² with respect to xˡ for l = L − 1, …, 0, where v weighs all outputs alike and has length 1.
    pub(super) fn gradients(&self) -> Vec<f64> {
        let outputs = self.networks.widths[self.networks.depth()];
        let mut gradient = vec![(outputs as f64).sqrt().recip(); outputs];
        let layers = (1..).zip(self.layers.iter().zip(self.preactivations())).collect::<Vec<_>>();
        let mut seen = Vec::with_capacity(layers.len());
        for (layer, (matrix, h)) in layers.into_iter().rev() {
            let inputs = self.networks.widths[layer - 1];
            let mut before = vec![0.0; inputs];
            for ((row, g), &h) in matrix.chunks(inputs).zip(&gradient).zip(&h) {
                let g = g * self.networks.derivative(layer, h);
                before.iter_mut().zip(row).for_each(|(before, w)| *before += g * w);
            }
            seen.push(before.iter().map(|g| g * g).sum());
            gradient = before;
        }
        seen
    }
}
