//! How a solution talks with the grader: one JSON object a line over standard input and output, protocol version 1.
//!
//! It needs the standard library alone. What you print must go to standard error (`eprintln!`), since standard
//! output belongs to the protocol.

use std::io::{BufRead, Write};

/// The version of the protocol that is spoken here.
pub const PROTOCOL: f64 = 1.0;

/// What the student writes.
pub trait Solution {
    /// A new instance begins: what is known of it, by name. The answer holds what the task asks for, by name.
    fn begin(&mut self, instance: &Fields) -> Fields;

    /// What the oracle answered, by name. The answer holds what the task asks for.
    fn tell(&mut self, told: &Fields) -> Fields {
        let _ = told;
        panic!("this solution answers at once and is told nothing more")
    }
}

/// One value of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number; also infinite, or NaN.
    Number(f64),
    /// A text.
    Text(String),
    /// A list of numbers.
    Vector(Vec<f64>),
    /// A list of rows.
    Matrix(Vec<Vec<f64>>),
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

impl From<&[f64]> for Value {
    fn from(vector: &[f64]) -> Self {
        Value::Vector(vector.into())
    }
}

impl From<&Vec<f64>> for Value {
    fn from(vector: &Vec<f64>) -> Self {
        Value::Vector(vector.clone())
    }
}

impl From<Vec<f64>> for Value {
    fn from(vector: Vec<f64>) -> Self {
        Value::Vector(vector)
    }
}

impl From<Vec<Vec<f64>>> for Value {
    fn from(matrix: Vec<Vec<f64>>) -> Self {
        Value::Matrix(matrix)
    }
}

/// Named values: what the grader says, or what a solution answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fields {
    named: Vec<(String, Value)>,
}

impl Fields {
    /// Nothing yet.
    pub fn new() -> Self {
        Fields::default()
    }

    /// With this value too.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.named.push((name.into(), value.into()));
        self
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.named.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// All names with their values, as they came.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.named.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// A number.
    ///
    /// # Panics
    /// If there is none of this name.
    pub fn number(&self, name: &str) -> f64 {
        match self.get(name) {
            Some(Value::Number(number)) => *number,
            _ => self.lacks("number", name),
        }
    }

    /// A text.
    ///
    /// # Panics
    /// If there is none of this name.
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Value::Text(text)) => text,
            _ => self.lacks("text", name),
        }
    }

    /// A list of numbers.
    ///
    /// # Panics
    /// If there is none of this name.
    pub fn vector(&self, name: &str) -> Vec<f64> {
        match self.get(name) {
            Some(Value::Vector(vector)) => vector.clone(),
            _ => self.lacks("vector", name),
        }
    }

    /// A list of rows.
    ///
    /// # Panics
    /// If there is none of this name.
    pub fn matrix(&self, name: &str) -> Vec<Vec<f64>> {
        match self.get(name) {
            Some(Value::Matrix(rows)) => rows.clone(),
            Some(Value::Vector(none)) if none.is_empty() => Vec::new(),
            _ => self.lacks("matrix", name),
        }
    }

    fn lacks(&self, what: &str, name: &str) -> ! {
        let names: Vec<&str> = self.all().map(|(name, _)| name).collect();
        panic!("there is no {what} called {name:?} here; there are {names:?}")
    }

    /// One line of JSON, without its end.
    pub fn to_line(&self) -> String {
        let named: Vec<String> = self
            .all()
            .map(|(name, value)| format!("{}:{}", quoted(name), written(value)))
            .collect();
        format!("{{{}}}", named.join(","))
    }

    /// Reads a line of JSON.
    ///
    /// # Errors
    /// If it is no object of numbers, texts and lists of numbers, and where it is not.
    pub fn from_line(line: &str) -> Result<Self, String> {
        let mut reader = Reader { bytes: line.as_bytes(), at: 0 };
        let fields = reader.object()?;
        reader.skip();
        if reader.at < reader.bytes.len() { Err(reader.fails("the end")) } else { Ok(fields) }
    }
}

/// Answers the grader until it closes the conversation; one start of the program serves all instances.
///
/// # Panics
/// If the grader cannot be understood, or if it is gone.
pub fn serve(mut solution: impl Solution) {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let mut line = String::new();
    while input.read_line(&mut line).expect("the grader writes UTF-8") > 0 {
        if !line.trim().is_empty() {
            let said = Fields::from_line(line.trim()).unwrap_or_else(|error| panic!("{error}"));
            let answer = answer(&mut solution, &said);
            writeln!(output, "{}", answer.to_line()).expect("the grader reads");
            output.flush().expect("the grader reads");
        }
        line.clear();
    }
}

/// What the solution answers to a message.
///
/// # Panics
/// If the message is of no kind that the protocol knows, or the solution panics.
pub fn answer(solution: &mut dyn Solution, said: &Fields) -> Fields {
    match said.text("message") {
        "hello" => Fields::new().with("protocol", PROTOCOL),
        "begin" => solution.begin(said),
        "tell" => solution.tell(said),
        other => panic!("the grader sent a message of an unknown kind, {other:?}"),
    }
}

