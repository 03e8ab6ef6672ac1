//! How often a matrix of rank 1 is found from entries at random.

use theoria_algorithms::{AlternatingLeastSquares, Method};
use theoria_verification::{Case, Claim, Family, Hypothesis, Side, TrialClaim};

use super::connected::share_of_joined;
use super::incomplete::{random_problem, spectral_start};

/// Sweeps before alternating least squares is given up.
const GIVEN_UP: usize = 200;
/// Relative error of a success.
const FOUND: f64 = 1e-4;
/// Of 64.
const SEEN: usize = 24;

/// Random entries of random matrices of rank 1, of which each trial draws its own.
fn random_ones(name: &str, formula: &str, side: Side, share: f64) -> TrialClaim<Case<usize>> {
    let claim = Claim::probability(name, formula, side)
        .assuming([Hypothesis::by_construction("normal factors", "each trial draws its own")])
        .on(Family::cases("8 x 8 of rank 1", [SEEN], |count| format!("{count} random entries")));
    with_share(claim, share)
}

/// That it is this share of what is joined.
fn with_share(claim: TrialClaim<Case<usize>>, share: f64) -> TrialClaim<Case<usize>> {
    let joined = share_of_joined((8, 8), SEEN);
    claim.predicting(move |_, _| share * joined)
}

/// The same trials with another share.
pub(crate) fn restated(
    claim: &TrialClaim<Case<usize>>,
    name: &str,
    formula: &str,
    share: f64,
) -> TrialClaim<Case<usize>> {
    with_share(claim.restated(name, formula), share)
}

/// By alternating least squares.
pub(crate) fn success(
    name: &str,
    formula: &str,
    (side, share): (Side, f64),
) -> TrialClaim<Case<usize>> {
    random_ones(name, formula, side, share).trials(8192).sampling(|at, block| {
        block.each_event(at.value, |random| {
            let problem = random_problem(8, 1, at.value, random);
            let loss = problem.loss();
            let mut x = spectral_start(&problem);
            (0..GIVEN_UP).any(|_| {
                AlternatingLeastSquares.step(&loss, &mut x);
                problem.error(&loss.matrix(&x)) < FOUND
            })
        })
    })
}

/// Entry by entry along what joins them.
pub(crate) fn filled(name: &str, formula: &str) -> TrialClaim<Case<usize>> {
    random_ones(name, formula, Side::Within(0.015), 1.0).trials(65_536).sampling(|at, block| {
        block.each_event(at.value, |random| {
            let problem = random_problem(8, 1, at.value, random);
            problem.filled_in().is_some_and(|found| problem.error(&found) < FOUND)
        })
    })
}
