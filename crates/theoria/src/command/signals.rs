//! What a user says to a run that goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::register_usize;
use theoria_verification::evidence::store;

use crate::command::terminal::remark;

/// How long files that are being written may take to become whole.
const PATIENCE: Duration = Duration::from_secs(2);

/// What tells a process to end.
#[cfg(unix)]
const ENDING: [i32; 3] = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const ENDING: [i32; 2] = [SIGINT, SIGTERM];

/// Ends the process when it is told to, once the files that it is writing are whole and after `last_words`, with the exit code that
/// shells give to the signal: 128 and its number.
pub(crate) fn on_signal(last_words: impl Fn() -> String + Send + 'static) {
    let seen = Arc::new(AtomicUsize::new(0));
    for signal in ENDING {
        // Without a handler a signal ends the program just as safely, only without a word.
        let _ = register_usize(signal, Arc::clone(&seen), signal.unsigned_abs() as usize);
    }
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_millis(20));
            let signal = seen.load(Ordering::Relaxed);
            if signal != 0 {
                store::stop_writing(PATIENCE);
                remark(format_args!("{}", last_words()));
                std::process::exit(128 + signal as i32);
            }
        }
    });
}
