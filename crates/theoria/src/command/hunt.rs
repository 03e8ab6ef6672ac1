//! `theoria hunt`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use theoria_verification::evidence::{InstanceEvidence, Origin, store};
use theoria_verification::{
    Choices, Hunted, Memory, Remembered, Settings, Theorem, Verdict, printable,
};

use crate::command::arguments::Hunt;
use crate::command::catalogue::Catalogue;
use crate::command::check::use_threads;
use crate::command::error::CommandError;
use crate::command::selection::select;
use crate::command::signals::on_signal;
use crate::command::terminal::{self, BAD, BOLD, GOOD, HuntProgress, say};

/// A search of a hunt looks at so many times the instances that a check looks at,
const LONGER: usize = 4;
/// and at twice as many in each round, up to so many times.
const LONGEST: usize = 64;

/// Tightnesses that differ relatively by less are the same.
const SAME: f64 = 1e-6;

/// What a hunt has found for one claim in one family.
struct Quarry<'a> {
    theorem: &'a Theorem,
    hunted: Hunted,
    /// How many instances it has looked at.
    evaluations: usize,
    worst: Option<InstanceEvidence>,
}

/// Memories by theorem, and where they lie.
struct Memories {
    folder: PathBuf,
    /// Whether anything was written.
    written: bool,
    known: BTreeMap<String, Memory>,
}

/// Hunts in rounds until the time is over, writing what is worse than what was known as soon as it is found.
pub(crate) fn hunt(catalogue: &Catalogue, arguments: &Hunt) -> Result<ExitCode, CommandError> {
    let theorems = select(&catalogue.theorems, &arguments.filters)?;
    let mut quarries: Vec<Quarry<'_>> = theorems
        .iter()
        .flat_map(|theorem| {
            let hunted = theorem.hunted().into_iter();
            hunted.map(move |hunted| Quarry { theorem, hunted, evaluations: 0, worst: None })
        })
        .collect();
    if quarries.is_empty() {
        return Err(CommandError::NothingToHunt { filters: arguments.filters.join(" ") });
    }
    use_threads(arguments.threads)?;
    let memories = Mutex::new(Memories::read(&arguments.memory, &theorems)?);
    on_signal(|| {
        "\ninterrupted: the worst instances found so far are kept; hunting again goes on from there"
            .into()
    });
    let end = Instant::now() + Duration::from_secs_f64(60.0 * arguments.minutes);
    let first = arguments.seed.number();
    let progress = HuntProgress::new(60.0 * arguments.minutes);
    let mut round = 0;
    while round == 0 || Instant::now() < end {
        let settings = Settings::default().with_seed(first.wrapping_add(round));
        let longer = LONGER * LONGEST.min(1 << round.min(16));
        quarries.par_iter_mut().try_for_each(|quarry| {
            if round > 0 && Instant::now() >= end {
                return Ok(());
            }
            quarry.search(longer, &settings, &memories, &progress)
        })?;
        round += 1;
    }
    progress.finish();
    print(&quarries)?;
    let memory = printable(&arguments.memory.display().to_string());
    if lock(&memories).written {
        say!("worst instances: {memory}")?;
    } else {
        say!("nothing worse was found than what {memory} or the theorems remember")?;
    }
    Ok(ExitCode::from(u8::from(quarries.iter().any(Quarry::is_broken))))
}

impl Quarry<'_> {
    /// One more search, which begins with the worst that is known.
    fn search(
        &mut self,
        longer: usize,
        settings: &Settings,
        memories: &Mutex<Memories>,
        progress: &HuntProgress,
    ) -> Result<(), CommandError> {
        let id = self.theorem.id().to_string();
        let known: Vec<Choices> = lock(memories).choices(&id, &self.hunted);
        let evaluations = longer * self.hunted.evaluations;
        let hunted = Hunted { evaluations, ..self.hunted.clone() };
        let Some(found) = self.theorem.hunt(&hunted, &known, settings) else {
            return Ok(());
        };
        self.evaluations += evaluations;
        let nearness = |instance: &InstanceEvidence| instance.nearness().unwrap_or(0.0);
        if self.worst.as_ref().is_none_or(|worst| nearness(&found) > nearness(worst)) {
            if let Some(remembered) = Remembered::of(&self.hunted.claim, &found) {
                lock(memories).take(&id, remembered)?;
            }
            progress.found(&id, &self.hunted.claim, nearness(&found));
            self.worst = Some(found);
        }
        progress.looked_at(evaluations);
        Ok(())
    }

    fn is_broken(&self) -> bool {
        let finding = self.worst.as_ref().and_then(|worst| worst.finding.as_ref());
        finding.is_some_and(|finding| finding.verdict == Verdict::Refuted)
    }
}

