//! Whether two records are of the same trials.

use super::TrialEvidence;
use crate::number::close;
use crate::trials::{Plan, PointRecord};

impl TrialEvidence {
    /// What one of two records has otherwise than the other, with both numbers, up to the rounding of their machines; none if
    /// they are of one experiment, and of the same trials as far as both have run them.
    pub(crate) fn unlike(&self, other: &TrialEvidence) -> Option<String> {
        let plan = |it: &TrialEvidence| Plan { deepened: 0, ..it.plan };
        if self.stream != other.stream
            || self.judgement != other.judgement
            || plan(self) != plan(other)
            || self.attained != other.attained
        {
            return Some("whose trials are others".into());
        }
        if !close(self.alpha, other.alpha, 0.0) {
            return Some(format!(
                "which spends {:e} of the error budget, and {:e} before",
                self.alpha, other.alpha
            ));
        }
        let lists = [
            ("checkpoint", &self.x, &other.x),
            ("prediction", &self.predicted, &other.predicted),
            ("rounding floor", &self.floor, &other.floor),
            ("least trial", &self.least, &other.least),
            ("largest trial", &self.most, &other.most),
            ("second moment", &self.square, &other.square),
        ];
        let of_list = |(what, own, others): (&str, &Vec<f64>, &Vec<f64>)| {
            if own.len() != others.len() {
                return Some(format!("with {} of a {what} against {}", own.len(), others.len()));
            }
            let (a, b) = own.iter().zip(others).find(|(a, b)| !close(**a, **b, 0.0))?;
            Some(format!("with a {what} of {a:?} against {b:?}"))
        };
        lists.into_iter().find_map(of_list).or_else(|| self.unlike_blocks(other))
    }

    fn unlike_blocks(&self, other: &TrialEvidence) -> Option<String> {
        let mut others = other.blocks.iter().peekable();
        self.blocks.iter().find_map(|own| {
            while others.peek().is_some_and(|it| it.block < own.block) {
                others.next();
            }
            let theirs = others.peek().filter(|it| it.block == own.block)?;
            let points = own.points.iter().zip(&theirs.points).zip(&self.x);
            points.into_iter().find_map(|((a, b), x)| {
                let [sum, theirs] = [a, b].map(|point| point.moments.sums[0]);
                (!same_trials(a, b)).then(|| {
                    format!(
                        "whose trials of block {} at {x:?} sum to {sum:?} against {theirs:?}",
                        own.block
                    )
                })
            })
        })
    }
}

fn same_trials(a: &PointRecord, b: &PointRecord) -> bool {
    let size = a.size.abs().max(b.size.abs());
    a.trials() == b.trials()
        && a.non_finite == b.non_finite
        && close(a.moments.sums[0], b.moments.sums[0], size)
}
