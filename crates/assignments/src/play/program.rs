//! A solution as a program of its own.

use std::io::Write;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::output::{Event, Lines, Tail};
use super::{Launch, Player};
use crate::isolation::{self, STARTED, Tier, Watch};
use crate::protocol::{Answer, Fault, PROTOCOL, hello, line_of, read_line};
use crate::theoria::Fields;

/// How long a program that closes its output has to end.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A running program that speaks the protocol; it is killed when this is dropped.
pub struct Program {
    child: Child,
    /// Over one that is confined.
    watch: Option<Watch>,
    input: Sender<Vec<u8>>,
    lines: Lines,
    errors: Tail,
    patience: Duration,
}

impl Program {
    /// Starts it and greets it.
    ///
    /// # Errors
    /// If it cannot be started, or does not answer the greeting as the protocol has it.
    pub fn start(launch: &Launch, assignment: &str) -> Result<Self, Fault> {
        let mut program = Self::spawned(launch)?;
        let answer = program.answer(&hello(assignment))?;
        if answer.number("protocol") == Ok(f64::from(PROTOCOL)) {
            Ok(program)
        } else {
            Err(Fault::WrongProtocol { answered: answer.line() })
        }
    }

    fn spawned(launch: &Launch) -> Result<Self, Fault> {
        let not_started = |reason: String| Fault::NotStarted { program: launch.shown(), reason };
        let mut command = launch.command().ok_or_else(|| not_started("it has no name".into()))?;
        let started = match launch.confined {
            Some(_) => isolation::spawn(&mut command),
            None => command.spawn(),
        };
        let mut child = started.map_err(|error| not_started(error.to_string()))?;
        let limits = launch.confined.as_ref().map(|(_, confinement)| confinement.limits);
        let watch = limits.map(|limits| Watch::over(&child, limits));
        let streams = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(mut stdin), Some(stdout), Some(stderr)) = streams else {
            return Err(not_started("its streams are not there".into()));
        };
        let (input, messages) = channel::<Vec<u8>>();
        // A program that does not read blocks this thread alone. One that is gone shows by its output.
        thread::spawn(move || {
            while let Ok(message) = messages.recv() {
                if stdin.write_all(&message).and_then(|()| stdin.flush()).is_err() {
                    return;
                }
            }
        });
        let program = Program {
            child,
            watch,
            input,
            lines: Lines::of(stdout, launch.most_output),
            errors: Tail::of(stderr),
            patience: launch.patience,
        };
        match &launch.confined {
            Some((_, confinement)) if confinement.tier > Tier::Nothing => program.isolated(),
            _ => Ok(program),
        }
    }

    /// As it is, when all that isolates it stands.
    fn isolated(self) -> Result<Self, Fault> {
        match self.lines.events().recv_timeout(self.patience) {
            Ok(Event::Line(line)) if line == STARTED.as_bytes() => Ok(self),
            _ => {
                thread::sleep(Duration::from_millis(20));
                let said = self.errors.text();
                let reason =
                    if said.is_empty() { "it was not started in time".into() } else { said };
                Err(Fault::Isolation { reason })
            }
        }
    }

    fn ended(&mut self, asked: String) -> Fault {
        let fault = self.end_as_it_seems(asked);
        if let Some(what) = self.watch.as_ref().and_then(Watch::reason) {
            return Fault::Limit { what };
        }
        fault
    }

    fn end_as_it_seems(&mut self, asked: String) -> Fault {
        let deadline = Instant::now() + LAST_WORDS;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => {
                    // What it wrote before it ended has come by now, or comes at once.
                    thread::sleep(Duration::from_millis(20));
                    let stderr = self.errors.text();
                    return Fault::Ended {
                        status: said(status, self.watch.is_some()),
                        asked,
                        stderr,
                    };
                }
                _ if Instant::now() >= deadline => return Fault::Closed { asked },
                _ => thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

impl Player for Program {
    fn answer(&mut self, message: &Fields) -> Result<Answer, Fault> {
        // One that does not read any more has ended, which its output says.
        let _ = self.input.send(line_of(message));
        let asked = || message.text("message").to_owned();
        match self.lines.events().recv_timeout(self.patience) {
            Ok(Event::Line(line)) => read_line(&line),
            Ok(Event::TooLong) => read_line(&vec![0; crate::protocol::MOST_BYTES + 1]),
            Ok(Event::Flood) => Err(Fault::Limit {
                what: "wrote more to standard output than all answers take".into(),
            }),
            Ok(Event::End(rest)) if rest.is_empty() => Err(self.ended(asked())),
            Ok(Event::End(rest)) => {
                if let limit @ Fault::Limit { .. } = self.ended(asked()) {
                    return Err(limit);
                }
                let written = String::from_utf8_lossy(&rest).chars().take(200).collect();
                Err(Fault::HalfALine { written })
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.ended(asked())),
            Err(RecvTimeoutError::Timeout) => {
                let unfinished = self.lines.unfinished();
                Err(if unfinished.is_empty() {
                    Fault::Silent { seconds: self.patience.as_secs(), asked: asked() }
                } else {
                    Fault::HalfALine { written: unfinished.chars().take(200).collect() }
                })
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(watch) = &self.watch {
            watch.kill();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program that is not asked anything, a compiler, to its end.
///
/// # Errors
/// If it cannot be started, does not end well, or uses up too much.
pub(crate) fn run_to_the_end(launch: &Launch) -> Result<(), Fault> {
    let mut program = Program::spawned(launch)?;
    while let Ok(Event::Line(_)) = program.lines.events().recv() {}
    let status = program.child.wait();
    let stderr = program.errors.text();
    if let Some(what) = program.watch.as_ref().and_then(Watch::reason) {
        return Err(Fault::Limit { what });
    }
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Fault::NotBuilt { output: stderr }),
        Err(error) => Err(Fault::Isolation { reason: error.to_string() }),
    }
}

/// How a program ended, in words. A launcher tells of a signal as shells do.
fn said(status: ExitStatus, launched: bool) -> String {
    match status.code() {
        Some(code @ 129..=192) if launched => format!("signal {}", code - 128),
        Some(code) => format!("exit code {code}"),
        // "signal: 9 (SIGKILL)"
        None => status.to_string(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::protocol::begin;

    /// What a program says for itself that answers the greeting and then does this.
    fn fault_of(then: &str) -> Fault {
        let greeting = "read line; echo '{\"protocol\": 1}'; read line;";
        let mut launch = Launch::new(["sh", "-c", &format!("{greeting} {then}")], ".".as_ref());
        launch.patience = Duration::from_millis(300);
        let mut program = Program::start(&launch, "any").expect("it answers the greeting");
        let answered = program.answer(&begin(&Fields::new()));
        answered.expect_err("it does not answer")
    }

    #[test]
    fn a_program_that_answers_is_understood() {
        let answering = "read a; echo '{\"protocol\": 1}'; read b; printf '{\"point\": [1]}\\r\\n'";
        let launch = Launch::new(["sh", "-c", answering], ".".as_ref());
        let mut program = Program::start(&launch, "any").unwrap();
        let answer = program.answer(&begin(&Fields::new())).unwrap();
        assert_eq!(answer.vector("point", 1).unwrap(), [1.0]);
    }

    #[test]
    fn each_fault_of_a_program_has_its_own_sentence() {
        let silent = fault_of("sleep 2").to_string();
        assert!(silent.contains("flush") && silent.contains("\"begin\""), "{silent}");
        let half = fault_of("printf '{\"point\": '; sleep 2").to_string();
        assert!(half.contains("no end of line") && half.contains("point"), "{half}");
        let half = fault_of("printf '{\"point\": [1]}'").to_string();
        assert!(half.contains("no end of line"), "{half}");
        let ended = fault_of("echo 'the reason' >&2; exit 3").to_string();
        assert!(ended.contains("exit code 3") && ended.contains("the reason"), "{ended}");
        let killed = fault_of("kill -9 $$").to_string();
        assert!(killed.contains("SIGKILL"), "{killed}");
        let closed = fault_of("exec >&-; sleep 2").to_string();
        assert!(closed.contains("closed its standard output"), "{closed}");
    }

    #[test]
    fn one_that_cannot_be_started_or_speaks_another_protocol_is_refused() {
        let start = |words: &[&str]| {
            let launch = Launch::new(words.iter().copied(), ".".as_ref());
            Program::start(&launch, "any").err().unwrap().to_string()
        };
        assert!(start(&["no-such-program-here"]).contains("could not be started"));
        let other = start(&["sh", "-c", "read line; echo '{\"protocol\": 2}'"]);
        assert!(other.contains("speaks version 1"), "{other}");
        let other = start(&["sh", "-c", "read line; echo '{\"hello\": 1}'"]);
        assert!(other.contains("speaks version 1"), "{other}");
    }
}
