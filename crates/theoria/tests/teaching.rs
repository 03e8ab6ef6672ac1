//! What is handed out is about theorems that there are.

use theoria::{assignments::assignments, theorems};

#[test]
fn assignments_are_about_theorems_that_there_are() {
    let all = theorems::all();
    let known: Vec<String> = all.iter().map(|theorem| theorem.id().to_string()).collect();
    for assignment in assignments::all() {
        let theorem = assignment.theorem.to_owned();
        assert!(known.contains(&theorem), "{}: there is no theorem {theorem}", assignment.name);
    }
}
