//! Slopes of logarithms: exponents and linear rates.

use super::cells::Gathered;
use super::line::{FEWEST, Line, Pooled};

/// What was seen of a slope in the long run: an estimate and an interval for what it tends to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trend {
    pub(super) slope: Pooled,
    /// How the slope changes over the second half of the cells.
    pub(super) bend: Pooled,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Half the width that noise alone gives.
    pub(super) noise: f64,
    /// Whether noise goes on from cell to cell in any run.
    pub(super) goes_on: bool,
}

/// A slope goes on to bend: by four thirds of what it bent over the half that was seen, which is what a logarithm has still to go.
pub(super) const STILL_TO_GO: f64 = 4.0 / 3.0;
/// And by two standard errors of what may not have been seen.
pub(super) const UNSEEN: f64 = 2.0;

impl Trend {
    /// Over runs, each gathered into cells; the interval misses by noise with probability `alpha`.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn over(runs: &[Gathered], alpha: f64, cell: &str) -> Result<Trend, String> {
        let lines: Vec<Line> = runs.iter().filter_map(Line::through).collect();
        if lines.len() < runs.len() || lines.is_empty() {
            let least = runs.iter().map(|run| run.cells.len()).min().unwrap_or(0);
            return Err(format!("{least} {cell} are seen, and a slope takes {FEWEST}"));
        }
        let slopes: Vec<_> = lines.iter().map(|line| line.slope).collect();
        let bends: Vec<_> = lines.iter().map(|line| line.bend).collect();
        let pooled = Pooled::over(&slopes).zip(Pooled::over(&bends));
        let Some((slope, bend)) = pooled else { return Err("there is no run".into()) };
        let noise = slope.half_width(alpha);
        let unseen = UNSEEN * bend.error;
        let to_go = STILL_TO_GO * bend.value;
        Ok(Trend {
            low: slope.value - noise - unseen + to_go.min(0.0),
            high: slope.value + noise + unseen + to_go.max(0.0),
            slope,
            bend,
            noise,
            goes_on: lines.iter().any(|line| line.goes_on),
        })
    }

    /// In what the interval is wide, and what would make it narrower.
    pub(super) fn cure(&self, cell: &str) -> String {
        let bend = (self.high - self.low) / 2.0 - self.noise;
        if bend <= self.noise {
            return "the points are too noisy for so narrow a margin: more runs, or longer ones, would tell".into();
        }
        if self.bend.value.abs() > 3.0 * self.bend.error {
            return format!(
                "the slope still changes, by {:+.2e} over the second half of the {cell}: longer runs would tell to what",
                self.bend.value
            );
        }
        format!("how the slope still changes is not known well enough: more {cell} would tell")
    }
}
