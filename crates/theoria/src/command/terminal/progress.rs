//! Progress of a run.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use theoria_verification::evidence::TheoremEvidence;

use super::{BAD, GOOD, remark, style_of};

/// One line for each theorem when it is done, and below them, in a terminal, a bar. All of it goes
/// to the error stream; the table of verdicts is the output.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// For this many theorems.
    pub(crate) fn new(theorems: usize) -> Self {
        let bar = ProgressBar::new(theorems as u64);
        if let Ok(style) =
            ProgressStyle::with_template("  {bar:30} {pos}/{len} theorems, {elapsed}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress { bar }
    }

    /// A theorem is done.
    pub(crate) fn done(&self, evidence: &TheoremEvidence, elapsed: Duration) {
        let (id, seconds) = (&evidence.id, elapsed.as_secs_f64());
        // A share alone is not evidence.
        let line = if evidence.runs.iter().any(|run| run.shard.is_some()) {
            format!("  {:<12} {id} ({seconds:.1} s)", "ran")
        } else {
            let style = style_of(evidence.standing);
            format!("  {style}{:<12}{style:#} {id} ({seconds:.1} s)", evidence.standing)
        };
        self.bar.suspend(|| remark(format_args!("{line}")));
        self.bar.inc(1);
    }

    /// A theorem was checked with many seeds, of which so many verdicts are not the ones that it needs.
    pub(crate) fn counted(&self, theorem: &str, wrong: usize, elapsed: Duration) {
        let style = if wrong == 0 { GOOD } else { BAD };
        let seconds = elapsed.as_secs_f64();
        let line = format!("  {style}{wrong:>4} wrong{style:#} {theorem} ({seconds:.1} s)");
        self.bar.suspend(|| remark(format_args!("{line}")));
        self.bar.inc(1);
    }

    /// All is done.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
