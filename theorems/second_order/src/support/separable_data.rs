//! Newton's method on separable data without a ridge: on the exponential loss in many digits, and on the logistic loss of real data.

use std::sync::OnceLock;

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{Method, Newton};
use theoria_models::data::breast_cancer;
use theoria_models::numerics::LongFloat;
use theoria_models::objectives::{LogisticRegression, Regularisation};
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::{ExponentialLoss, Matrix, Objective, Vector, elimination};
use theoria_references::{MarginNorm, largest_margin};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance, Reading};

/// Terms whose logarithms differ by 170 are resolved.
pub(crate) type Many = LongFloat<256>;
type Column = DVector<Many>;

/// Samples as rows, each multiplied by its label, and a start.
#[derive(Debug, Clone)]
pub(crate) struct Samples {
    pub(crate) rows: Matrix,
    pub(crate) start: Vector,
}

impl Instance for Samples {
    fn description(&self) -> String {
        let rows: Vec<String> = self
            .rows
            .row_iter()
            .map(|row| format!("{:?}", row.iter().copied().collect::<Vec<_>>()))
            .collect();
        format!("samples {} from {:?}", rows.join(", "), self.start.as_slice())
    }
}

/// A run with the exponential loss.
pub(crate) struct Walk {
    loss: ExponentialLoss<256>,
    iterates: Vec<Column>,
}

impl Walk {
    /// w_n − w_{n−1}
    pub(crate) fn step(&self, n: usize) -> Vector {
        (&self.iterates[n] - &self.iterates[n - 1]).map(|x| x.nearest())
    }

    /// w_n − w_0
    pub(crate) fn way(&self, n: usize) -> Vector {
        (&self.iterates[n] - &self.iterates[0]).map(|x| x.nearest())
    }

    /// f(w_n)/f(w_0)
    pub(crate) fn share(&self, n: usize) -> f64 {
        (self.loss.value(&self.iterates[n]) / self.loss.value(&self.iterates[0])).nearest()
    }
}

impl Samples {
    pub(crate) fn dimension(&self) -> usize {
        self.start.len()
    }

    /// Newton's method on the exponential loss.
    pub(crate) fn walk(&self, steps: usize) -> Walk {
        let loss = ExponentialLoss::new(self.rows.map(Many::from));
        let (mut newton, mut w) = (Newton::default(), self.start.map(Many::from));
        let mut iterates = vec![w.clone()];
        for _ in 0..steps {
            newton.step(&loss, &mut w);
            iterates.push(w.clone());
        }
        Walk { loss, iterates }
    }

    /// The p with z_i·p = 1 for all samples, by elimination; there are as many as unknowns.
    pub(crate) fn equal_margins(&self) -> Option<Vector> {
        let rows: DMatrix<Many> = self.rows.map(Many::from);
        let ones = Column::from_element(self.rows.nrows(), Many::from(1.0));
        let solution = elimination::solve(&rows, &ones)?;
        Some(solution.map(|x| x.nearest()))
    }

    /// Margins z_i·w before and after one step on the logistic loss, and that loss after each of so many steps.
    pub(crate) fn logistic(&self, steps: usize) -> (Vec<Vector>, Vec<f64>) {
        let ones = Vector::from_element(self.rows.nrows(), 1.0);
        let loss = LogisticRegression::new(&self.rows, &ones, Regularisation::None);
        let places = newton_on(&loss, &self.start, steps);
        let margins = places.iter().map(|w| &self.rows * w).collect();
        (margins, places.iter().map(|w| loss.value(w)).collect())
    }
}

fn newton_on(loss: &LogisticRegression, start: &Vector, steps: usize) -> Vec<Vector> {
    let mut w = start.clone();
    let mut places = vec![w.clone()];
    // A logistic loss has a Hessian: without one it would stay where it is, and no claim hold.
    if let Ok(oracle) = TwiceDifferentiable::new(loss, &w.clone()) {
        let mut newton = Newton::default();
        for _ in 0..steps {
            newton.step(&oracle, &mut w);
            places.push(w.clone());
        }
    }
    places
}

/// Random samples, so many more than unknowns.
pub(crate) fn samples(name: &str, most_more: usize) -> Family<Samples> {
    Family::drawn(name, move |draw| {
        let d = draw.size(1..=3);
        let n = d + draw.size(0..=most_more);
        // Near the unit matrix, so that none of the margins is blown up.
        let rows = Matrix::from_fn(n, d, |i, j| {
            draw.including_ends(-1.0, 1.0) + if i == j { 2.5 } else { 0.0 }
        });
        let start = Vector::from_fn(d, |_, _| draw.uniform(-2.0, 2.0));
        Samples { rows, start }
    })
}

