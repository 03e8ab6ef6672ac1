//! Claims on a log as a theorem, so that it has evidence and a page.

use std::sync::Arc;

use theoria_verification::{
    Claim as Judged, Content, Curve, Family, Figure, Finding, Instance, Judgement, Line, Theorem,
};

use super::answer::{Misuse, judge_each};
use super::cells::{self, Cell};
use super::claim::{Claim, Comparison, Terms};
use super::sentences::named;
use crate::{Log, Run};

/// A claim on all runs of a log, or on those of a group.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its name, unlike that of any other one.
    pub name: String,
    /// What is claimed, in one line.
    pub formula: String,
    /// What the runs say.
    pub finding: Finding,
    claim: Claim,
    runs: Vec<Arc<Run>>,
}

/// Judges each claim: one on the long run, or on every step, for each group of runs by itself.
///
/// # Errors
/// See [`judge`](super::judge).
pub fn answers(log: &Log, claims: &[Claim], terms: Terms) -> Result<Vec<Answer>, Misuse> {
    if terms.from.is_nan() || terms.from == f64::INFINITY {
        return Err(Misuse::Number(
            "claims speak of what comes from a step on that is a number".into(),
        ));
    }
    let runs: Vec<Arc<Run>> = log.runs.iter().map(|run| Arc::new(since(run, terms.from))).collect();
    let mut groups: Vec<Option<&str>> = log.runs.iter().map(|run| run.group.as_deref()).collect();
    groups.sort_unstable();
    groups.dedup();
    let of_group = |group: &Option<&str>| {
        let own = runs.iter().filter(|run| run.group.as_deref() == *group);
        (group.unwrap_or("no group").to_string(), own.cloned().collect())
    };
    let apart: Vec<(String, Vec<Arc<Run>>)> = groups.iter().map(of_group).collect();
    let mut all: Vec<Answer> = Vec::new();
    for claim in claims {
        if apart.len() == 1 || matches!(claim, Claim::Lower(_)) {
            all.push(answer(&log.value_name, claim.name(), claim, &runs, terms, &all)?);
            continue;
        }
        for (group, runs) in &apart {
            let value = format!("{} of {}", log.value_name, named(group));
            let name = format!("{}_of_{}", claim.name(), plain(group));
            all.push(answer(&value, &name, claim, runs, terms, &all)?);
        }
    }
    Ok(all)
}

/// The answer of these runs, by this name or, where it is taken, one with a number.
fn answer(
    value: &str,
    name: &str,
    claim: &Claim,
    runs: &[Arc<Run>],
    terms: Terms,
    others: &[Answer],
) -> Result<Answer, Misuse> {
    let each: Vec<&Run> = runs.iter().map(Arc::as_ref).collect();
    let taken = |name: &str| others.iter().any(|other| other.name == name);
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let mut names = std::iter::once(name.to_string()).chain(numbered);
    let from = if terms.from.is_finite() {
        format!(", from n = {} on", terms.from)
    } else {
        String::new()
    };
    Ok(Answer {
        name: names.find(|name| !taken(name)).unwrap_or_default(),
        formula: format!("{}{from}", claim.formula(value)),
        finding: judge_each(&each, claim, terms)?,
        claim: claim.clone(),
        runs: runs.to_vec(),
    })
}

/// A theorem that says what was claimed of a log, with these answers. Its evidence, page and figures are made as those of any other.
pub fn theorem(title: &str, log: &Log, answers: &[Answer]) -> Theorem {
    let notes: Vec<String> =
        log.notes.iter().map(|note| format!("- {}", quoted(&note.to_string()))).collect();
    let statement = format!(
        "# {}\n\nClaims on the column {} of a log, over {}: {} runs.\n\n## Statement\n\nWhat stands below each name.\n\n## Remarks\n\nHow \
         the log was read:\n\n{}\n",
        on_one_line(title),
        quoted(&log.value_name),
        quoted(&log.step_name),
        log.runs.len(),
        if notes.is_empty() { "- as it stands".into() } else { notes.join("\n") },
    );
    let id = format!("curves/{}", plain(title));
    answers.iter().fold(Theorem::new(&id, &statement), |theorem, answer| {
        let claim = Judged::new(&answer.name, &answer.formula, Told(answer.clone()))
            .on(Family::single("logged", {
                let runs = answer.runs.clone();
                move || Logged(runs.clone())
            }))
            .experiment({
                let answer = answer.clone();
                move |_: &Logged| answer.curve()
            });
        let theorem = theorem.claim(claim);
        match answer.figure(log) {
            Some(figure) => theorem.figure(figure),
            None => theorem,
        }
    })
}

