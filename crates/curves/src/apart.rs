//! Rows that are not of one run, though nothing that was asked for tells them apart.

use crate::{
    Fault,
    columns::{Columns, Layout},
    fault::shown,
    header::Header,
    number::looks_numeric,
    record::Record,
};

/// Columns that say of which of several quantities a row speaks.
const KINDS: [&str; 13] = [
    "split",
    "phase",
    "mode",
    "stage",
    "subset",
    "partition",
    "dataset",
    "tag",
    "metric",
    "metric_name",
    "key",
    "name",
    "variable",
];

/// The columns that say what kind of row each is, and what the first row said.
#[derive(Debug, Default)]
pub(crate) struct Kinds(Vec<(usize, Option<String>)>);

impl Kinds {
    pub(crate) fn new(header: &Header, columns: &Columns) -> Self {
        let is_kind = |index: &usize| KINDS.contains(&header.names[*index].to_lowercase().as_str());
        let long = matches!(columns.layout, Layout::Long { .. });
        let kinds = (0..header.names.len())
            .filter(|index| long && !columns.is_asked(*index) && is_kind(index));
        Self(kinds.map(|index| (index, None)).collect())
    }

    /// Refuses a row of another kind than those before: it would be taken for a point of the same run.
    pub(crate) fn check(
        &mut self,
        record: &Record,
        header: &Header,
        columns: &Columns,
    ) -> Result<(), Fault> {
        for (index, first) in &mut self.0 {
            let cell = record.get(*index);
            match first {
                None => *first = Some(cell.to_owned()),
                Some(first) if first == cell => {}
                Some(first) => {
                    let options = options(header, columns, *index).unwrap_or_default();
                    let text = format!(
                        "rows with values are of different kinds, {} and {}. Type `{options}` to keep them apart, or take out those that are not \
                         meant",
                        shown(first),
                        shown(cell)
                    );
                    let fault = Fault::new(&header.file, text).line_is(record.line_of(*index));
                    return Err(fault.column_is(header.quoted(*index)));
                }
            }
        }
        Ok(())
    }
}

/// The options by which a column tells runs apart.
fn options(header: &Header, columns: &Columns, other: usize) -> Option<String> {
    match columns.layout {
        Layout::Long { run: None, .. } => Some(format!("--run {}", header.typed(other))),
        Layout::Long { run: Some(run), group: None, .. } => {
            let (run, group) = if header.is_seed(other) { (other, run) } else { (run, other) };
            Some(format!("--run {} --group {}", header.typed(run), header.typed(group)))
        }
        _ => None,
    }
}

/// Where the steps of a run fall back.
pub(crate) struct Fall<'a> {
    pub(crate) run: &'a str,
    /// The first and the largest step so far.
    pub(crate) from: (f64, f64),
    pub(crate) to: f64,
}

impl Fall<'_> {
    /// Refuses it.
    pub(crate) fn fault(&self, record: &Record, header: &Header, columns: &Columns) -> Fault {
        let of = if self.run.is_empty() {
            String::new()
        } else {
            format!(" in the run {}", shown(self.run))
        };
        let (to, (first, last)) = (self.to, self.from);
        let what = if to < last {
            format!("falls back from {last} to {to}{of}")
        } else {
            format!("is {to} a second time{of}")
        };
        let mut text = format!(
            "{what}. Type `--keep last` if training was resumed there and the later points count, `--keep first` if the earlier ones do"
        );
        // Names of runs are no decimal numbers.
        let tells = |other: &usize| {
            let cell = record.get(*other);
            let decimal = looks_numeric(cell) && cell.contains(['.', ',']);
            !(columns.is_asked(*other) || cell.is_empty() || decimal)
        };
        let others = (0..header.names.len()).filter(tells).take(3);
        let others = others
            .filter_map(|other| options(header, columns, other))
            .map(|options| format!("`{options}`"))
            .collect::<Vec<_>>();
        if !others.is_empty() {
            text = format!(
                "{text}; if these are several runs, say what tells them apart, as by {}",
                others.join(" or ")
            );
        }
        if to <= first {
            text.push_str("; if another run begins there, repeat the header before it");
        }
        let column = columns.step;
        Fault::new(&header.file, text)
            .line_is(record.line_of(column))
            .column_is(header.quoted(column))
    }
}
