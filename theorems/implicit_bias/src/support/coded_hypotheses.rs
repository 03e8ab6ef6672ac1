//! Hypotheses that are named by codes, and the exact law of the confidence at which a bound on all of them fails.

use std::f64::consts::LN_2;

use theoria_elementary::{exp, exp_m1, ln, ln_1p};
use theoria_models::numerics::{maximum, minimum};
use theoria_verification::{Constant, Instance, Readings};

/// The largest δ at which failures are looked at: above it no bound says much.
const MOST: f64 = 0.25;
/// The least.
const LEAST: f64 = 1e-6;
/// The least that is drawn.
const DRAWN: f64 = 1e-3;
/// What rounding may part two confidences by that are equal.
const TIE: f64 = 1e-9;

/// kl(q‖p) of two probabilities: infinite where p = 0 < q or p = 1 > q.
pub(crate) fn relative_entropy(q: f64, p: f64) -> f64 {
    let part = |q: f64, p: f64| if q > 0.0 { q * ln(q / p) } else { 0.0 };
    part(q, p) + part(1.0 - q, 1.0 - p)
}

/// The largest p with kl(q‖p) ≤ `most`: what the error may be behind an error of q on the samples.
pub(crate) fn largest_error(q: f64, most: f64) -> f64 {
    let (mut below, mut above) = (q, 1.0);
    for _ in 0..100 {
        let middle = f64::midpoint(below, above);
        *(if relative_entropy(q, middle) <= most { &mut below } else { &mut above }) = middle;
    }
    below
}

/// When a bound at the confidence 1 − δ is said to fail for a hypothesis of `bits` bits, with the complexity
/// c = bits·log 2 + log 1/δ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// kl(err_n‖err) ≥ s c/n and err_n < err, for the share s.
    RelativeEntropy(f64),
    /// err − err_n ≥ √(c/(2n)).
    Root,
    /// err_n = 0 and err ≥ s c/n.
    Realisable(f64),
}

impl Form {
    /// The least δ at which it fails, given the error on n samples and that on all: infinite where it never does.
    fn confidence(self, bits: f64, samples: f64, seen: f64, error: f64) -> f64 {
        let missed = match self {
            Form::RelativeEntropy(share) => relative_entropy(seen, error) / share,
            Form::Root => 2.0 * (error - seen).powi(2),
            Form::Realisable(share) if seen == 0.0 => error / share,
            Form::Realisable(_) => return f64::INFINITY,
        };
        if seen < error { exp(bits * LN_2 - samples * missed) } else { f64::INFINITY }
    }
}

/// Hypotheses of one code length and one error.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alike {
    /// How many.
    pub(crate) count: usize,
    /// Length of the code of each, in bits.
    pub(crate) bits: f64,
    /// err of each.
    pub(crate) error: f64,
}

/// How the errors of hypotheses depend on each other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Law {
    /// Not at all.
    Independent,
    /// On a random sample this pattern of wrong hypotheses has this probability.
    Patterns(Vec<(f64, Vec<bool>)>),
}

/// Hypotheses with codes, and the law of their errors on n samples.
#[derive(Debug, Clone)]
pub(crate) struct CodedHypotheses {
    pub(crate) name: String,
    pub(crate) samples: usize,
    /// How many samples are copies of each other.
    pub(crate) copies: usize,
    /// Whether the codes are given out when the samples are known: none of its bits to whoever looks best on them.
    pub(crate) coded_after: bool,
    pub(crate) hypotheses: Vec<Alike>,
    pub(crate) law: Law,
}

impl CodedHypotheses {
    /// Independent errors that are as large as they can be without a failure at the confidence 1 − `delta` where no sample shows one.
    pub(crate) fn at_the_edge(samples: usize, codes: &[(usize, f64)], delta: f64) -> Self {
        let alike = codes.iter().map(|&(count, bits)| Alike {
            count,
            bits,
            error: -exp_m1((ln(delta) - bits * LN_2) / samples as f64),
        });
        CodedHypotheses {
            name: "independent errors".into(),
            samples,
            copies: 1,
            coded_after: false,
            hypotheses: alike.collect(),
            law: Law::Independent,
        }
    }

    /// Each predicts the same label always. The label that a hypothesis predicts has the probability with which it is all that
    /// is seen with probability 2^−bits·δ.
    ///
    /// # Panics
    /// If these probabilities exceed 1 together.
    pub(crate) fn constant_predictors(samples: usize, lengths: &[f64], delta: f64) -> Self {
        let right = |bits: &f64| exp((ln(delta) - bits * LN_2) / samples as f64);
        let shares: Vec<f64> = lengths.iter().map(right).collect();
        let rest = 1.0 - shares.iter().sum::<f64>();
        assert!(rest >= 0.0, "labels of probabilities that exceed 1 by {}", -rest);
        let wrong_but = |label: usize| (0..shares.len()).map(|k| k != label).collect::<Vec<_>>();
        let labels = shares.iter().copied().chain([rest]);
        CodedHypotheses {
            name: "constant predictors".into(),
            hypotheses: lengths
                .iter()
                .zip(&shares)
                .map(|(&bits, share)| Alike { count: 1, bits, error: 1.0 - share })
                .collect(),
            law: Law::Patterns(labels.enumerate().map(|(k, p)| (p, wrong_but(k))).collect()),
            ..Self::at_the_edge(samples, &[], delta)
        }
    }

