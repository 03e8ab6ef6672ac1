//! The names of a table's columns, and how one of them is meant.

use crate::{
    Column, Fault,
    fault::{harmless, shown, typed},
};

/// How many columns a sentence lists.
const LISTED: usize = 12;

/// The names of a table's columns, without surrounding blanks; a column may have none.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) file: String,
    /// Where it stands.
    pub(crate) line: u64,
    pub(crate) names: Vec<String>,
    /// Whether keys within objects are among them, with dots between the keys that lead there: `metrics.loss`.
    pub(crate) nested: bool,
}

impl Header {
    pub(crate) fn new<'a>(file: &str, line: u64, names: impl Iterator<Item = &'a str>) -> Self {
        Self { file: file.to_owned(), line, names: names.map(harmless).collect(), nested: false }
    }

    /// The column's name, or its number where it has none.
    pub(crate) fn name(&self, index: usize) -> String {
        match self.names.get(index) {
            Some(name) if !name.is_empty() => name.clone(),
            _ => format!("column {}", index + 1),
        }
    }

    /// The column as it stands in a fault.
    pub(crate) fn quoted(&self, index: usize) -> String {
        match self.names.get(index) {
            Some(name) if !name.is_empty() => shown(name),
            _ => (index + 1).to_string(),
        }
    }

    /// The column as one types it after an option.
    pub(crate) fn typed(&self, index: usize) -> String {
        let name = &self.names[index];
        if name.is_empty()
            || name.starts_with('-')
            || name.contains('\u{fffd}')
            || self.same(name).len() > 1
        {
            return (index + 1).to_string();
        }
        typed(name)
    }

    /// All columns of a name, in any case; of keys within objects slashes are as good as dots.
    pub(crate) fn same(&self, name: &str) -> Vec<usize> {
        let alike = |name: &str| {
            let name = name.to_lowercase();
            if self.nested { name.replace('/', ".") } else { name }
        };
        let name = alike(name);
        (0..self.names.len()).filter(|&index| alike(&self.names[index]) == name).collect()
    }

    /// The last key of a column within an object, in lower case: what it is called there.
    pub(crate) fn last_key(&self, index: usize) -> Option<String> {
        let (_, last) = self.names[index].rsplit_once('.').filter(|_| self.nested)?;
        Some(last.to_lowercase())
    }

    /// Whether a column is called as seeds are, which tell runs of one group apart.
    pub(crate) fn is_seed(&self, index: usize) -> bool {
        let called = |name: &str| crate::columns::SEEDS.contains(&name);
        called(&self.names[index].to_lowercase())
            || self.last_key(index).is_some_and(|key| called(&key))
    }

    /// All columns, as a sentence lists them.
    pub(crate) fn listed(&self) -> String {
        let named = (0..self.names.len()).filter(|&index| !self.names[index].is_empty());
        let names =
            named.clone().take(LISTED).map(|index| shown(&self.names[index])).collect::<Vec<_>>();
        let more = named.count() - names.len();
        match (names.len(), more) {
            (0, _) => format!("{} columns without names", self.names.len()),
            (_, 0) => names.join(", "),
            _ => format!("{} and {more} more", names.join(", ")),
        }
    }

    /// The one column that is meant; `None` if there is none of that name.
    ///
    /// # Errors
    ///
    /// If several have this name, or a number is too large.
    pub(crate) fn find(&self, column: &Column, option: &str) -> Result<Option<usize>, Fault> {
        let (name, number) = match column {
            Column::Name(name) => (name.trim().to_owned(), None),
            Column::Number(number) => (number.to_string(), Some(*number)),
        };
        let exact = (0..self.names.len())
            .filter(|&index| self.names[index] == name && !name.is_empty())
            .collect::<Vec<_>>();
        let alike = if number.is_none() && exact.is_empty() && !name.is_empty() {
            self.same(&name)
        } else {
            Vec::new()
        };
        match (exact.as_slice(), alike.as_slice(), number) {
            ([one], ..) | ([], [one], _) => Ok(Some(*one)),
            ([], [], None) => Ok(None),
            ([], [], Some(number)) if (1..=self.names.len()).contains(&number) => Ok(Some(number - 1)),
            ([], [], Some(number)) => Err(self.fault(format!(
                "there is no column {number}: columns are numbered from 1 to {}. Type `{option} NAME`; there are {}",
                self.names.len(),
                self.listed()
            ))),
            ([], several, _) | (several, ..) => Err(self.several(several, option)),
        }
    }

    /// The same where a column must be there.
    pub(crate) fn must_find(&self, column: &Column, option: &str) -> Result<usize, Fault> {
        self.find(column, option)?.ok_or_else(|| {
            let name = if let Column::Name(name) = column { shown(name) } else { String::new() };
            self.fault(format!(
                "there is no column {name}. Type `{option} NAME`; there are {}",
                self.listed()
            ))
        })
    }

    /// The fault that several columns may be meant.
    pub(crate) fn several(&self, columns: &[usize], option: &str) -> Fault {
        self.fault(self.several_text(columns, option))
    }

    pub(crate) fn several_text(&self, columns: &[usize], option: &str) -> String {
        let named = |&index: &usize| format!("{} (column {})", self.quoted(index), index + 1);
        let names = columns.iter().map(named).collect::<Vec<_>>().join(", ");
        let cure = |&index: &usize| format!("`{option} {}`", self.typed(index));
        let cures = columns.iter().take(3).map(cure).collect::<Vec<_>>().join(" or ");
        format!("several columns may be meant: {names}. Type {cures}")
    }

    pub(crate) fn fault(&self, text: String) -> Fault {
        Fault::new(&self.file, text).line_is(self.line)
    }
}
