//! The command as a user meets it: the real binary, in a folder of its own.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const THEOREM: &str = "convergence/gradient_descent_pl";

fn theoria(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_theoria"));
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

/// Runs, expects the exit code, and returns output and errors.
fn run(folder: &Path, arguments: &[&str], code: i32) -> (String, String) {
    let outcome = theoria(folder).args(arguments).output().expect("the binary runs");
    let [output, errors] =
        [outcome.stdout, outcome.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
    assert_eq!(outcome.status.code(), Some(code), "theoria {arguments:?}\n{output}{errors}");
    (output, errors)
}

fn checked(arguments: &[&str]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let all = [&["check", THEOREM, "--effort", "quick"], arguments].concat();
    run(folder.path(), &all, 0);
    folder
}

#[test]
#[cfg(feature = "assignments")]
fn a_page_shows_the_exercise_of_its_theorem() {
    use theoria::assignments::assignments;
    let folder = checked(&["--draw"]);
    let page = folder.path().join("reports/drawn").join(THEOREM).with_extension("html");
    let page = std::fs::read_to_string(page).unwrap();
    for assignment in assignments::all() {
        let begins = format!("assignment new {} my-solution", assignment.name);
        assert_eq!(page.contains(&begins), assignment.theorem == THEOREM, "{}", assignment.name);
    }
}

fn evidence(folder: &Path) -> std::path::PathBuf {
    folder.join("reports/evidence").join(THEOREM).with_extension("json")
}

#[test]
fn check_prints_the_verdicts_within_100_columns_and_writes_evidence() {
    let folder = TempDir::new().unwrap();
    let (output, errors) = run(folder.path(), &["check", THEOREM, "--effort", "quick"], 0);
    assert!(output.contains("holds here"), "{output}");
    assert!(output.lines().all(|line| line.chars().count() <= 100), "{output}");
    assert!(errors.contains(THEOREM), "progress goes to the error stream: {errors}");
    assert!(evidence(folder.path()).exists());
}

#[test]
fn evidence_is_the_same_to_the_byte_for_any_number_of_threads() {
    let one = checked(&["--threads", "1"]);
    let four = checked(&["--threads", "4"]);
    let bytes = |folder: &TempDir| std::fs::read(evidence(folder.path())).unwrap();
    assert_eq!(bytes(&one), bytes(&four));
    assert_ne!(bytes(&one), bytes(&checked(&["--seed", "1"])));
}

#[test]
fn an_unknown_id_suggests_the_nearest_and_is_wrong_use() {
    let folder = TempDir::new().unwrap();
    let (_, errors) = run(folder.path(), &["check", "convergence/gradient_decent_pl"], 2);
    assert!(errors.contains(&format!("did you mean {THEOREM}")), "{errors}");
    let (_, errors) = run(folder.path(), &["show", "nothing_of_the_kind"], 2);
    assert!(errors.contains("the verb `list`"), "{errors}");
    assert!(!folder.path().join("reports").exists(), "wrong use writes nothing");
}

#[test]
fn list_and_show_know_every_theorem() {
    let folder = TempDir::new().unwrap();
    let (output, _) = run(folder.path(), &["list"], 0);
    for theorem in theoria::theorems::all() {
        let id = theorem.id().to_string();
        assert!(output.contains(&id), "{id}");
        let (page, _) = run(folder.path(), &["show", &id], 0);
        assert!(page.contains(theorem.statement().title()), "{id}: {page}");
        assert!(page.contains("To check an instance of your own"), "{id}: {page}");
        for used in theorem.prerequisites() {
            assert!(page.contains(&format!("  {}: ", used.theorem)), "{id}: {page}");
        }
        assert!(page.lines().all(|line| line.chars().count() <= 140), "{id}: {page}");
        for broken in ["$", "\\frac", "\\bigl"] {
            assert!(!page.contains(broken), "{id} shows {broken}: {page}");
        }
    }
}

#[test]
fn show_tells_the_last_evidence() {
    let folder = checked(&["--seed", "5"]);
    let (output, _) = run(folder.path(), &["show", THEOREM], 0);
    assert!(output.contains("seed 5, effort quick"), "{output}");
    assert!(output.contains("smooth: satisfied on"), "{output}");
}

#[test]
fn report_merges_seeds_and_draws_them() {
    let (first, second) = (checked(&["--seed", "1"]), checked(&["--seed", "2"]));
    let out = TempDir::new().unwrap();
    let folders = [&first, &second].map(|f| f.path().join("reports/evidence"));
    let site = out.path().join("site");
    let arguments = [
        "report",
        folders[0].to_str().unwrap(),
        folders[1].to_str().unwrap(),
        "--several-seeds",
        "--out",
        site.to_str().unwrap(),
    ];
    let (output, _) = run(out.path(), &arguments, 0);
    assert!(output.contains("index.html"), "{output}");
    let page = std::fs::read_to_string(site.join(THEOREM).with_extension("html")).unwrap();
    assert!(page.contains("seed 1") && page.contains("seed 2"), "both runs are named");
}

#[test]
fn a_run_goes_on_where_an_interrupted_one_ended() {
    let folder = checked(&[]);
    let before = std::fs::metadata(evidence(folder.path())).unwrap().modified().unwrap();
    let again = ["check", THEOREM, "--effort", "quick", "--resume"];
    run(folder.path(), &again, 0);
    let after = std::fs::metadata(evidence(folder.path())).unwrap().modified().unwrap();
    assert_eq!(before, after, "what was finished is not checked again");

    // Evidence of other settings, or a truncated file, is no reason to skip the theorem.
    run(folder.path(), &[&again[..], &["--seed", "3"]].concat(), 0);
    std::fs::write(evidence(folder.path()), "{").unwrap();
    run(folder.path(), &again, 0);
    run(folder.path(), &["report"], 0);
}

#[test]
fn unreadable_evidence_is_one_clear_message_and_destroys_nothing() {
    let folder = checked(&[]);
    let path = evidence(folder.path());
    let whole = std::fs::read_to_string(&path).unwrap();
    let other_schema = whole.replacen("\"schema\": 3", "\"schema\": 999", 1);
    for (content, told) in [
        (&whole[..whole.floor_char_boundary(whole.len() / 2)], "truncated"),
        ("not evidence at all", "is not evidence"),
        ("", "truncated"),
        (&other_schema[..], "schema 999"),
    ] {
        std::fs::write(&path, content).unwrap();
        let (_, errors) = run(folder.path(), &["report", "--out", "site"], 2);
        assert!(errors.contains(told), "{errors}");
        assert!(errors.contains("gradient_descent_pl.json"), "{errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
        assert!(!folder.path().join("site").exists());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
    }
    let (_, errors) = run(folder.path(), &["report", "nowhere"], 2);
    assert!(errors.contains("nowhere does not exist"), "{errors}");
}

#[test]
fn a_folder_that_cannot_be_written_is_one_clear_message() {
    let folder = checked(&[]);
    std::fs::write(folder.path().join("file"), "in the way").unwrap();
    for arguments in [
        &["check", THEOREM, "--effort", "quick", "--evidence", "file/evidence"][..],
        &["report", "--out", "file/site"],
    ] {
        let (_, errors) = run(folder.path(), arguments, 2);
        let last = errors.lines().last().unwrap();
        assert!(last.contains("cannot write") && last.contains("file"), "{errors}");
    }
    let content = std::fs::read_to_string(folder.path().join("file")).unwrap();
    assert_eq!(content, "in the way");
}

#[test]
fn help_has_examples_and_wrong_options_are_wrong_use() {
    let folder = TempDir::new().unwrap();
    for verb in [&["--help"][..], &["check", "--help"], &["show", "--help"], &["report", "--help"]]
    {
        let (output, _) = run(folder.path(), verb, 0);
        assert!(output.contains("Examples:"), "{output}");
    }
    for wrong in [&["check", "--seed", "abc"][..], &["check", "--threads", "0"], &["frobnicate"]] {
        run(folder.path(), wrong, 2);
    }
}

#[test]
fn calibrate_counts_the_verdicts_of_many_seeds_and_writes_nothing() {
    let folder = TempDir::new().unwrap();
    let arguments = ["calibrate", THEOREM, "--seeds", "5", "--effort", "quick", "--first", "1"];
    let (output, _) = run(folder.path(), &arguments, 0);
    assert!(output.contains("0 wrong verdicts"), "{output}");
    assert!(!folder.path().join("reports").exists());
}

#[test]
fn a_fresh_seed_is_named_and_reproduces_the_evidence() {
    let folder = checked(&["--seed", "fresh"]);
    let (output, _) = run(folder.path(), &["show", THEOREM], 0);
    let (_, after) = output.split_once("(seed ").expect("the seed is named");
    let (seed, _) = after.split_once(',').expect("and the effort after it");
    let again = checked(&["--seed", seed]);
    let bytes = |folder: &TempDir| std::fs::read(evidence(folder.path())).unwrap();
    assert_eq!(bytes(&folder), bytes(&again));
}

#[test]
fn bytes_that_are_no_text_are_one_clear_message() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("noise.json"), [0xff, 0xfe, 0x00, 0x80]).unwrap();
    let (_, errors) = run(folder.path(), &["report", "noise.json"], 2);
    assert!(
        errors.contains("noise.json is not evidence") && errors.lines().count() == 1,
        "{errors}"
    );
}

#[test]
fn verdicts_are_printed_though_the_record_of_the_run_cannot_be_written() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir_all(folder.path().join("reports/evidence/run.json/in_the_way")).unwrap();
    let (output, errors) = run(folder.path(), &["check", THEOREM, "--effort", "quick"], 2);
    assert!(output.contains("holds here") && output.contains("1 theorem"), "{output}");
    assert!(errors.contains("cannot write") && errors.contains("run.json"), "{errors}");
}

