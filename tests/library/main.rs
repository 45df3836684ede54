//! What the library says: of texts and trees of the tests' own, of its rules, its tables and its schemas.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod emit_documented;
mod explanations;
mod rules;
mod schemas;
mod shape_agreement;
mod yaml_hostile;
