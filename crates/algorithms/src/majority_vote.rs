//! Sign descent by the vote of workers.

use theoria_models::Ensemble;
use theoria_models::oracle::Oracle;
use theoria_models::stochastic::Signs;

use crate::range::positive;
use crate::{Method, Scratch};

/// x ← x - h sign(Σ_m sign g_m), coordinate by coordinate, where worker m = 1, ..., M asks the oracle for a
/// stochastic gradient g_m of its own (Bernstein, Wang, Azizzadenesheli, Anandkumar 2018).
///
/// Workers send their signs as [`Signs`], one bit a coordinate, and get the majority back in the same
/// form; a tie goes to the first worker. What is sent is counted.
///
/// ```
/// use theoria_algorithms::{MajorityVote, Method};
/// use theoria_models::{Ensemble, Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[1.0, 1.0]);
/// let mut x = Ensemble::repeat(&Vector::from_vec(vec![1.0, -1.0]), 1);
/// let mut vote = MajorityVote::new(0.25, 5);
/// vote.step(&f, &mut x);
/// assert_eq!(x.numbers(), [0.75, -0.75]);
/// assert_eq!(vote.bits_up(), 5 * 2);
/// assert_eq!(vote.bits_down(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct MajorityVote {
    step_size: f64,
    workers: usize,
    bits_up: usize,
    bits_down: usize,
    gradient: Scratch<Ensemble>,
}

impl MajorityVote {
    /// With step size h and this number of workers.
    ///
    /// # Panics
    /// If h is not positive and finite, or there is no worker.
    pub fn new(step_size: f64, workers: usize) -> Self {
        let step_size = positive(step_size, "the step size h");
        assert!(workers > 0, "a vote needs at least one worker");
        MajorityVote { step_size, workers, bits_up: 0, bits_down: 0, gradient: Scratch::default() }
    }

    /// Bits sent by all workers so far, over all trials.
    pub fn bits_up(&self) -> usize {
        self.bits_up
    }

    /// Bits sent back so far, over all trials, a message to all workers counted once.
    pub fn bits_down(&self) -> usize {
        self.bits_down
    }
}

impl<O: Oracle<Ensemble> + ?Sized> Method<Ensemble, O> for MajorityVote {
    fn step(&mut self, oracle: &O, x: &mut Ensemble) {
        let gradient = self.gradient.like(x);
        let mut messages = Vec::with_capacity(self.workers);
        for _ in 0..self.workers {
            oracle.gradient(x, gradient);
            let message = Signs::of(gradient.numbers());
            self.bits_up += message.bits();
            messages.push(message);
        }
        let vote = Signs::majority(&messages);
        self.bits_down += vote.bits();
        vote.add_to(-self.step_size, x.numbers_mut());
    }
}
