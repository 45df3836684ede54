//! A whole haproxy.cfg for HAProxy 2.6 and later: what synapse wrote from synapse.conf.json in 2017,
//! in the words that HAProxy takes today. docs/haproxy.md lists every departure with its reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::listener::{Fault, Listener, Mode};
use super::{HACHECK_PORT, MAXCONN, MAXCONN_PER_SERVER, MAXQUEUE_PER_SERVER, STATS_PORT, text};

/// Servers by backend, each `host:port`; at run time synapse takes them from ZooKeeper.
pub type Servers = BTreeMap<String, Vec<String>>;

/// Everything that does not depend on a namespace (`configure_synapse.py`).
const BASE: &str = "\
global
\tdaemon
\tmaxconn {MAXCONN}
\tstats socket /var/run/synapse/haproxy.sock level admin
\ttune.bufsize 32768
\tspread-checks 50
\tlog 127.0.0.1:1514 daemon info
\tlog-send-hostname
\tunix-bind mode 666

defaults
\ttimeout connect 200ms
\ttimeout client 1000ms
\ttimeout server 1000ms
\tretries 1
\toption redispatch
\tbalance leastconn
\tmode http
\toption httpclose
\toption accept-invalid-http-request
\tlog global
\toption log-separate-errors
\tdefault-server on-error fastinter error-limit 1 inter 10m downinter 30s fastinter 30s rise 1 fall 2

listen stats
\tbind *:{STATS_PORT}
\tmode http
\tstats enable
\tstats uri /
\tstats refresh 1m
\tstats show-node
";

/// The whole file. Discovery-only namespaces have no part in it.
pub fn configuration(listeners: &[Listener], servers: &Servers) -> String {
    let mut sorted: Vec<&Listener> = listeners.iter().filter(|listener| listener.port.is_some()).collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut out = String::from("# Written by soalint from smartstack.yaml; see docs/haproxy.md.\n\n");
    out.push_str(&base());
    for listener in sorted {
        out.push_str(&sections(listener, servers));
    }
    out
}

fn base() -> String {
    BASE.replace("{MAXCONN}", &MAXCONN.to_string()).replace("{STATS_PORT}", &STATS_PORT.to_string())
}

/// The sections of one namespace: its frontend, and a backend per location type.
pub fn sections(listener: &Listener, servers: &Servers) -> String {
    let mut out = String::new();
    let Some(port) = listener.port else { return out };
    frontend(listener, port, &mut out);
    for backend in &listener.backends {
        let known = servers.get(&backend.name).map_or(&[][..], Vec::as_slice);
        self::backend(listener, &backend.name, known, &mut out);
    }
    out
}

fn frontend(listener: &Listener, port: u16, out: &mut String) {
    let name = &listener.name;
    let mut line = |text: &str| push(out, text);
    line("");
    line(&format!("frontend {name}"));
    line(&format!("\tbind 0.0.0.0:{port}"));
    line(&format!("\tbind {}", super::socket_path(name)));
    line(&format!("\tmode {}", listener.mode.name()));
    if let Some(ms) = listener.timeout_client_ms {
        line(&format!("\ttimeout client {ms}ms"));
    }
    match listener.mode {
        Mode::Http => {
            for (header, length) in super::CAPTURED {
                line(&format!("\tcapture request header {header} len {length}"));
            }
            line("\toption httplog");
        }
        Mode::Tcp => {
            line("\tno option accept-invalid-http-request");
            line("\toption tcplog");
        }
    }
    match &listener.fault {
        Some(Fault::Drop) => line("\ttcp-request content reject"),
        Some(Fault::Delay(time)) => {
            line(&format!("\ttcp-request inspect-delay {time}"));
            line("\ttcp-request content accept if WAIT_END");
        }
        Some(Fault::Error503) | None => {}
    }
    if let Some(proxy) = &listener.proxied_through {
        let condition = "!is_status_request !request_from_proxy proxied_through_backend_has_connslots";
        line(&status_acl(listener));
        line(&format!("\tacl request_from_proxy req.hdr(X-Smartstack-Source) -i -m beg -- {proxy}"));
        line(&format!("\tacl proxied_through_backend_has_connslots connslots({proxy}) gt 0"));
        line(&format!("\thttp-request add-header X-Smartstack-Destination {name} if {condition}"));
        line(&format!("\tuse_backend {proxy} if {condition}"));
    }
    for backend in listener.backends.iter().filter(|backend| backend.reachable) {
        let name = &backend.name;
        line(&format!("\tacl {name}_has_connslots connslots({name}) gt 0"));
        line(&format!("\tuse_backend {name} if {name}_has_connslots"));
    }
    line(&format!("\tdefault_backend {name}"));
}

fn backend(listener: &Listener, name: &str, servers: &[String], out: &mut String) {
    let mut line = |text: &str| push(out, text);
    line("");
    line(&format!("backend {name}"));
    line(&format!("\tmode {}", listener.mode.name()));
    check(listener, &mut line);
    if let Some(retries) = listener.retries {
        line(&format!("\tretries {retries}"));
    }
    if listener.allredisp {
        // Redispatch on every retry, not only on the last one.
        line("\toption redispatch 1");
    }
    if let Some(ms) = listener.timeout_connect_ms {
        line(&format!("\ttimeout connect {ms}ms"));
    }
    if let Some(ms) = listener.timeout_server_ms {
        line(&format!("\ttimeout server {ms}ms"));
    }
    if let Some(balance) = listener.balance {
        line(&format!("\tbalance {}", balance.name()));
    }
    if listener.mode == Mode::Http {
        if listener.is_proxy {
            line(&status_acl(listener));
            let source = &listener.name;
            line(&format!("\thttp-request add-header X-Smartstack-Source {source} if !is_status_request"));
        }
        for (header, value) in &listener.extra_headers {
            line(&format!("\thttp-request set-header {} {}", text::word(header), header_format(value)));
        }
    }
    if listener.fault == Some(Fault::Error503) {
        return;
    }
    let observed = match listener.mode {
        Mode::Http => "layer7",
        Mode::Tcp => "layer4",
    };
    for server in servers.iter().filter(|server| text::is_proxy_name(server)) {
        line(&format!(
            "\tserver {server} {server} check port {HACHECK_PORT} observe {observed} \
             maxconn {MAXCONN_PER_SERVER} maxqueue {MAXQUEUE_PER_SERVER}"
        ));
    }
}

/// The health check that hacheck answers for the task.
fn check(listener: &Listener, line: &mut impl FnMut(&str)) {
    let path = super::check_path(listener);
    let path = text::word(&path);
    if listener.healthcheck_headers.is_empty() {
        line(&format!("\toption httpchk GET {path}"));
    } else {
        line("\toption httpchk");
        let mut send = format!("\thttp-check send meth GET uri {path} ver HTTP/1.1");
        for (header, value) in &listener.healthcheck_headers {
            // Writing to a string cannot fail.
            let _ = write!(send, " hdr {} {}", text::word(header), header_format(value));
        }
        line(&send);
    }
    line("\thttp-check send-state");
}

/// HAProxy compares paths without their queries.
fn status_acl(listener: &Listener) -> String {
    let path = listener.healthcheck_uri.split('?').next().unwrap_or_default();
    format!("\tacl is_status_request path -- {}", text::word(path))
}

/// The value of a header; an empty one has to be an expression, because HAProxy wants a word.
fn header_format(value: &str) -> String {
    if value.is_empty() { "%[str()]".to_owned() } else { text::format_word(value) }
}

fn push(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}
