//! `theoria report`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use theoria_report::About;
use theoria_verification::evidence::{TheoremEvidence, store};

use crate::arguments::Report;
use crate::error::CommandError;
use crate::run_record::RunRecord;
use crate::terminal::{BOLD, say};

/// Reads evidence from files and folders, merges what speaks of the same theorem, and draws it.
pub(crate) fn report(arguments: &Report) -> Result<ExitCode, CommandError> {
    let mut merged: BTreeMap<String, TheoremEvidence> = BTreeMap::new();
    for path in &arguments.evidence {
        for evidence in read(path)? {
            let evidence = match merged.remove(&evidence.id) {
                Some(earlier) => earlier.merge(evidence)?,
                None => evidence,
            };
            merged.insert(evidence.id.clone(), evidence);
        }
    }
    let mut evidence: Vec<TheoremEvidence> = merged.into_values().collect();
    in_the_order_of_the_book(&mut evidence);
    let record = match &arguments.evidence[..] {
        [only] => RunRecord::read(only),
        _ => None,
    };
    let index = draw(&evidence, record, &arguments.out)?;
    say!("report: {BOLD}{}{BOLD:#}", index.display())?;
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<Vec<TheoremEvidence>, CommandError> {
    if !path.exists() {
        return Err(CommandError::NoEvidence { path: path.into() });
    }
    Ok(if path.is_dir() { store::read_all(path)? } else { vec![store::read(path)?] })
}

/// Theorems of this version first, as their chapters have them; foreign ones after, by id.
fn in_the_order_of_the_book(evidence: &mut [TheoremEvidence]) {
    let order: Vec<String> =
        theoria_theorems::all().iter().map(|theorem| theorem.id().to_string()).collect();
    evidence.sort_by_key(|evidence| {
        order.iter().position(|id| *id == evidence.id).unwrap_or(order.len())
    });
}

/// Writes the report and returns the path of its first page.
pub(crate) fn draw(
    evidence: &[TheoremEvidence],
    record: Option<RunRecord>,
    out: &Path,
) -> Result<PathBuf, CommandError> {
    let about = record.map_or_else(About::default, |record| About {
        date: Some(record.date),
        machine: Some(format!("{}, {} threads", record.machine, record.threads)),
        duration: Some(format!("{:.1} s", record.seconds)),
    });
    Ok(theoria_report::write(evidence, &about, out)?.index)
}
