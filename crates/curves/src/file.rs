//! The rows of one file, gathered into runs.

use std::collections::HashMap;

use crate::{
    Decimal, Fault, Keep,
    account::{Account, Finished},
    columns::{Columns, Layout},
    fault::shown,
    header::Header,
    last_line::LastCell,
    note::count,
    number::{Cell, cell},
    record::{End, Record},
    run::Growing,
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
    keep: Option<Keep>,
    /// Whether a row may lack columns, as objects of JSON may lack keys.
    sparse: bool,
    runs: Vec<Growing>,
    index: HashMap<String, HashMap<String, usize>>,
    /// The run of the row before.
    last: usize,
    last_cell: LastCell,
    /// How many headers came in the middle.
    part: u64,
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
        let runs = match &columns.layout {
            Layout::Wide(runs) => {
                runs.iter().map(|(_, name)| Growing::new(name, None, 0, 0)).collect()
            }
            Layout::Long { .. } => Vec::new(),
        };
        Self {
            header,
            columns,
            decimal,
            keep,
            sparse,
            runs,
            index: HashMap::new(),
            last: usize::MAX,
            last_cell: LastCell::default(),
            part: 0,
            account: Account::default(),
        }
    }

    /// Takes a row.
    pub(crate) fn row(&mut self, record: &Record) -> Result<(), Fault> {
        if self.is_header(record) {
            self.part += 1;
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
        !step.is_empty()
            && record.get(self.columns.step) == step
            && record.len() == names.len()
            && record.cells().eq(names.iter())
    }

    /// Whether no cell that is asked for may be cut.
    fn is_whole(&mut self, record: &Record) -> Result<bool, Fault> {
        let (cells, columns) = (record.len(), self.header.names.len());
        if record.end == End::WithinQuotes || (cells < columns && record.end != End::Line) {
            return Ok(false);
        }
        if (cells < columns && !self.sparse)
            || record.cells().skip(columns).any(|cell| !cell.is_empty())
        {
            let text = format!(
                "{} where the header has {columns}. Mend the line, or put `#` before it to leave it out; if the cells are not separated as \
                 they should be, type `--delimiter` with the right character",
                count(cells as u64, "cell")
            );
            return Err(self.fault(record, text));
        }
        let last = columns - 1;
        if self.sparse || !self.is_asked(last) {
            return Ok(true);
        }
        if record.end == End::File && !self.last_cell.is_whole(record.get(last)) {
            return Ok(false);
        }
        self.last_cell.see(record.get(last));
        Ok(true)
    }

    fn is_asked(&self, column: usize) -> bool {
        column == self.columns.step
            || match &self.columns.layout {
                Layout::Long { run, group, value, .. } => {
                    *value == column || [*run, *group].contains(&Some(column))
                }
                Layout::Wide(runs) => runs.iter().any(|(value, _)| *value == column),
            }
    }

    fn long(&mut self, record: &Record, column: usize) -> Result<(), Fault> {
        let value = self.value(record, column)?;
        if value == Cell::Empty {
            let broken = self.known(record).is_some_and(|run| self.runs[run].broken);
            // Where a run is infinite before, it is not that nothing was logged.
            if !broken {
                self.account.empty.add(record.line);
            }
            return Ok(());
        }
        let Some(step) = self.step(record, column)? else { return Ok(()) };
        let run = self.run(record)?;
        self.last = run;
        self.point(record, run, step, value)
    }

    fn wide(&mut self, record: &Record) -> Result<(), Fault> {
        let mut step = None;
        for run in 0..self.width() {
            let column = self.wide_column(run);
            let value = self.value(record, column)?;
            if value == Cell::Empty {
                if !self.runs[run].broken {
                    self.account.empty.add(record.line);
                }
                continue;
            }
            if step.is_none() {
                step = self.step(record, column)?;
            }
            let Some(step) = step else { return Ok(()) };
            let latest = self.latest(run);
            self.point(record, latest, step, value)?;
        }
        Ok(())
    }

    fn width(&self) -> usize {
        if let Layout::Wide(runs) = &self.columns.layout { runs.len() } else { 0 }
    }

    fn wide_column(&self, run: usize) -> usize {
        if let Layout::Wide(runs) = &self.columns.layout { runs[run].0 } else { 0 }
    }

    /// The run that now has the name of this one, if runs have started over.
    fn latest(&self, run: usize) -> usize {
        if self.part == 0 {
            return run;
        }
        let name = &self.runs[run].name;
        self.index.get("").and_then(|runs| runs.get(name)).copied().unwrap_or(run)
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

    /// What the row says of its run: its group and its name.
    fn cells<'r>(&self, record: &'r Record) -> (&'r str, &'r str) {
        let Layout::Long { run, group, .. } = self.columns.layout else { return ("", "") };
        (group.map_or("", |column| record.get(column)), run.map_or("", |column| record.get(column)))
    }

    /// The run of a row, if it has a point already.
    fn known(&self, record: &Record) -> Option<usize> {
        let (group, run) = self.cells(record);
        self.index.get(group)?.get(run).copied()
    }

    fn run(&mut self, record: &Record) -> Result<usize, Fault> {
        let (group, run) = self.cells(record);
        if let Some(last) = self.runs.get(self.last)
            && last.name == run
            && last.group.as_deref().unwrap_or_default() == group
        {
            return Ok(self.last);
        }
        if let Some(known) = self.known(record) {
            return Ok(known);
        }
        let Layout::Long { run: run_column, group: group_column, .. } = self.columns.layout else {
            return Ok(0);
        };
        for (column, option) in [(run_column, "--run"), (group_column, "--group")] {
            if let Some(column) = column.filter(|&column| record.get(column).is_empty()) {
                let what = "the cell is empty in a row that has a value";
                return Err(self.not_a_number(record, column, option, what));
            }
        }
        if self.runs.len() >= MOST_RUNS {
            let fault = self.fault(record, format!("more than {MOST_RUNS} runs: type `--run NAME` for the column that tells runs apart"));
            return Err(if let Some(column) = run_column {
                fault.column_is(self.header.quoted(column))
            } else {
                fault
            });
        }
        Ok(self.add(Growing::new(run, group_column.map(|_| group), self.part, 0)))
    }

    fn add(&mut self, run: Growing) -> usize {
        let place = self.runs.len();
        self.index
            .entry(run.group.clone().unwrap_or_default())
            .or_default()
            .insert(run.name.clone(), place);
        self.runs.push(run);
        place
    }

    fn point(
        &mut self,
        record: &Record,
        mut run: usize,
        step: f64,
        value: Cell,
    ) -> Result<(), Fault> {
        let at = &self.runs[run];
        if at.part != self.part
            && self.keep.is_none()
            && at.first().is_some_and(|first| step <= first)
        {
            let over = Growing::new(&at.name, at.group.as_deref(), self.part, at.earlier + 1);
            run = self.add(over);
            self.last = run;
        }
        let at = &mut self.runs[run];
        at.part = self.part;
        let dropped = at.dropped;
        let pushed = at.push(step, value, self.keep);
        if at.dropped > dropped {
            self.account.falls.add(record.line);
        }
        pushed.map_err(|last| self.falls_back(record, run, step, last))
    }

    fn falls_back(&self, record: &Record, run: usize, step: f64, last: f64) -> Fault {
        let column = self.columns.step;
        let of = if self.runs[run].name.is_empty() {
            String::new()
        } else {
            format!(" in the run {}", shown(&self.runs[run].name))
        };
        let what = if step < last {
            format!("falls back from {last} to {step}{of}")
        } else {
            format!("is {step} a second time{of}")
        };
        let mut text = format!(
            "{what}. Type `--keep last` if training was resumed there and the later points count, `--keep first` if the earlier ones do"
        );
        if let Layout::Long { run: None, value, .. } = self.columns.layout {
            let others =
                (0..self.header.names.len()).filter(|&other| other != column && other != value);
            let others = others.filter(|&other| !self.header.names[other].is_empty()).take(3);
            let others = others
                .map(|other| format!("`--run {}`", self.header.typed(other)))
                .collect::<Vec<_>>();
            if !others.is_empty() {
                text = format!(
                    "{text}; if these are several runs, name the column that tells them apart, as in {}",
                    others.join(" or ")
                );
            }
        }
        Fault::new(&self.header.file, text)
            .line_is(record.line_of(column))
            .column_is(self.header.quoted(column))
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
