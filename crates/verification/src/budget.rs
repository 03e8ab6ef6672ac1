//! The error budget of the whole suite.

/// One budget for a wrong *refuted* and one for a wrong *supported* over the whole suite, split
/// equally over its claims (Bonferroni), so that the probability of any wrong verdict is bounded
/// whatever the dependence between the claims.
///
/// Deterministic experiments spend none of it: their verdicts depend on rounding alone.
///
/// ```
/// use theoria_verification::Budget;
/// assert_eq!(Budget::over(100).per_claim(), 1e-8);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    per_claim: f64,
}

impl Budget {
    /// The family-wise probability of a wrong verdict in one run of the suite.
    pub const TOTAL: f64 = 1e-6;

    /// The budget split over this many claims and controls (at least one).
    pub fn over(claims: usize) -> Self {
        Self::each(Self::TOTAL / claims.max(1) as f64)
    }

    /// A budget of which every claim may spend this much, between 0 and 1: to see how often verdicts go wrong,
    /// they must be allowed to.
    pub fn each(per_claim: f64) -> Self {
        Budget { per_claim }
    }

    /// What one claim may spend.
    pub fn per_claim(&self) -> f64 {
        self.per_claim
    }
}

impl Default for Budget {
    /// Enough for a thousand claims on trials; those on curves spend none of it.
    fn default() -> Self {
        Budget::over(1000)
    }
}
