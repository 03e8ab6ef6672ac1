//! Pictures of completions: which method finds the matrix, how many steps it takes, and digits.

use theoria_algorithms::{
    AlternatingLeastSquares, GradientDescent, LBfgs, Method, ProjectedGradient,
    ScaledGradientDescent, StrongWolfe,
};
use theoria_elementary::sin;
use theoria_models::networks::{MatrixSensing, haar_orthogonal};
use theoria_models::objectives::{Completion, RankConstrained};
use theoria_models::{Matrix, Objective, Vector, data};
use theoria_verification::{Axis, Block, Content, Draw, Effort, Generator, Line, Scale};

use super::connected::share_of_joined;
use super::descent_cone::normal;
use super::incomplete::{Incomplete, entries, random_problem, spectral_start};
use super::one_row::OneRow;
use super::tiles::tiles;

/// Rows and columns of the matrices of the table.
const SIZE: usize = 8;
/// Draws of each number of entries.
const DRAWS: usize = 20;
/// Entries over degrees of freedom.
const RATIOS: [f64; 7] = [1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0];
/// Relative error of a success.
const FOUND: f64 = 1e-3;

type Solve = fn(&Incomplete, &mut Generator) -> Matrix;

/// Steps of the method until the error is small.
fn steps<M: Method<Vector, Completion>>(
    at: &Incomplete,
    mut x: Vector,
    mut method: M,
    (most, goal): (usize, f64),
) -> (Option<usize>, Vector) {
    let loss = at.loss();
    for step in 0..most {
        if step % 8 == 0 && at.error(&loss.matrix(&x)) < goal {
            return (Some(step), x);
        }
        method.step(&loss, &mut x);
    }
    (None, x)
}

fn found<M: Method<Vector, Completion>>(
    at: &Incomplete,
    start: Vector,
    method: M,
    most: usize,
) -> Matrix {
    at.loss().matrix(&steps(at, start, method, (most, FOUND)).1)
}

fn random_start(at: &Incomplete, random: &mut Generator) -> Vector {
    Vector::from_fn(at.loss().dimension(), |_, _| normal(random))
}

fn projected(at: &Incomplete) -> Matrix {
    let (n, r, m) = at.sizes();
    let sensing = MatrixSensing::completion(&[m, n], &at.truth(), &at.seen);
    let over = RankConstrained::new(sensing, (n, m), r);
    let mut z = Vector::zeros(n * m);
    // The gradient is the residual over p: a step of nm makes up for the entries that are not seen.
    let mut method = ProjectedGradient::new((n * m) as f64);
    for _ in 0..200 {
        method.step(&over, &mut z);
    }
    Matrix::from_column_slice(n, m, z.as_slice())
}

/// The share that each method finds.
pub(crate) fn success_table(draw: &mut Draw, _: Effort) -> Content {
    let methods: [(&str, Solve); 5] = [
        ("gradient descent", |at, random| {
            let start = random_start(at, random) * 0.1;
            let largest = at.truth().norm();
            found(at, start, GradientDescent::new(0.5 / largest), 2000)
        }),
        ("alternating, random start", |at, random| {
            found(at, random_start(at, random), AlternatingLeastSquares, 200)
        }),
        ("alternating, spectral start", |at, _| {
            found(at, spectral_start(at), AlternatingLeastSquares, 200)
        }),
        ("L-BFGS", |at, random| {
            let method = LBfgs::new(10, StrongWolfe::default());
            found(at, random_start(at, random), method, 200)
        }),
        ("rank projection", |at, _| projected(at)),
    ];
    let mut block = Block::drawn(1, draw);
    let mut determined = Vec::new();
    let mut shares = vec![Vec::new(); methods.len()];
    for ratio in RATIOS {
        let count = (ratio * (2 * SIZE - 1) as f64).round() as usize;
        let mut problem = || random_problem(SIZE, 1, count, block.generator());
        let problems: Vec<Incomplete> = (0..DRAWS).map(|_| problem()).collect();
        let share = |count: usize| (ratio, count as f64 / DRAWS as f64);
        determined.push((ratio, share_of_joined((SIZE, SIZE), count)));
        for ((_, solve), shares) in methods.iter().zip(&mut shares) {
            let mut success = |at: &&Incomplete| at.error(&solve(at, block.generator())) < FOUND;
            shares.push(share(problems.iter().filter(|at| success(at)).count()));
        }
    }
    let of_methods = methods.iter().zip(shares);
    let mut lines: Vec<Line> =
        of_methods.map(|((name, _), shares)| Line::measured(name, shares)).collect();
    lines.push(Line::predicted("all rows and columns joined", determined));
    Content::Lines { lines }
}

