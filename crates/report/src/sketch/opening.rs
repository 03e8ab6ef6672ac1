//! The figure that a report begins with: one promise, what was measured, and a failing control.

use maud::{Markup, html};
use theoria_verification::Role;
use theoria_verification::evidence::{ClaimEvidence, FigureOfClaims, InstanceEvidence};

use super::of_curves;
use super::plot::{HEIGHT, Plot, WIDTH};
use crate::chapters::Picture;
use crate::entry::Entry;
use crate::figure::Curve;

/// Room for the labels of the axes.
const LEFT: f64 = 46.0;
const BELOW: f64 = 26.0;

/// A promise with what was measured, and what fails where a control breaks it.
pub(crate) struct Opening<'a> {
    pub(crate) entry: &'a Entry<'a>,
    pub(crate) figure: &'a FigureOfClaims,
    pub(crate) claim: &'a ClaimEvidence,
    pub(crate) instance: &'a InstanceEvidence,
    pub(crate) control: Option<(&'a ClaimEvidence, &'a InstanceEvidence)>,
}

/// The figure that is asked for, or the first that shows a claim and a control, or a claim alone.
pub(crate) fn opening<'a>(
    entries: &'a [Entry<'a>],
    wanted: Option<&Picture>,
) -> Option<Opening<'a>> {
    let asked = wanted.and_then(|picture| {
        let entry = entries.iter().find(|entry| entry.evidence.id == picture.theorem)?;
        let figure = entry.evidence.figures.iter().find(|figure| figure.name == picture.figure)?;
        Opening::of(entry, figure, picture.family)
    });
    let all = || {
        let figures =
            |entry: &'a Entry<'a>| entry.evidence.figures.iter().map(move |it| (entry, it));
        entries
            .iter()
            .flat_map(figures)
            .filter_map(|(entry, figure)| Opening::of(entry, figure, None))
    };
    asked.or_else(|| all().find(|it| it.control.is_some())).or_else(|| all().next())
}

impl<'a> Opening<'a> {
    fn of(entry: &'a Entry<'a>, figure: &'a FigureOfClaims, family: Option<&str>) -> Option<Self> {
        if figure.ratio {
            return None;
        }
        let named = |role| {
            let claims = figure
                .claims
                .iter()
                .filter_map(|name| entry.evidence.claims.iter().find(|claim| claim.name == *name));
            claims.filter(move |claim| claim.role == role && claim.as_expected())
        };
        let long = |instance: &&InstanceEvidence| {
            instance.counts && instance.curve.as_ref().is_some_and(|curve| curve.x.len() >= 5)
        };
        let (claim, instance) = named(Role::Claim).find_map(|claim| {
            let wanted = claim.instances.iter().filter(long);
            let wanted =
                wanted.clone().find(|it| Some(it.family.as_str()) == family).or_else(|| {
                    let mut wanted = wanted;
                    wanted.next()
                });
            Some((claim, wanted?))
        })?;
        let control = named(Role::Control)
            .find_map(|control| Some((control, control.instances.iter().find(long)?)));
        let opening = Opening { entry, figure, claim, instance, control };
        opening.plot().map(|_| opening)
    }

    fn plot(&self) -> Option<Plot> {
        let claim = Curve::of(self.figure, self.claim, self.instance)?;
        let control =
            self.control.and_then(|(claim, instance)| Curve::of(self.figure, claim, instance));
        let curves: Vec<&Curve> = std::iter::once(&claim).chain(&control).collect();
        of_curves(&curves, [self.figure.x.scale, self.figure.y.scale])
    }

    /// The picture, with numbers at the axes; what they are is said below it.
    pub(crate) fn svg(&self) -> Option<Markup> {
        let plot = self.plot()?;
        let frame = format!("{} 0 {} {}", -LEFT, WIDTH + LEFT, HEIGHT + BELOW);
        let told = format!(
            "{} against {}: {}",
            self.figure.y.label, self.figure.x.label, self.figure.caption
        );
        let base = HEIGHT - 6.0;
        Some(html! {
            svg .sketch .opening viewBox=(frame) role="img" aria-label=(told) {
                @for tick in plot.y.ticks(4) {
                    @if let (Some(y), Some(label)) = (plot.up(tick.value), tick.label) {
                        path .grid d=(format!("M6 {y:.1}H{}", WIDTH - 6.0)) {}
                        text x="0" y=(format!("{:.1}", y + 4.0)) text-anchor="end" { (label) }
                    }
                }
                @for tick in plot.x.ticks(5) {
                    @if let (Some(x), Some(label)) = (plot.across(tick.value), tick.label) {
                        path .axes d=(format!("M{x:.1} {base}v4")) {}
                        text x=(format!("{x:.1}")) y=(base + 18.0) text-anchor="middle" { (label) }
                    }
                }
                svg x="0" y="0" width=(WIDTH) height=(HEIGHT - 5.0) viewBox=(format!("0 0 {WIDTH} {}", HEIGHT - 5.0)) { (plot.body()) }
            }
        })
    }
}
