//! SmartStack: what nerve registers, what synapse watches, how HAProxy balances.
//!
//! ```text
//! smartstack.yaml ──registration──▶ the list that nerve-tools is fed ──nerve──▶ nerve.conf.json
//!        └──listener──▶ what each namespace wants ──┬─synapse──▶ synapse.conf.json
//!                                                   └─haproxy──▶ haproxy.cfg
//! ```
//!
//! [`locations`] says where the node is; [`services`] writes the lists of ports for other tools.

pub mod compile;
pub mod fleet;
pub mod haproxy;
pub mod listener;
pub mod locations;
pub mod nerve;
pub mod registration;
pub mod services;
pub mod synapse;
mod text;

use listener::Listener;

/// Port of hacheck, which answers health checks for the tasks of its host.
pub const HACHECK_PORT: u16 = 6666;

/// Port of HAProxy's own statistics.
pub const STATS_PORT: u16 = 3212;

/// `maxconn` of the whole HAProxy.
const MAXCONN: u32 = 10_000;

/// `maxconn` of one server.
const MAXCONN_PER_SERVER: u32 = 50;

/// `maxqueue` of one server.
const MAXQUEUE_PER_SERVER: u32 = 10;

/// Headers of requests that are logged (Zipkin's), with the length that is kept.
const CAPTURED: [(&str, u32); 5] = [
    ("X-B3-SpanId", 64),
    ("X-B3-TraceId", 64),
    ("X-B3-ParentSpanId", 64),
    ("X-B3-Flags", 10),
    ("X-B3-Sampled", 10),
];

/// Where HAProxy listens for clients on the same host.
fn socket_path(name: &str) -> String {
    format!("/var/run/synapse/sockets/{name}.sock")
}

/// What HAProxy asks hacheck for. The port is always 0: hacheck takes the real one from the header
/// that `http-check send-state` adds.
fn check_path(listener: &Listener) -> String {
    let uri = listener.healthcheck_uri.trim_start_matches('/');
    format!("/{}/{}/0/{uri}", listener.mode.name(), listener.name)
}
