//! Running the blocks of a stochastic experiment until a look decides.

use std::borrow::Cow;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::experiment::{Occasion, Samples, Seen};
use crate::journal::Page;
use crate::judgement::{TrialEvidence, TrialJudgement};
use crate::trials::{Block, BlockRecord, Plan, Sample};
use crate::{Finding, Reading, Verdict, number};

/// An experiment on one instance, whatever its type: what follows is compiled once.
pub(crate) struct OnInstance<'a> {
    pub(crate) judgement: TrialJudgement,
    pub(crate) trials: usize,
    /// Whether all trials run, whatever the first ones say.
    pub(crate) all_at_once: bool,
    pub(crate) sample: &'a (dyn Fn(&mut Block) -> Sample + Sync),
    /// The predicted distribution function of a law at a checkpoint and a value.
    pub(crate) distribution: Option<&'a (dyn Fn(f64, f64) -> f64 + Sync)>,
    pub(crate) predicted: &'a (dyn Fn(f64) -> Reading + Sync),
    /// Between what every trial lies at a checkpoint, where the author says it.
    pub(crate) range: Option<&'a (dyn Fn(f64) -> (f64, f64) + Sync)>,
    /// What the mean square of a trial does not exceed at a checkpoint, where the author says it.
    pub(crate) square: Option<&'a (dyn Fn(f64) -> f64 + Sync)>,
}

/// Runs blocks round by round, those of a round in parallel, and stops at the first look that decides. All blocks run on
/// one machine, for only who has seen the earlier ones knows when to stop. Blocks whose samples are kept are not run
/// again, and those that are run are kept with them; nor are those that the journal knows. Trials that were run
/// before are continued by as many again.
pub(crate) fn conduct(
    experiment: &OnInstance<'_>,
    on: &Occasion<'_>,
    seen: &mut Seen,
) -> (TrialEvidence, Finding) {
    let earlier = seen.earlier.take();
    let blocks = experiment.judgement.blocks();
    let trials = experiment.trials * on.settings.effort.trials_factor();
    let plan = Plan {
        block_trials: trials.div_ceil(blocks).max(1),
        blocks,
        all_at_once: experiment.all_at_once,
        deepened: earlier.as_ref().map_or(0, |earlier| earlier.plan.deepened.saturating_add(1)),
    };
    let page = seen.page.clone();
    let mut run = Running { experiment, on, plan, page, kept: &mut seen.samples };
    // Of trials that go on the first block is run again: it says whether the experiment is still the same.
    let first = match &earlier {
        Some(_) => First::Sampled(run.sample(0).into_owned()),
        None => run.first(),
    };
    let mut evidence = run.evidence(match &first {
        First::Known(known) => known.x.clone(),
        First::Sampled(sample) => sample.checkpoints().to_vec(),
    });
    match first {
        First::Known(known) => evidence.blocks.push(known.record),
        First::Sampled(sample) => {
            let opened = run.record(&evidence, 0, &sample);
            evidence.blocks.push(opened);
            run.keep([(0, Some(sample))]);
        }
    }
    if let Some(earlier) = earlier {
        if let Some(unlike) = evidence.unlike(&earlier) {
            seen.refused = Some(unlike);
            let finding = earlier.judge();
            return (earlier, finding);
        }
        evidence.blocks = earlier.blocks;
    }
    for look in plan.looks(on.alpha) {
        let begin = evidence.blocks.len();
        if look.blocks <= begin {
            continue;
        }
        let ran: Vec<(BlockRecord, (usize, Option<Sample>))> = (begin..look.blocks)
            .into_par_iter()
            .map(|block| {
                let (record, sample) = run.block(&evidence, block);
                (record, (block, sample))
            })
            .collect();
        let (records, samples): (Vec<BlockRecord>, Vec<_>) = ran.into_iter().unzip();
        run.keep(samples);
        evidence.blocks.extend(records);
        // Earlier looks decided nothing.
        let finding = evidence.judge_at(look);
        if finding.verdict != Verdict::Inconclusive || look.blocks == plan.all_blocks() {
            return (evidence, finding);
        }
    }
    let finding = evidence.judge();
    (evidence, finding)
}

/// What the journal holds of a block.
#[derive(Serialize, Deserialize)]
struct Known {
    #[serde(with = "number::list")]
    x: Vec<f64>,
    record: BlockRecord,
}