    /// With the probabilities of all patterns of errors, the first hypothesis being the last binary digit of a pattern.
    pub(crate) fn with_patterns(samples: usize, lengths: &[f64], shares: &[f64]) -> Self {
        let wrong = |pattern: usize, k: usize| pattern >> k & 1 == 1;
        let error = |k: usize| {
            let shares = shares.iter().enumerate().filter(|(pattern, _)| wrong(*pattern, k));
            shares.map(|(_, share)| share).sum::<f64>()
        };
        let patterns = shares.iter().enumerate().map(|(pattern, share)| {
            (*share, (0..lengths.len()).map(|k| wrong(pattern, k)).collect())
        });
        CodedHypotheses {
            name: "joint errors".into(),
            hypotheses: lengths
                .iter()
                .enumerate()
                .map(|(k, &bits)| Alike { count: 1, bits, error: error(k).min(1.0) })
                .collect(),
            law: Law::Patterns(patterns.collect()),
            ..Self::at_the_edge(samples, &[], 1.0)
        }
    }

    /// Σ 2^−bits
    pub(crate) fn kraft_sum(&self) -> f64 {
        let sums = self.hypotheses.iter().map(|h| h.count as f64 * exp(-h.bits * LN_2));
        sums.sum()
    }

    /// The same with these errors.
    pub(crate) fn with_errors(mut self, errors: &[f64]) -> Self {
        for (hypothesis, error) in self.hypotheses.iter_mut().zip(errors) {
            hypothesis.error = *error;
        }
        self
    }

    /// Codes that are shorter by so many bits.
    pub(crate) fn shorter_by(mut self, bits: f64) -> Self {
        for hypothesis in &mut self.hypotheses {
            hypothesis.bits -= bits;
        }
        self
    }

    /// Samples that come in so many copies; their number stays.
    pub(crate) fn copied(mut self, copies: usize) -> Self {
        self.copies = copies;
        self
    }

    /// Codes that are given out after the samples.
    pub(crate) fn coded_after(mut self) -> Self {
        self.coded_after = true;
        self
    }

    /// The least δ at which the bound fails for a hypothesis with so many errors among the samples that are no copies.
    fn confidence(&self, form: Form, h: &Alike, errors: usize) -> f64 {
        let seen = (errors * self.copies) as f64 / self.samples as f64;
        let bits = if self.coded_after { 0.0 } else { h.bits };
        form.confidence(bits, self.samples as f64, seen, h.error)
    }

    /// The probability that the bound at the confidence 1 − δ fails for some hypothesis, at every δ where it leaps: these with what it has leapt to, in
    /// increasing order.
    fn staircase(&self, form: Form) -> Vec<(f64, f64)> {
        let draws = self.samples / self.copies;
        match &self.law {
            Law::Independent => self.staircase_of_independent(form, draws),
            Law::Patterns(patterns) => {
                let mut leaps = Vec::new();
                let shares: Vec<f64> = patterns.iter().map(|(share, _)| *share).collect();
                each_count(draws, &shares, &mut |counts, probability| {
                    let least = self.hypotheses.iter().enumerate().map(|(k, h)| {
                        let wrong = patterns.iter().zip(counts).filter(|((_, wrong), _)| wrong[k]);
                        self.confidence(form, h, wrong.map(|(_, count)| count).sum())
                    });
                    leaps.push((least.fold(f64::INFINITY, minimum), probability));
                });
                leaps.sort_by(|a, b| a.0.total_cmp(&b.0));
                let (mut so_far, mut steps) = (0.0, Vec::<(f64, f64)>::new());
                for (delta, probability) in leaps {
                    so_far += probability;
                    match steps.last_mut() {
                        Some(last) if delta <= last.0 * (1.0 + TIE) => *last = (delta, so_far),
                        _ => steps.push((delta, so_far)),
                    }
                }
                steps
            }
        }
    }

    fn staircase_of_independent(&self, form: Form, draws: usize) -> Vec<(f64, f64)> {
        let own: Vec<Vec<(f64, f64)>> = self
            .hypotheses
            .iter()
            .map(|h| {
                let confidence = |errors| self.confidence(form, h, errors);
                let steps = tails(draws, h.error).enumerate();
                let steps = steps.map(|(errors, tail)| (confidence(errors), tail));
                steps.take_while(|(delta, _)| *delta <= MOST).collect()
            })
            .collect();
        let mut leaps: Vec<f64> = own.iter().flatten().map(|(delta, _)| *delta).collect();
        leaps.sort_by(f64::total_cmp);
        leaps.dedup_by(|next, last| *next <= *last * (1.0 + TIE));
        let failing = |delta: f64| {
            let none = self.hypotheses.iter().zip(&own).map(|(h, steps)| {
                let most = steps.iter().take_while(|(step, _)| *step <= delta * (1.0 + TIE)).last();
                most.map_or(0.0, |(_, tail)| h.count as f64 * ln_1p(-tail))
            });
            -exp_m1(none.sum())
        };
        leaps.into_iter().map(|delta| (delta, failing(delta))).collect()
    }

