//! Which columns of a table are steps, values, runs and groups.

use crate::{Column, Fault, Selection, fault::shown, header::Header};

const RUNS: [&str; 8] =
    ["run", "runs", "run_id", "run_name", "run name", "trial", "trial_id", "trial_name"];
pub(crate) const SEEDS: [&str; 4] = ["seed", "random_seed", "replicate", "repetition"];
const STEPS: [&str; 14] = [
    "step",
    "steps",
    "_step",
    "global_step",
    "trainer/global_step",
    "global step",
    "train_step",
    "iteration",
    "iterations",
    "iter",
    "iters",
    "it",
    "n_iter",
    "num_steps",
];
const EPOCHS: [&str; 3] = ["epoch", "epochs", "trainer/epoch"];
const VALUES: [&str; 10] = [
    "loss",
    "value",
    "train_loss",
    "train/loss",
    "train loss",
    "training_loss",
    "training loss",
    "loss/train",
    "trainloss",
    "objective",
];

/// Which columns are read.
#[derive(Debug)]
pub(crate) struct Columns {
    pub(crate) step: usize,
    pub(crate) layout: Layout,
    pub(crate) value_name: String,
    /// Which were found and not named, and what was passed over.
    pub(crate) remarks: Vec<String>,
}

/// How runs lie in a table.
#[derive(Debug)]
pub(crate) enum Layout {
    /// Below one another. `alone` is the run's name where the column of values has it.
    Long { run: Option<usize>, group: Option<usize>, value: usize, alone: Option<String> },
    /// Side by side: the column of each, and its name.
    Wide(Vec<(usize, String)>),
}

impl Columns {
    pub(crate) fn values(&self) -> Vec<usize> {
        match &self.layout {
            Layout::Long { value, .. } => vec![*value],
            Layout::Wide(runs) => runs.iter().map(|(column, _)| *column).collect(),
        }
    }

    /// Whether anything is read of a column.
    pub(crate) fn is_asked(&self, column: usize) -> bool {
        column == self.step
            || match &self.layout {
                Layout::Long { run, group, value, .. } => {
                    *value == column || [*run, *group].contains(&Some(column))
                }
                Layout::Wide(runs) => runs.iter().any(|(value, _)| *value == column),
            }
    }
}

/// Chooses the columns. In the log history of a trainer `loss` is the loss of training, and `train_loss` its mean, logged at the end.
pub(crate) fn choose(
    header: &Header,
    selection: &Selection,
    log_history: bool,
) -> Result<Columns, Fault> {
    let mut found = Vec::new();
    let named = |column: &Option<Column>, option| {
        column.as_ref().map(|column| header.must_find(column, option)).transpose()
    };
    let (mut run, group) = (named(&selection.run, "--run")?, named(&selection.group, "--group")?);
    let mut step = named(&selection.step, "--step")?;
    let value = selection.value.as_ref().map(|value| header.find(value, "--value")).transpose()?;
    // What is asked for as one thing is not found as another.
    let taken = [run, group, step, value.flatten()];
    if selection.run.is_none() {
        run = find_first(header, &taken, &[&RUNS, &SEEDS], "--run", "runs", &mut found)?;
    }
    if selection.step.is_none() {
        step = find_first(header, &taken, &[&STEPS, &EPOCHS], "--step", "steps", &mut found)?;
    }
    let taken = [run, group, step];
    let values = values(header, selection, log_history, &taken, &mut found)?;
    let (step, (layout, value_name, passed_over)) = match (step, values) {
        (Some(step), Some(values)) => (step, values),
        (step, values) => {
            let what = match (&step, &values) {
                (None, None) => {
                    "no columns of steps and values are found by their names (`step`, `epoch`; `loss`, `value`). Type `--step NAME --value NAME`"
                }
                (None, _) => {
                    "no column of steps is found by its name (`step`, `iteration`, `epoch`). Type `--step NAME`"
                }
                _ => {
                    "no column of values is found by its name (`loss`, `value`, `train_loss`). Type `--value NAME`"
                }
            };
            let alone = if header.names.len() > 1 {
                ""
            } else {
                "; numbers alone get steps by `awk '{print (NR == 1 ? \"step\" : NR - 1) \",\" $0}' FILE | theoria judge -`"
            };
            let alone = alone.replace("FILE", &crate::fault::typed(&header.file));
            return Err(header.fault(format!("{what}; there are {}{alone}", header.listed())));
        }
    };
    let layout = match layout {
        Layout::Long { value, alone, .. } => Layout::Long { run, group, value, alone },
        Layout::Wide(runs) if run.is_some() || group.is_some() => {
            let (what, column) =
                if let Some(run) = run { ("runs", run) } else { ("groups", group.unwrap_or(0)) };
            return Err(header
                .fault(format!(
                    "a column of {what} says nothing where {} stand side by side. Type `--value NAME` for one column of values, or leave \
                     `--run` and `--group` out; there are {}",
                    crate::note::count(runs.len() as u64, "run"),
                    header.listed()
                ))
                .column_is(header.quoted(column)));
        }
        wide @ Layout::Wide(_) => wide,
    };
    let columns = Columns { step, layout, value_name, remarks: Vec::new() };
    for value in columns.values() {
        for (other, option) in [(run, "--run"), (group, "--group"), (Some(step), "--step")] {
            if other == Some(value) {
                let fault = format!(
                    "this column cannot be values and what `{option}` says. Type `{option} NAME` or `--value NAME`; there are {}",
                    header.listed()
                );
                return Err(header.fault(fault).column_is(header.quoted(value)));
            }
        }
    }
    if run == Some(step) {
        return Err(header
            .fault("this column cannot be both steps and runs".to_owned())
            .column_is(header.quoted(step)));
    }
    let mut remarks = passed_over;
    if !found.is_empty() {
        remarks.insert(0, format!("found by their names: {}", found.join("; ")));
    }
    Ok(Columns { remarks, ..columns })
}

