#![doc = include_str!("l_bfgs_on_a_network.md")]

use theoria_verification::{
    Block, Case, Claim, Content, Draw, Family, Figure, Generator, Hypothesis, Line, Sample, Side,
    Theorem, TrialClaim,
};

use crate::support::digits_training::{Place, STEP_SIZES, Training, passes};

/// The loss that is aimed at.
const LEAST: f64 = 0.1;
/// The share of images that is aimed at.
const RIGHT: f64 = 0.95;
/// Passes after which L-BFGS is given up.
const MOST: usize = 200;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let ahead = ahead("who_is_ahead");
    let opposite = ahead
        .restated(
            "who_is_behind",
            "P(descent is first at 95%) ≤ 1/4, P(L-BFGS is first at the loss 0.1) ≤ 1/4",
        )
        .predicting(|_, _| 0.0);
    Theorem::new("second_order/l_bfgs_on_a_network", include_str!("l_bfgs_on_a_network.md"))
        .uses(
            "second_order/lbfgs",
            "the method with ten pairs, whose pairs are skipped where the loss bends down",
        )
        .claim(ahead)
        .control(opposite)
        .figure(
            Figure::semilog("loss", "passes over the images", "f")
                .caption(
                    "Loss from one start. Stochastic gradient descent with a good step size is ahead in the first passes; L-BFGS overtakes all before the loss 0.1. Lines that end early have diverged.",
                )
                .showing(|draw, _| courses(draw, 60, |place| place.loss, LEAST)),
        )
        .figure(
            Figure::linear("right", "passes over the images", "share of images on the right side")
                .caption(
                    "From another start: the line at 95% is reached by stochastic gradient descent first, with step sizes in the middle.",
                )
                .showing(|draw, _| courses(draw, 30, |place| place.right, RIGHT)),
        )
}

/// At 1, that descent is first at 95%; at 2, that L-BFGS is first at the loss: within a quarter of 1, or of 0.
fn ahead(name: &str) -> TrialClaim<Case<usize>> {
    let formula = "P(descent is first at 95%) ≥ 3/4, P(L-BFGS is first at the loss 0.1) ≥ 3/4";
    Claim::probability(name, formula, Side::Within(0.25))
        .assuming([Hypothesis::by_construction("starts", "normal weights of the variance 1/n")])
        .on(Family::cases("digits", [1usize], |_| "128 images".into()))
        .trials(192)
        .sampling(|_, block: &mut Block| -> Sample {
            let it = Training::read();
            block.each(&[1.0, 2.0], |random| first(it, random).to_vec())
        })
        .predicting(|_, _| 1.0)
}

/// Which of both happened, 1 or 0.
fn first(it: &Training, random: &mut Generator) -> [f64; 2] {
    let start = it.start(random);
    let quick = it.l_bfgs(&start, LEAST, MOST);
    let on_right = |places: &[Place]| passes(places, |place| place.right >= RIGHT);
    let at_loss = |places: &[Place]| passes(places, |place| place.loss <= LEAST);
    let (Some(right), Some(loss)) = (on_right(&quick), at_loss(&quick)) else { return [0.0; 2] };
    // Until L-BFGS has reached both.
    let runs = STEP_SIZES.map(|h| it.descent(&start, h, LEAST, right.max(loss), random));
    let best = |seen: &dyn Fn(&[Place]) -> Option<usize>| {
        runs.iter().filter_map(|places| seen(places)).min().unwrap_or(usize::MAX)
    };
    let [descent_right, descent_loss] = [best(&on_right), best(&at_loss)];
    [descent_right < right, loss < descent_loss].map(|happened| f64::from(u8::from(happened)))
}

fn courses(draw: &mut Draw, most: usize, seen: fn(&Place) -> f64, aim: f64) -> Content {
    let it = Training::read();
    let mut random = Block::drawn(1, draw);
    let random = random.generator();
    let start = it.start(random);
    let line = |label: &str, places: Vec<Place>| {
        Line::measured(label, places.iter().map(|place| (place.passes as f64, seen(place))))
    };
    let mut lines = vec![line("L-BFGS", it.l_bfgs(&start, 0.0, most))];
    for h in STEP_SIZES {
        lines.push(line(&format!("h = {h}"), it.descent(&start, h, 0.0, most, random)));
    }
    lines.push(Line::predicted("aim", [(0.0, aim), (most as f64, aim)]));
    Content::Lines { lines }
}