    /// Where the probability of a failure is largest against δ, in each octave of δ up to a quarter, and what it is at a quarter.
    pub(crate) fn failures(&self, form: Form) -> Readings {
        let mut worst: Vec<(f64, f64)> = Vec::new();
        let mut so_far = 0.0;
        for (delta, failing) in self.staircase(form).into_iter().take_while(|step| step.0 <= MOST) {
            so_far = failing;
            if delta < LEAST {
                continue;
            }
            // What leaps within rounding of δ has leapt there.
            let (delta, octave) = (delta * (1.0 + TIE), |d: f64| ln(d / LEAST) / LN_2);
            match worst.last_mut() {
                Some(last) if octave(last.0).floor() == octave(delta).floor() => {
                    if failing / delta > last.1 / last.0 {
                        *last = (delta, failing);
                    }
                }
                _ => worst.push((delta, failing)),
            }
        }
        if worst.last().is_none_or(|last| last.0 < MOST) {
            worst.push((MOST, so_far));
        }
        worst.into_iter().collect()
    }

    /// The probability that the bound without any confidence, at δ = 1, fails.
    pub(crate) fn failure_at_one(&self, form: Form) -> f64 {
        let none = self.hypotheses.iter().map(|h| {
            let steps = tails(self.samples / self.copies, h.error).enumerate();
            let failing = steps.take_while(|(errors, _)| self.confidence(form, h, *errors) <= 1.0);
            failing.last().map_or(0.0, |(_, tail)| h.count as f64 * ln_1p(-tail))
        });
        -exp_m1(none.sum())
    }

    /// The staircase itself, at each δ the probability of a failure: for the eye.
    pub(crate) fn drawn_staircase(&self, form: Form) -> Vec<(f64, f64)> {
        let mut corners = Vec::new();
        let mut before = None;
        for (delta, failing) in self.staircase(form) {
            if (DRAWN..=MOST).contains(&delta) {
                corners.extend(before.map(|before| (delta, before)));
                corners.push((delta, failing));
                before = Some(failing);
            }
        }
        corners.extend(before.map(|before| (MOST, before)));
        corners
    }
}

impl Instance for CodedHypotheses {
    fn description(&self) -> String {
        let count: usize = self.hypotheses.iter().map(|h| h.count).sum();
        let noun = if count == 1 { "hypothesis" } else { "hypotheses" };
        let copies =
            if self.copies > 1 { format!(", each {} times", self.copies) } else { String::new() };
        let after = if self.coded_after { ", coded after the samples" } else { "" };
        format!("{count} {noun}, {}, {} samples{copies}{after}", self.name, self.samples)
    }

    fn constants(&self) -> Vec<Constant> {
        let errors = self.hypotheses.iter().map(|h| h.error);
        vec![
            Constant::exact("Kraft's sum", self.kraft_sum()),
            Constant::exact("largest error", errors.fold(0.0, maximum)),
        ]
    }
}

/// P(Bin(n, p) ≤ k) for k = 0 … n, each a sum of terms that are computed from their logarithms.
fn tails(n: usize, p: f64) -> impl Iterator<Item = f64> {
    let mut coefficient = 0.0;
    let mut sum = 0.0;
    (0..=n).map(move |k| {
        if k > 0 {
            coefficient += ln((n - k + 1) as f64 / k as f64);
        }
        let power =
            |count: usize, base: f64| if count == 0 { 0.0 } else { count as f64 * ln(base) };
        sum += exp(coefficient + power(k, p) + power(n - k, 1.0 - p));
        f64::min(sum, 1.0)
    })
}

/// All ways in which n draws fall on the outcomes, with their probabilities.
fn each_count(n: usize, shares: &[f64], seen: &mut impl FnMut(&[usize], f64)) {
    fn fill(
        left: usize,
        probability: f64,
        shares: &[f64],
        counts: &mut Vec<usize>,
        seen: &mut impl FnMut(&[usize], f64),
    ) {
        let [share, others @ ..] = shares else { return };
        if others.is_empty() {
            counts.push(left);
            seen(counts, probability * share.powi(left as i32));
            counts.pop();
            return;
        }
        let mut chosen = probability;
        for count in 0..=left {
            counts.push(count);
            fill(left - count, chosen, others, counts, seen);
            counts.pop();
            // The next one of this outcome, in any of the places that are left.
            chosen *= share * (left - count) as f64 / (count + 1) as f64;
        }
    }
    fill(n, 1.0, shares, &mut Vec::new(), seen);
}
