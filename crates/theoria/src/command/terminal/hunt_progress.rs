//! Progress of a hunt.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::{BAD, GOOD, remark};

/// One line for each worst instance when it is found, and below them, in a terminal, a bar of the time that has gone.
pub(crate) struct HuntProgress {
    bar: ProgressBar,
    began: Instant,
    evaluations: AtomicUsize,
}

impl HuntProgress {
    /// Of a hunt that takes this long.
    pub(crate) fn new(seconds: f64) -> Self {
        let bar = ProgressBar::new(seconds.ceil() as u64);
        if let Ok(style) = ProgressStyle::with_template("  {bar:30} {pos}/{len} s, {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        HuntProgress { bar, began: Instant::now(), evaluations: AtomicUsize::new(0) }
    }

    /// A worse instance of a claim was found.
    pub(crate) fn found(&self, theorem: &str, claim: &str, nearness: f64) {
        let style = if nearness > 1.0 { BAD } else { GOOD };
        let line = format!("  {style}{nearness:.6}{style:#} {theorem}: {claim}");
        self.bar.suspend(|| remark(format_args!("{line}")));
    }

    /// So many more instances were looked at.
    pub(crate) fn looked_at(&self, evaluations: usize) {
        let all = self.evaluations.fetch_add(evaluations, Ordering::Relaxed) + evaluations;
        self.bar.set_position(self.began.elapsed().as_secs());
        self.bar.set_message(format!("{all} instances"));
    }

    /// The time is over.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
