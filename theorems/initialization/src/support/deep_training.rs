//! Deep networks trained on images of digits by stochastic gradient descent, until 95% are told or time is up.

use std::sync::OnceLock;

use rand::Rng;
use rand::seq::SliceRandom;
use theoria_models::Matrix;
use theoria_models::data::digits;

use super::deep_networks::{DeepNetwork, Shape};

/// Images, the first of the data: every digit is among them 12 times at least.
const IMAGES: usize = 128;
/// Images in a batch.
const BATCH: usize = 8;
/// The share of images that is aimed at.
const RIGHT: f64 = 0.95;
/// Passes after which time is up: twice as many as networks of depth 2 need.
pub(crate) const PASSES: usize = 8;
/// With a smaller share of images on the right side after half of the passes a run is given up.
const HOPELESS: f64 = 0.4;
/// Step sizes, those in the middle first, which are most often the best: the order decides how soon one is found, not whether.
pub(crate) const STEP_SIZES: [f64; 5] = [0.1, 0.2, 0.05, 0.4, 0.025];

/// The images, one a column, and their digits.
pub(crate) struct Training {
    pub(crate) images: Matrix,
    digits: Vec<usize>,
}

impl Training {
    /// Read once.
    pub(crate) fn read() -> &'static Self {
        static TRAINING: OnceLock<Training> = OnceLock::new();
        TRAINING.get_or_init(|| {
            let data = digits();
            Training {
                images: data.features.rows(0, IMAGES).transpose(),
                digits: data.targets.iter().take(IMAGES).map(|digit| *digit as usize).collect(),
            }
        })
    }

    /// Whether from one start one of the step sizes comes to 95% within so many passes.
    pub(crate) fn trains(&self, shape: Shape, passes: usize, random: &mut impl Rng) -> bool {
        self.told(shape, passes, random) >= RIGHT
    }

    /// From one start: the largest share of images that are told after so many passes with any of the step sizes; the first that comes to 95% ends the search.
    pub(crate) fn told(&self, shape: Shape, passes: usize, random: &mut impl Rng) -> f64 {
        let start = DeepNetwork::draw(shape, random);
        let mut most = 0f64;
        for step_size in STEP_SIZES {
            most = most.max(self.run(start.clone(), step_size, passes, random));
            if most >= RIGHT {
                break;
            }
        }
        most
    }

    /// The share of images that are told where the run ends: at 95%, which is looked for from half of the time on, when it is
    /// given up, or after so many passes.
    fn run(
        &self,
        mut network: DeepNetwork,
        step_size: f64,
        passes: usize,
        random: &mut impl Rng,
    ) -> f64 {
        let mut order: Vec<usize> = (0..IMAGES).collect();
        let mut share = 0.0;
        for pass in 1..=passes {
            order.shuffle(random);
            for chosen in order.chunks(BATCH) {
                let digits: Vec<usize> = chosen.iter().map(|i| self.digits[*i]).collect();
                network.step(&self.images.select_columns(chosen), &digits, step_size);
            }
            if 2 * pass >= PASSES {
                share = self.share(&network);
                if share >= RIGHT || (share < HOPELESS && 2 * pass == PASSES) {
                    break;
                }
            }
        }
        share
    }

    /// The share of images whose digit has the largest output; what has diverged is never right.
    fn share(&self, network: &DeepNetwork) -> f64 {
        let outputs = network.outputs(&self.images);
        let right = outputs.column_iter().zip(&self.digits).filter(|(column, digit)| {
            column.iter().all(|x| x.is_finite()) && column.argmax().0 == **digit
        });
        right.count() as f64 / IMAGES as f64
    }
}
