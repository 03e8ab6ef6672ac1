//! Points with gradients that are told one after the other, and the directions that belong there.

use theoria_algorithms::Update;
use theoria_models::{Matrix, Vector};
use theoria_verification::{
    Check, Constant, Draw, Family, Hypothesis, Instance, Reading, Readings,
};

use crate::assignments::points;
use crate::play::Student;
use crate::protocol::Answer;
use crate::theoria::Fields;

/// A path through a function, whatever way it went.
pub(super) struct Path {
    name: String,
    memory: usize,
    tolerance: f64,
    points: Vec<Vector>,
    gradients: Vec<Vector>,
}

impl Instance for Path {
    fn description(&self) -> String {
        let small = self.points.len() * self.dimension() <= 6;
        let listed =
            |vectors: &[Vector]| vectors.iter().map(points::told).collect::<Vec<_>>().join(", ");
        match small {
            true => format!(
                "{}: points {}, gradients {}",
                self.name,
                listed(&self.points),
                listed(&self.gradients)
            ),
            false => format!(
                "{} with {} points in dimension {}",
                self.name,
                self.points.len(),
                self.dimension()
            ),
        }
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("m", self.memory as f64), Constant::exact("ε", self.tolerance)]
    }
}

/// The beginning of a conversation: the first point with its gradient.
pub(super) fn known(memory: usize, tolerance: f64, point: &Vector, gradient: &Vector) -> Fields {
    Fields::new()
        .with("dimension", point.len() as f64)
        .with("memory", memory as f64)
        .with("tolerance", tolerance)
        .with("point", point.as_slice())
        .with("gradient", gradient.as_slice())
}

/// What follows.
pub(super) fn told(point: &Vector, gradient: &Vector) -> Fields {
    Fields::new().with("point", point.as_slice()).with("gradient", gradient.as_slice())
}

/// The direction in an answer; none after a fault.
pub(super) fn direction(
    student: &Student,
    answer: Option<Answer>,
    dimension: usize,
) -> Option<Vector> {
    let answer = answer?;
    student.take(answer.vector("direction", dimension)).map(Vector::from_vec)
}

impl Path {
    fn new(name: &str, memory: usize, tolerance: f64, points: Vec<Vector>, slope: Slope) -> Self {
        let gradients = points.iter().map(slope).collect();
        Path { name: name.into(), memory, tolerance, points, gradients }
    }

    fn dimension(&self) -> usize {
        self.points.first().map_or(0, Vector::len)
    }

    /// Steps, changes, and the cosines between them.
    fn pairs(&self) -> impl Iterator<Item = (Vector, Vector, f64)> {
        let steps = self.points.windows(2).map(|two| &two[1] - &two[0]);
        let changes = self.gradients.windows(2).map(|two| &two[1] - &two[0]);
        steps.zip(changes).map(|(step, change)| {
            let cosine = step.dot(&change) / (step.norm() * change.norm());
            (step, change, cosine)
        })
    }

    /// H after each point, as a matrix: BFGS of γI by the newest pairs that are not skipped.
    fn matrices(&self) -> Vec<Matrix> {
        let dimension = self.dimension();
        let mut kept: Vec<(Vector, Vector)> = Vec::new();
        let mut matrices = vec![Matrix::identity(dimension, dimension)];
        for (step, change, cosine) in self.pairs() {
            if cosine > self.tolerance {
                kept.push((step, change));
            }
            let newest = &kept[kept.len().saturating_sub(self.memory)..];
            let scale = newest.last().map_or(1.0, |(s, y)| y.dot(s) / y.norm_squared());
            let mut matrix = Matrix::identity(dimension, dimension) * scale;
            for (step, change) in newest {
                Update::Bfgs.apply(&mut matrix, step, change);
            }
            matrices.push(matrix);
        }
        matrices
    }

    /// What the solution answers along the path.
    fn directions_by(&self, student: &Student) -> Vec<Option<Vector>> {
        let places = self.points.iter().zip(&self.gradients).enumerate();
        places
            .map(|(n, (point, gradient))| {
                let answer = match n {
                    0 => student.begin(&known(self.memory, self.tolerance, point, gradient)),
                    _ => student.tell(&told(point, gradient)),
                };
                direction(student, answer, point.len())
            })
            .collect()
    }

