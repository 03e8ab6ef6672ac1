//! JSON has no infinities and no NaN; a measurement has. They are written as the strings `"inf"`,
//! `"-inf"` and `"nan"`, never as `null`, so that a diverged run stays visible in a file.

use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize)]
#[serde(untagged)]
enum Written {
    Finite(f64),
    Word(NonFinite),
}

/// By hand, so that the message says what was expected.
impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrWord)
    }
}

struct NumberOrWord;

impl Visitor<'_> for NumberOrWord {
    type Value = Written;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number, or \"inf\", \"-inf\" or \"nan\"")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Written, E> {
        Ok(Written::from(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Written, E> {
        Ok(Written::Finite(value as f64))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Written, E> {
        Ok(Written::Finite(value as f64))
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Written, E> {
        let words =
            [f64::INFINITY, f64::NEG_INFINITY, f64::NAN].into_iter().zip(["inf", "-inf", "nan"]);
        let value = words.into_iter().find(|(_, known)| *known == word).map(|(value, _)| value);
        value.map(Written::from).ok_or_else(|| E::invalid_value(Unexpected::Str(word), &self))
    }
}

#[derive(Serialize)]
enum NonFinite {
    #[serde(rename = "inf")]
    Infinity,
    #[serde(rename = "-inf")]
    MinusInfinity,
    #[serde(rename = "nan")]
    NotANumber,
}

impl From<f64> for Written {
    fn from(value: f64) -> Self {
        if value.is_finite() {
            Written::Finite(value)
        } else if value.is_nan() {
            Written::Word(NonFinite::NotANumber)
        } else if value > 0.0 {
            Written::Word(NonFinite::Infinity)
        } else {
            Written::Word(NonFinite::MinusInfinity)
        }
    }
}

impl From<Written> for f64 {
    fn from(written: Written) -> Self {
        match written {
            Written::Finite(value) => value,
            Written::Word(NonFinite::Infinity) => f64::INFINITY,
            Written::Word(NonFinite::MinusInfinity) => f64::NEG_INFINITY,
            Written::Word(NonFinite::NotANumber) => f64::NAN,
        }
    }
}

pub(crate) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    Written::from(*value).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Written::deserialize(deserializer).map(f64::from)
}

/// The same for lists.
pub(crate) mod list {
    use super::{Deserialize, Deserializer, Serializer, Written};

    pub(crate) fn serialize<S: Serializer>(
        values: &[f64],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| Written::from(*value)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<f64>, D::Error> {
        Vec::<Written>::deserialize(deserializer)
            .map(|values| values.into_iter().map(f64::from).collect())
    }
}

/// The same for three numbers.
pub(crate) mod triple {
    use super::{Deserialize, Deserializer, Serializer, Written};

    pub(crate) fn serialize<S: Serializer>(
        values: &[f64; 3],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        super::list::serialize(values, serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[f64; 3], D::Error> {
        <[Written; 3]>::deserialize(deserializer).map(|values| values.map(f64::from))
    }
}

/// The same for a number that may be missing.
pub(crate) mod optional {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Written};

    pub(crate) fn serialize<S: Serializer>(
        value: &Option<f64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.map(Written::from).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<f64>, D::Error> {
        Option::<Written>::deserialize(deserializer).map(|value| value.map(f64::from))
    }
}

/// How far two machines may differ, relatively: the last bits of `exp` and `sin`, and what a run makes of them.
const ROUNDING: f64 = 1e-6;
/// Below this both saw nothing but rounding.
const NOTHING: f64 = 1e-9;

/// The same up to rounding of numbers of this size, or of their own.
pub(crate) fn close(a: f64, b: f64, size: f64) -> bool {
    let size = size.max(a.abs()).max(b.abs());
    a.to_bits() == b.to_bits()
        || (a.is_nan() && b.is_nan())
        || (a - b).abs() <= ROUNDING * size
        || a.abs().max(b.abs()) <= NOTHING && size <= NOTHING
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct Holder {
        #[serde(with = "super")]
        one: f64,
        #[serde(with = "super::list")]
        many: Vec<f64>,
    }

    #[test]
    fn what_is_no_number_is_said_to_be_none() {
        for (text, told) in [
            (r#"{"one": "many", "many": []}"#, "invalid value: string \"many\", expected a number"),
            (r#"{"one": 1, "many": [null]}"#, "invalid type: null, expected a number"),
        ] {
            let error = serde_json::from_str::<Holder>(text).err().unwrap().to_string();
            assert!(error.contains(told), "{error}");
        }
    }

    quickcheck::quickcheck! {
        fn every_number_survives_the_file_to_the_bit(one: f64, many: Vec<f64>) -> bool {
            let text = serde_json::to_string(&Holder { one, many: many.clone() }).unwrap();
            let back: Holder = serde_json::from_str(&text).unwrap();
            let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
            same(one, back.one) && many.iter().zip(&back.many).all(|(a, b)| same(*a, *b))
        }
    }
}
