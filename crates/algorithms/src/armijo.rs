//! Armijo backtracking.

use theoria_models::oracle::Valued;
use theoria_models::point::PerTrial;
use theoria_models::{Vector, Wide};

use crate::precise::stepped_in_doubles;
use crate::range::positive;
use crate::{Method, PreciseMethod, Scratch};

/// x ← x - h ∇f(x) with the largest h among h_0, b h_0, b² h_0 ... for which
/// f(x - h ∇f(x)) <= f(x) - c h |∇f(x)|² (Armijo 1966), each trial with its own h.
///
/// For L-smooth f and 0 < c < 1 it stops with h >= min(h_0, 2 b (1 - c)/L). Where no such h is found
/// after [`MOST_CUTS`](Armijo::MOST_CUTS) cuts (c >= 1, or rounding), that trial does not move and
/// [`stalled`](Armijo::stalled) says so.
///
/// ```
/// use theoria_algorithms::{Armijo, Method};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[10.0]);
/// let mut method = Armijo::new(1.0, 0.5, 0.5);
/// method.step(&f, &mut Vector::from_vec(vec![1.0]));
/// assert_eq!(method.step_sizes(), [0.0625]);
/// ```
#[derive(Debug, Clone)]
pub struct Armijo<P = Vector> {
    first: f64,
    decrease: f64,
    shrink: f64,
    step_sizes: Vec<f64>,
    stalled: bool,
    gradient: Scratch<P>,
    candidate: Scratch<P>,
}

impl<P: PerTrial> Armijo<P> {
    /// A search that needs more cuts will not end.
    pub const MOST_CUTS: usize = 60;

    /// First step size h_0 > 0, share c > 0 of the decrease that is asked for, cut b in (0, 1).
    ///
    /// # Panics
    /// If h_0 or c is not positive and finite, or b not between 0 and 1.
    pub fn new(first: f64, decrease: f64, shrink: f64) -> Self {
        assert!(0.0 < shrink && shrink < 1.0, "the cut b is between 0 and 1, not {shrink}");
        Armijo {
            first: positive(first, "the first step size h_0"),
            decrease: positive(decrease, "the share c of the decrease"),
            shrink,
            step_sizes: Vec::new(),
            stalled: false,
            gradient: Scratch::default(),
            candidate: Scratch::default(),
        }
    }

    /// The step sizes of the last step, one a trial; 0 where none was found.
    pub fn step_sizes(&self) -> &[f64] {
        &self.step_sizes
    }

    /// Whether in some step some trial found no step size.
    pub fn stalled(&self) -> bool {
        self.stalled
    }
}

impl<P: PerTrial, O: Valued<P> + ?Sized> Method<P, O> for Armijo<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let trials = x.trials();
        let mut numbers = vec![0.0; 3 * trials];
        let (before, rest) = numbers.split_at_mut(trials);
        let (after, steepness) = rest.split_at_mut(trials);
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        oracle.values(x, before);
        gradient.inner(gradient, steepness);
        self.step_sizes.clear();
        self.step_sizes.resize(trials, self.first);
        for cut in 0..=Self::MOST_CUTS {
            let candidate = self.candidate.like(x);
            candidate.clone_from(x);
            let negative: Vec<f64> = self.step_sizes.iter().map(|h| -h).collect();
            candidate.axpy_each(&negative, gradient);
            oracle.values(candidate, after);
            let mut all = true;
            for t in 0..trials {
                let h = self.step_sizes[t];
                let enough = after[t] <= before[t] - self.decrease * h * steepness[t];
                if !enough && h > 0.0 {
                    all = false;
                    self.step_sizes[t] = if cut == Self::MOST_CUTS { 0.0 } else { h * self.shrink };
                }
            }
            if all {
                break;
            }
            self.stalled |= cut == Self::MOST_CUTS;
        }
        let negative: Vec<f64> = self.step_sizes.iter().map(|h| -h).collect();
        x.axpy_each(&negative, gradient);
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        let fresh = Armijo::<Wide<f64>>::new(self.first, self.decrease, self.shrink);
        self.step_sizes.is_empty().then(|| stepped_in_doubles(fresh))?
    }
}
