//! The runs of one file while it is read, found by what a row says of them.

use std::collections::HashMap;

use crate::{Keep, number::Cell, run::Growing};

/// The runs of one file, in the order in which they first appear.
#[derive(Debug)]
pub(crate) struct Runs {
    runs: Vec<Growing>,
    /// By group, and by name; the last of those that started over.
    index: HashMap<String, HashMap<String, usize>>,
    /// The run of the row before.
    last: usize,
    /// How many headers came in the middle so far.
    part: u64,
    keep: Option<Keep>,
}

impl Runs {
    pub(crate) fn new<'a>(names: impl Iterator<Item = &'a str>, keep: Option<Keep>) -> Self {
        let mut runs = Self { runs: Vec::new(), index: HashMap::new(), last: 0, part: 0, keep };
        for name in names {
            runs.add(name, None);
        }
        runs
    }

    pub(crate) fn len(&self) -> usize {
        self.runs.len()
    }

    pub(crate) fn name(&self, run: usize) -> &str {
        &self.runs[run].name
    }

    /// Whether a run was infinite or not a number, and not finite since.
    pub(crate) fn is_broken(&self, run: usize) -> bool {
        self.runs[run].broken
    }

    pub(crate) fn find(&self, name: &str, group: Option<&str>) -> Option<usize> {
        if let Some(last) = self.runs.get(self.last)
            && last.name == name
            && last.group.as_deref() == group
        {
            return Some(self.last);
        }
        self.index.get(group.unwrap_or_default())?.get(name).copied()
    }

    pub(crate) fn add(&mut self, name: &str, group: Option<&str>) -> usize {
        self.insert(Growing::new(name, group, self.part, 0))
    }

    fn insert(&mut self, run: Growing) -> usize {
        let place = self.runs.len();
        let group = run.group.clone().unwrap_or_default();
        self.index.entry(group).or_default().insert(run.name.clone(), place);
        self.runs.push(run);
        place
    }

    /// A header stands in the middle: runs may start over behind it.
    pub(crate) fn header_again(&mut self) {
        self.part += 1;
    }

    /// The run that has taken the place of this one, if it has started over.
    pub(crate) fn latest(&self, run: usize) -> usize {
        let at = &self.runs[run];
        if self.part == 0 { run } else { self.find(&at.name, at.group.as_deref()).unwrap_or(run) }
    }

    /// Adds a point, and says whether one was dropped.
    ///
    /// # Errors
    ///
    /// The first and the largest step so far, if this one is not beyond it and nothing says which to keep.
    pub(crate) fn push(
        &mut self,
        mut run: usize,
        step: f64,
        value: Cell,
    ) -> Result<bool, (f64, f64)> {
        let at = &self.runs[run];
        let behind_header = at.part != self.part && self.keep.is_none();
        if behind_header && at.first().is_some_and(|first| step <= first) {
            let over = Growing::new(&at.name, at.group.as_deref(), self.part, at.earlier + 1);
            run = self.insert(over);
        }
        self.last = run;
        let at = &mut self.runs[run];
        at.part = self.part;
        let dropped = at.dropped;
        at.push(step, value, self.keep)?;
        Ok(at.dropped > dropped)
    }

    pub(crate) fn into_iter(self) -> impl Iterator<Item = Growing> {
        self.runs.into_iter()
    }
}