/// As many samples as unknowns, and a start with margins between −2 and 2: from those that are far below 0 a step of the logistic loss leads to
/// where doubles end.
pub(crate) fn moderate() -> Family<Samples> {
    samples("d samples, started with moderate margins", 0).map(|it| {
        let margins = it.start.map(Many::from);
        let start = elimination::solve(&it.rows.map(Many::from), &margins);
        let start = start.map_or(it.start, |start| start.map(|x| x.nearest()));
        Samples { rows: it.rows, start }
    })
}

/// Of z_i·p ≥ 1 for (4, 0), (1, 1) and (0, 8).
pub(crate) fn triangle() -> Matrix {
    Matrix::from_row_slice(3, 2, &[4.0, 0.0, 1.0, 1.0, 0.0, 8.0])
}

/// Both of its vertices.
pub(crate) const VERTICES: [[f64; 2]; 2] = [[0.25, 0.75], [0.875, 0.125]];

/// The shortest p with z_i·p ≥ 1 there, in the direction of the largest margin.
pub(crate) const SHORTEST: [f64; 2] = [0.5, 0.5];

/// From far out in the direction of each vertex.
pub(crate) fn towards_vertices() -> Family<Samples> {
    Family::listed("from 40 v", VERTICES, |vertex| Samples {
        rows: triangle(),
        start: Vector::from_row_slice(vertex) * 40.0,
    })
}

/// Where steps tend to from the border between those starts from which they tend to either vertex.
pub(crate) const BETWEEN: [f64; 2] = [2.0 / 3.0, 1.0 / 3.0];

/// From far out on that border: the first term is twice the third, so that both samples pull alike.
pub(crate) fn on_the_border() -> Family<Samples> {
    Family::single("from the border", || {
        let shift = std::f64::consts::LN_2 / 12.0;
        let start = Vector::from_row_slice(&BETWEEN) * 40.0 + Vector::from_vec(vec![-shift, shift]);
        Samples { rows: triangle(), start }
    })
}

/// A sample more than unknowns, from near 0, where all three of them matter.
pub(crate) fn one_more() -> Family<Samples> {
    Family::listed("a sample more", [[0.0, 0.0], [0.3, -0.2]], |start| Samples {
        rows: triangle(),
        start: Vector::from_row_slice(start),
    })
}

/// Multiples of (1, 0), along which no term changes with the second unknown: H is singular, and Newton's step there none.
pub(crate) fn on_a_line() -> Family<Samples> {
    Family::listed("samples on a line", [[0.0, 0.0], [0.3, -0.2], [2.0, 5.0]], |start| Samples {
        rows: Matrix::from_row_slice(3, 2, &[1.0, 0.0, 2.0, 0.0, 4.0, 0.0]),
        start: Vector::from_row_slice(start),
    })
}

/// From anywhere.
pub(crate) fn anywhere() -> Family<Samples> {
    Family::drawn("three samples in the plane", |draw| Samples {
        rows: triangle(),
        start: random_start(draw),
    })
    .with_draws(12)
}

pub(crate) fn random_start(draw: &mut Draw) -> Vector {
    Vector::from_fn(2, |_, _| draw.uniform(-3.0, 3.0))
}

/// As many samples as unknowns, and independent ones.
pub(crate) fn independent() -> Hypothesis<Samples> {
    Hypothesis::new("d independent samples", |it: &Samples, _| {
        let (n, d) = it.rows.shape();
        let rank = elimination::rank(&it.rows.map(Many::from));
        Check::that(n == d && rank == d, format!("{n} samples in {d} unknowns, of rank {rank}"))
    })
}

/// The Hessian is invertible.
pub(crate) fn spanning() -> Hypothesis<Samples> {
    Hypothesis::new("spanning samples", |it: &Samples, _| {
        let rank = elimination::rank(&it.rows.map(Many::from));
        Check::that(rank == it.dimension(), format!("rank {rank} in {} unknowns", it.dimension()))
    })
}

/// Steps of Newton's method from 0 on the breast cancer data with a constant feature.
pub(crate) struct Cancer {
    rows: Matrix,
    places: Vec<Vector>,
    losses: Vec<f64>,
    /// |w| of the shortest w with all z_i·w ≥ 1; no number where there is none.
    pub(crate) shortest: f64,
}

/// Steps on the data.
pub(crate) const STEPS: usize = 121;

