//! Figures: prediction and measurement together.

mod axis;
mod chart;
mod curves;
mod labels;
mod theme;

use theoria_verification::Figure;
use theoria_verification::evidence::TheoremEvidence;

/// A figure as it stands in a page and in a file.
pub(crate) struct Drawn {
    pub(crate) name: String,
    pub(crate) caption: String,
    pub(crate) svg: String,
}

/// Draws a figure of a theorem; says why if it cannot be drawn.
pub(crate) fn draw(figure: &Figure, evidence: &TheoremEvidence) -> Result<Drawn, String> {
    let curves = curves::gather(figure, evidence);
    let chart = chart::draw(figure, &curves)?;
    Ok(Drawn {
        name: figure.name.clone(),
        caption: figure.caption.clone(),
        svg: theme::finish(&chart, figure),
    })
}