/// Steps against the ratio of the singular values.
pub(crate) fn steps_by_condition(draw: &mut Draw, _: Effort) -> Content {
    let mut frame = || haar_orthogonal(30, 30, draw.generator()).columns(0, 2).into_owned();
    let (left, right) = (frame(), frame());
    let seen = entries((30, 30), 450, draw.generator());
    let ratios = [1.0, 2.0, 4.0, 8.0, 16.0];
    let problem = |ratio: f64| {
        let roots = Matrix::from_diagonal(&Vector::from_vec(vec![ratio.sqrt(), 1.0]));
        let factors = (&left * &roots, &roots * right.transpose());
        Incomplete::new("half of the entries", factors.0, factors.1, seen.clone())
    };
    let count = |ratio: f64, scaled: bool| {
        let at = problem(ratio);
        let start = spectral_start(&at);
        let goal = (20_000, 1e-6);
        // Half of the entries are seen: twice the step size of all.
        let taken = if scaled {
            steps(&at, start, ScaledGradientDescent::new(1.0), goal).0
        } else {
            steps(&at, start, GradientDescent::new(1.0 / ratio), goal).0
        };
        (ratio, taken.map_or(f64::NAN, |steps| steps as f64))
    };
    Content::Lines {
        lines: vec![
            Line::measured("gradient descent", ratios.map(|ratio| count(ratio, false))),
            Line::measured("scaled gradient descent", ratios.map(|ratio| count(ratio, true))),
        ],
    }
}

/// The least nuclear norm of a matrix of rank 1, a row of which is partly seen, against α + β.
pub(crate) fn nuclear_norms(_: &mut Draw, _: Effort) -> Content {
    let angles = (2..=14).map(|k| f64::from(k) * 0.2);
    let at = |total: f64| OneRow::of_angles(total / 2.0, total / 2.0);
    let share = |total: f64| (total, at(total).at_most() / at(total).norm());
    let dual = |total: f64| (total, at(total).at_least() / at(total).norm());
    let law = |total: f64| (total, sin(total.max(std::f64::consts::FRAC_PI_2)));
    Content::Lines {
        lines: vec![
            Line::measured("a matrix with the same entries", angles.clone().map(share)),
            Line::measured("a dual point", angles.clone().map(dual)),
            Line::predicted("sin max(α + β, π/2)", angles.map(law)),
        ],
    }
}

/// Six digits as they are, as they are seen, and as they are filled in.
pub(crate) fn hidden_digits(draw: &mut Draw, _: Effort) -> Content {
    let images = data::digits().features.rows(0, 200).into_owned();
    let seen = entries(images.shape(), images.len() * 7 / 10, draw.generator());
    // Brightness up to sixteen, as in the source: the ridge is in these units.
    let loss = Completion::of(&(&images * 16.0), 10, &seen).with_ridge(10.0);
    let mut block = Block::drawn(1, draw);
    let start = Matrix::from_fn(10, 64, |_, _| normal(block.generator()));
    let mut x = loss.flatten(&Matrix::zeros(200, 10), &start);
    for _ in 0..20 {
        AlternatingLeastSquares.step(&loss, &mut x);
    }
    let filled = loss.matrix(&x) / 16.0;
    let mut holes = Matrix::from_element(200, 64, f64::NAN);
    for entry in &seen {
        holes[*entry] = images[*entry];
    }
    let rows = [&images, &holes, &filled]
        .map(|matrix| [0, 2, 3, 5, 8, 9].map(|i| matrix.row(i).iter().copied().collect()).to_vec());
    tiles(&rows, Axis::new("brightness", Scale::Linear), None)
}
