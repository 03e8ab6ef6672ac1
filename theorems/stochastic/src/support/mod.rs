//! What several theorems of this chapter compute with.

mod all_paths;
mod atoms;
mod averaging;
mod bounded;
mod centred_moments;
mod enumerated;
mod exact_means;
mod floors;
mod fourth_moments;
mod gap_moments;
mod intervals;
mod signs_on_a_line;
mod turned;
mod workers;

pub(crate) use atoms::{
    Flaw, UNBIASED, allowed_step, enumerated, noise_of_atoms, without_constants, without_hypotheses,
};
pub(crate) use averaging::{Averaging, Measured, variance_of_last, variance_of_sum};
pub(crate) use bounded::Bounded;
pub(crate) use centred_moments::{CentredMap, CentredMoments};
pub(crate) use enumerated::Enumerated;
pub(crate) use exact_means::exact_mean;
pub(crate) use floors::Floors;
pub(crate) use fourth_moments::{FourthMap, FourthMoments};
pub(crate) use gap_moments::{GapMoments, NoiseLaw};
pub(crate) use intervals::{in_an_interval, second_moment_within, steeper_outside};
pub(crate) use signs_on_a_line::{
    BOUNDED_SIGNS, Faulty, SignsOnALine, UNBIASED_SIGNS, hidden_slopes, noise_of_signs,
    signs_on_a_line,
};
pub(crate) use turned::{
    FIRST_BATCH, FIRST_STEP, STEP, at_one_over_l, batches, floor_bound, long_steps, steps, turned,
};
pub(crate) use workers::{SYMMETRIC, Workers, most_often_wrong, symmetric, vote_is_wrong};
