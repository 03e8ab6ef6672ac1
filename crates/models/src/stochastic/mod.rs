//! Stochastic gradients: finite sums, noise models, workers' messages.
//!
//! A [`StochasticOracle`] draws an unbiased estimate of the gradient, independently for each trial
//! of an [`Ensemble`](crate::Ensemble), and knows the moments of what it draws. Joined with a
//! generator, as [`Noisy`], it is an ordinary [`Oracle`](crate::oracle::Oracle): every method runs
//! on stochastic gradients without knowing it.
//!
//! ```
//! use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
//! use theoria_models::objectives::LeastSquares;
//! use theoria_models::oracle::Oracle;
//! use theoria_models::stochastic::{MiniBatch, Noisy, Sampling, StochasticOracle};
//! use theoria_models::{Ensemble, Matrix, Vector};
//!
//! let f = LeastSquares::new(Matrix::from_row_slice(2, 1, &[1.0, 3.0]), Vector::from_vec(vec![1.0, 3.0]));
//! let single = MiniBatch::new(f, 1, Sampling::WithReplacement);
//! // At 0 the sample gradients are -1 and -9: the gradient is -5, the variance 16.
//! assert_eq!(single.variance(&Vector::zeros(1)), 16.0);
//!
//! let noisy = Noisy::new(&single, ChaCha8Rng::seed_from_u64(1));
//! let at = Ensemble::repeat(&Vector::zeros(1), 100);
//! let mut drawn = at.clone();
//! noisy.gradient(&at, &mut drawn);
//! assert!(drawn.numbers().iter().all(|g| *g == -1.0 || *g == -9.0));
//! assert!(drawn.numbers().contains(&-1.0) && drawn.numbers().contains(&-9.0));
//! ```

mod batches;
pub mod draws;
mod dropout;
mod finite_sum;
mod fresh_labels;
mod gaussian_noise;
mod in_turn;
mod label_noise;
mod linear_model;
mod noisy;
mod occupation;
mod one_draw;
mod oracle;
mod paths;
mod perturbed;
mod repeated;
mod reshuffling;
mod restricted;
mod second_moments;
mod signs;

pub(crate) use linear_model::add_linear_gradients;

pub use batches::{MiniBatch, Sampling, every_batch};
pub use dropout::Dropout;
pub use finite_sum::{FiniteSum, GradientMoments};
pub use fresh_labels::FreshLabels;
pub use gaussian_noise::GaussianNoise;
pub use in_turn::InTurn;
pub use label_noise::{LabelLaw, LabelNoise, SquaredLoss};
pub use noisy::Noisy;
pub use occupation::{NotIntegrable, Occupation, inverse_power_on_sphere};
pub use one_draw::OneDraw;
pub use oracle::{Atom, MOST_ATOMS, NoiseModel, StochasticOracle, estimated_noise};
pub use paths::{Path, expectation_over_paths};
pub use perturbed::{Perturbed, Shape};
pub use repeated::Repeated;
pub use reshuffling::Reshuffling;
pub use restricted::Restricted;
pub use second_moments::{MomentMap, SecondMoments, gradient_maps, mean_matrix};
pub use signs::Signs;
