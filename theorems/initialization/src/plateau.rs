#![doc = include_str!("plateau.md")]

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::gradient_flow;
use theoria_elementary::{asinh, exp, hypot, ln, powf, sinh};
use theoria_instances::sequences::{geometric, powers_of_two};
use theoria_models::networks::ScalarChain;
use theoria_models::numerics::{bisect, minimum, simpson};
use theoria_models::{Objective, Vector};
use theoria_verification::{
    Abscissae, Block, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Instance,
    Line, Readings, Side, Theorem, TrialClaim,
};

/// What the factors are to reach.
const LEVEL: f64 = 0.9;

/// Cells of integrals over equal factors, whose integrands have no peak.
const CELLS: u32 = 300;
/// Times up to which the flow is followed from normal starts. A plateau multiplies what the integration of the flow leaves out by
/// about its length: 1e-12 stays below 1e-7 here.
const LONGEST: f64 = 1e4;
/// Halving the cells of an integral ends where it no longer changes it by this share.
const AGREEMENT: f64 = 1e-10;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let integral = Claim::identity(
        "the_time_on_the_plateau_is_an_integral",
        "time to w = 0.9 = ∫ dw / ((1 − wᴸ) wᴸ⁻¹)",
        1e-5,
    )
    .assuming(balanced_flow())
    .on(chains([2, 3, 4, 5]))
    .measuring([0.2, 0.1, 0.05], Chain::times_from)
    .predicting(Chain::integral);
    let shorter = integral
        .restated(
            "the_time_is_a_hundredth_shorter",
            "time to w = 0.9 = 0.99 ∫ dw / ((1 − wᴸ) wᴸ⁻¹)",
        )
        .predicting(|chain, start| 0.99 * chain.integral(start));
    let power = exponent("the_time_is_a_power_of_the_start").on(chains([3, 4, 5]));
    let smaller_power = power
        .restated("the_time_is_a_smaller_power_of_the_start", "time ~ ε^(2.15−L) for L ≥ 3")
        .predicting(|chain, inverse| powf(inverse, chain.depth as f64 - 2.15));
    let logarithm = Claim::identity(
        "two_factors_wait_for_a_logarithm",
        "time from ε/2 − time from ε → log 2 for L = 2",
        2e-3,
    )
    .assuming(balanced_flow())
    .on(chains([2]))
    .measuring([0.05, 0.01, 0.002], |chain, starts| {
        starts.read(|start| chain.time_from(start / 2.0) - chain.time_from(start))
    })
    .predicting(|_, _| ln(2.0));
    let longer_logarithm = logarithm
        .restated(
            "two_factors_wait_for_a_longer_logarithm",
            "time from ε/2 − time from ε → 1.01 log 2 for L = 2",
        )
        .predicting(|_, _| 1.01 * ln(2.0));
    let leading = Claim::identity(
        "the_leading_order_is_the_inverse_power",
        "(L − 2) ε^(L−2) · time → 1 for L ≥ 4",
        5e-3,
    )
    .assuming(balanced_flow())
    .on(chains([4, 5]))
    .measuring([0.05, 0.025, 0.0125], Chain::times_from)
    .predicting(|chain, start| start.powi(2 - chain.depth as i32) / (chain.depth as f64 - 2.0));
    let larger_leading = leading
        .restated("the_leading_order_is_larger", "(L − 2) ε^(L−2) · time → 1.02 for L ≥ 4")
        .predicting(|chain, start| {
            1.02 * start.powi(2 - chain.depth as i32) / (chain.depth as f64 - 2.0)
        });
    let stuck = stuck("gaussian_starts_wait_exponentially_in_the_depth", |depth| exp(depth / 4.0))
        .on(chains([32, 64]));
    Theorem::new("initialization/plateau", include_str!("plateau.md"))
        .uses("landscape/balancedness", "the flow conserves the differences of squared factors")
        .claim(integral)
        .claim(power)
        .claim(logarithm)
        .claim(leading)
        .claim(
            Claim::identity("nothing_ever_moves_from_0", "w(t) = 0 for all t", f64::MIN_POSITIVE)
                .assuming([several_factors()])
                .on(chains([2, 3, 5]))
                .measuring([1e6], |chain, times| {
                    let end = |time| flow(chain.depth, &Vector::zeros(chain.depth), time);
                    times.read(|time| end(time).map_or(f64::NAN, |w| w.amax()))
                })
                .predicting(|_, _| 0.0),
        )
        .claim(from_any_start(
            "the_time_from_any_start_is_an_integral",
            "w_1 ⋯ w_L at the time of the formula = 1/2",
            1.0,
        ))
        .claim(stuck)
        .control(shorter)
        .control(smaller_power)
        .control(longer_logarithm)
        .control(larger_leading)
        .control(
            Claim::identity(
                "nothing_moves_from_a_small_start",
                "L = 2: w(t) = w(0) at t = 20 from w(0) = 1/1000",
                1e-6,
            )
            .assuming([several_factors()])
            .on(chains([2]))
            .measuring([20.0], |chain, times| {
                let start = Vector::from_element(chain.depth, 1e-3);
                times.read(|time| flow(chain.depth, &start, time).map_or(f64::NAN, |w| w.amax()))
            })
            .predicting(|_, _| 1e-3),
        )
        .control(from_any_start(
            "the_time_from_any_start_is_a_hundredth_longer",
            "w_1 ⋯ w_L at 1.01 times the time of the formula = 1/2",
            1.01,
        ))
        .control(
            self::stuck("gaussian_starts_wait_longer", |depth| exp(0.8 * depth))
                .restated(
                    "gaussian_starts_wait_longer",
                    "P(time to |w_1 ⋯ w_L − 1| ≤ 1/2 exceeds e^(0.8 L)) ≥ 2/3",
                )
                .on(chains([32, 64])),
        )
        .figure(
            Figure::log_log("time", "1/ε", "time to w = 0.9")
                .of("the_time_is_a_power_of_the_start")
                .caption("Each further layer adds one to the power of 1/ε that the plateau takes."),
        )
        .figure(
            Figure::semilog_x("plateaus", "time", "loss")
                .caption(
                    "From w = 0.1 each further factor multiplies the time on the plateau; the drop at its \
                     end is as steep as ever.",
                )
                .showing(plateaus),
        )
        .figure(
            Figure::semilog("gaussian_starts", "depth", "median time to half of the target")
            .caption(
                "From standard normal factors the time grows exponentially with the depth: a straight line here. \
                 At L = 32 and 64 it is claimed that most networks take longer than e^(L/4).",
            )
            .showing(gaussian_times),
        )
}

