//! The command of a crate of one's own, and what unlucky or hostile users do to it. The test runs itself as that
//! program, from a file with its name.

#![expect(clippy::unwrap_used, reason = "all of it is a test, though none that the compiler knows")]

mod killed;
mod machines;
mod program;
mod shards;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use std::sync::OnceLock;

use libtest_mimic::{Arguments, Trial};
use serde_json::{Value, json};
use tempfile::TempDir;

const ID: &str = "mine/heavy_ball";
const NAME: &str = "own_command";

/// The file of a program of this name, as cargo would have built it.
fn linked(name: &str) -> PathBuf {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let test = std::env::current_exe().expect("this file");
        // Beside the test, where a file need not be copied to be linked.
        let folder = TempDir::new_in(test.parent().expect("its folder")).expect("a folder");
        for name in [NAME, killed::NAME] {
            let program = folder.path().join(name).with_extension(std::env::consts::EXE_EXTENSION);
            std::fs::hard_link(&test, &program)
                .or_else(|_| std::fs::copy(&test, &program).map(drop))
                .expect("a copy of this file");
        }
        folder
    });
    folder.path().join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

fn outcome(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(linked(NAME));
    command.current_dir(folder).env("NO_COLOR", "1").args(arguments);
    command.output().expect("it runs")
}

/// Output and errors of a run that ends with this exit code.
fn run(folder: &Path, arguments: &[&str], code: i32) -> (String, String) {
    let outcome = outcome(folder, arguments);
    let [output, errors] =
        [outcome.stdout, outcome.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
    assert_eq!(outcome.status.code(), Some(code), "{arguments:?}\n{output}{errors}");
    assert!(!errors.contains("panicked"), "{arguments:?}\n{errors}");
    (output, errors)
}

fn checked() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    run(folder.path(), &["check", "--effort", "quick"], 0);
    folder
}

fn evidence(folder: &Path) -> PathBuf {
    folder.join("reports/evidence").join(ID).with_extension("json")
}

fn value(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(evidence(folder)).unwrap()).unwrap()
}

fn put(folder: &Path, value: &Value) {
    std::fs::write(evidence(folder), serde_json::to_vec(value).unwrap()).unwrap();
}

fn evidence_pages_and_messages_name_the_program_that_makes_them_again() {
    let folder = TempDir::new().unwrap();
    run(folder.path(), &["check", "heavy_ball", "--effort", "quick", "--seed", "7", "--draw"], 0);
    let again = format!("cargo run --bin own_command -- check {ID} --seed 7 --effort quick");
    let page = folder.path().join("reports/drawn").join(ID).with_extension("html");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains(&again) && !page.contains("--bin theoria"), "{page}");
    let (shown, _) = run(folder.path(), &["show", "heavy_ball"], 0);
    assert!(shown.contains(&again), "{shown}");
    let (help, _) = run(folder.path(), &["--help"], 0);
    assert!(help.contains("own_command check mine"), "{help}");
    let (listed, _) = run(folder.path(), &["list"], 0);
    assert!(listed.contains(ID) && listed.contains("Is heavy ball monotone?"), "{listed}");
    let (counted, _) = run(folder.path(), &["calibrate", "--seeds", "3", "--effort", "quick"], 0);
    assert!(counted.contains("0 wrong verdicts"), "{counted}");
}

fn a_large_seed_survives_and_one_that_was_rounded_is_refused() {
    let folder = TempDir::new().unwrap();
    let seed = "9007199254740993";
    run(folder.path(), &["check", "--effort", "quick", "--seed", seed], 0);
    let mut value = value(folder.path());
    assert_eq!(value["runs"][0]["seed"], json!(seed));
    run(folder.path(), &["report", "--out", "site"], 0);
    value["runs"][0]["seed"] = json!(9_007_199_254_740_992u64);
    put(folder.path(), &value);
    let (_, errors) = run(folder.path(), &["report", "--out", "other"], 2);
    assert!(errors.contains("2^53") && errors.contains("heavy_ball.json"), "{errors}");
}

