//! Figures with a slider on the pages that are made of them.

use theoria_report::{About, files};
use theoria_verification::{
    Case, Check, Claim, Content, Family, Figure, Hypothesis, Line, Settings, Theorem,
};

const POSITIONS: [f64; 4] = [0.5, 0.9, 1.0, 1.25];

fn factors(name: &str) -> Family<Case<f64>> {
    Family::along(name, POSITIONS, |factor| Case::new(format!("powers of {factor}"), factor))
}

fn theorem() -> Theorem {
    let powers = |claim: Claim<Case<f64>>| {
        claim
            .measuring(1..=9, |factor: &Case<f64>, powers| powers.read(|n: i32| factor.powi(n)))
            .predicting(|_, _| 1.0)
            .on(factors("factors"))
    };
    let within = Hypothesis::new("small factor", |factor: &Case<f64>, _| {
        Check::that(**factor < 1.0, format!("ρ = {}", **factor))
    });
    let beyond = Hypothesis::new("large factor", |factor: &Case<f64>, _| {
        Check::that(**factor > 1.0, format!("ρ = {}", **factor))
    });
    let pictured = factors("pictures").showing(|factor, _| {
        let points = (0..5).map(|n| (f64::from(n), factor.powi(n)));
        Content::Lines { lines: vec![Line::measured("powers", points)] }
    });
    Theorem::new("examples/powers", "# Powers\n\nThey fade, or they do not.")
        .claim(powers(Claim::bound("fade", "ρⁿ ≤ 1").assuming([within])).on(pictured))
        .claim(powers(Claim::lower_bound("grow", "ρⁿ ≥ 1").assuming([beyond])))
        .figure(
            Figure::semilog("factor", "n", "ρⁿ")
                .of("fade")
                .of("grow")
                .along("factor ρ", "factors", 1)
                .caption("Powers fade below 1."),
        )
        .figure(
            Figure::linear("pictures", "n", "ρⁿ")
                .of("fade")
                .along("factor ρ", "pictures", 0)
                .caption("The same."),
        )
}

/// The file at this path of the report of one theorem.
fn file(theorem: &Theorem, path: &str) -> String {
    let evidence = [theorem.check(&Settings::default())];
    let all = files(&evidence, &About::default()).expect("it can be drawn");
    all.into_iter().find(|file| file.path == path).expect("it is there").content
}

/// What stands between the first two of these after `from`.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, after) = text.split_once(from).expect("it begins");
    after.split_once(to).expect("it ends").0
}

#[test]
fn a_page_holds_every_position_with_its_verdict() {
    let page = file(&theorem(), "examples/powers.html");
    assert!(page.contains("<script src=\"../explorable.js\" defer></script>"));
    let figure = between(&page, "<figure class=\"slide explorable\"", "</figure>");
    assert!(figure.contains("type=\"range\" min=\"0\" max=\"3\" step=\"1\" value=\"1\""));
    assert_eq!(figure.matches("<g class=\"at").count(), POSITIONS.len());
    assert_eq!(figure.matches("<g class=\"at shown\">").count(), 1);
    let told: Vec<&str> =
        figure.split("data-told=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(
        told,
        [
            "0.5; fade: supported; grow: does not apply",
            "0.9; fade: supported; grow: does not apply",
            "1; fade: does not apply; grow: does not apply",
            "1.25; fade: does not apply; grow: supported",
        ]
    );
    let edge = between(figure, "data-at=\"1\"", "</tr>");
    assert!(
        edge.contains("“small factor” is not met") && edge.contains("“large factor” is not met")
    );
    assert!(edge.contains("the bound, drawn faintly, is not claimed here"), "{edge}");
    // Where one of them speaks, the other is not told on a wall.
    let grows = between(figure, "data-at=\"1.25\"", "</tr>");
    assert!(grows.matches("class=\"silent\"").count() == 1 && !edge.contains("silent"));
    // Each position has an address, and the ends of the slider are said.
    assert!(grows.contains("<a href=\"#factor=1.25\">1.25</a>"), "{grows}");
    assert!(figure.contains("<span aria-hidden=\"true\">0.5</span><input"));
    assert!(figure.ends_with("</figcaption>"), "a caption comes first or last");
    // What is said without a script is that of the first position.
    let said = between(figure, "class=\"said\"", "</div>");
    assert!(said.contains("<b>0.9</b>") && said.contains("supported"), "{said}");
}

#[test]
fn all_positions_share_their_axes() {
    let page = file(&theorem(), "examples/powers.html");
    for part in page.split("<figure class=\"slide explorable\"").skip(1) {
        let (shared, moving) = part.split_once("<g class=\"at").expect("positions");
        let svg = moving.split("</svg>").next().unwrap();
        // Ticks and labels of axes are drawn once.
        assert!(shared.contains("ρ") && shared.contains("text-anchor=\"end\""));
        assert!(!svg.contains("text-anchor=\"end\"") && !svg.contains("rotate(-90"));
    }
}

#[test]
fn a_claim_has_its_colour_at_every_position() {
    let page = file(&theorem(), "examples/powers.html");
    let figure = between(&page, "<figure class=\"slide explorable\"", "</figure>");
    for (label, colour, positions) in [("fade", "#006ba6", 3), ("grow", "#c24e00", 2)] {
        let labels: Vec<&str> = figure.split(&format!(">{label}</text>")).collect();
        let (_, before) = labels.split_last().expect("labels");
        assert_eq!(before.len(), positions, "{label}");
        assert!(before.iter().all(|text| text.rsplit_once("<text").unwrap().1.contains(colour)));
    }
    assert_eq!(figure.matches("■ ").count(), 2, "the legend names each once");
}

#[test]
fn a_figure_of_its_own_is_that_of_the_first_position_and_the_table_has_all() {
    let svg = file(&theorem(), "figures/examples-powers-factor.svg");
    assert!(!svg.contains("class=\"at") && svg.contains("ρ"));
    let csv = file(&theorem(), "figures/examples-powers-factor.csv");
    assert!(csv.starts_with("position,curve,role,"), "{csv}");
    for at in POSITIONS {
        assert!(csv.contains(&format!("\r\n{at:?},")), "{at}: {csv}");
    }
    let document = file(&theorem(), "print.html");
    assert!(
        !document.contains("type=\"range\"") && document.contains("examples-powers-factor.svg")
    );
}

#[test]
fn a_page_without_a_slider_loads_no_script_for_it() {
    let theorem = Theorem::new("examples/plain", "# Plain\n\nNothing moves.").claim(
        Claim::bound("small", "ρ ≤ 1")
            .on(Family::cases("factors", [0.5], |it| format!("{it}")))
            .measuring([1.0], |factor: &Case<f64>, once| once.read(|_| factor.value))
            .predicting(|_, _| 1.0),
    );
    assert!(!file(&theorem, "examples/plain.html").contains("explorable.js"));
}
