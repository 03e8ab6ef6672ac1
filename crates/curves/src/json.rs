//! Rows of JSON: the `log_history` of a trainer of Hugging Face, an array of objects, or one object after the other.

use std::{
    cell::Cell,
    collections::HashMap,
    fmt::{self, Write as _},
    io::Read,
    rc::Rc,
};

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::{Fault, bare_words::BareWords, record::Record};

/// An object with more keys than this in all rows together is no row of a log.
const MOST_KEYS: usize = 10_000;

/// The keys of all objects, in the order in which they first appear: the columns.
#[derive(Default)]
pub(crate) struct Keys {
    pub(crate) names: Vec<String>,
    index: HashMap<String, usize>,
    /// Whether any stands in an object within a row.
    pub(crate) within: bool,
}

impl Keys {
    fn index(&mut self, key: &str) -> usize {
        if let Some(&index) = self.index.get(key) {
            return index;
        }
        self.index.insert(key.to_owned(), self.names.len());
        self.names.push(key.to_owned());
        self.names.len() - 1
    }
}

/// What was seen besides rows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) log_history: bool,
    /// The line of a last object that was cut off.
    pub(crate) cut: Option<u64>,
    /// Whether it is one object that holds lists or objects.
    pub(crate) nested: bool,
}

/// What is done with each row.
pub(crate) type Each<'a> = dyn FnMut(&Record) -> Result<(), Fault> + 'a;

/// Goes over all objects; their keys are added to `keys`.
pub(crate) fn walk(
    reader: impl Read,
    file: &str,
    keys: &mut Keys,
    each: &mut Each<'_>,
) -> Result<Seen, Fault> {
    let bytes = BareWords::new(reader);
    let line = bytes.line();
    let mut json = serde_json::Deserializer::from_reader(bytes);
    let mut walk = Walk {
        file,
        line,
        keys,
        each,
        record: Record::default(),
        fault: None,
        seen: Seen::default(),
        rows: 0,
    };
    let mut values = 0;
    loop {
        match json.end() {
            Ok(()) => break,
            Err(error) if error.is_io() => return Err(syntax(file, &error)),
            // There is more.
            Err(_) => {}
        }
        let begun = walk.line.get();
        let rows = walk.rows;
        if let Err(error) = (Value { walk: &mut walk, place: Place::Top }).deserialize(&mut json) {
            if let Some(fault) = walk.fault {
                return Err(fault);
            }
            // An object a line, the last of which was being written: it has made no row.
            if error.is_eof() && values > 0 && rows == walk.rows {
                walk.seen.cut = Some(begun);
                break;
            }
            return Err(syntax(file, &error));
        }
        values += 1;
    }
    if values > 1 || walk.rows > 1 {
        walk.seen.nested = false;
    }
    Ok(walk.seen)
}

fn syntax(file: &str, error: &serde_json::Error) -> Fault {
    let place = error.column().max(1).to_string();
    let line = error.line().max(1) as u64;
    if error.is_io() {
        let error = std::io::Error::new(
            error.io_error_kind().unwrap_or(std::io::ErrorKind::Other),
            error.to_string(),
        );
        return crate::source::cannot_read(file, &error, Some(line));
    }
    if error.is_eof() {
        return Fault::new(
            file,
            "this is JSON that ends too early: the file is cut off, and what it lacks is not known",
        )
        .line_is(line);
    }
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    Fault::new(file, format!("this is not valid JSON ({what}). If it is a table, it must not begin with a bracket or a brace"))
        .line_is(line)
        .column_is(place)
}

struct Walk<'a> {
    file: &'a str,
    line: Rc<Cell<u64>>,
    keys: &'a mut Keys,
    each: &'a mut Each<'a>,
    record: Record,
    fault: Option<Fault>,
    seen: Seen,
    rows: u64,
}

impl Walk<'_> {
    /// Stops the parser; the reason is the fault.
    fn stop<E: de::Error>(&mut self, fault: Fault) -> E {
        self.fault = Some(fault);
        E::custom("refused")
    }

    fn refuse<E: de::Error>(&mut self, text: String) -> E {
        let line = self.line.get();
        self.stop(Fault::new(self.file, text).line_is(line))
    }

    fn row<E: de::Error>(&mut self, line: u64, cells: &[(String, u64, String)]) -> Result<(), E> {
        let mut places: Vec<Option<usize>> = vec![None; self.keys.names.len()];
        for (place, (key, line, _)) in cells.iter().enumerate() {
            let index = self.keys.index(key);
            if index >= MOST_KEYS {
                return Err(self.refuse(format!(
                    "more than {MOST_KEYS} different keys: are these rows of a log?"
                )));
            }
            places.resize(places.len().max(index + 1), None);
            if places[index].replace(place).is_some() {
                let fault =
                    Fault::new(self.file, "the key stands twice in one object").line_is(*line);
                return Err(self.stop(fault.column_is(crate::fault::shown(key))));
            }
        }
        self.record.clear();
        self.record.line = line;
        for place in places {
            self.record.push(place.map_or("", |place| &cells[place].2));
            self.record.lines.push(place.map_or(0, |place| cells[place].1));
        }
        self.rows += 1;
        (self.each)(&self.record).map_err(|fault| self.stop(fault))
    }
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Top,
    /// In an array of rows.
    Row,
    /// The value of `log_history`.
    History,
}

