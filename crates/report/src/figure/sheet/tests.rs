use plotters::element::{Circle, PathElement, Text};
use plotters::style::text_anchor::Pos;
use plotters::style::{Color, FontTransform, RGBColor, TextStyle};

use super::check::Bounds;
use super::*;

fn label(text: &str, at: (i32, i32), anchor: (HPos, VPos), upwards: bool) -> Sheet {
    let mut sheet = Sheet::new(600, 600);
    write(&mut sheet, text, at, anchor, upwards);
    sheet
}

fn write(sheet: &mut Sheet, text: &str, at: (i32, i32), anchor: (HPos, VPos), upwards: bool) {
    let transform = if upwards { FontTransform::Rotate270 } else { FontTransform::None };
    let style = TextStyle::from(("sans-serif", 30))
        .color(&RGBColor(0, 0, 0))
        .transform(transform)
        .pos(Pos::new(anchor.0, anchor.1));
    sheet.draw(|area| area.draw(&Text::new(text.to_owned(), at, style))).unwrap();
}

/// The box of all that is not white, from the pixels themselves.
fn inked(sheet: &Sheet) -> [f64; 4] {
    let pixels = sheet.pixels();
    let mut bounds = [f64::INFINITY, f64::INFINITY, 0.0, 0.0];
    for (place, pixel) in pixels.iter().enumerate() {
        if pixel.iter().any(|part| *part < 0xc0) {
            let (x, y) = ((place % 600) as f64, (place / 600) as f64);
            bounds = [
                bounds[0].min(x),
                bounds[1].min(y),
                bounds[2].max(x + 1.0),
                bounds[3].max(y + 1.0),
            ];
        }
    }
    bounds
}

#[test]
fn what_a_label_inks_lies_in_its_box_and_nearly_fills_it() {
    for text in ["f(x_N) − f*", "|e_N|_A", "gap of x₁^{n+1}", "Hgj|A"] {
        for horizontal in [HPos::Left, HPos::Center, HPos::Right] {
            for vertical in [VPos::Top, VPos::Center, VPos::Bottom] {
                for upwards in [false, true] {
                    let sheet = label(text, (300, 300), (horizontal, vertical), upwards);
                    let (bounds, inked) = (sheet.words().next().unwrap().bounds().0, inked(&sheet));
                    let beyond = [
                        bounds[0] - inked[0],
                        bounds[1] - inked[1],
                        inked[2] - bounds[2],
                        inked[3] - bounds[3],
                    ];
                    for side in beyond {
                        assert!((-14.0..2.5).contains(&side), "{text}: {inked:?} in {bounds:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn labels_that_overlap_leave_or_cross_are_faults() {
    let left = (HPos::Left, VPos::Center);
    let mut sheet = label("first", (100, 100), left, false);
    assert!(sheet.faults_of_labels().is_empty());
    write(&mut sheet, "second", (120, 110), left, false);
    write(&mut sheet, "third, which is long", (500, 200), left, false);
    write(&mut sheet, "cut⋯", (20, 250), left, false);
    sheet.framed(Bounds([0.0, 50.0, 90.0, 249.0]));
    let faults = sheet.faults_of_labels().join("\n");
    for fault in [
        "“second” overlaps “first”",
        "“third, which is long” leaves",
        "“cut⋯” is cut",
        "“cut⋯” crosses",
    ] {
        assert!(faults.contains(fault), "{fault} in {faults}");
    }
    assert_eq!(faults.lines().count(), 4, "{faults}");
}

#[test]
fn what_is_drawn_alike_is_one_mark() {
    let mut sheet = Sheet::new(400, 300);
    let red = RGBColor(0xc0, 0, 0);
    let thick = Color::stroke_width(&red, 3);
    sheet
        .draw(|area| {
            area.draw(&PathElement::new(vec![(1, 1), (9, 1)], thick))?;
            area.draw(&PathElement::new(vec![(20, 1), (29, 8)], thick))?;
            area.draw(&Circle::new((50, 50), 6, red.filled()))?;
            area.draw(&Circle::new((60, 50), 6, red.filled()))
        })
        .unwrap();
    let svg = sheet.svg("title", "caption");
    assert!(svg.contains("d=\"M1 1h8M20 1l9 7\" fill=\"none\" stroke-width=\"3\""), "{svg}");
    assert!(svg.contains("d=\"M50 50h0M60 50h0\" fill=\"none\" stroke-width=\"12\""), "{svg}");
    let at = |x: usize, y: usize| sheet.pixels()[400 * y + x];
    assert_eq!(
        [at(5, 1), at(50, 50), at(61, 50), at(200, 200)],
        [[0xc0, 0, 0], [0xc0, 0, 0], [0xc0, 0, 0], [0xff; 3]]
    );
}
