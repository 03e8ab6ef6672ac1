//! Labels of whole figures: none is cut off, none overlaps.

use std::path::Path;

use proptest::prelude::*;
use theoria_verification::evidence::{ClaimEvidence, store};
use theoria_verification::{Axis, Group, Line, Raster, Scale};

use super::*;

/// Says what is wrong with labels of all figures of a piece of evidence.
fn faults(evidence: &TheoremEvidence) -> Vec<String> {
    let of_claims = evidence.figures.iter().flat_map(|figure| {
        let positions = positions(figure, evidence);
        let sheets: Vec<Result<Sheet, String>> = if positions.is_empty() {
            vec![chart::draw(figure, &gather(figure, evidence))]
        } else {
            let all = explorable::sheets(figure, &positions).expect("positions can be drawn");
            all.into_iter().map(Ok).collect()
        };
        sheets.into_iter().map(|sheet| (&figure.name, sheet))
    });
    let pictures = evidence.claims.iter().flat_map(ClaimEvidence::searched);
    let pictures = pictures.filter_map(|instance| instance.picture.as_ref());
    let computed = evidence.computed_figures.iter().chain(pictures);
    let computed = computed.map(|figure| (&figure.name, sheet_of(figure)));
    of_claims
        .chain(computed)
        .flat_map(|(name, sheet)| {
            let faults = sheet.expect("it can be drawn").faults_of_labels();
            faults
                .into_iter()
                .map(|fault| format!("{} {name}: {fault}", evidence.id))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Colours that two curves, or two measured lines or groups, share.
fn shared_colours(evidence: &TheoremEvidence) -> Vec<String> {
    let of_claims = evidence.figures.iter().map(|figure| {
        let named = chart::legend(&gather(figure, evidence));
        (&figure.name, named.into_iter().map(|named| (named.label, named.class)).collect())
    });
    let computed = evidence.computed_figures.iter().map(|figure| {
        let (lines, groups): (&[Line], &[Group]) = match &figure.content {
            Content::Lines { lines } => (lines, &[]),
            Content::Points { groups, lines } => (lines, groups),
            _ => (&[], &[]),
        };
        let measured = lines.iter().filter(|line| !line.predicted).map(|line| &line.label);
        let measured: Vec<&String> =
            measured.chain(groups.iter().map(|group| &group.label)).collect();
        let named = legend(&figure.content).into_iter();
        let named = named.filter(|named| measured.contains(&&named.label));
        (&figure.name, named.map(|named| (named.label, named.class)).collect())
    });
    of_claims
        .chain(computed)
        .filter(|(_, named): &(_, Vec<(String, String)>)| {
            let same = |a: &(String, String), b: &(String, String)| a.0 != b.0 && a.1 == b.1;
            named.iter().any(|a| named.iter().any(|b| same(a, b)))
        })
        .map(|(name, named)| format!("{} {name}: {named:?}", evidence.id))
        .collect()
}

/// Of a whole run of the main job, which writes evidence where `THEORIA_EVIDENCE` says.
#[test]
#[ignore = "needs the evidence of the main job"]
fn labels_of_all_figures_of_a_run() {
    let folder = std::env::var("THEORIA_EVIDENCE").expect("THEORIA_EVIDENCE names a folder");
    let found = store::read_all(Path::new(&folder)).expect("evidence");
    let all: Vec<&TheoremEvidence> = found.evidence.iter().collect();
    let figures: usize = all.iter().map(|it| it.figures.len() + it.computed_figures.len()).sum();
    let faults: Vec<String> = all.iter().flat_map(|evidence| faults(evidence)).collect();
    let shared: Vec<String> = all.iter().flat_map(|evidence| shared_colours(evidence)).collect();
    assert!(shared.is_empty(), "{}", shared.join("\n"));
    println!("{figures} figures of {} theorems", all.len());
    assert!(figures > 0 && faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,12}( [a-zA-Z_^{}N0-9]{1,9}){0,7}",
        Just("f(x_N) − f*".to_owned()),
        Just(String::new()),
        "[a-zA-Z]{1,60}",
        "\\PC{0,60}",
    ]
}

fn place() -> impl Strategy<Value = f64> {
    prop_oneof![
        -2.0..2.0,
        -1e6..1e6,
        1e-12..1.0,
        Just(0.0),
        Just(1e-300),
        Just(-1e200),
        Just(f64::NAN)
    ]
}

fn points() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((place(), place()), 0..6)
}

fn lines(most: usize) -> impl Strategy<Value = Vec<Line>> {
    let upright = (label(), place()).prop_map(|(l, x)| Line::predicted(&l, [(x, 0.0), (x, 1.0)]));
    let line = (label(), points(), any::<bool>()).prop_map(|(l, points, predicted)| {
        if predicted { Line::predicted(&l, points) } else { Line::measured(&l, points) }
    });
    prop::collection::vec(prop_oneof![1 => upright, 3 => line], 0..most)
}

fn content() -> impl Strategy<Value = Content> {
    let grid = prop::collection::vec(place(), 12);
    let map = (grid, label(), lines(4)).prop_map(|(values, title, lines)| Content::HeatMap {
        x: vec![0.0, 1.0, 2.0, 3.0],
        y: vec![1.0, 2.0, 4.0],
        values,
        colour: Axis::new(&title, Scale::Linear),
        middle: None,
        lines,
    });
    let raster = (prop::collection::vec(label(), 1..6), label(), lines(4), 0.1..9.0f64).prop_map(
        |(names, shade, lines, wide)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let raster = Raster::new([6, 4], &names, 8, |x, y| Some((0, (x + y) % 8)));
            Content::Raster { raster, x: vec![0.0, wide], y: vec![0.0, 1.0], shade, lines }
        },
    );
    let groups =
        prop::collection::vec((label(), points()).prop_map(|(l, p)| Group::new(&l, p)), 0..7);
    prop_oneof![
        lines(14).prop_map(|lines| Content::Lines { lines }),
        (groups, lines(5)).prop_map(|(groups, lines)| Content::Points { groups, lines }),
        lines(5).prop_map(|lines| Content::histogram(&[0.1, 0.2, 0.2, 0.9], 4, lines)),
        map,
        raster,
    ]
}

fn scale() -> impl Strategy<Value = Scale> {
    prop_oneof![Just(Scale::Linear), Just(Scale::Logarithmic)]
}

proptest! {
    #[test]
    fn labels_of_any_figure_neither_overlap_nor_leave_it(
        content in content(), labels in (label(), label()), scales in (scale(), scale()),
    ) {
        let scales = if matches!(content, Content::Raster { .. }) {
            (Scale::Linear, Scale::Linear)
        } else {
            scales
        };
        let figure = ComputedFigure {
            name: "figure".into(),
            caption: String::new(),
            x: Axis::new(&labels.0, scales.0),
            y: Axis::new(&labels.1, scales.1),
            content,
        };
        let faults = sheet_of(&figure).map(|sheet| sheet.faults_of_labels()).unwrap_or_default();
        // What is longer than all room is cut off.
        let faults: Vec<String> =
            faults.into_iter().filter(|fault| !fault.ends_with("is cut off")).collect();
        prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
