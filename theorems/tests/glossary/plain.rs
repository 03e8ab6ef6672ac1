//! Symbols of formulas and labels in plain text, such as `f(x_N) − f* ≤ (1 − μ/L)ᴺ` among words.

use theoria_report::symbols::{Script, Symbol};

/// Words of two letters; other pairs of letters are products.
const SHORT_WORDS: [&str; 18] = [
    "an", "as", "at", "be", "by", "do", "if", "in", "is", "it", "no", "of", "on", "or", "so", "to",
    "up", "we",
];

const RAISED: &[(char, char)] = &[
    ('⁰', '0'),
    ('¹', '1'),
    ('²', '2'),
    ('³', '3'),
    ('⁴', '4'),
    ('⁵', '5'),
    ('⁶', '6'),
    ('⁷', '7'),
    ('⁸', '8'),
    ('⁹', '9'),
    ('⁺', '+'),
    ('⁻', '−'),
    ('ᴸ', 'L'),
    ('ᴺ', 'N'),
    ('ᵀ', 'T'),
    ('ᵏ', 'k'),
    ('ˡ', 'l'),
    ('ᵐ', 'm'),
    ('ⁿ', 'n'),
    ('ᵖ', 'p'),
    ('ᵗ', 't'),
];

const LOWERED: &[(char, char)] = &[
    ('₀', '0'),
    ('₁', '1'),
    ('₂', '2'),
    ('₃', '3'),
    ('₄', '4'),
    ('₅', '5'),
    ('₆', '6'),
    ('₇', '7'),
    ('₈', '8'),
    ('₉', '9'),
    ('ₓ', 'x'),
    ('ᵢ', 'i'),
    ('ⱼ', 'j'),
    ('ₖ', 'k'),
    ('ₗ', 'l'),
    ('ₙ', 'n'),
    ('ₜ', 't'),
];

/// Letters and signs that another spelling stands for.
const SPELLINGS: &[(char, &str)] =
    &[('Σ', "∑"), ('Π', "∏"), ('ŵ', "hat w"), ('·', "⋅"), ('∥', "‖"), ('⟨', "⟨⟩")];

/// The symbols of a text; names of functions are those that `is_name` knows, other words are prose.
pub(crate) fn symbols(text: &str, is_name: &dyn Fn(&str) -> bool) -> Vec<Symbol> {
    let letters: Vec<char> = text.chars().collect();
    Reader { letters, at: 0, found: Vec::new(), open: false, is_name }.read()
}

