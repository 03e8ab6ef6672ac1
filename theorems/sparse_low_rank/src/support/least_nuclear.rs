//! The least nuclear norm among all matrices with the same measurements, by a method that knows nothing of the one that made them.

use theoria_models::{Matrix, Svd, Vector};
use theoria_verification::{Block, Family, Instance};

use super::measured_matrices::Measured;
use super::nuclear_cone::LowRank;

/// Steps of the method.
const STEPS: usize = 4000;

/// A matrix, measurements of it, and what is proved of them.
pub(crate) struct Programme {
    at: Measured,
    seen: Matrix,
    /// Whether X is the only solution, and by how much a certificate is inside its border.
    proved: Option<(bool, f64)>,
}

impl Instance for Programme {
    fn description(&self) -> String {
        format!("{}, {} measurements", self.at.description(), self.seen.nrows())
    }
}

impl Programme {
    pub(crate) fn measurements(&self) -> usize {
        self.seen.nrows()
    }

    /// Measurements that lack to as many as degrees of freedom.
    pub(crate) fn lacking(&self) -> f64 {
        self.at.shape.freedom() as f64 - self.seen.nrows() as f64
    }

    pub(crate) fn told(&self) -> f64 {
        self.proved.map_or(f64::NAN, |(found, _)| f64::from(u8::from(found)))
    }

    pub(crate) fn clearance(&self) -> f64 {
        self.proved.map_or(f64::NAN, |(_, clearance)| clearance)
    }

    /// 1 where the solution is X, 0 where its nuclear norm is less, else not a number. By Douglas and Rachford's iteration: singular values shrink, and then what was measured is
    /// restored.
    pub(crate) fn solved(&self) -> f64 {
        let (truth, norm) = (self.at.coordinates(), self.at.norm());
        let factors = self.seen.transpose().qr();
        let basis = factors.q();
        let measured = &self.seen * &truth;
        let Some(weights) = factors.r().tr_solve_upper_triangular(&measured) else {
            return f64::NAN;
        };
        let start = &basis * weights;
        let restored = |z: &Vector| z - &basis * basis.tr_mul(z) + &start;
        let shrunk = |z: &Vector| {
            let lowered = Svd::of(&self.at.matrix(z)).with_values(|s| (s - norm / 4.0).max(0.0));
            self.at.entries(&lowered)
        };
        let mut z = start.clone();
        for _ in 0..STEPS {
            let small = shrunk(&z);
            z += restored(&(&small * 2.0 - &z)) - small;
        }
        let solution = restored(&shrunk(&z));
        let value: f64 = Svd::of(&self.at.matrix(&solution)).values().sum();
        if (solution - truth).norm() <= 1e-4 * norm {
            1.0
        } else if value < norm * (1.0 - 1e-6) {
            0.0
        } else {
            f64::NAN
        }
    }
}

/// Drawn until they are clear.
pub(crate) fn programmes() -> Family<Programme> {
    Family::drawn("5 x 5 and smaller", |draw| {
        loop {
            let rows = draw.size(2..=5);
            let rank = draw.size(1..=rows.min(3) - 1);
            let shape = LowRank::new(rows, 5, rank);
            let at = Measured::new(shape, &[1.0, 0.5][..rank], "singular values 1 and 1/2");
            let count = draw.size(shape.freedom()..=shape.entries() - 1);
            let seen = at.measurements(count, Block::drawn(1, draw).generator());
            let proved = at.proved(&seen);
            if proved.is_some_and(|(_, clearance)| clearance >= 0.02) {
                return Programme { at, seen, proved };
            }
        }
    })
    .with_draws(16)
}

/// One measurement fewer than degrees of freedom, the first of them nearly U Vᵀ: what proves that X is not found is short.
pub(crate) fn nearly_seen() -> Family<Programme> {
    Family::drawn("U Vᵀ is nearly seen", |draw| {
        let rows = draw.size(2..=5);
        let rank = draw.size(1..=rows.min(3) - 1);
        let at = Measured::new(LowRank::new(rows, 5, rank), &[1.0, 0.5][..rank], "nearly seen");
        let mut seen = at.measurements(at.shape.freedom() - 1, Block::drawn(1, draw).generator());
        let first = seen.row(0) * draw.log_uniform(1e-7, 1e-2);
        seen.row_mut(0).copy_from(&(at.ones().transpose() + first));
        let proved = at.proved(&seen);
        Programme { at, seen, proved }
    })
}
