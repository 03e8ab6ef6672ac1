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
    claims: usize,
}

impl Budget {
    /// The family-wise probability of a wrong verdict in one run of the suite.
    pub const TOTAL: f64 = 1e-6;

    /// The budget split over this many claims and controls (at least one).
    pub fn over(claims: usize) -> Self {
        Budget {
            claims: claims.max(1),
        }
    }

    /// What one claim may spend.
    pub fn per_claim(&self) -> f64 {
        Self::TOTAL / self.claims as f64
    }
}

impl Default for Budget {
    /// Enough for a thousand claims.
    fn default() -> Self {
        Budget::over(1000)
    }
}
