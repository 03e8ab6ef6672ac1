#![doc = include_str!("sgd_convex.md")]

use theoria_algorithms::{Averaged, GradientDescent, ProjectedGradient};
use theoria_elementary::powf;
use theoria_instances::StochasticProblem;
use theoria_instances::families::{
    gaussian, gaussian_matrix, lipschitz_convex_functions, lipschitz_functions,
};
use theoria_instances::hypotheses::{convex, independent_noise, lipschitz, unbiased};
use theoria_models::data::breast_cancer;
use theoria_models::numerics::maximum;
use theoria_models::objectives::{
    LeastAbsoluteDeviations, LogisticRegression, Regularisation, ResistingMaximum,
};
use theoria_models::stochastic::{FiniteSum, MiniBatch, NoiseModel, Perturbed, Sampling, Shape};
use theoria_models::{Matrix, Property, Vector};
use theoria_verification::{Check, Claim, Family, Figure, Hypothesis, Sample, Theorem, TrialClaim};

use crate::support::{
    Bounded, Enumerated, Flaw, enumerated, exact_mean, in_an_interval, noise_of_atoms,
    second_moment_within, steeper_outside, without_constants, without_hypotheses,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let fitted = fitted_step("step_fitted_to_the_number_of_steps").on(largest_coordinate());
    let less = fitted
        .restated(
            "less_than_the_constant",
            "E f(mean of x_0 … x_{N−1}) − f* ≤ 0.97 R G/√N for h = R/(G√N)",
        )
        .predicting(|b, n| b.p.bound(0.97 * b.distance() * (b.second_moment / n).sqrt()));
    let constant = constant_step("mean_of_the_iterates_with_a_constant_step");
    let theorem = Theorem::new("stochastic/sgd_convex", include_str!("sgd_convex.md"))
        .uses(
            "convergence/subgradient_method",
            "the recursion of squared distances, here in the mean",
        )
        .uses(
            "convergence/projected_gradient",
            "a projection takes no point of the set farther away",
        )
        .claim(
            constant
                .on(least_absolute_deviations())
                .on(cancer())
                .on(absolute_value([0.0, 2.0]))
                .tight_to(0.999),
        )
        .claim(
            fitted
                .on(least_absolute_deviations())
                .on(cancer())
                .on(absolute_value([0.0, 1.0, 2.0, 4.0]))
                .tight_to(0.999),
        )
        .claim(
            with_all_paths("mean_of_the_iterates_with_all_paths")
                .on(atoms(Flaw::None))
                .tight_to(0.9),
        )
        .claim(
            fitted_with_all_paths("fitted_step_with_all_paths", 1.0)
                .on(atoms(Flaw::None).map(|p| p.over_at_least(2)))
                .tight_to(0.7),
        )
        .claim(
            projected_with_all_paths("projected_mean_with_all_paths", 1.0)
                .on(in_an_interval())
                .tight_to(0.9),
        )
        .claim(mean_of_signs("mean_with_one_step_size", "from 1", 1.0))
        .control(mean_of_signs("mean_with_one_step_size_from_one_half", "from 1/2", 0.5))
        .control(less)
        .control(projected_with_all_paths("projected_mean_within_less", 0.91).on(in_an_interval()))
        .control(
            with_all_paths("mean_without_convexity_with_all_paths")
                .on(enumerated(lipschitz_functions(), NoiseModel::Additive, (0.1, 1.0), Flaw::None)
                    .hunted(1000))
                .violating("convex"),
        )
        .control(
            fitted_with_all_paths("less_with_the_fitted_step_and_all_paths", 0.91)
                .on(atoms(Flaw::None).map(|p| p.over_at_least(2))),
        )
        .control(
            projected_with_all_paths("projected_mean_from_outside", 1.0)
                .on(steeper_outside())
                .violating(STARTS_IN_THE_SET),
        )
        .control(
            constant_step("one_coin_for_all_steps")
                .on(Family::single("|x|", || {
                    let b = absolute(2.0);
                    Bounded { p: b.p.with_one_draw(), ..b }
                }))
                .violating("independent noise"),
        )
        .control(
            constant_step("start_outside_of_the_set")
                .ranging(|_, _| (0.0, f64::INFINITY))
                .on(Family::single("|x|, with slope 100 outside", from_outside))
                .violating("start in the ball"),
        )
        .control(last_iterate("last_iterate_with_a_constant_step"))
        .figure(
            Figure::log_log("fitted", "steps N", "E f(mean of x_k) − f*")
                .of("step_fitted_to_the_number_of_steps")
                .caption(
                    "With a step fitted to the number of steps the \
                     mean iterate's gap falls like 1/√N.",
                ),
        )
        .figure(
            Figure::log_log("constant", "steps N", "E f − f*")
                .of("mean_of_the_iterates_with_a_constant_step")
                .of("last_iterate_with_a_constant_step")
                .caption(
                    "With one step size for all N the bound of the mean iterate falls to a floor, and the \
                     last iterate stays at its own.",
                ),
        );
    let dropped = [(Property::Lipschitz, lipschitz_convex_functions())];
    let noise = (NoiseModel::Additive, (0.1, 1.0));
    let theorem = without_constants(theorem, with_all_paths, noise, dropped);
    without_hypotheses(theorem, with_all_paths, atoms)
}

