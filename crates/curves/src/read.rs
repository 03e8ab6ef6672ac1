//! From files to runs.

use std::path::PathBuf;

use crate::{
    Decimal, Fault, Log, Note, Progress, Selection,
    account::Finished,
    columns,
    delimited::Delimited,
    detection,
    fault::{shown, typed},
    file::Gathering,
    first_row,
    header::Header,
    json,
    naming::{self, Nameless},
    note::count,
    progress::Meter,
    record::Record,
    source::{Opened, Source},
};

/// Reads the runs of some files; `-` is standard input.
///
/// `progress` is called about twice a second, and at the end. The rules by which a table is understood stand at the top of this crate.
///
/// # Errors
///
/// If a file cannot be read, or what stands in it is not told to be one number: then with the line, the column and what to type.
///
/// ```
/// use theoria_curves::{Selection, read};
///
/// let folder = tempfile::tempdir().unwrap();
/// let file = folder.path().join("log.csv");
/// std::fs::write(&file, "step,accuracy\n1,0.5\n").unwrap();
///
/// let fault = read(&[file.clone()], &Selection::default(), &mut |_| ()).unwrap_err();
/// assert!(fault.to_string().contains("Type `--value NAME`"));
///
/// let selection = Selection { value: Some("accuracy".parse().unwrap()), ..Selection::default() };
/// assert_eq!(read(&[file], &selection, &mut |_| ()).unwrap().runs[0].values, [0.5]);
/// ```
pub fn read(
    paths: &[PathBuf],
    selection: &Selection,
    progress: &mut dyn FnMut(Progress),
) -> Result<Log, Fault> {
    check(paths, selection)?;
    let sources = paths.iter().map(|path| Source::new(path)).collect::<Vec<_>>();
    let total = sources.iter().map(Source::size).sum();
    let mut meter = Meter::new(total, progress);
    let labels = naming::labels(&paths.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    let mut notes = Vec::new();
    let mut names: Option<(String, Names)> = None;
    let mut runs = Vec::new();
    for (file, mut source) in sources.into_iter().enumerate() {
        let table = read_file(&mut source, selection, &mut meter)?;
        if let Some((first, names)) = &names {
            table.names.agree(names, &source.shown, first)?;
        }
        names.get_or_insert((source.shown.clone(), table.names));
        for text in table.sentences {
            Note::new(&source.shown, text).add(&mut notes);
        }
        runs.extend(table.runs.into_iter().map(|run| Nameless { file, run }));
    }
    meter.report();
    let mut runs = naming::name(runs, &labels);
    if selection.shift_steps != 0.0 {
        shift(&mut runs, selection.shift_steps)?;
    }
    let (_, names) = names.unwrap_or_default();
    Ok(Log { runs, value_name: names.value, step_name: names.step, notes })
}

fn check(paths: &[PathBuf], selection: &Selection) -> Result<(), Fault> {
    let nowhere = |text: &str| Err(Fault::new("no file", text));
    if paths.is_empty() {
        return nowhere("Type `theoria judge FILE`");
    }
    if let Some(twice) = (1..paths.len()).find(|&at| paths[..at].contains(&paths[at])) {
        return Err(Fault::new(
            &Source::new(&paths[twice]).shown,
            "the file is named twice: its runs would count twice",
        ));
    }
    let file = Source::new(&paths[0]).shown;
    if let Some(delimiter) = selection.delimiter
        && (!delimiter.is_ascii()
            || delimiter.is_ascii_alphanumeric()
            || b"\"\n\r#+-.\0".contains(&delimiter))
    {
        return Err(Fault::new(
            &file,
            "`--delimiter` is one character of ASCII that is no part of a number, a name or a line's end",
        ));
    }
    if !selection.shift_steps.is_finite() {
        return Err(Fault::new(&file, "`--shift-steps` is a finite number"));
    }
    Ok(())
}

/// What the columns of a file are called.
#[derive(Clone, Default)]
struct Names {
    step: String,
    value: String,
}

impl Names {
    /// Whether two files speak of the same.
    fn agree(&self, other: &Self, file: &str, first: &str) -> Result<(), Fault> {
        let pairs = [(&self.step, &other.step, "--step"), (&self.value, &other.value, "--value")];
        for (here, there, option) in pairs {
            if here.to_lowercase() != there.to_lowercase() {
                let text = format!(
                    "what is read here is not what is read of {first}, which is {}. Type `{option}` with a name that all files have, such as \
                     `{option} {}`",
                    shown(there),
                    typed(here)
                );
                return Err(Fault::new(file, text).column_is(shown(here)));
            }
        }
        Ok(())
    }
}

/// What was read of a file.
struct Table {
    names: Names,
    runs: Vec<Finished>,
    sentences: Vec<String>,
}

fn read_file(
    source: &mut Source,
    selection: &Selection,
    meter: &mut Meter<'_>,
) -> Result<Table, Fault> {
    meter.reads_twice(false);
    let opened = source.open(meter)?;
    let start = opened.head.trim_ascii_start().first().copied();
    if start == Some(b'{') || start == Some(b'[') {
        return read_json(source, opened, selection, meter);
    }
    read_delimited(source, opened, selection, meter)
}

fn read_json(
    source: &mut Source,
    opened: Opened,
    selection: &Selection,
    meter: &mut Meter<'_>,
) -> Result<Table, Fault> {
    source.keep(opened)?;
    // The first time for the keys alone, since any object may have a key that none before had.
    meter.reads_twice(true);
    let mut keys = json::Keys::default();
    let mut rows = 0;
    let text = source.open(meter)?.into_reader();
    let seen = json::walk(text, &source.shown, &mut keys, &mut |_| {
        rows += 1;
        meter.look(rows);
        Ok(())
    })?;
    if rows == 0 {
        return Err(source.fault("there are no objects in this JSON: nothing was logged"));
    }
    if seen.nested {
        return Err(source
            .fault(json::other_shape("an object that holds lists or objects", &source.shown))
            .line_is(1)
            .column_is("1"));
    }
    let header = Header::new(&source.shown, 1, keys.names.iter().map(String::as_str));
    let header = Header { nested: keys.within, ..header };
    let columns = columns::choose(&header, selection, seen.log_history)?;
    let decimal = selection.decimal.unwrap_or(Decimal::Point);
    let mut gathering = Gathering::new(header, columns, decimal, selection.keep, true);
    let text = source.open(meter)?.into_reader();
    json::walk(text, &source.shown, &mut keys, &mut |record| {
        meter.row();
        gathering.row(record)
    })?;
    gathering.cut(seen.cut);
    finish(gathering, Vec::new())
}

fn read_delimited(
    source: &Source,
    opened: Opened,
    selection: &Selection,
    meter: &mut Meter<'_>,
) -> Result<Table, Fault> {
    let file = source.shown.as_str();
    let mut sentences = Vec::new();
    let delimiter = match selection.delimiter {
        Some(delimiter) => delimiter,
        None => detection::delimiter(&opened.head, opened.whole, file)?,
    };
    if selection.delimiter.is_none() && delimiter != b',' {
        sentences
            .push(format!("cells are separated by {}, as was found", detection::named(delimiter)));
    }
    let sample = detection::sample(&opened.head, opened.whole, delimiter, file)?;
    let mut rows = Delimited::new(opened.into_reader(), delimiter, file);
    let mut record = Record::default();
    if !rows.next(&mut record)? {
        return Err(source.fault("there are comments alone: nothing was logged"));
    }
    let comment = rows.comment.take();
    let first = first_row::tell(&record, comment, delimiter, file, selection)?;
    let (header, numbers) = (first.header, first.is_data);
    rows.comments -= u64::from(first.is_comment);
    let columns = columns::choose(&header, selection, false)?;
    let sample = &sample[usize::from(!numbers).min(sample.len())..];
    let decimal = match selection.decimal {
        Some(decimal) => decimal,
        None => detection::decimal(sample, &header, &columns, delimiter)?,
    };
    if selection.decimal.is_none() && decimal == Decimal::Comma {
        sentences.push("numbers have a decimal comma, as was found".to_owned());
    }
    if numbers {
        sentences.push(format!(
            "line {} has numbers: it is data, and {}",
            record.line,
            if first.is_comment {
                "the comment before it names the columns"
            } else {
                "columns have no names"
            }
        ));
    }
    let mut gathering = Gathering::new(header, columns, decimal, selection.keep, false);
    if numbers {
        gathering.row(&record)?;
    }
    while rows.next(&mut record)? {
        meter.row();
        gathering.row(&record)?;
    }
    if rows.comments > 0 {
        sentences.push(format!("{} left out for beginning with `#`", count(rows.comments, "line")));
    }
    finish(gathering, sentences)
}

fn finish(gathering: Gathering, mut sentences: Vec<String>) -> Result<Table, Fault> {
    let (step, value) = gathering.names();
    let (runs, more) = gathering.finish()?;
    sentences.extend(more);
    Ok(Table { names: Names { step, value }, runs, sentences })
}

fn shift(runs: &mut [crate::Run], by: f64) -> Result<(), Fault> {
    for run in runs {
        for step in run.steps.iter_mut().chain(&mut run.diverged) {
            *step += by;
        }
        let increasing = run.steps.is_sorted_by(|a, b| a < b)
            && run.diverged.is_none_or(|at| run.steps.last().is_none_or(|&last| last < at));
        if !increasing {
            let text = format!(
                "steps shifted by {by} are not told apart. Type `--shift-steps` with a smaller number"
            );
            return Err(Fault::new(&run.name, text));
        }
    }
    Ok(())
}
