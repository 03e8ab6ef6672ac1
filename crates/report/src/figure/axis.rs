//! Axes: ranges and ticks.

use theoria_verification::Scale;

use crate::number::{number, power_of_ten};

/// A range of values along a scale, and where its ticks are.
#[derive(Debug, Clone)]
pub(crate) struct Axis {
    scale: Scale,
    low: f64,
    high: f64,
}

/// A labelled (major) or unlabelled (minor) tick.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: Option<String>,
}

/// No logarithmic axis spans more decades: below lies what rounding left.
const MOST_DECADES: f64 = 18.0;
/// What is larger, or smaller than its inverse, cannot be drawn without overflow.
const LARGEST: f64 = 1e300;

/// Whether places between these ends can be told apart.
fn is_wide(low: f64, high: f64) -> bool {
    let size = low.abs().max(high.abs());
    size <= LARGEST && high - low > (1e-9 * size).max(1.0 / LARGEST)
}

impl Axis {
    /// The axis that shows these values: finite ones, on a logarithmic scale the positive ones.
    pub(crate) fn showing(scale: Scale, values: impl Iterator<Item = f64>) -> Self {
        let usable = values.filter(|v| match scale {
            Scale::Linear => v.abs() <= LARGEST,
            Scale::Logarithmic => (1.0 / LARGEST..=LARGEST).contains(v),
        });
        let (mut low, mut high) =
            usable.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if low > high {
            (low, high) = (1.0, 10.0);
        }
        match scale {
            Scale::Linear => {
                let wide = is_wide(low, high);
                let margin = if wide { 0.04 * (high - low) } else { low.abs().max(1.0) / 2.0 };
                // An axis that starts near 0 starts at 0.
                let from_zero = wide && low >= 0.0 && low < 0.25 * high;
                low = if from_zero { 0.0 } else { low - margin };
                high += margin;
            }
            Scale::Logarithmic => {
                low = low.max(high * 10f64.powf(-MOST_DECADES));
                let margin = (0.03 * (high / low).log10()).max(0.05);
                low *= 10f64.powf(-margin);
                high *= 10f64.powf(margin);
            }
        }
        Axis { scale, low, high }
    }

    /// The axis from `low` to `high`, without a margin.
    pub(crate) fn spanning(scale: Scale, low: f64, high: f64) -> Self {
        Axis { scale, low, high }
    }

