//! The typeface that labels are measured with: DejaVu Sans, reduced to the letters of figures.
//!
//! Browsers set figures in the typeface of the system; none of the usual ones is wider, so that what does not overlap
//! here does not overlap there.

use std::sync::LazyLock;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

static FACE: LazyLock<Face<'static>> = LazyLock::new(|| {
    let bytes: &[u8] = include_bytes!("DejaVuSans.ttf");
    Face::parse(bytes, 0).expect("a typeface that a test has read")
});

/// What stands for letters that it has not.
fn glyph(letter: char) -> GlyphId {
    FACE.glyph_index(letter).unwrap_or_default()
}

/// Whether the typeface has the letter.
#[cfg(test)]
pub(super) fn has(letter: char) -> bool {
    FACE.glyph_index(letter).is_some()
}

/// Width of a letter of size 1.
pub(super) fn advance(letter: char) -> f64 {
    let units = FACE.glyph_hor_advance(glyph(letter)).unwrap_or_default();
    f64::from(units) / f64::from(FACE.units_per_em())
}

/// Tells the builder the outline of a letter of size 1, which stands on height 0 and grows upwards.
pub(super) fn outline(letter: char, builder: &mut impl OutlineBuilder) {
    let scale = 1.0 / f32::from(FACE.units_per_em());
    FACE.outline_glyph(glyph(letter), &mut Scaled { scale, builder });
}

struct Scaled<'a, B> {
    scale: f32,
    builder: &'a mut B,
}

impl<B: OutlineBuilder> OutlineBuilder for Scaled<'_, B> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.builder.move_to(self.scale * x, self.scale * y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.builder.line_to(self.scale * x, self.scale * y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let s = self.scale;
        self.builder.quad_to(s * x1, s * y1, s * x, s * y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let s = self.scale;
        self.builder.curve_to(s * x1, s * y1, s * x2, s * y2, s * x, s * y);
    }

    fn close(&mut self) {
        self.builder.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_formulas_are_there_and_wide() {
        let needed = "Aaz09 f(x) − f*, |∇f|₁²ⁿ⁻⁵⁴ₙ₊₁ ≤≥≈·×√∞∂Σ αβγδεζηθκλμνξπρστφχψω ℓ⟨⟩‖ … ⋯ – ’ ʲˡᶻ ő é ■□○×";
        for letter in needed.chars() {
            assert!(has(letter) && advance(letter) > 0.1, "{letter:?}");
        }
        assert!(advance('m') > 1.5 * advance('i') && !has('中') && advance('中') > 0.3);
    }
}