fn resume_keeps_nothing_of_another_theorem_or_program() {
    let folder = checked();
    let again = ["check", "--effort", "quick", "--resume"];
    let whole = value(folder.path());
    let modified = || std::fs::metadata(evidence(folder.path())).unwrap().modified().unwrap();
    let before = modified();
    run(folder.path(), &again, 0);
    assert_eq!(modified(), before, "what is as it was is kept");
    let changes: [fn(&mut Value); 6] = [
        |v| v["statement"] = json!("# Another"),
        |v| v["fingerprint"] = json!("00"),
        |v| v["claims"][0]["instances"][0]["finding"]["verdict"] = json!("refuted"),
        |v| v["claims"][0]["instances"] = json!([]),
        |v| v["id"] = json!("mine/other"),
        |v| v["version"] = json!("9.9.9"),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut changed = whole.clone();
        change(&mut changed);
        put(folder.path(), &changed);
        run(folder.path(), &again, 0);
        assert_eq!(value(folder.path()), whole, "change {number}");
    }
    // Evidence of another build of the program.
    let builds = folder.path().join("reports/evidence/builds.json");
    std::fs::write(&builds, format!("{{\"{ID}\": \"0123\"}}")).unwrap();
    let before = modified();
    std::thread::sleep(std::time::Duration::from_millis(20));
    run(folder.path(), &again, 0);
    assert_ne!(modified(), before, "it is examined anew");
    std::fs::remove_file(&builds).unwrap();
    let before = modified();
    run(folder.path(), &again, 0);
    assert_ne!(modified(), before, "so is what nobody knows the program of");
}

fn contradicting_evidence_is_one_line_that_names_file_and_cause() {
    let folder = checked();
    let mut value = value(folder.path());
    value["claims"][0]["instances"][0]["finding"]["verdict"] = json!("refuted");
    put(folder.path(), &value);
    for arguments in [&["report", "--out", "site"][..], &["show", ID]] {
        let (_, errors) = run(folder.path(), arguments, 2);
        assert!(errors.contains("heavy_ball.json contradicts itself"), "{errors}");
        assert!(errors.contains("gradient_descent_descends") && errors.lines().count() == 1);
    }
    assert!(!folder.path().join("site").exists());
}

fn nothing_in_evidence_reaches_the_terminal_as_a_command() {
    let folder = checked();
    let mut changed = value(folder.path());
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}";
    changed["version"] = json!(evil);
    changed["claims"][0]["formula"] = json!(evil);
    changed["claims"][0]["instances"][0]["finding"]["note"] = json!(evil);
    put(folder.path(), &changed);
    let mut schema = changed.clone();
    schema["schema"] = json!(99);
    let named = folder.path().join("evil\u{1b}[31m.json");
    std::fs::write(&named, serde_json::to_vec(&schema).unwrap()).unwrap();
    let named = named.to_str().unwrap();
    let spoken = [
        run(folder.path(), &["show", ID], 0),
        run(folder.path(), &["report", "--out", "site"], 0),
        run(folder.path(), &["report", named], 2),
    ];
    for (output, errors) in spoken {
        let text = output + &errors;
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert!(!text.contains('\u{202e}'), "{text:?}");
    }
}

fn report_says_by_its_exit_code_whether_all_hold_and_names_mixed_runs() {
    let folder = checked();
    run(folder.path(), &["report", "--out", "site"], 0);
    run(folder.path(), &["report", "reports/evidence/mine", "--out", "site"], 0);
    let mut refuted = value(folder.path());
    // Were its control a claim on its first instance, the theorem would be refuted.
    let control = &mut refuted["claims"][1];
    let first = control["instances"][0].clone();
    control["role"] = json!("claim");
    control["decisive"] = json!(0);
    control["severity"] = first["finding"]["severity"].clone();
    control["instances"] = json!([first]);
    refuted["standing"] = json!("refuted");
    put(folder.path(), &refuted);
    run(folder.path(), &["report", "--out", "site"], 1);
    mixed_runs_are_named(&folder);
}

