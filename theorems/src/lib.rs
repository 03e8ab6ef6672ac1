//! What is claimed.
//!
//! A folder a chapter, each a crate of its own, so that a changed theorem compiles its chapter alone;
//! in it one module a theorem. The statement of a theorem is the Markdown file beside its module; it
//! is the module's documentation and the report's text. What claims are made on, the vocabulary of
//! their instances, is the crate `theoria_instances`.
//!
//! ```
//! use theoria_verification::{Settings, Standing};
//!
//! let theorem = theoria_theorems::find("convergence/gradient_descent_pl").unwrap();
//! assert_eq!(theorem.check(&Settings::default()).standing, Standing::Holds);
//! ```

pub use theoria_convergence as convergence;
pub use theoria_implicit_bias as implicit_bias;
pub use theoria_initialization as initialization;
pub use theoria_landscape as landscape;
pub use theoria_second_order as second_order;
pub use theoria_sparse_low_rank as sparse_low_rank;
pub use theoria_stochastic as stochastic;
pub use theoria_trust as trust;

use theoria_verification::Theorem;

/// Every theorem, chapter by chapter.
pub fn all() -> Vec<Theorem> {
    [
        convergence::all(),
        stochastic::all(),
        initialization::all(),
        landscape::all(),
        implicit_bias::all(),
        sparse_low_rank::all(),
        second_order::all(),
        trust::all(),
    ]
    .concat()
}

/// The theorem with this id, `chapter/name`.
pub fn find(id: &str) -> Option<Theorem> {
    all().into_iter().find(|theorem| theorem.id().to_string() == id)
}
