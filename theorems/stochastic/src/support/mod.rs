//! What several theorems of this chapter compute with.

mod atoms;
mod averaging;
mod centred_moments;
mod enumerated;
mod exact_means;
mod floors;
mod fourth_moments;
mod gap_moments;
mod workers;

pub(crate) use atoms::{Flaw, allowed_step, enumerated, noise_of_atoms, without_hypotheses};
pub(crate) use averaging::{Averaging, Measured, variance_of_sum};
pub(crate) use centred_moments::{CentredMap, CentredMoments};
pub(crate) use enumerated::Enumerated;
pub(crate) use exact_means::exact_mean;
pub(crate) use floors::Floors;
pub(crate) use fourth_moments::{FourthMap, FourthMoments};
pub(crate) use gap_moments::{GapMoments, NoiseLaw};
pub(crate) use workers::{SYMMETRIC, Workers, most_often_wrong, symmetric, vote_is_wrong};
