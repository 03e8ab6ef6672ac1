//! Figures: prediction and measurement together, or whatever a theorem computed.

mod axis;
mod beside;
mod chart;
mod curves;
mod dashes;
mod data;
mod explorable;
mod frame;
mod heat_map;
mod histogram;
mod key;
mod labels;
mod lines;
mod points;
mod raster;
mod sheet;
mod strokes;
#[cfg(test)]
mod tests;
mod theme;

use maud::{Markup, html};
use plotters::style::RGBColor;
use theoria_verification::evidence::{ComputedFigure, FigureOfClaims, TheoremEvidence};
use theoria_verification::{Axis, Content};

use sheet::Sheet;
pub(crate) use sheet::{Level, Run, runs, width as label_width};
use theme::CONTROLS;

pub(crate) use axis::Axis as DrawnAxis;
pub(crate) use curves::{Curve, Point, gather};
pub(crate) use explorable::{Position, first, positions};
pub(crate) use heat_map::address as heat_map_address;
pub(crate) use raster::address as raster_address;
pub(crate) use theme::LINES;

/// A figure as it stands in a page and in files.
pub(crate) struct Drawn {
    pub(crate) name: String,
    pub(crate) caption: String,
    pub(crate) svg: String,
    /// What it shows, as comma-separated values.
    pub(crate) csv: String,
    /// What its colours are, for screens on which its labels are out of sight.
    pub(crate) legend: Vec<Named>,
    /// Of a figure with a slider, the picture of all its positions, of which one is seen at a time.
    pub(crate) positions: Option<String>,
    sheet: Sheet,
}

impl Drawn {
    fn of(sheet: Sheet, [name, caption]: [&str; 2], axes: [&Axis; 2]) -> Self {
        Drawn {
            name: name.into(),
            caption: caption.into(),
            svg: sheet.svg(&title(axes), caption),
            csv: String::new(),
            legend: Vec::new(),
            positions: None,
            sheet,
        }
    }

    /// The figure as a PNG file.
    pub(crate) fn png(&self) -> Vec<u8> {
        self.sheet.png()
    }
}

fn title(axes: [&Axis; 2]) -> String {
    format!("{} against {}", axes[1].label, axes[0].label)
}

/// What is drawn in a colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) label: String,
    /// The class of its colour, see [`colours_of_legends`].
    pub(crate) class: String,
}

impl Named {
    fn new(label: &str, colour: RGBColor) -> Self {
        let place = |inks: &[theme::Ink]| inks.iter().position(|ink| ink.paper == colour);
        let class = match (place(&LINES), place(&CONTROLS)) {
            (Some(place), _) => format!("ink{place}"),
            (None, place) => format!("ink-control{}", place.unwrap_or_default()),
        };
        Named { label: label.into(), class }
    }

    /// The label with its formulas set as such.
    pub(crate) fn markup(&self) -> Markup {
        html! {
            @for run in runs(&self.label) {
                @match (run.level, run.italic) {
                    (Level::Line, false) => (run.text),
                    (Level::Line, true) => i { (run.text) },
                    (Level::Index, _) => sub { (run.text) },
                    (Level::Exponent, _) => sup { (run.text) },
                }
            }
        }
    }

    fn each_once(all: impl Iterator<Item = Named>) -> Vec<Named> {
        let mut told: Vec<Named> = Vec::new();
        for named in all {
            if !told.contains(&named) {
                told.push(named);
            }
        }
        told
    }
}

/// The style of the classes of legends, which are the colours of the figures.
pub(crate) fn colours_of_legends() -> String {
    let lines = LINES.iter().enumerate().map(|(place, ink)| (format!("ink{place}"), ink));
    let controls = CONTROLS.iter().enumerate();
    let controls = controls.map(|(place, ink)| (format!("ink-control{place}"), ink));
    let all: Vec<_> = lines.chain(controls).collect();
    let paper: String = all
        .iter()
        .map(|(class, ink)| {
            let RGBColor(r, g, b) = ink.paper;
            format!(".{class}{{color:#{r:02x}{g:02x}{b:02x}}}")
        })
        .collect();
    let dark: String =
        all.iter().map(|(class, ink)| format!(".{class}{{color:{}}}", ink.dark)).collect();
    format!("{paper}@media screen and (prefers-color-scheme:dark){{{dark}}}")
}

/// Draws the curves of claims; says why if they cannot be drawn.
pub(crate) fn draw_claims(
    figure: &FigureOfClaims,
    evidence: &TheoremEvidence,
) -> Result<Drawn, String> {
    let positions = positions(figure, evidence);
    if !positions.is_empty() {
        return explorable::draw(figure, &positions);
    }
    let curves = gather(figure, evidence);
    let sheet = chart::draw(figure, &curves)?;
    let (csv, legend) = (data::of_curves(&curves), chart::legend(&curves));
    let drawn = Drawn::of(sheet, [&figure.name, &figure.caption], [&figure.x, &figure.y]);
    Ok(Drawn { csv, legend, ..drawn })
}

/// Draws what was computed; says why if it cannot be drawn.
pub(crate) fn draw_computed(figure: &ComputedFigure) -> Result<Drawn, String> {
    let sheet = sheet_of(figure)?;
    let (csv, legend) = (data::of_content(&figure.content), legend(&figure.content));
    let drawn = Drawn::of(sheet, [&figure.name, &figure.caption], [&figure.x, &figure.y]);
    Ok(Drawn { csv, legend, ..drawn })
}

fn sheet_of(figure: &ComputedFigure) -> Result<Sheet, String> {
    sheet_of_content([&figure.x, &figure.y], &figure.content)
}

