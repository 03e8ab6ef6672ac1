//! `theoria check`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rayon::prelude::*;
use theoria_verification::evidence::{Run, SuiteErrors, TheoremEvidence, store};
use theoria_verification::{Settings, Standing, Theorem};

use crate::arguments::{Check, RunOptions};
use crate::command::report::draw;
use crate::error::CommandError;
use crate::run_record::RunRecord;
use crate::selection::select;
use crate::terminal::{self, BOLD, Progress, say};

/// Where `--draw` draws: apart from the report of the main job, whose table of verdicts is kept.
const DRAWN: &str = "reports/drawn";

/// Theorems that are checked and whose evidence is written.
static FINISHED: AtomicUsize = AtomicUsize::new(0);

/// Checks, prints the table, and says by its exit code whether all hold.
pub(crate) fn check(arguments: &Check) -> Result<ExitCode, CommandError> {
    let theorems = select(theoria_theorems::all(), &arguments.filters)?;
    let evidence = run(&theorems, &arguments.run)?;
    if arguments.draw {
        let index = draw(&evidence, RunRecord::read(&arguments.run.evidence), Path::new(DRAWN))?;
        say!("\ndrawn: {BOLD}{}{BOLD:#}", index.display())?;
    }
    Ok(exit_code(&evidence))
}

/// Checks the theorems in parallel, writing the evidence of each as soon as it is finished, and
/// prints the table of verdicts, failures last and in full.
pub(crate) fn run(
    theorems: &[Theorem],
    options: &RunOptions,
) -> Result<Vec<TheoremEvidence>, CommandError> {
    use_threads(options.threads)?;
    keep_what_is_finished_on_interrupt();
    let settings = options.settings();
    let started = Instant::now();
    let progress = Progress::new(theorems.len());
    let seconds = Mutex::new(BTreeMap::new());
    let checked: Result<Vec<TheoremEvidence>, CommandError> = theorems
        .par_iter()
        .map(|theorem| {
            let began = Instant::now();
            let evidence = match resumed(theorem, &settings, options) {
                Some(evidence) => evidence,
                None => {
                    let evidence = theorem.check(&settings);
                    store::write(&options.evidence, &evidence)?;
                    evidence
                }
            };
            FINISHED.fetch_add(1, Ordering::Relaxed);
            progress.done(&evidence, began.elapsed());
            if let Ok(mut seconds) = seconds.lock() {
                seconds.insert(evidence.id.clone(), began.elapsed().as_secs_f64());
            }
            Ok(evidence)
        })
        .collect();
    progress.finish();
    let checked = checked?;
    let seconds = seconds.into_inner().unwrap_or_default();
    RunRecord::ending_now(started.elapsed(), seconds).write(&options.evidence)?;
    print(&checked, &settings, &options.evidence)?;
    Ok(checked)
}

/// The evidence that an earlier run with the same settings left, if it is asked for.
fn resumed(
    theorem: &Theorem,
    settings: &Settings,
    options: &RunOptions,
) -> Option<TheoremEvidence> {
    if !options.resume {
        return None;
    }
    let path = store::path_of(&options.evidence, &theorem.id().to_string());
    let evidence = store::read(&path).ok()?;
    let same_run = evidence.runs == [Run::with(settings)];
    let same_claims =
        theorem.claims().eq(evidence.claims.iter().map(|c| (c.role, c.name.as_str())));
    let same_version = evidence.version == env!("CARGO_PKG_VERSION");
    (same_run && same_claims && same_version).then_some(evidence)
}

/// Sets the number of threads, all cores if none is given.
pub(crate) fn use_threads(threads: Option<u16>) -> Result<(), CommandError> {
    let Some(threads) = threads else {
        return Ok(());
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.into())
        .build_global()
        .map_err(|error| CommandError::Threads { threads, reason: error.to_string() })
}

/// Evidence is written theorem by theorem, each file whole or not at all, so there is nothing to
/// save when the user interrupts: only something to say.
fn keep_what_is_finished_on_interrupt() {
    // Without a handler an interrupt ends the program just as safely, only without a word.
    let _ = ctrlc::set_handler(|| {
        let finished = FINISHED.load(Ordering::Relaxed);
        terminal::remark(format_args!(
            "\ninterrupted: the evidence of {finished} theorems is kept; --resume goes on from there"
        ));
        std::process::exit(130);
    });
}

fn print(
    evidence: &[TheoremEvidence],
    settings: &Settings,
    directory: &Path,
) -> Result<(), CommandError> {
    say!("\n{}", terminal::verdicts(evidence))?;
    for theorem in evidence {
        for claim in theorem.claims.iter().filter(|claim| !claim.as_expected()) {
            say!("{}: {}\n", theorem.id, claim.explain(&theorem.id, settings))?;
        }
    }
    let count = |standing| evidence.iter().filter(|e| e.standing == standing).count();
    let counts: Vec<String> =
        [Standing::Holds, Standing::Refuted, Standing::NotEvidence, Standing::Inconclusive]
            .into_iter()
            .filter(|&standing| count(standing) > 0)
            .map(|standing| format!("{} {standing}", count(standing)))
            .collect();
    say!(
        "{BOLD}{} {}: {}{BOLD:#} (seed {}, effort {})",
        evidence.len(),
        if evidence.len() == 1 { "theorem" } else { "theorems" },
        counts.join(", "),
        settings.seed,
        settings.effort
    )?;
    say!("{}", terminal::wrapped(&SuiteErrors::of(evidence).to_string(), "", ""))?;
    say!("evidence: {}", directory.display())
}

/// 0 if all theorems hold, else 1.
pub(crate) fn exit_code(evidence: &[TheoremEvidence]) -> ExitCode {
    let all_hold = evidence.iter().all(|e| e.standing == Standing::Holds);
    ExitCode::from(u8::from(!all_hold))
}
