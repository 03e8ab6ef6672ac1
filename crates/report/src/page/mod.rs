//! Pages.

mod glossary;
mod index;
mod instances;
mod layout;
mod necessity;
mod needs;
mod searched;
mod theorem;

pub(crate) use glossary::glossary;
pub(crate) use index::index;
pub(crate) use layout::layout;
pub(crate) use theorem::{Around, theorem};