    /// The axis that shows what either shows, on the scale of this one.
    pub(crate) fn joined(&self, other: &Axis) -> Self {
        Axis { scale: self.scale, low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// The axis that shows what the other shows above as well, on a logarithmic scale and up to so many times its own end.
    pub(crate) fn raised(&self, other: &Axis, most: f64) -> Self {
        let high = match self.scale {
            Scale::Linear => self.high,
            Scale::Logarithmic => self.high.max(other.high.min(most * self.high)),
        };
        Axis { high, ..self.clone() }
    }

    /// Its ends.
    pub(crate) fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Where a value lies: 0 at the low end, 1 at the high one. None if it cannot be shown at all.
    pub(crate) fn position(&self, value: f64) -> Option<f64> {
        match self.scale {
            Scale::Linear => Some((value - self.low) / (self.high - self.low)),
            Scale::Logarithmic if value > 0.0 => {
                Some((value / self.low).log10() / (self.high / self.low).log10())
            }
            Scale::Logarithmic => None,
        }
        .filter(|position| position.is_finite())
    }

    /// Ticks, about `wanted` of them labelled.
    pub(crate) fn ticks(&self, wanted: usize) -> Vec<Tick> {
        let is_drawable = match self.scale {
            Scale::Linear => is_wide(self.low, self.high),
            Scale::Logarithmic => self.low >= f64::MIN_POSITIVE && is_wide(self.low, self.high),
        };
        if !is_drawable {
            return Vec::new();
        }
        let mut ticks = match self.scale {
            Scale::Linear => self.linear_ticks(wanted),
            Scale::Logarithmic => self.logarithmic_ticks(wanted),
        };
        ticks.retain(|tick| tick.value >= self.low * (1.0 - 1e-12) && tick.value <= self.high);
        ticks
    }

    fn linear_ticks(&self, wanted: usize) -> Vec<Tick> {
        let step = round_step((self.high - self.low) / wanted as f64);
        let decimals = usize::try_from((-step.log10().floor()) as i64).unwrap_or(0);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        (first..=last)
            .map(|i| {
                let value = i as f64 * step;
                let label = if decimals > 9 || value.abs() >= 1e9 {
                    number(value)
                } else {
                    format!("{value:.decimals$}").replace('-', "−")
                };
                Tick { value, label: Some(label) }
            })
            .collect()
    }

    fn logarithmic_ticks(&self, wanted: usize) -> Vec<Tick> {
        let first = self.low.log10().floor() as i32;
        let last = self.high.log10().ceil() as i32;
        let decades = self.high.log10() - self.low.log10();
        // Labels every so many decades; within few decades also at 2 and 5.
        let every = ((decades / wanted as f64).ceil() as i32).max(1);
        (first..=last)
            .flat_map(|exponent| (1..10).map(move |digit| (exponent, digit)))
            .filter_map(|(exponent, digit)| {
                let value = f64::from(digit) * 10f64.powi(exponent);
                let label = match digit {
                    1 if exponent.rem_euclid(every) == 0 => Some(power(1, exponent)),
                    2 | 5 if decades < 2.0 => Some(power(digit, exponent)),
                    1 => None,
                    _ if decades > 6.0 => return None,
                    _ => None,
                };
                Some(Tick { value, label })
            })
            .collect()
    }
}

/// 1, 10, 200 as such; other powers with an exponent.
fn power(digit: i32, exponent: i32) -> String {
    if (0..=3).contains(&exponent) {
        return (digit * 10i32.pow(exponent.unsigned_abs())).to_string();
    }
    if exponent == -1 {
        return format!("0.{digit}");
    }
    if digit == 1 {
        return power_of_ten(exponent);
    }
    format!("{digit}·{}", power_of_ten(exponent))
}

/// The least of 1, 2, 5 times a power of ten that is not below `step`.
fn round_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|digit| digit * power)
        .find(|rounded| *rounded >= step * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_axis_is_raised_up_to_its_limit() {
        let axis = |scale, high| Axis::spanning(scale, 1.0, high);
        let raised = |scale, high| axis(scale, 10.0).raised(&axis(scale, high), 100.0).ends().1;
        let raise = |high| raised(Scale::Logarithmic, high);
        assert_eq!([raise(5.0), raise(200.0), raise(1e9)], [10.0, 200.0, 1000.0]);
        assert_eq!(raised(Scale::Linear, 200.0), 10.0);
    }

    proptest! {
        #[test]
        fn ticks_are_few_in_order_and_within_the_axis(
            low in 1e-12..1e3f64, factor in 1.0001..1e12f64, logarithmic: bool,
        ) {
            let scale = if logarithmic { Scale::Logarithmic } else { Scale::Linear };
            let axis = Axis::showing(scale, [low, low * factor].into_iter());
            let ticks = axis.ticks(6);
            let labels = ticks.iter().filter(|tick| tick.label.is_some()).count();
            prop_assert!((1..=16).contains(&labels) || factor < 2.0, "{labels}: {ticks:?}");
            prop_assert!(ticks.windows(2).all(|pair| pair[0].value < pair[1].value));
            for tick in &ticks {
                let position = axis.position(tick.value).unwrap();
                prop_assert!((-1e-9..=1.0 + 1e-9).contains(&position));
            }
        }
    }

    #[test]
    fn powers_of_ten_are_labelled_as_such() {
        let axis = Axis::showing(Scale::Logarithmic, [1e-9, 1.0].into_iter());
        let labels: Vec<String> = axis.ticks(5).into_iter().filter_map(|t| t.label).collect();
        assert_eq!(labels, ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "1"]);
    }

    #[test]
    fn no_range_is_too_large_or_too_small() {
        let tiny = f64::from_bits(1);
        for scale in [Scale::Linear, Scale::Logarithmic] {
            let ends = [
                -f64::MAX,
                -1e300,
                -1.0,
                -tiny,
                0.0,
                tiny,
                1e-300,
                1.0,
                1.0 + f64::EPSILON,
                1e300,
                f64::MAX,
            ];
            for (low, high) in
                ends.iter().flat_map(|low| ends.iter().map(move |high| (*low, *high)))
            {
                for axis in [
                    Axis::showing(scale, [low, high].into_iter()),
                    Axis::spanning(scale, low, high),
                ] {
                    assert!(axis.ticks(7).len() < 10_000, "{axis:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_to_show_is_still_an_axis() {
        let axis = Axis::showing(Scale::Logarithmic, [f64::NAN, -1.0].into_iter());
        assert!(!axis.ticks(5).is_empty());
    }
}
