//! The trials.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libtest_mimic::{Arguments, Failed, Trial};
use theoria_assignments::assignments;
use theoria_assignments::grade::{Graded, Grading, grade};
use theoria_assignments::isolation::{Launcher, Limits, Tier, best_tier, enter};

use crate::programs::{GREETING, HOSTILE, RIGHT};

/// The first argument of a stage, and of a run in a process of its own.
const STAGE: &str = "stage";
const ALONE: &str = "alone";
const NOBODY: u32 = 65_534;

pub(crate) fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1..).unwrap_or_default() {
        [first, stage, spec] if first == STAGE => return enter(stage, spec),
        [first, tier] if first == ALONE => return told(&at_tier(tier)),
        _ => {}
    }
    let tiers = [Tier::Namespaces, Tier::Restricted, Tier::Limits];
    let mine = |tier: Tier| {
        Trial::test(format!("hostile::{tier}"), move || here(tier)).with_ignored_flag(true)
    };
    let nobodys = |tier: Tier| {
        let name = format!("hostile::{tier}_as_an_ordinary_user");
        Trial::test(name, move || as_nobody(tier)).with_ignored_flag(true)
    };
    let mut trials: Vec<Trial> = tiers.map(mine).into();
    if nix::unistd::Uid::effective().is_root() {
        trials.extend(tiers.map(nobodys));
    }
    // One after the other: each adopts the orphans of its own programs.
    let mut asked = Arguments::from_args();
    asked.test_threads = Some(1);
    libtest_mimic::run(&asked, trials).exit_code()
}

/// Each in a process of its own, whose orphans are nobody else's.
fn here(tier: Tier) -> Result<(), Failed> {
    let program = std::env::current_exe()?;
    outcome(Command::new(program).args([ALONE, &tier.to_string()]))
}

/// As a user who may read neither this program nor its folder.
fn as_nobody(tier: Tier) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755))?;
    let program = folder.path().join("hostile");
    std::fs::copy(std::env::current_exe()?, &program)?;
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755))?;
    let mut command = Command::new(program);
    command.args([ALONE, &tier.to_string()]).current_dir("/");
    outcome(command.uid(NOBODY).gid(NOBODY))
}

fn outcome(command: &mut Command) -> Result<(), Failed> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
    .into())
}

fn told(outcome: &Result<(), String>) -> ExitCode {
    if let Err(what) = outcome {
        eprintln!("{what}");
    }
    ExitCode::from(u8::from(outcome.is_err()))
}

fn at_tier(name: &str) -> Result<(), String> {
    let tier = Tier::ALL.into_iter().find(|tier| tier.to_string() == name).ok_or("no such tier")?;
    let launcher = Launcher::of_this_program([STAGE]).map_err(|error| error.to_string())?;
    let best = best_tier(&launcher);
    if best < tier {
        println!("this machine has no tier {tier}, only {best}");
        return Ok(());
    }
    if Command::new("python3").arg("--version").output().is_err() {
        println!("there is no Python here, which the programs are written in");
        return Ok(());
    }
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let witnesses = [PathBuf::from("/tmp/theoria-witness"), folder.path().join("witness")];
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    std::thread::spawn(move || {
        for _ in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let submissions = folder.path().join("submissions");
    hand_in(&submissions, &witnesses, port).map_err(|error| error.to_string())?;
    let grading = Grading {
        assignment: assignments::named("gradient_descent").ok_or("it is gone")?,
        folder: submissions,
        out: folder.path().join("out"),
        jobs: 2,
        seed: 7,
        program: Some(format!("python3 {}", solution())),
        required: None,
        most: Some(tier),
        limits: Limits {
            cpu_seconds: 2,
            memory: 400 << 20,
            processes: 24,
            // Long enough for two seconds on the processor, on a machine that has more to do.
            answer_seconds: 15,
            ..Limits::default()
        },
        launcher,
    };
    let graduation = grade(&grading, |_| ()).map_err(|error| error.to_string())?;
    let mut wrong: Vec<String> = graduation.graded.iter().filter_map(surprise).collect();
    let expected = HOSTILE.len() + 2;
    if graduation.graded.len() != expected || graduation.tier != tier {
        wrong.push(format!(
            "{} of {expected} graded, at {}",
            graduation.graded.len(),
            graduation.tier
        ));
    }
    let left: Vec<String> =
        running().into_iter().filter(|line| line.contains(&solution())).collect();
    if !left.is_empty() {
        wrong.push(format!("still running: {left:?}"));
    }
    let written: Vec<&PathBuf> = witnesses.iter().filter(|witness| witness.exists()).collect();
    for witness in &written {
        let _ = std::fs::remove_file(witness);
    }
    if tier >= Tier::Restricted {
        if !written.is_empty() {
            wrong.push(format!("written outside: {written:?}"));
        }
        if calls.load(Ordering::SeqCst) > 0 {
            wrong.push("a program has called this one".into());
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// The file of each solution: no other process on this machine runs one of this name.
fn solution() -> String {
    format!("solution_{}.py", std::process::id())
}

/// A folder for each, the right one first and last.
fn hand_in(folder: &Path, witnesses: &[PathBuf], port: u16) -> std::io::Result<()> {
    let write = |name: &str, source: &str| {
        let own = folder.join(name);
        std::fs::create_dir_all(&own)?;
        std::fs::write(own.join("theoria.py"), include_str!("../../helpers/theoria.py"))?;
        std::fs::write(own.join(solution()), source)
    };
    write("a_right_one", RIGHT)?;
    write("z_right_one", RIGHT)?;
    let paths: Vec<String> = witnesses.iter().map(|path| path.display().to_string()).collect();
    for hostile in HOSTILE {
        let source = hostile
            .source
            .replace("WITNESSES", &format!("{paths:?}"))
            .replace("PORT", &port.to_string());
        write(hostile.name, &format!("{GREETING}{source}\n"))?;
    }
    Ok(())
}

fn surprise(graded: &Graded) -> Option<String> {
    let score = graded.score();
    let first = graded.tests.first()?;
    let Some(hostile) = HOSTILE.iter().find(|hostile| hostile.name == graded.name) else {
        let marks: Vec<_> = graded.tests.iter().map(|test| &test.mark).collect();
        return (score != Some(16)).then(|| format!("{}: {score:?}, {marks:?}", graded.name));
    };
    let reason = &first.explanation;
    let as_expected = score == Some(0) && hostile.reasons.iter().any(|word| reason.contains(word));
    (!as_expected).then(|| format!("{}: {score:?}, {reason}", graded.name))
}

/// The command lines of all processes.
fn running() -> Vec<String> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " ")).collect()
}
