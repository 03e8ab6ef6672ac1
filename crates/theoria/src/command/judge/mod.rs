//! `theoria judge`.

mod arguments;

use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use theoria_curves::judge::{Answer, Claim, answers, sentences, theorem};
use theoria_curves::{Log, Progress, read};
use theoria_verification::evidence::{TheoremEvidence, store};
use theoria_verification::{Settings, Verdict, printable};

pub(crate) use arguments::JudgeArguments;

use crate::command::catalogue::Catalogue;
use crate::command::error::CommandError;
use crate::command::report::draw;
use crate::command::signals::on_signal;
use crate::command::terminal::{self, BAD, BOLD, DIM, GOOD, UNSURE, say};

/// Reads the log, judges what is claimed of it, and says by its exit code whether all is supported.
pub(crate) fn judge(
    catalogue: &Catalogue,
    arguments: &JudgeArguments,
) -> Result<ExitCode, CommandError> {
    let course = Course::default();
    let claims = claims(arguments)?;
    let bar = ProgressBar::new_spinner();
    bar.set_style(
        ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    let (said, shown) = (course.clone(), bar.clone());
    on_signal(move || {
        shown.finish_and_clear();
        format!("interrupted {}", said.told())
    });
    let log = read(&arguments.files, &arguments.selection(), &mut |progress| {
        let come = told(progress);
        course
            .is(format!("while the log was read ({come}): nothing is judged, nothing was written"));
        bar.set_message(come);
        bar.tick();
    });
    bar.finish_and_clear();
    course.is("while claims were judged: nothing was written".into());
    let log = log?;
    describe(&log)?;
    if claims.is_empty() {
        return Err(CommandError::NothingClaimed);
    }
    let answers = answers(&log, &claims, arguments.terms())?;
    for answer in &answers {
        print(answer)?;
    }
    if let Some(folder) = &arguments.out {
        let shown = printable(&folder.display().to_string());
        course.is(format!(
            "while {shown} was written: the verdicts above hold, what is there is whole, and the same command writes the rest"
        ));
        write(catalogue, arguments, &log, &answers, folder)?;
    }
    let all = answers.iter().all(|answer| answer.finding.verdict == Verdict::Supported);
    Ok(ExitCode::from(u8::from(!all)))
}

/// How far it has come, for who interrupts it.
#[derive(Clone)]
struct Course(Arc<Mutex<String>>);

impl Default for Course {
    fn default() -> Self {
        Course(Arc::new(Mutex::new("before the log was read: nothing was written".into())))
    }
}

impl Course {
    fn is(&self, told: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = told;
    }

    fn told(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn claims(arguments: &JudgeArguments) -> Result<Vec<Claim>, CommandError> {
    let mut all = arguments.claims.of_options();
    if let Some(path) = &arguments.claims.claims {
        let fault = |reason: String| CommandError::Claims { path: path.clone(), reason };
        let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
        all.extend(Claim::of_toml(&text).map_err(|error| fault(error.to_string()))?);
    }
    Ok(all)
}

fn told(progress: Progress) -> String {
    let rows = HumanCount(progress.rows);
    match progress.total {
        Some(total) => {
            format!("{rows} rows, {} of {}", HumanBytes(progress.bytes), HumanBytes(total))
        }
        None => format!("{rows} rows, {}", HumanBytes(progress.bytes)),
    }
}

/// What was read, and how.
fn describe(log: &Log) -> Result<(), CommandError> {
    let points: usize = log.runs.iter().map(|run| run.steps.len()).sum();
    let runs = if log.runs.len() == 1 { "run" } else { "runs" };
    let what = printable(&format!(
        "{} over {}: {} {runs}, {points} points",
        log.value_name,
        log.step_name,
        log.runs.len()
    ));
    say!("{BOLD}{what}{BOLD:#}")?;
    for note in &log.notes {
        say!("{DIM}{}{DIM:#}", terminal::wrapped(&printable(&note.to_string()), "  ", "    "))?;
    }
    say!("")
}

fn print(answer: &Answer) -> Result<(), CommandError> {
    let style = match answer.finding.verdict {
        Verdict::Supported => GOOD,
        Verdict::Refuted => BAD,
        Verdict::Inconclusive => UNSURE,
    };
    let formula = printable(&answer.formula);
    let level = answer.finding.level;
    say!("{style}{}{style:#} ({level})  {BOLD}{formula}{BOLD:#}", answer.finding.verdict)?;
    for note in answer.finding.note.iter().flat_map(|note| sentences(note)) {
        say!("{}", terminal::wrapped(&printable(note), "  ", "    "))?;
    }
    if let Some(rests_on) = &answer.finding.rests_on {
        say!(
            "{DIM}{}{DIM:#}",
            terminal::wrapped(&format!("rests on {}", printable(rests_on)), "  ", "    ")
        )?;
    }
    say!("")
}

/// Evidence and page, as of any theorem.
fn write(
    catalogue: &Catalogue,
    arguments: &JudgeArguments,
    log: &Log,
    answers: &[Answer],
    folder: &Path,
) -> Result<(), CommandError> {
    let stem = arguments.files[0].file_stem().unwrap_or_default().to_string_lossy();
    let title = if stem == "-" { "standard input".into() } else { stem };
    let evidence = TheoremEvidence {
        program: catalogue.program.clone(),
        ..theorem(&title, log, answers).check(&Settings::default())
    };
    store::write(&folder.join("evidence"), &evidence)?;
    let index = draw(catalogue, &[evidence], (None, Some(&folder.join("evidence"))), folder)?;
    say!("page: {BOLD}{}{BOLD:#}", printable(&index.display().to_string()))
}
