//! The command line of `theoria assignment`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use theoria_assignments::handout::Language;

use crate::command::arguments::Seed;

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
  PROGRAM assignment verify"
)]
pub(crate) struct Assignment {
    #[command(subcommand)]
    pub(crate) verb: AssignmentVerb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AssignmentVerb {
    List,
    New(New),
    Check(CheckSolution),
    Hint(Hint),
    Verify(Verify),
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
