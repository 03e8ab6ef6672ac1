//! Not tracked.
#![allow(clippy::all, missing_docs, dead_code, unused)]
#[path = "../../tests/glossary/glossary.rs"] mod glossary;
#[path = "../../tests/glossary/latex.rs"] mod latex;
#[path = "../../tests/glossary/plain.rs"] mod plain;
#[path = "../../tests/glossary/symbol.rs"] mod symbol;
use glossary::Glossary;
fn main() {
    let text = std::fs::read_to_string("docs/glossary.md").unwrap();
    let glossary = Glossary::parse(&text);
    for theorem in theoria_sparse_low_rank::all() {
        let id = theorem.id().to_string();
        let symbols: Vec<_> = latex::formulas(theorem.text()).flat_map(latex::symbols).collect();
        for s in glossary.unknown(&id, &symbols) { println!("{id}: statement: {s}"); }
        for formula in theorem.formulas() {
            for s in glossary.unknown(&id, &plain::symbols(formula, &|name| glossary.is_name(name))) { println!("{id}: {formula}: {s}"); }
        }
        for c in theorem.declared() {
            if c.hypotheses.is_empty() { println!("{id} {}: no hypotheses", c.name); }
            let s = format!("{:?}", c.role);
            if s == "Claim" && (c.kind.contains("bound")) && c.least.is_none() && !c.instances_attained() { println!("{id} {} no least", c.name); }
        }
    }
    for u in glossary.unused() { if u.contains("sparse") { println!("unused {u}"); } }
}
trait A { fn instances_attained(&self) -> bool; }
impl<T> A for T { fn instances_attained(&self) -> bool { false } }