struct Reader<'a> {
    letters: Vec<char>,
    at: usize,
    found: Vec<Symbol>,
    /// Whether the last thing read is the last symbol found, so that scripts belong to it.
    open: bool,
    is_name: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn read(mut self) -> Vec<Symbol> {
        while let Some(next) = self.peek(0) {
            if next == '\''
                && self.peek(1) == Some('s')
                && self.peek(2).is_none_or(|c| !c.is_alphabetic())
            {
                // A genitive.
                self.at += 2;
                self.open = false;
            } else if next.is_ascii_digit() {
                self.number();
            } else if next.is_ascii_alphabetic() {
                self.word();
            } else if next == '_' || next == '^' {
                self.at += 1;
                let written = self.group();
                self.attach(next == '^', &written);
            } else if let Some(written) = self.run_of(RAISED) {
                self.attach(true, &written);
            } else if let Some(written) = self.run_of(LOWERED) {
                self.attach(false, &written);
            } else if self.open && (next == '*' || next == '\'' || next == '∞') {
                self.at += 1;
                self.attach(next != '∞', &next.to_string());
            } else {
                self.sign(next);
            }
        }
        self.found
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    fn push(&mut self, base: &str) {
        self.found.push(Symbol::new(base));
        self.open = true;
    }

    /// `1.5`, `1e−5`
    fn number(&mut self) {
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        while is_digit(self.peek(0)) {
            self.at += 1;
            if self.peek(0) == Some('.') && is_digit(self.peek(1)) {
                self.at += 1;
            }
        }
        let signed = matches!(self.peek(1), Some('-' | '−')) && is_digit(self.peek(2));
        if self.peek(0) == Some('e') && signed {
            self.at += 2;
            self.number();
        }
        self.open = false;
    }

    /// A word, the name of a function, or a product of letters.
    fn word(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(|c| c.is_ascii_alphabetic()) {
            self.at += 1;
        }
        let word: String = self.letters[start..self.at].iter().collect();
        let article = word == "a"
            && (start == 0 || self.letters[start - 1] == ' ')
            && self.peek(0) == Some(' ')
            && self.letters[self.at + 1..].iter().take_while(|c| c.is_ascii_lowercase()).count()
                > 2;
        if (self.is_name)(&word) {
            self.push(&word);
        } else if article || word.len() > 2 || SHORT_WORDS.contains(&word.as_str()) {
            self.open = false;
        } else if word == "l" && self.peek(0).is_some_and(|c| c.is_ascii_digit()) {
            // The l1 norm.
            self.number();
        } else {
            for letter in word.chars() {
                self.push(&letter.to_string());
            }
        }
    }

    fn sign(&mut self, sign: char) {
        self.at += 1;
        let spelled = SPELLINGS.iter().find(|(c, _)| *c == sign).map(|(_, spelling)| *spelling);
        if let Some(spelling) = spelled {
            self.push(spelling);
        } else if "|‖".contains(sign) && (self.peek(0) == Some('_') || self.is_lowered()) {
            self.push("‖‖");
        } else if sign.is_alphabetic() || "∇∂∞∫∑∏∘∝≈≪~→←".contains(sign) {
            self.push(&sign.to_string());
        } else {
            self.open = false;
        }
    }

    fn is_lowered(&self) -> bool {
        self.peek(0).is_some_and(|c| LOWERED.iter().any(|(sign, _)| *sign == c))
    }

    /// The letters that a run of these signs stands for.
    fn run_of(&mut self, signs: &[(char, char)]) -> Option<String> {
        let mut written = String::new();
        while let Some((_, letter)) =
            self.peek(0).and_then(|c| signs.iter().find(|(sign, _)| *sign == c))
        {
            written.push(*letter);
            self.at += 1;
        }
        (!written.is_empty()).then_some(written)
    }

    /// What stands in braces or parentheses, or a run of letters and digits, perhaps signed.
    fn group(&mut self) -> String {
        let start = self.at;
        let close = match self.peek(0) {
            Some('{') => Some('}'),
            Some('(') => Some(')'),
            _ => None,
        };
        if let Some(close) = close {
            let open = self.letters[start];
            let mut depth = 0;
            while let Some(c) = self.peek(0) {
                self.at += 1;
                depth += i32::from(c == open) - i32::from(c == close);
                if depth == 0 {
                    break;
                }
            }
            return self.letters[start + 1..self.at - 1].iter().filter(|c| **c != ' ').collect();
        }
        while let Some(c) = self.peek(0) {
            let signed = self.at == start && "-−*+".contains(c);
            let decimal = c == '.' && self.peek(1).is_some_and(|d| d.is_ascii_digit());
            if !signed && !decimal && (!c.is_alphanumeric() || self.is_script(c)) && c != '∞' {
                break;
            }
            self.at += 1;
        }
        self.letters[start..self.at].iter().collect()
    }

    fn is_script(&self, c: char) -> bool {
        RAISED.iter().chain(LOWERED).any(|(sign, _)| *sign == c)
    }

    fn attach(&mut self, above: bool, written: &str) {
        let script =
            Script { above, text: written.into(), symbols: symbols(written, self.is_name) };
        match self.found.last_mut() {
            Some(symbol) if self.open => symbol.scripts.push(script),
            _ if ["T", "+"].contains(&written) => {
                self.found.push(Symbol { base: "⋅".into(), scripts: vec![script] });
            }
            _ => self.found.extend(script.symbols),
        }
    }
}
