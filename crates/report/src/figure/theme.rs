//! Colours and type.

use plotters::style::RGBColor;

/// A colour on paper, and what it becomes on a dark screen.
pub(crate) struct Ink {
    pub(crate) paper: RGBColor,
    pub(crate) dark: &'static str,
}

const fn ink(red: u8, green: u8, blue: u8, dark: &'static str) -> Ink {
    Ink { paper: RGBColor(red, green, blue), dark }
}

/// The first five after Okabe and Ito (2008), darkened so that each has a contrast of at least 4 on white.
pub(crate) const LINES: [Ink; 12] = [
    ink(0x00, 0x6b, 0xa6, "#5cb8f0"),
    ink(0xc2, 0x4e, 0x00, "#ff9a52"),
    ink(0x00, 0x78, 0x56, "#3fd0a4"),
    ink(0x9a, 0x3d, 0x78, "#eda3cf"),
    ink(0x80, 0x62, 0x00, "#e8c63d"),
    ink(0x4a, 0x4a, 0x52, "#c4c4cc"),
    ink(0xb3, 0x26, 0x1e, "#ff8a80"),
    ink(0x5a, 0x4f, 0xcf, "#b3a8ff"),
    ink(0x00, 0x7a, 0x87, "#58d5e3"),
    ink(0x6b, 0x44, 0x23, "#d3a47c"),
    ink(0x5c, 0x6e, 0x00, "#bccf5a"),
    ink(0x1f, 0x3a, 0x93, "#8fa8ff"),
];
/// Of controls, which are muted.
pub(crate) const CONTROLS: [Ink; 5] = [
    ink(0x8f, 0x5a, 0x5a, "#c99a9a"),
    ink(0x6a, 0x60, 0x8f, "#b3a9d6"),
    ink(0x55, 0x75, 0x60, "#9dbfa9"),
    ink(0x80, 0x6c, 0x4a, "#c7b18b"),
    ink(0x4f, 0x70, 0x85, "#97b9cf"),
];
pub(crate) const TEXT: Ink = ink(0x22, 0x22, 0x26, "#e6e6ea");
pub(crate) const FAINT: Ink = ink(0x5e, 0x5e, 0x66, "#a4a4ae");
pub(crate) const GRID: Ink = ink(0xe2, 0xe2, 0xe6, "#38383e");

pub(crate) const FONT: &str = "sans-serif";

/// All of them.
pub(crate) fn inks() -> impl Iterator<Item = &'static Ink> {
    LINES.iter().chain(&CONTROLS).chain([&TEXT, &FAINT, &GRID])
}

pub(crate) fn rgb(colour: RGBColor) -> [u8; 3] {
    [colour.0, colour.1, colour.2]
}
