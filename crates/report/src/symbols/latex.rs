//! Symbols of LaTeX formulas.

use super::symbol::{Script, Symbol};

/// What Markdown encloses in `$` or `$$`.
pub fn formulas(markdown: &str) -> impl Iterator<Item = &str> {
    // Within `$$ ... $$` the pieces between single signs are empty.
    markdown.split('$').skip(1).step_by(2).chain(markdown.split("$$").skip(1).step_by(2))
}

/// Of formulas that are longer than any of a statement, or nested deeper, nothing is read.
const LONGEST: usize = 4000;
const DEEPEST: usize = 60;

/// The symbols of a formula, in order; of one that is longer than 4000 bytes or deeper than 60 braces, none.
pub fn symbols(formula: &str) -> Vec<Symbol> {
    if formula.len() > LONGEST || depth(formula) > DEEPEST {
        return Vec::new();
    }
    symbols_of(formula)
}

fn symbols_of(formula: &str) -> Vec<Symbol> {
    Reader { left: formula, found: Vec::new(), open: false }.read()
}

/// How many braces are open at once, at most; scripts of scripts nest without any.
fn depth(formula: &str) -> usize {
    let (mut open, mut most) = (0usize, 0);
    for byte in formula.bytes() {
        match byte {
            b'{' => open += 1,
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

/// Relations, arithmetic, spaces, brackets and layout: read by everybody in the same way.
const GRAMMAR: &[&str] = &[
    "frac", "tfrac", "dfrac", "binom", "sqrt", "bigl", "bigr", "Bigl", "Bigr", "left", "right",
    "lVert", "quad", "qquad", "dots", "cdots", "le", "ge", "ne", "in", "notin", "times", "pm",
    "rangle", "mapsto", ",", ";", ":", "!", " ", "\n", "\\", "{", "}",
];

/// Commands with an argument that is a name or a layout and no formula.
const NAMED: &[&str] = &["text", "begin", "end"];

const ACCENTS: &[&str] = &["bar", "hat", "overline", "tilde", "dot", "vec", "mathbb", "mathcal"];

/// Commands that Unicode has a sign for; Greek letters among them.
const SIGNS: &[(&str, &str)] = &[
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("varepsilon", "ε"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("phi", "ϕ"),
    ("varphi", "φ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("Gamma", "Γ"),
    ("Xi", "Ξ"),
    ("Pi", "Π"),
    ("Sigma", "Σ"),
    ("Delta", "Δ"),
    ("Theta", "Θ"),
    ("Lambda", "Λ"),
    ("Phi", "Φ"),
    ("Psi", "Ψ"),
    ("Omega", "Ω"),
    ("nabla", "∇"),
    ("partial", "∂"),
    ("infty", "∞"),
    ("sum", "∑"),
    ("prod", "∏"),
    ("int", "∫"),
    ("cdot", "⋅"),
    ("circ", "∘"),
    ("sim", "~"),
    ("approx", "≈"),
    ("propto", "∝"),
    ("ll", "≪"),
    ("le", "≤"),
    ("ge", "≥"),
    ("in", "∈"),
    ("notin", "∉"),
    ("to", "→"),
    ("leftarrow", "←"),
    ("langle", "⟨⟩"),
    ("|", "‖‖"),
    ("rVert", "‖‖"),
    ("top", "T"),
    ("ell", "ℓ"),
];

struct Reader<'a> {
    left: &'a str,
    found: Vec<Symbol>,
    /// Whether the last thing read is the last symbol found, so that scripts belong to it.
    open: bool,
}

impl<'a> Reader<'a> {
    fn read(mut self) -> Vec<Symbol> {
        while let Some(next) = self.left.chars().next() {
            match next {
                '\\' => self.command(),
                '^' | '_' => self.script(next == '^'),
                '\'' => {
                    self.left = &self.left[1..];
                    self.attach(Script { above: true, text: "'".into(), symbols: Vec::new() });
                }
                '{' => {
                    let group = self.argument();
                    self.found.extend(symbols_of(group));
                    self.open = false;
                }
                _ => {
                    self.left = &self.left[next.len_utf8()..];
                    if next.is_alphabetic() {
                        self.push(&next.to_string());
                    } else if next == '|' && self.left.starts_with('_') {
                        self.push("‖‖");
                    } else if !next.is_whitespace() {
                        self.open = false;
                    }
                }
            }
        }
        self.found
    }

    fn push(&mut self, base: &str) {
        self.found.push(Symbol::new(base));
        self.open = true;
    }

    fn command(&mut self) {
        let name = self.command_name();
        if NAMED.contains(&name) {
            self.argument();
            self.open = false;
        } else if name == "operatorname" {
            let operator = self.argument();
            self.push(operator);
        } else if ACCENTS.contains(&name) {
            let base = format!("{name} {}", written(self.argument()));
            self.push(&base);
        } else if GRAMMAR.contains(&name) {
            self.open = false;
        } else {
            self.push(sign(name));
        }
    }

    /// Takes `\name`, and returns `name`.
    fn command_name(&mut self) -> &'a str {
        let name = &self.left[1..];
        let letters = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
        let length =
            if letters > 0 { letters } else { name.chars().next().map_or(0, char::len_utf8) };
        self.left = &name[length..];
        &name[..length]
    }

    fn script(&mut self, above: bool) {
        self.left = &self.left[1..];
        let argument = self.argument();
        self.attach(Script { above, text: written(argument), symbols: symbols_of(argument) });
    }

    fn attach(&mut self, script: Script) {
        match self.found.last_mut() {
            Some(symbol) if self.open => symbol.scripts.push(script),
            _ if ["T", "+"].contains(&script.text.as_str()) => {
                self.found.push(Symbol { base: "⋅".into(), scripts: vec![script] });
            }
            _ => self.found.extend(script.symbols),
        }
    }

    /// Takes a group in braces, or one command or sign.
    fn argument(&mut self) -> &'a str {
        let text = self.left.trim_start();
        let (length, argument) = match text.chars().next() {
            Some('{') => {
                let mut depth = 0usize;
                let end = text.char_indices().find(|(_, c)| {
                    depth = (depth + usize::from(*c == '{')).saturating_sub(usize::from(*c == '}'));
                    depth == 0
                });
                // A brace that is not closed holds all that is left.
                end.map_or((text.len(), &text[1..]), |(end, _)| (end + 1, &text[1..end]))
            }
            Some('\\') => {
                self.left = text;
                self.command_name();
                let length = text.len() - self.left.len();
                (length, &text[..length])
            }
            first => {
                let length = first.map_or(0, char::len_utf8);
                (length, &text[..length])
            }
        };
        self.left = &text[length..];
        argument
    }
}

fn sign(command: &str) -> &str {
    SIGNS.iter().find(|(name, _)| *name == command).map_or(command, |(_, sign)| sign)
}

/// The text of a script: signs for commands, no spaces and braces.
fn written(argument: &str) -> String {
    let mut reader = Reader { left: argument, found: Vec::new(), open: false };
    let mut text = String::new();
    while let Some(next) = reader.left.chars().next() {
        if next == '\\' {
            let name = reader.command_name();
            if ![",", "text", "operatorname"].contains(&name) {
                text += sign(name);
            }
        } else {
            reader.left = &reader.left[next.len_utf8()..];
            if !next.is_whitespace() && !"{}".contains(next) {
                text.push(next);
            }
        }
    }
    text
}
