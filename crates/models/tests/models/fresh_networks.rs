//! Batches of fresh networks, held against what is known exactly at every width and depth.
//!
//! Means are compared within five of their standard errors.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use theoria_models::Vector;
use theoria_models::networks::{Activation, FreshNetworks, Propagation};

fn stream(network: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(17);
    rng.set_stream(network);
    rng
}

fn unit(n: usize) -> Vector {
    Vector::from_fn(n, |i, _| f64::from(u8::from(i == 0)))
}

fn slanted(n: usize) -> Vector {
    Vector::from_fn(n, |i, _| (i as f64).cos()).normalize()
}

/// Mean and its standard error.
fn mean(sample: &[f64]) -> (f64, f64) {
    let n = sample.len() as f64;
    let mean = sample.iter().sum::<f64>() / n;
    let variance = sample.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

fn assert_mean(sample: &[f64], expected: f64) {
    let (mean, error) = mean(sample);
    assert!((mean - expected).abs() < 5.0 * error, "{mean} +- {error}, expected {expected}");
}

fn of_each(seen: &Propagation, what: impl Fn(usize) -> f64) -> Vec<f64> {
    (0..seen.networks()).map(what).collect()
}

/// The largest distance of the two distribution functions; atoms (dead networks) and NaN have their
/// place in the total order.
fn kolmogorov_distance(mut a: Vec<f64>, mut b: Vec<f64>) -> f64 {
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    let share = |sample: &[f64], v: &f64| {
        let below = sample.partition_point(|w| w.total_cmp(v).is_le());
        below as f64 / sample.len() as f64
    };
    a.iter().map(|v| (share(&a, v) - share(&b, v)).abs()).fold(0.0, f64::max)
}

/// Both ways of drawing, of one shape, side by side.
fn both(shape: &FreshNetworks) -> [FreshNetworks; 2] {
    [shape.clone(), shape.clone().in_law()]
}

#[test]
fn he_networks_have_the_moments_of_hanin_and_nica() {
    // E|Ju|² = n_L/n_0, E|Ju|⁴ = (n_L/n_0)² Π (1 + 5/n_l) (Hanin, Nica 2019), for any tangent.
    let widths = [20, 30, 40, 30, 20];
    let shape = FreshNetworks::gaussian(&widths, Activation::Relu, 2.0);
    let fourth: f64 = widths[1..].iter().map(|n| 1.0 + 5.0 / *n as f64).product();
    for networks in both(&shape) {
        let seen = networks.run(&[slanted(20)], &[unit(20), slanted(20)], 20_000, stream);
        for tangent in 0..2 {
            let squares = of_each(&seen, |net| seen.tangent(net, 4, tangent));
            assert_mean(&squares, 1.0);
            assert_mean(&squares.iter().map(|s| s * s).collect::<Vec<_>>(), fourth);
        }
        assert_mean(&of_each(&seen, |net| seen.signal(net, 2, 0)), 2.0);
    }
}

#[test]
fn linear_networks_grow_by_the_logarithm_of_a_chi_square() {
    // Each layer adds ln(c χ²_n / n), of mean ln c + ψ(n/2) + ln(2/n) and variance ψ_1(n/2):
    // for n = 10, ψ(5) = 1.50611766843180 and ψ_1(5) = 0.22132295573712.
    let (depth, c) = (200, 1.5_f64);
    let shape = FreshNetworks::gaussian(&vec![10; depth + 1], Activation::Linear, c);
    let each = c.ln() + 1.506_117_668_431_80 + 0.2_f64.ln();
    for networks in both(&shape) {
        let seen = networks.run(&[unit(10)], &[slanted(10)], 4000, stream);
        for logarithms in [
            of_each(&seen, |net| seen.log_tangent(net, depth, 0)),
            of_each(&seen, |net| seen.log_signal(net, depth, 0)),
        ] {
            assert_mean(&logarithms, depth as f64 * each);
            let (mean, _) = mean(&logarithms);
            let squares: Vec<f64> = logarithms.iter().map(|l| (l - mean).powi(2)).collect();
            assert_mean(&squares, depth as f64 * 0.221_322_955_737_12);
        }
    }
}

#[test]
fn weights_of_an_own_law_have_its_variance() {
    // Normals cut at two standard deviations have the variance 1 - 4 φ(2)/(2 Φ(2) - 1) = .7737.
    let cut = |rng: &mut dyn rand::Rng| -> f64 {
        loop {
            let normal: f64 = StandardNormal.sample(rng);
            if normal.abs() <= 2.0 {
                return normal;
            }
        }
    };
    let variance: f64 = 0.773_741_303_549_923;
    let linear = FreshNetworks::independent(&[20; 9], Activation::Linear, cut);
    for networks in both(&linear) {
        let seen = networks.run(&[slanted(20)], &[unit(20)], 10_000, stream);
        for signal in [false, true] {
            let squares = of_each(&seen, |net| {
                if signal { seen.signal(net, 8, 0) } else { seen.tangent(net, 8, 0) }
            });
            assert_mean(&squares, variance.powi(8));
        }
    }
    // Another law of the same variance differs in the fourth moment, not in the second.
    let signs = |rng: &mut dyn rand::Rng| {
        let heads = rng.next_u32().is_multiple_of(2);
        if heads { 0.773_741_303_549_923f64.sqrt() } else { -0.773_741_303_549_923f64.sqrt() }
    };
    let seen = FreshNetworks::independent(&[20; 9], Activation::Linear, signs);
    let seen = seen.run(&[slanted(20)], &[], 10_000, stream);
    assert_mean(&of_each(&seen, |net| seen.signal(net, 8, 0)), variance.powi(8));
}

#[test]
fn own_activations_pass_what_their_moments_say() {
    let (scale, alpha) = (1.050_700_987_355_480_5, 1.673_263_242_354_377_2);
    let selu = Activation::own(
        "SELU",
        move |x| if x > 0.0 { scale * x } else { scale * alpha * x.exp_m1() },
        move |x| if x > 0.0 { scale } else { scale * alpha * x.exp() },
    );
    let shape = FreshNetworks::gaussian(&[30, 30], selu, 1.0);
    for networks in both(&shape) {
        // Sums are standard normal for a signal of mean square 1.
        let x = slanted(30) * 30f64.sqrt();
        // Orthogonal to the input, so that its sums are independent of those of the input.
        let across = (unit(30) - slanted(30) * slanted(30)[0]).normalize();
        let seen = networks.run(&[x], &[across], 20_000, stream);
        let signals = of_each(&seen, |net| seen.signal(net, 1, 0) / 30.0);
        assert_mean(&signals, selu.second_moment(1.0));
        let tangents = of_each(&seen, |net| seen.tangent(net, 1, 0));
        assert_mean(&tangents, selu.second_moment_of_derivative(1.0));
    }
}

#[test]
fn depth_neither_overflows_nor_underflows() {
    for c in [1e-3, 1e3] {
        let shape = FreshNetworks::gaussian(&[8; 401], Activation::Relu, c);
        let seen = shape.in_law().run(&[unit(8)], &[unit(8)], 200, stream);
        // With u = x both are the same vector; -ln 2 - 0.35 is what a layer of 8 adds at c = 1.
        for net in 0..200 {
            let growth = seen.log_tangent(net, 400, 0);
            assert!((growth - seen.log_signal(net, 400, 0)).abs() < 1e-8 || growth.is_infinite());
            assert!(
                growth.is_infinite() || (growth / 400.0 - c.ln() + 1.05).abs() < 0.4,
                "{growth}"
            );
        }
    }
}

#[test]
fn both_ways_of_drawing_have_one_law() {
    // Two samples of N = 4000: the distance exceeds 2.5/sqrt(N/2) with a probability of 1e-5.
    let x = slanted(6);
    let y = Vector::from_fn(6, |i, _| (i as f64).sin() + 0.3);
    let shapes = [
        FreshNetworks::gaussian(&[6, 9, 5, 7], Activation::Tanh, 2.0).with_bias_variance(0.3),
        FreshNetworks::gaussian(&[6, 6, 6, 6], Activation::Swish, 3.0),
        FreshNetworks::orthogonal(&[6, 9, 5, 7], Activation::Relu, 1.4),
        FreshNetworks::residual(6, Activation::Relu, 2.0, &[0.5, 0.7, 1.0]),
        FreshNetworks::residual_of_activated(6, Activation::Relu, 2.0, &[0.5, 0.7, 1.0]),
    ];
    for shape in shapes {
        let [literal, in_law] = both(&shape);
        let run = |networks: &FreshNetworks, offset| {
            let inputs = [x.clone(), y.clone()];
            networks.run(&inputs, &[unit(6), y.clone()], 4000, |net| stream(net + offset))
        };
        let seen = [run(&literal, 0), run(&in_law, 1_000_000)];
        let distance = |what: &dyn Fn(&Propagation, usize) -> f64| {
            let [a, b] = [&seen[0], &seen[1]].map(|seen| of_each(seen, |net| what(seen, net)));
            kolmogorov_distance(a, b)
        };
        let limit = 2.5 / 2000_f64.sqrt();
        assert!(distance(&|seen, net| seen.log_signal(net, 3, 1)) < limit, "{shape:?}");
        assert!(distance(&|seen, net| seen.cosine(net, 3)) < limit, "{shape:?}");
        assert!(distance(&|seen, net| seen.log_tangent(net, 3, 0)) < limit, "{shape:?}");
        assert!(distance(&|seen, net| seen.log_tangent(net, 2, 1)) < limit, "{shape:?}");
    }
}

#[test]
fn orthogonal_linear_networks_are_isometries_up_to_the_gain() {
    let shape = FreshNetworks::orthogonal(&[12; 31], Activation::Linear, 1.1);
    for networks in both(&shape) {
        let seen = networks.run(&[unit(12), slanted(12)], &[slanted(12)], 5, stream);
        for net in 0..5 {
            let expected = 30.0 * 1.21_f64.ln();
            assert!((seen.log_tangent(net, 30, 0) - expected).abs() < 1e-12);
            assert!((seen.cosine(net, 30) - unit(12).dot(&slanted(12))).abs() < 1e-13);
        }
    }
}

#[test]
fn residual_networks_grow_as_the_product_of_their_blocks() {
    // E|x^L|² = |x⁰|² Π (1 + a² c/2), at every width.
    let scales = [0.5, 0.8, 0.3, 1.0];
    let shape = FreshNetworks::residual(10, Activation::Relu, 3.0, &scales);
    let expected: f64 = scales.iter().map(|a| 1.0 + a * a * 1.5).product();
    for networks in both(&shape) {
        let seen = networks.run(&[slanted(10)], &[unit(10)], 20_000, stream);
        assert_mean(&of_each(&seen, |net| seen.signal(net, 4, 0)), expected);
        assert_mean(&of_each(&seen, |net| seen.tangent(net, 4, 0)), expected);
    }
}

#[test]
fn inner_products_follow_cho_and_saul() {
    // One He layer, any width: E⟨x¹, y¹⟩ = |x||y| (sin t + (π - t) cos t)/π for the angle t.
    let (x, y) = (unit(8) * 2.0, Vector::from_element(8, 0.5));
    let cosine = x.dot(&y) / (x.norm() * y.norm());
    let angle = cosine.acos();
    let expected = x.norm() * y.norm() * (angle.sin() + (std::f64::consts::PI - angle) * cosine)
        / std::f64::consts::PI;
    for networks in both(&FreshNetworks::gaussian(&[8, 8], Activation::Relu, 2.0)) {
        let seen = networks.run(&[x.clone(), y.clone()], &[], 20_000, stream);
        assert_mean(&of_each(&seen, |net| seen.inner(net, 1)), expected);
    }
}

#[test]
fn wide_tanh_networks_follow_the_recursion_of_variances() {
    let (n, c, c_b) = (4000, 2.0, 0.1);
    let shape = FreshNetworks::gaussian(&[n; 6], Activation::Tanh, c).with_bias_variance(c_b);
    let seen = shape.in_law().run(&[slanted(n) * (n as f64).sqrt()], &[unit(n)], 20, stream);
    // The mean square of the signal and of the tangent, layer by layer.
    let (mut square, mut growth) = (1.0, 0.0);
    for layer in 1..=5 {
        let q = c * square + c_b;
        square = Activation::Tanh.second_moment(q);
        growth += (c * Activation::Tanh.second_moment_of_derivative(q)).ln();
        let (seen_square, _) = mean(&of_each(&seen, |net| seen.signal(net, layer, 0) / n as f64));
        let (seen_growth, _) = mean(&of_each(&seen, |net| seen.log_tangent(net, layer, 0)));
        // 20 networks of width 4000: deviations of about 1/sqrt(80000) a layer.
        assert!((seen_square / square - 1.0).abs() < 0.03, "{layer}: {seen_square} {square}");
        assert!((seen_growth - growth).abs() < 0.05, "{layer}: {seen_growth} {growth}");
    }
}

#[test]
fn results_depend_neither_on_threads_nor_on_how_many_networks_there_are() {
    let shape = FreshNetworks::gaussian(&[7, 7, 7], Activation::Relu, 2.0);
    let run = |threads, networks| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| shape.run(&[unit(7)], &[slanted(7)], networks, stream))
    };
    assert_eq!(format!("{:?}", run(1, 50)), format!("{:?}", run(4, 50)));
    for net in 0..20 {
        assert_eq!(
            run(2, 20).tangent(net, 2, 0).to_bits(),
            run(3, 50).tangent(net, 2, 0).to_bits()
        );
    }
}
