#![doc = include_str!("newton_fractal.md")]

use nalgebra::{Complex, DVector};
use theoria_algorithms::{Method, Newton};
use theoria_elementary::{cos, log2, powf, sin};
use theoria_models::Matrix;
use theoria_models::numerics::{Fraction, maximum};
use theoria_verification::{
    Case, Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Instance, Line,
    Raster, Reading, Readings, Theorem,
};

use crate::support::fractal_boundary::{Place, boxes, dimension_by_boxes, dimension_by_preimages};
use crate::support::roots_of_unity::{RootsOfUnity, product, quotient};

const SQUARE: RootsOfUnity = RootsOfUnity { power: 2 };
const CUBE: RootsOfUnity = RootsOfUnity { power: 3 };
/// Steps of Newton's method over which preimages are counted.
const DEPTH: usize = 11;
/// Halvings of the square, and the first one that counts.
const HALVINGS: (usize, usize) = (10, 6);
/// Starts in a square about a point of the boundary.
const STARTS: usize = 400;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let dimension =
        preimages("dimension", "dimension of the boundary of z³ = 1: 1.4444", 2e-4, CUBE, 1.4444);
    let other = dimension
        .restated("dimension_is_1_447", "dimension of the boundary of z³ = 1: 1.447")
        .predicting(|_, _| 1.447);
    let counted =
        counted("boxes_grow_so", "log₂ N(side/2)/N(side), mean: 1.4444", CUBE).on(squares());
    let less = counted
        .restated("boxes_grow_more_slowly", "log₂ N(side/2)/N(side), mean: 1.40")
        .predicting(|_, _| 1.40);
    let squaring = squaring("roots_of_two_square", "(z₊ − 1)/(z₊ + 1) = ((z − 1)/(z + 1))²");
    let step = complex_step("is_newton_in_the_plane", "x − H⁻¹∇f = z − (z³ − 1)/(3z²)", 1.0);
    Theorem::new("second_order/newton_fractal", include_str!("newton_fractal.md"))
        .uses(
            "second_order/newton_finds_any_critical_point",
            "basins belong to saddles as to minima",
        )
        .claim(step)
        .claim(eigenvalues("critical_points_are_saddles", "eigenvalues of H at z³ = 1: 3, −3", 3.0))
        .claim(dimension)
        .claim(preimages("dimension_of_a_line", "dimension of the boundary of z² = 1: 1", 1e-3, SQUARE, 1.0))
        .claim(counted)
        .claim(squaring)
        .claim(roots_near("three_basins_meet", "basins in a square about a point of the boundary: 3").on(boundary(Way::Newton)))
        .claim(sectors("descent_stays_in_its_sector", "starts that leave their third of the plane: 0").on(step_sizes(&[0.005, 0.01])))
        .control(complex_step("step_of_a_damped_method", "x − H⁻¹∇f = z − 0.98 (z³ − 1)/(3z²)", 0.98))
        .control(eigenvalues("critical_points_are_minima", "eigenvalues of H at z³ = 1: 3, 3", -3.0))
        .control(other)
        .control(less)
        .control(two_basins())
        .control(
            roots_near("three_basins_of_descent_meet", "basins in a square about a point of the boundary: 3")
                .on(boundary(Way::Descent))
                .violating("Newton's method"),
        )
        .control(
            sectors("long_steps_stay_in_their_sector", "starts that leave their third of the plane: 0")
                .on(step_sizes(&[0.1]))
                .violating("h ≤ 1/L for |z| ≤ 3/2"),
        )
        .figure(
            Figure::linear("basins", "x", "y")
                .caption(
                    "Where Newton's method leads, by colour, and after how many steps, by shade: three basins of one boundary, and the boxes of side 3/8 that \
                     meet more than one of them.",
                )
                .showing(basins),
        )
        .figure(
            Figure::log_log("boxes", "1/side", "boxes that meet two basins")
                .caption(
                    "Boxes on the boundary against one over their side: for z³ = 1 they grow with the power 1.444, for z² = 1, whose boundary is a line, with the power 1.",
                )
                .showing(counts),
        )
}

/// A start in fractions.
fn starts() -> Family<Case<[Fraction; 2]>> {
    Family::drawn("quarters", |draw| {
        let quarter = |draw: &mut Draw| Fraction::ratio(draw.size(0..=16) as i64 - 8, 4);
        // Not 0, where there is no step.
        let z = [quarter(draw), quarter(draw) + Fraction::ratio(1, 7)];
        Case::new(format!("z = {} + {} i", z[0], z[1]), z)
    })
}

