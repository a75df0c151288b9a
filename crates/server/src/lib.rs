//! The wire: HTTP in, HTTP out.
