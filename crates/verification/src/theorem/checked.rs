//! From a theorem to its evidence.

use std::sync::Arc;

use rayon::prelude::*;

use super::Theorem;
use crate::claim::{Dealer, Member, Together, Work};
use crate::evidence::{ClaimEvidence, ComputedFigure, Run, SCHEMA, Share, TheoremEvidence};
use crate::journal::Page;
use crate::memory::Remembered;
use crate::{Draw, Figure, Journal, Settings, Standing, Stream};

impl Theorem {
    /// Checks every claim and control; of a shard, those of their instances, and of the figures, that fall to it.
    pub fn check(&self, settings: &Settings) -> TheoremEvidence {
        self.check_on(settings, &Page::default())
    }

    /// The same, but for what the journal knows already; what is finished on the way is written down in it. A journal
    /// belongs to one theorem as it is, one build and these settings.
    pub fn check_with_journal(
        &self,
        settings: &Settings,
        journal: Arc<dyn Journal>,
    ) -> TheoremEvidence {
        self.check_on(settings, &Page::of(journal))
    }

    fn check_on(&self, settings: &Settings, page: &Page) -> TheoremEvidence {
        let stream = self.stream(settings);
        let mut dealer = Dealer::new(&self.id.to_string(), settings.shard);
        let claims = self.examined(&stream, &mut dealer, settings, page);
        let computed: Vec<&Figure> = self.figures.iter().filter(|it| it.is_computed()).collect();
        let share = settings.shard.map(|_| Share {
            build: None,
            figures: computed.iter().map(|figure| figure.name().into()).collect(),
        });
        let own: Vec<&Figure> =
            computed.into_iter().filter(|_| dealer.deal(Work::Figure)).collect();
        let mut evidence = TheoremEvidence {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION").into(),
            program: None,
            id: self.id.to_string(),
            fingerprint: self.fingerprint(),
            statement: self.statement.clone(),
            runs: vec![Run::with(settings)],
            share,
            uses: self.prerequisites.clone(),
            alone: self.alone.clone(),
            needs: self.needs(),
            standing: Standing::Inconclusive,
            forgotten: self.forgotten(),
            claims,
            figures: self.figures.iter().filter_map(Figure::of_claims).collect(),
            computed_figures: computed_figures(&own, &stream, settings, page),
        };
        evidence.conclude();
        evidence
    }

    /// Checks one claim or control: the same evidence as within [`check`](Theorem::check).
    /// None if the theorem has no claim of this name.
    pub fn check_claim(&self, name: &str, settings: &Settings) -> Option<ClaimEvidence> {
        let (role, claim) = self.claims.iter().find(|(_, c)| c.header().name == name)?;
        let remembered = self.remembered_of(name);
        let member = Member { role: *role, claim: &**claim, remembered: &remembered };
        let settings = Settings { shard: None, ..*settings };
        let mut dealer = Dealer::new(&self.id.to_string(), None);
        let stream = self.stream(&settings);
        let together = Together::new(&[member], &stream, &mut dealer, &settings);
        together.examine(&settings, &Page::default()).pop()
    }

    /// Evidence for all claims, in the order of their declaration; those that measure the same are examined
    /// together.
    fn examined(
        &self,
        stream: &Stream,
        dealer: &mut Dealer,
        settings: &Settings,
        page: &Page,
    ) -> Vec<ClaimEvidence> {
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
        let remembered: Vec<Vec<Remembered>> =
            self.claims.iter().map(|(_, claim)| self.remembered_of(claim.header().name)).collect();
        let together: Vec<Together<'_>> = groups
            .iter()
            .map(|group| {
                let member = |number: &usize| {
                    let (role, claim) = &self.claims[*number];
                    Member { role: *role, claim: &**claim, remembered: &remembered[*number] }
                };
                let members: Vec<Member<'_>> = group.iter().map(member).collect();
                Together::new(&members, stream, dealer, settings)
            })
            .collect();
        let mut examined: Vec<(usize, ClaimEvidence)> = groups
            .par_iter()
            .zip(&together)
            .enumerate()
            .flat_map_iter(|(number, (group, together))| {
                let page = page.part("claims").part(number);
                group.iter().copied().zip(together.examine(settings, &page))
            })
            .collect();
        examined.sort_by_key(|(number, _)| *number);
        examined.into_iter().map(|(_, evidence)| evidence).collect()
    }
}

/// Each is drawn from a stream of its own.
fn computed_figures(
    figures: &[&Figure],
    theorem: &Stream,
    settings: &Settings,
    page: &Page,
) -> Vec<ComputedFigure> {
    let computed = figures.par_iter().filter_map(|figure| {
        let stream = theorem.child("figure").child(figure.name());
        let compute = || figure.computed(&mut Draw::new(stream.trial(0)), settings.effort);
        page.part("figures").part(figure.name()).recalled_or(compute)
    });
    computed.collect()
}
