//! The harness as the test target of a crate of its own, run as a process.

use std::process::{Command, Output, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use theoria_verification::{Claim, Curve, Family, Instance, Theorem, harness};

/// Says which theorems the process is the test target of.
const ROLE: &str = "THEORIA_TEST_OF_THE_HARNESS";

struct Half;

impl Instance for Half {
    fn description(&self) -> String {
        "a half".into()
    }
}

fn theorem(id: &str) -> Theorem {
    let claim = |name: String| {
        Claim::identity(&name, "1/2 = 1/2", 1e-12)
            .on(Family::single("halves", || Half))
            .experiment(|_| Curve::at(1.0, 0.5, 0.5))
    };
    (0..600).fold(Theorem::new(id, "# Halves"), |theorem, number| {
        theorem.claim(claim(format!("{}{number}", "a_claim_with_a_long_name_".repeat(4))))
    })
}

fn process(role: &str, arguments: &[&str], output: Stdio) -> std::process::Child {
    let itself = std::env::current_exe().expect("this file");
    let mut command = Command::new(itself);
    command.args(arguments).env(ROLE, role).stdout(output).stderr(Stdio::piped());
    command.spawn().expect("it runs")
}

fn without_a_reader(arguments: &[&str]) -> Output {
    let mut child = process("whole", arguments, Stdio::piped());
    drop(child.stdout.take());
    child.wait_with_output().expect("it ends")
}

fn ensure(holds: bool, told: impl std::fmt::Debug) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(format!("{told:?}").into()) }
}

fn closed_pipes_end_it_quietly() -> Result<(), Failed> {
    for (arguments, code) in [
        (&["--list"][..], 0),
        (&[], 141),
        (&["--test-threads", "1"], 141),
        (&["--format", "terse"], 141),
    ] {
        let outcome = without_a_reader(arguments);
        let quiet = outcome.stderr.is_empty() && outcome.status.code() == Some(code);
        ensure(quiet, (arguments, &outcome))?;
    }
    Ok(())
}

fn what_is_read_is_told_whole() -> Result<(), Failed> {
    let outcome = process("whole", &[], Stdio::piped()).wait_with_output()?;
    let text = String::from_utf8(outcome.stdout)?;
    ensure(outcome.status.success() && text.contains("600 passed"), text)
}

fn two_theorems_of_one_id_are_an_error() -> Result<(), Failed> {
    let outcome = process("twice", &[], Stdio::piped()).wait_with_output()?;
    let told = String::from_utf8(outcome.stderr)?;
    ensure(outcome.status.code() == Some(2) && told.contains("examples/halves"), told)
}

fn main() {
    match std::env::var(ROLE).as_deref() {
        Ok("whole") => harness::run(vec![theorem("examples/halves")]).exit(),
        Ok(_) => harness::run(vec![theorem("examples/halves"); 2]).exit(),
        Err(_) => {}
    }
    let tests = vec![
        Trial::test("closed_pipes_end_it_quietly", closed_pipes_end_it_quietly),
        Trial::test("what_is_read_is_told_whole", what_is_read_is_told_whole),
        Trial::test("two_theorems_of_one_id_are_an_error", two_theorems_of_one_id_are_an_error),
    ];
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}
