//! Complete families are what they say, whatever the choices.

use proptest::prelude::*;
use theoria_instances::families::{
    diagonal_quadratics, functions_on_intervals, kinked_functions, lipschitz_convex_functions,
    lipschitz_convex_in_the_plane, lojasiewicz_functions, smooth_convex_envelopes,
    smooth_convex_functions, smooth_convex_in_the_plane, smooth_functions, smooth_in_the_plane,
    strongly_convex_envelopes, strongly_convex_functions, strongly_convex_in_the_plane,
};
use theoria_instances::hypotheses::{
    bounded_below, convex, lipschitz, lojasiewicz, minimiser, minimiser_of_the_sum,
    minimiser_over_the_set, quadratic, smooth, starts_inside, strongly_convex,
};
use theoria_instances::{CompositeProblem, ConstrainedProblem, Problem};
use theoria_models::{Objective, Vector};
use theoria_verification::{Choices, Draw, Family, Hypothesis, Instance, Stream};

/// Choices as a search makes them: words at the ends of their range, numbers rounded for paper.
fn choices() -> impl Strategy<Value = Choices> {
    let word = prop_oneof![Just(0), Just(u64::MAX), any::<u64>()];
    (prop::collection::vec(word, 0..24), prop::option::of(1u32..=3))
        .prop_map(|(words, digits)| Choices { words, digits })
}

/// What these choices give, the same again from what was recorded of them, and its hypotheses.
fn examined<I: Instance + 'static>(
    family: &Family<I>,
    choices: &Choices,
    seed: u64,
    hypotheses: &[Hypothesis<I>],
) -> Result<I, TestCaseError> {
    let mut draw = Draw::replaying(choices, Stream::new(seed).trial(0));
    let instance = family.instance(&mut draw, 0);
    let mut again = Draw::replaying(&draw.choices(), Stream::new(!seed).trial(1));
    prop_assert_eq!(bits(&family.instance(&mut again, 0)), bits(&instance));
    prop_assert_eq!(again.choices(), draw.choices());
    for hypothesis in hypotheses {
        let check = hypothesis.check(&instance, &mut Draw::new(Stream::new(seed).trial(2)));
        let told = (instance.description(), hypothesis.name(), check.detail);
        prop_assert!(check.satisfied, "{told:?}");
    }
    Ok(instance)
}

fn bits<I: Instance>(instance: &I) -> (String, Vec<u64>) {
    let constants = instance.constants().into_iter().map(|constant| constant.value.to_bits());
    (instance.description(), constants.collect())
}

/// The curvature (of either sign) at a place on the line.
fn curvature(f: &dyn Objective, x: f64) -> f64 {
    let unit = Vector::from_element(1, 1.0);
    f.hessian_vector(&Vector::from_element(1, x), &unit).expect("piecewise quadratic")[0]
}

const FAR: f64 = 1e6;

