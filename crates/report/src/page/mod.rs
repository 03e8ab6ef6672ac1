//! Pages.

mod glossary;
mod index;
mod instances;
mod layout;
mod needs;
mod theorem;

pub(crate) use glossary::glossary;
pub(crate) use index::index;
pub(crate) use theorem::{Around, theorem};
