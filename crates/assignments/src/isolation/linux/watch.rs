//! What a running program uses up, with all that came of it.

use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{orphans, processes};
use crate::isolation::Limits;

/// How often is looked.
const INTERVAL: Duration = Duration::from_millis(20);

/// A watch over the tree of a launcher, which ends it when it has used up too much.
pub(crate) struct Watch {
    launcher: u32,
    reason: Arc<Mutex<Option<String>>>,
    over: Arc<AtomicBool>,
}

impl Watch {
    /// Over a launcher that has just been started.
    pub(crate) fn over(launcher: &Child, limits: Limits) -> Self {
        let watch = Watch { launcher: launcher.id(), reason: Arc::default(), over: Arc::default() };
        let (launcher, reason, over) =
            (watch.launcher, Arc::clone(&watch.reason), Arc::clone(&watch.over));
        thread::spawn(move || {
            let began = Instant::now();
            while !over.load(Ordering::Relaxed) {
                if let Some(found) = excess(launcher, &limits, began.elapsed()) {
                    *reason.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
                    end(launcher);
                    return;
                }
                thread::sleep(INTERVAL);
            }
        });
        watch
    }

    /// What the program used up, if it was ended for that, as the end of a sentence.
    pub(crate) fn reason(&self) -> Option<String> {
        self.reason.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the program and all that came of it.
    pub(crate) fn kill(&self) {
        self.over.store(true, Ordering::Relaxed);
        end(self.launcher);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        orphans::end_orphans(self.launcher);
    }
}

fn excess(launcher: u32, limits: &Limits, elapsed: Duration) -> Option<String> {
    let tree = processes::tree(launcher);
    let cpu: f64 = tree.iter().map(|process| process.cpu_seconds).sum();
    let memory: u64 = tree.iter().map(|process| process.memory).sum();
    if cpu > limits.cpu_seconds as f64 {
        Some(format!(
            "used more than {} s on the processor: does it loop for ever?",
            limits.cpu_seconds
        ))
    } else if memory > limits.memory {
        Some(format!("used more than {} MiB of memory", limits.memory >> 20))
    } else if tree.len() as u64 > limits.processes + 2 {
        Some(format!("started more than {} processes", limits.processes))
    } else if elapsed.as_secs() > limits.wall_seconds {
        Some(format!("ran for more than {} s", limits.wall_seconds))
    } else {
        None
    }
}

/// First what came of the launcher, lest it gets away when the launcher ends, and then the launcher.
fn end(launcher: u32) {
    processes::end_descendants(launcher);
    if let Ok(id) = i32::try_from(launcher) {
        let _ = nix::sys::signal::kill(
            nix::unistd::Pid::from_raw(id),
            nix::sys::signal::Signal::SIGKILL,
        );
    }
}
