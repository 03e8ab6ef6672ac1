//! References earn all points, stubs none, mutants fail what their authors say.

use theoria_assignments::{assignments, verify};

#[test]
fn nothing_surprises() {
    let surprises: Vec<String> =
        verify(&assignments::all(), 20_240_229).iter().map(ToString::to_string).collect();
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}
