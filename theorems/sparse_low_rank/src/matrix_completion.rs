#![doc = include_str!("matrix_completion.md")]

use theoria_elementary::sin;
use theoria_models::Svd;
use theoria_models::numerics::maximum;
use theoria_verification::{
    Check, Claim, Family, Figure, Hypothesis, Reading, Readings, Side, Theorem,
};

use crate::support::completions::{
    hidden_digits, nuclear_norms, steps_by_condition, success_table,
};
use crate::support::connected::{
    connected_sets, covering_sets, of_rank_one, of_rank_one_without_zeros, parts, sets,
    small_sizes, spanning_trees, with_a_zero_row,
};
use crate::support::incomplete::{
    Incomplete, balanced_factors, conditioned, conditioned_out_of_balance, conditioned_two_by_two,
    deficient, determined, full_rank, graded, isolated, maximal, more_than_rank, other_rows,
    partly_seen, seen_columns, thin_rows, thin_rows_in_need, undetermined,
};
use crate::support::linearised::{
    FOLLOWED, SMALL, Steps, amplification, disturbed_one_by_one, errors, linear_errors,
    linear_parts,
};
use crate::support::one_row::{OneRow, one_row};
use crate::support::random_entries::{filled, restated, success};
use crate::support::spikes::{spike, spikes};