/// What a remembered instance is by now. Whoever hunts is told what is not as it was.
fn by_now(theorem: &Theorem, known: Remembered) -> Option<Remembered> {
    let told = |what: &str| terminal::remark(format_args!("{}: {}", theorem.id(), printable(what)));
    match theorem.replayed(&known, &Settings::default()) {
        Ok(now) => {
            // Machines differ in the last digits.
            if (now.tightness - known.tightness).abs() <= SAME * known.tightness.abs() {
                return Some(known);
            }
            told(&format!(
                "the worst instance of {} from “{}” comes to {:.6} of its bound, and came to {:.6}",
                known.claim, known.family, now.tightness, known.tightness
            ));
            Some(now)
        }
        Err(dropped) => {
            told(&dropped);
            None
        }
    }
}

fn lock(memories: &Mutex<Memories>) -> std::sync::MutexGuard<'_, Memories> {
    memories.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Memories {
    /// What the theorems remember and what the folder holds beside.
    fn read(folder: &Path, theorems: &[Theorem]) -> Result<Self, CommandError> {
        let mut memories =
            Memories { folder: folder.into(), written: false, known: BTreeMap::new() };
        for theorem in theorems {
            let id = theorem.id().to_string();
            let path = memories.path_of(&id);
            let mut memory = match std::fs::read_to_string(&path) {
                Ok(text) => Memory::read(&text)
                    .and_then(|memory| memory.of(&id))
                    .map_err(|source| CommandError::Memory { path: path.clone(), source })?,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Memory::new(&id),
                Err(source) => return Err(CommandError::ReadMemory { path, source }),
            };
            for remembered in theorem.remembered() {
                memory.take(remembered.clone());
            }
            let before = memory.clone();
            memory.revise(|known| by_now(theorem, known));
            if memory != before && path.is_file() {
                store::write_atomically(&path, memory.to_json().as_bytes())?;
            }
            memories.known.insert(id, memory);
        }
        Ok(memories)
    }

    /// Beside the theorem where the folder holds its source, else in a folder of its chapter.
    fn path_of(&self, id: &str) -> PathBuf {
        let (chapter, name) = id.split_once('/').unwrap_or(("", id));
        let beside = self.folder.join(chapter).join("src");
        let folder = if beside.join(name).with_extension("rs").is_file() {
            beside
        } else {
            self.folder.join(chapter)
        };
        folder.join(format!("{name}.worst.json"))
    }

    fn choices(&self, id: &str, hunted: &Hunted) -> Vec<Choices> {
        let known = self.known.get(id).map_or(&[][..], Memory::instances).iter();
        known
            .filter(|known| known.claim == hunted.claim && known.family == hunted.family)
            .map(|known| known.choices.clone())
            .collect()
    }

    fn take(&mut self, id: &str, worst: Remembered) -> Result<(), CommandError> {
        let path = self.path_of(id);
        let memory = self.known.entry(id.into()).or_insert_with(|| Memory::new(id));
        if memory.take(worst) {
            store::write_atomically(&path, memory.to_json().as_bytes())?;
            self.written = true;
        }
        Ok(())
    }
}

fn print(quarries: &[Quarry<'_>]) -> Result<(), CommandError> {
    for quarry in quarries {
        let id = quarry.theorem.id();
        let style = if quarry.is_broken() { BAD } else { GOOD };
        let nearness = quarry.worst.as_ref().and_then(InstanceEvidence::nearness);
        let told = nearness.map_or("nothing".into(), |nearness| format!("{nearness:.6}"));
        let claim = &quarry.hunted.claim;
        say!(
            "{BOLD}{id}: {claim}{BOLD:#} {style}{told}{style:#} of {} instances",
            quarry.evaluations
        )?;
        if let Some(worst) = &quarry.worst {
            let found = format!("{}: {}", worst.family, worst.description);
            say!("{}", terminal::wrapped(&printable(&found), "    ", "    "))?;
            let by_itself = matches!(worst.origin, Origin::Searched(_));
            if quarry.is_broken() && by_itself {
                let finding = worst.finding.as_ref();
                let violation = finding.and_then(|finding| finding.first_violation);
                if let Some(first) = violation {
                    say!(
                        "    {BAD}broken{BAD:#} at {}: measured {:.6e}, predicted {:.6e}",
                        first.at,
                        first.measured,
                        first.predicted
                    )?;
                }
            }
        }
    }
    let broken = quarries.iter().filter(|quarry| quarry.is_broken()).count();
    let searched: usize = quarries.iter().map(|quarry| quarry.evaluations).sum();
    say!("\n{BOLD}{broken} of {} bounds broken{BOLD:#} by {searched} instances", quarries.len())
}