#[test]
fn what_is_missing_in_evidence_is_named() {
    let folder = checked(&[]);
    let path = evidence(folder.path());
    let whole = std::fs::read_to_string(&path).unwrap();
    for (from, to, told) in [
        ("\"kind\": \"bound\"", "\"kind\": \"proof\"", "its kind, \"proof\", is none"),
        (
            "\"error_budget\": ",
            "\"error_budget\": \"much\", \"x\": ",
            "expected a number, or \"inf\"",
        ),
    ] {
        std::fs::write(&path, whole.replacen(from, to, 1)).unwrap();
        let (_, errors) = run(folder.path(), &["report", "--out", "site"], 2);
        assert!(errors.contains(told) && errors.contains("gradient_descent_pl.json"), "{errors}");
    }
}

#[cfg(unix)]
mod streams_and_signals {
    use std::process::Stdio;
    use std::time::Duration;

    use super::*;

    fn spawn(folder: &Path, arguments: &[&str], output: Stdio) -> std::process::Child {
        theoria(folder)
            .args(arguments)
            .stdout(output)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs")
    }

    #[test]
    fn pipes_beside_the_evidence_are_not_waited_for() {
        for name in ["run.json", "builds.json"] {
            let folder = checked(&[]);
            let pipe = folder.path().join("reports/evidence").join(name);
            std::fs::remove_file(&pipe).unwrap();
            assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            run(folder.path(), &["report"], 0);
            run(folder.path(), &["check", THEOREM, "--effort", "quick", "--resume"], 0);
        }
    }

