//! Matrices with given singular values, and what their critical points have chosen.

use theoria_models::networks::haar_orthogonal;
use theoria_models::numerics::written;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance};

use super::factors::{Factors, Loss};
use crate::assignments::points;
use crate::play::Student;

/// A matrix by its singular vectors and values, the number k of columns of the first factor, and which values it has chosen.
pub(super) struct Target {
    left: Matrix,
    right: Matrix,
    /// Decreasing.
    values: Vec<f64>,
    rank: usize,
    chosen: Vec<usize>,
    /// Where descent begins, in units of √s₁, where that is not the critical point.
    start: Option<Factors>,
}

impl AsRef<Target> for Target {
    fn as_ref(&self) -> &Target {
        self
    }
}

impl Instance for Target {
    fn description(&self) -> String {
        let matrix = self.loss().matrix;
        let (n, m) = matrix.shape();
        let values: Vec<String> = self.values.iter().map(|s| written(*s)).collect();
        let chosen: Vec<&str> = self.chosen.iter().map(|i| values[*i].as_str()).collect();
        let place = match (&self.start, chosen.is_empty()) {
            (Some(_), _) => "from a random start".into(),
            (None, true) => "at 0".into(),
            (None, false) => format!("where UV has chosen {}", chosen.join(" and ")),
        };
        match n * m {
            ..=12 => format!("A = {}, {place}", points::rows_told(&matrix)),
            _ => format!("a {n} × {m} matrix with singular values {}, {place}", values.join(", ")),
        }
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("k", self.rank as f64)]
    }
}

impl Target {
    /// With the singular values as entries on the diagonal, or beside it.
    fn listed(&(values, beside, rank, chosen): &Case) -> Self {
        let size = values.len();
        Target {
            left: Matrix::identity(size, size),
            right: Matrix::from_fn(size + beside, size, |i, j| {
                f64::from(u8::from(i == j + beside))
            }),
            values: values.to_vec(),
            rank,
            chosen: chosen.to_vec(),
            start: None,
        }
    }

    /// Two to four singular values, of which each is 1.3 times the next at least, with random vectors.
    fn drawn(draw: &mut Draw) -> Self {
        let (rows, columns) = (draw.size(2..=4), draw.size(2..=4));
        let mut values = vec![draw.uniform(0.5, 1.0)];
        while values.len() < rows.min(columns) {
            values.push(values[values.len() - 1] * draw.uniform(1.3, 2.0));
        }
        values.reverse();
        let frame = |size: usize, draw: &mut Draw| {
            haar_orthogonal(size, size, draw.generator()).columns(0, values.len()).into_owned()
        };
        let (left, right) = (frame(rows, draw), frame(columns, draw));
        let rank = draw.size(1..=values.len() - 1);
        Target { left, right, values, rank, chosen: Vec::new(), start: None }
    }

    /// k
    pub(super) fn rank(&self) -> usize {
        self.rank
    }

    pub(super) fn loss(&self) -> Loss {
        let strengths = Matrix::from_diagonal(&Vector::from_vec(self.values.clone()));
        Loss { matrix: &self.left * strengths * self.right.transpose(), weights: None }
    }

    /// One fifth of 1/s₁.
    pub(super) fn step(&self) -> f64 {
        0.2 / self.values[0]
    }

    /// The balanced factors that have chosen the set: one unit for each value.
    pub(super) fn critical_point(&self) -> Factors {
        let mut factors = self.nothing();
        for (unit, &i) in self.chosen.iter().enumerate() {
            self.add(&mut factors, unit, (i, self.values[i].sqrt()), (i, self.values[i].sqrt()));
        }
        factors
    }

    /// Where descent begins.
    pub(super) fn start(&self) -> Factors {
        let nothing = self.nothing();
        let start = self.start.as_ref();
        start.map_or_else(|| self.critical_point(), |it| nothing.moved(self.values[0].sqrt(), it))
    }

    fn nothing(&self) -> Factors {
        Factors {
            left: Matrix::zeros(self.left.nrows(), self.rank),
            right: Matrix::zeros(self.rank, self.right.nrows()),
        }
    }

    /// So much of the singular vector u_i to a column of U, and of v_j to the same row of V.
    fn add(
        &self,
        to: &mut Factors,
        unit: usize,
        (i, left): (usize, f64),
        (j, right): (usize, f64),
    ) {
        for (row, entry) in self.left.column(i).iter().enumerate() {
            to.left[(row, unit)] += left * entry;
        }
        for (column, entry) in self.right.column(j).iter().enumerate() {
            to.right[(unit, column)] += right * entry;
        }
    }

    fn missing(&self) -> impl Iterator<Item = usize> {
        (0..self.values.len()).filter(|t| !self.chosen.contains(t))
    }

    /// u_t in one factor and ±v_t in the other, in one unit; of length √2.
    fn exchange(&self, unit: usize, t: usize, sign: f64) -> Factors {
        let mut direction = self.nothing();
        self.add(&mut direction, unit, (t, 1.0), (t, sign));
        direction
    }

