//! Moments of squared norms in random ReLU networks, exactly: with K of n entries kept, E χ²_K = n/2 and
//! E (χ²_K)² = E K (K + 2) = n (n + 5)/4.

/// For hidden layers of these widths, each at least 1: E of the square of a product of independent factors s χ²_{K_l}, one for each
/// of them, over the square of its mean, Π (1 + 5/n_l).
pub fn relative_square(widths: &[usize]) -> f64 {
    widths.iter().map(|n| 1.0 + 5.0 / *n as f64).product()
}

/// The same of the square of that product, over the fourth power of its mean: Π E K (K + 2)(K + 4)(K + 6) / (n/2)⁴.
pub fn relative_fourth_power(widths: &[usize]) -> f64 {
    let of_a_layer = |&n: &usize| {
        let fourth = mean_over_coins(n, |k| k * (k + 2.0) * (k + 4.0) * (k + 6.0));
        fourth / (n as f64 / 2.0).powi(4)
    };
    widths.iter().map(of_a_layer).product()
}

/// E (χ²_K)² over the square of E χ²_K, by the sum over K.
pub fn square_of_a_layer(n: usize) -> f64 {
    mean_over_coins(n, |k| k * (k + 2.0)) / mean_over_coins(n, |k| k).powi(2)
}

/// The mean of what vanishes at 0 over K of n fair coins.
fn mean_over_coins(n: usize, of: impl Fn(f64) -> f64) -> f64 {
    let mut probability = 0.5f64.powi(n as i32);
    let mut sum = 0.0;
    for k in 1..=n {
        probability *= (n - k + 1) as f64 / k as f64;
        sum += probability * of(k as f64);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_coin_decides_over_a_layer_of_one_neuron() {
        // χ²_1 has the moments 1, 3, 15, 105, and half of the time nothing passes.
        assert!((relative_square(&[1]) - 0.5 * 3.0 / 0.25).abs() < 1e-12);
        assert!((relative_fourth_power(&[1]) - 0.5 * 105.0 / 0.0625).abs() < 1e-9);
    }

    #[test]
    fn wide_layers_hardly_fluctuate() {
        assert!((relative_fourth_power(&[1000]) - 1.0).abs() < 0.05);
    }
}
