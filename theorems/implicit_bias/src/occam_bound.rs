#![doc = include_str!("occam_bound.md")]

use theoria_instances::sequences::powers_of_two;
use theoria_models::numerics::{maximum, minimum};
use theoria_verification::{
    Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Instance, Line,
    Reading, Readings, Side, Theorem, TrialClaim,
};

use crate::support::box_code::{bits_of_level, lengths};
use crate::support::coded_families::{
    edges, independent, joint, listed, many_samples, one_on_two_samples, predictors,
};
use crate::support::coded_hypotheses::{CodedHypotheses, Form, largest_error};
use crate::support::quantised_separators::Separated;

/// Of the guarantees that are held against errors: none of them fails in a lifetime of runs.
const DELTA: f64 = 1e-9;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let entropy = entropy("all_hypotheses_at_once");
    let less_failure = entropy
        .restated(
            "failure_is_a_twentieth_rarer",
            "P(some h: err_n < err, kl(err_n‖err) ≥ (ℓ log 2 + log 1/δ)/n) ≤ 0.95 δ",
        )
        .predicting(|_, delta| 0.95 * delta)
        .on(edges())
        .on(predictors());
    let realisable = failure(
        "hypotheses_without_a_training_error",
        "P(some h: err_n = 0, err ≥ (ℓ log 2 + log 1/δ)/n) ≤ δ",
        Form::Realisable(1.0),
    );
    let root = failure(
        "root_form_for_all_hypotheses",
        "P(some h: err ≥ err_n + √((ℓ log 2 + log 1/δ)/(2n))) ≤ δ",
        Form::Root,
    );
    let beyond_root = beyond_the_root("root_is_larger_than_the_inverse");
    let smaller_root = beyond_root
        .restated("root_is_smaller_by_a_fiftieth", "p − q ≤ 0.98 √(ε/2), kl(q‖p) = ε")
        .predicting(|_, epsilon| 0.98 * (epsilon / 2.0).sqrt())
        .on(half());
    let levels = levels("box_needs_few_levels");
    let fewer_levels = levels
        .restated("box_needs_a_twentieth_less", "m ≤ 0.95 (1/r + 1)")
        .predicting_from(Grids::of, |grids, place| 0.95 * grids.enough(place))
        .on(nearly_equal_weights());
    Theorem::new("implicit_bias/occam_bound", include_str!("occam_bound.md"))
        .uses(
            "implicit_bias/flatness_measures",
            "bits of a minimum are those that name a box in which it may be rounded",
        )
        .uses(
            "implicit_bias/max_margin",
            "the separator of the widest box has the largest margin in the maximum norm",
        )
        .claim(
            entropy
                .on(independent())
                .on(joint())
                .attained_on(edges())
                .attained_on(predictors())
                .tight_to(0.99),
        )
        .claim(
            realisable.on(independent()).on(joint()).attained_on(many_samples()).tight_to(0.99),
        )
        .claim(root.on(independent()).on(joint()).on(one_on_two_samples()).tight_to(0.67))
        .claim(
            beyond_root
                .on(Family::drawn("training errors", |draw| Seen(draw.uniform(0.001, 0.999))))
                .attained_on(half())
                .tight_to(0.99),
        )
        .claim(levels.on(dense()).on(images()).attained_on(nearly_equal_weights()).tight_to(0.99))
        .claim(
            guaranteed("quantised_minimisers_keep_the_guarantee", "(2^−ℓ δ)", 1.0)
                .on(dense())
                .on(images())
                .on(coins())
                .tight_to(0.5),
        )
        .claim(lengths("lengths_of_boxes", "Σ over boxes of m ≤ M levels of 2^−ℓ = 1 − 1/(M + 1)", bits_of_level))
        .control(less_failure)
        .control(shorter_codes("codes_a_bit_shorter"))
        .control(copied_samples("samples_in_two_copies"))
        .control(codes_after("codes_given_out_after_the_samples"))
        .control(without_confidence("without_the_confidence"))
        .control(
            failure(
                "a_twentieth_less_is_enough",
                "P(some h: err_n < err, kl(err_n‖err) ≥ 0.95 (ℓ log 2 + log 1/δ)/n) ≤ δ",
                Form::RelativeEntropy(0.95),
            )
            .on(edges()),
        )
        .control(
            failure(
                "a_twentieth_less_is_enough_without_a_training_error",
                "P(some h: err_n = 0, err ≥ 0.95 (ℓ log 2 + log 1/δ)/n) ≤ δ",
                Form::Realisable(0.95),
            )
            .on(many_samples()),
        )
        .control(smaller_root)
        .control(fewer_levels)
        .control(guaranteed("minimisers_keep_a_guarantee_without_bits", "δ", 0.0).on(coins()))
        .control(lengths(
            "lengths_of_boxes_whose_level_is_free",
            "Σ over boxes of m ≤ M levels of m^(−d) = 1 − 1/(M + 1)",
            |_| 0.0,
        ))
        .control(coarsest_grid("flattest_minimiser_has_the_coarsest_grid"))
        .control(units("bits_belong_to_the_function"))
        .control(smaller_error("flattest_minimiser_has_the_smaller_error"))
        .figure(
            Figure::log_log("failure", "δ", "probability that the bound fails for some hypothesis")
                .caption(
                    "Computed without a trial: the probability of a failure stays below δ and touches it, where no sample \
                     shows an error.",
                )
                .showing(|_, _| staircases()),
        )
        .figure(
            Figure::linear("guarantee", "bits of the minimiser on its grid", "error")
                .caption(
                    "Minimisers on the coarsest grid that keeps their samples separated: fewer bits promise less, and the \
                     true error lies below, in no order.",
                )
                .showing(guarantees),
        )
}

