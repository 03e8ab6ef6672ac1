//! What a run writes down on its way, so that it can go on after it was killed.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Keeps what was finished: blocks of trials, instances, figures, each under a key of its own within a theorem and its
/// run. What it recalls must be what was kept, of the same build: nothing of it is checked again.
pub trait Journal: Send + Sync {
    /// What was kept under this key.
    fn recall(&self, key: &str) -> Option<String>;

    /// Keeps it. What cannot be kept is computed again, and does no other harm.
    fn keep(&self, key: &str, value: &str);
}

/// The part of a journal whose keys begin alike.
#[derive(Clone, Default)]
pub(crate) struct Page {
    journal: Option<Arc<dyn Journal>>,
    key: String,
}

impl Page {
    /// The first page.
    pub(crate) fn of(journal: Arc<dyn Journal>) -> Self {
        Page { journal: Some(journal), key: String::new() }
    }

    /// A part of this one.
    pub(crate) fn part(&self, name: impl std::fmt::Display) -> Self {
        if self.journal.is_none() {
            return Page::default();
        }
        Page { journal: self.journal.clone(), key: format!("{}/{name}", self.key) }
    }

    /// What was kept here before, or what is made now and kept.
    pub(crate) fn recalled_or<T>(&self, make: impl FnOnce() -> T) -> T
    where
        T: Serialize + DeserializeOwned,
    {
        if let Some(known) = self.recall() {
            return known;
        }
        let made = make();
        self.keep(&made);
        made
    }

    pub(crate) fn recall<T: DeserializeOwned>(&self) -> Option<T> {
        let text = self.journal.as_ref()?.recall(&self.key)?;
        serde_json::from_str(&text).ok()
    }

    pub(crate) fn keep(&self, value: &impl Serialize) {
        if let Some(journal) = &self.journal
            && let Ok(text) = serde_json::to_string(value)
        {
            journal.keep(&self.key, &text);
        }
    }
}
