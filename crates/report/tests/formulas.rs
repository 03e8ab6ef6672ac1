//! No page shows a formula as it was typed: `x_{k+1}` is below the line, and LaTeX is typeset.

use std::path::Path;

use theoria_report::{About, files};
use theoria_verification::evidence::{TheoremEvidence, store};
use theoria_verification::{
    Check, Claim, Curve, Family, Figure, Hypothesis, Instance, Settings, Theorem,
};

struct Halving;

impl Instance for Halving {
    fn description(&self) -> String {
        "x_{k+1} = x_k/2 from x_0 = 1".into()
    }
}

const STATEMENT: &str = "# Halving\n\nWhat $x_{k+1}$ is.\n\n## Hypotheses\n\n- $x_{0} = 1$.\n\n\
    ## Statement\n\n$$x_{k+1} \\le \\frac{1}{2} x_k$$\n\n| $x_{k+1}$ | $e^{x_k}$ |\n|---|---|\n| $\\frac12$ | 1 |\n\n\
    ## Source\n\nDerived here.";

fn evidence() -> TheoremEvidence {
    let claim = |name: &str, formula: &str, share: f64| {
        Claim::bound(name, formula)
            .assuming([Hypothesis::new("x_{k} > 0", |_: &Halving, _| Check::that(true, "s_{k+1}"))])
            .on(Family::single("from x_{0} = 1", || Halving))
            .experiment(move |_| {
                Curve::over(1..=9, |k: i32| 0.5f64.powi(k), move |k| share * 0.5f64.powi(k))
            })
    };
    Theorem::new("examples/halving", STATEMENT)
        .claim(claim("halves", "max_{j ≤ k} x_{j+1} ≤ 2^{−k} ‖x_{0}‖^{1}", 1.0))
        .control(claim("halves_faster", "max_{j ≤ k} x_{j+1} ≤ 0.9 2^{−k} ‖x_{0}‖^{1}", 0.9))
        .figure(Figure::semilog("run", "step k", "x_{k+1}").of("halves").caption("x_{k+1} falls."))
        .check(&Settings::default())
}

/// What a page shows: without styles, scripts, the sources of formulas, and what is only read aloud.
fn shown(page: &str) -> String {
    let mut page = page.to_owned();
    for (from, to) in [
        ("<style", "</style>"),
        ("<script", "</script>"),
        ("<annotation", "</annotation>"),
        ("<span class=\"unseen\"", "</span>"),
        ("<title", "</title>"),
        ("<desc", "</desc>"),
    ] {
        while let Some((before, rest)) = page.split_once(from) {
            let after = rest.split_once(to).map_or("", |(_, after)| after);
            page = format!("{before}{after}");
        }
    }
    let mut text = String::new();
    for part in page.split('<') {
        text.push_str(part.split_once('>').map_or("", |(_, text)| text));
    }
    text
}

fn raw(evidence: &[TheoremEvidence]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(evidence, &About::default()).expect("it can be drawn") {
        let is_page = [".html", ".svg"].iter().any(|end| file.path.ends_with(end));
        let text = if is_page { shown(&file.content) } else { String::new() };
        for sign in ["_{", "^{", "\\"] {
            for (at, _) in text.match_indices(sign) {
                let from = text[..at].char_indices().rev().nth(20).map_or(0, |(place, _)| place);
                let around: String = text[from..].chars().take(50).collect();
                found.push(format!("{}: …{around}…", file.path));
            }
        }
    }
    found
}

#[test]
fn no_formula_is_shown_as_it_was_typed() {
    let evidence = evidence();
    let pages = files(std::slice::from_ref(&evidence), &About::default()).expect("drawn");
    let text: String = pages.iter().map(|file| file.content.as_str()).collect();
    assert!(text.contains("max<sub>"), "it holds what is to be set");
    let found = raw(&[evidence]);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Of a whole run of the main job, which writes evidence where `THEORIA_EVIDENCE` says.
#[test]
#[ignore = "needs the evidence of the main job"]
fn no_formula_of_a_run_is_shown_as_it_was_typed() {
    let folder = std::env::var("THEORIA_EVIDENCE").expect("THEORIA_EVIDENCE names a folder");
    let all = store::read_all(Path::new(&folder)).expect("evidence").evidence;
    let found = raw(&all);
    assert!(all.len() > 1 && found.is_empty(), "{}", found.join("\n"));
}
