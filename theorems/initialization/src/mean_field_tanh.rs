#![doc = include_str!("mean_field_tanh.md")]

use theoria_elementary::{ln, powf};
use theoria_instances::random_networks::{RandomNetworks, constant_width};
use theoria_instances::sequences::octaves;
use theoria_models::networks::Activation;
use theoria_models::numerics::bisect;
use theoria_verification::{
    Abscissae, Axis, Case, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis,
    Instance, Line, Reading, Readings, Sample, Scale, Theorem, TrialClaim,
};

use crate::support::hypotheses;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let fades =
        Claim::linear_rate("signals_fade_geometrically_below_1", "q_l ~ const cˡ for c < 1")
            .assuming([infinite_width()])
            .on(wide([0.5, 0.8]))
            .measuring(1..=120usize, fading)
            .predicting(|w, l| w.variance.powi(l as i32));
    let fades_faster = fades
        .restated("signals_fade_faster_below_1", "q_l ~ const (0.93 c)ˡ for c < 1")
        .predicting(|w, l| (0.93 * w.variance).powi(l as i32));
    let at_edge = critical("at_the_edge_signals_fade_like_1_over_l");
    let larger_power = at_edge
        .restated("at_the_edge_signals_fade_like_a_larger_power", "q_l ~ l^−1.15 for c = 1")
        .predicting(|_, l| powf(l, -1.15));
    let constant = Claim::identity("the_constant_at_the_edge_is_one_half", "2 l q_l → 1", 2e-3)
        .assuming([infinite_width()])
        .on(wide([1.0]))
        .measuring([2048, 4096, 8192usize], |w, layers| {
            let q = w.recursion(1.0, 8192);
            layers.read(|l| 2.0 * l as f64 * q[l])
        })
        .predicting(|_, _| 1.0);
    let other_constant = constant
        .restated("the_constant_at_the_edge_is_a_hundredth_more", "2 l q_l → 1.01")
        .predicting(|_, _| 1.01);
    let settled = fixed_point("above_1_signals_settle_at_the_fixed_point");
    let at_second_moment = settled
        .restated(
            "the_fixed_point_is_the_second_moment_of_the_activation",
            "q_l → E φ(√q* z)² for c > 1",
        )
        .predicting_from(
            |w| Activation::Tanh.second_moment(w.fixed_point()),
            |settled, _| *settled,
        );
    let table = table("the_table");
    let other_table = table
        .restated("the_table_with_another_slope", "q*, q*/c, log χ as in the table, times 1.001")
        .predicting(|w, column| 1.001 * w.in_the_table(column));
    let edge = edge("at_the_edge_with_biases_gradients_keep_their_size");
    let wider_edge = edge
        .restated(
            "the_edge_has_larger_biases",
            "χ = 1 at c = 1/E φ'(√q z)², c_b = 1.02 (q − c E φ(√q z)²)",
        )
        .measuring([0usize, 1], |q, starts| settled_slopes(q.value, 1.02, starts));
    let signals = signals("signals_of_wide_networks_follow_the_recursion")
        .on(networks([0.8, 1.0, 1.5, 3.0], 0.0))
        .on(networks([1.5], 0.3));
    // Beyond 1.5 the fixed point, which the table has, hides a part of the difference.
    let smaller = self::signals("signals_follow_a_smaller_recursion")
        .restated(
            "signals_follow_a_smaller_recursion",
            "E |xˡ|²/n = E φ(√q_l z)² with 0.93 c for c",
        )
        .on(networks([0.8, 1.0, 1.5], 0.0))
        .predicting(|n, layer| followed(n, layer, 0.93, 1.0));
    let without_biases = self::signals("signals_do_not_see_the_biases")
        .restated("signals_do_not_see_the_biases", "E |xˡ|²/n = E φ(√q_l z)² with c_b = 0")
        .on(networks([1.5], 0.3))
        .predicting(|n, layer| followed(n, layer, 1.0, 0.0));
    let growth = growth("gradients_grow_by_chi");
    let slower = growth
        .restated(
            "gradients_grow_by_less_than_chi",
            "2 slope(2n) − slope(n) = 0.88 log χ + O(n^−2)",
        )
        .predicting(|w, _| 0.88 * ln(w.chi()));
    let by_the_fixed_point = growth
        .restated("gradients_grow_by_the_slope_at_0", "2 slope(2n) − slope(n) = log c + O(n^−2)")
        .predicting(|w, _| ln(w.variance));
    Theorem::new("initialization/mean_field_tanh", include_str!("mean_field_tanh.md"))
        .uses(
            "initialization/critical_variance",
            "small signals pass tanh as they pass linear layers, for which 1 is critical",
        )
        .claim(fades)
        .claim(at_edge)
        .claim(constant)
        .claim(settled)
        .claim(table)
        .claim(edge)
        .claim(signals)
        .claim(growth)
        .control(fades_faster)
        .control(
            Claim::linear_rate("signals_fade_geometrically_at_the_edge", "c = 1: q_l ~ const 0.9ˡ")
                .assuming([infinite_width()])
                .on(wide([1.0]))
                .measuring(1..=120usize, fading)
                .predicting(|_, l| 0.9f64.powi(l as i32)),
        )
        .control(larger_power)
        .control(other_constant)
        .control(at_second_moment)
        .control(other_table)
        .control(wider_edge)
        .control(smaller)
        .control(without_biases)
        .control(slower)
        .control(by_the_fixed_point)
    .figure(
        Figure::semilog("signals", "layer l", "mean of |xˡ|²/n")
            .of("signals_of_wide_networks_follow_the_recursion")
            .caption(
                "Networks of width 256 that see a handwritten digit: the recursion of the limit says what \
                 their signals do.",
            ),
    )
    .figure(
        Figure::linear("edge_of_chaos", "variance factor of the weights c", "variance of the biases")
        .caption(
            "Gradients vanish on one side of the line χ = 1 and explode on the other; networks deeper than a few layers \
             are trained close to it.",
        )
        .showing(edge_of_chaos),
    )
    .figure(
        Figure::semilog_x("at_the_edge", "layer l", "2 l q_l")
        .caption(
            "At c = 1 the recursion tends to 1, but single networks, even of width 1000, wander off: \
             the limit holds for depths far below the width.",
        )
        .showing(at_the_edge),
    )
}

