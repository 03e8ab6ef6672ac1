//! Running the blocks of a stochastic experiment until a look decides.

use std::sync::Arc;

use rayon::prelude::*;

use crate::judgement::TrialJudgement;
use crate::trials::{Block, BlockRecord, Plan, Sample, TrialEvidence};
use crate::{Finding, Reading, Settings, Stream, Verdict};

type SampleOf<I> = dyn Fn(&I, &mut Block) -> Sample + Send + Sync;
type PredictedFor<I> = dyn Fn(&I, f64) -> Reading + Send + Sync;
type MostFor<I> = dyn Fn(&I, f64) -> f64 + Send + Sync;
type DistributionFor<I> = dyn Fn(&I, f64, f64) -> f64 + Send + Sync;

/// A stochastic experiment on instances of type `I`.
pub(crate) struct Experiment<I> {
    pub(crate) judgement: TrialJudgement,
    pub(crate) trials: usize,
    pub(crate) sample: Arc<SampleOf<I>>,
    pub(crate) predicted: Arc<PredictedFor<I>>,
    pub(crate) most: Option<Arc<MostFor<I>>>,
    pub(crate) distribution: Option<Arc<DistributionFor<I>>>,
}

impl<I: Send + Sync> Experiment<I> {
    /// Conducts it on an instance.
    pub(crate) fn on(
        &self,
        instance: &I,
        stream: &Stream,
        alpha: f64,
        settings: &Settings,
    ) -> (TrialEvidence, Finding) {
        let sample = |block: &mut Block| {
            let mut sample = (self.sample)(instance, block);
            if let Some(distribution) = &self.distribution {
                sample.transform(|x, value| distribution(instance, x, value));
            }
            sample
        };
        let on_instance = OnInstance {
            judgement: self.judgement,
            trials: self.trials,
            sample: &sample,
            predicted: &|x| (self.predicted)(instance, x),
            most: &|x| self.most.as_ref().map(|most| most(instance, x)),
        };
        conduct(&on_instance, stream, alpha, settings)
    }
}

/// An experiment on one instance, whatever its type: what follows is compiled once.
struct OnInstance<'a> {
    judgement: TrialJudgement,
    trials: usize,
    sample: &'a (dyn Fn(&mut Block) -> Sample + Sync),
    predicted: &'a dyn Fn(f64) -> Reading,
    most: &'a dyn Fn(f64) -> Option<f64>,
}

/// Runs blocks round by round, those of a round in parallel, and stops at the first look that decides. A
/// shard runs all its blocks: when to stop is known only when the shards are put together.
fn conduct(
    experiment: &OnInstance<'_>,
    stream: &Stream,
    alpha: f64,
    settings: &Settings,
) -> (TrialEvidence, Finding) {
    let blocks = experiment.judgement.blocks();
    let shard = settings.shard;
    let trials = experiment.trials * settings.effort.trials_factor();
    let plan = Plan { block_trials: trials.div_ceil(blocks).max(1), blocks };
    let sample = experiment.sample;
    let run = |block: usize| -> Sample {
        let generator = stream.trial(block as u64);
        sample(&mut Block::new(plan.block_trials, generator))
    };
    let first = shard.map_or(0, |shard| shard.index);
    let opening = run(first);
    let x = opening.checkpoints().to_vec();
    let predicted: Vec<Reading> = x.iter().map(|&x| (experiment.predicted)(x)).collect();
    let mut evidence = TrialEvidence {
        stream: stream.to_string(),
        judgement: experiment.judgement,
        alpha,
        plan,
        most: x.iter().filter_map(|&x| (experiment.most)(x)).collect(),
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
        BlockRecord { block, points: evidence.judgement.record(evidence, sample) }
    };
    let opened = record(&evidence, first, &opening);
    evidence.blocks.push(opened);
    let mine = |block: &usize| shard.is_none_or(|shard| block % shard.of == shard.index);
    let looks = plan.looks();
    let rounds = if shard.is_some() { &[blocks][..] } else { &looks };
    for &look in rounds {
        let begin = evidence.blocks.last().map_or(0, |last| last.block + 1);
        let numbers: Vec<usize> = (begin..look).filter(mine).collect();
        let records: Vec<BlockRecord> =
            numbers.into_par_iter().map(|block| record(&evidence, block, &run(block))).collect();
        evidence.blocks.extend(records);
        let finding = evidence.judge();
        if finding.verdict != Verdict::Inconclusive || look == blocks {
            return (evidence, finding);
        }
    }
    let finding = evidence.judge();
    (evidence, finding)
}