/// The loss (w_1 ⋯ w_L - 1)²/2.
#[derive(Debug, Clone, Copy)]
struct Chain {
    depth: usize,
}

impl Instance for Chain {
    fn description(&self) -> String {
        format!("product of {} scalars, to be 1", self.depth)
    }
}

fn chains<const N: usize>(depths: [usize; N]) -> Family<Chain> {
    Family::listed("scalar chains", depths, |&depth| Chain { depth })
}

/// The gradient flow at this time, if it can be integrated.
fn flow(depth: usize, start: &Vector, time: f64) -> Option<Vector> {
    let f = ScalarChain::new(depth);
    let reached = gradient_flow(&f, start, &[time], 1e-10).ok()?;
    reached.into_iter().next()
}

impl Chain {
    /// The time at which the flow from `start`, all of whose factors grow alike, brings them to the level, to
    /// six digits. A stride changes no factor much, since beyond the level the flow is stiff.
    fn hitting_time(&self, start: &Vector) -> f64 {
        let f = ScalarChain::new(self.depth);
        let (mut x, mut time, mut part) = (start.clone(), 0.0, 0.2);
        loop {
            let stride = part * x.amax() / f.gradient_at(&x).amax();
            let Some(next) = flow(self.depth, &x, stride) else {
                return f64::NAN;
            };
            if next[0] < LEVEL {
                (x, time) = (next, time + stride);
            } else if stride < 1e-6 * time {
                return time + stride / 2.0;
            } else {
                part /= 8.0;
            }
        }
    }

