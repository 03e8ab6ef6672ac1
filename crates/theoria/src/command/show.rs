//! `theoria show`.

use std::collections::BTreeMap;
use std::process::ExitCode;

use theoria_verification::evidence::{Run, TheoremEvidence, store};
use theoria_verification::{Needs, Settings, Theorem, printable};

use crate::command::arguments::Show;
use crate::command::catalogue::Catalogue;
use crate::command::error::CommandError;
use crate::command::selection::select_one;
use crate::command::terminal::{self, BOLD, say};

/// Statement, what it uses, hypotheses and how they came out, and the last evidence.
pub(crate) fn show(catalogue: &Catalogue, arguments: &Show) -> Result<ExitCode, CommandError> {
    let theorem = select_one(&catalogue.theorems, &arguments.id)?;
    say!("{}", terminal::statement(theorem.text()))?;
    print_prerequisites(&theorem)?;
    print_needs(&theorem.needs())?;
    let id = theorem.id().to_string();
    let path = store::path_of(&arguments.evidence, &id);
    let run = Run::with(&Settings::default());
    if !path.exists() {
        print_claims(&theorem)?;
        say!("\nThere is no evidence yet. To write it:\n{}", catalogue.check_command(&id, &run))?;
        return Ok(ExitCode::SUCCESS);
    }
    let evidence = store::read_of(&arguments.evidence, &id)?;
    if evidence.fingerprint != theorem.fingerprint() {
        print_claims(&theorem)?;
        let path = printable(&path.display().to_string());
        say!("\n{path} was made for another version of this theorem.")?;
        say!("Check it again: {}", catalogue.check_command(&id, &run))?;
        return Ok(ExitCode::SUCCESS);
    }
    print_hypotheses(&evidence)?;
    let runs: Vec<String> = evidence.runs.iter().map(ToString::to_string).collect();
    say!("{BOLD}Last evidence{BOLD:#} ({}; version {})\n", runs.join("; "), evidence.version)?;
    say!("{}", terminal::verdicts(std::slice::from_ref(&evidence)))?;
    for claim in &evidence.claims {
        say!("  {}: {}", claim.name, claim.formula)?;
    }
    say!("\n{BOLD}Reproduce{BOLD:#}\n")?;
    for run in &evidence.runs {
        say!("  {}", evidence.reproduction(run))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print_claims(theorem: &Theorem) -> Result<(), CommandError> {
    say!("{BOLD}Claims and controls{BOLD:#}\n")?;
    for (role, name) in theorem.claims() {
        say!("  {role:?}: {name}")?;
    }
    Ok(())
}

fn print_prerequisites(theorem: &Theorem) -> Result<(), CommandError> {
    let used = theorem.prerequisites();
    if !used.is_empty() {
        say!("{BOLD}It uses{BOLD:#}\n")?;
        for prerequisite in used {
            let line = format!("{}: {}", prerequisite.theorem, prerequisite.what);
            say!("{}", terminal::wrapped(&line, "  ", "    "))?;
        }
        say!("")?;
    }
    Ok(())
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
