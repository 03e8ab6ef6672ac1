//! The rows of one file, gathered into runs.

use crate::{
    Decimal, Fault, Keep,
    account::{Account, Finished},
    apart::{Fall, Kinds},
    columns::{Columns, Layout},
    fault::shown,
    header::Header,
    last_line::LastCell,
    note::count,
    number::{Cell, cell},
    record::{End, Record},
    runs::Runs,
};

/// More runs than this are no runs: the column is another.
const MOST_RUNS: usize = 100_000;
/// Whole numbers beyond are not told apart.
const LARGEST_STEP: f64 = 9_007_199_254_740_992.0;

/// What is read of one file, row by row.
pub(crate) struct Gathering {
    header: Header,
    columns: Columns,
    decimal: Decimal,
    /// Whether a row may lack columns, as objects of JSON may lack keys.
    sparse: bool,
    /// How many columns there are up to the last that has a name or is asked for.
    named: usize,
    kinds: Kinds,
    runs: Runs,
    last_cell: LastCell,
    account: Account,
}

impl Gathering {
    pub(crate) fn new(
        header: Header,
        columns: Columns,
        decimal: Decimal,
        keep: Option<Keep>,
        sparse: bool,
    ) -> Self {
        let names = match &columns.layout {
            Layout::Wide(runs) => runs.as_slice(),
            Layout::Long { .. } => &[],
        };
        let runs = Runs::new(names.iter().map(|(_, name)| name.as_str()), keep);
        let kinds = Kinds::new(&header, &columns);
        let (last_cell, account) = Default::default();
        let mut gathering =
            Self { header, columns, decimal, sparse, named: 0, kinds, runs, last_cell, account };
        let names = &gathering.header.names;
        let named =
            |&column: &usize| !names[column].is_empty() || gathering.columns.is_asked(column);
        let all = names.iter().all(String::is_empty);
        let last = if all { names.len().checked_sub(1) } else { (0..names.len()).rfind(named) };
        gathering.named = last.map_or(0, |last| last + 1);
        gathering
    }

    /// Takes a row.
    pub(crate) fn row(&mut self, record: &Record) -> Result<(), Fault> {
        if self.is_header(record) {
            self.runs.header_again();
            self.account.headers.push(record.line);
            return Ok(());
        }
        self.account.rows += 1;
        if !self.is_whole(record)? {
            self.account.cut = Some(record.line);
            return Ok(());
        }
        if let Layout::Long { value, .. } = self.columns.layout {
            return self.long(record, value);
        }
        self.wide(record)
    }

    fn is_header(&self, record: &Record) -> bool {
        let names = &self.header.names;
        let step = &names[self.columns.step];
        !self.sparse
            && !step.is_empty()
            && record.get(self.columns.step) == step
            && record.len() == names.len()
            && record.cells().eq(names.iter())
    }

    /// Whether no cell that is asked for may be cut.
    fn is_whole(&mut self, record: &Record) -> Result<bool, Fault> {
        let (cells, columns) = (record.len(), self.header.names.len());
        if self.sparse {
            return Ok(true);
        }
        if record.end == End::WithinQuotes || (cells < columns && record.end != End::Line) {
            return Ok(false);
        }
        // Behind the last column that has a name only commas may stand, or be missing.
        let more = record.cells().skip(self.named).any(|cell| !cell.is_empty());
        if cells < self.named || more {
            let text = format!(
                "{} where the header has {}. Mend the line, or put `#` before it to leave it out; if the cells are not separated as they \
                 should be, type `--delimiter` with the right character",
                count(cells as u64, "cell"),
                self.named
            );
            return Err(self.fault(record, text));
        }
        let last = columns - 1;
        if !self.columns.is_asked(last) {
            return Ok(true);
        }
        if record.end == End::File && !self.last_cell.is_whole(record.get(last)) {
            return Ok(false);
        }
        if !record.get(last).is_empty() {
            self.last_cell.see(record.get(last));
        }
        Ok(true)
    }

    fn long(&mut self, record: &Record, column: usize) -> Result<(), Fault> {
        let value = self.value(record, column)?;
        let (name, group) = self.said(record);
        let run = self.runs.find(name, group);
        if value == Cell::Empty {
            self.empty(record, run);
            return Ok(());
        }
        let Some(step) = self.step(record, column)? else { return Ok(()) };
        self.kinds.check(record, &self.header, &self.columns)?;
        let run = run.map_or_else(|| self.new_run(record), Ok)?;
        self.point(record, run, step, value)
    }

    fn wide(&mut self, record: &Record) -> Result<(), Fault> {
        let mut step = None;
        let columns = self.columns.values();
        for (run, column) in columns.into_iter().enumerate() {
            let value = self.value(record, column)?;
            let run = self.runs.latest(run);
            if value == Cell::Empty {
                self.empty(record, Some(run));
                continue;
            }
            if step.is_none() {
                step = self.step(record, column)?;
            }
            let Some(step) = step else { return Ok(()) };
            self.point(record, run, step, value)?;
        }
        Ok(())
    }

    /// Where a run is infinite before, an empty cell does not say that nothing was logged.
    fn empty(&mut self, record: &Record, run: Option<usize>) {
        if !run.is_some_and(|run| self.runs.is_broken(run)) {
            self.account.empty.add(record.line);
        }
    }