/// The limit of infinite width of tanh networks with this variance factor.
struct Wide {
    variance: f64,
}

impl Instance for Wide {
    fn description(&self) -> String {
        format!("tanh networks of infinite width, c = {}", self.variance)
    }
}

fn wide<const N: usize>(variances: [f64; N]) -> Family<Wide> {
    Family::listed("limit of infinite width", variances, |&variance| Wide { variance })
}

impl Wide {
    /// q_1, q_2, ... behind a place for the input, from q_1 = `start`.
    fn recursion(&self, start: f64, layers: usize) -> Vec<f64> {
        let next = |q: &f64| Some(self.variance * Activation::Tanh.second_moment(*q));
        std::iter::once(f64::NAN)
            .chain(std::iter::successors(Some(start), next))
            .take(layers + 1)
            .collect()
    }

    /// The positive q with q = c E φ(√q z)², for c > 1.
    fn fixed_point(&self) -> f64 {
        let grows = |q: f64| self.variance * Activation::Tanh.second_moment(q) > q;
        bisect(1e-6, self.variance, 0.0, grows).0
    }

    /// χ = c E φ'(√q z)² at the fixed point.
    fn chi(&self) -> f64 {
        self.variance * Activation::Tanh.second_moment_of_derivative(self.fixed_point())
    }
}

fn infinite_width() -> Hypothesis<Wide> {
    Hypothesis::by_construction(
        "infinite width",
        "the recursion is that of the limit, with Gaussian means by quadrature, which the tests of \
         models::networks::Activation compare with tables",
    )
}

/// For c = 1.5, 2 and 3, to the digits of the statement.
const TABLE: [(f64, [f64; 3]); 3] = [
    (1.5, [0.28689, 0.19126, 0.03977]),
    (2.0, [0.61796, 0.30898, 0.10032]),
    (3.0, [1.34539, 0.44847, 0.21414]),
];

impl Wide {
    /// What the table has in this column.
    fn in_the_table(&self, column: f64) -> f64 {
        let row = TABLE.iter().find(|(c, _)| *c == self.variance);
        row.map_or(f64::NAN, |(_, values)| values[column as usize])
    }
}

