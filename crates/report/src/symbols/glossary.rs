//! The glossary's symbols, and where each may be used.

use std::collections::BTreeSet;

use theoria_verification::Statement;

use super::latex;
use super::symbol::Symbol;

/// Every symbol that the glossary explains.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glossary {
    entries: Vec<Entry>,
}

/// What one row or phrase of the glossary explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The symbols, as keys.
    keys: Vec<String>,
    scope: Scope,
    /// The symbols as they are written, in Markdown.
    pub symbols: String,
    /// What they are, in Markdown.
    pub meaning: String,
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

    /// The chapters or the theorem, as part of an address.
    fn name(&self) -> String {
        match self {
            Scope::Everywhere => String::new(),
            Scope::Chapters(chapters) => chapters.concat() + "-",
            Scope::Theorem(id) => id.replace('/', "-") + "-",
        }
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

/// Symbols with more scripts than this are looked up without those that are left over.
const MOST_SCRIPTS: usize = 5;

impl Glossary {
    /// Reads the tables and lists below the headings that begin with `Symbols`: the formulas of a
    /// table's first column, and in a list (of a chapter's theorems) those that each part begins with.
    ///
    /// # Errors
    /// If a symbol is explained twice for the same theorems, or a line is none of these.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut glossary = Glossary { entries: Vec::new() };
        for (heading, body) in Statement::parse(text).sections() {
            let Some(scope) = Scope::of_heading(heading) else {
                continue;
            };
            for line in body.lines() {
                if let Some(entry) = row(line, &scope) {
                    glossary.add(entry)?;
                } else if let (Some(item), Scope::Chapters(chapters)) =
                    (line.strip_prefix("- `"), &scope)
                {
                    let (name, parts) =
                        item.split_once("`: ").ok_or_else(|| format!("no symbols: {line}"))?;
                    let theorem = Scope::Theorem(format!("{}/{name}", chapters[0]));
                    for part in parts.trim_end_matches('.').split("; ") {
                        let symbols = leading_formulas(part);
                        let meaning = part[symbols.len()..].trim();
                        glossary.add(Entry::of(theorem.clone(), symbols, meaning))?;
                    }
                }
            }
        }
        Ok(glossary)
    }

    fn add(&mut self, entry: Entry) -> Result<(), String> {
        for key in &entry.keys {
            let clashes = |other: &Entry| other.scope == entry.scope && other.keys.contains(key);
            if self.entries.iter().any(clashes) {
                return Err(format!("the glossary explains {key} twice: {:?}", entry.scope));
            }
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Those below a heading, each theorem's after its chapter's.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether a name of several letters, such as `log`, is explained anywhere.
    pub fn is_name(&self, name: &str) -> bool {
        name.len() > 1 && self.entries.iter().any(|entry| entry.keys.iter().any(|key| key == name))
    }

    /// The symbols among these that are not explained for the theorem.
    pub fn unknown(&self, theorem: &str, symbols: &[Symbol]) -> BTreeSet<String> {
        let unknown = symbols.iter().filter(|symbol| self.explained_by(theorem, symbol).is_none());
        unknown.map(ToString::to_string).collect()
    }

    /// The entries that explain these symbols for the theorem, each once, in the order of the symbols.
    pub fn explanations(&self, theorem: &str, symbols: &[Symbol]) -> Vec<&Entry> {
        let mut found: Vec<usize> = Vec::new();
        for (place, _) in symbols.iter().filter_map(|it| self.explained_by(theorem, it)).flatten() {
            if !found.contains(&place) {
                found.push(place);
            }
        }
        found.into_iter().map(|place| &self.entries[place]).collect()
    }

    /// Which entries explain these symbols for the theorem, and which key of each is meant: places in [`entries`](Self::entries) and in
    /// [`keys`](Entry::keys).
    pub fn used(&self, theorem: &str, symbols: &[Symbol]) -> BTreeSet<(usize, usize)> {
        symbols.iter().filter_map(|it| self.explained_by(theorem, it)).flatten().collect()
    }

    /// Which entries explain a symbol with all its scripts; none if something of it is not explained.
    fn explained_by(&self, theorem: &str, symbol: &Symbol) -> Option<Vec<(usize, usize)>> {
        // From the most scripts to none: `L_∞` before `L`.
        let count = symbol.scripts.len().min(MOST_SCRIPTS);
        let mut choices: Vec<usize> = (0..1 << count).collect();
        choices.sort_by_key(|choice| std::cmp::Reverse(choice.count_ones()));
        choices.into_iter().find_map(|choice| {
            let is_covered = |i: usize| i < MOST_SCRIPTS && choice >> i & 1 == 1;
            let (covered, left): (Vec<_>, Vec<_>) =
                symbol.scripts.iter().enumerate().partition(|(i, _)| is_covered(*i));
            let key = symbol.key(covered.into_iter().map(|(_, script)| script));
            let mut found = vec![self.place(theorem, &key)?];
            for (_, script) in left {
                if script.text == "*" {
                    return None;
                } else if OF_EVERY_SYMBOL.contains(&script.text.as_str()) {
                    found.push(self.place("", &format!("⋅^{}", script.text))?);
                } else {
                    for inner in &script.symbols {
                        found.extend(self.explained_by(theorem, inner)?);
                    }
                }
            }
            Some(found)
        })
    }

    /// The last one wins, which is the nearest to the theorem.
    fn place(&self, theorem: &str, key: &str) -> Option<(usize, usize)> {
        let known = |entry: &Entry| entry.keys.iter().position(|known| known == key);
        let here = self.entries.iter().enumerate().rev();
        here.filter(|(_, entry)| entry.scope.covers(theorem))
            .find_map(|(place, entry)| Some((place, known(entry)?)))
    }
}

impl Entry {
    fn of(scope: Scope, symbols: &str, meaning: &str) -> Self {
        let keys = latex::formulas(symbols).filter_map(defined).collect();
        Entry { keys, scope, symbols: symbols.into(), meaning: meaning.into() }
    }

    /// What it is called in addresses: letters, digits and hyphens, its own within the glossary.
    pub fn anchor(&self) -> String {
        let key = self.keys.first().map_or("", String::as_str);
        let plain = key.chars().map(|c| match c {
            _ if c.is_ascii_alphanumeric() => c.to_string(),
            '_' => "-".into(),
            _ => format!("-{:x}", u32::from(c)),
        });
        format!("{}{}", self.scope.name(), plain.collect::<String>())
    }

    /// The theorem that it is for, if it is for one alone.
    pub fn theorem(&self) -> Option<&str> {
        match &self.scope {
            Scope::Theorem(id) => Some(id),
            Scope::Everywhere | Scope::Chapters(_) => None,
        }
    }

    /// Whether it stands in the table below this heading.
    pub fn is_of(&self, heading: &str) -> bool {
        Scope::of_heading(heading).is_some_and(|scope| scope == self.scope)
    }

    /// The symbols, as keys.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }
}

/// A row of a table of symbols.
fn row(line: &str, scope: &Scope) -> Option<Entry> {
    let mut cells = line.strip_prefix("| ")?.trim_end_matches(" |").split(" | ");
    let symbols = cells.next().filter(|cell| cell.starts_with('$'))?;
    let rest: Vec<&str> =
        cells.map(|cell| cell.trim_matches([' ', '|'])).filter(|cell| !cell.is_empty()).collect();
    Some(Entry::of(scope.clone(), symbols, &rest.join(": ")))
}

/// What a formula in the first column defines: `\|\cdot\|_1` the norm, `m(n)` the letter before the
/// parenthesis.
fn defined(formula: &str) -> Option<String> {
    let symbols = latex::symbols(formula);
    let dots = symbols.iter().take_while(|symbol| **symbol == Symbol::new("⋅")).count();
    let first = symbols.get(dots).or(symbols.first())?;
    let last = symbols.iter().rfind(|symbol| symbol.base == first.base);
    Some(last.unwrap_or(first).to_string())
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
