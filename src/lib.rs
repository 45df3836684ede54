//! soalint checks PaaSTA soa-configs and explains what is wrong with them.
//!
//! Data goes one way:
//!
//! ```text
//! bytes ──yaml──▶ spanned tree ──schema──▶ shape findings
//!                     │
//!                     └──repo──▶ service with its documents ──rules──▶ findings ──report──▶ text
//!                                   └──▶ facts of all services ──rules of the tree──▶ findings
//! ```
//!
//! - [`yaml`] reads text as PaaSTA's loader does, and keeps the place of everything.
//! - [`model`] holds the table of keys; [`schema`] makes JSON Schemas of it and explains what they refuse.
//! - [`repo`] finds the services of a tree and what is in them; only `repo::disk` does I/O.
//! - [`rules`] holds the rules and the one list of them.
//! - [`schedule`] knows when a Chronos job runs.
//! - [`effective`] merges files, defaults, deployments and the system configuration; [`emit`] makes
//!   payloads of what a check has passed.
//! - [`findings`] collects what they say, in bounded memory.
//! - `suppress` takes away what comments ignore, from reports only.
//! - [`fix`] applies the repairs that findings come with, and proves each.
//! - [`check`] is the pipeline; [`report`] shows what it found; [`cli`] is the program.
//! - [`write`] is the one writer of files.

// They panic when nobody reads any more: `cli::say!`, and writers whose errors are looked at.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod baseline;
pub mod check;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod dialect;
pub mod effective;
pub mod emit;
pub mod encoding;
pub mod findings;
pub mod fix;
pub mod model;
pub mod repo;
pub mod report;
pub mod rules;
pub mod schedule;
pub mod schema;
pub mod secret;
mod settle;
pub mod source;
pub mod suggest;
mod suppress;
pub mod text;
pub mod write;
pub mod yaml;