fn vector(z: &[Fraction; 2]) -> DVector<Fraction> {
    DVector::from_vec(z.to_vec())
}

fn exact() -> Hypothesis<Case<[Fraction; 2]>> {
    Hypothesis::by_construction("exact arithmetic", "fractions of whole numbers")
}

/// Real and imaginary parts over three steps, of which each starts where the other method ended.
fn complex_step(name: &str, formula: &str, share: f64) -> Claim<Case<[Fraction; 2]>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact()])
        .on(starts())
        .measuring(0..6usize, |at: &Case<[Fraction; 2]>, parts| {
            let run = after_steps(&at.value);
            parts.read(|k| {
                run.get(k / 2 + 1)
                    .map_or(Reading::DIVERGED, |z| Reading::new(z[k % 2].nearest(), 0.0))
            })
        })
        .predicting(move |at, k| {
            let (step, part) = (k as usize / 2, k as usize % 2);
            let run = after_steps(&at.value);
            let Some(z) = run.get(step) else { return f64::NAN };
            let next = CUBE.complex_step(z);
            let share = Fraction::from(share);
            next.map_or(f64::NAN, |next| {
                (z[part].clone() + share * (next[part].clone() - z[part].clone())).nearest()
            })
        })
}

/// Newton's method for f in the plane.
fn after_steps(start: &[Fraction; 2]) -> Vec<[Fraction; 2]> {
    let (mut newton, mut z) = (Newton::default(), vector(start));
    let mut run = vec![start.clone()];
    for _ in 0..3 {
        newton.step(&CUBE, &mut z);
        if newton.stalled() {
            break;
        }
        run.push([z[0].clone(), z[1].clone()]);
    }
    run
}

/// The greater one at even, the other one at odd numbers.
fn eigenvalues(name: &str, formula: &str, size: f64) -> Claim<Case<u32>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([Hypothesis::by_construction("at the roots", "z = exp(2πik/3)")])
        .on(Family::cases("z³ = 1", [3u32], |p| format!("p = {p}")))
        .measuring(0..6usize, |_: &Case<u32>, places| {
            places.read(|k| {
                let [u, v] = CUBE.second_derivative(&CUBE.root(k / 2));
                let hessian = Matrix::from_row_slice(2, 2, &[u, -v, -v, -u]);
                let values = hessian.symmetric_eigenvalues();
                let value = if k % 2 == 0 { values.max() } else { values.min() };
                Reading::new(value, 1e-14)
            })
        })
        .predicting(move |_, k| if k % 2.0 == 0.0 { 3.0 } else { -size })
}

/// From three points that are in no special position.
fn preimages(
    name: &str,
    formula: &str,
    tolerance: f64,
    of: RootsOfUnity,
    value: f64,
) -> Claim<Case<[f64; 2]>> {
    let points = [[0.3, 0.7], [-1.7, 0.2], [2.0, 1.0]];
    Claim::identity(name, formula, tolerance)
        .assuming([Hypothesis::by_construction("generic point", "neither a root nor on an axis")])
        .on(Family::cases("preimages of w", points, |w| format!("w = {} + {} i", w[0], w[1])))
        .measuring([DEPTH], move |w: &Case<[f64; 2]>, depths| {
            depths.read(|depth| dimension_by_preimages(of, Complex::new(w[0], w[1]), depth))
        })
        .predicting(move |_, _| value)
}

/// Squares that are not centred, so that no line of symmetry is an edge of boxes.
fn squares() -> Family<Case<Place>> {
    let square = |half: f64| Place { corner: [-half - 0.013, -half - 0.029], side: 2.0 * half };
    Family::cases("squares", [1.7, 1.5].map(square), |p| format!("side {}", p.side))
}

fn counted(name: &str, formula: &str, of: RootsOfUnity) -> Claim<Case<Place>> {
    let (halvings, from) = HALVINGS;
    Claim::identity(name, formula, 0.014)
        .assuming([Hypothesis::new("the square meets the boundary", move |at: &Case<Place>, _| {
            let roots = at.roots(of, 3).count_ones();
            Check::that(roots >= 2, format!("{roots} basins on its lattice"))
        })])
        .measuring([halvings], move |at: &Case<Place>, levels| {
            levels.read(|most| dimension_by_boxes(&boxes(of, at.value, most), from))
        })
        .predicting(|_, _| 1.4444)
}