/// JSON has no infinities: they are written as texts.
fn written(value: &Value) -> String {
    let number = |x: &f64| match *x {
        x if x.is_nan() => "\"nan\"".into(),
        f64::INFINITY => "\"inf\"".into(),
        f64::NEG_INFINITY => "\"-inf\"".into(),
        x => format!("{x:?}"),
    };
    let list =
        |list: &[f64]| format!("[{}]", list.iter().map(number).collect::<Vec<_>>().join(","));
    match value {
        Value::Number(x) => number(x),
        Value::Text(text) => quoted(text),
        Value::Vector(vector) => list(vector),
        Value::Matrix(rows) => {
            format!("[{}]", rows.iter().map(|row| list(row)).collect::<Vec<_>>().join(","))
        }
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            control if control < ' ' => quoted += &format!("\\u{:04x}", control as u32),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

/// What stands in a list.
enum Item {
    Number(f64),
    Row(Vec<f64>),
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn fails(&self, expected: &str) -> String {
        format!("at byte {} of a message of the grader: expected {expected}", self.at + 1)
    }

    fn skip(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    /// Whether this comes next; it is read then.
    fn comes(&mut self, byte: u8) -> bool {
        self.skip();
        let comes = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(comes);
        comes
    }

    fn expect(&mut self, byte: u8, name: &str) -> Result<(), String> {
        if self.comes(byte) { Ok(()) } else { Err(self.fails(name)) }
    }

    fn object(&mut self) -> Result<Fields, String> {
        self.expect(b'{', "an object, {")?;
        let mut fields = Fields::new();
        if self.comes(b'}') {
            return Ok(fields);
        }
        loop {
            let name = self.text()?;
            self.expect(b':', "a colon")?;
            let value = self.value()?;
            fields = fields.with(&name, value);
            if !self.comes(b',') {
                self.expect(b'}', "a comma or }")?;
                return Ok(fields);
            }
        }
    }

    fn value(&mut self) -> Result<Value, String> {
        self.skip();
        match self.bytes.get(self.at) {
            Some(b'[') => self.list(),
            Some(b'"') => {
                let text = self.text()?;
                Ok(named(&text).map_or(Value::Text(text), Value::Number))
            }
            _ => self.number().map(Value::Number),
        }
    }

    fn list(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        self.items(|reader| {
            let row = reader.bytes.get(reader.at) == Some(&b'[');
            items.push(if row { Item::Row(reader.row()?) } else { Item::Number(reader.entry()?) });
            Ok(())
        })?;
        let (mut vector, mut rows) = (Vec::new(), Vec::new());
        for item in items {
            match item {
                Item::Number(number) => vector.push(number),
                Item::Row(row) => rows.push(row),
            }
        }
        match (vector.is_empty(), rows.is_empty()) {
            (_, true) => Ok(Value::Vector(vector)),
            (true, false) => Ok(Value::Matrix(rows)),
            (false, false) => {
                Err(self.fails("a list of numbers, or one of rows, and not both in one"))
            }
        }
    }

    fn row(&mut self) -> Result<Vec<f64>, String> {
        let mut row = Vec::new();
        self.items(|reader| {
            row.push(reader.entry()?);
            Ok(())
        })?;
        Ok(row)
    }

    fn items(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        self.expect(b'[', "a list, [")?;
        if self.comes(b']') {
            return Ok(());
        }
        loop {
            self.skip();
            item(self)?;
            if !self.comes(b',') {
                return self.expect(b']', "a comma or ]");
            }
        }
    }

    /// A number of a list.
    fn entry(&mut self) -> Result<f64, String> {
        self.skip();
        if self.bytes.get(self.at) == Some(&b'"') {
            let text = self.text()?;
            return named(&text).ok_or_else(|| self.fails("a number"));
        }
        self.number()
    }

    fn number(&mut self) -> Result<f64, String> {
        self.skip();
        let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        let length = self.bytes[self.at..].iter().take_while(|byte| is_part(byte)).count();
        let text = std::str::from_utf8(&self.bytes[self.at..self.at + length]).unwrap_or("");
        let number = text.parse().map_err(|_| self.fails("a number"))?;
        self.at += length;
        Ok(number)
    }

    fn text(&mut self) -> Result<String, String> {
        self.expect(b'"', "a text, \"")?;
        let mut bytes = Vec::new();
        loop {
            let byte =
                self.bytes.get(self.at).ok_or_else(|| self.fails("the end of a text, \""))?;
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(bytes).map_err(|_| self.fails("UTF-8")),
                b'\\' => bytes.extend(self.escaped()?.to_string().bytes()),
                other => bytes.push(*other),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, String> {
        let byte = self.bytes.get(self.at).copied();
        self.at += 1;
        match byte {
            Some(byte @ (b'"' | b'\\' | b'/')) => Ok(char::from(byte)),
            Some(b'n') => Ok('\n'),
            Some(b't') => Ok('\t'),
            Some(b'r') => Ok('\r'),
            Some(b'u') => {
                let digits = self.bytes.get(self.at..self.at + 4);
                let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
                let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                self.at += 4;
                code.and_then(char::from_u32)
                    .ok_or_else(|| self.fails("a letter of the basic plane"))
            }
            _ => Err(self.fails("an escaped letter")),
        }
    }
}

fn named(text: &str) -> Option<f64> {
    match text {
        "inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        "nan" => Some(f64::NAN),
        _ => None,
    }
}
