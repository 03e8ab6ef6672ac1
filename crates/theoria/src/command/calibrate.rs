//! `theoria calibrate`.

use std::process::ExitCode;

use rayon::prelude::*;
use theoria_verification::evidence::TheoremEvidence;
use theoria_verification::{Role, Settings, Verdict};

use crate::arguments::Calibrate;
use crate::command::check::use_threads;
use crate::error::CommandError;
use crate::selection::select;
use crate::terminal::{BAD, BOLD, GOOD, Progress, say};

/// How often a claim came out as what.
struct Counts {
    theorem: String,
    claim: String,
    role: Role,
    supported: usize,
    refuted: usize,
    inconclusive: usize,
    /// Seeds whose verdict is not the one that the theorem needs.
    wrong: Vec<u64>,
}

/// Checks with many seeds and prints, for each claim, how often it came out as what. Writes no
/// evidence.
pub(crate) fn calibrate(arguments: &Calibrate) -> Result<ExitCode, CommandError> {
    let theorems = select(theoria_theorems::all(), &arguments.filters)?;
    use_threads(arguments.threads)?;
    let settings = Settings { effort: arguments.effort.effort(), ..Settings::default() };
    let first = arguments.first.number();
    let progress = Progress::new(theorems.len());
    let mut counts: Vec<Counts> = Vec::new();
    for theorem in &theorems {
        let began = std::time::Instant::now();
        let runs: Vec<(u64, TheoremEvidence)> = (0..arguments.seeds)
            .into_par_iter()
            .map(|i| first.wrapping_add(i))
            .map(|seed| (seed, theorem.check(&settings.with_seed(seed))))
            .collect();
        if let Some((_, evidence)) = runs.last() {
            progress.done(evidence, began.elapsed());
        }
        counts.extend(count(&runs));
    }
    progress.finish();
    let all_right = counts.iter().all(|claim| claim.wrong.is_empty());
    print(&counts, first, arguments.seeds)?;
    Ok(ExitCode::from(u8::from(!all_right)))
}

fn count(runs: &[(u64, TheoremEvidence)]) -> Vec<Counts> {
    let Some((_, any)) = runs.first() else {
        return Vec::new();
    };
    (0..any.claims.len())
        .map(|i| {
            let came_out = |verdict| {
                runs.iter().filter(|(_, evidence)| evidence.claims[i].verdict == verdict).count()
            };
            Counts {
                theorem: any.id.clone(),
                claim: any.claims[i].name.clone(),
                role: any.claims[i].role,
                supported: came_out(Verdict::Supported),
                refuted: came_out(Verdict::Refuted),
                inconclusive: came_out(Verdict::Inconclusive),
                wrong: runs
                    .iter()
                    .filter(|(_, evidence)| !evidence.claims[i].as_expected())
                    .map(|(seed, _)| *seed)
                    .collect(),
            }
        })
        .collect()
}

fn print(counts: &[Counts], first: u64, seeds: u64) -> Result<(), CommandError> {
    say!("{BOLD}{:<66} supported refuted inconclusive{BOLD:#}", "claim")?;
    for claim in counts {
        let style = if claim.wrong.is_empty() { GOOD } else { BAD };
        let role = match claim.role {
            Role::Claim => "",
            Role::Control => "(false) ",
        };
        say!(
            "{style}{:<66}{style:#} {:>9} {:>7} {:>12}",
            format!("{}: {role}{}", claim.theorem, claim.claim),
            claim.supported,
            claim.refuted,
            claim.inconclusive
        )?;
        for seed in &claim.wrong {
            say!("    not as it must be: check {} --seed {seed}", claim.theorem)?;
        }
    }
    let wrong: usize = counts.iter().map(|claim| claim.wrong.len()).sum();
    say!(
        "\n{BOLD}{wrong} wrong verdicts in {} claims, {seeds} seeds from {first} on{BOLD:#}",
        counts.len()
    )
}
