//! `theoria calibrate`.

use std::process::ExitCode;

use rayon::prelude::*;
use theoria_verification::{Role, Settings, Theorem, Verdict};

use crate::command::arguments::Calibrate;
use crate::command::catalogue::Catalogue;
use crate::command::check::use_threads;
use crate::command::error::CommandError;
use crate::command::selection::select;
use crate::command::terminal::{BAD, BOLD, GOOD, Progress, say};

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
pub(crate) fn calibrate(
    catalogue: &Catalogue,
    arguments: &Calibrate,
) -> Result<ExitCode, CommandError> {
    let theorems = select(&catalogue.theorems, &arguments.filters)?;
    let (first, seeds) = (arguments.first.number(), arguments.seeds);
    let Some(last) = first.checked_add(seeds - 1) else {
        return Err(CommandError::NoSuchSeeds { first, seeds });
    };
    use_threads(arguments.threads)?;
    let settings = Settings { effort: arguments.effort.effort(), ..Settings::default() };
    let progress = Progress::new(theorems.len());
    let mut counts: Vec<Counts> = Vec::new();
    for theorem in &theorems {
        let began = std::time::Instant::now();
        // Of each seed the verdicts alone: the evidence of many would not fit into memory.
        let verdicts: Vec<(u64, Vec<Verdict>)> = (first..=last)
            .into_par_iter()
            .map(|seed| {
                let evidence = theorem.check(&settings.with_seed(seed));
                (seed, evidence.claims.iter().map(|claim| claim.verdict).collect())
            })
            .collect();
        let counted = count(theorem, &verdicts);
        let wrong: usize = counted.iter().map(|claim| claim.wrong.len()).sum();
        progress.counted(&theorem.id().to_string(), wrong, began.elapsed());
        counts.extend(counted);
    }
    progress.finish();
    let all_right = counts.iter().all(|claim| claim.wrong.is_empty());
    print(&counts, first, seeds)?;
    Ok(ExitCode::from(u8::from(!all_right)))
}

fn count(theorem: &Theorem, verdicts: &[(u64, Vec<Verdict>)]) -> Vec<Counts> {
    let claims = theorem.claims().enumerate();
    claims
        .map(|(i, (role, claim))| {
            let came_out = |verdict| verdicts.iter().filter(|(_, all)| all[i] == verdict).count();
            let needed = match role {
                Role::Claim => Verdict::Supported,
                Role::Control => Verdict::Refuted,
            };
            Counts {
                theorem: theorem.id().to_string(),
                claim: claim.into(),
                role,
                supported: came_out(Verdict::Supported),
                refuted: came_out(Verdict::Refuted),
                inconclusive: came_out(Verdict::Inconclusive),
                wrong: verdicts
                    .iter()
                    .filter(|(_, all)| all[i] != needed)
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
