//! Solutions that are compiled in: references, stubs, mutants.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Player;
use crate::protocol::{Answer, Fault};
use crate::theoria::{self, Fields, Solution};

/// A solution in Rust that runs in this process, as it would run in one of its own.
pub struct InProcess {
    solution: Box<dyn Solution + Send>,
}

impl InProcess {
    /// This solution.
    pub fn new(solution: Box<dyn Solution + Send>) -> Self {
        InProcess { solution }
    }
}

impl Player for InProcess {
    fn answer(&mut self, message: &Fields) -> Result<Answer, Fault> {
        let answered =
            catch_unwind(AssertUnwindSafe(|| theoria::answer(&mut *self.solution, message)));
        answered.map(Answer::of).map_err(|panic| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
            Fault::Panicked { message: said.unwrap_or("it said nothing").into() }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{begin, hello, tell};

    struct Halves(f64);
    impl Solution for Halves {
        fn begin(&mut self, instance: &Fields) -> Fields {
            self.0 = instance.number("start");
            Fields::new().with("point", self.0)
        }
    }

    #[test]
    fn a_panic_is_a_fault_that_says_what_the_panic_said() {
        let mut player = InProcess::new(Box::new(Halves(0.0)));
        assert_eq!(player.answer(&hello("halving")).unwrap().number("protocol"), Ok(1.0));
        let started = player.answer(&begin(&Fields::new().with("start", 3.0))).unwrap();
        assert_eq!(started.number("point"), Ok(3.0));
        let lacking = player.answer(&begin(&Fields::new().with("strat", 3.0))).unwrap_err();
        assert!(lacking.to_string().contains("no number called \"start\""), "{lacking}");
        let unasked = player.answer(&tell(&Fields::new())).unwrap_err();
        assert!(unasked.to_string().contains("told nothing more"), "{unasked}");
    }
}
