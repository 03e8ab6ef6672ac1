//! Running the blocks of a stochastic experiment until a look decides.

use std::borrow::Cow;

use rayon::prelude::*;

use super::experiment::{Occasion, Samples};
use crate::judgement::{TrialEvidence, TrialJudgement};
use crate::trials::{Block, BlockRecord, Plan, Sample};
use crate::{Finding, Reading, Verdict};

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
/// one machine, for only who has seen the earlier ones knows when to stop. Blocks whose samples are `kept` are not run
/// again, and those that are run are kept with them.
pub(crate) fn conduct(
    experiment: &OnInstance<'_>,
    on: &Occasion<'_>,
    kept: &mut Option<Samples>,
) -> (TrialEvidence, Finding) {
    let blocks = experiment.judgement.blocks();
    let trials = experiment.trials * on.settings.effort.trials_factor();
    let plan = Plan {
        block_trials: trials.div_ceil(blocks).max(1),
        blocks,
        all_at_once: experiment.all_at_once,
    };
    let opening = sample_of(0, &plan, experiment, on, kept.as_ref());
    let x = opening.checkpoints().to_vec();
    let predicted: Vec<Reading> = x.iter().map(|&x| (experiment.predicted)(x)).collect();
    let range = |x: f64| match experiment.range {
        Some(range) => Some(range(x)),
        None if experiment.square.is_some() => Some((0.0, f64::INFINITY)),
        None => experiment.judgement.presumed_range(),
    };
    let ranges: Vec<(f64, f64)> = x.iter().filter_map(|&x| range(x)).collect();
    let mut evidence = TrialEvidence {
        stream: on.stream.to_string(),
        judgement: experiment.judgement,
        alpha: on.alpha,
        plan,
        least: ranges.iter().map(|range| range.0).collect(),
        most: ranges.iter().map(|range| range.1).collect(),
        square: experiment
            .square
            .map_or_else(Vec::new, |square| x.iter().map(|&x| square(x)).collect()),
        attained: on.attained.is_some(),
        x,
        predicted: predicted.iter().map(|reading| reading.value).collect(),
        floor: predicted.iter().map(|reading| reading.floor).collect(),
        blocks: Vec::new(),
    };
    let record = |evidence: &TrialEvidence, block: usize, sample: &Sample| {
        assert_eq!(
            sample.checkpoints(),
            evidence.x,
            "every block measures at the same checkpoints"
        );
        for (x, row) in sample.checkpoints().iter().zip(sample.rows()) {
            assert_eq!(
                row.len(),
                plan.block_trials,
                "a block has one number for each of its trials at every checkpoint; at {x}"
            );
        }
        let distribution = experiment.distribution.map(|function| function as _);
        let points = evidence.judgement.record(evidence, sample, distribution);
        BlockRecord { block, points }
    };
    let opened = record(&evidence, 0, &opening);
    evidence.blocks.push(opened);
    let opening = fresh(opening);
    keep(kept, &plan, [(0, opening)]);
    let keeping = kept.is_some();
    for look in plan.looks() {
        let begin = evidence.blocks.last().map_or(0, |last| last.block + 1);
        let numbers: Vec<usize> = (begin..look).collect();
        let (records, samples): (Vec<BlockRecord>, Vec<(usize, Option<Sample>)>) = numbers
            .into_par_iter()
            .map(|block| {
                let sample = sample_of(block, &plan, experiment, on, kept.as_ref());
                let record = record(&evidence, block, &sample);
                (record, (block, if keeping { fresh(sample) } else { None }))
            })
            .unzip();
        keep(kept, &plan, samples);
        evidence.blocks.extend(records);
        let finding = evidence.judge();
        if finding.verdict != Verdict::Inconclusive || look == blocks {
            return (evidence, finding);
        }
    }
    let finding = evidence.judge();
    (evidence, finding)
}

/// The sample of a block: kept from before, or run now.
fn sample_of<'a>(
    block: usize,
    plan: &Plan,
    experiment: &OnInstance<'_>,
    on: &Occasion<'_>,
    kept: Option<&'a Samples>,
) -> Cow<'a, Sample> {
    match kept.and_then(|kept| kept.get(&(plan.block_trials, block))) {
        Some(sample) => Cow::Borrowed(sample),
        None => {
            let generator = on.stream.trial(block as u64);
            Cow::Owned((experiment.sample)(&mut Block::new(plan.block_trials, generator)))
        }
    }
}

/// The sample, if it was run now.
fn fresh(sample: Cow<'_, Sample>) -> Option<Sample> {
    match sample {
        Cow::Owned(sample) => Some(sample),
        Cow::Borrowed(_) => None,
    }
}

/// Keeps samples for the claims that ask for them next, if any does.
fn keep(
    kept: &mut Option<Samples>,
    plan: &Plan,
    samples: impl IntoIterator<Item = (usize, Option<Sample>)>,
) {
    if let Some(kept) = kept {
        for (block, sample) in samples {
            kept.extend(sample.map(|sample| ((plan.block_trials, block), sample)));
        }
    }
}
