//! `theoria check`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rayon::prelude::*;
use theoria_verification::evidence::{Run, SuiteErrors, TheoremEvidence, store};
use theoria_verification::{Journal, Role, Settings, Shard, Standing, Theorem, Verdict, printable};

use crate::command::arguments::{Check, RunOptions};
use crate::command::builds::{Builds, this_build};
use crate::command::catalogue::Catalogue;
use crate::command::deepen::deepen;
use crate::command::error::CommandError;
use crate::command::format::{self, Ended, Format};
use crate::command::journal::JournalFile;
use crate::command::merging::told;
use crate::command::report::draw;
use crate::command::run_record::RunRecord;
use crate::command::selection::select;
use crate::command::signals::on_signal;
use crate::command::task::Task;
use crate::command::terminal::{self, BOLD, Progress, UNSURE, say};
use crate::command::unfinished::{Unfinished, left_in};

/// Where `--draw` draws: apart from the report of the main job, whose table of verdicts is kept.
const DRAWN: &str = "reports/drawn";

/// Theorems that are checked and whose evidence is written.
static FINISHED: AtomicUsize = AtomicUsize::new(0);

/// Checks, prints the table, and says by its exit code whether all hold.
pub(crate) fn check(catalogue: &Catalogue, arguments: &Check) -> Result<ExitCode, CommandError> {
    if let Some(folder) = &arguments.deepen {
        return deepen(catalogue, arguments, folder);
    }
    let theorems = select(&catalogue.theorems, &arguments.filters)?;
    let evidence =
        run(catalogue, (&theorems, &arguments.filters), &arguments.run, arguments.format)?;
    if arguments.draw {
        let kept = arguments.run.folder()?;
        let told = (RunRecord::read(&kept), Some(kept.as_path()));
        let index = draw(catalogue, &evidence, told, Path::new(DRAWN))?;
        say!("\ndrawn: {BOLD}{}{BOLD:#}", printable(&index.display().to_string()))?;
    }
    Ok(if arguments.run.shard.is_some() { ExitCode::SUCCESS } else { exit_code(&evidence) })
}

