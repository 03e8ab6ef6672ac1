//! The verb `judge` does what its guide shows, and refuses with a sentence what it cannot do.

use std::path::Path;
use std::process::{Command, Output, Stdio};

const GUIDE: &str = include_str!("../../../docs/judging-curves.md");

fn theoria(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_theoria"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .stdin(Stdio::null())
        .output()
        .expect("the command starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

const RATE: &[&str] =
    &["judge", "docs/curves/gradient_descent.csv", "--rate", "0.9801", "--from", "500"];

#[test]
fn the_guide_shows_what_the_command_prints() {
    let blocks: Vec<&str> =
        GUIDE.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        let (command, shown) = block.split_once('\n').expect("a command and what it prints");
        let arguments: Vec<&str> = command.split(' ').skip(2).collect();
        assert_eq!(text(&theoria(&arguments).stdout).trim(), shown.trim(), "{command}");
    }
}

#[test]
fn the_exit_code_says_whether_all_is_supported() {
    let code = |more: &[&str]| theoria(&[RATE, more].concat()).status.code();
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--finite", "--below", "0.001*0.9801^n"]), Some(1));
    // From the first step on the slope still changes.
    assert_eq!(theoria(&RATE[..4]).status.code(), Some(1));
    assert_eq!(code(&["--margin", "0"]), Some(2));
    assert_eq!(code(&["--below", "20 n"]), Some(2));
    assert_eq!(code(&["--error", "nan"]), Some(2));
    assert_eq!(code(&["--lower", "a,b", "--at", "5"]), Some(2));
    assert_eq!(theoria(&["judge", "docs/curves/gradient_descent.csv"]).status.code(), Some(2));
    assert_eq!(theoria(&["judge", "nothing.csv", "--rate", "0.9"]).status.code(), Some(2));
}

#[test]
fn claims_may_stand_in_a_file_and_evidence_has_a_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let claims = folder.path().join("claims.toml");
    std::fs::write(&claims, "[[claim]]\nrate = { value = 0.9801 }\n[[claim]]\nfinite = {}\n")
        .expect("written");
    let (file, out) = (claims.display().to_string(), folder.path().join("judged"));
    let out_text = out.display().to_string();
    let judged = theoria(&[
        "judge",
        "docs/curves/gradient_descent.csv",
        "--claims",
        &file,
        "--from",
        "500",
        "--out",
        &out_text,
    ]);
    assert_eq!(judged.status.code(), Some(0), "{}", text(&judged.stderr));
    let page = std::fs::read_to_string(out.join("curves/gradient_descent.html")).expect("a page");
    assert!(page.contains("0.9801") && page.contains("gradient_descent</h1>"));
    // Evidence is read and drawn again like any other.
    let evidence = out.join("evidence").display().to_string();
    let again = folder.path().join("again").display().to_string();
    let drawn = theoria(&["report", &evidence, "--out", &again]);
    assert_eq!(drawn.status.code(), Some(0), "{}", text(&drawn.stderr));

    std::fs::write(&claims, "[[claim]]\nrate = 0.98\n").expect("written");
    let refused = theoria(&["judge", "docs/curves/gradient_descent.csv", "--claims", &file]);
    assert_eq!(refused.status.code(), Some(2));
    let told = text(&refused.stderr);
    assert!(told.contains("line 2") && told.contains("{ value = -0.5"), "{told}");
}

#[test]
fn a_log_comes_through_a_pipe() {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_theoria"))
        .args(["judge", "-", "--below", "1/n"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(b"step,loss\n1,0.5\n2,0.25\n").expect("written");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}
