//! The program as it is run: by people, by git, by CI systems, by strangers.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod against;
mod baseline;
mod bounds;
mod cli;
mod config;
mod docs;
mod emit_cli;
mod emit_commands;
mod emit_directory;
mod fixes;
mod formats;
mod git;
mod git_property;
mod hostile_commands;
mod hostile_payloads;
mod omissions;
mod packaging;
mod reasons;
mod secrets;
mod security;
mod selectors;
mod support;
mod truth;
mod unread;
mod writing;
mod writing_repository;
mod wrong_place;