    #[test]
    fn a_reader_who_has_seen_enough_is_no_error() {
        let folder = TempDir::new().unwrap();
        let arguments = ["check", THEOREM, "--effort", "quick"];
        let mut child = spawn(folder.path(), &arguments, Stdio::piped());
        drop(child.stdout.take());
        let outcome = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&outcome.stderr);
        assert_eq!(outcome.status.code(), Some(0), "{errors}");
        assert!(!errors.contains("panicked"), "{errors}");
        assert!(evidence(folder.path()).exists());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn output_onto_a_full_disk_is_one_clear_message() {
        let folder = TempDir::new().unwrap();
        let full = || Stdio::from(std::fs::File::create("/dev/full").unwrap());
        for arguments in [&["list"][..], &["show", THEOREM]] {
            let child = spawn(folder.path(), arguments, full());
            let outcome = child.wait_with_output().unwrap();
            let errors = String::from_utf8_lossy(&outcome.stderr);
            assert_eq!(outcome.status.code(), Some(2), "{errors}");
            assert!(
                errors.contains("cannot write the output") && errors.lines().count() == 1,
                "{errors}"
            );
        }
    }

    #[test]
    fn an_interrupted_run_says_what_is_kept_and_goes_on() {
        let folder = TempDir::new().unwrap();
        let all = ["check", "convergence", "--effort", "quick", "--threads", "1"];
        let child = spawn(folder.path(), &all, Stdio::null());
        let chapter = folder.path().join("reports/evidence/convergence");
        let whole_files = || {
            let entries = std::fs::read_dir(&chapter).into_iter().flatten().flatten();
            let names = entries.map(|entry| entry.file_name().into_string().unwrap());
            names.filter(|name| !name.starts_with('.')).collect::<Vec<_>>()
        };
        while whole_files().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let interrupt =
            Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(interrupt.success());
        let outcome = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&outcome.stderr);
        assert_eq!(outcome.status.code(), Some(130), "{errors}");
        assert!(errors.contains("is kept") && errors.contains("--resume"), "{errors}");
        let finished = whole_files();
        let file = chapter.join(&finished[0]);
        let modified = || std::fs::metadata(&file).unwrap().modified().unwrap();
        let before = modified();
        let id = format!("convergence/{}", finished[0].trim_end_matches(".json"));
        let again = ["check", &id, "--effort", "quick", "--resume"];
        let (_, errors) = run(folder.path(), &again, 2);
        assert!(errors.contains("run that was killed") && errors.contains("--resume"), "{errors}");
        assert_eq!(before, modified(), "what was finished is not checked again");
    }
}

