//! Launcher, init, filters, and what the grader watches.

mod filters;
mod init;
mod launcher;
mod orphans;
mod processes;
mod watch;

use std::os::fd::AsFd;
use std::process::ExitCode;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;

use super::confinement::Confinement;

pub use orphans::adopt_orphans;
pub(crate) use orphans::spawn;
pub(crate) use watch::Watch;

/// What ended a stage before the program began.
type StageError = Box<dyn std::error::Error>;

/// The exit code of a stage that failed.
const FAILED: u8 = 125;

/// Becomes a stage, `launch` or `init`, for a confinement as it was written by the stage before. For the program that serves as
/// [`Launcher`](super::Launcher) alone.
pub fn enter(stage: &str, spec: &str) -> ExitCode {
    let entered = serde_json::from_str::<Confinement>(spec).map_err(StageError::from).and_then(
        |confinement| match stage {
            "launch" => launcher::launch(&confinement),
            "init" => init::begin(&confinement),
            other => Err(format!("there is no stage called {other:?}").into()),
        },
    );
    match entered {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(FAILED)
        }
    }
}

/// This process ends with the one that started it. That may have ended already: then nobody holds the other end of standard input.
fn end_with_the_parent() -> Result<(), StageError> {
    set_pdeathsig(Signal::SIGKILL)?;
    let input = std::io::stdin();
    let mut streams = [PollFd::new(input.as_fd(), PollFlags::empty())];
    poll(&mut streams, PollTimeout::ZERO)?;
    let seen = streams[0].revents().unwrap_or(PollFlags::empty());
    if seen.contains(PollFlags::POLLHUP) {
        return Err("the grader has ended".into());
    }
    Ok(())
}

/// The exit code of a shell for a program that ended so.
fn code_of(status: std::process::ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt;
    let signal = || status.signal().map_or(FAILED, |signal| (128 + signal) as u8);
    status.code().map_or_else(signal, |code| code as u8)
}
