//! Worst cases that others have computed.

use theoria_verification::{Case, Claim, Family, Hypothesis, Reading, Readings};

/// That `left(N)`, the gap that N steps leave on the function that is fitted to them, in units of L R², is the exact worst case that
/// semidefinite programming finds, `found`, to its six digits.
pub(crate) fn known_worst_cases<const K: usize>(
    formula: &str,
    found: [(usize, f64); K],
    left: impl Fn(usize) -> Reading + Send + Sync + 'static,
) -> Claim<Case<(usize, f64)>> {
    Claim::identity("worst_cases_that_are_known", formula, 4e-6)
        .assuming([Hypothesis::by_construction(
            "smooth and convex",
            "the functions with one kink or bend are, which the claims on them check",
        )])
        .on(Family::cases("numbers of steps", found, |(steps, _)| format!("N = {steps}")))
        .measuring_each(move |case: &Case<(usize, f64)>| {
            Readings::at(case.value.0, left(case.value.0))
        })
        .predicting(|case, _| case.value.1)
}