/// The column of the first list that has one; others are named in the remark.
fn find_first(
    header: &Header,
    taken: &[Option<usize>],
    lists: &[&[&str]],
    option: &str,
    what: &str,
    found: &mut Vec<String>,
) -> Result<Option<usize>, Fault> {
    let free = (0..header.names.len()).filter(|&index| !taken.contains(&Some(index)));
    let free = free.collect::<Vec<_>>();
    let mut chosen = None;
    let mut others = Vec::new();
    // Keys within objects only where no column of any list is there.
    for called in [whole_name, last_key] {
        for list in lists {
            let columns = named(header, &free, list, called);
            match (chosen, columns.as_slice()) {
                (Some(_), _) => others.extend(columns),
                (None, []) => {}
                (None, [one]) => chosen = Some(*one),
                (None, several) => return Err(header.several(several, option)),
            }
        }
        if chosen.is_some() {
            break;
        }
    }
    if let Some(column) = chosen {
        let but = others
            .iter()
            .map(|&other| format!("`{option} {}` for the other", header.typed(other)))
            .collect::<Vec<_>>();
        let but = if but.is_empty() { String::new() } else { format!(" ({})", but.join(", ")) };
        found.push(format!("{what} in {}{but}", header.quoted(column)));
    }
    Ok(chosen)
}

/// What a column is called.
type Called = fn(&Header, usize) -> Option<String>;

fn whole_name(header: &Header, index: usize) -> Option<String> {
    Some(header.names[index].to_lowercase())
}

fn last_key(header: &Header, index: usize) -> Option<String> {
    header.last_key(index)
}

/// The columns that are called one of these.
fn named(header: &Header, free: &[usize], list: &[&str], called: Called) -> Vec<usize> {
    let is_one = |index: &usize| called(header, *index).is_some_and(|it| list.contains(&&*it));
    free.iter().copied().filter(is_one).collect()
}

/// A layout, the name of its values, and remarks.
type Values = (Layout, String, Vec<String>);