fn assumed() -> [Hypothesis<Bounded>; 6] {
    [
        convex(),
        unbiased(),
        independent_noise(),
        Hypothesis::new("start in the ball", |b: &Bounded, _| {
            Check::at_most(b.p.problem().start().norm(), b.radius, "|x₀|, radius")
        }),
        Hypothesis::new("minimiser in the ball", |b: &Bounded, _| {
            Check::at_most(b.p.problem().minimiser().norm(), b.radius, "|x*|, radius")
        }),
        Hypothesis::new("second moment", |b: &Bounded, draw| {
            let seen = (0..20)
                .map(|_| {
                    let direction = gaussian(b.p.problem().start().len(), draw).normalize();
                    b.p.oracle().second_moment(&(direction * draw.uniform(0.0, b.radius)))
                })
                .fold(0.0, maximum);
            Check::at_most(seen, b.second_moment, "largest E|g|² seen in the ball, G²")
        }),
    ]
}

/// With the step size that is fitted to 64 steps.
fn constant_step(name: &str) -> TrialClaim<Bounded> {
    let checkpoints = [4, 8, 16, 64, 256];
    Claim::expected_bound(name, "E f(mean of x_0 … x_{N−1}) − f* ≤ R²/(2hN) + hG²/2")
        .within(0.1)
        .trials(1 << 17)
        .bounded_by(|b: &Bounded, n| b.largest_gap(b.fitted_step(64.0), n))
        .assuming(assumed())
        .sampling(move |b: &Bounded, block| {
            let method = Averaged::new(ProjectedGradient::new(b.fitted_step(64.0)));
            Sample::new(checkpoints, b.gaps(method, block, &checkpoints))
        })
        .predicting(|b, n| {
            let h = b.fitted_step(64.0);
            b.p.bound(b.distance().powi(2) / (2.0 * h * n) + h * b.second_moment / 2.0)
        })
}

/// One run for each number of steps.
fn fitted_step(name: &str) -> TrialClaim<Bounded> {
    let numbers = [16, 64, 256];
    Claim::expected_bound(name, "E f(mean of x_0 … x_{N−1}) − f* ≤ R G/√N for h = R/(G√N)")
        .within(0.1)
        .trials(1 << 17)
        .bounded_by(|b: &Bounded, n| b.largest_gap(b.fitted_step(n), n))
        .assuming(assumed())
        .sampling(move |b: &Bounded, block| {
            let rows = numbers.iter().flat_map(|&steps| {
                let h = b.fitted_step(steps as f64);
                b.gaps(Averaged::new(ProjectedGradient::new(h)), block, &[steps])
            });
            Sample::new(numbers, rows)
        })
        .predicting(|b, n| b.p.bound(b.distance() * (b.second_moment / n).sqrt()))
}

/// The first bound by exact expectations, over all of R, where E|g|² ≤ G² with G² = (largest |f′|)² + σ². h is this part of R/G.
fn with_all_paths(name: &str) -> Claim<Enumerated> {
    let formula = "E f(mean of x_0 … x_{N−1}) − f* ≤ R²/(2hN) + hG²/2, by all paths";
    Claim::bound(name, formula)
        .assuming([convex(), lipschitz()])
        .assuming(noise_of_atoms())
        .measuring_each(|p: &Enumerated| {
            p.gaps_of_means(part_of_the_distance(p, largest_second_moment(p)))
        })
        .predicting(|p, n| {
            let (second_moment, distance) =
                (largest_second_moment(p), p.problem().distance_at_start());
            let h = part_of_the_distance(p, second_moment);
            distance.powi(2) / (2.0 * h * n) + h * second_moment / 2.0
        })
}

