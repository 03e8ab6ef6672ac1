//! Pages.

mod index;
mod instances;
mod layout;
mod theorem;

pub(crate) use index::index;
pub(crate) use theorem::{Around, theorem};
