//! Computed figures as small pictures.

use theoria_verification::evidence::ComputedFigure;
use theoria_verification::{Content, Line, Raster};

use super::plot::{Ink, Plot, Trace};
use crate::figure::{DrawnAxis as Axis, heat_map_address, raster_address};

/// Lines, groups, and points of a group that a small picture shows.
const LINES_SHOWN: usize = 8;
const GROUPS: usize = 6;
const POINTS: usize = 120;
/// Columns and rows of cells that can be told apart in it.
const CELLS: [usize; 2] = [160, 96];

/// None where there is nothing to be seen.
pub(super) fn plot(figure: &ComputedFigure) -> Option<Plot> {
    let (across, up) = (figure.x.scale, figure.y.scale);
    let plot = match &figure.content {
        Content::Lines { lines } => over(&[], lines, [across, up]),
        Content::Points { groups, lines } => {
            let clouds: Vec<Vec<(f64, f64)>> = groups
                .iter()
                .take(GROUPS)
                .map(|group| {
                    let every = group.x.len().div_ceil(POINTS).max(1);
                    let points = group.x.iter().copied().zip(group.y.iter().copied());
                    points.step_by(every).collect()
                })
                .collect();
            let mut plot = over(&clouds, lines, [across, up]);
            plot.clouds =
                clouds.into_iter().enumerate().map(|(i, it)| (Ink::Line(i), it)).collect();
            plot
        }
        Content::Histogram { edges, density, lines } => {
            let bars: Vec<[f64; 3]> =
                edges.windows(2).zip(density).map(|(ends, top)| [ends[0], ends[1], *top]).collect();
            let corners = bars.iter().flat_map(|bar| [(bar[0], 0.0), (bar[1], bar[2])]).collect();
            let mut plot = over(&[corners], lines, [across, up]);
            plot.bars = bars;
            plot
        }
        Content::HeatMap { x, y, values, colour, middle, lines } => {
            let mut plot = on_cells([x, y], [across, up], lines)?;
            plot.cells = Some(heat_map_address([x, y], values, colour, *middle, CELLS)?);
            plot
        }
        Content::Raster { raster, x, y, lines, .. } => {
            let mut plot = on_cells([x, y], [across, up], lines)?;
            plot.cells = Some(cells(raster));
            plot
        }
    };
    plot.is_visible().then_some(plot)
}

/// Lines, with axes that show them and these points.
fn over(
    clouds: &[Vec<(f64, f64)>],
    lines: &[Line],
    [across, up]: [theoria_verification::Scale; 2],
) -> Plot {
    let shown = || lines.iter().take(LINES_SHOWN);
    let points = || clouds.iter().flatten().copied();
    let x = points().map(|p| p.0).chain(shown().flat_map(|line| line.x.iter().copied()));
    let y = points().map(|p| p.1).chain(shown().flat_map(|line| line.y.iter().copied()));
    let mut plot = Plot::new(Axis::showing(across, x), Axis::showing(up, y));
    plot.traces = traces(lines);
    plot
}

/// What has the same label has the same colour.
fn traces(lines: &[Line]) -> Vec<Trace> {
    let mut labels: Vec<&str> = Vec::new();
    let traces = lines.iter().take(LINES_SHOWN).map(|line| {
        let known = labels.iter().position(|label| *label == line.label);
        let place = known.unwrap_or_else(|| {
            labels.push(&line.label);
            labels.len() - 1
        });
        let points = line.x.iter().copied().zip(line.y.iter().copied()).collect();
        Trace { points, predicted: line.predicted, ink: Ink::Line(place) }
    });
    traces.collect()
}

/// Lines over cells have no colour of their own.
fn on_cells(
    ends: [&[f64]; 2],
    [across, up]: [theoria_verification::Scale; 2],
    lines: &[Line],
) -> Option<Plot> {
    let axis = |ends: &[f64], scale| {
        let (low, high) = (*ends.first()?, *ends.last()?);
        (low < high).then(|| Axis::spanning(scale, low, high))
    };
    let mut plot = Plot::new(axis(ends[0], across)?, axis(ends[1], up)?);
    plot.traces = traces(lines).into_iter().map(|line| Trace { ink: Ink::Over, ..line }).collect();
    Some(plot)
}

/// Of a fine raster every so many cells.
fn cells(raster: &Raster) -> String {
    let size = raster.size();
    let kept = [size[0].min(CELLS[0]), size[1].min(CELLS[1])];
    let rows: Vec<Vec<u8>> = raster.codes().map(<[u8]>::to_vec).collect();
    let at = |place: usize, kept: usize, size: usize| (2 * place + 1) * size / (2 * kept);
    let coarse: Vec<Vec<u8>> = (0..kept[1])
        .map(|row| {
            let row = &rows[at(row, kept[1], size[1])];
            (0..kept[0]).map(|column| row[at(column, kept[0], size[0])]).collect()
        })
        .collect();
    raster_address(raster, kept, &coarse.concat())
}
