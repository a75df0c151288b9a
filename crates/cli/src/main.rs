//! The switchboard: one binary, one verb a file.

fn main() {}
