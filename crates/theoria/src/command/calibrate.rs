//! `theoria calibrate`.

use std::process::ExitCode;

use rayon::prelude::*;
use theoria_verification::{Role, Settings, Shard, Theorem, Verdict, printable};

use crate::command::arguments::Calibrate;
use crate::command::builds::this_build;
use crate::command::catalogue::Catalogue;
use crate::command::check::use_threads;
use crate::command::error::CommandError;
use crate::command::selection::select;
use crate::command::tally::{Counts, Plan, Tally, merged};
use crate::command::terminal::{BAD, BOLD, GOOD, Progress, say};
use crate::command::values::{Seed, ShardName};

/// Checks with many seeds, or puts together what several machines counted, and prints for each claim how often it came out
/// as what. Writes no evidence.
pub(crate) fn calibrate(
    catalogue: &Catalogue,
    arguments: &Calibrate,
) -> Result<ExitCode, CommandError> {
    if !arguments.merge.is_empty() {
        let tally = merged(&arguments.merge)?;
        if let Some(out) = &arguments.out {
            tally.write(out)?;
        }
        return told(&tally);
    }
    let tally = count(catalogue, arguments)?;
    let Some(shard) = tally.shard else {
        return told(&tally);
    };
    let wrong: usize = tally.claims.iter().map(|claim| claim.wrong.len()).sum();
    let own = own_seeds(&tally.plan, Some(shard))?.len();
    say!(
        "\n{BOLD}{shard}: {own} of {} seeds, {wrong} wrong verdicts in {} claims{BOLD:#}",
        tally.plan.seeds,
        tally.claims.len()
    )?;
    let out = arguments.out.as_ref().map(|out| printable(&out.display().to_string()));
    say!("counts: {}", out.unwrap_or_default())?;
    say!("To put all {} together: {} calibrate --merge FILES", shard.of, catalogue.name())?;
    Ok(ExitCode::SUCCESS)
}

/// The counts of the seeds that are this machine's, written down theorem by theorem.
fn count(catalogue: &Catalogue, arguments: &Calibrate) -> Result<Tally, CommandError> {
    let theorems = select(&catalogue.theorems, &arguments.filters)?;
    let shard = arguments.shard.map(ShardName::shard);
    if shard.is_some() && matches!(arguments.first, Seed::Fresh) {
        return Err(CommandError::FreshShard { option: "--first" });
    }
    let settings = Settings { effort: arguments.effort.effort(), ..Settings::default() };
    let plan = Plan {
        version: env!("CARGO_PKG_VERSION").into(),
        build: this_build(),
        effort: settings.effort,
        first: arguments.first.number().to_string(),
        seeds: arguments.seeds,
        theorems: theorems.iter().map(|theorem| theorem.id().to_string()).collect(),
    };
    let seeds = own_seeds(&plan, shard)?;
    use_threads(arguments.threads)?;
    let mut tally = begun(Tally::new(plan, shard), arguments)?;
    let progress = Progress::new(theorems.len());
    for theorem in &theorems {
        let id = theorem.id().to_string();
        if tally.has(&id) {
            continue;
        }
        let began = std::time::Instant::now();
        let counted = counted(theorem, &seeds, &settings);
        let wrong: usize = counted.iter().map(|claim| claim.wrong.len()).sum();
        progress.counted(&id, wrong, began.elapsed());
        tally.claims.extend(counted);
        tally.counted.push(id);
        if let Some(out) = &arguments.out {
            tally.write(out)?;
        }
    }
    progress.finish();
    Ok(tally)
}

/// The seeds of a shard: every so many of all.
fn own_seeds(plan: &Plan, shard: Option<Shard>) -> Result<Vec<u64>, CommandError> {
    let first = plan.first.parse().unwrap_or(Settings::DEFAULT_SEED);
    let Some(last) = first.checked_add(plan.seeds.saturating_sub(1)) else {
        return Err(CommandError::NoSuchSeeds { first, seeds: plan.seeds });
    };
    let (index, of) = shard.map_or((0, 1), |shard| (shard.index, shard.of.max(1)));
    Ok((first..=last).skip(index).step_by(of).collect())
}

