//! What is to be said of a file: what was left out, and what was decided.

use crate::{
    fault::shown,
    note::count,
    run::{Growing, Grown},
};

/// How many names a sentence lists.
const LISTED: usize = 5;

/// How often, and on which line first.
#[derive(Debug, Default)]
pub(crate) struct Times {
    pub(crate) number: u64,
    line: u64,
}

impl Times {
    pub(crate) fn add(&mut self, line: u64) {
        if self.number == 0 {
            self.line = line;
        }
        self.number += 1;
    }
}

/// What was counted while a file was read.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) rows: u64,
    /// Cells without a value.
    pub(crate) empty: Times,
    /// Rows with a value and without a step.
    pub(crate) stepless: Times,
    /// Where steps fall back and it is said what to keep.
    pub(crate) falls: Times,
    /// The lines of headers in the middle.
    pub(crate) headers: Vec<u64>,
    /// The line that may be cut.
    pub(crate) cut: Option<u64>,
}

/// A run of a file, as it was read.
pub(crate) struct Finished {
    pub(crate) name: String,
    pub(crate) group: Option<String>,
    pub(crate) earlier: u64,
    pub(crate) dropped: u64,
    pub(crate) grown: Grown,
}

impl Finished {
    /// Ends a run; `alone` is its name if it has none in the rows.
    pub(crate) fn new(run: Growing, alone: Option<&str>) -> Self {
        let name = if run.name.is_empty() {
            alone.unwrap_or_default().to_owned()
        } else {
            run.name.clone()
        };
        Self {
            name,
            group: run.group.clone(),
            earlier: run.earlier,
            dropped: run.dropped,
            grown: run.finish(),
        }
    }
}

impl Account {
    /// Sentences on what was counted. `side_by_side` is the number of columns of values.
    pub(crate) fn sentences(
        &self,
        runs: &[Finished],
        step: &str,
        value: &str,
        side_by_side: Option<usize>,
    ) -> Vec<String> {
        let mut said = Vec::new();
        if self.empty.number > 0 {
            let (number, line) = (self.empty.number, self.empty.line);
            said.push(match side_by_side {
                None => format!(
                    "{number} of {} have no {value} and are no points (first on line {line})",
                    count(self.rows, "row")
                ),
                Some(columns) => format!(
                    "{number} of {} are empty and are no points (first on line {line})",
                    count(self.rows * columns as u64, "cell")
                ),
            });
        }
        if self.stepless.number > 0 {
            let rows = count(self.stepless.number, "row");
            said.push(format!(
                "{rows} without {step} are no points (first on line {})",
                self.stepless.line
            ));
        }
        let dropped = runs.iter().map(|run| run.dropped).sum::<u64>();
        if dropped > 0 {
            let points = count(dropped, "point");
            said.push(format!(
                "{points} left out where {step} falls back, as `--keep` says (first on line {})",
                self.falls.line
            ));
        }
        if let Some(line) = self.cut {
            said.push(format!(
                "line {line} is left out: it has no end, and what stands there may be cut off"
            ));
        }
        self.headers_again(runs, step, &mut said);
        of_runs(runs, value, &mut said);
        said
    }

    fn headers_again(&self, runs: &[Finished], step: &str, said: &mut Vec<String>) {
        let Some((first, others)) = self.headers.split_first() else { return };
        let more = if others.is_empty() {
            String::new()
        } else {
            format!(" and {} more", count(others.len() as u64, "line"))
        };
        let over = runs.iter().filter(|run| run.earlier > 0).count();
        let what = if over == 0 {
            "runs go on there".to_owned()
        } else {
            format!(
                "{step} starts over, and {} of their own begin there, called `… (2)`",
                count(over as u64, "run")
            )
        };
        let what = what.replace("1 run of their own begin", "a run of its own begins");
        said.push(format!("the header stands again on line {first}{more}: {what}"));
    }
}

fn of_runs(runs: &[Finished], value: &str, said: &mut Vec<String>) {
    let gaps = runs.iter().map(|run| run.grown.gaps).sum::<u64>();
    if gaps > 0 {
        let cells = count(gaps, "cell");
        said.push(format!("{cells} of {value} are `None`, `null` or `NA` where finite values follow or none came before: nothing was logged there"));
    }
    let again = runs.iter().filter(|run| run.grown.behind > 0).collect::<Vec<_>>();
    if !again.is_empty() {
        let behind = again.iter().map(|run| run.grown.behind).sum::<u64>();
        said.push(format!(
            "finite values follow some that are not in {}: these runs count as diverged from the first on, and {} behind it are left out. \
             If nothing was logged there, leave the cells empty",
            listed(again.iter().map(|run| run.name.as_str())),
            count(behind, "value")
        ));
    }
    let empty = runs.iter().filter(|run| run.grown.is_empty()).collect::<Vec<_>>();
    if !empty.is_empty() {
        said.push(format!(
            "left out, since they have no point: {}",
            listed(empty.iter().map(|run| run.name.as_str()))
        ));
    }
}

fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(LISTED);
    let names = names
        .take(LISTED)
        .map(|name| if name.is_empty() { "the run".to_owned() } else { shown(name) });
    let names = names.collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{names} and {more} more") } else { names }
}