struct Value<'a, 'w> {
    walk: &'a mut Walk<'w>,
    place: Place,
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        if self.place == Place::Row {
            return Err(self.walk.refuse(other_shape("an array within an array", self.walk.file)));
        }
        while rows.next_element_seed(Value { walk: &mut *self.walk, place: Place::Row })?.is_some()
        {
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        if self.place == Place::History {
            return Err(self.walk.refuse("`log_history` is not an array".to_owned()));
        }
        let line = self.walk.line.get();
        let mut cells = Vec::new();
        let mut history = false;
        while let Some(key) = object.next_key::<String>()? {
            if self.place == Place::Top && key == "log_history" {
                self.walk.seen.log_history = true;
                history = true;
                object.next_value_seed(Value { walk: &mut *self.walk, place: Place::History })?;
                continue;
            }
            // Behind a number the line may be over.
            let line = self.walk.line.get();
            let own = Cells { key, line, of: &self.walk.line, cells: &mut cells };
            let deep = object.next_value_seed(own)?;
            self.walk.keys.within |= deep == Deep::Object;
            self.walk.seen.nested |= self.place == Place::Top && !history && deep != Deep::No;
        }
        if history { Ok(()) } else { self.walk.row(line, &cells) }
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        Err(self
            .walk
            .refuse(other_shape("`true` or `false` where an object is expected", self.walk.file)))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        Err(self.walk.refuse(other_shape("a number where an object is expected", self.walk.file)))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        self.visit_i64(0)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        self.visit_i64(0)
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        Err(self.walk.refuse(other_shape("text where an object is expected", self.walk.file)))
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Err(self.walk.refuse(other_shape("`null` where an object is expected", self.walk.file)))
    }
}

/// The fault of JSON that is no list of rows.
pub(crate) fn other_shape(what: &str, file: &str) -> String {
    format!(
        "this is JSON, but neither `log_history`, nor an array of objects, nor an object a line: {what}. Write it as CSV: for an object of lists \
         type `python3 -c \"import json, pandas, sys; pandas.DataFrame(json.load(sys.stdin)).to_csv('log.csv', index_label='step')\" < {}`",
        crate::fault::typed(file)
    )
}

const LIST: &str = "[…]";

/// What a value holds.
#[derive(Clone, Copy, PartialEq)]
enum Deep {
    No,
    List,
    Object,
}

/// The cells of a value: one, whose text reads back as the same number, or those of an object within the row, each under the keys
/// that lead to it with dots between them.
struct Cells<'a> {
    key: String,
    line: u64,
    of: &'a Cell<u64>,
    cells: &'a mut Vec<(String, u64, String)>,
}

impl Cells<'_> {
    fn text(self, text: String) -> Deep {
        self.cells.push((self.key, self.line, text));
        Deep::No
    }
}

impl<'de> DeserializeSeed<'de> for Cells<'_> {
    type Value = Deep;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Deep, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cells<'_> {
    type Value = Deep;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Deep, E> {
        Ok(self.text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Deep, E> {
        Ok(self.text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Deep, E> {
        Ok(self.text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Deep, E> {
        let mut text = String::new();
        let plain = value == 0.0 || (1e-5..1e16).contains(&value.abs());
        // Writing to a string does not fail.
        let _ = if plain { write!(text, "{value}") } else { write!(text, "{value:e}") };
        Ok(self.text(text))
    }

    fn visit_str<E>(self, value: &str) -> Result<Deep, E> {
        Ok(self.text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Deep, E> {
        Ok(self.text(value))
    }

    fn visit_unit<E>(self) -> Result<Deep, E> {
        Ok(self.text("null".to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Deep, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.text(LIST.to_owned());
        Ok(Deep::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Deep, A::Error> {
        while let Some(key) = object.next_key::<String>()? {
            let (key, line) = (format!("{}.{key}", self.key), self.of.get());
            object.next_value_seed(Cells { key, line, of: self.of, cells: &mut *self.cells })?;
        }
        Ok(Deep::Object)
    }
}
