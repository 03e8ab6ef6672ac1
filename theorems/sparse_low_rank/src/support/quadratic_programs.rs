//! Quadratic programmes in fractions, and what the active-set method makes of them.

use nalgebra::DMatrix;
use theoria_algorithms::{ActiveSet, ActiveSetState, Method};
use theoria_models::QuadraticProgram;
use theoria_models::numerics::Fraction;
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance};

use super::programs::{Point, matrix, numbers, rows, whole};

pub(crate) type Programme = QuadraticProgram<Fraction>;

/// Iterations after which a run is given up: those here take less than a hundred.
const LONGEST: usize = 2000;

/// A programme with a feasible start and a working set there.
#[derive(Clone)]
pub(crate) struct Started {
    name: String,
    pub(crate) program: Programme,
    pub(crate) start: Point,
    pub(crate) working: Vec<usize>,
    /// The right-hand side with which the method began, where its constraints have moved since, so that nobody looked at the start.
    before: Option<Point>,
}

impl Instance for Started {
    fn description(&self) -> String {
        let (m, d) = self.program.rows().shape();
        format!("{}: {d} variables, {m} constraints", self.name)
    }

    fn constants(&self) -> Vec<Constant> {
        let (m, d) = self.program.rows().shape();
        vec![Constant::exact("d", d as f64), Constant::exact("m", m as f64)]
    }
}

/// What the method did.
pub(crate) struct Path {
    /// The start, and the point after each iteration.
    pub(crate) points: Vec<Point>,
    /// The working set at each of these points.
    pub(crate) sets: Vec<Vec<usize>>,
    /// For each iteration whether it moved along a direction, and if so whether a constraint blocked it.
    pub(crate) moved: Vec<Option<bool>>,
    /// The multipliers, if it ended at a solution.
    pub(crate) multipliers: Option<Point>,
}

impl Path {
    pub(crate) fn last(&self) -> &Point {
        &self.points[self.points.len() - 1]
    }

    /// The working sets over which it minimised: those from which no step led on, in the order in which it met them.
    pub(crate) fn minimised(&self) -> Vec<Vec<usize>> {
        let still = self.moved.iter().enumerate().filter(|(_, moved)| moved.is_none());
        let mut sets: Vec<Vec<usize>> = still.map(|(k, _)| self.sets[k].clone()).collect();
        sets.iter_mut().for_each(|set| set.sort_unstable());
        sets
    }

    /// Whether the last working set that was minimised over was so before.
    pub(crate) fn repeats(&self) -> bool {
        let sets = self.minimised();
        sets.split_last().is_some_and(|(last, before)| before.contains(last))
    }

    /// The first point that minimises over its working set.
    pub(crate) fn first_minimiser(&self) -> Option<&Point> {
        self.moved.iter().position(Option::is_none).map(|k| &self.points[k])
    }
}

impl Started {
    /// Up to the solution, or to the second time that a working set is minimised over.
    pub(crate) fn path(&self) -> Path {
        let mut path = Path {
            points: vec![self.start.clone()],
            sets: vec![self.working.clone()],
            moved: Vec::new(),
            multipliers: None,
        };
        let begun = self.before.clone().map_or(self.program.clone(), |right| self.moved_to(right));
        let Some(mut method) = ActiveSet::at(&begun, &self.start, self.working.clone()) else {
            return path;
        };
        let mut x = self.start.clone();
        while path.moved.len() < LONGEST && !path.repeats() {
            method.step(&self.program, &mut x);
            path.moved.push(match method.state() {
                ActiveSetState::Moved { blocked_by } => Some(blocked_by.is_some()),
                _ => None,
            });
            if let ActiveSetState::Solved { multipliers } = method.state() {
                path.multipliers = Some(multipliers.clone());
                return path;
            }
            path.points.push(x.clone());
            path.sets.push(method.working_set().to_vec());
        }
        path
    }