/// Checks the theorems in parallel, writing the evidence of each as soon as it is finished, and
/// prints the verdicts, failures last and in full. The theorems are those that the filters chose.
pub(crate) fn run(
    catalogue: &Catalogue,
    (theorems, filters): (&[Theorem], &[String]),
    options: &RunOptions,
    format: Format,
) -> Result<Vec<TheoremEvidence>, CommandError> {
    let settings = options.settings()?;
    let folder = options.folder()?;
    use_threads(options.threads)?;
    on_signal(|| {
        let finished = FINISHED.load(Ordering::Relaxed);
        format!(
            "\ninterrupted: the evidence of {finished} theorems is kept; --resume goes on from there"
        )
    });
    store::remove_leftovers(&folder);
    let ids = theorems.iter().map(|theorem| theorem.id().to_string()).collect();
    let task = Task { run: Run::with(&settings), filters: filters.to_vec(), theorems: ids };
    let unfinished = if settings.shard.is_some() {
        this_build().ok_or(CommandError::UnknownBuild)?;
        task.write(&folder)?;
        None
    } else {
        Some(Unfinished::begin(&folder, &task)?)
    };
    let builds = Builds::of(&folder);
    let started = Instant::now();
    let progress = Progress::new(theorems.len());
    let seconds = Mutex::new(BTreeMap::new());
    let checked: Result<Vec<TheoremEvidence>, CommandError> = theorems
        .par_iter()
        .map(|theorem| {
            let began = Instant::now();
            let kept =
                if options.resume { resumed(theorem, &settings, &folder, &builds) } else { None };
            let evidence = match kept {
                Some(evidence) => evidence,
                None => anew(catalogue, theorem, &settings, (&folder, &builds), options.resume)?,
            };
            if let Some(unfinished) = &unfinished {
                unfinished.done(&evidence.id)?;
            }
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
    // Whoever waited for the verdicts gets them, whatever became of the record.
    let recorded = RunRecord::ending_now(started.elapsed(), seconds.clone()).write(&folder);
    match (settings.shard, format) {
        (Some(shard), _) => print_share(catalogue, &checked, (shard, &folder), options)?,
        (None, Format::Text) => print(&checked, &settings, &folder, options.verbose)?,
        (None, other) => {
            let (settings, folder) = (&settings, folder.as_path());
            let ended = Ended { evidence: &checked, settings, folder, seconds: &seconds };
            format::print(catalogue, &ended, other)?;
        }
    }
    recorded?;
    let left =
        if options.resume && settings.shard.is_none() { left_in(&folder)? } else { Vec::new() };
    if !left.is_empty() {
        let told = left.iter().map(|task| told(catalogue, task, &folder)).collect();
        return Err(CommandError::Unfinished { told });
    }
    Ok(checked)
}

/// Checks a theorem, and what a run that was killed had finished of it not again, if it is to be resumed.
fn anew(
    catalogue: &Catalogue,
    theorem: &Theorem,
    settings: &Settings,
    (folder, builds): (&Path, &Builds),
    resume: bool,
) -> Result<TheoremEvidence, CommandError> {
    let (id, fingerprint) = (theorem.id().to_string(), theorem.fingerprint());
    let subject = (id.as_str(), fingerprint.as_str());
    let journal = JournalFile::open(folder, subject, &Run::with(settings), resume);
    let evidence = match &journal {
        Some(journal) => {
            let journal: Arc<dyn Journal> = Arc::<JournalFile>::clone(journal);
            theorem.check_with_journal(settings, journal)
        }
        None => theorem.check(settings),
    };
    let mut evidence = TheoremEvidence { program: catalogue.program.clone(), ..evidence };
    if let Some(share) = &mut evidence.share {
        share.build = this_build();
    }
    store::write(folder, &evidence)?;
    builds.record(&evidence.id)?;
    if let Some(journal) = journal {
        journal.finish();
    }
    Ok(evidence)
}

/// The evidence that an earlier run of this very build with the same settings left, of the theorem as it is.
fn resumed(
    theorem: &Theorem,
    settings: &Settings,
    directory: &Path,
    builds: &Builds,
) -> Option<TheoremEvidence> {
    let id = theorem.id().to_string();
    let evidence = store::read_of(directory, &id).ok()?;
    // What was deepened since is the same run, and more.
    let is_same = |run: &Run| Run { deepened: 0, ..run.clone() } == Run::with(settings);
    let same_run = matches!(&evidence.runs[..], [run] if is_same(run));
    let same_theorem = evidence.fingerprint == theorem.fingerprint();
    (same_run && same_theorem && builds.is_own(&id)).then_some(evidence)
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

/// A line for each theorem where all hold, else what does not, in full; everything if `verbose`.
pub(crate) fn print(
    evidence: &[TheoremEvidence],
    settings: &Settings,
    directory: &Path,
    verbose: bool,
) -> Result<(), CommandError> {
    let wrong: Vec<TheoremEvidence> = evidence.iter().filter_map(what_fails).collect();
    match (verbose, wrong.is_empty()) {
        (true, _) => say!("\n{}", terminal::verdicts(evidence))?,
        (false, true) => say!("\n{}", terminal::standings(evidence))?,
        (false, false) => say!("\n{}", terminal::verdicts(&wrong))?,
    }
    for theorem in evidence {
        for claim in theorem.claims.iter().filter(|claim| !claim.as_expected()) {
            let run = theorem.runs.first().cloned().unwrap_or_else(|| Run::with(settings));
            say!("{}: {}\n", theorem.id, claim.explain(&theorem.reproduction(&run)))?;
        }
    }
    for theorem in evidence {
        let of_claims = theorem.claims.iter();
        let lost = of_claims.flat_map(|claim| claim.forgotten.iter().map(|it| (&*claim.name, it)));
        for (what, lost) in theorem.forgotten.iter().map(|it| ("", it)).chain(lost) {
            let told = printable(&format!("{}: {what} {lost}", theorem.id));
            say!("{UNSURE}{}{UNSURE:#}", terminal::wrapped(&told, "", "  "))?;
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
    say!("evidence: {}", printable(&directory.display().to_string()))
}

/// A theorem that does not hold, with nothing but what came out otherwise than it needs.
fn what_fails(evidence: &TheoremEvidence) -> Option<TheoremEvidence> {
    (evidence.standing != Standing::Holds).then(|| {
        let mut evidence = evidence.clone();
        evidence.claims.retain(|claim| !claim.as_expected());
        evidence
    })
}

/// What a shard did, and what comes next: no verdict but a refutation, which no other shard can take back.
fn print_share(
    catalogue: &Catalogue,
    evidence: &[TheoremEvidence],
    (shard, folder): (Shard, &Path),
    options: &RunOptions,
) -> Result<(), CommandError> {
    let claims = || evidence.iter().flat_map(|theorem| &theorem.claims);
    let shares = || claims().filter_map(|claim| claim.share.as_ref());
    let examined: usize = shares().map(|share| share.examined().len()).sum();
    let instances: usize = shares().map(|share| share.of).sum();
    let drawn: usize = evidence.iter().map(|theorem| theorem.computed_figures.len()).sum();
    let figures: usize =
        evidence.iter().filter_map(|it| it.share.as_ref()).map(|share| share.figures.len()).sum();
    say!("")?;
    for theorem in evidence {
        let refuted = theorem
            .claims
            .iter()
            .filter(|claim| claim.role == Role::Claim && claim.verdict == Verdict::Refuted);
        for claim in refuted {
            let run = theorem.runs.first().map(|run| theorem.reproduction(run));
            say!("{}: {}\n", theorem.id, claim.explain(&run.unwrap_or_default()))?;
        }
    }
    say!(
        "{BOLD}{shard}: {examined} of {instances} instances and {drawn} of {figures} figures of {} {}{BOLD:#}",
        evidence.len(),
        if evidence.len() == 1 { "theorem" } else { "theorems" }
    )?;
    say!("evidence: {}", printable(&folder.display().to_string()))?;
    let all = printable(&options.holder().display().to_string());
    say!(
        "There is no verdict before all {} are merged: {} report {all}",
        shard.of,
        catalogue.name()
    )
}

/// 0 if all theorems hold, else 1.
pub(crate) fn exit_code(evidence: &[TheoremEvidence]) -> ExitCode {
    let all_hold = evidence.iter().all(|e| e.standing == Standing::Holds);
    ExitCode::from(u8::from(!all_hold))
}
