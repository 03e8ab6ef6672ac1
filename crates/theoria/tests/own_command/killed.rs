//! Runs that end before they are done, by a kill that nobody can handle or by a signal that says so in one line. Their program
//! has theorems whose trials take a while and leave them open.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use theoria::verification::{Case, Claim, Family, Side, Theorem};

use super::linked;

pub(super) const NAME: &str = "killed_command";

/// Beside what a program of this name runs: a byte for each block of trials.
const BLOCKS: &str = "blocks";

const THEOREMS: [&str; 3] = ["mine/one", "mine/other", "mine/third"];

/// The whole of the program.
pub(super) fn program() -> ExitCode {
    let theorem = |id: &&str| {
        let half = Claim::probability("half", "P = 0.5", Side::Within(0.02))
            .on(Family::cases("usual", [0.5], |it| format!("around {it}")))
            .sampling(|case: &Case<f64>, block| {
                if let Ok(mut file) = OpenOptions::new().append(true).open(BLOCKS) {
                    file.write_all(b".").expect("a byte");
                    std::thread::sleep(Duration::from_millis(15));
                }
                block.each_event(1, |random| rand::RngExt::random::<f64>(random) < case.value)
            })
            .predicting(|_, _| 0.5)
            .trials(2048);
        Theorem::new(id, "# A coin").claim(half)
    };
    theoria::command::run(THEOREMS.iter().map(theorem).collect())
}

fn started(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(linked(NAME));
    command.current_dir(folder).env("NO_COLOR", "1").args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs")
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    ended(&started(folder, arguments).wait_with_output().unwrap())
}

