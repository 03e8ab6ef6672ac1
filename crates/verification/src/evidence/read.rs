//! From the bytes of a file to evidence: nothing in a file is trusted.

use serde::Deserialize;
use serde_json::Value;

use crate::evidence::{SCHEMA, TheoremEvidence};
use crate::printable;

/// Why bytes are no evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// They end too early.
    Truncated,
    /// They are something else, and what is wrong.
    NotEvidence(String),
    /// They are evidence of another schema, by this version.
    OtherSchema { found: u64, version: String },
    /// What they say contradicts itself, and where.
    Contradiction(String),
}

/// The evidence that these bytes are. Characters that a terminal or a page would act on are taken out of every text,
/// and everything that follows from something else is derived again.
pub(super) fn parse(bytes: &[u8]) -> Result<TheoremEvidence, Fault> {
    let mut value: Value = serde_json::from_slice(text(bytes)?).map_err(|error| {
        if error.is_eof() { Fault::Truncated } else { Fault::NotEvidence(plain(&error)) }
    })?;
    clean(&mut value);
    let schema = value.get("schema").and_then(Value::as_u64);
    let found = schema.ok_or_else(|| Fault::NotEvidence("it has no schema number".into()))?;
    if found != u64::from(SCHEMA) {
        let version = value.get("version").and_then(Value::as_str).unwrap_or("that wrote it");
        return Err(Fault::OtherSchema { found, version: version.into() });
    }
    let mut evidence =
        TheoremEvidence::deserialize(value).map_err(|error| Fault::NotEvidence(plain(&error)))?;
    evidence.derive_again().map_err(Fault::Contradiction)?;
    Ok(evidence)
}

/// Whether these bytes were never meant to be evidence: a file of something else that lies beside it.
pub(super) fn is_foreign(bytes: &[u8]) -> bool {
    let Ok(bytes) = text(bytes) else {
        return false;
    };
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => value.get("schema").is_none() || value.get("claims").is_none(),
        // Evidence that is cut off, or was edited, has at least one of its keys; an empty file had them all.
        Err(_) => {
            let has = |key: &str| bytes.windows(key.len()).any(|part| part == key.as_bytes());
            !bytes.is_empty() && !has("\"schema\"") && !has("\"claims\"")
        }
    }
}

/// Without the mark of byte order that some editors write.
fn text(bytes: &[u8]) -> Result<&[u8], Fault> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            Err(Fault::NotEvidence("it is UTF-16: save it as UTF-8".into()))
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => Ok(rest),
        all => Ok(all),
    }
}

fn plain(error: &serde_json::Error) -> String {
    printable(&error.to_string())
}

/// All texts but the statement stand on one line. (The depth of a value that was parsed is bounded.)
fn clean(value: &mut Value) {
    if let Value::Object(fields) = value {
        for (key, field) in fields {
            match field {
                Value::String(statement) if key == "statement" => {
                    let lines: Vec<String> = statement.split('\n').map(printable).collect();
                    *statement = lines.join("\n");
                }
                other => clean_lines(other),
            }
        }
    }
}

fn clean_lines(value: &mut Value) {
    match value {
        Value::String(text) => *text = printable(text),
        Value::Array(items) => items.iter_mut().for_each(clean_lines),
        Value::Object(fields) => fields.values_mut().for_each(clean_lines),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
