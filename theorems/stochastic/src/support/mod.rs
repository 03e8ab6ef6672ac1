//! What several theorems of this chapter compute with.

mod exact_means;
mod fourth_moments;
mod gap_moments;
mod workers;

pub(crate) use exact_means::exact_mean;
pub(crate) use fourth_moments::{FourthMap, FourthMoments};
pub(crate) use gap_moments::{GapMoments, NoiseLaw};
pub(crate) use workers::{SYMMETRIC, Workers, most_often_wrong, symmetric, vote_is_wrong};