/// The second bound by exact expectations, with h = R/(G√N) for each N. `share` is 1 in the theorem.
fn fitted_with_all_paths(name: &str, share: f64) -> Claim<Enumerated> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    let formula = format!("E f(mean of x_0 … x_{{N−1}}) − f* ≤ {times}R G/√N, by all paths");
    Claim::bound(name, &formula)
        .assuming([convex(), lipschitz()])
        .assuming(noise_of_atoms())
        .measuring_each(|p: &Enumerated| {
            let (largest, distance) =
                (largest_second_moment(p).sqrt(), p.problem().distance_at_start());
            p.gaps_of_means_with(|n| distance / (largest * n.sqrt()))
        })
        .predicting(move |p, n| {
            share * p.problem().distance_at_start() * (largest_second_moment(p) / n).sqrt()
        })
}

const STARTS_IN_THE_SET: &str = "start in the interval";

/// The first bound by exact expectations over C = [-r, r], with G² = (largest |f′| on C)² + σ².
/// `share` is 1 in the theorem.
fn projected_with_all_paths(name: &str, share: f64) -> Claim<Enumerated> {
    let times = if share == 1.0 { String::new() } else { format!("{share} times ") };
    let formula = format!(
        "E f(mean of x_0 … x_{{N−1}}) − f* ≤ {times}(R²/(2hN) + hG²/2) over C, by all paths"
    );
    Claim::bound(name, &formula)
        .assuming([convex()])
        .assuming(noise_of_atoms())
        .assuming([Hypothesis::new(STARTS_IN_THE_SET, |p: &Enumerated, _| {
            Check::at_most(p.problem().start()[0].abs(), p.radius(), "|x₀|, r")
        })])
        .measuring_each(|p: &Enumerated| {
            p.gaps_of_means(part_of_the_distance(p, second_moment_within(p)))
        })
        .predicting(move |p, n| {
            let (second_moment, distance) =
                (second_moment_within(p), p.problem().distance_at_start());
            let h = part_of_the_distance(p, second_moment);
            share * (distance.powi(2) / (2.0 * h * n) + h * second_moment / 2.0)
        })
}

/// G² of the noise as it is stated; with a bias the slopes add to it.
fn largest_second_moment(p: &Enumerated) -> f64 {
    let slope = p.problem().lipschitz();
    slope * (slope + 2.0 * p.bias()) + p.variance()
}

fn part_of_the_distance(p: &Enumerated, second_moment: f64) -> f64 {
    p.multiple() * p.problem().distance_at_start() / second_moment.sqrt()
}

fn atoms(flaw: Flaw) -> Family<Enumerated> {
    enumerated(lipschitz_convex_functions(), NoiseModel::Additive, (0.1, 1.0), flaw).hunted(1000)
}

/// By all paths of g = sign x ± 1, with steps of 1: from 1 the iterates are independent signs, from 1/2 they are 1/2 or −3/2.
fn mean_of_signs(name: &str, whence: &'static str, start: f64) -> Claim<StochasticProblem> {
    let formula = format!("h = 1, {whence}: E|mean of x_0 … x_{{N−1}}| = N!/((N/2)!² 2ᴺ)");
    Claim::identity(name, &formula, 1e-12)
        .assuming([convex(), unbiased(), independent_noise()])
        .on(Family::single(&format!("|x| {whence}"), move || noisy_absolute(start, 1.0)))
        .measuring([2, 4, 8, 12], |p: &StochasticProblem, steps| {
            let method = || Averaged::new(GradientDescent::new(1.0));
            steps.read(|n| exact_mean(p, method, n, |x| p.problem().objective().value(x)))
        })
        .predicting(|_, n| (1..=n as u32 / 2).map(|j| 1.0 - 0.5 / f64::from(j)).product())
}

