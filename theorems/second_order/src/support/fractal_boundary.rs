//! The boundary of the basins of z^p = 1: its dimension by counting boxes, and by summing over preimages.

use nalgebra::Complex;
use theoria_elementary::{exp, ln, log2};
use theoria_models::numerics::bisect;

use super::roots_of_unity::{Pair, RootsOfUnity};

/// Places along the side of a box at which basins are looked at, its edges among them.
const LATTICE: usize = 5;

/// A square box: its lower left corner and its side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) corner: Pair<f64>,
    pub(crate) side: f64,
}

impl Place {
    /// The four boxes of half the side.
    fn quarters(self) -> [Place; 4] {
        let side = self.side / 2.0;
        let [x, y] = self.corner;
        [(0.0, 0.0), (side, 0.0), (0.0, side), (side, side)]
            .map(|(dx, dy)| Place { corner: [x + dx, y + dy], side })
    }

    /// The roots that the lattice of the box leads to, as the bits of a number; no more than `enough` of them are looked for.
    pub(crate) fn roots(self, of: RootsOfUnity, enough: u32) -> u32 {
        let step = self.side / (LATTICE - 1) as f64;
        let mut seen = 0u32;
        for place in 0..LATTICE * LATTICE {
            let [x, y] = self.corner;
            let (i, j) = (place % LATTICE, place / LATTICE);
            if let Some((root, _)) = of.basin([x + step * i as f64, y + step * j as f64]) {
                seen |= 1 << root;
            }
            if seen.count_ones() >= enough {
                break;
            }
        }
        seen
    }
}

/// The boxes that meet two basins, for each halving of the side: of these alone the quarters are looked at.
pub(crate) fn boxes(of: RootsOfUnity, whole: Place, halvings: usize) -> Vec<Vec<Place>> {
    let mut levels = vec![vec![whole]];
    for level in 0..halvings {
        let quarters = levels[level].iter().flat_map(|place| place.quarters());
        levels.push(quarters.filter(|place| place.roots(of, 2).count_ones() == 2).collect());
    }
    levels
}

/// The mean of log₂ of the quotients of the numbers of boxes, from one halving to another.
pub(crate) fn dimension_by_boxes(levels: &[Vec<Place>], from: usize) -> f64 {
    let last = levels.len() - 1;
    let counts = |level: usize| levels[level].len() as f64;
    log2(counts(last) / counts(from)) / (last - from) as f64
}

/// The dimension as the exponent s at which the sums Σ |(N^n)'(y)|^(−s) over N^n(y) = w, with spherical derivatives, neither grow nor fall from n to n + 1: the last
/// three, and where they tend to (Aitken).
pub(crate) fn dimension_by_preimages(of: RootsOfUnity, w: Complex<f64>, depth: usize) -> f64 {
    let mut places = vec![(w, 0.0f64)];
    let mut sums: Vec<Vec<f64>> = Vec::new();
    for _ in 0..depth {
        places = places
            .iter()
            .flat_map(|&(w, logarithm)| {
                preimages(of.power, w)
                    .into_iter()
                    .map(move |z| (z, logarithm + ln(spherical_slope(of.power, z, w))))
            })
            .collect();
        sums.push(places.iter().map(|(_, logarithm)| *logarithm).collect());
    }
    let power_sum = |level: usize, s: f64| sums[level].iter().map(|l| exp(-s * l)).sum::<f64>();
    let exponents = [depth - 4, depth - 3, depth - 2].map(|level| {
        let grows = |s: f64| power_sum(level + 1, s) > power_sum(level, s);
        bisect(0.5, 2.0, 1e-9, grows).0
    });
    let [a, b, c] = exponents;
    let bend = (c - b) - (b - a);
    // Where they do not move any more there is nothing to extrapolate.
    if bend.abs() < 1e-9 { c } else { c - (c - b).powi(2) / bend }
}

/// |N'(z)| (1 + |z|²)/(1 + |w|²) with w = N(z) and N' = (1 − 1/p)(1 − z^(−p)).
fn spherical_slope(power: u32, z: Complex<f64>, w: Complex<f64>) -> f64 {
    let p = f64::from(power);
    let slope = (Complex::from(1.0) - z.powi(-(power as i32))).norm() * (1.0 - 1.0 / p);
    slope * (1.0 + z.norm_sqr()) / (1.0 + w.norm_sqr())
}

/// The points from which one step of Newton's method leads to w, for p = 2 and 3: by the formulas of the quadratic and of the cubic for u = 1/z.
///
/// # Panics
/// For other powers.
fn preimages(power: u32, w: Complex<f64>) -> Vec<Complex<f64>> {
    let one = Complex::from(1.0);
    match power {
        2 => {
            let root = (w * w - one).sqrt();
            vec![w + root, w - root]
        }
        3 => {
            // u³ − 3 w u + 2 = 0: u = a + w/a with a³ = −1 ± √(1 − w³), of which the larger is better rounded.
            let root = (one - w * w * w).sqrt();
            let cube =
                if (root - one).norm() > (root + one).norm() { root - one } else { -root - one };
            let a = cube.powf(1.0 / 3.0);
            let turn = Complex::from_polar(1.0, std::f64::consts::TAU / 3.0);
            (0..3)
                .map(|k| {
                    let a = a * turn.powi(k);
                    one / polished(a + w / a, w)
                })
                .collect()
        }
        other => panic!("preimages are known for the powers 2 and 3, not for {other}"),
    }
}

/// Three of Newton's steps on the cubic take rounding away.
fn polished(mut u: Complex<f64>, w: Complex<f64>) -> Complex<f64> {
    for _ in 0..3 {
        let slope = (u * u - w) * 3.0;
        if slope.norm() > 0.0 {
            u -= (u * u * u - w * u * 3.0 + Complex::from(2.0)) / slope;
        }
    }
    u
}
