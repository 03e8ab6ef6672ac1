//! Pages.

mod bars;
mod cards;
mod chapter;
mod control;
mod document;
mod exercises;
mod explorable;
mod glance;
mod glossary;
mod hypotheses;
mod index;
mod instances;
mod layout;
mod map;
mod necessity;
mod needs;
mod search;
mod searched;
mod symbols;
mod theorem;

pub(crate) use chapter::chapter;
pub(crate) use document::document;
pub(crate) use glossary::glossary;
pub(crate) use hypotheses::{HYPOTHESES_FILE, hypotheses};
pub(crate) use index::index;
pub(crate) use layout::{layout, style};
pub(crate) use map::{MAP_FILE, map};
pub(crate) use search::search_index;
pub(crate) use theorem::theorem;

/// What pages do beyond showing what they hold: the search, and one screen after the other.
pub(crate) const SCRIPT: &str = include_str!("site.js");
/// What sliders do.
pub(crate) const EXPLORABLE: &str = include_str!("explorable.js");
/// Paths from the root of the site.
pub(crate) const EXPLORABLE_FILE: &str = "explorable.js";
pub(crate) const SCRIPT_FILE: &str = "site.js";
pub(crate) const STYLE_FILE: &str = "style.css";
pub(crate) const SEARCH_FILE: &str = "search-index.js";
