//! The crate's tests that go through its doors.

mod weeks;
