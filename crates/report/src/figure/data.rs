//! What a figure shows, as a table for other programs: comma-separated values, a row for each point.

use std::fmt::Write;

use theoria_verification::{Content, Group, Line, Raster};

use super::curves::Curve;

/// Curves of claims, as they are drawn.
pub(super) fn of_curves(curves: &[Curve]) -> String {
    let mut table =
        Table::with(&["curve", "role", "prediction", "x", "measured", "uncertainty", "predicted"]);
    for curve in curves {
        let role = if curve.control { "control" } else { "claim" };
        for point in &curve.points {
            // Of how uncertain a number is the first digits say all.
            let uncertainty = rounded(point.uncertainty, 3);
            let numbers = [point.x, point.measured, uncertainty, point.predicted];
            table.row(&[&curve.label, role, curve.prediction.words()], &numbers);
        }
    }
    table.text
}

/// What a theorem has computed.
pub(super) fn of_content(content: &Content) -> String {
    match content {
        Content::Lines { lines } => {
            let mut table = Table::with(&["series", "kind", "x", "y"]);
            table.lines(lines, &[]);
            table.text
        }
        Content::Points { groups, lines } => {
            let mut table = Table::with(&["series", "kind", "x", "y"]);
            for Group { label, x, y } in groups {
                for (&x, &y) in x.iter().zip(y) {
                    table.row(&[label, "points"], &seen([x, y]));
                }
            }
            table.lines(lines, &[]);
            table.text
        }
        Content::Histogram { edges, density, lines } => {
            let mut table = Table::with(&["series", "kind", "x", "y", "to"]);
            for (edge, &height) in edges.windows(2).zip(density) {
                table.row(&["", "bar"], &seen([edge[0], height, edge[1]]));
            }
            table.lines(lines, &[f64::NAN]);
            table.text
        }
        Content::HeatMap { x, y, values, colour, lines, .. } => {
            let mut table = Table::with(&["series", "kind", "x", "y", "value"]);
            for (&height, row) in y.iter().zip(values.chunks(x.len().max(1))) {
                for (&place, &value) in x.iter().zip(row) {
                    table.row(&[&colour.label, "cell"], &seen([place, height, value]));
                }
            }
            table.lines(lines, &[f64::NAN]);
            table.text
        }
        Content::Raster { raster, x, y, lines, .. } => {
            let mut table = Table::with(&["series", "kind", "x", "y", "to", "shade"]);
            if let ([left, right], [low, high]) = (&x[..], &y[..]) {
                table.cells(raster, [*left, *right], [*low, *high]);
            }
            table.lines(lines, &[f64::NAN; 2]);
            table.text
        }
    }
}

/// Digits of what is computed for the eye alone; evidence has all of them.
const SEEN: usize = 9;

/// Rounded to so many digits.
fn rounded(number: f64, digits: usize) -> f64 {
    if number.fract() == 0.0 {
        return number;
    }
    format!("{number:.*e}", digits - 1).parse().unwrap_or(number)
}

/// The same of several numbers, to as many digits as a figure shows and more.
fn seen<const N: usize>(numbers: [f64; N]) -> [f64; N] {
    numbers.map(|number| rounded(number, SEEN))
}

/// Adds a table of what is shown at a position of a slider, which stands in the first column.
pub(super) fn append_at(all: &mut String, at: f64, table: &str) {
    let mut rows = table.split_inclusive("\r\n");
    if let Some(head) = rows.next().filter(|_| all.is_empty()) {
        let _ = write!(all, "position,{head}");
    }
    for row in rows {
        let _ = write!(all, "{at:?},{row}");
    }
}

struct Table {
    text: String,
}

impl Table {
    fn with(columns: &[&str]) -> Self {
        Table { text: columns.join(",") + "\r\n" }
    }

    fn row(&mut self, words: &[&str], numbers: &[f64]) {
        for (place, word) in words.iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            self.text.push_str(&quoted(word));
        }
        for number in numbers {
            self.text.push(',');
            // What is no number is empty; the others are read back as they are.
            if !number.is_nan() {
                let _ = write!(self.text, "{number:?}");
            }
        }
        self.text.push_str("\r\n");
    }

    fn lines(&mut self, lines: &[Line], more: &[f64]) {
        for line in lines {
            let kind = if line.predicted { "predicted" } else { "measured" };
            for (&x, &y) in line.x.iter().zip(&line.y) {
                self.row(&[&line.label, kind], &[&seen([x, y]), more].concat());
            }
        }
    }

    /// Cells beside each other that are alike, from an edge to an edge, at the height of their middle.
    fn cells(&mut self, raster: &Raster, [left, right]: [f64; 2], [low, high]: [f64; 2]) {
        let [columns, rows] = raster.size();
        for row in 0..rows {
            let y = high - (high - low) * (row as f64 + 0.5) / rows as f64;
            let x = |column: usize| left + (right - left) * column as f64 / columns as f64;
            let cells: Vec<_> = (0..columns).map(|column| raster.cell(column, row)).collect();
            let mut from = 0;
            for alike in cells.chunk_by(|a, b| a == b) {
                let to = from + alike.len();
                if let Some((category, shade)) = alike[0] {
                    let name = &raster.categories()[category];
                    self.row(&[name, "cells"], &seen([x(from), y, x(to), shade as f64]));
                }
                from = to;
            }
        }
    }
}

fn quoted(word: &str) -> String {
    if word.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", word.replace('"', "\"\""))
    } else {
        word.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_for_the_eye_has_nine_digits() {
        let lines =
            vec![Line::measured("a", [(1.0 / 3.0, -1e-7 / 3.0), (1e16 + 2.0, f64::INFINITY)])];
        assert_eq!(
            of_content(&Content::Lines { lines }),
            "series,kind,x,y\r\na,measured,0.333333333,-3.33333333e-8\r\na,measured,1.0000000000000002e16,inf\r\n"
        );
        assert!(rounded(f64::NAN, 9).is_nan() && rounded(0.0, 3) == 0.0);
    }

    #[test]
    fn a_table_has_a_row_for_each_point() {
        let lines = vec![Line::measured("a, \"b\"", [(0.0, 1e300), (1.0, f64::NAN)])];
        assert_eq!(
            of_content(&Content::Lines { lines }),
            "series,kind,x,y\r\n\"a, \"\"b\"\"\",measured,0.0,1e300\r\n\"a, \"\"b\"\"\",measured,1.0,\r\n"
        );
        let raster = Raster::new([2, 1], &["left"], 1, |x, _| (x == 0).then_some((0, 0)));
        let content = Content::Raster {
            raster,
            x: vec![0.0, 1.0],
            y: vec![0.0, 1.0],
            shade: String::new(),
            lines: Vec::new(),
        };
        assert_eq!(
            of_content(&content),
            "series,kind,x,y,to,shade\r\nleft,cells,0.0,0.5,0.5,0.0\r\n"
        );
    }
}
