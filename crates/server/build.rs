//! Has the crate compiled anew when the dashboard was built anew.

use std::path::Path;

fn main() {
    // A path that is not there would count as changed in every build.
    let built = "../../dashboard/dist";
    let watched = if Path::new(built).exists() {
        built
    } else {
        "../../dashboard"
    };
    println!("cargo::rerun-if-changed={watched}");
}
