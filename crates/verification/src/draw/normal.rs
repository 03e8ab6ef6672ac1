//! The normal law, the same to the bit on every machine.
#![expect(clippy::excessive_precision, reason = "coefficients as they were published")]

/// The number below which a standard normal number lies with probability 1/2 + `beyond`, within (−1/2, 1/2), to some
/// sixteen digits: M. J. Wichura, *Algorithm AS 241: the percentage points of the normal distribution*, 1988. Its
/// logarithm is not the system's, which differ in the last bit.
pub(super) fn quantile(beyond: f64) -> f64 {
    if beyond.abs() <= 0.425 {
        let r = 0.180625 - beyond * beyond;
        return beyond * ratio(r, &CENTRE);
    }
    let r = (-libm::log(0.5 - beyond.abs())).sqrt();
    let size = if r <= 5.0 { ratio(r - 1.6, &SHOULDER) } else { ratio(r - 5.0, &TAIL) };
    size.copysign(beyond)
}

/// A quotient of polynomials, by their coefficients from the constant on.
fn ratio(r: f64, [above, below]: &[[f64; 8]; 2]) -> f64 {
    let at = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, c| sum * r + c);
    at(above) / at(below)
}

const CENTRE: [[f64; 8]; 2] = [
    [
        3.387132872796366608,
        133.14166789178437745,
        1971.5909503065514427,
        13731.693765509461125,
        45921.953931549871457,
        67265.770927008700853,
        33430.575583588128105,
        2509.0809287301226727,
    ],
    [
        1.0,
        42.313330701600911252,
        687.1870074920579083,
        5394.1960214247511077,
        21213.794301586595867,
        39307.89580009271061,
        28729.085735721942674,
        5226.495278852854561,
    ],
];
const SHOULDER: [[f64; 8]; 2] = [
    [
        1.42343711074968357734,
        4.6303378461565452959,
        5.7694972214606914055,
        3.64784832476320460504,
        1.27045825245236838258,
        0.24178072517745061177,
        0.0227238449892691845833,
        7.7454501427834140764e-4,
    ],
    [
        1.0,
        2.05319162663775882187,
        1.6763848301838038494,
        0.68976733498510000455,
        0.14810397642748007459,
        0.0151986665636164571966,
        5.475938084995344946e-4,
        1.05075007164441684324e-9,
    ],
];
const TAIL: [[f64; 8]; 2] = [
    [
        6.6579046435011037772,
        5.4637849111641143699,
        1.7848265399172913358,
        0.29656057182850489123,
        0.026532189526576123093,
        0.0012426609473880784386,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ],
    [
        1.0,
        0.59983220655588793769,
        0.13692988092273580531,
        0.0148753612908506148525,
        7.868691311456132591e-4,
        1.8463183175100546818e-5,
        1.4215117583164458887e-7,
        2.04426310338993978564e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::quantile;
    use statrs::function::erf::{erf_inv, erfc_inv};

    #[test]
    fn it_is_that_of_another_library() {
        for k in 1..=4000 {
            let beyond = 0.499_999 * f64::from(k) / 4000.0;
            let other = std::f64::consts::SQRT_2 * erf_inv(2.0 * beyond);
            assert!((quantile(beyond) - other).abs() <= 4e-15 * (1.0 + other), "{beyond}");
            assert_eq!(quantile(-beyond), -quantile(beyond));
        }
        // Where it is 1e-16 that is left.
        let left = 2f64.powi(-53);
        let other = std::f64::consts::SQRT_2 * erfc_inv(2.0 * left);
        assert!((quantile(0.5 - left) - other).abs() < 1e-14 * other);
        assert_eq!(quantile(0.0), 0.0);
    }
}
