//! `theoria assignment check`.

use std::path::Path;
use std::process::ExitCode;

use theoria_assignments::play::{Player, Program, Student};
use theoria_assignments::{
    Assignment, Judged, Mark, Progress, explain, handout, judge, settings, submission,
};
use theoria_report::About;
use theoria_verification::{Settings, printable};

use super::arguments::CheckSolution;
use super::hint::keep;
use super::named;
use crate::command::error::CommandError;
use crate::command::terminal::{self, BAD, BOLD, DIM, GOOD, UNSURE, say};

/// Runs the public checks, says what holds and what fails and where, and keeps what was come to.
pub(super) fn check(arguments: &CheckSolution) -> Result<ExitCode, CommandError> {
    let folder = &arguments.folder;
    let assignment = named(&handout::marker(folder)?.assignment)?;
    let launch = submission::launch(folder, arguments.program.as_deref())?;
    let name = assignment.name;
    let student = Student::started_by(move || {
        Program::start(&launch, name).map(|program| Box::new(program) as Box<dyn Player>)
    });
    let settings = settings(arguments.seed.number(), true);
    let judged = judge(&assignment.public, &student, &settings, |_| true);
    let before = Progress::of(folder);
    for judged in &judged {
        tell(&assignment, judged, before.holding.contains(judged.check.name))?;
    }
    let holding = judged.iter().filter(|judged| judged.passed());
    let progress = Progress {
        holding: holding.map(|judged| judged.check.name.to_owned()).collect(),
        ..before.clone()
    };
    keep(&progress, folder)?;
    sum_up(&assignment, &judged, &before)?;
    if arguments.draw {
        draw(&assignment, &student, &settings, folder)?;
    }
    Ok(ExitCode::from(u8::from(judged.iter().any(|judged| !judged.passed()))))
}

fn tell(assignment: &Assignment, judged: &Judged, held_before: bool) -> Result<(), CommandError> {
    let (style, word) = match judged.mark {
        Mark::Passed => (GOOD, "holds"),
        Mark::NotShown => (UNSURE, "open"),
        Mark::NotGraded(_) => (UNSURE, "not run"),
        Mark::Refuted | Mark::Fault(_) => (BAD, "fails"),
    };
    let since = match (judged.passed(), held_before) {
        (true, false) => " (new)",
        (false, true) => " (it held before)",
        _ => "",
    };
    let check = judged.check;
    say!("{style}{word:<8}{style:#} {BOLD}{}{BOLD:#}: {}{since}", check.name, check.title)?;
    for line in explain(assignment, judged).lines() {
        say!("{}", terminal::wrapped(&printable(line), "         ", "           "))?;
    }
    Ok(())
}

fn sum_up(
    assignment: &Assignment,
    judged: &[Judged],
    before: &Progress,
) -> Result<(), CommandError> {
    let holding = judged.iter().filter(|judged| judged.passed());
    let points: u32 = holding.map(|judged| judged.check.points).sum();
    let public: u32 = assignment.public.checks.iter().map(|check| check.points).sum();
    let hidden = assignment.points() - public;
    say!(
        "\n{BOLD}{points} of {public} points{BOLD:#}; {hidden} more are given by checks that only the grader runs"
    )?;
    if points == public {
        say!("{}", terminal::wrapped(assignment.success, "", ""))?;
    } else if before.hints < assignment.hints.len() {
        let left = assignment.hints.len() - before.hints;
        say!("{DIM}stuck? `theoria assignment hint` gives one of {left} hints{DIM:#}")?;
    }
    Ok(())
}

/// Measured against predicted, as the report draws it.
fn draw(
    assignment: &Assignment,
    student: &Student,
    settings: &Settings,
    folder: &Path,
) -> Result<(), CommandError> {
    student.begins_anew();
    let evidence = assignment.public.evidence(student, settings);
    let written = theoria_report::write(
        std::slice::from_ref(&evidence),
        &About::default(),
        &folder.join("drawn"),
    )?;
    say!("drawn: {BOLD}{}{BOLD:#}", printable(&written.index.display().to_string()))
}
