//! Every symbol is explained: `docs/glossary.md` knows those of statements, and nothing that no
//! theorem uses.

mod plain;

use std::collections::BTreeSet;

use theoria_report::symbols::{self as latex, Glossary, Symbol};

const GLOSSARY: &str = include_str!("../../../docs/glossary.md");

fn glossary() -> Glossary {
    Glossary::parse(GLOSSARY).expect("a glossary")
}

/// Symbols in the formulas of a Markdown text that the glossary does not know for the theorem.
fn unknown_in_text(glossary: &Glossary, id: &str, text: &str) -> BTreeSet<String> {
    let symbols: Vec<_> = latex::formulas(text).flat_map(latex::symbols).collect();
    glossary.unknown(id, &symbols)
}

/// The same for a formula or a label in plain text.
fn unknown_in_formula(glossary: &Glossary, id: &str, formula: &str) -> BTreeSet<String> {
    glossary.unknown(id, &plain::symbols(formula, &|name| glossary.is_name(name)))
}

#[test]
fn the_glossary_knows_every_symbol_and_no_other() {
    let glossary = glossary();
    let mut unexplained = Vec::new();
    let mut used = BTreeSet::new();
    for theorem in theoria_theorems::all() {
        let id = theorem.id().to_string();
        let in_text = latex::formulas(theorem.text()).flat_map(latex::symbols);
        let of_formula = |formula| plain::symbols(formula, &|name| glossary.is_name(name));
        let all: Vec<Symbol> = in_text.chain(theorem.formulas().flat_map(of_formula)).collect();
        let unknown = glossary.unknown(&id, &all);
        unexplained.extend(unknown.into_iter().map(|symbol| format!("{symbol} in {id}")));
        used.extend(glossary.used(&id, &all));
    }
    assert!(
        unexplained.is_empty(),
        "docs/glossary.md does not explain\n{}",
        unexplained.join("\n")
    );
    let all = glossary.entries().iter().enumerate().flat_map(|(place, entry)| {
        let keys = entry.keys().iter().enumerate();
        keys.map(move |(key, name)| ((place, key), format!("{name}: {}", entry.meaning)))
    });
    let unused: Vec<String> =
        all.filter(|(place, _)| !used.contains(place)).map(|(_, told)| told).collect();
    assert!(unused.is_empty(), "docs/glossary.md explains what is not used\n{}", unused.join("\n"));
}

#[test]
fn a_symbol_that_was_made_up_is_found() {
    let glossary = glossary();
    let id = "convergence/gradient_norm";
    let in_text = |text: &str| Vec::from_iter(unknown_in_text(&glossary, id, text));
    let in_formula = |text: &str| Vec::from_iter(unknown_in_formula(&glossary, id, text));
    assert_eq!(in_text(r"$\|\nabla f(x_N)\| \le \frac{L R}{N + 1}$"), [""; 0]);
    assert_eq!(in_text(r"$\frac{\zeta_k^2}{N + 1}$"), ["ζ^2_k"]);
    assert_eq!(in_text(r"$x_\zeta \le q^* \operatorname{foo} f$"), ["foo", "q^*", "x_ζ"]);
    assert_eq!(in_text(r"$\bar x, \mathcal{F}$ and $$\Xi$$"), ["bar x", "mathcal F", "Ξ"]);
    // Explained for another chapter, and for another theorem.
    assert_eq!(in_text(r"$\varphi + M$"), ["M", "φ"]);
    assert_eq!(in_formula("‖∇f(x_N)‖² ≤ (LR/(N + 1))² after a step of log|hL|"), [""; 0]);
    assert_eq!(in_formula("zR ≤ q_t·x^ζ in steps of the ζ's size, 1e−5"), ["q_t", "x^ζ", "z", "ζ"]);
}

#[test]
fn formulas_are_taken_apart() {
    let read = |formula: &str| {
        let symbols = latex::symbols(formula);
        symbols.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(read(r"\bigl(1 - \tfrac{\mu}{L}\bigr)^{2N}"), ["μ", "L", "N"]);
    assert_eq!(read(r"W_{j+1}^T W_{j + 1} = (W W^T)^T"), ["W^T_j+1", "W_j+1", "W", "W^T", "⋅^T"]);
    assert_eq!(
        read(r"\min_{k \le N} \hat w \cdot \hat{w}, \text{else}"),
        ["min_k≤N", "hat w", "⋅", "hat w"]
    );
    assert_eq!(
        read(r"\|v\|_\infty + |v|_1 + \lambda_{\max} f'(x)"),
        ["‖‖", "v", "‖‖_∞", "v", "‖‖_1", "λ_max", "f^'", "x"]
    );
    let read = |formula: &str| {
        let symbols = plain::symbols(formula, &|name| ["exp", "max"].contains(&name));
        symbols.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(read("f(x₀) − f* ≤ 2LR²/ρᴺ⁻¹"), ["f", "x_0", "f^*", "L", "R^2", "ρ^N−1"]);
    assert_eq!(read("exp(−2c^(2/N)) on a slope of 1.5 is at x_{k+1}"), ["exp", "c^2/N", "x_k+1"]);
    assert_eq!(read("|e_N|_A and Xᵀy, dw"), ["e_N", "‖‖_A", "X^T", "y", "d", "w"]);
}

#[test]
fn the_readme_says_of_verdicts_what_the_glossary_says() {
    let readme = include_str!("../../../README.md");
    let glossary = theoria_verification::Statement::parse(GLOSSARY);
    let table = glossary.section("How to read a verdict").expect("the section");
    assert!(readme.contains(table), "README.md does not have this table:\n{table}");
}