/// q*, q*/c and log χ, by bisection.
fn table(name: &str) -> Claim<Wide> {
    Claim::identity(name, "q*, q*/c, log χ as in the table", 2e-4)
        .assuming([infinite_width()])
        .on(wide([1.5, 2.0, 3.0]))
        .measuring([0usize, 1, 2], |w, columns| {
            let settled = w.fixed_point();
            let values = [settled, settled / w.variance, ln(w.chi())];
            columns.read(|column| Reading::new(values[column], 1e-9))
        })
        .predicting(Wide::in_the_table)
}

/// On the edge where the mean square of the entries settles at these values: 1 but for the slope of gradients there, from
/// below and from above.
fn edge(name: &str) -> Claim<Case<f64>> {
    let positive = Hypothesis::new("q > 0", |q: &Case<f64>, _| Check::at_least(q.value, 0.01, "q"));
    Claim::identity(name, "χ = 1 at c = 1/E φ'(√q z)², c_b = q − c E φ(√q z)²", 1e-9)
        .assuming([positive])
        .on(Family::cases("points of the edge", [0.1, 0.3, 1.0, 2.0], |q| format!("q = {q}")))
        .measuring([0usize, 1], |q, starts| settled_slopes(q.value, 1.0, starts))
        .predicting(|_, _| 1.0)
}

/// χ where the recursion settles, from 1/100 and from 4, with so many times the variance of the biases.
fn settled_slopes(q: f64, times: f64, starts: Abscissae<'_, usize>) -> Readings {
    let tanh = Activation::Tanh;
    let c = tanh.second_moment_of_derivative(q).recip();
    let biases = times * (q - c * tanh.second_moment(q));
    let settled = |start: f64| (0..400).fold(start, |q, _| c * tanh.second_moment(q) + biases);
    starts.read(|i| {
        Reading::new(c * tanh.second_moment_of_derivative(settled([0.01, 4.0][i])), 1e-12)
    })
}

fn fading(w: &Wide, layers: Abscissae<'_, usize>) -> Readings {
    let q = w.recursion(1.0, 120);
    layers.read(|l| Reading::new(q[l], 1e-14 * q[l]))
}

fn critical(name: &str) -> Claim<Wide> {
    Claim::exponent(name, "q_l ~ 1/(2 l) for c = 1")
        .assuming([infinite_width()])
        .on(wide([1.0]))
        .measuring(octaves(6..=12), |w, layers| {
            let q = w.recursion(1.0, 4096);
            layers.read(|l| Reading::new(q[l], 1e-14))
        })
        .predicting(|_, l| 0.5 / l)
}

fn fixed_point(name: &str) -> Claim<Wide> {
    Claim::identity(name, "q_l → q* = c E φ(√q* z)² for c > 1", 1e-9)
        .assuming([infinite_width()])
        .on(wide([1.5, 2.0, 3.0]))
        .measuring([0usize, 1], |w, sides| {
            // From below and from above.
            let ends = [0.01, 4.0].map(|start| w.recursion(start, 100)[100]);
            sides.read(|i| Reading::new(ends[i], 1e-13))
        })
        .predicting_from(Wide::fixed_point, |settled, _| *settled)
}

const LAYERS: [usize; 4] = [1, 2, 4, 8];

fn networks<const N: usize>(variances: [f64; N], biases: f64) -> Family<RandomNetworks> {
    Family::listed(&format!("biases of variance {biases}"), variances, move |&c| {
        let mut widths = constant_width(256, LAYERS[LAYERS.len() - 1]);
        widths[0] = 64;
        RandomNetworks::new(Activation::Tanh, c, &widths).shown_a_digit().with_biases(biases)
    })
}

fn signals(name: &str) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(name, "E |xˡ|²/n = E φ(√q_l z)² + O(1/n)", 0.1)
        .assuming([
            hypotheses::independent_normal_weights(),
            Hypothesis::new("wide", |n: &RandomNetworks, _| {
                let least = n.widths.iter().skip(1).min().copied().unwrap_or(0);
                Check::at_least(least as f64, 256.0, "smallest width")
            }),
        ])
        .trials(1 << 15)
        .sampling(|n: &RandomNetworks, block| {
            let seen = n.run_without_tangent(block);
            block.read(LAYERS, |net, layer| seen.signal(net, layer, 0) / n.widths[layer] as f64)
        })
        // The square of tanh is at most 1.
        .ranging(|_, _| (0.0, 1.0))
        .predicting(|n, layer| followed(n, layer, 1.0, 1.0))
}