const KRAFT: &str = "Kraft's inequality";

fn kraft() -> Hypothesis<CodedHypotheses> {
    Hypothesis::new(KRAFT, |at: &CodedHypotheses, _| Check::at_most(at.kraft_sum(), 1.0, "Σ 2^−ℓ"))
}

const INDEPENDENT: &str = "independent samples";

fn independent_samples() -> Hypothesis<CodedHypotheses> {
    Hypothesis::new(INDEPENDENT, |at: &CodedHypotheses, _| {
        Check::at_most(at.copies as f64, 1.0, "copies of each sample")
    })
}

const BEFORE: &str = "a code that does not depend on the samples";

fn coded_before() -> Hypothesis<CodedHypotheses> {
    Hypothesis::new(BEFORE, |at: &CodedHypotheses, _| {
        Check::that(!at.coded_after, "whether lengths are looked up after the samples")
    })
}

fn assumed() -> [Hypothesis<CodedHypotheses>; 3] {
    [kraft(), independent_samples(), coded_before()]
}

fn failure(name: &str, formula: &str, form: Form) -> Claim<CodedHypotheses> {
    Claim::bound(name, formula)
        .assuming(assumed())
        .measuring_each(move |at: &CodedHypotheses| at.failures(form))
        .predicting(|_, delta| delta)
}

fn entropy(name: &str) -> Claim<CodedHypotheses> {
    let formula = "P(some h: err_n < err, kl(err_n‖err) ≥ (ℓ log 2 + log 1/δ)/n) ≤ δ";
    failure(name, formula, Form::RelativeEntropy(1.0))
}

fn shorter_codes(name: &str) -> Claim<CodedHypotheses> {
    let shorter = listed().map(|at| at.shorter_by(1.0));
    entropy(name).violating(KRAFT).on(Family::listed("codes a bit shorter", shorter, Clone::clone))
}

fn copied_samples(name: &str) -> Claim<CodedHypotheses> {
    let copied = listed().map(|at| at.copied(2));
    entropy(name).violating(INDEPENDENT).on(Family::listed("copies", copied, Clone::clone))
}

fn codes_after(name: &str) -> Claim<CodedHypotheses> {
    let after = listed().map(CodedHypotheses::coded_after);
    entropy(name).violating(BEFORE).on(Family::listed("codes afterwards", after, Clone::clone))
}

fn without_confidence(name: &str) -> Claim<CodedHypotheses> {
    Claim::bound(name, "P(some h: err_n < err, kl(err_n‖err) ≥ ℓ log 2/n) ≤ 0.05")
        .assuming(assumed())
        .on(edges())
        .measuring([0.05], |at, once| once.read(|_| at.failure_at_one(Form::RelativeEntropy(1.0))))
        .predicting(|_, delta| delta)
}

