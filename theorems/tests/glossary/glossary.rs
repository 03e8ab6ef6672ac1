//! The glossary's symbols, and where each may be used.

use std::cell::RefCell;
use std::collections::BTreeSet;

use theoria_verification::Statement;

use crate::latex;
use crate::symbol::Symbol;

/// Every symbol that the glossary explains.
pub(crate) struct Glossary {
    entries: Vec<Entry>,
    used: RefCell<BTreeSet<usize>>,
}

struct Entry {
    key: String,
    scope: Scope,
}

/// Where a symbol has its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Scope {
    Everywhere,
    Chapters(Vec<String>),
    /// `chapter/name`
    Theorem(String),
}

impl Scope {
    /// Of the symbols below a heading `Symbols` or `Symbols of CHAPTER, CHAPTER and CHAPTER`.
    fn of_heading(heading: &str) -> Option<Self> {
        let chapters = heading.strip_prefix("Symbols")?;
        Some(match chapters.strip_prefix(" of ") {
            None => Scope::Everywhere,
            Some(chapters) => Scope::Chapters(
                chapters
                    .replace(" and ", ", ")
                    .split(", ")
                    .map(|name| name.replace(' ', "_"))
                    .collect(),
            ),
        })
    }

    fn covers(&self, theorem: &str) -> bool {
        match self {
            Scope::Everywhere => true,
            Scope::Chapters(chapters) => {
                chapters.iter().any(|chapter| theorem.split('/').next() == Some(chapter))
            }
            Scope::Theorem(id) => id == theorem,
        }
    }
}

/// Scripts that say the same of every symbol; the glossary explains them at a dot.
const OF_EVERY_SYMBOL: [&str; 3] = ["T", "+", "'"];

impl Glossary {
    /// Reads the tables and lists below the headings that begin with `Symbols`: the formulas of a
    /// table's first column, and in a list (of a chapter's theorems) those that each part begins with.
    pub(crate) fn parse(text: &str) -> Self {
        let mut glossary = Glossary { entries: Vec::new(), used: RefCell::default() };
        for (heading, body) in Statement::parse(text).sections() {
            let Some(scope) = Scope::of_heading(heading) else {
                continue;
            };
            for line in body.lines() {
                if line.starts_with("| $") {
                    glossary.add(&scope, line.split(" | ").next().unwrap_or_default());
                } else if let (Some(item), Scope::Chapters(chapters)) =
                    (line.strip_prefix("- `"), &scope)
                {
                    let (name, parts) = item.split_once("`: ").expect("a theorem and its symbols");
                    let theorem = Scope::Theorem(format!("{}/{name}", chapters[0]));
                    for part in parts.split("; ") {
                        glossary.add(&theorem, leading_formulas(part));
                    }
                }
            }
        }
        glossary
    }

    fn add(&mut self, scope: &Scope, definition: &str) {
        for key in latex::formulas(definition).map(defined) {
            let twice = self.entries.iter().any(|entry| entry.key == key && entry.scope == *scope);
            assert!(!twice, "the glossary explains {key} twice: {scope:?}");
            self.entries.push(Entry { key, scope: scope.clone() });
        }
    }

    /// Whether a name of several letters, such as `log`, is explained anywhere.
    pub(crate) fn is_name(&self, name: &str) -> bool {
        name.len() > 1 && self.entries.iter().any(|entry| entry.key == name)
    }

    /// The symbols among these that are not explained for the theorem.
    pub(crate) fn unknown(&self, theorem: &str, symbols: &[Symbol]) -> BTreeSet<String> {
        symbols.iter().filter(|s| !self.knows(theorem, s)).map(ToString::to_string).collect()
    }

    fn knows(&self, theorem: &str, symbol: &Symbol) -> bool {
        // From the most scripts to none: `L_∞` before `L`.
        let count = symbol.scripts.len();
        let mut choices: Vec<usize> = (0..1 << count).collect();
        choices.sort_by_key(|choice| std::cmp::Reverse(choice.count_ones()));
        choices.into_iter().any(|choice| {
            let (covered, left): (Vec<_>, Vec<_>) =
                symbol.scripts.iter().enumerate().partition(|(i, _)| choice >> i & 1 == 1);
            self.explains(theorem, &symbol.key(covered.into_iter().map(|(_, script)| script)))
                && left.into_iter().all(|(_, script)| {
                    if script.text == "*" {
                        false
                    } else if OF_EVERY_SYMBOL.contains(&script.text.as_str()) {
                        self.explains("", &format!("⋅^{}", script.text))
                    } else {
                        script.symbols.iter().all(|inner| self.knows(theorem, inner))
                    }
                })
        })
    }

    fn explains(&self, theorem: &str, key: &str) -> bool {
        let known = (0..self.entries.len())
            .rfind(|&i| self.entries[i].key == key && self.entries[i].scope.covers(theorem));
        self.used.borrow_mut().extend(known);
        known.is_some()
    }

    /// Entries that nothing asked for so far.
    pub(crate) fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        let unused = self.entries.iter().enumerate().filter(|(i, _)| !used.contains(i));
        unused.map(|(_, entry)| format!("{} ({:?})", entry.key, entry.scope)).collect()
    }
}

/// What a formula in the first column defines: `\|\cdot\|_1` the norm, `m(n)` the letter before the
/// parenthesis.
fn defined(formula: &str) -> String {
    let symbols = latex::symbols(formula);
    let dots = symbols.iter().take_while(|symbol| **symbol == Symbol::new("⋅")).count();
    let first = symbols.get(dots).or(symbols.first());
    let first = first.unwrap_or_else(|| panic!("${formula}$ is no symbol"));
    let last = symbols.iter().rfind(|symbol| symbol.base == first.base);
    last.unwrap_or(first).to_string()
}

/// The formulas before the first word.
fn leading_formulas(explanation: &str) -> &str {
    let mut end = 0;
    loop {
        let rest = explanation[end..].trim_start_matches([' ', ',']);
        let start = explanation.len() - rest.len();
        match rest.strip_prefix('$').and_then(|rest| rest.find('$')) {
            Some(length) => end = start + length + 2,
            None => return &explanation[..end],
        }
    }
}