/// Real and imaginary part.
fn squaring(name: &str, formula: &str) -> Claim<Case<[Fraction; 2]>> {
    let image = |[x, y]: &[Fraction; 2]| {
        let one = Fraction::from(1);
        quotient(&[x.clone() - one.clone(), y.clone()], &[x.clone() + one, y.clone()])
    };
    Claim::identity(name, formula, 1e-12)
        .assuming([exact()])
        .on(starts())
        .measuring(0..2usize, move |at: &Case<[Fraction; 2]>, parts| {
            let mut z = vector(&at.value);
            Newton::default().step(&SQUARE, &mut z);
            let after = image(&[z[0].clone(), z[1].clone()]);
            parts.read(|k| Reading::new(after[k].nearest(), 0.0))
        })
        .predicting(move |at, k| {
            let before = image(&at.value);
            product(&before, &before)[k as usize].nearest()
        })
}

/// What leads to roots.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Newton,
    /// Gradient descent with steps of 1/100.
    Descent,
}

impl Way {
    /// How near to each other starts are whose ways part: as near as numbers can be, or, for the slower method, far within the smallest square.
    fn gap(self) -> f64 {
        if self == Way::Newton { 1e-14 } else { 1e-7 }
    }
}

/// Two starts whose ways part.
struct Boundary {
    way: Way,
    ends: [[f64; 2]; 2],
}

impl Instance for Boundary {
    fn description(&self) -> String {
        let [x, y] = self.ends[0];
        format!("{:?}, boundary at {x:.6} + {y:.6} i", self.way)
    }
}

fn leads(way: Way, z: [f64; 2]) -> Option<usize> {
    match way {
        Way::Newton => CUBE.basin(z).map(|(root, _)| root),
        Way::Descent => CUBE.descended(0.01, z),
    }
}

/// By bisection of a segment whose ends lead to different roots.
fn boundary(way: Way) -> Family<Boundary> {
    Family::drawn("points of the boundary", move |draw| {
        let point = |draw: &mut Draw| [draw.uniform(-1.5, 1.5), draw.uniform(-1.5, 1.5)];
        let (mut low, mut high) = (point(draw), point(draw));
        for _ in 0..100 {
            if leads(way, low) != leads(way, high) {
                break;
            }
            high = point(draw);
        }
        let from = leads(way, low);
        // A segment is no longer than 3√2.
        let halvings = log2(3.0 * std::f64::consts::SQRT_2 / way.gap()).ceil() as usize;
        for _ in 0..halvings {
            let middle = [0, 1].map(|i| f64::midpoint(low[i], high[i]));
            if leads(way, middle) == from { low = middle } else { high = middle }
        }
        Boundary { way, ends: [low, high] }
    })
}

fn by_newton() -> Hypothesis<Boundary> {
    Hypothesis::new("Newton's method", |at: &Boundary, _| {
        Check::that(at.way == Way::Newton, format!("{:?}", at.way))
    })
}

fn parted() -> Hypothesis<Boundary> {
    Hypothesis::new("a point of the boundary", |at: &Boundary, _| {
        let roots = at.ends.map(|z| leads(at.way, z));
        let apart = (0..2).map(|i| (at.ends[0][i] - at.ends[1][i]).abs()).fold(0.0, maximum);
        Check::that(
            roots[0] != roots[1] && apart <= at.way.gap(),
            format!("{roots:?} within {apart:.1e}"),
        )
    })
}

/// In squares of half the side 10^−k.
fn roots_near(name: &str, formula: &str) -> Claim<Boundary> {
    Claim::identity(name, formula, 1e-12)
        .assuming([by_newton(), parted()])
        .measuring_by_drawing(|at: &Boundary, draw| {
            let [x, y] = at.ends[0];
            // The slower method is asked less often: it has to say no but once.
            let (starts, scales) =
                if at.way == Way::Newton { (STARTS, 2..=12) } else { (40, 4..=6) };
            Readings::over(scales, |scale: i32| {
                let half = 10f64.powi(-scale);
                let mut seen = [false; 3];
                for _ in 0..starts {
                    let z = [x + draw.uniform(-half, half), y + draw.uniform(-half, half)];
                    if let Some(root) = leads(at.way, z) {
                        seen[root] = true;
                    }
                }
                Reading::new(seen.iter().filter(|seen| **seen).count() as f64, 0.0)
            })
        })
        .predicting(|_, _| 3.0)
}