    /// |p + H∇f|/|H∇f| after each message, beginning with the first, p being what is answered.
    pub(super) fn deviations(&self, student: &Student) -> Readings {
        let own = self.directions_by(student);
        let expected = self.matrices().into_iter().zip(&self.gradients);
        own.into_iter()
            .zip(expected)
            .enumerate()
            .map(|(n, (own, (matrix, gradient)))| {
                let right = -(&matrix * gradient);
                let off = own.map_or(f64::NAN, |own| (own - &right).norm() / right.norm());
                // Either way sums up products as large as these.
                let floor = 1e-14 * matrix.norm() * gradient.norm() / right.norm();
                (n + 1, Reading::new(off, floor))
            })
            .collect()
    }
}

type Slope<'a> = &'a dyn Fn(&Vector) -> Vector;

/// No product is so near to ε that rounding decides.
pub(super) fn clear() -> Hypothesis<Path> {
    Hypothesis::new("every pair is kept or skipped clearly", |path: &Path, _| {
        let nearest = path.pairs().map(|(_, _, cosine)| (cosine - path.tolerance).abs());
        Check::at_least(nearest.fold(f64::INFINITY, f64::min), 1e-6, "|y·s/(|y||s|) − ε|")
    })
}

/// Two paths for paper, the first of which is that of the task.
pub(super) fn on_paper() -> Family<Path> {
    let paths = [([0.0, 0.0], [-3.0, -1.0]), ([0.0, 1.0], [-2.0, 1.0])];
    Family::listed("paths for paper", paths, |&(from, slope)| Path {
        name: "a path for paper".into(),
        memory: 1,
        tolerance: 1e-8,
        points: vec![Vector::from_row_slice(&from), Vector::from_vec(vec![1.0, from[1]])],
        gradients: vec![Vector::from_row_slice(&slope), Vector::from_vec(vec![-1.0, 0.0])],
    })
}

/// Through strongly convex functions that are no quadratics, with memories for all of the path.
pub(super) fn short() -> Family<Path> {
    Family::drawn("short paths", |draw| {
        let pairs = draw.size(2..=4);
        convex(draw, pairs, pairs)
    })
}

/// The same with memories for a part of it.
pub(super) fn long() -> Family<Path> {
    Family::drawn("long paths", |draw| {
        let memory = draw.size(1..=5);
        let more = draw.size(2..=6);
        convex(draw, memory, memory + more)
    })
    .with_draws(20)
}

/// A quadratic of a random matrix, and a little of the logarithm of cosh along each axis.
fn convex(draw: &mut Draw, memory: usize, pairs: usize) -> Path {
    let dimension = draw.size(2..=5);
    let factor = Matrix::from_fn(dimension, dimension, |_, _| draw.uniform(-2.0, 2.0));
    let curvature = &factor * factor.transpose() / dimension as f64
        + Matrix::identity(dimension, dimension) * 0.5;
    let points = walk(dimension, pairs, 1.0, draw);
    let slope = |x: &Vector| &curvature * x + x.map(f64::tanh);
    Path::new("a convex function", memory, 1e-8, points, &slope)
}

/// Steps in a cube of so many times the usual size.
fn walk(dimension: usize, steps: usize, size: f64, draw: &mut Draw) -> Vec<Vector> {
    let mut points = vec![points::in_a_cube(dimension, draw)];
    for step in 0..steps {
        let next = &points[step] + points::in_a_cube(dimension, draw) * size;
        points.push(next);
    }
    points
}

/// Short steps through waves, of which many bend down.
pub(super) fn waves() -> Family<Path> {
    Family::drawn("paths through waves", |draw| {
        let (dimension, memory) = (draw.size(2..=5), draw.size(2..=4));
        let tolerance = draw.log_uniform(0.01, 0.2);
        let points = walk(dimension, 12, 0.5, draw);
        let slope = |x: &Vector| x.map(|x| (2.0 * x).sin());
        Path::new("waves", memory, tolerance, points, &slope)
    })
    .with_draws(20)
}

/// A pair along which the function bends up, one along which it hardly does (the cosine is about 1/20), and one that bends down.
pub(super) fn grazing() -> Family<Path> {
    let point = |x: f64, y: f64| Vector::from_vec(vec![x, y]);
    Family::single("a path that grazes", move || Path {
        name: "a path that grazes".into(),
        memory: 3,
        tolerance: 0.1,
        points: vec![
            point(0.0, 0.0),
            point(1.0, 0.0),
            point(1.0, 1.0),
            point(2.0, 1.0),
            point(2.0, 3.0),
        ],
        gradients: vec![
            point(1.0, 1.0),
            point(3.0, 2.0),
            point(-1.0, 2.2),
            point(-2.0, 3.0),
            point(-2.5, 4.0),
        ],
    })
}
