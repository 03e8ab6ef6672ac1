//! Least squares on data whose solutions are certified, from the Statistical Reference Datasets of the National
//! Institute of Standards and Technology (public domain).

use theoria_models::objectives::LeastSquares;
use theoria_models::{Matrix, Objective, Svd, Vector, exact_rank};

fn number(field: &str) -> f64 {
    field.parse().expect("a number")
}

/// "Filip": a polynomial of degree 10 in 82 points, not centred; y, x.
fn degree_ten() -> (Matrix, Vector) {
    let lines = include_str!("../../data/degree_ten.csv").lines().skip(1);
    let pairs: Vec<(f64, f64)> = lines
        .filter_map(|line| line.split_once(','))
        .map(|(y, x)| (number(y), number(x)))
        .collect();
    let features = Matrix::from_fn(pairs.len(), 11, |i, j| pairs[i].1.powi(j as i32));
    (features, Vector::from_iterator(pairs.len(), pairs.iter().map(|pair| pair.0)))
}

/// "Longley": employment, with an intercept, prices, product, unemployed, armed forces, population, year.
const EMPLOYMENT: [[f64; 7]; 16] = [
    [60323.0, 83.0, 234_289.0, 2356.0, 1590.0, 107_608.0, 1947.0],
    [61122.0, 88.5, 259_426.0, 2325.0, 1456.0, 108_632.0, 1948.0],
    [60171.0, 88.2, 258_054.0, 3682.0, 1616.0, 109_773.0, 1949.0],
    [61187.0, 89.5, 284_599.0, 3351.0, 1650.0, 110_929.0, 1950.0],
    [63221.0, 96.2, 328_975.0, 2099.0, 3099.0, 112_075.0, 1951.0],
    [63639.0, 98.1, 346_999.0, 1932.0, 3594.0, 113_270.0, 1952.0],
    [64989.0, 99.0, 365_385.0, 1870.0, 3547.0, 115_094.0, 1953.0],
    [63761.0, 100.0, 363_112.0, 3578.0, 3350.0, 116_219.0, 1954.0],
    [66019.0, 101.2, 397_469.0, 2904.0, 3048.0, 117_388.0, 1955.0],
    [67857.0, 104.6, 419_180.0, 2822.0, 2857.0, 118_734.0, 1956.0],
    [68169.0, 108.4, 442_769.0, 2936.0, 2798.0, 120_445.0, 1957.0],
    [66513.0, 110.8, 444_546.0, 4681.0, 2637.0, 121_950.0, 1958.0],
    [68655.0, 112.6, 482_704.0, 3813.0, 2552.0, 123_366.0, 1959.0],
    [69564.0, 114.2, 502_601.0, 3931.0, 2514.0, 125_368.0, 1960.0],
    [69331.0, 115.7, 518_173.0, 4806.0, 2572.0, 127_852.0, 1961.0],
    [70551.0, 116.9, 554_894.0, 4007.0, 2827.0, 130_081.0, 1962.0],
];

fn employment() -> (Matrix, Vector) {
    let features = Matrix::from_fn(16, 7, |i, j| if j == 0 { 1.0 } else { EMPLOYMENT[i][j] });
    (features, Vector::from_fn(16, |i, _| EMPLOYMENT[i][0]))
}

#[test]
fn nothing_is_said_of_a_minimum_that_rounding_hides() {
    let (features, targets) = degree_ten();
    let svd = Svd::of(&features);
    assert_eq!(
        (svd.rank(), exact_rank(&features), svd.decided_rank(&features)),
        (10, Some(11), None)
    );
    let f = LeastSquares::new(features, targets);
    assert!(f.minimum().is_none() && f.nearest_minimiser(&Vector::zeros(11)).is_none());
    assert!(f.lojasiewicz().is_none() && f.strong_convexity().is_none());
    // What is still said is true of the certified residual sum of squares.
    let certified = 7.958_513_821_729_41e-4 / 164.0;
    assert!(f.bounded_below().unwrap() <= certified);
    assert!(f.describe().ends_with("rank in doubt"), "{}", f.describe());
}

#[test]
fn polynomials_of_lower_degree_come_with_errors_that_hold() {
    let (features, targets) = degree_ten();
    let mut stated = 0;
    for (degree, exact) in (1..=9).zip(EXACT) {
        let part = features.columns(0, degree + 1).into_owned();
        if let Some(minimum) = LeastSquares::new(part, targets.clone()).minimum() {
            assert!((minimum.value - exact).abs() <= minimum.error, "{degree}: {minimum:?}");
            assert!(minimum.error <= 1e-3 * minimum.value, "{degree}: {minimum:?}");
            stated += 1;
        }
    }
    assert!(stated >= 5, "{stated}");
}

/// The least losses of polynomials of degree 1 to 9 on the same points, by exact fractions.
const EXACT: [f64; 9] = [
    1.847_951_887_807_136_6e-4,
    1.388_555_625_841_006_4e-4,
    9.716_353_253_340_055e-5,
    4.009_478_542_535_775e-5,
    3.823_756_846_100_066_4e-5,
    1.503_430_725_200_323_4e-5,
    1.476_332_260_214_207e-5,
    7.704_560_683_897_845e-6,
    6.233_231_362_657_458e-6,
];

#[test]
fn a_ridge_leaves_nothing_to_decide() {
    let (features, targets) = degree_ten();
    let f = LeastSquares::with_ridge(features, targets, 1.0);
    let minimum = f.minimum().unwrap();
    assert!(minimum.error <= 1e-6 * minimum.value, "{minimum:?}");
    // By exact fractions.
    let exact = 8.533_439_106_238_942e-4;
    assert!((minimum.value - exact).abs() <= minimum.error, "{minimum:?}");
}

#[test]
fn a_large_condition_number_is_no_doubt() {
    let (features, targets) = employment();
    let f = LeastSquares::new(features, targets);
    let minimum = f.minimum().unwrap();
    let certified = 836_424.055_505_915 / 32.0;
    assert!((minimum.value - certified).abs() <= minimum.error, "{minimum:?}");
    assert!(minimum.error <= 1e-4 * certified, "{minimum:?}");
    let coefficients = [
        -3_482_258.634_595_82,
        15.061_872_271_373_3,
        -0.035_819_179_292_591,
        -2.020_229_803_816_83,
        -1.033_226_867_173_59,
        -0.051_104_105_653_580_7,
        1_829.151_464_613_55,
    ];
    let found = f.nearest_minimiser(&Vector::zeros(7)).unwrap();
    for (found, certified) in found.iter().zip(coefficients) {
        assert!((found / certified - 1.0).abs() < 1e-5, "{found} {certified}");
    }
}
