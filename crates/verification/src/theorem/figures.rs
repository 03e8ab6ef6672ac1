//! Which figures a theorem may have.

use super::{LONGEST_NAME, Theorem, is_identifier};
use crate::Figure;
use crate::evidence::Slider;

impl Theorem {
    /// Adds a figure: of claims declared before, or of something computed.
    ///
    /// # Panics
    /// If its name is that of another figure, or is not lower case with underscores; if it shows a claim that
    /// the theorem does not have; if it shows nothing, or both claims and something computed; if it moves over a family
    /// that a claim of it is not made on, or whose positions differ from claim to claim.
    #[must_use]
    pub fn figure(mut self, figure: Figure) -> Self {
        let (id, name) = (&self.id, figure.name());
        assert!(
            is_identifier(name),
            "{id}: the name {name:?} of a figure is not lower case with underscores, or longer than {LONGEST_NAME} characters"
        );
        assert!(
            self.figures.iter().all(|other| other.name() != name),
            "{id}: the name {name} of a figure is taken"
        );
        assert!(
            figure.is_computed() == figure.claims().is_empty(),
            "{id}: the figure {name} shows either claims (`of`) or something computed (`showing`)"
        );
        for shown in figure.claims() {
            assert!(
                self.claims.iter().any(|(_, claim)| claim.header().name == shown),
                "{id}: the figure {name} shows {shown}, which is not declared before it"
            );
        }
        if let Some(slider) = figure.slider() {
            self.assert_slider(&figure, slider);
        }
        self.figures.push(figure);
        self
    }

    /// All claims of a figure with a slider are made on the family that it moves over.
    fn assert_slider(&self, figure: &Figure, slider: &Slider) {
        let (id, name, family) = (&self.id, figure.name(), &slider.family);
        let mut positions: Option<Vec<f64>> = None;
        for shown in figure.claims() {
            let claim = self.claims.iter().find(|(_, claim)| claim.header().name == shown);
            let families = claim.map(|(_, claim)| claim.families()).unwrap_or_default();
            let along = families.iter().find(|other| other.name == family);
            let Some(along) = along.and_then(|along| along.positions) else {
                panic!(
                    "{id}: the figure {name} moves over “{family}”, but {shown} is made on no such family along a slider"
                );
            };
            let most = Slider::MOST_POSITIONS;
            assert!(
                (2..=most).contains(&along.len()) && slider.first < along.len(),
                "{id}: the slider of {name} has {} positions and begins at number {}: 2 to {most} are shown",
                along.len(),
                slider.first
            );
            let known = positions.get_or_insert_with(|| along.to_vec());
            assert!(*known == along, "{id}: the claims of {name} stand at different positions");
        }
        assert!(
            positions.is_some(),
            "{id}: the figure {name} moves over what no claim of it is made on"
        );
    }
}
