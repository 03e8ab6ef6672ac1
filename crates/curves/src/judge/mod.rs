//! What logged runs say of a claim.
//!
//! Runs are the trials. Exponents and rates are slopes of logarithms over octaves (or blocks) of steps, limits are fitted to parts of
//! octaves; the spread of a number over runs is its error, or what whole octaves leave of a fit where there is one run. Runs are taken to
//! be independent: all such verdicts are *nominal*. A slope that still changes widens its interval by what it has still to go, and other
//! laws that fit as well (a power with a floor, a logarithm, a power of n + s) are named with the number of octaves that would tell.
//! Claims on every step are read off the points, and say what share of runs could still break them.

mod answer;
mod approach;
mod cells;
mod claim;
mod comparison;
mod digits;
mod every_step;
mod exponent;
mod formula;
mod limit;
mod line;
mod long_run;
mod ranks;
mod rivals;
mod sentences;
mod theorem;
mod trend;

pub use answer::{Misuse, judge};
pub use claim::{Claim, Comparison, NoClaims, Target, Terms};
pub use formula::{Formula, NoFormula};
pub use sentences::sentences;
pub use theorem::{Answer, answers, theorem};
