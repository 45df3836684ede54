//! What the library says, held against what others were recorded to say (tests/data), and against what is
//! known of public and of generated trees.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod cases;
mod conformance;
mod corpora;
mod data;
mod emit;
mod emit_sensu;
mod emit_smartstack;
mod emitted;
mod faults;
mod generated;
mod python_values;
mod schedules;
mod yaml;
