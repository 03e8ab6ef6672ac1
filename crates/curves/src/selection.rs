//! What to read of a log, and how.

use std::{convert::Infallible, str::FromStr};

/// What to read of a log, and how. All that is `None` is found, and a [`Note`](crate::Note) says what was.
///
/// ```
/// use theoria_curves::{Column, Keep, Selection};
///
/// let selection = Selection { step: Some(Column::Number(1)), keep: Some(Keep::Last), ..Selection::default() };
/// assert_eq!(selection.value, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// The column that tells runs apart (`--run`).
    pub run: Option<Column>,
    /// The column of steps (`--step`).
    pub step: Option<Column>,
    /// The column of values, or the metric of a wide table (`--value`).
    pub value: Option<Column>,
    /// The column of groups of runs (`--group`).
    pub group: Option<Column>,
    /// What separates cells, an ASCII character; a blank stands for any number of blanks (`--delimiter`).
    pub delimiter: Option<u8>,
    /// The sign before decimals (`--decimal`).
    pub decimal: Option<Decimal>,
    /// Which points count where steps fall back (`--keep`).
    pub keep: Option<Keep>,
    /// What is added to all steps (`--shift-steps`).
    pub shift_steps: f64,
}

/// A column of a table.
///
/// ```
/// use theoria_curves::Column;
///
/// assert_eq!("train/loss".parse(), Ok(Column::Name("train/loss".to_owned())));
/// assert_eq!("3".parse(), Ok(Column::Number(3)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// By its name, without surrounding blanks; in another case where that is unambiguous.
    Name(String),
    /// By its number, from 1; but a column whose name is this number comes first.
    Number(usize),
}

impl FromStr for Column {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let text = text.trim();
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        Ok(match text.parse() {
            Ok(number) if digits && number > 0 => Self::Number(number),
            _ => Self::Name(text.to_owned()),
        })
    }
}

/// The sign before decimals.
///
/// ```
/// assert_eq!("comma".parse(), Ok(theoria_curves::Decimal::Comma));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decimal {
    /// `0.5`
    Point,
    /// `0,5`
    Comma,
}

impl FromStr for Decimal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "point" | "." => Ok(Self::Point),
            "comma" | "," => Ok(Self::Comma),
            _ => Err("the decimal sign is `point` or `comma`".to_owned()),
        }
    }
}

/// Which points count where the steps of a run fall back, as they do where training was resumed from a checkpoint.
///
/// ```
/// assert_eq!("last".parse(), Ok(theoria_curves::Keep::Last));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The earlier ones: what follows counts from where it has passed the largest step so far.
    First,
    /// The later ones: what came before counts up to the step that is fallen back to.
    Last,
}

impl FromStr for Keep {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "first" => Ok(Self::First),
            "last" => Ok(Self::Last),
            _ => Err("what to keep is `first` or `last`".to_owned()),
        }
    }
}