/// A light one: κ is 33 205.
const RIDGE: f64 = 1e-4;

/// What is done to the data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Setting {
    Plain,
    /// A ridge of the weight [`RIDGE`].
    Ridge,
    /// The first tumour is there twice, once with the other label.
    Contradiction,
}

impl Setting {
    fn ridge(self) -> f64 {
        if self == Setting::Ridge { RIDGE } else { 0.0 }
    }
}

/// A step on the data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tumours {
    pub(crate) setting: Setting,
    pub(crate) step: usize,
}

impl Instance for Tumours {
    fn description(&self) -> String {
        match self.setting {
            Setting::Plain => format!("step {}", self.step),
            Setting::Ridge => format!("ridge {RIDGE}, step {}", self.step),
            Setting::Contradiction => {
                format!("the first tumour with both labels, step {}", self.step)
            }
        }
    }
}

impl Tumours {
    pub(crate) fn run(&self) -> &'static Cancer {
        Cancer::run(self.setting)
    }
}

/// These steps on the data as they are.
pub(crate) fn tumours(name: &str, steps: &[usize]) -> Family<Tumours> {
    tumours_in(name, Setting::Plain, steps)
}

pub(crate) fn tumours_in(name: &str, setting: Setting, steps: &[usize]) -> Family<Tumours> {
    Family::listed(name, steps.to_vec(), move |&step| Tumours { setting, step })
}

/// Some plane separates the classes: the solver's, whose margin is computed.
pub(crate) fn separable() -> Hypothesis<Tumours> {
    Hypothesis::new("separable", |it: &Tumours, _| {
        let shortest = it.run().shortest;
        Check::that(shortest.is_finite(), format!("shortest w with margins of 1: {shortest:.4}"))
    })
}

/// Nothing but the logistic loss.
pub(crate) fn without_a_ridge() -> Hypothesis<Tumours> {
    Hypothesis::new("no ridge", |it: &Tumours, _| {
        let weight = it.setting.ridge();
        Check::that(weight == 0.0, format!("a ridge of {weight}"))
    })
}

impl Cancer {
    /// Computed once.
    pub(crate) fn run(setting: Setting) -> &'static Self {
        static RUNS: [OnceLock<Cancer>; 3] = [const { OnceLock::new() }; 3];
        RUNS[setting as usize].get_or_init(|| Cancer::of(setting))
    }

    fn of(setting: Setting) -> Self {
        let data = breast_cancer();
        let columns = data.features.ncols();
        let (mut features, mut labels) = (data.features.insert_column(columns, 1.0), data.targets);
        if setting == Setting::Contradiction {
            let (samples, first) = (features.nrows(), features.row(0).into_owned());
            features = features.insert_row(samples, 0.0);
            features.set_row(samples, &first);
            labels = labels.push(-labels[0]);
        }
        let mut rows = features.clone();
        for (mut row, label) in rows.row_iter_mut().zip(labels.iter()) {
            row *= *label;
        }
        let regularisation = match setting {
            Setting::Ridge => Regularisation::Ridge(RIDGE),
            Setting::Plain | Setting::Contradiction => Regularisation::None,
        };
        let loss = LogisticRegression::new(&features, &labels, regularisation);
        let places = newton_on(&loss, &Vector::zeros(columns + 1), STEPS);
        let losses = places.iter().map(|w| loss.value(w)).collect();
        let margin = largest_margin(&features, &labels, MarginNorm::Euclidean);
        let shortest = margin.map_or(f64::NAN, |found| 1.0 / found.margin);
        Cancer { rows, places, losses, shortest }
    }

    pub(crate) fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// w_n − w_{n−1}
    fn step(&self, n: usize) -> Vector {
        &self.places[n] - &self.places[n - 1]
    }

    /// Its length. Places are rounded, and steps have six digits at least, since the condition number of the Hessian is 1e9.
    pub(crate) fn length(&self, n: usize) -> Reading {
        let length = self.step(n).norm();
        Reading::new(length, 1e-6 * length + 4.0 * f64::EPSILON * self.places[n].norm())
    }

    /// f(w_n)/f(w_{n−1})
    pub(crate) fn ratio(&self, n: usize) -> f64 {
        self.losses[n] / self.losses[n - 1]
    }

    /// The growth z_i·(w_n − w_{n−1}) of all margins, the smallest first.
    pub(crate) fn growth(&self, n: usize) -> Vec<f64> {
        let mut growth: Vec<f64> = (&self.rows * self.step(n)).iter().copied().collect();
        growth.sort_by(f64::total_cmp);
        growth
    }
}