    /// The programme with another right-hand side.
    fn moved_to(&self, right: Point) -> Programme {
        let (curvature, slope) = (self.program.curvature().clone(), self.program.slope().clone());
        QuadraticProgram::new(curvature, slope, self.program.rows().clone(), right)
    }

    /// From another start, at which the method began when the right-hand side was this one.
    fn begun_at(self, start: &[i64], working: Vec<usize>, before: &[i64]) -> Started {
        let name = format!("{}, b moved", self.name);
        Started { name, start: numbers(start), working, before: Some(numbers(before)), ..self }
    }

    /// The same programme with another slope, from the same start.
    pub(crate) fn with_slope(&self, slope: Point) -> Started {
        Started { program: self.program.with_slope(slope), ..self.clone() }
    }

    /// The programme with another slope, from the solution with this one.
    pub(crate) fn continued(&self, slope: Point) -> Started {
        let path = self.path();
        let working = path.sets[path.sets.len() - 1].clone();
        Started { start: path.last().clone(), working, ..self.with_slope(slope) }
    }
}

pub(crate) fn strictly_convex() -> Hypothesis<Started> {
    Hypothesis::new("G positive definite", |at: &Started, _| {
        let definite = at.program.is_strictly_convex();
        Check::that(definite, "leading minors of G, in fractions")
    })
}

pub(crate) fn feasible_start() -> Hypothesis<Started> {
    Hypothesis::new("feasible start, independent working set", |at: &Started, _| {
        let method = ActiveSet::at(&at.program, &at.start, at.working.clone());
        Check::that(method.is_some(), "A x ≥ b, equality and full rank on W, in fractions")
    })
}

/// Each direction is followed for a positive length.
pub(crate) fn no_step_of_length_0() -> Hypothesis<Started> {
    Hypothesis::new("no step of length 0", |at: &Started, _| {
        let path = at.path();
        let pairs = path.points.windows(2).zip(&path.moved);
        let still = pairs.filter(|(pair, moved)| moved.is_some() && pair[0] == pair[1]).count();
        Check::that(still == 0, format!("{still} steps of length 0"))
    })
}

/// (x₁ − 1)² + (x₂ − 5/2)² in a pentagon, from (2, 0) (Nocedal, Wright 2006, example 16.4).
pub(crate) fn pentagon() -> Started {
    let constraints = rows(&[[1, -2], [-1, -2], [-1, 2], [1, 0], [0, 1]]);
    Started {
        name: "pentagon".into(),
        program: QuadraticProgram::new(
            rows(&[[2, 0], [0, 2]]),
            numbers(&[-2, -5]),
            constraints,
            numbers(&[-2, -6, -2, 0, 0]),
        ),
        start: numbers(&[2, 0]),
        working: vec![2, 4],
        before: None,
    }
}

/// x²/2 + c x with x ≤ 1, from 0 with no working set.
pub(crate) fn half_line(slope: i64) -> Started {
    Started {
        name: format!("x²/2 + {slope} x, x ≤ 1"),
        program: QuadraticProgram::new(
            rows(&[[1]]),
            numbers(&[slope]),
            rows(&[[-1]]),
            numbers(&[-1]),
        ),
        start: numbers(&[0]),
        working: Vec::new(),
        before: None,
    }
}

/// |x|²/2 in two dimensions with x₁ ≥ b, from (b + 1, 1) with no working set.
pub(crate) fn half_plane(bound: i64) -> Started {
    Started {
        name: format!("|x|²/2, x₁ ≥ {bound}"),
        program: QuadraticProgram::new(
            rows(&[[1, 0], [0, 1]]),
            numbers(&[0, 0]),
            rows(&[[1, 0]]),
            numbers(&[bound]),
        ),
        start: numbers(&[bound + 1, 1]),
        working: Vec::new(),
        before: None,
    }
}

