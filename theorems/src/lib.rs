//! What is claimed.
//!
//! One module a theorem, a folder a chapter. The statement of a theorem is the Markdown file beside
//! its module; it is the module's documentation and the report's text.
//!
//! ```
//! use theoria_verification::{Settings, Standing};
//!
//! let theorem = theoria_theorems::find("convergence/gradient_descent_pl").unwrap();
//! assert_eq!(theorem.check(&Settings::default()).standing, Standing::Holds);
//! ```

/// Declares the theorems of a chapter: one line a theorem, the name of its module, which has a
/// function `theorem()`.
macro_rules! chapter {
    ($($theorem:ident),* $(,)?) => {
        $(pub mod $theorem;)*

        /// The theorems of this chapter, in the order of the book.
        pub fn all() -> Vec<theoria_verification::Theorem> {
            vec![$($theorem::theorem()),*]
        }
    };
}

pub mod convergence;
pub mod families;
pub mod hypotheses;
pub mod implicit_bias;
pub mod initialization;
pub mod landscape;
mod problem;
pub mod references;
mod series;
mod split;
pub mod stochastic;
pub mod trust;

pub use problem::Problem;
pub use split::{CompositeProblem, ConstrainedProblem};

use theoria_verification::Theorem;

/// Every theorem, chapter by chapter.
pub fn all() -> Vec<Theorem> {
    [
        convergence::all(),
        stochastic::all(),
        initialization::all(),
        landscape::all(),
        implicit_bias::all(),
        trust::all(),
    ]
    .concat()
}

/// The theorem with this id, `chapter/name`.
pub fn find(id: &str) -> Option<Theorem> {
    all().into_iter().find(|theorem| theorem.id().to_string() == id)
}