fn sheet_of_content(axes: [&Axis; 2], content: &Content) -> Result<Sheet, String> {
    match content {
        Content::Lines { lines } => lines::draw(axes, lines),
        Content::Points { groups, lines } => points::draw(axes, groups, lines),
        Content::Histogram { edges, density, lines } => {
            histogram::draw(axes, edges, density, lines)
        }
        Content::HeatMap { x: columns, y: rows, values, colour, middle, lines } => {
            let map = heat_map::Map { columns, rows, values, colour, middle: *middle };
            map.draw(axes, lines)
        }
        Content::Raster { raster, x: across, y: up, shade, lines } => {
            raster::draw(axes, raster, [across, up], shade, lines)
        }
    }
}

/// What stands in a colour of its own. The lines over a map or a raster are told apart beside it.
fn legend(content: &Content) -> Vec<Named> {
    match content {
        Content::Lines { lines } => lines::legend(lines, &[]),
        Content::Histogram { lines, .. } => lines::legend(lines, &[histogram::bars()]),
        Content::Points { groups, lines } => {
            let names: Vec<&str> = groups.iter().map(|group| group.label.as_str()).collect();
            let colours = (0..names.len()).map(points::colour);
            let of_groups =
                names.iter().zip(colours).map(|(name, colour)| Named::new(name, colour));
            of_groups.chain(lines::legend(lines, groups)).collect()
        }
        Content::HeatMap { .. } | Content::Raster { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod kinds {
    use super::*;
    use theoria_verification::{Group, Line, Raster, Scale};

    fn figure(content: Content) -> ComputedFigure {
        ComputedFigure {
            name: "figure".into(),
            caption: "What to see.".into(),
            x: Axis::new("x", Scale::Linear),
            y: Axis::new("y", Scale::Linear),
            content,
        }
    }

    fn svg(content: Content) -> String {
        draw_computed(&figure(content)).unwrap().svg
    }

    fn threshold() -> Vec<Line> {
        vec![Line::predicted("threshold", [(0.5, 0.0), (0.5, 1.0)])]
    }

    #[test]
    fn every_kind_of_content_shows_its_labels() {
        let map = Content::HeatMap {
            x: vec![0.0, 0.5, 1.0],
            y: vec![0.0, 1.0],
            values: vec![1.0, 2.0, f64::NAN, 3.0, 4.0, 5.0],
            colour: Axis::new("slope", Scale::Linear),
            middle: Some(3.0),
            lines: threshold(),
        };
        let cloud = Content::Points {
            groups: vec![
                Group::new("few", [(0.1, 0.2)]),
                Group::new("many", (0..9).map(|i| (0.1 * f64::from(i), 0.5))),
            ],
            lines: threshold(),
        };
        let bars = Content::histogram(&[0.1, 0.2, 0.2, 0.9], 4, threshold());
        let lines = Content::Lines { lines: threshold() };
        let basins = Content::Raster {
            raster: Raster::new([4, 4], &["left", "right"], 2, |x, y| Some((x / 2, y % 2))),
            x: vec![0.0, 1.0],
            y: vec![0.0, 1.0],
            shade: "dark: late".into(),
            lines: threshold(),
        };
        let told = svg(basins.clone());
        assert!(
            ["left", "right", "dark: late", "href=\"data:image/png;base64,iVBOR"]
                .iter()
                .all(|part| told.contains(part))
        );
        assert_eq!(told.matches("<svg").count() + told.matches("</svg>").count(), 2);
        assert!(svg(map.clone()).contains("slope"));
        assert!(svg(cloud.clone()).contains("many"));
        for content in [map, cloud, bars, lines, basins] {
            assert!(svg(content).contains("threshold"));
        }
    }

    #[test]
    fn only_a_label_away_from_its_line_is_led_to() {
        let is_led_to = |ends: &[f64]| {
            let line = |end: &f64| Line::measured(&format!("to {end}"), [(0.0, 0.0), (*end, *end)]);
            let lines = ends.iter().map(line).collect();
            svg(Content::Lines { lines }).contains("stroke=\"#5e5e66\" stroke-opacity=\"0.70\"")
        };
        assert!(!is_led_to(&[1.0]) && is_led_to(&[1.0, 0.5]));
    }

    #[test]
    fn a_legend_names_each_colour_once() {
        let lines = vec![
            Line::measured("one", [(0.0, 1.0)]),
            Line::predicted("one", [(0.0, 1.0)]),
            Line::measured("two", [(0.0, 2.0)]),
        ];
        let told = draw_computed(&figure(Content::Lines { lines })).unwrap().legend;
        let told: Vec<(&str, &str)> =
            told.iter().map(|named| (named.label.as_str(), named.class.as_str())).collect();
        assert_eq!(told, [("one", "ink0"), ("two", "ink1")]);
        assert!(colours_of_legends().contains(".ink1{color:"));
        let formula = Named::new("x_N < y", LINES[0].paper);
        assert_eq!(formula.markup().into_string(), "<i>x</i><sub>N</sub> &lt; <i>y</i>");
    }

    #[test]
    fn a_map_without_its_values_is_an_error() {
        let map = figure(Content::HeatMap {
            x: vec![0.0, 1.0],
            y: vec![0.0, 1.0],
            values: vec![1.0],
            colour: Axis::new("colour", Scale::Linear),
            middle: None,
            lines: Vec::new(),
        });
        let message = draw_computed(&map).err().unwrap();
        assert_eq!(message, "a heat map of 2 × 2 places has 1 values");
    }

    #[test]
    fn numbers_that_cannot_be_drawn_leave_a_gap() {
        let gap = [(0.0, 1.0), (1.0, f64::NAN), (2.0, f64::INFINITY), (3.0, 2.0)];
        let drawn = svg(Content::Lines { lines: vec![Line::measured("gap", gap)] });
        assert!(!drawn.contains("NaN") && !drawn.contains("inf"));
    }
}
