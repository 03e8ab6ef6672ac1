//! What a failed claim tells a person.

use std::fmt::Write;

use crate::Role;
use crate::evidence::{ClaimEvidence, InstanceEvidence, Origin};

impl ClaimEvidence {
    /// Why the verdict is not the one that the theorem needs: what was predicted, what was
    /// measured, where first, on which instance, and the command that `reproduces` it.
    pub fn explain(&self, reproduces: &str) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_explanation(&mut text);
        text + "  reproduce: " + reproduces
    }

    fn write_explanation(&self, text: &mut String) -> std::fmt::Result {
        let wanted = match self.role {
            Role::Claim => "the claim",
            Role::Control => "the control (false on purpose: it must come out refuted)",
        };
        writeln!(text, "{wanted} {} came out {}", self.name, self.verdict)?;
        writeln!(text, "  claimed: {}", self.stated())?;
        if self.counted().next().is_none() {
            return self.write_why_none_counts(text);
        }
        if let Some(instance) = self.decisive_instance() {
            write_instance(text, "on", instance)?;
        }
        if let Some(small) = &self.counterexample {
            write_instance(text, "shrunk to", small)?;
        }
        if let Some(unseen) = self.unseen() {
            writeln!(text, "  {unseen}")?;
        }
        writeln!(text, "  {}", self.agreement())
    }

    fn write_why_none_counts(&self, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "  none of the {} instances satisfies the hypotheses{}:",
            self.instances.len(),
            self.violates.as_ref().map_or(String::new(), |name| format!(
                " (and violates “{name}”, as this control means to)"
            ))
        )?;
        for instance in &self.instances {
            writeln!(text, "  {} {}", instance.family, instance.index + 1)?;
            for check in &instance.hypotheses {
                let outcome = if check.satisfied { "holds" } else { "fails" };
                writeln!(text, "    {} {outcome}: {}", check.name, check.detail)?;
            }
        }
        Ok(())
    }
}

impl InstanceEvidence {
    /// What stands behind the name of its family: its number there, or how it was come by otherwise.
    pub fn numbered(&self) -> String {
        match &self.origin {
            Origin::Listed | Origin::Drawn => format!(" {}", self.index + 1),
            Origin::Searched(searched) => {
                format!(", found by a search among {} instances", searched.evaluations)
            }
            Origin::Remembered { .. } => ", the worst that was known".into(),
            Origin::Shrunk { .. } => ", made as simple as it goes".into(),
        }
    }
}

fn write_instance(text: &mut String, word: &str, instance: &InstanceEvidence) -> std::fmt::Result {
    writeln!(
        text,
        "  {word} {}{} (seed {}): {}",
        instance.family,
        instance.numbered(),
        instance.seed,
        instance.description
    )?;
    if !instance.constants.is_empty() {
        let constants: Vec<String> = instance
            .constants
            .iter()
            .map(|c| format!("{} = {:.6e} ({})", c.name, c.value, c.provenance))
            .collect();
        writeln!(text, "    {}", constants.join(", "))?;
    }
    if let Some(finding) = &instance.finding {
        writeln!(
            text,
            "    predicted {:.6e}, measured {:.6e} at {}",
            finding.predicted, finding.measured, finding.at
        )?;
        if let Some(first) = finding.first_violation {
            writeln!(
                text,
                "    first violated at {}: measured {:.6e}, predicted {:.6e}",
                first.at, first.measured, first.predicted
            )?;
        }
        if let Some(note) = &finding.note {
            writeln!(text, "    {note}")?;
        }
    }
    Ok(())
}
