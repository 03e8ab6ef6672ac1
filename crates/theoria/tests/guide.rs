//! The guide to claims of one's own shows programs that run, and what they print.

use theoria::verification::{Level, Settings, Standing, Verdict};

#[allow(dead_code, reason = "a program has a `main`, which is the command line's")]
#[path = "../examples/false_claim.rs"]
mod false_claim;
#[allow(dead_code, reason = "a program has a `main`, which is the command line's")]
#[path = "../examples/own_activation.rs"]
mod own_activation;
#[allow(dead_code, reason = "a program has a `main`, which is the command line's")]
#[path = "../examples/own_optimizer.rs"]
mod own_optimizer;

const GUIDE: &str = include_str!("../../../docs/own-claims.md");

#[test]
fn the_guide_shows_the_programs_as_they_are() {
    for program in [
        include_str!("../examples/own_optimizer.rs"),
        include_str!("../examples/own_activation.rs"),
        include_str!("../examples/false_claim.rs"),
    ] {
        assert!(GUIDE.contains(program), "docs/own-claims.md lacks\n{program}");
    }
}

#[test]
fn the_rate_of_the_optimiser_holds() {
    for seed in 1..=3 {
        let evidence = own_optimizer::theorem().check(&Settings::default().with_seed(seed));
        assert_eq!(evidence.standing, Standing::Holds, "seed {seed}");
    }
}

#[test]
fn the_critical_variance_of_the_activation_is_proved() {
    let evidence = own_activation::theorem().check(&Settings::default());
    assert_eq!(evidence.standing, Standing::Holds);
    assert!(evidence.claims.iter().all(|claim| claim.level == Level::Proved));
}

#[test]
fn the_false_claim_is_refuted_as_the_guide_says_and_has_its_page() {
    let evidence = false_claim::theorem().check(&Settings::default());
    let claim = &evidence.claims[0];
    assert_eq!(claim.verdict, Verdict::Refuted);
    assert!(claim.counterexample.is_some());
    let told = claim.explain("");
    for line in told.lines().filter(|line| !line.contains("reproduce")) {
        assert!(GUIDE.contains(line.trim_end()), "docs/own-claims.md lacks {line:?}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let written =
        theoria::report::write(&[evidence], &theoria::report::About::default(), folder.path())
            .expect("a report");
    let page = folder.path().join("mine/heavy_ball_is_monotone.html");
    let page = std::fs::read_to_string(&page).unwrap_or_else(|_| panic!("{written:?}"));
    assert!(page.contains("first violation"));
}