    /// The time from w_1 = ... = w_L = `start` to the level.
    fn time_from(&self, start: f64) -> f64 {
        let start = Vector::from_element(self.depth, start);
        self.hitting_time(&start)
    }

    fn times_from(&self, starts: Abscissae<'_, f64>) -> Readings {
        starts.read(|start| self.time_from(start))
    }

    /// The same by the formula.
    fn integral(&self, start: f64) -> f64 {
        let power = self.depth as i32;
        simpson(ln(start), ln(LEVEL), CELLS, |u| {
            let w = exp(u);
            w.powi(2 - power) / (1.0 - w.powi(power))
        })
    }
}

/// Along the flow all w_i² - w_j² stay, so that everything is a function of the smallest factor w, signed like the
/// product: P = w Q(w) with Q(w) = Π √(w² + d_i) over the other factors, and w' = (1 - P) Q(w).
struct Smallest {
    start: f64,
    differences: Vec<f64>,
}

impl Smallest {
    fn of(start: &Vector) -> Self {
        let smallest = start.iamin();
        let square = start[smallest].powi(2);
        let others = start.iter().enumerate().filter(|(i, _)| *i != smallest);
        Smallest {
            start: start[smallest].abs() * start.product().signum(),
            differences: others.map(|(_, w)| w * w - square).collect(),
        }
    }

    fn others(&self, w: f64) -> f64 {
        let factors = self.differences.iter().map(|d| (w * w + d).sqrt());
        factors.product()
    }

    /// The time until the product is within 1/2 of its target.
    fn time(&self) -> f64 {
        let product = |w: f64| w * self.others(w);
        let goal = match product(self.start) {
            p if p < 0.5 => 0.5,
            p if p > 1.5 => 1.5,
            _ => return 0.0,
        };
        let mut high = self.start.abs().max(1.0);
        while product(high) < goal {
            high *= 2.0;
        }
        let (reached, _) = bisect(0.0, high, 0.0, |w| product(w) < goal);
        // With w = √d sinh u for the least difference d its factor cancels, and no sharp peak is left.
        let least = self.differences.iter().copied().fold(f64::INFINITY, minimum).sqrt();
        let [from, to] = [self.start, reached].map(|w| asinh(w / least));
        integral(from, to, |u| {
            let w = least * sinh(u);
            hypot(w, least) / ((1.0 - product(w)) * self.others(w))
        })
    }
}

/// By Simpson's rule, on ever finer cells until they agree; NaN if they never do.
fn integral(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let finer = (0..14).map(|doublings| simpson(from, to, 150 << doublings, &f));
    let mut before = f64::NAN;
    for value in finer {
        if (value - before).abs() <= AGREEMENT * value.abs() {
            return value;
        }
        before = value;
    }
    f64::NAN
}

fn several_factors() -> Hypothesis<Chain> {
    Hypothesis::new("several factors", |chain: &Chain, _| {
        Check::at_least(chain.depth as f64, 2.0, "factors")
    })
}

/// Several factors, all from the same number.
fn balanced_flow() -> [Hypothesis<Chain>; 2] {
    [
        several_factors(),
        Hypothesis::by_construction(
            "equal factors",
            "each starts from the same ε, and the flow treats them alike",
        ),
    ]
}

