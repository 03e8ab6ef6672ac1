//! A symbol with its scripts, whatever it was written in.

/// A symbol: a letter, a name or a sign, with what stands above and below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Symbol {
    /// `x`, `μ`, `bar x`, `mathbb E`, `log`, `∇`; `⋅` where the scripts belong to a whole expression.
    pub base: String,
    /// In their order.
    pub scripts: Vec<Script>,
}

/// A subscript or superscript.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Script {
    /// Whether it is a superscript.
    pub above: bool,
    /// Without spaces.
    pub text: String,
    /// The symbols in it.
    pub symbols: Vec<Symbol>,
}

impl Symbol {
    /// Without scripts.
    pub fn new(base: &str) -> Self {
        Symbol { base: base.into(), scripts: Vec::new() }
    }

    /// The base with these scripts, as a key: `x^*`, `L_∞`.
    pub fn key<'a>(&'a self, scripts: impl IntoIterator<Item = &'a Script>) -> String {
        let mut parts: Vec<String> = scripts
            .into_iter()
            .map(|script| format!("{}{}", if script.above { '^' } else { '_' }, script.text))
            .collect();
        parts.sort();
        self.base.clone() + &parts.concat()
    }
}

impl std::fmt::Display for Symbol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key(&self.scripts))
    }
}
