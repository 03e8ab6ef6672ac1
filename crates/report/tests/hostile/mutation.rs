//! Changes that nobody wishes for.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

/// What a text may be replaced by, or hold.
pub(super) const TEXTS: [&str; 36] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\" onload=\"alert(1)",
    "' onclick='x",
    "</title><svg/onload=alert(1)>",
    "-->",
    "]]>",
    "</style><b>",
    "</script><b>",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "\u{1b}[31m",
    "\u{9b}31m",
    "\u{202e}",
    "\0",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<b>)",
    "![x](http://e/z)",
    "[x][y]\n\n[y]: javascript:alert(1) \"t\" onclick=",
    "$<img src=x onerror=alert(1)>$",
    "$</annotation><script>x</script>$",
    "$\\operatorname{<b onclick=x>}$",
    "$\\text{<b>}$",
    "$$\\begin{array}{<b>}x\\end{array}$$",
    "$\\color{red\" onload=\"x}{y}$",
    "$\\frac{$",
    "$x",
    "`",
    "../../x",
    "<a href=\"javascript:x\">",
    "| a | b |\n|---|---|\n| <b> | $<i>$ |",
    "```<b>\n<i>\n```",
    "# <b>\n\n## <i>\n",
    "<!-- ",
    "\r\n\u{2028}",
];

const NUMBERS: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    1e308,
    -1e308,
    5e-324,
    1e-300,
    1e17,
    9.1e15,
    4294967296.0,
    1e20,
    0.1,
];

fn one_of<T: Copy>(all: &[T], random: &mut ChaCha8Rng) -> T {
    all[random.random_range(0..all.len())]
}

/// Changes something in it: mostly texts and numbers, which leave the whole of it evidence.
pub(super) fn of_value(value: &mut Value, random: &mut ChaCha8Rng) {
    match value {
        Value::Object(fields) if !fields.is_empty() && random.random::<f64>() < 0.995 => {
            let place = random.random_range(0..fields.len());
            if random.random::<f64>() < 0.01 {
                let key = fields.keys().nth(place).cloned().unwrap_or_default();
                fields.remove(&key);
            } else if let Some(field) = fields.values_mut().nth(place) {
                of_value(field, random);
            }
        }
        Value::Array(items) if !items.is_empty() && random.random::<f64>() < 0.98 => {
            let place = random.random_range(0..items.len());
            match random.random_range(0..60) {
                0 => drop(items.remove(place)),
                1 => items.push(items[place].clone()),
                2 => items.truncate(place),
                3 => items.swap(0, place),
                _ => of_value(&mut items[place], random),
            }
        }
        Value::String(text) if random.random::<f64>() < 0.97 => {
            let new = one_of(&TEXTS, random);
            if random.random() {
                *text = new.into();
            } else {
                let middle = text.char_indices().map(|(at, _)| at).nth(text.chars().count() / 2);
                text.insert_str(middle.unwrap_or(0), new);
            }
        }
        Value::Number(_) if random.random::<f64>() < 0.9 => {
            *value = json!(one_of(&NUMBERS, random));
        }
        _ => {
            *value = match random.random_range(0..9) {
                0 => Value::Null,
                1 => json!("inf"),
                2 => json!("nan"),
                3 => json!("-inf"),
                4 => json!([]),
                5 => json!({}),
                6 => json!(u64::MAX),
                7 => json!(true),
                _ => json!(one_of(&TEXTS, random)),
            };
        }
    }
}

/// Changes some of the bytes.
pub(super) fn of_bytes(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) {
    for _ in 0..random.random_range(1..4) {
        let place = random.random_range(0..bytes.len());
        match random.random_range(0..5) {
            0 => bytes[place] = random.random(),
            1 => bytes.insert(place, random.random()),
            2 => drop(bytes.remove(place)),
            3 => bytes.truncate(place.max(1)),
            _ => {
                let some = bytes[place..(place + 40).min(bytes.len())].to_vec();
                bytes.splice(place..place, some);
            }
        }
    }
}

/// A statement put together from pieces of Markdown, formulas and attacks.
pub(super) fn statement(random: &mut ChaCha8Rng) -> String {
    const PIECES: [&str; 30] = [
        "# ",
        "## ",
        "\n\n",
        "\n",
        "- ",
        "1. ",
        "> ",
        "*",
        "**",
        "_",
        "`",
        "```\n",
        "$",
        "$$",
        "\\",
        "{",
        "}",
        "[",
        "](",
        ")",
        "<",
        ">",
        "&",
        "| ",
        "|--|--|\n",
        "text ",
        "\\frac{a}{b}",
        "\\text{",
        "^",
        "    ",
    ];
    let mut text = String::new();
    for _ in 0..random.random_range(1..40) {
        if random.random::<f64>() < 0.3 {
            text += one_of(&TEXTS, random);
        } else {
            text += one_of(&PIECES, random);
        }
    }
    text
}
