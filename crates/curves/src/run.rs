//! One run while it is read.

use crate::{Keep, number::Cell};

/// A value that is no finite number.
#[derive(Clone, Copy, Debug)]
struct Break {
    step: f64,
    /// Whether it may mean that nothing was logged.
    missing: bool,
}

/// One run while it is read: what is finite and what is not, both in order of steps.
#[derive(Debug, Default)]
pub(crate) struct Growing {
    /// As it is written in the log; empty where there is no column of runs.
    pub(crate) name: String,
    pub(crate) group: Option<String>,
    /// How many runs of this name came before it, which started over after a header.
    pub(crate) earlier: u64,
    /// How many headers in the middle of the file came before its last point.
    pub(crate) part: u64,
    steps: Vec<f64>,
    values: Vec<f64>,
    breaks: Vec<Break>,
    /// Whether no finite value came after the last that was infinite or not a number.
    pub(crate) broken: bool,
    /// Points that came twice and do not count.
    pub(crate) dropped: u64,
}

/// A run as it was read, and what is to be said of it.
pub(crate) struct Grown {
    pub(crate) steps: Vec<f64>,
    pub(crate) values: Vec<f64>,
    pub(crate) diverged: Option<f64>,
    /// Finite values behind the divergence, which are left out.
    pub(crate) behind: u64,
    /// `None` and the like where nothing was logged.
    pub(crate) gaps: u64,
}

impl Grown {
    /// Whether there is nothing that could be judged.
    pub(crate) fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.diverged.is_none()
    }
}

impl Growing {
    /// A run without points; `part` is how many headers came before it, `earlier` how many runs of its name.
    pub(crate) fn new(name: &str, group: Option<&str>, part: u64, earlier: u64) -> Self {
        Self {
            name: name.to_owned(),
            group: group.map(str::to_owned),
            part,
            earlier,
            ..Self::default()
        }
    }

    /// The largest step so far.
    pub(crate) fn last(&self) -> Option<f64> {
        let step = self.steps.last().copied();
        let broken = self.breaks.last().map(|at| at.step);
        // `None` is less than any number.
        if step > broken { step } else { broken }
    }

    /// The smallest step so far.
    pub(crate) fn first(&self) -> Option<f64> {
        let broken = self.breaks.first().map(|at| at.step);
        match self.steps.first().copied() {
            Some(step) if broken.is_none_or(|broken| step < broken) => Some(step),
            _ => broken,
        }
    }

    /// Adds a point; one at a step that is not beyond the last is refused with the first and the last step, unless it is said what to keep.
    pub(crate) fn push(
        &mut self,
        step: f64,
        value: Cell,
        keep: Option<Keep>,
    ) -> Result<(), (f64, f64)> {
        if let Some(last) = self.last().filter(|&last| step <= last) {
            match keep {
                None => return Err((self.first().unwrap_or(last), last)),
                Some(Keep::First) => {
                    self.dropped += 1;
                    return Ok(());
                }
                Some(Keep::Last) => self.fall_back(step),
            }
        }
        match value {
            Cell::Empty => {}
            Cell::Finite(value) => {
                self.steps.push(step);
                self.values.push(value);
                self.broken = false;
            }
            Cell::NotFinite => {
                self.breaks.push(Break { step, missing: false });
                self.broken = true;
            }
            Cell::Missing => self.breaks.push(Break { step, missing: true }),
        }
        Ok(())
    }

    fn fall_back(&mut self, to: f64) {
        let kept = self.steps.partition_point(|&step| step < to);
        let broken = self.breaks.partition_point(|at| at.step < to);
        self.dropped += (self.steps.len() - kept + self.breaks.len() - broken) as u64;
        self.steps.truncate(kept);
        self.values.truncate(kept);
        self.breaks.truncate(broken);
        self.broken = false;
    }

    /// Ends the run: from where it is not finite it has diverged.
    pub(crate) fn finish(mut self) -> Grown {
        let broken = self.breaks.iter().find(|at| !at.missing).map(|at| at.step);
        let before = |step: f64| broken.is_none_or(|broken| step < broken);
        let missing =
            || self.breaks.iter().filter(|at| at.missing && before(at.step)).map(|at| at.step);
        let last = self.steps.iter().rev().copied().find(|&step| before(step));
        let first_missing = missing().next();
        // Before a finite value they say that nothing was logged, and then they say so at the end too.
        let gap = match (first_missing, last) {
            (Some(missing), Some(last)) => missing < last,
            (Some(_), None) => broken.is_none(),
            (None, _) => false,
        };
        let gaps = if gap { missing().count() as u64 } else { 0 };
        let diverged = if gap { broken } else { first_missing.or(broken) };
        let kept = diverged.map_or(self.steps.len(), |diverged| {
            self.steps.partition_point(|&step| step < diverged)
        });
        let behind = (self.steps.len() - kept) as u64;
        self.steps.truncate(kept);
        self.values.truncate(kept);
        self.steps.shrink_to_fit();
        self.values.shrink_to_fit();
        Grown { steps: self.steps, values: self.values, diverged, behind, gaps }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grown(cells: &[Cell], keep: Option<Keep>, steps: &[f64]) -> Grown {
        let mut run = Growing::default();
        for (&cell, &step) in cells.iter().zip(steps) {
            run.push(step, cell, keep).expect("steps in order");
        }
        run.finish()
    }

    #[test]
    fn missing_values_are_gaps_only_before_finite_ones() {
        let steps = [1.0, 2.0, 3.0, 4.0];
        let (one, none, nan) = (Cell::Finite(1.0), Cell::Missing, Cell::NotFinite);
        let gaps = grown(&[none, one, none, one], None, &steps);
        assert_eq!((gaps.steps.len(), gaps.diverged, gaps.gaps), (2, None, 2));
        let end = grown(&[one, one, none, none], None, &steps);
        assert_eq!((end.steps.len(), end.diverged, end.gaps), (2, Some(3.0), 0));
        let both = grown(&[none, one, none, nan], None, &steps);
        assert_eq!((both.steps.len(), both.diverged, both.gaps), (1, Some(4.0), 2));
        let again = grown(&[one, nan, one, one], None, &steps);
        assert_eq!((again.steps.len(), again.diverged, again.behind), (1, Some(2.0), 2));
        let nothing = grown(&[none, none], None, &steps);
        assert_eq!((nothing.steps.len(), nothing.diverged), (0, None));
    }

    #[test]
    fn a_resumed_run_forgets_what_it_goes_back_before() {
        let cells = [Cell::Finite(1.0), Cell::NotFinite, Cell::Finite(3.0), Cell::Finite(4.0)];
        let last = grown(&cells, Some(Keep::Last), &[1.0, 3.0, 2.0, 4.0]);
        assert_eq!((last.steps, last.diverged), (vec![1.0, 2.0, 4.0], None));
        let first = grown(&cells, Some(Keep::First), &[1.0, 3.0, 2.0, 4.0]);
        assert_eq!((first.steps, first.diverged, first.behind), (vec![1.0], Some(3.0), 1));
    }
}
