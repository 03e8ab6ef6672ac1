//! Products of random matrices: how they stretch directions and volumes.

use rand::Rng;
use theoria_elementary::ln;
use theoria_instances::random_networks::constant_width;
use theoria_models::Matrix;
use theoria_models::networks::{DeepLinear, Initialization, digamma_of_half};
use theoria_models::numerics::maximum;
use theoria_verification::{Check, Family, Hypothesis, Instance};

/// Products of random matrices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Product {
    pub(crate) law: Initialization,
    pub(crate) width: usize,
    pub(crate) depth: usize,
}

impl Product {
    /// gᴸ, 1 where there is no gain.
    pub(crate) fn power_of_the_gain(&self) -> f64 {
        match self.law {
            Initialization::Orthogonal { gain } => gain.powi(self.depth as i32),
            _ => 1.0,
        }
    }

    pub(crate) fn draw(&self, random: &mut (impl Rng + ?Sized)) -> DeepLinear {
        DeepLinear::draw(&constant_width(self.width, self.depth), self.law, random)
    }

    /// The singular values of a drawn product, the largest first.
    pub(crate) fn draw_singular_values(&self, random: &mut (impl Rng + ?Sized)) -> Vec<f64> {
        let map = self.draw(random).end_to_end();
        let mut values: Vec<f64> = map.singular_values().iter().copied().collect();
        values.sort_by(|a, b| b.total_cmp(a));
        values
    }

    /// For each k, the logarithm of the volume that a drawn product J makes of the cube of the first k unit vectors:
    /// with J Q = R along the way, the sum of the logarithms of the first k entries on the diagonals of R.
    pub(crate) fn draw_log_volumes(&self, random: &mut (impl Rng + ?Sized)) -> Vec<f64> {
        let n = self.width;
        let mut frame = Matrix::identity(n, n);
        let mut logs = vec![0.0; n];
        for factor in self.draw(random).factors() {
            let (q, r) = (factor * frame).qr().unpack();
            logs.iter_mut().enumerate().for_each(|(j, log)| *log += ln(r[(j, j)].abs()));
            frame = q;
        }
        logs.iter()
            .scan(0.0, |sum, log| {
                *sum += log;
                Some(*sum)
            })
            .collect()
    }

    /// The growth per factor of log κ of a drawn product, from `from` factors to all.
    pub(crate) fn draw_condition_growth(
        &self,
        from: usize,
        random: &mut (impl Rng + ?Sized),
    ) -> f64 {
        let factors = self.draw(random);
        let [begin, end] =
            [from, self.depth].map(|depth| log_condition(&factors.factors()[..depth]));
        (end - begin) / (self.depth - from) as f64
    }
}

impl Instance for Product {
    fn description(&self) -> String {
        format!("product of {} {:?} matrices of width {}", self.depth, self.law, self.width)
    }
}

pub(crate) fn orthogonal() -> Family<Product> {
    Family::listed("orthogonal", [0.9, 1.0, 1.1], |&gain| Product {
        law: Initialization::Orthogonal { gain },
        width: 12,
        depth: 40,
    })
}

pub(crate) fn wide(gain: f64) -> Family<Product> {
    Family::single("width 64", move || Product {
        law: Initialization::Orthogonal { gain },
        width: 64,
        depth: 20,
    })
}

pub(crate) fn gaussian<const N: usize>(widths: [usize; N], depth: usize) -> Family<Product> {
    Family::listed("Gaussian", widths, move |&width| Product {
        law: Initialization::Gaussian { variance: 1.0 },
        width,
        depth,
    })
}

pub(crate) fn shallow_gaussian() -> Family<Product> {
    Family::single("Gaussian", || Product {
        law: Initialization::Gaussian { variance: 1.0 },
        width: 12,
        depth: 5,
    })
}

pub(crate) fn three() -> Family<Product> {
    Family::single("3 x 3", || Product {
        law: Initialization::Orthogonal { gain: 1.0 },
        width: 3,
        depth: 1,
    })
}

pub(crate) fn orthogonal_factors() -> Hypothesis<Product> {
    Hypothesis::new("orthogonal factors", |product: &Product, draw| {
        let factors = product.draw(draw.generator());
        let off = factors.factors().iter().map(|factor| {
            let gram = factor.tr_mul(factor);
            let mean = gram.trace() / product.width as f64;
            (gram / mean - Matrix::identity(product.width, product.width)).amax()
        });
        Check::at_most(off.fold(0.0, maximum), 1e-12, "|WᵀW/g² − I| of fresh factors")
    })
}

/// The growth of the k-th direction in a product of Gaussian matrices of width n and variance 1, per factor:
/// (log(2/n) + ψ((n − k + 1)/2))/2.
pub(crate) fn exponent(n: usize, k: usize) -> f64 {
    (ln(2.0 / n as f64) + digamma_of_half(n - k + 1)) / 2.0
}

/// log κ of W_L ⋯ W_1: products of the factors and of their inverses, each scaled to norm 1 on the way, show the
/// largest and the smallest singular value whatever lies between them. NaN if a factor is singular.
fn log_condition(factors: &[Matrix]) -> f64 {
    let n = factors[0].nrows();
    let (mut map, mut inverse, mut log) = (Matrix::identity(n, n), Matrix::identity(n, n), 0.0);
    for factor in factors {
        let Some(inverted) = factor.clone().try_inverse() else {
            return f64::NAN;
        };
        map = factor * map;
        inverse *= inverted;
        for product in [&mut map, &mut inverse] {
            let size = product.norm();
            *product /= size;
            log += ln(size);
        }
    }
    log + ln(map.singular_values().max() * inverse.singular_values().max())
}
