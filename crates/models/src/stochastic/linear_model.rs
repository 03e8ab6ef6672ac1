//! Sample gradients of losses of linear predictions.

use crate::{Ensemble, Matrix};

/// Trials that are moved at once.
const LANES: usize = 16;

/// Adds slope(t, i, x_i·a) x_i to each trial t of `into`, where a is that trial of `at` and i = `samples[t]`;
/// the columns of `features`, d x n, are the x_i.
pub(crate) fn add_linear_gradients(
    features: &Matrix,
    samples: &[u32],
    at: &Ensemble,
    into: &mut Ensemble,
    slope: impl Fn(usize, usize, f64) -> f64,
) {
    let (tiles, rest) = samples.as_chunks::<LANES>();
    let mut tile = vec![[0.0; LANES]; features.nrows()];
    for (number, lanes) in tiles.iter().enumerate() {
        add_tile(features, lanes, number * LANES, at, into, &mut tile, &slope);
    }
    let mut tile = vec![[0.0]; features.nrows()];
    for (number, sample) in rest.iter().enumerate() {
        let first = tiles.len() * LANES + number;
        add_tile(features, &[*sample], first, at, into, &mut tile, &slope);
    }
}

/// The same for `LANES` trials from `first` on. The samples are gathered into a tile, feature by feature,
/// so that the arithmetic runs over trials.
fn add_tile<const LANES: usize>(
    features: &Matrix,
    samples: &[u32; LANES],
    first: usize,
    at: &Ensemble,
    into: &mut Ensemble,
    tile: &mut [[f64; LANES]],
    slope: &impl Fn(usize, usize, f64) -> f64,
) {
    let dimension = features.nrows();
    for (lane, sample) in samples.iter().enumerate() {
        let x = &features.as_slice()[*sample as usize * dimension..][..dimension];
        for (lanes, feature) in tile.iter_mut().zip(x) {
            lanes[lane] = *feature;
        }
    }
    let mut products = [0.0; LANES];
    for (coordinate, lanes) in tile.iter().enumerate() {
        let numbers = &at.coordinate(coordinate)[first..][..LANES];
        for ((product, feature), number) in products.iter_mut().zip(lanes).zip(numbers) {
            *product += feature * number;
        }
    }
    for (lane, product) in products.iter_mut().enumerate() {
        *product = slope(first + lane, samples[lane] as usize, *product);
    }
    for (coordinate, lanes) in tile.iter().enumerate() {
        let slopes = &mut into.coordinate_mut(coordinate)[first..][..LANES];
        for ((own, feature), slope) in slopes.iter_mut().zip(lanes).zip(&products) {
            *own += feature * slope;
        }
    }
}