fn starts_elsewhere(p: &Problem) {
    let r = p.distance_at_start();
    assert!((0.099..=20.0).contains(&r), "{}: R = {r}", p.description());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn convex_functions(choices in choices(), seed: u64) {
        let hypotheses = [smooth(), convex(), minimiser()];
        let p = examined(&smooth_convex_functions(), &choices, seed, &hypotheses)?;
        starts_elsewhere(&p);
        prop_assert_eq!(curvature(p.objective(), FAR), p.smoothness());
        prop_assert!(p.gap_at_start() > 0.0);
        let p = examined(&smooth_convex_in_the_plane(), &choices, seed, &hypotheses)?;
        starts_elsewhere(&p);
        let p = examined(&smooth_convex_envelopes(), &choices, seed, &hypotheses)?;
        prop_assert!(p.gap_at_start() > 0.0);
    }

    #[test]
    fn strongly_convex_ones(choices in choices(), seed: u64) {
        let hypotheses = [smooth(), strongly_convex(), minimiser()];
        let p = examined(&strongly_convex_functions(2.0..=100.0), &choices, seed, &hypotheses)?;
        starts_elsewhere(&p);
        let ends = [-FAR, FAR].map(|x| curvature(p.objective(), x));
        prop_assert_eq!(ends, [p.strong_convexity(), p.smoothness()]);
        let p = examined(&strongly_convex_in_the_plane(2.0..=100.0), &choices, seed, &hypotheses)?;
        prop_assert!((1.99..101.0).contains(&p.condition_number()));
        let p = examined(&strongly_convex_envelopes(2.0..=100.0), &choices, seed, &hypotheses)?;
        prop_assert!((1.99..101.0).contains(&p.condition_number()));
        let hypotheses = [smooth(), strongly_convex(), minimiser(), quadratic()];
        let p = examined(&diagonal_quadratics(2.0..=1000.0), &choices, seed, &hypotheses)?;
        prop_assert!((1.99..1010.0).contains(&p.condition_number()));
    }

    #[test]
    fn functions_that_need_not_be_convex(choices in choices(), seed: u64) {
        let p = examined(&smooth_functions(), &choices, seed, &[smooth(), bounded_below(), minimiser()])?;
        prop_assert_eq!([-FAR, FAR].map(|x| curvature(p.objective(), x)), [p.smoothness(); 2]);
        examined(&smooth_in_the_plane(), &choices, seed, &[smooth(), bounded_below(), minimiser()])?;
        let p = examined(&lojasiewicz_functions(), &choices, seed, &[smooth(), lojasiewicz(), minimiser()])?;
        starts_elsewhere(&p);
        prop_assert_eq!(curvature(p.objective(), FAR), p.smoothness());
        let x = Vector::from_element(1, 2.0 * p.start()[0]);
        prop_assert!(p.objective().gradient_at(&x)[0] * x[0] > 0.0);
    }

    #[test]
    fn functions_with_kinks(choices in choices(), seed: u64) {
        let hypotheses = [lipschitz(), convex(), minimiser()];
        let p = examined(&lipschitz_convex_functions(), &choices, seed, &hypotheses)?;
        starts_elsewhere(&p);
        let far = Vector::from_element(1, FAR);
        prop_assert_eq!(p.objective().gradient_at(&far)[0], p.lipschitz());
        examined(&lipschitz_convex_in_the_plane(), &choices, seed, &hypotheses)?;
        for range in [None, Some(2.0..=100.0)] {
            let strong: Vec<_> = range.iter().map(|_| strongly_convex()).collect();
            let p: CompositeProblem = examined(&kinked_functions(range), &choices, seed, &strong)?;
            examined(&kinked_functions(None), &choices, seed, &[smooth(), convex(), minimiser_of_the_sum()])?;
            prop_assert!(p.gap(p.start()).value > 0.0);
        }
    }

    #[test]
    fn functions_on_an_interval(choices in choices(), seed: u64) {
        let hypotheses = [smooth(), convex(), minimiser_over_the_set(), starts_inside()];
        for range in [None, Some(2.0..=100.0)] {
            let family = functions_on_intervals(range);
            let p: ConstrainedProblem = examined(&family, &choices, seed, &hypotheses)?;
            prop_assert!(p.distance_at_start() > 0.0);
        }
    }
}

/// The labels that many draws get.
fn labels<I: 'static>(family: &Family<I>) -> Vec<String> {
    let mut labels: Vec<String> = (0..400)
        .flat_map(|trial| {
            let mut draw = Draw::new(Stream::new(5).trial(trial));
            family.instance(&mut draw, 0);
            draw.labels().map(String::from).collect::<Vec<_>>()
        })
        .collect();
    labels.sort();
    labels.dedup();
    labels
}

#[test]
fn draws_are_labelled() {
    let kinds = ["flat at the minimum", "ill-conditioned", "one parabola"];
    assert_eq!(labels(&smooth_convex_functions()), kinds);
    assert_eq!(labels(&strongly_convex_functions(1.0..=1e4)), ["ill-conditioned"]);
    assert_eq!(labels(&lipschitz_convex_functions()), ["one kink"]);
    let kinds = ["degenerate", "minimum at the kink", "minimum off the kink"];
    assert!(kinds.iter().all(|kind| labels(&kinked_functions(None)).iter().any(|l| l == kind)));
}

#[test]
fn a_function_is_told_in_numbers_for_paper() {
    let family = smooth_functions();
    let told = |words: &[u64]| {
        let choices = Choices { words: words.to_vec(), digits: Some(2) };
        family.instance(&mut Draw::least_after(&choices, Stream::new(1).trial(0)), 0).description()
    };
    // L = 1, one piece to the left; to the right 1 up to 1, -1 up to 3, 1 beyond; from 2.
    let half = 1 << 63;
    let share = |part: f64| (part * 2f64.powi(64)) as u64;
    let width = |w: f64| share((w / 0.01).log10() / 3.0);
    let words = [half, 0, share(0.8), width(1.0), u64::MAX, width(2.0), 0, 0, share(0.6505)];
    assert_eq!(told(&words), "f″ = 1 up to 1, -1 up to 3, 1 beyond, least at 0 and 4, from (2)");
}
