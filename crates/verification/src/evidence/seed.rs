//! Seeds in JSON: strings, since many programs keep numbers as doubles, which hold whole numbers up to 2^53 alone.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

/// What every program reads as the same number.
const SAFE: u64 = 1 << 53;

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Number(serde_json::Number),
}

// By reference, since serde hands it so.
#[expect(clippy::trivially_copy_pass_by_ref)]
pub(super) fn serialize<S: Serializer>(seed: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(seed)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    match Written::deserialize(deserializer) {
        Ok(Written::Text(text)) => text.parse().map_err(|_| {
            D::Error::custom(format!(
                "the seed {text:?} is not a whole number from 0 to 2^64 - 1 in a string"
            ))
        }),
        Ok(Written::Number(number)) => {
            number.as_u64().filter(|seed| *seed < SAFE).ok_or_else(|| {
                D::Error::custom(format!(
                    "the seed {number} is a number that a program may have rounded (only whole numbers \
                     below 2^53 survive everywhere): check the theorem again, which writes seeds as strings"
                ))
            })
        }
        Err(_) => Err(D::Error::custom("a seed is a whole number in a string")),
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        #[serde(with = "super")]
        seed: u64,
    }

    fn read(text: &str) -> Result<u64, String> {
        serde_json::from_str::<Holder>(text).map(|it| it.seed).map_err(|error| error.to_string())
    }

    #[test]
    fn every_seed_survives_and_what_may_have_been_rounded_is_refused() {
        for seed in [0, 7, (1 << 53) + 1, u64::MAX] {
            let text = serde_json::to_string(&Holder { seed }).unwrap();
            assert_eq!(read(&text), Ok(seed), "{text}");
        }
        assert_eq!(read(r#"{"seed": 9007199254740991}"#), Ok((1 << 53) - 1));
        for rounded in ["9007199254740992", "18446744073709551616", "1e3", "-1", "1.5"] {
            let told = read(&format!("{{\"seed\": {rounded}}}")).unwrap_err();
            assert!(told.contains("check the theorem again"), "{told}");
        }
        for other in ["\"abc\"", "\"18446744073709551616\"", "null", "[]"] {
            assert!(read(&format!("{{\"seed\": {other}}}")).unwrap_err().contains("whole number"));
        }
    }
}
