#![doc = include_str!("mean_field_tanh.md")]

use theoria_instances::random_networks::{RandomNetworks, constant_width};
use theoria_instances::sequences::octaves;
use theoria_models::networks::Activation;
use theoria_models::numerics::bisect;
use theoria_verification::{
    Abscissae, Axis, Claim, Content, Draw, Effort, Family, Figure, Instance, Line, Reading,
    Readings, Sample, Scale, Theorem, TrialClaim,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let at_edge = critical("at_the_edge_signals_fade_like_1_over_l");
    let by_the_square = at_edge
        .restated("at_the_edge_signals_fade_like_1_over_the_square_of_l", "q_l ~ 1/l² for c = 1")
        .predicting(|_, l| l.powi(-2));
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
    Theorem::new(
        "initialization/mean_field_tanh",
        include_str!("mean_field_tanh.md"),
    )
    .claim(
        Claim::linear_rate("signals_fade_geometrically_below_1", "q_l ~ const cˡ for c < 1")
            .on(wide([0.5, 0.8]))
            .measuring(1..=120usize, fading)
            .predicting(|w, l| w.variance.powi(l as i32)),
    )
    .claim(at_edge)
    .claim(
        Claim::identity("the_constant_at_the_edge_is_one_half", "2 l q_l → 1", 2e-3)
            .on(wide([1.0]))
            .measuring([2048, 4096, 8192usize], |w, layers| {
                let q = w.recursion(1.0, 8192);
                layers.read(|l| 2.0 * l as f64 * q[l])
            })
            .predicting(|_, _| 1.0),
    )
    .claim(settled)
    .claim(
        signals("signals_of_wide_networks_follow_the_recursion")
            .on(networks([0.8, 1.0, 1.5, 3.0], 0.0))
            .on(networks([1.5], 0.3)),
    )
    .claim(
        growth("gradients_grow_by_chi_up_to_order_1_over_the_width", 1, 10.0).on(wide([2.0])),
    )
    .control(
        Claim::linear_rate("signals_fade_geometrically_at_the_edge", "q_l ~ const 0.9ˡ")
            .on(wide([1.0]))
            .measuring(1..=120usize, fading)
            .predicting(|_, l| 0.9f64.powi(l as i32)),
    )
    .control(by_the_square)
    .control(at_second_moment)
    .control(
        growth("gradients_grow_by_chi_up_to_order_1_over_the_square_of_the_width", 2, 10.0)
            .on(wide([2.0])),
    )
    .control(growth("gradients_grow_by_chi_exactly", 0, 1e-3).on(wide([2.0])))
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

fn fading(w: &Wide, layers: Abscissae<'_, usize>) -> Readings {
    let q = w.recursion(1.0, 120);
    layers.read(|l| Reading::new(q[l], 1e-14 * q[l]))
}

fn critical(name: &str) -> Claim<Wide> {
    Claim::exponent(name, "q_l ~ 1/(2 l) for c = 1")
        .on(wide([1.0]))
        .measuring(octaves(6..=12), |w, layers| {
            let q = w.recursion(1.0, 4096);
            layers.read(|l| Reading::new(q[l], 1e-14))
        })
        .predicting(|_, l| 0.5 / l)
}

fn fixed_point(name: &str) -> Claim<Wide> {
    Claim::identity(name, "q_l → q* = c E φ(√q* z)² for c > 1", 1e-9)
        .on(wide([1.5, 2.0, 3.0]))
        .measuring([0usize, 1], |w, sides| {
            // From below and from above.
            let ends = [0.01, 4.0].map(|start| w.recursion(start, 100)[100]);
            sides.read(|i| Reading::new(ends[i], 1e-13))
        })
        .predicting_from(Wide::fixed_point, |settled, _| *settled)
}

const LAYERS: [usize; 5] = [1, 2, 4, 8, 12];

fn networks<const N: usize>(variances: [f64; N], biases: f64) -> Family<RandomNetworks> {
    Family::listed(&format!("biases of variance {biases}"), variances, move |&c| {
        let mut widths = constant_width(256, 12);
        widths[0] = 64;
        RandomNetworks::new(Activation::Tanh, c, &widths).shown_a_digit().with_biases(biases)
    })
}

fn signals(name: &str) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(name, "E |xˡ|²/n = E φ(√q_l z)² + O(1/n)", 0.1)
        .trials(1024)
        .sampling(|n: &RandomNetworks, block| {
            let seen = n.run(block);
            block.read(LAYERS, |net, layer| seen.signal(net, layer, 0) / n.widths[layer] as f64)
        })
        .predicting(|n, layer| {
            let input = n.input.norm_squared() / n.widths[0] as f64;
            (0..layer as usize).fold(input, |square, _| {
                Activation::Tanh.second_moment(n.variance * square + n.bias_variance)
            })
        })
}

/// The growth of the tangent over layers in which signals have settled, less log χ, times a power of the
/// width: within `most` of 0.
fn growth(name: &str, power: i32, most: f64) -> TrialClaim<Wide> {
    const WIDTHS: [usize; 3] = [32, 64, 128];
    const SETTLED: usize = 10;
    const DEPTH: usize = 30;
    Claim::expected_value(name, "slope(n) − log χ = O(1/n)", most)
        .trials(512)
        .sampling(move |w: &Wide, block| {
            let (networks, log_chi) = (block.trials(), w.chi().ln());
            let rows = WIDTHS.map(|width| {
                let n = RandomNetworks::new(
                    Activation::Tanh,
                    w.variance,
                    &constant_width(width, DEPTH),
                );
                let rows = n.living_tangents(&[SETTLED, DEPTH], networks, block.generator());
                let slopes = rows[1].iter().zip(&rows[0]);
                let scale = (width as f64).powi(power);
                slopes
                    .map(|(end, begin)| {
                        scale * ((end - begin) / (DEPTH - SETTLED) as f64 - log_chi)
                    })
                    .collect::<Vec<f64>>()
            });
            Sample::new(WIDTHS, rows)
        })
        .predicting(|_, _| 0.0)
}

fn edge_of_chaos(_: &mut Draw, _: Effort) -> Content {
    let tanh = Activation::Tanh;
    let weights: Vec<f64> = (0..30).map(|i| 0.3 + 0.1 * f64::from(i)).collect();
    let biases: Vec<f64> = (0..18).map(|i| 0.02 * f64::from(i)).collect();
    let chi = |c: f64, bias: f64| {
        let q = (0..40).fold(1.0, |q, _| c * tanh.second_moment(q) + bias);
        (c * tanh.second_moment_of_derivative(q)).ln()
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