fn last_iterate(name: &str) -> TrialClaim<Bounded> {
    let checkpoints = [64, 128, 256, 512, 1024, 2048];
    Claim::expected_exponent(name, "E f(x_N) − f* ~ N^(−1/2) for one h")
        .trials(4096)
        .assuming(assumed())
        .on(absolute_value([0.5]))
        .sampling(move |b: &Bounded, block| {
            let method = ProjectedGradient::new(b.fitted_step(64.0));
            Sample::new(checkpoints, b.gaps(method, block, &checkpoints))
        })
        .predicting(|_, n| powf(n, -0.5))
}

/// Least absolute deviations on random data, one sample at a time.
fn least_absolute_deviations() -> Family<Bounded> {
    Family::drawn("least absolute deviations", |draw| {
        let dimension = draw.size(1..=4);
        let samples = dimension + draw.size(2..=12);
        let f = LeastAbsoluteDeviations::new(
            gaussian_matrix(samples, dimension, draw),
            gaussian(samples, draw),
        );
        finite_sum(&f, gaussian(dimension, draw) * 2.0)
    })
}

/// Logistic regression with a ridge on the breast cancer data, one sample at a time, from 0.
fn cancer() -> Family<Bounded> {
    Family::single("breast cancer, logistic", || {
        let data = breast_cancer();
        let f = LogisticRegression::new(&data.features, &data.targets, Regularisation::Ridge(0.01));
        finite_sum(&f.named("breast cancer"), Vector::zeros(30))
    })
}

/// Over a ball twice as large as needed.
fn finite_sum<F: FiniteSum + Clone + 'static>(f: &F, start: Vector) -> Bounded {
    let size = start.norm();
    let p = StochasticProblem::new(f.clone(), start, |f| {
        MiniBatch::new(f, 1, Sampling::WithReplacement)
    });
    let radius = 2.0 * size.max(p.problem().minimiser().norm());
    let Some(second_moment) = f.second_moment_within(radius) else {
        panic!("{} has no bound on its second moment", f.describe());
    };
    Bounded { p, radius, second_moment: second_moment.value, rarest: 1.0 / f.samples() as f64 }
}

/// |x| from 1 with noise of either sign.
fn absolute_value<const N: usize>(sigmas: [f64; N]) -> Family<Bounded> {
    Family::listed("|x|", sigmas, |&sigma| absolute(sigma))
}

/// E|g|² = 1 + σ² but at 0. Without noise the first bound is attained where a whole number of steps leads to the kink.
fn absolute(sigma: f64) -> Bounded {
    let p = noisy_absolute(1.0, sigma);
    let noise = p.sigma_squared(NoiseModel::Additive);
    Bounded { p, radius: 2.0, second_moment: 1.0 + noise, rarest: 0.5 }
}

/// The largest of N coordinates, without noise: the subgradient lowers one after the other, and after N steps the mean has the gap R G/√N.
fn largest_coordinate() -> Family<Bounded> {
    Family::listed("largest of N coordinates", [16, 64], |&dimension| {
        let f = ResistingMaximum::new(2.0, 1.5, dimension);
        let p =
            StochasticProblem::new(f, Vector::zeros(dimension), |f| Perturbed::additive(f, 0.0));
        Bounded { p, radius: 3.0, second_moment: 4.0, rarest: 1.0 }
    })
}

/// |x| + 99 max(|x| − 1, 0) over [-1, 1], where subgradients are at most 1, from 40: where the first iterate counts, it is steeper.
fn from_outside() -> Bounded {
    let slopes = [1.0, 49.5, 49.5].map(|slope| 3.0 * slope);
    let targets = Vector::from_vec(vec![0.0, slopes[1], -slopes[2]]);
    let f = LeastAbsoluteDeviations::new(Matrix::from_column_slice(3, 1, &slopes), targets);
    let exact = |f| Perturbed::additive(f, 0.0);
    let p = StochasticProblem::new(f, Vector::from_element(1, 40.0), exact);
    Bounded { p, radius: 1.0, second_moment: 1.0, rarest: 1.0 }
}

fn noisy_absolute(start: f64, sigma: f64) -> StochasticProblem {
    let f = LeastAbsoluteDeviations::new(Matrix::identity(1, 1), Vector::zeros(1));
    StochasticProblem::new(f, Vector::from_element(1, start), |f| {
        Perturbed::additive(f, sigma).shaped(Shape::Signs)
    })
}
