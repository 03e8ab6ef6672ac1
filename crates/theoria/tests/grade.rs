//! `theoria assignment grade` as a teacher meets it: submissions that are right, untouched, broken and endless.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value as Json;
use tempfile::TempDir;

const RIGHT: &str = "\
from theoria import serve
class Solution:
    def begin(self, instance):
        self.point, smoothness = instance['start'], instance['smoothness']
        convexity = instance.get('strong_convexity')
        self.step = 1 / smoothness if convexity is None else 2 / (smoothness + convexity)
        return {'point': self.point}
    def tell(self, told):
        self.point = [x - self.step * g for x, g in zip(self.point, told['gradient'])]
        return {'point': self.point}
serve(Solution())
";

const POINTS: u64 = 16;

fn theoria(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_theoria"));
    command.current_dir(folder).env("NO_COLOR", "1").arg("assignment").args(arguments);
    command.output().expect("the binary runs")
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with the handed-out folder of each, its solution exchanged where there is one.
fn handed_in(solutions: &[(&str, Option<&str>)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (name, solution) in solutions {
        let own = format!("submissions/{name}");
        fs::create_dir_all(folder.path().join("submissions")).expect("it can be made");
        let output = theoria(folder.path(), &["new", "gradient_descent", &own]);
        assert!(output.status.success(), "{}", errors(&output));
        if let Some(solution) = solution {
            fs::write(folder.path().join(own).join("solution.py"), solution).expect("written");
        }
    }
    folder
}

fn grade(folder: &Path, out: &str, more: &[&str]) -> Output {
    let basis = ["grade", "gradient_descent", "submissions", "--out", out, "--cpu-seconds", "2"];
    theoria(folder, &[&basis, more].concat())
}

fn results(folder: &Path, out: &str, name: &str) -> Json {
    let path = folder.join(out).join("submissions").join(name).join("results.json");
    serde_json::from_slice(&fs::read(path).expect("there are results")).expect("JSON")
}

fn has_python() -> bool {
    Command::new("python3").arg("--version").output().is_ok()
}

#[test]
fn each_submission_gets_its_marks_whatever_the_others_do() {
    if !has_python() {
        return;
    }
    let endless = "while True: pass";
    let broken = "raise ValueError('told apart')";
    let folder = handed_in(&[
        ("=endless", Some(endless)),
        ("broken", Some(broken)),
        ("right", Some(RIGHT)),
        ("stub", None),
    ]);
    let output = grade(folder.path(), "marks", &["--seed", "7"]);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));

    for (name, score) in [("=endless", 0), ("broken", 0), ("right", POINTS), ("stub", 0)] {
        let results = results(folder.path(), "marks", name);
        assert_eq!(results["score"], score, "{name}: {results:#}");
        let sum = |field: &str| -> u64 {
            let tests = results["tests"].as_array().expect("tests");
            tests.iter().map(|test| test[field].as_u64().expect("a number")).sum()
        };
        assert_eq!((sum("score"), sum("max_score")), (score, POINTS), "{name}");
    }
    let reason = |name| results(folder.path(), "marks", name)["tests"][0]["output"].to_string();
    assert!(reason("broken").contains("told apart"), "{}", reason("broken"));
    if cfg!(target_os = "linux") {
        assert!(reason("=endless").contains("on the processor"), "{}", reason("=endless"));
    }

    let table = fs::read_to_string(folder.path().join("marks/grades.csv")).unwrap();
    assert!(table.contains("\r\nright,16,16,3,3,4,4,2\r\n"), "{table}");
    assert!(table.contains("\r\n\"'=endless\",0,16,"), "no cell is a formula: {table}");
    let page = fs::read_to_string(folder.path().join("marks/index.html")).unwrap();
    assert!(page.contains("Isolation") && page.contains("seed 7"), "{page}");

    // Another seed, and several at a time: the same marks.
    let output = grade(folder.path(), "again", &["--jobs", "4"]);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    assert_eq!(fs::read_to_string(folder.path().join("again/grades.csv")).unwrap(), table);
}