/// Ratios of the singular values.
const CONDITIONS: [f64; 4] = [1.0, 3.0, 10.0, 30.0];
/// Distance beyond which a matrix is another one.
const OTHER: f64 = 1e-3;
/// Searches for another one, of either kind.
const SEARCHES: usize = 4;
/// Starts near by that all must lead back.
const STARTS: usize = 3;
/// Distance within which it is the same.
const SAME: f64 = 1e-6;
/// Error of a start that descent is to leave as balanced as it was: as much is the factor off.
const NEAR: f64 = 1e-5;
/// Of a linearised error, relative.
const TOLERANCE: f64 = 1e-4;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let thin = thin_row("a_thin_row_costs_rank", "rank J = r(n + m − r) − (r − c)")
        .on(thin_rows(&[(2, 0), (2, 1), (3, 1), (3, 2)]));
    let costs_nothing = thin
        .restated("a_thin_row_costs_nothing", "rank J = r(n + m − r)")
        .predicting(|at, _| at.degrees_of_freedom() as f64);
    let sizes = [(2, 2), (2, 5), (3, 3), (3, 4)];
    let joined = sets(
        "joined_sets_determine",
        "sets of p entries with rank J = n + m − 1: C(n, m, p)",
        true,
    )
    .on(small_sizes(&sizes))
    .predicting(|at, p| connected_sets(at.value.0, at.value.1, p as usize));
    let covering = sets(
        "sets_without_empty_rows_determine",
        "sets of p entries with rank J = n + m − 1: those without an empty row or column",
        true,
    )
    .on(small_sizes(&[(3, 3), (3, 4)]))
    .predicting(|at, p| covering_sets(at.value.0, at.value.1, p as usize));
    let trees = sets(
        "trees_determine",
        "sets of n + m − 1 entries with rank J = n + m − 1: n^{m−1} m^{n−1}",
        false,
    )
    .on(small_sizes(&sizes))
    .predicting(|at, _| spanning_trees(at.value));
    let one_less = trees
        .restated(
            "one_set_less",
            "sets of n + m − 1 entries with rank J = n + m − 1: n^{m−1} m^{n−1} − 1",
        )
        .predicting(|at, _| spanning_trees(at.value) - 1.0);
    let plain = linearised(
        "gradient_descent_is_linearised",
        "|J₀ e_k|, e_{k+1} = (I − hJᵀJ) e_k",
        Steps::Plain,
    );
    let longer = with_longer_steps(
        plain.restated(
            "gradient_descent_with_longer_steps",
            "|J₀ e_k|, e_{k+1} = (I − 1.02 hJᵀJ) e_k",
        ),
        Steps::Plain,
    );
    let scaled = linearised(
        "scaled_descent_is_linearised",
        "|J₀ e_k|, e_{k+1} = (I − hP⁻¹JᵀJ) e_k",
        Steps::Scaled,
    );
    let scaled_longer = with_longer_steps(
        scaled.restated(
            "scaled_descent_with_longer_steps",
            "|J₀ e_k|, e_{k+1} = (I − 1.02 hP⁻¹JᵀJ) e_k",
        ),
        Steps::Scaled,
    );
    let sees = factor(
        "gradient_descent_sees_the_condition",
        "|Z_{k+1} − M|/|Z_k − M| → 1 − 1/(2κ)",
        Steps::Plain,
    )
    .on(conditioned(&CONDITIONS))
    .predicting(|at, _| 1.0 - 0.5 / condition(at));
    let sees_less = sees
        .restated("gradient_descent_sees_less", "|Z_{k+1} − M|/|Z_k − M| → 1 − 1/(1.95κ)")
        .predicting(|at, _| 1.0 - 1.0 / (1.95 * condition(at)));
    let sees_nothing = factor(
        "plain_descent_sees_no_condition",
        "plain: |Z_{k+1} − M|/|Z_k − M| → ½",
        Steps::Plain,
    )
    .on(conditioned(&[3.0, 10.0, 30.0]))
    .predicting(|_, _| 0.5);
    let blind =
        factor("scaled_descent_sees_no_condition", "|Z_{k+1} − M|/|Z_k − M| → ½", Steps::Scaled)
            .on(conditioned(&CONDITIONS))
            .on(conditioned_out_of_balance(&CONDITIONS))
            .predicting(|_, _| 0.5);
    let slower = blind
        .restated("scaled_descent_is_slower", "|Z_{k+1} − M|/|Z_k − M| → 0.51")
        .predicting(|_, _| 0.51);
    let noise = noise("noise_comes_through", "Σ_e |Z(e) − M|²/σ² = |J₀J⁺|²");
    let rule = noise
        .restated("noise_by_a_rule_of_thumb", "Σ_e |Z(e) − M|²/σ² = r(n + m − r) nm/p")
        .predicting(|at, _| {
            let (n, _, m) = at.sizes();
            at.degrees_of_freedom() as f64 * (n * m) as f64 / at.seen.len() as f64
        });
    let angle = |at: &OneRow| at.angles().0 + at.angles().1;
    let nuclear = nuclear("least_nuclear_norm", "min |Z|_* = |M|_* sin max(α + β, π/2)")
        .on(one_row("on either side", None))
        .predicting(move |at, _| at.norm() * sin(angle(at).max(std::f64::consts::FRAC_PI_2)));
    let larger = self::nuclear(
        "nuclear_norm_of_a_larger_angle",
        "min |Z|_* = |M|_* sin(1.05 max(α + β, π/2))",
    )
    .on(one_row("beyond a right angle", Some(true)))
    .predicting(move |at, _| at.norm() * sin(1.05 * angle(at).max(std::f64::consts::FRAC_PI_2)));
    let always = self::nuclear("nuclear_norm_finds_the_matrix", "min |Z|_* = |M|_*")
        .on(one_row("beyond a right angle", Some(true)))
        .predicting(|at, _| at.norm());
    let no_more = success("no_more_than_are_joined", "P(Z = M) ≤ P(joined)", (Side::AtMost, 1.0));
    let fewer = restated(&no_more, "fewer_than_are_joined", "P(Z = M) ≤ 0.7 P(joined)", 0.7);
    let most =
        success("most_of_those_that_are_joined", "P(Z = M) ≥ 0.7 P(joined)", (Side::AtLeast, 0.7));
    let nearly_all = restated(&most, "nearly_all_that_are_joined", "P(Z = M) ≥ 0.9 P(joined)", 0.9);
    let as_many = filled("as_many_as_are_joined", "by filling in: P(Z = M) = P(joined)");
    let fewer_filled =
        restated(&as_many, "fewer_by_filling_in", "by filling in: P(Z = M) = 0.95 P(joined)", 0.95);
    Theorem::new("sparse_low_rank/matrix_completion", include_str!("matrix_completion.md"))
        .uses(
            "sparse_low_rank/rank_semicontinuity",
            "the rank of the derivative of a product, and how noise comes through",
        )
        .uses(
            "sparse_low_rank/matrix_factorisation_landscape",
            "the curvatures at the solution where all entries are seen",
        )
        .uses("sparse_low_rank/alternating_least_squares", "the method that completes")
        .claim(thin)
        .claim(rank_of_parts("rank_counts_parts").on(of_rank_one()))
        .claim(joined)
        .claim(trees)
        .claim(others("others_have_the_same_entries").on_all(undetermined()))
        .claim(only_one("it_is_the_only_one_near_by").on(determined()))
        .claim(plain)
        .claim(scaled)
        .claim(sees)
        .claim(blind)
        .claim(noise)
        .claim(nuclear)
        .claim(spike("a_seen_spike_is_found", "Z = (1 − λ) e₁e₁ᵀ if its entry is seen, else 0", true).on(spikes("any entries", None)))
        .claim(no_more)
        .claim(most)
        .claim(as_many)
        .control(costs_nothing)
        .control(
            thin_row("a_thin_row_beside_another", "rank J = r(n + m − r) − (r − c)")
                .on(Family::single("one other row", || thin_rows_in_need(false)))
                .violating("other rows of rank r"),
        )
        .control(
            thin_row("a_thin_row_along_one_column", "rank J = r(n + m − r) − (r − c)")
                .on(Family::single("two columns alike", || thin_rows_in_need(true)))
                .violating("independent columns where it is seen"),
        )
        .control(rank_of_parts("rank_counts_parts_with_zeros").on(with_a_zero_row()).violating("no entry is 0"))
        .control(covering)
        .control(one_less)
        .control(others("others_though_alone").on(isolated()).violating("no larger rank near by"))
        .control(others("others_though_determined").on(determined()).violating("rank J < dof"))
        .control(only_one("it_is_the_only_one_of_few_entries").on_all(undetermined()).violating("rank J = dof"))
        .control(longer)
        .control(scaled_longer)
        .control(sees_less)
        .control(sees_nothing)
        .control(
            factor("condition_out_of_balance", "|Z_{k+1} − M|/|Z_k − M| → 1 − 1/(2κ)", Steps::Plain)
                .on(conditioned_out_of_balance(&[3.0, 10.0]))
                .predicting(|at, _| 1.0 - 0.5 / condition(at))
                .violating("balanced factors"),
        )
        .control(
            factor("condition_without_room", "|Z_{k+1} − M|/|Z_k − M| → 1 − 1/(2κ)", Steps::Plain)
                .on(conditioned_two_by_two(&[3.0, 10.0]))
                .predicting(|at, _| 1.0 - 0.5 / condition(at))
                .violating("more rows or columns than r"),
        )
        .control(slower)
        .control(rule)
        .control(larger)
        .control(always)
        .control(spike("an_unseen_spike_is_found", "Z = (1 − λ) e₁e₁ᵀ", false).on(spikes("without its entry", Some(false))))
        .control(fewer)
        .control(nearly_all)
        .control(fewer_filled)
        .figure(
            Figure::linear("success", "entries seen over degrees of freedom", "share of 20 that were found")
                .caption(
                    "Random 8 x 8 matrices of rank 1: how often each method finds the matrix, and, dashed, how often the entries join all rows and columns, without which \
                     no method can: they stay below but for chance.",
                )
                .showing(success_table),
        )
        .figure(
            Figure::log_log("condition", "ratio of the singular values", "steps to an error of 1e-6")
                .caption(
                    "A 30 x 30 matrix of rank 2 with half of its entries: the number of steps of gradient descent grows in proportion to the ratio of the singular values, that \
                     of scaled gradient descent hardly changes.",
                )
                .showing(steps_by_condition),
        )
        .figure(
            Figure::linear("nuclear_norm", "α + β", "least nuclear norm over |M|_*")
                .caption(
                    "A 2 x 2 matrix of rank 1 with an entry hidden: the nuclear norm finds it up to a right angle; beyond, another matrix with the same entries has a smaller one, as both a matrix and a dual point show.",
                )
                .showing(nuclear_norms),
        )
        .figure(
            Figure::linear("hidden_digits", "pixel", "pixel")
                .caption(
                    "Digits, pixels of which three in ten are hidden (middle row: as they are seen), filled in by a matrix of rank 10 with a ridge (below), and as they are (above).",
                )
                .showing(hidden_digits),
        )
}