fn ended(outcome: &Output) -> (Option<i32>, String) {
    let text = [&outcome.stdout, &outcome.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(!text[1].contains("panicked"), "{}", text[1]);
    (outcome.status.code(), text.concat())
}

fn blocks(folder: &Path) -> u64 {
    std::fs::metadata(folder.join(BLOCKS)).map_or(0, |known| known.len())
}

/// Ends a run by this signal once it has run so many blocks more.
#[cfg(unix)]
fn killed_after(
    folder: &Path,
    arguments: &[&str],
    more: u64,
    signal: &str,
) -> (Option<i32>, String) {
    let before = blocks(folder);
    let mut child = started(folder, arguments);
    while blocks(folder) < before + more && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    Command::new("kill")
        .args([signal, &child.id().to_string()])
        .stderr(Stdio::null())
        .status()
        .unwrap();
    ended(&child.wait_with_output().unwrap())
}

fn files(folder: &Path) -> Vec<Option<Vec<u8>>> {
    let of = |id: &&str| folder.join("reports/evidence").join(id).with_extension("json");
    THEOREMS.iter().map(|id| std::fs::read(of(id)).ok()).collect()
}

fn checked() -> TempDir {
    let folder = TempDir::new().unwrap();
    let (code, told) = run(folder.path(), &["check", "--seed", "7"]);
    assert_eq!(code, Some(1), "{told}");
    std::fs::write(folder.path().join(BLOCKS), "").unwrap();
    folder
}

const DEEPEN: [&str; 3] = ["check", "--deepen", "reports/evidence"];

#[cfg(unix)]
pub(super) fn a_deepening_that_is_killed_leaves_whole_evidence_and_is_gone_on_with() {
    let undisturbed = checked();
    let before = files(undisturbed.path());
    let mut told = run(undisturbed.path(), &DEEPEN).1;
    assert!(!told.contains("goes on"), "{told}");
    let after = files(undisturbed.path());
    assert!(before.iter().zip(&after).all(|(old, new)| old != new), "all were open");
    for (signal, code) in [("-KILL", None), ("-INT", Some(130))] {
        let folder = checked();
        let (mut kills, mut end) = (0, None);
        // Until it asks for it, a program that was started in the background may be deaf to an interrupt.
        let at_once = (signal == "-KILL").then_some(0);
        for more in at_once.into_iter().chain([1, 3, 7, 13, 20, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4])
        {
            (end, told) = killed_after(folder.path(), &DEEPEN, more, signal);
            let now = files(folder.path());
            for (now, (old, new)) in now.iter().zip(before.iter().zip(&after)) {
                assert!(now == old || now == new, "{signal} after {more}: neither old nor new");
            }
            let (drawn, told) = run(folder.path(), &["report", "--out", "site"]);
            assert_eq!(drawn, Some(1), "{told}");
            if end.is_some() && end != code {
                break;
            }
            kills += 1;
        }
        if end.is_none() || end == code {
            (end, told) = run(folder.path(), &DEEPEN);
            assert!(told.contains("the deepening that was interrupted"), "{told}");
        }
        assert!(kills >= 3, "{signal}: killed {kills} times only");
        assert!(end == Some(0) || end == Some(1), "{told}");
        assert!(files(folder.path()) == after, "{signal}: other bytes than undisturbed");
        // Each start lost the block that each thread was at, and looked at the first of each theorem.
        let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
        let lost = (kills + 1) * (threads + THEOREMS.len() as u64);
        let (ran, alone) = (blocks(folder.path()), blocks(undisturbed.path()));
        assert!(ran <= alone + lost, "{ran} blocks, {alone} undisturbed, {kills} kills");
        let (_, again) = run(folder.path(), &["check", "--seed", "7", "--resume"]);
        assert!(files(folder.path()) == after, "what was deepened is kept: {again}");
    }
}

#[cfg(unix)]
pub(super) fn what_a_killed_run_owes_is_named_with_the_command_that_goes_on() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    std::fs::write(path.join(BLOCKS), "").unwrap();
    let check = ["check", "--seed", "7", "--threads", "1"];
    killed_after(path, &check, 24, "-KILL");
    let there = files(path).iter().flatten().count();
    assert!((1..THEOREMS.len()).contains(&there), "{there} of three");
    for arguments in
        [&["report", "--out", "site"][..], &["check", "one", "--seed", "7", "--resume"]]
    {
        let (code, told) = run(path, arguments);
        assert_eq!(code, Some(2), "{told}");
        let again = "check --seed 7 --effort standard --evidence reports/evidence --resume";
        for part in [again, "mine/third", "a run that was killed"] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
    assert!(!path.join("site").exists(), "nothing is drawn");
    let (code, told) = run(path, &["report", "--incomplete", "--out", "look"]);
    assert!(code == Some(1) && told.contains("has not checked"), "{told}");
    // Another seed takes over what it checks itself, and says nothing of the others unless it is asked to go on.
    let (code, told) = run(path, &["check", "third", "--seed", "8"]);
    assert!(code == Some(1) && !told.contains("a run that was killed"), "{told}");
    let (code, told) = run(path, &["check", "--seed", "7", "--resume"]);
    assert!(code == Some(1) && !told.contains("a run that was killed"), "{told}");
    let (code, told) = run(path, &["report", "--out", "site"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(files(path) == files(checked().path()));
}

#[cfg(unix)]
pub(super) fn a_judgement_that_is_interrupted_says_in_one_line_what_was_written() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log.csv");
    let pipe = Command::new("mkfifo").arg(&log).status().unwrap();
    assert!(pipe.success());
    let judge = ["judge", "log.csv", "--exponent", "-1", "--out", "judged"];
    let child = started(folder.path(), &judge);
    // It reads until there is no writer, and there is one until it has ended.
    let mut writer = OpenOptions::new().write(true).open(&log).unwrap();
    let rows: String = (1..=20_000).map(|n| format!("{n},{}\n", 1.0 / f64::from(n))).collect();
    writer.write_all(format!("step,loss\n{rows}").as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let begun = std::time::Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let (code, told) = ended(&child.wait_with_output().unwrap());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(code, Some(130), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.starts_with("interrupted") && told.contains("nothing was written"), "{told}");
    assert!(!folder.path().join("judged").exists());
    drop(writer);
}

pub(super) fn the_folder_of_a_shard_is_its_own_and_no_others() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    let shard = |number: &str, evidence: &str| {
        let shard = format!("{number}/2");
        run(path, &["check", "--seed", "7", "--shard", &shard, "--evidence", evidence])
    };
    let own = PathBuf::from("run/shard-2-of-2");
    let (code, told) = shard("2", "run/shard-2-of-2");
    assert!(code == Some(0) && told.contains("report run\n"), "{told}");
    assert!(path.join(&own).join("shard.json").exists());
    assert!(!path.join(&own).join("shard-2-of-2").exists(), "a folder within a folder");
    for (number, evidence) in [("1", "run/shard-2-of-2"), ("1", "run/shard-2-of-2/")] {
        let (code, told) = shard(number, evidence);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains("--shard 2/2") && told.contains("--evidence run)"), "{told}");
    }
    let (code, told) = run(path, &["check", "--seed", "7", "--evidence", "run/shard-2-of-2"]);
    assert!(code == Some(2) && told.contains("the folder of shard 2 of 2"), "{told}");
    // By what it was to do, whatever it is called.
    std::fs::rename(path.join(&own), path.join("copy")).unwrap();
    let (code, told) = shard("1", "copy");
    assert!(code == Some(2) && told.contains("copy is the folder of shard 2 of 2"), "{told}");
    let (code, told) = shard("2", "copy");
    assert!(code == Some(0) && !path.join("copy/shard-2-of-2").exists(), "{told}");
    std::fs::rename(path.join("copy"), path.join(&own)).unwrap();
    assert_eq!(shard("1", "run").0, Some(0));
    let (code, told) = run(path, &["report", "run", "--out", "site"]);
    assert_eq!(code, Some(1), "{told}");
}