/// An error q on the samples.
struct Seen(f64);

impl Instance for Seen {
    fn description(&self) -> String {
        format!("training error {:.3}", self.0)
    }
}

fn half() -> Family<Seen> {
    Family::single("half of the samples", || Seen(0.5))
}

/// p − q for the largest p with kl(q‖p) ≤ ε, against √(ε/2).
fn beyond_the_root(name: &str) -> Claim<Seen> {
    Claim::bound(name, "p − q ≤ √(ε/2), kl(q‖p) = ε")
        .assuming([Hypothesis::new("0 < q < 1", |seen: &Seen, _| {
            Check::that(0.0 < seen.0 && seen.0 < 1.0, "the training error")
        })])
        .measuring((1..=16).map(|k| 0.5f64.powi(k)).collect::<Vec<_>>(), |seen, budgets| {
            budgets.read(|epsilon| Reading::new(largest_error(seen.0, epsilon) - seen.0, 1e-14))
        })
        .predicting(|_, epsilon| (epsilon / 2.0).sqrt())
}

/// The separators of some samples, and the coarsest grids that keep them.
struct Grids {
    half_widths: Vec<f64>,
    levels: Vec<f64>,
}

impl Grids {
    fn of(at: &Separated) -> Self {
        let separators = at.separators();
        let levels = separators.iter().map(|separator| at.quantised(separator).levels as f64);
        Grids {
            levels: levels.collect(),
            half_widths: separators.iter().map(|s| at.half_width(s)).collect(),
        }
    }

    /// 1/r + 1 for the separator with this number.
    fn enough(&self, number: f64) -> f64 {
        1.0 / self.half_widths[number as usize] + 1.0
    }
}

fn separable() -> Hypothesis<Separated> {
    Hypothesis::new("separable samples", |at: &Separated, _| {
        let least = Grids::of(at).half_widths.into_iter().fold(f64::INFINITY, minimum);
        Check::at_least(least, 1e-6, "least half-width of a box")
    })
}

fn drawn_from_the_population() -> Hypothesis<Separated> {
    let why = "samples are drawn one by one from a law, or with replacement from a table, on all of which errors are known";
    Hypothesis::by_construction("independent samples of a known population", why)
}

/// Levels of the grids that keep the separators, numbered as they are found.
fn levels(name: &str) -> Claim<Separated> {
    Claim::bound(name, "m ≤ 1/r + 1")
        .assuming([separable()])
        .measuring_each(|at| {
            let levels = Grids::of(at).levels;
            levels.into_iter().enumerate().collect::<Readings>()
        })
        .predicting_from(Grids::of, Grids::enough)
}

fn nearly_equal_weights() -> Family<Separated> {
    Family::listed("nearly equal weights", [0.0105, 0.00203], |half_width: &f64| {
        Separated::nearly_equal_weights(*half_width)
    })
}

/// Samples whose labels a linear teacher gives.
fn dense() -> Family<Separated> {
    Family::drawn("dense teachers", |draw| Separated::by_dense_teacher(100, 16, draw.generator()))
}

fn images() -> Family<Separated> {
    Family::drawn("images", |draw| Separated::threes_and_eights(300, draw.generator()))
        .with_draws(3)
}

/// As many samples as features: enough for a promise, if there were no bits to be told.
fn coins() -> Family<Separated> {
    Family::drawn("labels by a coin", |draw| Separated::by_coins(64, 64, draw.generator()))
}

/// True errors of separators on their grids, by their bits, of which this share counts: all in the theorem.
fn guaranteed(name: &str, failure: &str, share: f64) -> Claim<Separated> {
    Claim::bound(name, &format!("err(w on its grid) < 1 − {failure}^(1/n), δ = 10⁻⁹"))
        .assuming([separable(), drawn_from_the_population()])
        .measuring_each(|at: &Separated| {
            let quantised = at.separators().into_iter().map(|separator| at.quantised(&separator));
            quantised.map(|q| (q.bits, q.error)).collect::<Readings>()
        })
        .predicting(move |at, bits| at.guarantee(share * bits, DELTA))
}