fn values(
    header: &Header,
    selection: &Selection,
    log_history: bool,
    taken: &[Option<usize>],
    found: &mut Vec<String>,
) -> Result<Option<Values>, Fault> {
    let long = |value: usize| {
        let (alone, name) = match header.names[value].rsplit_once(" - ") {
            Some((run, metric)) if selection.run.is_none() => {
                (Some(run.trim().to_owned()), metric.trim().to_owned())
            }
            _ => (None, header.name(value)),
        };
        (Layout::Long { run: None, group: None, value, alone }, name, Vec::new())
    };
    if let Some(column) = &selection.value {
        if let Some(value) = header.find(column, "--value")? {
            return Ok(Some(long(value)));
        }
        let Column::Name(metric) = column else { return Ok(None) };
        return match side_by_side(header, Some(metric.trim()))? {
            Some(wide) => Ok(Some(wide)),
            None => header.must_find(column, "--value").map(|value| Some(long(value))),
        };
    }
    let free = (0..header.names.len()).filter(|&index| !taken.contains(&Some(index)));
    let free = free.collect::<Vec<_>>();
    let mut candidates = named(header, &free, &VALUES, whole_name);
    if candidates.is_empty() {
        candidates = named(header, &free, &VALUES, last_key);
    }
    if log_history && candidates.len() > 1 {
        candidates.retain(|&index| header.names[index] == "loss");
    }
    let wide = side_by_side(header, None)?;
    match (candidates.as_slice(), wide) {
        ([], None) => Ok(by_digits(header, free, taken)),
        ([], Some(wide)) => {
            found.push(format!("values `{}`", wide.1));
            Ok(Some(wide))
        }
        ([one], None) => {
            found.push(format!("values in {}", header.quoted(*one)));
            Ok(Some(long(*one)))
        }
        (several, wide) => {
            let mut text = header.several_text(several, "--value");
            if let Some((_, metric, _)) = wide {
                text = format!("{text} or `--value {}`", crate::fault::typed(&metric));
            }
            Err(header.fault(text))
        }
    }
}

/// The columns `<run> - <metric>`, all of one metric.
fn side_by_side(header: &Header, asked: Option<&str>) -> Result<Option<Values>, Fault> {
    let mut runs = Vec::new();
    let mut metrics: Vec<&str> = Vec::new();
    let mut envelopes = 0;
    for (column, name) in header.names.iter().enumerate() {
        let Some((run, metric)) = name.rsplit_once(" - ") else { continue };
        let (run, metric) = (run.trim(), metric.trim());
        let envelope = metric.strip_suffix("__MIN").or_else(|| metric.strip_suffix("__MAX"));
        if asked.map_or(metric.starts_with('_'), |asked| asked != metric && Some(asked) != envelope)
        {
            continue;
        }
        if envelope.is_some() && asked != Some(metric) {
            envelopes += 1;
            continue;
        }
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
        if runs.iter().any(|(_, other): &(usize, String)| other == run) && metrics.len() == 1 {
            let fault = format!(
                "the run {} has two columns of {}. Type `--value {}` for one of them",
                shown(run),
                shown(metric),
                column + 1
            );
            return Err(header.fault(fault));
        }
        runs.push((column, run.to_owned()));
    }
    match metrics.as_slice() {
        [] => Ok(None),
        [metric] => {
            let mut remarks = vec![format!(
                "{} stand side by side, a column each",
                crate::note::count(runs.len() as u64, "run")
            )];
            if envelopes > 0 {
                remarks.push(format!("{envelopes} columns of least and largest values (`__MIN`, `__MAX`) are left out"));
            }
            Ok(Some((Layout::Wide(runs), (*metric).to_owned(), remarks)))
        }
        several => {
            let metrics =
                several.iter().take(12).map(|metric| shown(metric)).collect::<Vec<_>>().join(", ");
            let cure = crate::fault::typed(several[0]);
            Err(header.fault(format!("runs stand side by side with several metrics: {metrics}. Type `--value {cure}`, or another")))
        }
    }
}

/// Whether a column may be a run by its name: `0`, `sgd-0`, `seed 0`, but not `top1`.
fn is_numbered(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let said = stem.trim_end_matches(['_', ' ', '-']).to_lowercase();
    stem.len() < name.len()
        && (stem.is_empty()
            || stem.ends_with('-')
            || ["run", "seed", "trial", "rep"].contains(&said.as_str()))
}

/// All named columns, as runs, if the names of all are numbered.
fn by_digits(header: &Header, free: Vec<usize>, taken: &[Option<usize>]) -> Option<Values> {
    if taken[0].is_some() || taken[1].is_some() {
        return None;
    }
    let named = free.into_iter().filter(|&index| !header.names[index].is_empty());
    let runs = named.map(|index| (index, header.names[index].clone())).collect::<Vec<_>>();
    let distinct = runs.iter().all(|(_, name)| header.same(name).len() == 1);
    if runs.is_empty() || !distinct || !runs.iter().all(|(_, name)| is_numbered(name)) {
        return None;
    }
    let remark = format!(
        "each column but that of steps is a run, since the names of all are numbered: {}",
        crate::note::count(runs.len() as u64, "run")
    );
    Some((Layout::Wide(runs), "value".to_owned(), vec![remark]))
}