/// The product at `times` the time of the formula, from normal starts.
fn from_any_start(name: &str, formula: &str, times: f64) -> Claim<Chain> {
    Claim::identity(name, formula, 1e-5)
        .assuming([several_factors(), normal_factors()])
        .on(chains([3, 6]))
        .measuring_by_drawing(move |chain, draw| {
            let starts = std::iter::repeat_with(|| gaussian(chain.depth, draw.generator()));
            let below = starts.filter(|w| w.product() < 0.5);
            let timed = below.map(|w| (Smallest::of(&w).time(), w));
            let slow = timed.filter(|(time, _)| *time < LONGEST).take(4);
            slow.enumerate()
                .map(|(number, (time, w))| {
                    let f = ScalarChain::new(chain.depth);
                    let end = gradient_flow(&f, &w, &[times * time], 1e-12);
                    (number, end.map_or(f64::NAN, |end| end[0].product()))
                })
                .collect()
        })
        .predicting(|_, _| 0.5)
}

fn normal_factors() -> Hypothesis<Chain> {
    Hypothesis::by_construction(
        "normal factors",
        "they are drawn as independent standard normal numbers",
    )
}

fn exponent(name: &str) -> Claim<Chain> {
    Claim::exponent(name, "time ~ ε^(2−L) for L ≥ 3")
        .assuming(balanced_flow())
        .measuring(powers_of_two(3..=8), |chain: &Chain, inverses| {
            inverses.read(|inverse| chain.time_from(1.0 / inverse))
        })
        .predicting(|chain, inverse| powf(inverse, chain.depth as f64 - 2.0))
}

fn gaussian(depth: usize, random: &mut (impl Rng + ?Sized)) -> Vector {
    Vector::from_fn(depth, |_, _| StandardNormal.sample(random))
}

/// From independent standard normal factors.
fn stuck(name: &str, time: fn(f64) -> f64) -> TrialClaim<Chain> {
    Claim::probability(
        name,
        "P(time to |w_1 ⋯ w_L − 1| ≤ 1/2 exceeds e^(L/4)) ≥ 2/3",
        Side::AtLeast,
    )
    .assuming([several_factors(), normal_factors()])
    .trials(1024)
    .sampling(move |chain: &Chain, block: &mut Block| {
        let patience = time(chain.depth as f64);
        block.each_event(chain.depth, |random| {
            Smallest::of(&gaussian(chain.depth, random)).time() > patience
        })
    })
    .predicting(|_, _| 2.0 / 3.0)
}

fn plateaus(_: &mut Draw, _: Effort) -> Content {
    let times = geometric(1.0, 1000.0, 121);
    let lines = (2..=5).filter_map(|depth| {
        let f = ScalarChain::new(depth);
        let states = gradient_flow(&f, &Vector::from_element(depth, 0.1), &times, 1e-10).ok()?;
        let losses = times.iter().zip(&states).map(|(t, w)| (*t, f.value(w)));
        Some(Line::measured(&format!("L = {depth}"), losses))
    });
    let ends = (3..=5).map(|depth| {
        let time = Chain { depth }.integral(0.1);
        Line::predicted(&format!("end, L = {depth}"), [(time, 0.0), (time, 0.5)])
    });
    Content::Lines { lines: lines.chain(ends).collect() }
}

fn gaussian_times(draw: &mut Draw, effort: Effort) -> Content {
    let networks = 201 * effort.trials_factor();
    let median = |depth: usize, draw: &mut Draw| {
        let mut times: Vec<f64> = (0..networks)
            .map(|_| Smallest::of(&gaussian(depth, draw.generator())).time())
            .collect();
        times.sort_by(f64::total_cmp);
        times[networks / 2]
    };
    let measured = (2..=16).map(|k| {
        let depth = 2 * k;
        (depth as f64, median(depth, draw))
    });
    Content::Lines {
        lines: vec![
            Line::measured("median", measured.collect::<Vec<_>>()),
            Line::predicted(
                "e^(L/4)",
                (1..=16).map(|k| (f64::from(2 * k), exp(f64::from(k) / 2.0))),
            ),
        ],
    }
}
