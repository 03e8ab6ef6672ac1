//! A solution as the claims of an assignment see it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Descent, InProcess, Player};
use crate::protocol::{Answer, Fault, begin, tell};
use crate::theoria::{Fields, Solution};

type Start = dyn Fn() -> Result<Box<dyn Player>, Fault> + Send + Sync;

/// A solution that can be asked, and asked again after it has failed: it is started when it is asked first, and anew after a
/// fault. After a fault it is asked nothing more until the [next check](Student::begins_anew) begins.
#[derive(Clone)]
pub struct Student {
    start: Arc<Start>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    player: Option<Box<dyn Player>>,
    fault: Option<Fault>,
}

impl Student {
    /// One that is started so.
    pub fn started_by(
        start: impl Fn() -> Result<Box<dyn Player>, Fault> + Send + Sync + 'static,
    ) -> Self {
        Student { start: Arc::new(start), state: Arc::default() }
    }

    /// A solution in this process.
    pub fn in_process(make: impl Fn() -> Box<dyn Solution + Send> + Send + Sync + 'static) -> Self {
        Student::started_by(move || Ok(Box::new(InProcess::new(make()))))
    }

    /// A new check: what went wrong before does not matter to it, unless it would [only cost the same time
    /// again](Fault::is_final).
    pub fn begins_anew(&self) {
        let mut state = self.state();
        state.fault = state.fault.take().filter(Fault::is_final);
    }

    /// What went wrong in this check.
    pub fn fault(&self) -> Option<Fault> {
        self.state().fault.clone()
    }

    /// Takes note of a fault that shows only in what was answered.
    pub fn is_at_fault(&self, fault: Fault) {
        let mut state = self.state();
        state.player = None;
        state.fault.get_or_insert(fault);
    }

    /// What it answers to a new instance; none after a fault.
    pub fn begin(&self, instance: &Fields) -> Option<Answer> {
        self.ask(&begin(instance))
    }

    /// What it answers to what the oracle says; none after a fault.
    pub fn tell(&self, told: &Fields) -> Option<Answer> {
        self.ask(&tell(told))
    }

    /// The value if there is one; else the fault is noted.
    pub fn take<T>(&self, answered: Result<T, Fault>) -> Option<T> {
        answered.map_err(|fault| self.is_at_fault(fault)).ok()
    }

    /// A method that goes where the solution answers to go: see [`Descent`].
    pub fn descent(&self, instance: Fields) -> Descent {
        Descent::new(self.clone(), instance)
    }

    fn ask(&self, message: &Fields) -> Option<Answer> {
        let mut state = self.state();
        if state.fault.is_some() {
            return None;
        }
        match self.answer(&mut state, message) {
            Ok(answer) => Some(answer),
            Err(fault) => {
                state.player = None;
                state.fault = Some(fault);
                None
            }
        }
    }

    fn answer(&self, state: &mut State, message: &Fields) -> Result<Answer, Fault> {
        let player = match &mut state.player {
            Some(player) => player,
            none => none.insert((self.start)()?),
        };
        player.answer(message)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
