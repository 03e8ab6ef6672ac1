//! What theory proves of the mean square of a gap before any trial is run.

use theoria_instances::StochasticProblem;
use theoria_models::stochastic::NoiseModel;

/// What is known of the noise ξ of a gradient, given the point, beside its variance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoiseLaw {
    /// E|ξ|⁴ ≤ fourth (E|ξ|²)².
    pub(crate) fourth: f64,
    /// ξ and -ξ have the same law.
    symmetric: bool,
}

impl NoiseLaw {
    /// Normal noise in any directions; signs and uniform noise are farther from extremes.
    pub(crate) const NORMAL: NoiseLaw = NoiseLaw { fourth: 3.0, symmetric: true };

    /// Means over batches of samples, at most `count` of them: each has at least the probability 1/count, so the square of the
    /// largest is at most count E|ξ|²; a mean of several is nearer to a normal one.
    pub(crate) fn samples(count: usize) -> Self {
        NoiseLaw { fourth: (count as f64).max(3.0), symmetric: false }
    }
}

/// Bounds on mean and mean square of G = f − f* along SGD with these step sizes, on an L-smooth function. With v = E|e|² for the
/// part e = −h ξ of a step that is noise, and the gap G_y ≤ (1 − a u) G after the part that is not, |∇f|² = u G with 2μ ≤ u ≤ 2L
/// and a = h(1 − hL/2), smoothness says that the next gap is at most G_y + ∇f(y)·e + L|e|²/2. As |∇f(y)|² ≤ 2L G_y, its mean is at
/// most G_y + Lv/2, its mean square G_y² + 3Lv G_y + L² E|e|⁴/4, and L E|∇f(y)| |e|³ more where e is not symmetric.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GapMoments {
    pub(crate) mean: f64,
    pub(crate) square: f64,
}

impl GapMoments {
    /// After a step of each of these sizes.
    pub(crate) fn along_sgd(
        p: &StochasticProblem,
        (model, law): (NoiseModel, NoiseLaw),
        steps: impl IntoIterator<Item = f64>,
    ) -> Self {
        let gap = p.problem().gap_at_start();
        let start = GapMoments { mean: gap, square: gap * gap };
        let (l, sigma_squared) = (p.problem().smoothness(), p.sigma_squared(model));
        let mu = p.problem().objective().lojasiewicz().map_or(0.0, |mu| mu.value);
        let step = |now: GapMoments, h: f64| {
            let a = h * (1.0 - h * l / 2.0);
            let noise = h * h * sigma_squared;
            // The mean square of a gap that is G_y = r G, with v = `v` G or, where the noise is additive, v = `v`.
            let next = |r: f64, v: f64, gap: f64| GapMoments {
                mean: r * gap + l * v / 2.0,
                square: 3.0 * l * v * r * gap
                    + l * l * law.fourth * v * v / 4.0
                    + law.skewness(l, r * gap, v),
            };
            match model {
                NoiseModel::Additive => {
                    let r = 1.0 - a * if a >= 0.0 { 2.0 * mu } else { 2.0 * l };
                    let next = next(r, noise, now.mean);
                    GapMoments { mean: next.mean, square: r * r * now.square + next.square }
                }
                NoiseModel::Vanishing => {
                    let r = 1.0 - a * if a >= 0.0 { 2.0 * mu } else { 2.0 * l };
                    let next = next(r, noise, 1.0);
                    now.times(next.mean, r * r + next.square)
                }
                NoiseModel::Multiplicative => {
                    let at = |u: f64| {
                        let r = 1.0 - a * u;
                        let next = next(r, noise * u, 1.0);
                        (next.mean, r * r + next.square)
                    };
                    // Quadratic in u where the noise is symmetric: largest at an end, or at the vertex.
                    let quadratic =
                        a * a - 3.0 * l * noise * a + l * l * law.fourth * noise * noise / 4.0;
                    let vertex = (2.0 * a - 3.0 * l * noise) / (2.0 * quadratic);
                    let places = [2.0 * mu, 2.0 * l, vertex.clamp(2.0 * mu, 2.0 * l)];
                    let [one, two, three] = places.map(at);
                    now.times(one.0.max(two.0), one.1.max(two.1).max(three.1))
                }
            }
        };
        steps.into_iter().fold(start, step)
    }

    /// The mean square with what rounding adds to a gap, where gaps decay to nothing.
    pub(crate) fn square_of_computed_gaps(self, p: &StochasticProblem) -> f64 {
        (self.square.sqrt() + p.bound(0.0).floor).powi(2)
    }

    fn times(self, mean: f64, square: f64) -> Self {
        GapMoments { mean: self.mean * mean, square: self.square * square }
    }
}

impl NoiseLaw {
    /// L |∇f(y)| E|e|³ ≤ L (2 L G_y)^(1/2) (E|e|⁴ E|e|²)^(1/2)
    fn skewness(self, l: f64, gap: f64, v: f64) -> f64 {
        if self.symmetric { 0.0 } else { l * (2.0 * l * gap * self.fourth * v.powi(3)).sqrt() }
    }
}