/// Boxes that meet two basins and not the third.
fn two_basins() -> Claim<Case<Place>> {
    Claim::identity(
        "no_box_meets_two_alone",
        "boxes of side 3/64 that meet exactly two basins: 0",
        1e-12,
    )
    .assuming([Hypothesis::by_construction("lattice", "five by five starts in each box")])
    .on(squares())
    .measuring([6usize], |at: &Case<Place>, levels| {
        levels.read(|level| {
            let all = boxes(CUBE, at.value, level);
            all[level].iter().filter(|place| place.roots(CUBE, 3).count_ones() == 2).count() as f64
        })
    })
    .predicting(|_, _| 0.0)
}

fn step_sizes(sizes: &[f64]) -> Family<Case<f64>> {
    Family::cases("step sizes", sizes.to_vec(), |h| format!("h = {h}"))
}

/// The Hessian of |z³ − 1|²/2 is at most 15 r⁴ + 6 r where |z| ≤ r.
fn short() -> Hypothesis<Case<f64>> {
    Hypothesis::new("h ≤ 1/L for |z| ≤ 3/2", |h: &Case<f64>, _| {
        Check::at_most(**h, 1.0 / (15.0 * 1.5f64.powi(4) + 9.0), "h, 1/L")
    })
}

/// Starts with |z| ≤ 3/2 that end at another root than the one whose third of the plane they are in, or nowhere.
fn sectors(name: &str, formula: &str) -> Claim<Case<f64>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([short()])
        .measuring_by_drawing(|h: &Case<f64>, draw| {
            let mut start = || {
                let radius = 1.5 * draw.uniform(0.0, 1.0).sqrt();
                let thirds = draw.uniform(0.0, 3.0);
                let angle = (thirds - 0.5) * std::f64::consts::TAU / 3.0;
                ([radius * cos(angle), radius * sin(angle)], thirds as usize % 3)
            };
            // Of a hundred million starts one or so passes 0 too near to be followed.
            let starts = std::iter::repeat_with(&mut start).filter(|(z, _)| CUBE.keeps_away(*z));
            let left =
                starts.take(STARTS).filter(|(z, root)| CUBE.descended(**h, *z) != Some(*root));
            Readings::at(STARTS, left.count() as f64)
        })
        .predicting(|_, _| 0.0)
}

fn basins(_: &mut Draw, _: Effort) -> Content {
    const CELLS: usize = 512;
    const SHADES: usize = 5;
    let half = 1.5;
    let along = |cell: usize| half * ((2 * cell + 1) as f64 / CELLS as f64 - 1.0);
    let cell = |column: usize, row: usize| {
        let (root, steps) = CUBE.basin([along(column), -along(row)])?;
        Some((root, (steps / 2).min(SHADES - 1)))
    };
    let names = ["to 1", "to −1/2 + 0.866 i", "to −1/2 − 0.866 i"];
    let whole = Place { corner: [-half, -half], side: 2.0 * half };
    let outlines = boxes(CUBE, whole, 3).pop().unwrap_or_default().into_iter().flat_map(|place| {
        let ([x, y], s) = (place.corner, place.side);
        [(x, y), (x + s, y), (x + s, y + s), (x, y + s), (x, y), (f64::NAN, f64::NAN)]
    });
    Content::Raster {
        raster: Raster::new([CELLS, CELLS], &names, SHADES, cell),
        x: vec![-half, half],
        y: vec![-half, half],
        shade: "steps: 0 or 1, 2 or 3, ..., 8 or more".into(),
        lines: vec![Line::measured("boxes of side 3/8", outlines)],
    }
}

fn counts(_: &mut Draw, _: Effort) -> Content {
    let whole = Place { corner: [-1.513, -1.529], side: 3.0 };
    let group = |label: &str, of: RootsOfUnity| {
        let levels = boxes(of, whole, 8);
        let points = levels.iter().enumerate().skip(1);
        Group::new(
            label,
            points.map(|(k, kept)| (2f64.powi(k as i32) / whole.side, kept.len() as f64)),
        )
    };
    let told = |label: &str, power: f64, seen: &Group| {
        let last = seen.x.len() - 1;
        let ends = [1.0, 100.0].map(|x: f64| (x, seen.y[last] * powf(x / seen.x[last], power)));
        Line::predicted(label, ends)
    };
    let groups = vec![group("z³ = 1", CUBE), group("z² = 1", SQUARE)];
    let lines = vec![told("power 1.444", 1.444, &groups[0]), told("power 1", 1.0, &groups[1])];
    Content::Points { groups, lines }
}