/// The mean square behind this layer by the recursion, with these multiples of c and c_b.
fn followed(n: &RandomNetworks, layer: f64, weights: f64, biases: f64) -> f64 {
    let input = n.input.norm_squared() / n.widths[0] as f64;
    (0..layer as usize).fold(input, |square, _| {
        Activation::Tanh.second_moment(weights * n.variance * square + biases * n.bias_variance)
    })
}

/// The growth of a tangent per layer, over layers in which signals have settled, from two widths, of which the second
/// is twice the first: extrapolated to infinite width.
fn growth(name: &str) -> TrialClaim<Wide> {
    const WIDTH: usize = 64;
    const SETTLED: usize = 10;
    const DEPTH: usize = 30;
    Claim::expected_value(name, "2 slope(2n) − slope(n) = log χ + O(n^−2)", 0.06)
        .assuming([
            hypotheses::independent_normal_weights(),
            Hypothesis::new("c > 1", |w: &Wide, _| {
                Check::at_least(w.variance, 1.5, "variance factor")
            }),
        ])
        .on(wide([2.0, 3.0]))
        .trials(1 << 15)
        .sampling(|w: &Wide, block| {
            let networks = block.trials();
            let [narrow, wide] = [WIDTH, 2 * WIDTH].map(|width| {
                let widths = constant_width(width, DEPTH);
                let n = RandomNetworks::new(Activation::Tanh, w.variance, &widths);
                let rows = n.living_tangents(&[SETTLED, DEPTH], networks, block.generator());
                let slopes = rows[1].iter().zip(&rows[0]);
                slopes
                    .map(|(end, begin)| (end - begin) / (DEPTH - SETTLED) as f64)
                    .collect::<Vec<_>>()
            });
            Sample::at(WIDTH, wide.iter().zip(&narrow).map(|(wide, narrow)| 2.0 * wide - narrow))
        })
        .predicting(|w, _| ln(w.chi()))
}

fn edge_of_chaos(_: &mut Draw, _: Effort) -> Content {
    let tanh = Activation::Tanh;
    let weights: Vec<f64> = (0..30).map(|i| 0.3 + 0.1 * f64::from(i)).collect();
    let biases: Vec<f64> = (0..18).map(|i| 0.02 * f64::from(i)).collect();
    let chi = |c: f64, bias: f64| {
        let q = (0..40).fold(1.0, |q, _| c * tanh.second_moment(q) + bias);
        ln(c * tanh.second_moment_of_derivative(q))
    };
    // On the edge c E φ'(√q z)² = 1 and q = c E φ(√q z)² + c_b, a curve with parameter q.
    let edge = (0..60).map(|i| {
        let q = 0.03 * f64::from(i);
        let c = 1.0 / tanh.second_moment_of_derivative(q);
        (c, q - c * tanh.second_moment(q))
    });
    Content::HeatMap {
        values: biases.iter().flat_map(|bias| weights.iter().map(|c| chi(*c, *bias))).collect(),
        lines: vec![Line::predicted(
            "χ = 1",
            edge.filter(|(c, bias)| *c <= 3.2 && *bias <= 0.34).collect::<Vec<_>>(),
        )],
        x: weights,
        y: biases,
        colour: Axis::new("growth log χ of a gradient per layer", Scale::Linear),
        middle: Some(0.0),
    }
}

fn at_the_edge(draw: &mut Draw, _: Effort) -> Content {
    let depth = 300;
    let n = RandomNetworks::new(Activation::Tanh, 1.0, &constant_width(1000, depth));
    let seen = n.draw(4, draw.generator());
    let q = Wide { variance: 1.0 }.recursion(1.0, depth + 1);
    // q_{l+1} = |xˡ|²/n for c = 1.
    let layers = (2..=depth).filter(|l| l % 3 == 2);
    let lines = (0..4).map(|net| {
        let points = layers.clone().map(|l| {
            let next = (l + 1) as f64;
            (next, 2.0 * next * seen.signal(net, l, 0) / 1000.0)
        });
        Line::measured(&format!("network {}", net + 1), points)
    });
    let limit = (2..=depth).map(|l| (l as f64, 2.0 * l as f64 * q[l]));
    Content::Lines { lines: lines.chain([Line::predicted("recursion", limit)]).collect() }
}