    fn value(&self, record: &Record, column: usize) -> Result<Cell, Fault> {
        cell(record.get(column), self.decimal)
            .map_err(|what| self.not_a_number(record, column, "--value", &what))
    }

    fn not_a_number(&self, record: &Record, column: usize, option: &str, what: &str) -> Fault {
        let text = format!(
            "{what}. Mend it, put `#` before the line to leave it out, or type `{option} NAME` for another column; there are {}",
            self.header.listed()
        );
        let text = if self.sparse {
            text.replace(", put `#` before the line to leave it out,", "")
        } else {
            text
        };
        Fault::new(&self.header.file, text)
            .line_is(record.line_of(column))
            .column_is(self.header.quoted(column))
    }

    /// The step of a row that has a value; `None` where rows may lack it.
    fn step(&mut self, record: &Record, value: usize) -> Result<Option<f64>, Fault> {
        let column = self.columns.step;
        let text = record.get(column);
        match cell(text, self.decimal) {
            Ok(Cell::Finite(step)) if step.abs() <= LARGEST_STEP => Ok(Some(step)),
            Ok(Cell::Empty) if self.sparse => {
                self.account.stepless.add(record.line);
                Ok(None)
            }
            Ok(Cell::Empty) => {
                let what = format!(
                    "there is no step, but {} is {}",
                    self.header.quoted(value),
                    shown(record.get(value))
                );
                Err(self.not_a_number(record, column, "--step", &what))
            }
            Ok(Cell::Finite(_)) => {
                let what =
                    format!("{} is beyond 2^53, where steps are not told apart", shown(text));
                Err(self.not_a_number(record, column, "--step", &what))
            }
            Ok(_) => Err(self.not_a_number(
                record,
                column,
                "--step",
                &format!("{} is no step", shown(text)),
            )),
            Err(what) => Err(self.not_a_number(record, column, "--step", &what)),
        }
    }

    /// What the row says of its run: its name and its group.
    fn said<'r>(&self, record: &'r Record) -> (&'r str, Option<&'r str>) {
        let Layout::Long { run, group, .. } = self.columns.layout else { return ("", None) };
        (run.map_or("", |column| record.get(column)), group.map(|column| record.get(column)))
    }

    fn new_run(&mut self, record: &Record) -> Result<usize, Fault> {
        let (name, said_group) = self.said(record);
        let Layout::Long { run, group, .. } = self.columns.layout else { return Ok(0) };
        for (column, option) in [(run, "--run"), (group, "--group")] {
            if let Some(column) = column.filter(|&column| record.get(column).is_empty()) {
                let what = "the cell is empty in a row that has a value";
                return Err(self.not_a_number(record, column, option, what));
            }
        }
        if self.runs.len() >= MOST_RUNS {
            let text = format!(
                "more than {MOST_RUNS} runs. Type `--run NAME` for the column that tells runs apart; there are {}",
                self.header.listed()
            );
            let fault = self.fault(record, text);
            return Err(match run.or(group) {
                Some(column) => fault.column_is(self.header.quoted(column)),
                None => fault,
            });
        }
        Ok(self.runs.add(name, said_group))
    }

    fn point(&mut self, record: &Record, run: usize, step: f64, value: Cell) -> Result<(), Fault> {
        match self.runs.push(run, step, value) {
            Ok(false) => {}
            Ok(true) => self.account.falls.add(record.line),
            Err(from) => {
                let fall = Fall { run: self.runs.name(run), from, to: step };
                return Err(fall.fault(record, &self.header, &self.columns));
            }
        }
        Ok(())
    }

    fn fault(&self, record: &Record, text: String) -> Fault {
        Fault::new(&self.header.file, text).line_is(record.line)
    }

    /// Says on which line what stood there was cut.
    pub(crate) fn cut(&mut self, line: Option<u64>) {
        self.account.cut = line;
    }

    /// What steps and values are called.
    pub(crate) fn names(&self) -> (String, String) {
        (self.header.name(self.columns.step), self.columns.value_name.clone())
    }

    /// The runs, and what is to be said of them.
    pub(crate) fn finish(self) -> Result<(Vec<Finished>, Vec<String>), Fault> {
        let (side_by_side, alone) = match &self.columns.layout {
            Layout::Wide(runs) => (Some(runs.len()), None),
            Layout::Long { alone, .. } => (None, alone.clone()),
        };
        let mut runs = self
            .runs
            .into_iter()
            .map(|run| Finished::new(run, alone.as_deref()))
            .collect::<Vec<_>>();
        let (step, value) =
            (self.header.quoted(self.columns.step), shown(&self.columns.value_name));
        let mut sentences = self.columns.remarks;
        sentences.extend(self.account.sentences(&runs, &step, &value, side_by_side));
        runs.retain(|run| !run.grown.is_empty());
        if runs.is_empty() {
            let text = match (self.account.rows, self.account.cut) {
                (0, _) => "there is a header and no row: nothing was logged".to_owned(),
                (1, Some(_)) => "there is one row, which has no end and may be cut off".to_owned(),
                (rows, _) => format!(
                    "no row of {rows} is a point: {value} is empty or stands in rows without {step}. Type `--step NAME` or `--value NAME`; there \
                     are {}",
                    self.header.listed()
                ),
            };
            return Err(Fault::new(&self.header.file, text).column_is(value));
        }
        Ok((runs, sentences))
    }
}