#[cfg(unix)]
#[test]
fn a_program_in_any_language_is_started_as_the_teacher_says() {
    use std::os::unix::fs::PermissionsExt;
    if !has_python() {
        return;
    }
    let folder = handed_in(&[("starts", Some(RIGHT)), ("without", Some(RIGHT))]);
    let program = folder.path().join("submissions/starts/run");
    fs::write(&program, "#!/bin/sh\nexec python3 solution.py\n").unwrap();
    fs::set_permissions(&program, PermissionsExt::from_mode(0o700)).unwrap();
    let output = grade(folder.path(), "marks", &["--program", "./run"]);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    assert_eq!(results(folder.path(), "marks", "starts")["score"], POINTS);
    let without = results(folder.path(), "marks", "without");
    assert_eq!(without["score"], 0);
    assert!(without["tests"][0]["output"].as_str().unwrap().contains("no ./run"), "{without:#}");
}

#[test]
fn nothing_of_a_hidden_check_is_told_to_the_student() {
    if !has_python() {
        return;
    }
    // It ends when it is told of an instance, with all that it was told on its lips.
    let teller = "from theoria import serve
class Solution:
    def begin(self, instance):
        raise ValueError('SECRET', instance)
serve(Solution())
";
    let folder = handed_in(&[("teller", Some(teller))]);
    let output = grade(folder.path(), "marks", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let results = results(folder.path(), "marks", "teller");
    let tests = results["tests"].as_array().unwrap();
    assert!(tests[0]["output"].as_str().unwrap().contains("SECRET"), "a public check shows all");
    let hidden = tests.iter().filter(|test| test["tags"][0] == "hidden");
    let outputs: Vec<&str> = hidden.map(|test| test["output"].as_str().unwrap()).collect();
    assert!(!outputs.is_empty());
    for output in outputs {
        assert!(!output.contains("SECRET") && !output.contains(char::is_numeric), "{output}");
    }
    let teacher = folder.path().join("marks/submissions/teller/teacher.txt");
    assert_eq!(fs::read_to_string(teacher).unwrap().matches("Traceback").count(), tests.len());
}

#[test]
fn every_test_stands_in_the_results_before_anything_runs() {
    if !has_python() {
        return;
    }
    let folder = handed_in(&[("waits", Some("import time\ntime.sleep(600)"))]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_theoria"));
    command.current_dir(folder.path()).args(["assignment", "grade", "gradient_descent"]);
    command.args(["submissions", "--out", "marks"]).env("NO_COLOR", "1");
    let mut running = command.spawn().expect("the binary runs");
    let path = folder.path().join("marks/submissions/waits/results.json");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !path.exists() && std::time::Instant::now() < deadline {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    // As a machine that is switched off in the middle.
    running.kill().expect("it runs still");
    let grader = running.id();
    running.wait().expect("it has ended");
    let ours = format!("theoria-{grader}-");
    while command_lines().any(|line| line.contains(&ours)) {
        assert!(std::time::Instant::now() < deadline, "a program runs on after its grader");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let results = results(folder.path(), "marks", "waits");
    let tests = results["tests"].as_array().unwrap();
    let points: u64 = tests.iter().map(|test| test["max_score"].as_u64().unwrap()).sum();
    assert_eq!(points, POINTS);
    assert!(results["score"].is_null() && tests.iter().all(|test| test["score"].is_null()));
    assert!(tests[0]["output"].as_str().unwrap().contains("not graded"));
}

/// Of all processes, where the system shows them.
fn command_lines() -> impl Iterator<Item = String> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines.map(|line| String::from_utf8_lossy(&line).into_owned())
}

#[test]
fn wrong_use_grades_nothing_and_says_why() {
    let folder = handed_in(&[("stub", None)]);
    let refused = |arguments: &[&str], word: &str| {
        let output = theoria(folder.path(), &[&["grade"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(errors(&output).contains(word), "{}", errors(&output));
        assert!(!folder.path().join("marks").exists(), "{arguments:?}");
    };
    refused(&["gradient_decent", "submissions", "--out", "marks"], "did you mean gradient_descent");
    refused(&["gradient_descent", "nowhere", "--out", "marks"], "nowhere");
    refused(&["gradient_descent", "submissions", "--out", "submissions/marks"], "another folder");
    let limited = ["--isolation", "limits", "--require-isolation"];
    let all = [&["gradient_descent", "submissions", "--out", "marks"][..], &limited].concat();
    refused(&all, "is required");
}