/// What an interrupted calibration has counted already, if it is to go on.
fn begun(fresh: Tally, arguments: &Calibrate) -> Result<Tally, CommandError> {
    let Some(out) = arguments.out.as_ref().filter(|out| out.exists()) else {
        return Ok(fresh);
    };
    // What is no calibration is not overwritten.
    let found = Tally::read(out)?;
    if found.plan == fresh.plan && found.shard != fresh.shard {
        return Err(CommandError::Tally {
            path: out.clone(),
            reason: "it holds the counts of another shard: give each shard a file of its own"
                .into(),
        });
    }
    if arguments.resume && found.plan != fresh.plan {
        return Err(CommandError::Tally {
            path: out.clone(),
            reason: "it holds the counts of another calibration (seeds, effort, filters or build): name another file, or leave --resume \
                     away to overwrite it"
                .into(),
        });
    }
    Ok(if arguments.resume { found } else { fresh })
}

fn counted(theorem: &Theorem, seeds: &[u64], settings: &Settings) -> Vec<Counts> {
    // Of each seed the verdicts alone: the evidence of many would not fit into memory.
    let verdicts: Vec<(u64, Vec<Verdict>)> = seeds
        .par_iter()
        .map(|&seed| {
            let evidence = theorem.check(&settings.with_seed(seed));
            (seed, evidence.claims.iter().map(|claim| claim.verdict).collect())
        })
        .collect();
    let id = theorem.id().to_string();
    let claims = theorem.claims().enumerate();
    claims
        .map(|(i, claim)| {
            let own: Vec<(u64, Verdict)> =
                verdicts.iter().map(|(seed, all)| (*seed, all[i])).collect();
            Counts::of(&id, claim, &own)
        })
        .collect()
}

/// The table, and whether every verdict of every seed is the one that its theorem needs.
fn told(tally: &Tally) -> Result<ExitCode, CommandError> {
    say!("{BOLD}{:<66} supported refuted inconclusive{BOLD:#}", "claim")?;
    for claim in &tally.claims {
        let style = if claim.wrong.is_empty() { GOOD } else { BAD };
        let role = match claim.role {
            Role::Claim => "",
            Role::Control => "(false) ",
        };
        say!(
            "{style}{:<66}{style:#} {:>9} {:>7} {:>12}",
            printable(&format!("{}: {role}{}", claim.theorem, claim.claim)),
            claim.supported,
            claim.refuted,
            claim.inconclusive
        )?;
        if !claim.wrong.is_empty() {
            let (low, high) = claim.rate_of_wrong();
            say!(
                "    wrong in {} of {} seeds: with confidence 95% between {:.2}% and {:.2}% of all",
                claim.wrong.len(),
                claim.seeds(),
                100.0 * low,
                100.0 * high
            )?;
        }
        for seed in &claim.wrong {
            let theorem = printable(&claim.theorem);
            say!("    not as it must be: check {theorem} --seed {}", printable(seed))?;
        }
    }
    let wrong: usize = tally.claims.iter().map(|claim| claim.wrong.len()).sum();
    let Plan { seeds, first, .. } = &tally.plan;
    say!(
        "\n{BOLD}{wrong} wrong verdicts in {} claims, {seeds} seeds from {} on{BOLD:#}",
        tally.claims.len(),
        printable(first)
    )?;
    if let Some(right) = tally.claims.iter().find(|claim| claim.wrong.is_empty()) {
        let (_, high) = right.rate_of_wrong();
        say!(
            "Of a claim that never was wrong, with confidence 95% at most {:.2}% of all seeds are (Clopper, Pearson).",
            100.0 * high
        )?;
    }
    Ok(ExitCode::from(u8::from(wrong > 0)))
}
