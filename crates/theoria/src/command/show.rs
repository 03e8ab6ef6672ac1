//! `theoria show`.

use std::collections::BTreeMap;
use std::process::ExitCode;

use theoria_verification::evidence::{TheoremEvidence, store};
use theoria_verification::{Needs, Theorem};

use crate::arguments::Show;
use crate::error::CommandError;
use crate::selection::select_one;
use crate::terminal::{self, BOLD, say};

/// Statement, hypotheses and how they came out, and the last evidence.
pub(crate) fn show(arguments: &Show) -> Result<ExitCode, CommandError> {
    let theorem = select_one(theoria_theorems::all(), &arguments.id)?;
    say!("{}", terminal::statement(theorem.text()))?;
    print_needs(&theorem.needs())?;
    let path = store::path_of(&arguments.evidence, &theorem.id().to_string());
    if !path.exists() {
        print_claims_without_evidence(&theorem)?;
        return Ok(ExitCode::SUCCESS);
    }
    let evidence = store::read(&path)?;
    print_hypotheses(&evidence)?;
    let runs: Vec<String> = evidence.runs.iter().map(ToString::to_string).collect();
    say!("{BOLD}Last evidence{BOLD:#} ({}; version {})\n", runs.join("; "), evidence.version)?;
    say!("{}", terminal::verdicts(std::slice::from_ref(&evidence)))?;
    for claim in &evidence.claims {
        say!("  {}: {}", claim.name, claim.formula)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print_claims_without_evidence(theorem: &Theorem) -> Result<(), CommandError> {
    say!("{BOLD}Claims and controls{BOLD:#}\n")?;
    for (role, name) in theorem.claims() {
        say!("  {role:?}: {name}")?;
    }
    say!("\nThere is no evidence yet: cargo run -- check {}", theorem.id())
}

fn print_needs(all: &[Needs]) -> Result<(), CommandError> {
    say!("{BOLD}To check an instance of your own{BOLD:#}\n")?;
    for needs in all {
        let what = match &needs.provides[..] {
            "" => "a type of this theorem alone, which makes the instances",
            provides => provides,
        };
        let families = needs.families.join("; ");
        let line = format!("{}: {what} (families: {families})", needs.instance_type);
        say!("{}", terminal::wrapped(&line, "  ", "    "))?;
        if all.len() > 1 {
            let line = format!("for the claims {}", needs.claims.join(", "));
            say!("{}", terminal::wrapped(&line, "    ", "    "))?;
        }
        for hypothesis in &needs.hypotheses {
            let only = match &hypothesis.only_for[..] {
                [] => String::new(),
                claims => format!(" (for {})", claims.join(", ")),
            };
            let line = format!("{}{only}", hypothesis.name);
            say!("{}", terminal::wrapped(&line, "    - ", "      "))?;
        }
        say!("")?;
    }
    Ok(())
}

fn print_hypotheses(evidence: &TheoremEvidence) -> Result<(), CommandError> {
    // Name to (satisfied, checked); a control's violations are on purpose and are not counted.
    let mut outcomes: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for claim in &evidence.claims {
        for check in claim.instances.iter().flat_map(|i| &i.hypotheses) {
            if claim.violates.as_ref() != Some(&check.name) {
                let (satisfied, checked) = outcomes.entry(&check.name).or_default();
                *satisfied += usize::from(check.satisfied);
                *checked += 1;
            }
        }
    }
    if outcomes.is_empty() {
        return Ok(());
    }
    say!("{BOLD}Hypotheses as checked{BOLD:#}\n")?;
    for (name, (satisfied, checked)) in outcomes {
        say!("  {name}: satisfied on {satisfied} of {checked} instances")?;
    }
    say!("")
}
