//! The command line of `theoria assignment`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use theoria_assignments::handout::Language;
use theoria_assignments::isolation::Tier;

use crate::command::values::Seed;

/// Hand out, solve and grade assignments, in any language
#[derive(Debug, Args)]
#[command(
    subcommand_help_heading = "Verbs",
    after_help = "\
Examples:
  PROGRAM assignment list
  PROGRAM assignment new gradient_descent mine --language python
  PROGRAM assignment check mine
  PROGRAM assignment check mine --program \"julia solution.jl\"
  PROGRAM assignment hint mine
  PROGRAM assignment grade gradient_descent submissions --out marks
  PROGRAM assignment verify"
)]
pub(crate) struct Assignment {
    #[command(subcommand)]
    pub(crate) verb: AssignmentVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AssignmentVerb {
    /// List the assignments with their points and theorems
    List,
    New(New),
    Check(CheckSolution),
    Hint(Hint),
    Grade(Grade),
    Verify(Verify),
    #[command(hide = true)]
    Stage(Stage),
}

/// Write a new folder with the task, a stub that runs, and the helper file of its language
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  PROGRAM assignment new gradient_descent mine
  PROGRAM assignment new gradient_descent mine --language rust")]
pub(crate) struct New {
    /// Name of the assignment; `list` shows all
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Folder to be made
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Language of the stub; a program in any other language speaks the protocol itself
    #[arg(long, value_enum, default_value_t = LanguageName::Python)]
    pub(crate) language: LanguageName,
}

/// Check a solution: which property holds, which fails, and where
#[derive(Debug, Args)]
#[command(after_help = "\
Runs the checks that the task names and shows the numbers where one fails; checks that only the grader runs are not run. Exit code 1
if any check fails.

Examples:
  PROGRAM assignment check mine
  PROGRAM assignment check mine --draw
  PROGRAM assignment check mine --program \"python3 my_optimizer.py\"")]
pub(crate) struct CheckSolution {
    /// Folder of the solution
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// How the program is started, within the folder; found out if not given
    #[arg(long, value_name = "COMMAND")]
    pub(crate) program: Option<String>,
    /// Also draw measured against predicted, into DIR/drawn
    #[arg(long)]
    pub(crate) draw: bool,
    /// Seed of the instances: a whole number, or `fresh` for a new one
    #[arg(long, value_name = "N", default_value = "default", hide_default_value = true)]
    pub(crate) seed: Seed,
}

/// Give the next hint
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  PROGRAM assignment hint mine\n  PROGRAM assignment hint mine --again"
)]
pub(crate) struct Hint {
    /// Folder of the solution
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Show the hints that were given, and no new one
    #[arg(long)]
    pub(crate) again: bool,
}

/// Grade a folder of submissions, each kept apart from the machine and from the others
#[derive(Debug, Args)]
#[command(after_help = "\
FOLDER holds one folder for each submission, or is one. DIR gets a results.json (the format of Gradescope) and a teacher.txt for each,
grades.csv, and index.html with all marks. Every test stands in results.json before anything runs; what the grader fails at is “not
graded”, never 0. Exit code 1 if anything was not graded.

Examples:
  PROGRAM assignment grade gradient_descent submissions --out marks
  PROGRAM assignment grade nesterov submissions --out marks --jobs 4 --require-isolation
  PROGRAM assignment grade lasso submissions --out marks --program \"julia solution.jl\"")]
pub(crate) struct Grade {
    /// Name of the assignment; what a submission says of itself does not count
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Folder of the submissions
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// Folder of the marks
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// How many submissions run at a time; marks do not depend on it
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
    /// Refuse to grade where the machine isolates less than this: `namespaces` if no tier is named
    #[arg(long, value_enum, value_name = "TIER", num_args = 0..=1, require_equals = true, default_missing_value = "namespaces")]
    pub(crate) require_isolation: Option<TierName>,
    /// Isolate no more than this, where a language does not bear it; all that the machine has if not given
    #[arg(long, value_enum, value_name = "TIER")]
    pub(crate) isolation: Option<TierName>,
    /// How every program is started, within its folder; found out if not given
    #[arg(long, value_name = "COMMAND")]
    pub(crate) program: Option<String>,
    /// Seconds on the processor that a program has
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) cpu_seconds: u64,
    /// Seed of the instances: a whole number, or `fresh` for a new one
    #[arg(long, value_name = "N", default_value = "fresh")]
    pub(crate) seed: Seed,
}

/// A stage of isolation, which the program starts by itself
#[derive(Debug, Args)]
pub(crate) struct Stage {
    pub(crate) stage: String,
    pub(crate) confinement: String,
}

/// Show that the checks are right, for whoever writes or hands out assignments
#[derive(Debug, Args)]
#[command(after_help = "\
Runs each reference solution, which must earn all points, each stub, which must earn none, and each mutant, which must fail what its
author says. Exit code 1 if anything surprises.

Examples:
  PROGRAM assignment verify
  PROGRAM assignment verify gradient_descent --seed fresh")]
pub(crate) struct Verify {
    /// Names of assignments; all if none is given
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Seed of the instances: a whole number, or `fresh` for a new one
    #[arg(long, value_name = "N", default_value = "default", hide_default_value = true)]
    pub(crate) seed: Seed,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LanguageName {
    /// Python 3, standard library alone
    Python,
    /// A project without dependencies
    Rust,
}

impl LanguageName {
    pub(crate) fn language(self) -> Language {
        match self {
            LanguageName::Python => Language::Python,
            LanguageName::Rust => Language::Rust,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum TierName {
    /// A process tree, files and network of its own
    Namespaces,
    /// Nothing written but its own files, no network (Landlock, seccomp)
    Restricted,
    /// Limits on time, memory and processes alone
    Limits,
}

impl TierName {
    pub(crate) fn tier(self) -> Tier {
        match self {
            TierName::Namespaces => Tier::Namespaces,
            TierName::Restricted => Tier::Restricted,
            TierName::Limits => Tier::Limits,
        }
    }
}