/// Whole numbers, from 0, which is inside.
pub(crate) fn draw(draw: &mut Draw, d: usize, m: usize) -> Started {
    let root = matrix(draw, d, d, 3);
    let curvature =
        root.transpose() * &root + DMatrix::from_diagonal_element(d, d, Fraction::from(1));
    let constraints = matrix(draw, m, d, 9);
    // 0 is no solution. Reflected programmes are as likely, so that nothing else is lost with c₁ < 0.
    let entry = |i| whole(draw, if i == 0 { 1 } else { -30 }, 30);
    let slope = Point::from_iterator(d, (0..d).map(entry));
    // 0 is in the inside.
    let right = Point::from_iterator(m, (0..m).map(|_| -whole(draw, 1, 20)));
    Started {
        name: "drawn".into(),
        program: QuadraticProgram::new(curvature, slope, constraints, right),
        start: numbers(&vec![0; d]),
        working: Vec::new(),
        before: None,
    }
}

pub(crate) fn drawn() -> Family<Started> {
    Family::drawn("whole numbers, from 0", |from| {
        let d = from.size(2..=5);
        let m = from.size(d + 1..=12);
        draw(from, d, m)
    })
}

/// Far from what can be enumerated: of 30 constraints 53 009 102 sets of at most ten can be chosen.
pub(crate) fn larger() -> Family<Started> {
    Family::drawn("10 variables, 30 constraints", |from| draw(from, 10, 30)).with_draws(2)
}

/// Beale's linear programme with |x|²/2 added, from 0, where six of seven constraints hold with equality.
pub(crate) fn beale() -> Started {
    let quarter = |n: i64| Fraction::ratio(n, 4);
    let entries: [[i64; 4]; 7] = [
        [4, 0, 0, 0],
        [0, 4, 0, 0],
        [0, 0, 4, 0],
        [0, 0, 0, 4],
        [-1, 32, 4, -36],
        [-2, 48, 2, -12],
        [0, 0, -4, 0],
    ];
    Started {
        name: "Beale's programme and |x|²/2".into(),
        program: QuadraticProgram::new(
            DMatrix::from_diagonal_element(4, 4, Fraction::from(1)),
            Point::from_vec([-3, 80, -2, 24].map(quarter).to_vec()),
            DMatrix::from_fn(7, 4, |i, j| quarter(entries[i][j])),
            numbers(&[0, 0, 0, 0, 0, 0, -1]),
        ),
        start: numbers(&[0, 0, 0, 0]),
        working: vec![0, 1, 2, 3],
        before: None,
    }
}

/// The point of the simplex that is nearest to this one.
pub(crate) fn nearest_on_the_simplex(to: &Point) -> Started {
    let d = to.len();
    // x ≥ 0, Σx ≥ 1, −Σx ≥ −1
    let constraints = DMatrix::from_fn(d + 2, d, |i, j| {
        Fraction::from(match i {
            i if i < d => i64::from(i == j),
            i if i == d => 1,
            _ => -1,
        })
    });
    let right = Point::from_fn(d + 2, |i, _| {
        Fraction::from(match i {
            i if i < d => 0,
            i if i == d => 1,
            _ => -1,
        })
    });
    let corner = Point::from_fn(d, |i, _| Fraction::from(i64::from(i == 0)));
    Started {
        name: "nearest point of the simplex".into(),
        program: QuadraticProgram::new(
            DMatrix::from_diagonal_element(d, d, Fraction::from(1)),
            to.map(|x| -x),
            constraints,
            right,
        ),
        start: corner,
        // All of those at the corner but Σx ≤ 1, which depends on the others.
        working: (1..=d).collect(),
        before: None,
    }
}

/// Constraints that have moved: the start is outside of one, and, last, a constraint of the working set holds no longer with equality.
pub(crate) fn moved_constraints() -> Family<Started> {
    Family::listed("b moved under the start", [0usize, 1, 2], |&which| match which {
        0 => half_plane(1).begun_at(&[0, 1], Vec::new(), &[0]),
        1 => pentagon().begun_at(&[1, 5], Vec::new(), &[-20, -20, -2, 0, 0]),
        _ => half_plane(1).begun_at(&[2, 1], vec![0], &[2]),
    })
}