#[test]
fn other_programs_read_verdicts_as_json_or_junit() {
    let folder = TempDir::new().unwrap();
    let check = |format, code| {
        run(folder.path(), &["check", THEOREM, "--effort", "quick", "--format", format], code).0
    };
    let json: serde_json::Value = serde_json::from_str(&check("json", 0)).unwrap();
    assert_eq!((&json["holds"], &json["theorems"][0]["id"]), (&true.into(), &THEOREM.into()));
    let claims = json["theorems"][0]["claims"].as_array().unwrap().len();
    let xml = check("junit", 0);
    assert!(xml.starts_with("<?xml") && xml.contains("failures=\"0\" errors=\"0\""), "{xml}");
    assert_eq!(xml.matches("<testcase ").count(), claims, "{xml}");
    let (_, errors) =
        run(folder.path(), &["check", THEOREM, "--format", "json", "--shard", "1/2"], 2);
    assert!(errors.contains("--format"), "{errors}");
}

#[test]
fn all_claims_are_printed_when_they_are_asked_for() {
    let folder = TempDir::new().unwrap();
    let (short, _) = run(folder.path(), &["check", THEOREM, "--effort", "quick"], 0);
    let (long, _) = run(folder.path(), &["check", THEOREM, "--effort", "quick", "--verbose"], 0);
    assert!(!short.contains("(false)") && long.contains("(false)"), "{short}{long}");
    assert!(long.lines().all(|line| line.chars().count() <= 100), "{long}");
}

#[test]
fn a_comparison_finds_what_got_worse() {
    let (one, other) = (checked(&["--seed", "1"]), checked(&["--seed", "1"]));
    let folders = [&one, &other].map(|folder| folder.path().join("reports/evidence"));
    let [before, after] = folders.each_ref().map(|folder| folder.to_str().unwrap());
    let (told, _) = run(one.path(), &["compare", before, after, "--out", "side-by-side"], 0);
    let unbroken = told.replace('\n', " ");
    assert!(unbroken.contains("0 worse, 0 better, 0 otherwise changed"), "{told}");
    let page = std::fs::read_to_string(one.path().join("side-by-side/index.html")).unwrap();
    assert!(page.contains("<figure>") && page.contains(THEOREM), "{page}");

    let path = evidence(other.path());
    let mut less: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let gone = less["claims"].as_array_mut().unwrap().pop().unwrap();
    std::fs::write(&path, serde_json::to_vec(&less).unwrap()).unwrap();
    let (told, _) = run(one.path(), &["compare", before, after], 1);
    let name = gone["name"].as_str().unwrap();
    assert!(told.contains("worse") && told.contains(&format!("{name}: is gone")), "{told}");
    let (told, _) = run(one.path(), &["compare", after, before], 0);
    assert!(told.contains(&format!("{name}: is new")), "{told}");
    run(one.path(), &["compare", before, "nowhere"], 2);
    run(one.path(), &["compare", before, after, "--tolerance", "NaN"], 2);
}
