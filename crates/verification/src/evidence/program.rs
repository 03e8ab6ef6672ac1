//! The program that made evidence, and makes it again.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Plan;
use crate::evidence::{Run, TheoremEvidence};

/// A program that knows the theorem and has the verb `check`, as cargo calls it in the crate that declares it.
///
/// ```
/// use theoria_verification::Settings;
/// use theoria_verification::evidence::{Program, Run};
/// let program = Program::of("target/debug/my_claims".as_ref()).unwrap();
/// assert_eq!(
///     program.check("mine/heavy_ball", &Run::with(&Settings::default().with_seed(7))),
///     "cargo run --bin my_claims -- check mine/heavy_ball --seed 7 --effort standard"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    name: String,
    kind: ProgramKind,
}

/// Which of cargo's targets a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ProgramKind {
    Binary,
    Example,
}

impl Program {
    /// The program in this file; none if its name would have to be quoted in a shell.
    pub fn of(file: &Path) -> Option<Self> {
        let name = file.file_stem()?.to_str()?.to_owned();
        let example = file.parent().and_then(Path::file_name).is_some_and(|it| it == "examples");
        let kind = if example { ProgramKind::Example } else { ProgramKind::Binary };
        Some(Program { name, kind }).filter(Program::is_sound)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The command that runs it, before its arguments.
    pub fn command(&self) -> String {
        let target = match self.kind {
            ProgramKind::Binary => "bin",
            ProgramKind::Example => "example",
        };
        format!("cargo run --{target} {} --", self.name)
    }

    /// The command that makes this run of a theorem again; what was deepened is deepened again, as often.
    pub fn check(&self, theorem: &str, run: &Run) -> String {
        let check = format!("{} check {theorem}", self.command());
        let folder = run.shard.map_or(String::new(), |shard| {
            format!("/shard-{}-of-{}", shard.index.saturating_add(1), shard.of)
        });
        let deepen = format!(" && {check} --deepen reports/evidence{folder}");
        let times = run.deepened.min(Plan::MOST_DEEPENED) as usize;
        format!("{check} {}{}", run.options(), deepen.repeat(times))
    }

    /// Whether its name is a word for every shell.
    pub(super) fn is_sound(&self) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        self.name.starts_with(|c: char| c.is_ascii_alphanumeric()) && self.name.chars().all(plain)
    }
}

impl TheoremEvidence {
    /// The command that makes one of its runs again: that of the program that made it, else of the tests of the crate
    /// that declares the theorem.
    pub fn reproduction(&self, run: &Run) -> String {
        match &self.program {
            Some(program) => program.check(&self.id, run),
            None => run.test_command(&self.id.replace('/', "::")),
        }
    }
}

impl Run {
    /// The options of the verb `check` that make this run again.
    pub fn options(&self) -> String {
        let shard = self.shard.map_or(String::new(), |shard| {
            format!(" --shard {}/{}", shard.index.saturating_add(1), shard.of)
        });
        format!("--seed {} --effort {}{shard}", self.seed, self.effort)
    }

    /// The command that runs the tests of this name (`chapter::theorem`, `chapter::theorem::claim`) as this run did.
    pub fn test_command(&self, test: &str) -> String {
        format!("THEORIA_SEED={} THEORIA_EFFORT={} cargo test {test}", self.seed, self.effort)
    }
}

#[cfg(test)]
mod tests {
    use super::Program;

    #[test]
    fn a_name_that_a_shell_would_read_otherwise_is_none() {
        for name in ["my claims", "a;b", "$(x)", "-x", ""] {
            assert_eq!(Program::of(name.as_ref()), None, "{name}");
        }
        let example = Program::of("target/debug/examples/own".as_ref()).unwrap();
        assert_eq!(example.command(), "cargo run --example own --");
    }
}