/// Levels that keep the flattest separator, against those that keep a sharper one.
fn coarsest_grid(name: &str) -> Claim<Separated> {
    let quotients = [0.9, 0.8, 0.6];
    Claim::bound(name, "m(flattest) ≤ m(sharper)")
        .assuming([separable()])
        .on(Family::listed("two weights", quotients, |c: &f64| {
            Separated::between_two_quotients(*c)
        }))
        .measuring([1], |at, once| once.read(|_| Grids::of(at).levels[0]))
        .predicting(|at, _| Grids::of(at).levels[1])
}

/// Of one classifier, when the feature of the largest weight is told in units of c.
fn units(name: &str) -> Claim<Separated> {
    let bits = |at: &Separated, c: f64| {
        let weights = at.flattest();
        let feature = weights.iamax();
        at.bits_in_units(weights, feature, c)
    };
    Claim::identity(name, "ℓ with a feature in other units = ℓ", 0.05)
        .assuming([separable()])
        .on(dense())
        .measuring(powers_of_two(0..=6), move |at, units| units.read(|c| bits(at, c)))
        .predicting_from(move |at| bits(at, 1.0), |bits, _| *bits)
}

fn smaller_error(name: &str) -> TrialClaim<OneFeature> {
    let formula = "P(err(flattest) ≤ err(largest margin)) ≥ 0.9";
    Claim::probability(name, formula, Side::AtLeast)
        .trials(256)
        .assuming([Hypothesis::by_construction(
            "independent samples of a known population",
            "each trial draws 100 samples of 16 normal features, labelled by the sign of the first",
        )])
        .on(Family::single("teacher", || OneFeature))
        .sampling(|_, block| {
            block.each_event(100, |random| {
                let at = Separated::by_one_feature(100, 16, random);
                at.error(&at.flattest()) <= at.error(&at.largest_margin())
            })
        })
        .predicting(|_, _| 0.9)
}

/// A teacher that looks at one of sixteen features.
struct OneFeature;

impl Instance for OneFeature {
    fn description(&self) -> String {
        "a teacher that looks at one feature, 100 samples of 16".into()
    }
}

fn staircases() -> Content {
    let [equal, ..] = listed();
    let predictors = CodedHypotheses::constant_predictors(3, &[2.0; 4], 0.05);
    let many = CodedHypotheses::at_the_edge(200, &[(1024, 10.0)], 0.01).with_errors(&[0.3]);
    let entropy = Form::RelativeEntropy(1.0);
    Content::Lines {
        lines: vec![
            Line::measured("4096 independent hypotheses", equal.drawn_staircase(entropy)),
            Line::measured("1024 that err more", many.drawn_staircase(entropy)),
            Line::measured("4 constant predictors", predictors.drawn_staircase(entropy)),
            Line::predicted("δ", [(1e-3, 1e-3), (0.25, 0.25)]),
        ],
    }
}

fn guarantees(draw: &mut Draw, effort: Effort) -> Content {
    let (mut groups, mut lines) = (Vec::new(), Vec::new());
    let mut show = |label: &str, several: Vec<Separated>| {
        let of = |at: &Separated| {
            at.separators().into_iter().map(|s| at.quantised(&s)).collect::<Vec<_>>()
        };
        let seen: Vec<(f64, f64)> =
            several.iter().flat_map(of).map(|q| (q.bits, q.error)).collect();
        let bits = || seen.iter().map(|(bits, _)| *bits);
        let [least, most] = [bits().fold(f64::INFINITY, minimum), bits().fold(0.0, maximum)];
        let along = (0..=32).map(|k| least + (most - least) * f64::from(k) / 32.0);
        let promised = along.map(|bits| (bits, several[0].guarantee(bits, DELTA)));
        lines.push(Line::predicted(&format!("promised: {label}"), promised));
        groups.push(Group::new(label, seen));
    };
    let count = 4 * effort.trials_factor();
    let mut several = |make: fn(&mut Draw) -> Separated| (0..count).map(|_| make(draw)).collect();
    show(
        "dense teachers, n = 100",
        several(|draw| Separated::by_dense_teacher(100, 16, draw.generator())),
    );
    show("images, n = 300", several(|draw| Separated::threes_and_eights(300, draw.generator())));
    show("labels by a coin, n = 24", several(|draw| Separated::by_coins(24, 32, draw.generator())));
    Content::Points { groups, lines }
}
