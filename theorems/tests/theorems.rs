//! Each claim and each control of each theorem is one test: `chapter::theorem::claim`.

fn main() {
    theoria_verification::harness::run(theoria_theorems::all()).exit();
}
