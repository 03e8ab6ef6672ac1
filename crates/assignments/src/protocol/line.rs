//! Lines of the protocol: to bytes, and back without trust.

use serde_json::{Map, Value as Json};

use super::{Answer, Fault};
use crate::theoria::{Fields, Value};

/// What one line may hold.
pub const MOST_BYTES: usize = 16 << 20;

/// How much of a wrong line is shown.
const SHOWN: usize = 200;

/// A message as it is written, with the end of its line.
pub fn line_of(message: &Fields) -> Vec<u8> {
    let mut line = message.to_line().into_bytes();
    line.push(b'\n');
    line
}

/// An answer, from the bytes of its line; a carriage return at the end is left out.
///
/// # Errors
/// If it is anything but one object of numbers, texts and lists of numbers, and what it is.
pub fn read_line(bytes: &[u8]) -> Result<Answer, Fault> {
    if bytes.len() > MOST_BYTES {
        return Err(Fault::TooLong { most: MOST_BYTES });
    }
    if bytes.starts_with(b"\xef\xbb\xbf") || bytes.starts_with(b"\xff\xfe") {
        return Err(Fault::ByteOrderMark);
    }
    let text =
        str::from_utf8(bytes).map_err(|error| Fault::NotUtf8 { at: error.valid_up_to() + 1 })?;
    let text = text.trim_end_matches(['\r', '\n']);
    let json: Json = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
    let Json::Object(fields) = json else {
        let reason = format!("it is {}", kind(&json));
        return Err(Fault::NotJson { reason, line: beginning(text) });
    };
    Ok(Answer::new(fields_of(fields)?, beginning(text)))
}

