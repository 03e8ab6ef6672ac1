//! From a theorem to its evidence.

use rayon::prelude::*;

use super::Theorem;
use crate::claim::{Member, examine_together};
use crate::evidence::{ClaimEvidence, Run, SCHEMA, TheoremEvidence};
use crate::memory::Remembered;
use crate::{Draw, Figure, Settings, Standing, Stream};

impl Theorem {
    /// Checks every claim and control.
    pub fn check(&self, settings: &Settings) -> TheoremEvidence {
        let stream = self.stream(settings);
        let claims = self.examined(&stream, settings);
        TheoremEvidence {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION").into(),
            program: None,
            id: self.id.to_string(),
            fingerprint: self.fingerprint(),
            statement: self.statement.clone(),
            runs: vec![Run::with(settings)],
            needs: self.needs(),
            standing: Standing::of(claims.iter().map(|claim| (claim.role, claim.verdict))),
            forgotten: self.forgotten(),
            claims,
            figures: self.figures.iter().filter_map(Figure::of_claims).collect(),
            computed_figures: self
                .figures
                .par_iter()
                .filter_map(|figure| {
                    let stream = stream.child("figure").child(figure.name());
                    figure.computed(&mut Draw::new(stream.trial(0)), settings.effort)
                })
                .collect(),
        }
    }

    /// Checks one claim or control: the same evidence as within [`check`](Theorem::check).
    /// None if the theorem has no claim of this name.
    pub fn check_claim(&self, name: &str, settings: &Settings) -> Option<ClaimEvidence> {
        let (role, claim) = self.claims.iter().find(|(_, c)| c.header().name == name)?;
        let remembered = self.remembered_of(name);
        let member = Member { role: *role, claim: &**claim, remembered: &remembered };
        examine_together(&[member], &self.stream(settings), settings).pop()
    }

    /// Evidence for all claims, in the order of their declaration; those that measure the same are examined
    /// together.
    fn examined(&self, stream: &Stream, settings: &Settings) -> Vec<ClaimEvidence> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let same = |a: usize, b: usize| {
            let (a, b) = (self.claims[a].1.header(), self.claims[b].1.header());
            (a.measurement, a.origin) == (b.measurement, b.origin)
        };
        for number in 0..self.claims.len() {
            match groups.iter_mut().find(|group| same(group[0], number)) {
                Some(group) => group.push(number),
                None => groups.push(vec![number]),
            }
        }
        let mut examined: Vec<(usize, ClaimEvidence)> = groups
            .par_iter()
            .flat_map_iter(|group| {
                let remembered: Vec<Vec<Remembered>> = group
                    .iter()
                    .map(|number| self.remembered_of(self.claims[*number].1.header().name))
                    .collect();
                let members: Vec<Member<'_>> = group
                    .iter()
                    .zip(&remembered)
                    .map(|(number, remembered)| {
                        let (role, claim) = &self.claims[*number];
                        Member { role: *role, claim: &**claim, remembered }
                    })
                    .collect();
                group.iter().copied().zip(examine_together(&members, stream, settings))
            })
            .collect();
        examined.sort_by_key(|(number, _)| *number);
        examined.into_iter().map(|(_, evidence)| evidence).collect()
    }
}