/// What a run is from this step on.
fn since(run: &Run, from: f64) -> Run {
    let first = run.steps.partition_point(|n| *n < from);
    Run {
        name: run.name.clone(),
        group: run.group.clone(),
        steps: run.steps[first..].to_vec(),
        values: run.values[first..].to_vec(),
        diverged: run.diverged,
    }
}

/// Letters that are kept of a name.
const LONGEST: usize = 30;

/// Lower case letters, digits and underscores.
fn plain(text: &str) -> String {
    let mapped: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    let mapped: String = mapped.trim_matches('_').chars().take(LONGEST).collect();
    match mapped.chars().next() {
        Some(first) if first.is_ascii_lowercase() => mapped,
        _ => format!("log_{mapped}"),
    }
}

/// A title, which is no Markdown.
fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Text in which Markdown finds nothing.
fn quoted(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            all.push('\\');
        }
        all.push(if c.is_control() { ' ' } else { c });
    }
    all
}

/// Runs that were logged.
struct Logged(Vec<Arc<Run>>);

impl Instance for Logged {
    fn description(&self) -> String {
        let points: usize = self.0.iter().map(|run| run.steps.len()).sum();
        format!("{} runs, {points} points", self.0.len())
    }
}

/// A finding that was made on the runs themselves.
struct Told(Answer);

impl Judgement for Told {
    fn kind(&self) -> &'static str {
        match self.0.claim {
            Claim::Exponent(_) => "exponent of logged runs",
            Claim::Rate(_) => "rate of logged runs",
            Claim::Limit(_) | Claim::Approach(_) => "limit of logged runs",
            Claim::Below(_) | Claim::Above(_) | Claim::Finite {} => "every step of logged runs",
            Claim::Lower(_) => "comparison of logged runs",
        }
    }

    fn judge(&self, _curve: &Curve, _attained: Option<f64>) -> Finding {
        self.0.finding.clone()
    }
}

/// Runs that are drawn by themselves.
const DRAWN: usize = 12;
/// Parts of an octave that are drawn.
const PARTS: f64 = 8.0;

impl Answer {
    /// The mean of the runs against what is claimed, at parts of octaves of the first run.
    fn curve(&self) -> Curve {
        let Some(first) = self.runs.iter().find(|run| !run.steps.is_empty()) else {
            return Curve::default();
        };
        let thinned = cells::parts_of_octaves(first, PARTS);
        let law = self.law(&thinned);
        thinned.iter().map(|cell| (cell.at, cell.mean, law(cell.at))).collect()
    }

    /// What is claimed as a function of the step, through the last of these cells where the claim leaves a factor open.
    fn law(&self, cells: &[Cell]) -> Box<dyn Fn(f64) -> f64 + '_> {
        let (at, mean) = cells.last().map_or((1.0, 1.0), |cell| (cell.at, cell.mean));
        match &self.claim {
            Claim::Exponent(target) => {
                let value = target.value;
                Box::new(move |n| mean * (n / at).powf(value))
            }
            Claim::Rate(target) => {
                let value = target.value;
                Box::new(move |n| mean * value.powf(n - at))
            }
            Claim::Limit(target) => {
                let value = target.value;
                Box::new(move |_| value)
            }
            Claim::Below(formula) | Claim::Above(formula) => Box::new(|n| formula.at(n)),
            Claim::Approach(_) | Claim::Lower(Comparison { .. }) | Claim::Finite {} => {
                Box::new(move |_| mean)
            }
        }
    }

    fn figure(&self, log: &Log) -> Option<Figure> {
        let drawn = self.runs.iter().filter(|run| run.steps.len() > 1).take(DRAWN);
        let mut lines: Vec<Line> = Vec::new();
        let mut last = Vec::new();
        for run in drawn {
            let cells = cells::parts_of_octaves(run, PARTS);
            lines.push(Line::measured(&run.name, cells.iter().map(|cell| (cell.at, cell.mean))));
            last = cells;
        }
        if last.is_empty() {
            return None;
        }
        if !matches!(self.claim, Claim::Approach(_) | Claim::Lower(_) | Claim::Finite {}) {
            let law = self.law(&last);
            lines.push(Line::predicted("claimed", last.iter().map(|cell| (cell.at, law(cell.at)))));
        }
        let positive = self.runs.iter().flat_map(|run| &run.values).all(|v| *v > 0.0);
        let (x, y) = (&log.step_name, &log.value_name);
        let figure = match (&self.claim, positive) {
            (Claim::Rate(_), true) => Figure::semilog(&self.name, x, y),
            (_, true) => Figure::log_log(&self.name, x, y),
            (_, false) => Figure::semilog_x(&self.name, x, y),
        };
        let caption = format!("{}: {}.", self.formula, self.finding.verdict);
        Some(figure.caption(&caption).showing(move |_, _| Content::Lines { lines: lines.clone() }))
    }
}