fn thin_row(name: &str, formula: &str) -> Claim<Incomplete> {
    Claim::identity(name, formula, 1e-12)
        .assuming([deficient(), other_rows(), seen_columns()])
        .measuring_each(|at: &Incomplete| {
            let rank = at.seen_rank().map_or(f64::NAN, |rank| rank as f64);
            Readings::at(at.sizes().1, rank)
        })
        .predicting(|at, _| {
            let (_, r, _) = at.sizes();
            let of_first = at.seen.iter().filter(|(i, _)| *i == 0).count();
            (at.degrees_of_freedom() + of_first - r) as f64
        })
}

fn rank_of_parts(name: &str) -> Claim<Incomplete> {
    Claim::identity(name, "rank J = n + m − parts", 1e-12)
        .assuming(of_rank_one_without_zeros())
        .measuring_each(|at: &Incomplete| {
            let rank = at.seen_rank().map_or(f64::NAN, |rank| rank as f64);
            Readings::at(at.seen.len(), rank)
        })
        .predicting(|at, _| {
            let (n, _, m) = at.sizes();
            (n + m - parts((n, m), &at.seen)) as f64
        })
}

fn others(name: &str) -> Claim<Incomplete> {
    Claim::identity(name, "a Z of rank r, |Z − M| > 0.001 |M|, has the same entries: 1", 1e-12)
        .assuming([deficient(), maximal()])
        .measuring_by_drawing(|at: &Incomplete, draw| {
            // By chance a start may lie across from the others: the furthest of several, some of them along what is free.
            let found = (0..2 * SEARCHES).filter_map(|search| match search < SEARCHES {
                true => at.fitted_along(0.005, draw),
                false => at.fitted_nearby(0.03, draw),
            });
            let furthest = found.map(|z| at.error(&z)).reduce(maximum);
            // A search that fails says nothing.
            furthest.map_or_else(Readings::default, |error| {
                Readings::at(at.seen.len(), f64::from(u8::from(error > OTHER)))
            })
        })
        .predicting(|_, _| 1.0)
}

