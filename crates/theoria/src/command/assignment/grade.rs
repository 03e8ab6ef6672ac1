//! `theoria assignment grade`.

use std::process::ExitCode;

use theoria_assignments::grade::{Graded, Grading, grade as grade_all};
use theoria_assignments::isolation::{Launcher, Limits};
use theoria_verification::printable;

use super::arguments::{Grade, TierName};
use super::named;
use crate::command::error::CommandError;
use crate::command::terminal::{BOLD, DIM, GOOD, UNSURE, remark, say};

/// Grades all submissions, tells of each when it is finished, and sums up.
pub(super) fn grade(arguments: &Grade) -> Result<ExitCode, CommandError> {
    let assignment = named(&arguments.name)?;
    let points = assignment.points();
    let grading = Grading {
        folder: arguments.folder.clone(),
        out: arguments.out.clone(),
        jobs: arguments.jobs.into(),
        seed: arguments.seed.number(),
        program: arguments.program.clone(),
        required: arguments.require_isolation.map(TierName::tier),
        most: arguments.isolation.map(TierName::tier),
        limits: Limits { cpu_seconds: arguments.cpu_seconds, ..Limits::default() },
        launcher: Launcher::of_this_program(["assignment", "stage"])
            .map_err(CommandError::Itself)?,
        assignment,
    };
    let graduation = grade_all(&grading, |graded| {
        remark(format_args!("{DIM}graded{DIM:#} {}", printable(&graded.name)));
    })?;
    for graded in &graduation.graded {
        tell(graded, points)?;
    }
    let (all, unfinished) = (graduation.graded.len(), graduation.unfinished());
    say!(
        "\n{BOLD}{} of {all} submissions graded{BOLD:#} (isolation: {}; seed {})",
        all - unfinished,
        graduation.tier,
        grading.seed
    )?;
    let page = grading.out.join("index.html");
    say!("marks: {BOLD}{}{BOLD:#}", printable(&page.display().to_string()))?;
    Ok(ExitCode::from(u8::from(unfinished > 0)))
}

fn tell(graded: &Graded, points: u32) -> Result<(), CommandError> {
    let name = printable(&graded.name);
    match graded.score() {
        Some(score) => say!("{GOOD}{score:>3}{GOOD:#} of {points}  {name}"),
        None => {
            let why = graded.tests.iter().find(|test| test.score().is_none());
            let why = printable(why.map_or("", |test| test.explanation.as_str()));
            say!("{UNSURE}not graded{UNSURE:#}  {name}: {why}")
        }
    }
}
