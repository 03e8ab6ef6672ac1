//! Where labels are, and what is wrong with them.

use super::typeset::{LEAN, REACH};
use super::{Mark, Sheet, Words};

/// A rectangle in pixels: left, top, right, bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::figure) struct Bounds(pub(in crate::figure) [f64; 4]);

impl Bounds {
    fn overlaps(&self, other: &Bounds) -> bool {
        let ([l, t, r, b], [left, top, right, bottom]) = (self.0, other.0);
        l < right && left < r && t < bottom && top < b
    }
}

impl Sheet {
    /// Says where data lie: no label crosses its edges.
    pub(in crate::figure) fn framed(&mut self, frame: Bounds) {
        self.frame = Some(frame);
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &Words> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Words(words) => Some(words),
            _ => None,
        })
    }

    /// What is wrong with labels: two that overlap, one that leaves the sheet, crosses the frame or is cut off.
    pub(crate) fn faults_of_labels(&self) -> Vec<String> {
        let labels: Vec<(String, Bounds)> =
            self.words().map(|words| (words.text(), words.bounds())).collect();
        let mut faults = Vec::new();
        let sheet = [0.0, 0.0, f64::from(self.width), f64::from(self.height)];
        for (place, (text, bounds)) in labels.iter().enumerate() {
            let [left, top, right, bottom] = bounds.0;
            if left < sheet[0] || top < sheet[1] || right > sheet[2] || bottom > sheet[3] {
                faults.push(format!("“{text}” leaves the sheet: {bounds:?}"));
            }
            if text.ends_with(super::super::labels::CUT) {
                faults.push(format!("“{text}” is cut off"));
            }
            let crosses = |frame: &Bounds| {
                let [l, t, r, b] = frame.0;
                let inside = left >= l && top >= t && right <= r && bottom <= b;
                frame.overlaps(bounds) && !inside
            };
            if self.frame.as_ref().is_some_and(crosses) {
                faults.push(format!("“{text}” crosses the frame: {bounds:?}, {:?}", self.frame));
            }
            for (other, others) in &labels[..place] {
                if bounds.overlaps(others) {
                    faults.push(format!("“{text}” overlaps “{other}”: {bounds:?}, {others:?}"));
                }
            }
        }
        faults
    }
}

impl Words {
    pub(super) fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    pub(super) fn bounds(&self) -> Bounds {
        let (along, across, width) = self.line();
        let (mut up, mut down) = REACH;
        for run in &self.runs {
            let (size, shift) = run.level.geometry();
            up = up.max(shift + size * REACH.0);
            down = down.max(size * REACH.1 - shift);
        }
        let lean = match self.runs.last() {
            Some(last) if last.italic => LEAN * REACH.0 * self.size / 2.0,
            _ => 0.0,
        };
        let (x, y) = (f64::from(self.at.0), f64::from(self.at.1));
        let (top, bottom) = (across - up * self.size, across + down * self.size);
        Bounds(if self.upwards {
            [x + top, y - along - width - lean, x + bottom, y - along]
        } else {
            [x + along, y + top, x + along + width + lean, y + bottom]
        })
    }
}