    /// Eigenvectors of the Hessian at the critical point, of length √2, with their eigenvalues.
    fn eigenvectors(&self) -> Vec<(Factors, f64)> {
        let mut pairs = Vec::new();
        for unit in 0..self.rank {
            let chosen = self.chosen.get(unit);
            let own = chosen.map_or(0.0, |i| self.values[*i]);
            for t in self.missing() {
                pairs.push((self.exchange(unit, t, 1.0), own - self.values[t]));
                pairs.push((self.exchange(unit, t, -1.0), own + self.values[t]));
            }
            if let Some(&i) = chosen {
                pairs.push((self.exchange(unit, i, 1.0), 2.0 * own));
            }
        }
        pairs
    }

    /// The eigenvector of the smallest eigenvalue, of length 1, and that eigenvalue.
    pub(super) fn steepest(&self) -> (Factors, f64) {
        let pairs = self.eigenvectors().into_iter();
        let least = pairs.min_by(|a, b| a.1.total_cmp(&b.1));
        let (direction, value) = least.unwrap_or_else(|| (self.nothing(), 0.0));
        (self.nothing().moved(std::f64::consts::FRAC_1_SQRT_2, &direction), value)
    }

    /// (f − min f)/|A|², with the squares of what a matrix of rank k leaves for the minimum.
    pub(super) fn gap(&self, at: &Factors) -> f64 {
        let squares = |values: &[f64]| values.iter().map(|s| s * s).sum::<f64>();
        let least = squares(&self.values[self.rank..]) / 2.0;
        (self.loss().value(at) - least) / squares(&self.values)
    }

    /// With a random start, whose entries are half of √s₁ at most.
    fn started_afar(self, draw: &mut Draw) -> Self {
        let mut start = self.nothing();
        start.left.iter_mut().for_each(|entry| *entry = draw.uniform(-0.5, 0.5));
        start.right.iter_mut().for_each(|entry| *entry = draw.uniform(-0.5, 0.5));
        Target { start: Some(start), ..self }
    }
}

/// A critical point with one of its eigenvectors.
pub(super) struct Eigenvector {
    target: Target,
    along: Factors,
    value: f64,
}

impl AsRef<Target> for Eigenvector {
    fn as_ref(&self) -> &Target {
        &self.target
    }
}

impl Instance for Eigenvector {
    fn description(&self) -> String {
        let (loss, at) = (self.target.loss(), self.target.critical_point());
        let matrices = [
            ("A", &loss.matrix),
            ("U", &at.left),
            ("V", &at.right),
            ("D_U", &self.along.left),
            ("D_V", &self.along.right),
        ];
        let each = matrices.map(|(name, matrix)| format!("{name} = {}", points::rows_told(matrix)));
        each.join(", ")
    }
}

impl Eigenvector {
    /// What the solution says of it; no number where it fails.
    pub(super) fn curvature_by(&self, student: &Student) -> f64 {
        let at = self.target.critical_point();
        self.target.loss().curvature_by(student, &at, &self.along)
    }

    /// The eigenvalue times |D|².
    pub(super) fn curvature(&self) -> f64 {
        self.value * self.along.norm().powi(2)
    }
}

/// What one or two columns can choose of (2, 1) and of (3, 2, 1), square or not, each along its eigenvectors.
pub(super) fn eigenvectors() -> Family<Eigenvector> {
    let idle: [Case; 2] = [(&[2.0, 1.0], 0, 1, &[]), (&[3.0, 2.0, 1.0], 0, 2, &[1])];
    let best: [Case; 1] = [(&[3.0, 2.0, 1.0], 0, 2, &[0, 1])];
    let cases = [&SADDLES[..], &idle, &best].concat();
    let along = |case: Case| {
        let pairs = Target::listed(&case).eigenvectors().len();
        (0..pairs).map(move |number| (case, number))
    };
    let each: Vec<(Case, usize)> = cases.into_iter().flat_map(along).collect();
    Family::listed("critical points for paper", each, |(case, number)| {
        let target = Target::listed(case);
        let (along, value) = target.eigenvectors().swap_remove(*number);
        Eigenvector { target, along, value }
    })
}

/// The saddles of the same that have no idle unit.
pub(super) fn saddles() -> Family<Target> {
    Family::listed("saddles for paper", SADDLES, Target::listed)
}

/// Singular values, by how many columns they stand beside the diagonal, k, and which of them are chosen.
type Case = (&'static [f64], usize, usize, &'static [usize]);

const SADDLES: [Case; 4] = [
    (&[2.0, 1.0], 0, 1, &[1]),
    (&[2.0, 1.0], 1, 1, &[1]),
    (&[3.0, 2.0, 1.0], 0, 2, &[1, 2]),
    (&[3.0, 2.0, 1.0], 1, 2, &[0, 2]),
];

/// Far from all critical points.
pub(super) fn random_starts() -> Family<Target> {
    Family::drawn("random starts", |draw| Target::drawn(draw).started_afar(draw)).with_draws(8)
}

/// As the theorem asks.
pub(super) fn distinct<I: AsRef<Target>>() -> Hypothesis<I> {
    Hypothesis::new("different singular values, more than k", |instance: &I, _| {
        let target = instance.as_ref();
        let ratios = target.values.windows(2).map(|two| two[0] / two[1]);
        let nearest = ratios.fold(f64::INFINITY, f64::min);
        let more = target.rank < target.values.len();
        Check::that(more && nearest > 1.1, format!("the least quotient of two is {nearest:.3}"))
    })
}
