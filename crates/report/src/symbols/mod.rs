//! Symbols of formulas, and what the glossary says of them.

mod glossary;
mod latex;
mod symbol;

pub use glossary::{Entry, Glossary};
pub use latex::{formulas, symbols};
pub use symbol::{Script, Symbol};