fn only_one(name: &str) -> Claim<Incomplete> {
    Claim::identity(name, "each Z of rank r that is found near by has |Z − M| < 1e-6 |M|: 1", 1e-12)
        .assuming([full_rank()])
        .measuring_by_drawing(|at: &Incomplete, draw| {
            // Where there are others, a single start may by chance lie across from them.
            let near: Vec<Option<f64>> =
                (0..STARTS).map(|_| at.fitted_nearby(0.01, draw).map(|z| at.error(&z))).collect();
            let along = at.fitted_along(0.005, draw).map(|z| at.error(&z));
            let another = near.iter().flatten().chain(&along).any(|error| *error >= SAME);
            // One other is enough; a search that fails does not say that there is none.
            if another || near.iter().all(Option::is_some) {
                Readings::at(at.seen.len(), f64::from(u8::from(!another)))
            } else {
                Readings::default()
            }
        })
        .predicting(|_, _| 1.0)
}

fn indexed(values: &[f64], k: f64) -> f64 {
    values.get(k as usize).copied().unwrap_or(f64::NAN)
}

fn linearised(name: &str, formula: &str, steps: Steps) -> Claim<Incomplete> {
    Claim::identity(name, formula, TOLERANCE)
        .assuming([full_rank()])
        .on(partly_seen())
        .measuring_each(move |at: &Incomplete| {
            let (_, _, step_size) = linear_parts(at, steps);
            let floor = 64.0 * f64::EPSILON * at.truth().norm();
            let errors = errors(at, steps, step_size, SMALL, FOLLOWED);
            // As long as rounding is no matter.
            let seen = (0..=FOLLOWED).filter(|&k| errors[k] * TOLERANCE > 4.0 * floor);
            Readings::over(seen, |k| Reading::new(errors[k], floor))
        })
        .predicting_from(move |at| linear_errors(at, steps, 1.0), |values, k| indexed(values, k))
}

/// What the linear recursion would say if steps were 2% longer.
fn with_longer_steps(claim: Claim<Incomplete>, steps: Steps) -> Claim<Incomplete> {
    claim.predicting_from(move |at| linear_errors(at, steps, 1.02), |values, k| indexed(values, k))
}

/// The ratio of the singular values, of which the second is 1.
fn condition(at: &Incomplete) -> f64 {
    let values = Svd::of(&at.truth()).values().clone();
    values[0] / values[1]
}

/// Of the last of so many steps that faster modes have gone.
fn factor(name: &str, formula: &str, steps: Steps) -> Claim<Incomplete> {
    // Scaled steps do not see how the factors are balanced.
    let balanced = (steps == Steps::Plain).then(balanced_factors);
    Claim::identity(name, formula, 1e-4)
        .assuming([all_is_seen(), more_than_rank()])
        .assuming(balanced)
        .measuring_each(move |at: &Incomplete| {
            let (step_size, count) = match steps {
                Steps::Plain => (0.5 / condition(at), (14.0 * condition(at)) as usize),
                Steps::Scaled => (0.5, 14),
            };
            let errors = errors(at, steps, step_size, NEAR, count);
            Readings::at(count, errors[count] / errors[count - 1])
        })
}

fn all_is_seen() -> Hypothesis<Incomplete> {
    Hypothesis::new("all is seen", |at: &Incomplete, _| {
        let (n, _, m) = at.sizes();
        Check::at_least(at.seen.len() as f64, (n * m) as f64, "entries seen, n m")
    })
}

fn noise(name: &str, formula: &str) -> Claim<Incomplete> {
    Claim::identity(name, formula, TOLERANCE)
        .assuming([full_rank()])
        .on(graded())
        .on(partly_seen().with_draws(2))
        .measuring_each(|at: &Incomplete| Readings::at(at.seen.len(), disturbed_one_by_one(at)))
        .predicting(|at, _| amplification(at))
}

/// From below by a dual point, and from above by a matrix.
fn nuclear(name: &str, formula: &str) -> Claim<OneRow> {
    Claim::identity(name, formula, 2e-3)
        .assuming([Hypothesis::by_construction("rank 1", "M = s u vᵀ")])
        .measuring_each(|at: &OneRow| {
            [(0, Reading::from(at.at_least())), (1, at.at_most().into())].into_iter().collect()
        })
}