/// The beginning of a text, with dots where it goes on.
pub(crate) fn beginning(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

fn not_json(text: &str, error: &serde_json::Error) -> Fault {
    match bare_number(text) {
        Some(word) => Fault::BareNumber { word: word.into() },
        None => Fault::NotJson { reason: error.to_string(), line: beginning(text) },
    }
}

/// A word that stands for a number which JSON does not have, outside of texts.
fn bare_number(text: &str) -> Option<&str> {
    let outside = text.split('"').step_by(2);
    let mut words = outside.flat_map(|part| part.split(|c: char| !c.is_alphanumeric() && c != '-'));
    words.find(|word| {
        let plain = word.trim_start_matches('-').to_ascii_lowercase();
        matches!(&*plain, "nan" | "inf" | "infinity")
    })
}

fn fields_of(json: Map<String, Json>) -> Result<Fields, Fault> {
    let mut fields = Fields::new();
    for (name, json) in json {
        let value = value(&json).ok_or_else(|| Fault::WrongKind {
            field: name.clone(),
            expected: "a number, a text, a list of numbers or a list of such lists".into(),
            found: kind(&json),
        })?;
        fields = fields.with(&name, value);
    }
    Ok(fields)
}

fn value(json: &Json) -> Option<Value> {
    match json {
        Json::String(text) => {
            Some(number(json).map_or_else(|| Value::Text(text.clone()), Value::Number))
        }
        Json::Number(_) => number(json).map(Value::Number),
        Json::Array(items) if items.iter().any(Json::is_array) => {
            let rows = items.iter().map(|row| numbers(row.as_array()?));
            rows.collect::<Option<_>>().map(Value::Matrix)
        }
        Json::Array(items) => numbers(items).map(Value::Vector),
        Json::Null | Json::Bool(_) | Json::Object(_) => None,
    }
}

fn numbers(items: &[Json]) -> Option<Vec<f64>> {
    items.iter().map(number).collect()
}

/// A number; infinities and NaN are texts.
fn number(json: &Json) -> Option<f64> {
    match json.as_str() {
        Some("inf") => Some(f64::INFINITY),
        Some("-inf") => Some(f64::NEG_INFINITY),
        Some("nan") => Some(f64::NAN),
        Some(_) => None,
        None => json.as_f64(),
    }
}

fn kind(json: &Json) -> String {
    match json {
        Json::Null => "null".into(),
        Json::Bool(value) => format!("the truth value {value}"),
        Json::Number(number) => format!("the number {number}"),
        Json::String(text) => format!("the text {:?}", beginning(text)),
        Json::Array(_) => "a list with something else than numbers in it".into(),
        Json::Object(_) => "an object".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> Fault {
        read_line(bytes).expect_err("it is no answer")
    }

    #[test]
    fn an_answer_is_an_object_and_carriage_returns_do_not_matter() {
        for line in ["{\"point\":[1,2.5,\"inf\"]}", "{\"point\":[1,2.5,\"inf\"]}\r\n"] {
            let answer = read_line(line.as_bytes()).unwrap();
            assert_eq!(answer.vector("point", 3).unwrap(), [1.0, 2.5, f64::INFINITY]);
        }
    }

    #[test]
    fn what_is_written_is_read_again_to_the_last_bit() {
        let rows = vec![vec![0.1, -1e-300], vec![f64::NEG_INFINITY, 3.0]];
        let said = Fields::new()
            .with("number", 1.0 / 3.0)
            .with("text", "a \"quoted\" \\ line\nand µ")
            .with("rows", rows);
        let line = line_of(&said);
        let text = std::str::from_utf8(&line).unwrap();
        assert_eq!(Fields::from_line(text.trim_end()).unwrap(), said, "by the helper");
        let answer = read_line(&line).unwrap();
        assert_eq!(answer.number("number").unwrap(), 1.0 / 3.0);
        assert_eq!(answer.matrix("rows", 2, 2).unwrap()[1], [f64::NEG_INFINITY, 3.0]);
    }

    #[test]
    fn each_fault_of_a_line_has_its_own_sentence() {
        let told = |bytes: &[u8]| fault(bytes).to_string();
        assert!(told(b"\xef\xbb\xbf{}").contains("byte order mark"));
        assert_eq!(fault(b"{\"a\": \"\xff\"}"), Fault::NotUtf8 { at: 8 });
        let nan = told(b"{\"point\": [NaN, 1]}");
        assert!(nan.contains("bare NaN") && nan.contains("\"nan\""), "{nan}");
        let inf = told(b"{\"point\": [-Infinity]}");
        assert!(inf.contains("bare -Infinity") && inf.contains("\"-inf\""), "{inf}");
        let printed = told(b"step 3");
        assert!(printed.contains("not a JSON object") && printed.contains("step 3"), "{printed}");
        assert!(told(b"[1, 2]").contains("it is a list"));
        assert!(told(b"").contains("not a JSON object"));
        assert!(told(b"{\"point\": {}}").contains("is an object"));
        assert!(told(b"{\"point\": [1, null]}").contains("something else than numbers"));
        assert_eq!(fault(&vec![b' '; MOST_BYTES + 1]), Fault::TooLong { most: MOST_BYTES });
    }

    #[test]
    fn a_text_that_speaks_of_nan_is_no_bare_number() {
        let told = fault(b"{\"a\": \"NaN\" 1}").to_string();
        assert!(told.contains("not a JSON object"), "{told}");
    }

    #[test]
    fn each_fault_of_an_answer_has_its_own_sentence() {
        let answer = read_line(b"{\"punkt\": [1, 2], \"x\": 3}").unwrap();
        let missing = answer.vector("point", 2).unwrap_err().to_string();
        assert!(missing.contains("no \"point\"") && missing.contains("only punkt, x"), "{missing}");
        let short = answer.vector("punkt", 3).unwrap_err().to_string();
        assert!(short.contains("should have 3 numbers, and has 2"), "{short}");
        let number = answer.number("punkt").unwrap_err().to_string();
        assert!(number.contains("should be a number"), "{number}");
        let vector = answer.vector("x", 1).unwrap_err().to_string();
        assert!(vector.contains("should be a list of 1 numbers"), "{vector}");
    }
}
