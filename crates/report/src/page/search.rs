//! The words that the search looks through, in a file of their own that is loaded when somebody searches.

use theoria_verification::Role;

use super::symbols::glossary;
use super::{HYPOTHESES_FILE, MAP_FILE};
use crate::prose::in_braces;
use crate::site::Site;
use crate::words::{capitalised, words};

/// A script that hands its list to the page: of each place its kind, title, address from the root, what is shown of it, and what else is looked through.
pub(crate) fn search_index(site: &Site<'_>) -> String {
    let mut rows: Vec<[String; 5]> = Vec::new();
    for chapter in &site.chapters {
        let text = chapter
            .text
            .map_or_else(String::new, |text| format!("{} {}", text.question, text.introduction));
        let shown = chapter.text.map_or_else(String::new, |text| text.question.into());
        rows.push(["chapter".into(), chapter.name(), chapter.page_path(), shown, folded(&text)]);
    }
    for (title, address, shown) in [
        ("Map of theorems", MAP_FILE, "Which theorem uses which."),
        ("Hypotheses", HYPOTHESES_FILE, "What is assumed, and what fails without it."),
    ] {
        let words = "prerequisites order of reading necessity counterexamples".into();
        rows.push(["page".into(), title.into(), address.into(), shown.into(), words]);
    }
    for entry in site.entries {
        let statement = &entry.statement;
        let rest: Vec<&str> = statement.sections().iter().map(|(_, body)| *body).collect();
        rows.push([
            "theorem".into(),
            statement.title().into(),
            entry.page_path(),
            first_sentence(statement.introduction()),
            folded(&format!(
                "{} {} {}",
                entry.evidence.id,
                statement.introduction(),
                rest.join(" ")
            )),
        ]);
        for claim in &entry.evidence.claims {
            let kind = if claim.role == Role::Control { "control" } else { "claim" };
            rows.push([
                kind.into(),
                capitalised(&words(&claim.name)),
                format!("{}#{}", entry.page_path(), claim.name),
                in_braces(&claim.stated()),
                folded(statement.title()),
            ]);
        }
    }
    for entry in glossary().entries() {
        let address = format!("glossary.html#{}", entry.anchor());
        let scope = entry.theorem().unwrap_or_default().to_owned();
        rows.push([
            "symbol".into(),
            plain(&entry.symbols),
            address,
            plain(&entry.meaning),
            folded(&scope),
        ]);
    }
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("[{}]", row.each_ref().map(|text| quoted(text)).join(",")))
        .collect();
    format!("theoriaSearch([\n{}\n]);\n", rows.join(",\n"))
}

/// Lower case, each word once, without what formulas and Markdown are written with.
fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut seen = std::collections::HashSet::new();
    let split = lower.split(|c: char| !c.is_alphanumeric());
    let once = split.filter(|word| word.chars().count() > 1 && seen.insert(*word));
    once.collect::<Vec<_>>().join(" ")
}

/// Without the signs of Markdown and LaTeX; indices and exponents of formulas stand in braces, and nothing else does.
fn plain(markdown: &str) -> String {
    let mut written = String::with_capacity(markdown.len());
    for (number, part) in markdown.split('$').enumerate() {
        let is_formula = number % 2 == 1;
        let mut letters = part.chars().filter(|c| !"`\\".contains(*c));
        while let Some(c) = letters.next() {
            match c {
                '_' | '^' if is_formula => {
                    let script: String = match letters.next() {
                        Some('{') => letters.by_ref().take_while(|c| *c != '}').collect(),
                        other => other.into_iter().collect(),
                    };
                    written.extend([c, '{']);
                    written.extend(script.chars().filter(|c| !"{}".contains(*c)));
                    written.push('}');
                }
                '{' | '}' => {}
                '*' if !is_formula => {}
                c => written.push(c),
            }
        }
    }
    written.trim().to_owned()
}

fn first_sentence(text: &str) -> String {
    let text = plain(&text.replace('\n', " "));
    let end = text.find(". ").map_or(text.len(), |end| end + 1);
    text[..end].chars().take(220).collect()
}

/// As a string of JavaScript, which no text can leave.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '<' | '\u{2028}' | '\u{2029}' => quoted += &format!("\\u{:04x}", u32::from(c)),
            _ if c.is_control() => quoted.push(' '),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_string() {
        assert_eq!(quoted("a\"b\\c</script>\n\u{2028}"), "\"a\\\"b\\\\c\\u003c/script> \\u2028\"");
    }

    #[test]
    fn words_are_kept_once_and_without_markup() {
        assert_eq!(folded("Heavy $\\beta$-ball, heavy *ball*"), "heavy beta ball");
        assert_eq!(first_sentence("One\n$x$. Two. Three."), "One x.");
        assert_eq!(
            plain("`a_b` *of* $x_{k+1} - f^* \\le {y}_N$"),
            "a_b of x_{k+1} - f^{*} le y_{N}"
        );
    }
}
