//! An assignment: what is handed out, what is checked, and what is known to be right and wrong.

use theoria_verification::evidence::TheoremEvidence;
use theoria_verification::{Settings, Theorem};

use crate::judge::one_by_one;
use crate::play::Student;
use crate::theoria::Solution;

/// The heading under which a task says what is to be done.
const ASKED: &str = "\n## Your task\n\n";

/// A solution that is compiled in, new each time.
pub type Make = fn() -> Box<dyn Solution + Send>;

/// A task with its theorem, its checks, and the solutions that show that the checks are right.
#[derive(Clone)]
pub struct Assignment {
    /// Lower case with underscores, as it is called on the command line.
    pub name: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// The id of the theorem that it is about.
    pub theorem: &'static str,
    /// The task in Markdown: the theorem, what is asked, what the program is told and answers.
    pub task: &'static str,
    /// What the student begins with.
    pub stubs: Stubs,
    /// Checks that the student sees and runs.
    pub public: Part,
    /// Checks that only the grader runs. A student is told whether they hold, and no number of them.
    pub hidden: Part,
    /// From the first nudge to the last; none tells what a hidden check looks at.
    pub hints: &'static [&'static str],
    /// A word after success.
    pub success: &'static str,
    /// Checks of which every case is told, also where they hold: their cases say in words what came of them.
    pub told_case_by_case: &'static [&'static str],
    /// A right solution.
    pub reference: Make,
    /// The stub in Rust, as it is handed out.
    pub stub: Make,
    /// Wrong solutions, each with the checks that it must fail.
    pub mutants: &'static [Mutant],
}

/// What a student begins with, in several languages.
#[derive(Debug, Clone, Copy)]
pub struct Stubs {
    /// The file `src/solution.rs`.
    pub rust: &'static str,
    /// The file `solution.py`.
    pub python: &'static str,
}

/// Checks with the claims that decide them.
#[derive(Clone, Copy)]
pub struct Part {
    /// The checks, one for each claim, in their order.
    pub checks: &'static [Check],
    /// The claims, measured on what a solution does; a theorem, so that they can be drawn.
    pub claims: fn(&Student) -> Theorem,
}

/// What earns points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// The name of its claim.
    pub name: &'static str,
    /// What must hold, for the student. Of a hidden check it says which property, and nothing of the instances.
    pub title: &'static str,
    /// What it is worth.
    pub points: u32,
    /// What the abscissa of its claim counts, before a number: "step" 3.
    pub at: &'static str,
}

/// A solution that is wrong in one place.
#[derive(Debug, Clone, Copy)]
pub struct Mutant {
    /// What is wrong, in lower case with underscores.
    pub name: &'static str,
    /// The checks that must fail, whatever else does.
    pub fails: &'static [&'static str],
    /// Why they must.
    pub because: &'static str,
    /// The solution.
    pub make: Make,
}

impl Part {
    /// All that is seen of its claims, to be drawn. (Marks are given by [`judge`](crate::judge), check by check.)
    pub fn evidence(&self, student: &Student, settings: &Settings) -> TheoremEvidence {
        one_by_one(|| (self.claims)(student).check(settings))
    }
}

impl Assignment {
    /// All checks, those that the student sees first.
    pub fn checks(&self) -> impl Iterator<Item = &'static Check> {
        self.public.checks.iter().chain(self.hidden.checks)
    }

    /// What is to be done, in a sentence of Markdown: the first of the task's section of that name.
    pub fn asked(&self) -> String {
        let (_, section) = self.task.split_once(ASKED).unwrap_or_default();
        let (paragraph, _) = section.split_once("\n\n").unwrap_or((section, ""));
        let words: Vec<&str> = paragraph.split_whitespace().collect();
        let end =
            words.iter().position(|word| word.ends_with('.')).map_or(words.len(), |at| at + 1);
        words[..end].join(" ")
    }

    /// What all checks are worth together.
    pub fn points(&self) -> u32 {
        self.checks().map(|check| check.points).sum()
    }
}