impl Known {
    /// Whether it is of the block with this number, at so many checkpoints.
    fn fits(&self, block: usize, checkpoints: usize) -> bool {
        let lengths = [self.x.len(), self.record.points.len()];
        self.record.block == block && lengths == [checkpoints; 2]
    }
}

/// The first block says what the checkpoints are.
enum First {
    Known(Known),
    Sampled(Sample),
}

/// An experiment whose blocks are being run.
struct Running<'a> {
    experiment: &'a OnInstance<'a>,
    on: &'a Occasion<'a>,
    plan: Plan,
    page: Page,
    kept: &'a mut Option<Samples>,
}

impl Running<'_> {
    fn first(&self) -> First {
        let known: Option<Known> = self.page.part(0).recall();
        match known.filter(|known| !known.x.is_empty() && known.fits(0, known.x.len())) {
            Some(known) => First::Known(known),
            None => First::Sampled(self.sample(0).into_owned()),
        }
    }

    /// What is known of the experiment before any trial.
    fn evidence(&self, x: Vec<f64>) -> TrialEvidence {
        let experiment = self.experiment;
        let predicted: Vec<Reading> = x.iter().map(|&x| (experiment.predicted)(x)).collect();
        let range = |x: f64| match experiment.range {
            Some(range) => Some(range(x)),
            None if experiment.square.is_some() => Some((0.0, f64::INFINITY)),
            None => experiment.judgement.presumed_range(),
        };
        let ranges: Vec<(f64, f64)> = x.iter().filter_map(|&x| range(x)).collect();
        TrialEvidence {
            stream: self.on.stream.to_string(),
            judgement: experiment.judgement,
            alpha: self.on.alpha,
            plan: self.plan,
            least: ranges.iter().map(|range| range.0).collect(),
            most: ranges.iter().map(|range| range.1).collect(),
            square: experiment
                .square
                .map_or_else(Vec::new, |square| x.iter().map(|&x| square(x)).collect()),
            attained: self.on.attained.is_some(),
            x,
            predicted: predicted.iter().map(|reading| reading.value).collect(),
            floor: predicted.iter().map(|reading| reading.floor).collect(),
            blocks: Vec::new(),
        }
    }

    /// The record of a block, and its sample, if it was run now and others may ask for it.
    fn block(&self, evidence: &TrialEvidence, block: usize) -> (BlockRecord, Option<Sample>) {
        let known: Option<Known> = self.page.part(block).recall();
        if let Some(known) = known.filter(|known| known.fits(block, evidence.x.len())) {
            return (known.record, None);
        }
        let sample = self.sample(block);
        let record = self.record(evidence, block, &sample);
        let fresh = match sample {
            Cow::Owned(sample) if self.kept.is_some() => Some(sample),
            _ => None,
        };
        (record, fresh)
    }

    /// The sample of a block: kept from before, or run now.
    fn sample(&self, block: usize) -> Cow<'_, Sample> {
        let kept = self.kept.as_ref();
        match kept.and_then(|kept| kept.get(&(self.plan.block_trials, block))) {
            Some(sample) => Cow::Borrowed(sample),
            None => {
                let generator = self.on.stream.trial(block as u64);
                let mut block = Block::new(self.plan.block_trials, generator);
                Cow::Owned((self.experiment.sample)(&mut block))
            }
        }
    }

    fn record(&self, evidence: &TrialEvidence, block: usize, sample: &Sample) -> BlockRecord {
        assert_eq!(
            sample.checkpoints(),
            evidence.x,
            "every block measures at the same checkpoints"
        );
        for (x, row) in sample.checkpoints().iter().zip(sample.rows()) {
            assert_eq!(
                row.len(),
                self.plan.block_trials,
                "a block has one number for each of its trials at every checkpoint; at {x}"
            );
        }
        let distribution = self.experiment.distribution.map(|function| function as _);
        let points = evidence.judgement.record(evidence, sample, distribution);
        let known = Known { x: evidence.x.clone(), record: BlockRecord { block, points } };
        self.page.part(block).keep(&known);
        known.record
    }

    /// Keeps samples for the claims that ask for them next, if any does.
    fn keep(&mut self, samples: impl IntoIterator<Item = (usize, Option<Sample>)>) {
        if let Some(kept) = self.kept.as_mut() {
            let trials = self.plan.block_trials;
            for (block, sample) in samples {
                kept.extend(sample.map(|sample| ((trials, block), sample)));
            }
        }
    }
}
