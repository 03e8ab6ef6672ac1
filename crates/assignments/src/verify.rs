//! Whether the checks are right: references earn all points, stubs none, and each mutant fails what its author says.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use theoria_verification::Settings;

use crate::assignment::{Assignment, Make, Mutant};
use crate::judge::{Judged, Mark, judge, settings};
use crate::play::Student;

/// Something that is not as its author says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surprise {
    /// The name of the assignment.
    pub assignment: &'static str,
    /// Who did what.
    pub what: String,
}

impl std::fmt::Display for Surprise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.assignment, self.what)
    }
}

/// Who is put to the test.
#[derive(Clone, Copy)]
enum Actor {
    Reference,
    Stub,
    Mutant(&'static Mutant),
}

/// Runs references, stubs and mutants of these assignments in this process, on all cores, and says what surprises.
pub fn verify(assignments: &[Assignment], seed: u64) -> Vec<Surprise> {
    let actors = |assignment: &Assignment| {
        let mutants = assignment.mutants.iter().map(Actor::Mutant);
        [Actor::Reference, Actor::Stub].into_iter().chain(mutants).collect::<Vec<_>>()
    };
    let jobs: Vec<(usize, &Assignment, Actor)> = assignments
        .iter()
        .flat_map(|assignment| actors(assignment).into_iter().map(move |actor| (assignment, actor)))
        .enumerate()
        .map(|(number, (assignment, actor))| (number, assignment, actor))
        .collect();
    let settings = settings(seed, false);
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((number, assignment, actor)) =
                    jobs.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let surprises = surprises(assignment, *actor, &settings);
                    if let Ok(mut found) = found.lock() {
                        found.extend(
                            surprises.into_iter().map(|what| {
                                (*number, Surprise { assignment: assignment.name, what })
                            }),
                        );
                    }
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap_or_default();
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, surprise)| surprise).collect()
}

fn surprises(assignment: &Assignment, actor: Actor, settings: &Settings) -> Vec<String> {
    let all = |make: Make| marks(assignment, make, settings, &|_| true);
    match actor {
        Actor::Reference => all(assignment.reference)
            .into_iter()
            .filter(|judged| !judged.passed())
            .map(|judged| format!("the reference fails {}: {:?}", judged.check.name, judged.mark))
            .collect(),
        Actor::Stub => all(assignment.stub)
            .into_iter()
            .filter(|judged| matches!(judged.mark, Mark::Passed | Mark::NotGraded(_)))
            .map(|judged| format!("the stub at {}: {:?}", judged.check.name, judged.mark))
            .collect(),
        Actor::Mutant(mutant) => {
            let named = |name: &str| mutant.fails.contains(&name);
            let judged = marks(assignment, mutant.make, settings, &named);
            let survived = judged
                .iter()
                // The reason is that of the claim: a mutant that cannot be asked shows nothing.
                .filter(|judged| !matches!(judged.mark, Mark::Refuted | Mark::NotShown))
                .map(|judged| {
                    format!("{} at {}: {:?}", mutant.name, judged.check.name, judged.mark)
                });
            let unknown = mutant
                .fails
                .iter()
                .filter(|name| judged.iter().all(|judged| judged.check.name != **name))
                .map(|name| format!("{} fails {name}, which is no check", mutant.name));
            survived.chain(unknown).collect()
        }
    }
}

fn marks(
    assignment: &Assignment,
    make: Make,
    settings: &Settings,
    wanted: &(impl Fn(&str) -> bool + Sync),
) -> Vec<Judged> {
    let parts = [&assignment.public, &assignment.hidden];
    let student = Student::in_process(make);
    parts
        .into_iter()
        .flat_map(|part| judge(part, &student, settings, |check| wanted(check.name)))
        .collect()
}