fn mixed_runs_are_named(folder: &TempDir) {
    run(folder.path(), &["check", "--effort", "quick"], 0);
    let mut other = value(folder.path());
    other["id"] = json!("mine/other");
    other["runs"][0]["seed"] = json!("5");
    for claim in other["claims"].as_array_mut().expect("claims") {
        for instance in claim["instances"].as_array_mut().expect("instances") {
            instance["seed"] = json!("5");
        }
    }
    let path = folder.path().join("reports/evidence/mine/other.json");
    std::fs::write(path, serde_json::to_vec(&other).unwrap()).unwrap();
    std::fs::write(folder.path().join("reports/evidence/mine/notes.json"), "{}").unwrap();
    let (_, errors) = run(folder.path(), &["report", "--out", "site"], 0);
    assert!(errors.contains("not all theorems were checked in the same runs"), "{errors}");
    assert!(errors.contains("left out") && errors.contains("notes.json"), "{errors}");
    let index = std::fs::read_to_string(folder.path().join("site/index.html")).unwrap();
    assert!(index.contains("Not all theorems were checked in the same runs"));
}

fn numbers_beyond_their_range_and_filters_that_name_nothing_are_wrong_use() {
    let folder = TempDir::new().unwrap();
    for arguments in [
        &["calibrate", "--seeds", "18446744073709551615"][..],
        &["calibrate", "--seeds", "100000000"],
        &["calibrate", "--seeds", "0"],
        &["calibrate", "--seeds", "2", "--first", "18446744073709551615"],
        &["calibrate", "--first", "-1"],
        &["check", "--threads", "20000"],
        &["check", "--threads", "0"],
        &["check", ""],
        &["check", "/"],
        &["check", "::"],
        &["list", " "],
        &["show", ""],
        &["check", "--shard", "3/2"],
        &["check", "--seed", "18446744073709551616"],
    ] {
        let (output, errors) = run(folder.path(), arguments, 2);
        assert!(output.is_empty() && errors.contains("error"), "{arguments:?}: {output}{errors}");
    }
    assert!(!folder.path().join("reports").exists());
    run(folder.path(), &["calibrate", "--seeds", "1", "--first", "18446744073709551615"], 0);
    run(folder.path(), &["check", "--effort", "quick", "--threads", "1024"], 0);
}

