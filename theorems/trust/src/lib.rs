//! Can these verdicts be trusted? The judgements on trials, judged by themselves.
//!
//! Claims whose truth is known are simulated and checked many times over with a generous error budget; what is
//! measured is how often the verdict is wrong, and how often a false claim is found out.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod support;

theoria_verification::chapter! {
    expected_bounds ["expected_bounds.worst.json"],
    unseen_trials,
    expected_values,
    laws_and_probabilities,
    adversary,
}