#[cfg(unix)]
fn signals_end_a_run_with_their_exit_codes() {
    for (signal, code) in [("-TERM", 143), ("-INT", 130), ("-HUP", 129)] {
        let folder = TempDir::new().unwrap();
        let mut command = Command::new(linked(NAME));
        command.current_dir(folder.path()).args([
            "check",
            "--effort",
            "thorough",
            "--threads",
            "1",
        ]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
        let child = command.spawn().unwrap();
        // It handles signals once it runs; before, it ends as any program does.
        std::thread::sleep(std::time::Duration::from_millis(300));
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        let outcome = child.wait_with_output().unwrap();
        let finished = outcome.status.code() == Some(0);
        assert!(finished || outcome.status.code() == Some(code), "{signal}: {:?}", outcome.status);
    }
}

fn what_a_killed_run_left_is_removed_by_the_next() {
    let folder = checked();
    let left = folder.path().join("reports/evidence/mine/.theoria-writing-abcdef");
    let file = std::fs::File::create(&left).unwrap();
    let hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    file.set_modified(hour_ago).unwrap();
    drop(file);
    run(folder.path(), &["check", "--effort", "quick"], 0);
    assert!(!left.exists());
}

fn main() -> ExitCode {
    let file = std::env::args_os().next().map(PathBuf::from);
    let name = file.as_deref().and_then(Path::file_stem);
    if name.is_some_and(|name| name == NAME) {
        return program::program();
    }
    if name.is_some_and(|name| name == killed::NAME) {
        return killed::program();
    }
    type Test = (&'static str, fn());
    let tests: &[Test] = &[
        (
            "evidence_pages_and_messages_name_the_program_that_makes_them_again",
            evidence_pages_and_messages_name_the_program_that_makes_them_again,
        ),
        (
            "a_large_seed_survives_and_one_that_was_rounded_is_refused",
            a_large_seed_survives_and_one_that_was_rounded_is_refused,
        ),
        (
            "resume_keeps_nothing_of_another_theorem_or_program",
            resume_keeps_nothing_of_another_theorem_or_program,
        ),
        (
            "contradicting_evidence_is_one_line_that_names_file_and_cause",
            contradicting_evidence_is_one_line_that_names_file_and_cause,
        ),
        (
            "nothing_in_evidence_reaches_the_terminal_as_a_command",
            nothing_in_evidence_reaches_the_terminal_as_a_command,
        ),
        (
            "report_says_by_its_exit_code_whether_all_hold_and_names_mixed_runs",
            report_says_by_its_exit_code_whether_all_hold_and_names_mixed_runs,
        ),
        (
            "numbers_beyond_their_range_and_filters_that_name_nothing_are_wrong_use",
            numbers_beyond_their_range_and_filters_that_name_nothing_are_wrong_use,
        ),
        #[cfg(unix)]
        ("signals_end_a_run_with_their_exit_codes", signals_end_a_run_with_their_exit_codes),
        (
            "what_a_killed_run_left_is_removed_by_the_next",
            what_a_killed_run_left_is_removed_by_the_next,
        ),
        (
            "shards_exit_with_0_and_merge_to_the_bytes_of_one_run",
            shards::shards_exit_with_0_and_merge_to_the_bytes_of_one_run,
        ),
        (
            "missing_doubled_and_foreign_shards_are_refused_with_what_to_run",
            shards::missing_doubled_and_foreign_shards_are_refused_with_what_to_run,
        ),
        ("a_fresh_seed_is_drawn_once", shards::a_fresh_seed_is_drawn_once),
        (
            "whole_runs_of_several_seeds_have_to_be_asked_for",
            shards::whole_runs_of_several_seeds_have_to_be_asked_for,
        ),
        ("records_of_shards_are_not_trusted", shards::records_of_shards_are_not_trusted),
        (
            "shards_of_a_calibration_count_what_one_machine_counts",
            machines::shards_of_a_calibration_count_what_one_machine_counts,
        ),
        ("counts_of_others_are_not_trusted", machines::counts_of_others_are_not_trusted),
        (
            "what_is_decided_is_not_deepened_and_what_is_wrong_is_named",
            machines::what_is_decided_is_not_deepened_and_what_is_wrong_is_named,
        ),
        (
            "a_shard_that_was_deepened_belongs_to_its_run",
            shards::a_shard_that_was_deepened_belongs_to_its_run,
        ),
        (
            "a_killed_run_leaves_a_journal_that_the_next_takes_up_or_drops",
            machines::a_killed_run_leaves_a_journal_that_the_next_takes_up_or_drops,
        ),
    ];
    let killed: &[Test] = &[
        #[cfg(unix)]
        (
            "a_deepening_that_is_killed_leaves_whole_evidence_and_is_gone_on_with",
            killed::a_deepening_that_is_killed_leaves_whole_evidence_and_is_gone_on_with,
        ),
        #[cfg(unix)]
        (
            "what_a_killed_run_owes_is_named_with_the_command_that_goes_on",
            killed::what_a_killed_run_owes_is_named_with_the_command_that_goes_on,
        ),
        #[cfg(unix)]
        (
            "a_judgement_that_is_interrupted_says_in_one_line_what_was_written",
            killed::a_judgement_that_is_interrupted_says_in_one_line_what_was_written,
        ),
        (
            "the_folder_of_a_shard_is_its_own_and_no_others",
            killed::the_folder_of_a_shard_is_its_own_and_no_others,
        ),
    ];
    let trial = |(name, test): &Test| {
        let test = *test;
        Trial::test(*name, move || {
            test();
            Ok(())
        })
    };
    libtest_mimic::run(&Arguments::from_args(), tests.iter().chain(killed).map(trial).collect())
        .exit_code()
}
