//! synapse.conf.json as synapse-tools 0.12.4 writes it: one watcher per namespace and location
//! type, with the lines that synapse copies into the HAProxy configuration of 2017.

use crate::emit::python::{Data, Dict, Value};

use super::listener::{Fault, Listener, Mode};
use super::{HACHECK_PORT, MAXCONN, MAXCONN_PER_SERVER, MAXQUEUE_PER_SERVER, STATS_PORT, text};

/// Reloads HAProxy without losing a connection (`configure_synapse.py:set_defaults`).
const RELOAD: &str = "sudo /usr/bin/synapse_qdisc_tool protect bash -c 'touch /var/run/synapse/haproxy.pid && \
    PID=$(cat /var/run/synapse/haproxy.pid) && /usr/bin/haproxy-synapse -f /var/run/synapse/haproxy.cfg \
    -p /var/run/synapse/haproxy.pid -sf $PID && sleep 0.010'";

/// The whole file, for these listeners; `zookeeper` are `host:port` texts.
pub fn configuration(listeners: &[Listener], zookeeper: &[String]) -> Value<'static> {
    let mut services = Dict::new();
    for listener in listeners {
        for (name, watcher) in watchers(listener, zookeeper) {
            // Names of backends differ in a fleet.
            services.push(Data::from(name), watcher);
        }
    }
    let file_output = Dict::of([("output_directory", text_value("/var/run/synapse/services"))]);
    Value::computed(Dict::of([
        ("services", Value::computed(services)),
        ("file_output", Value::computed(file_output)),
        ("haproxy", Value::computed(haproxy())),
    ]))
}

/// The watchers of one namespace, by name.
pub fn watchers(listener: &Listener, zookeeper: &[String]) -> Vec<(String, Value<'static>)> {
    let watcher = |backend: &super::listener::Backend| {
        let label = Dict::of([
            ("label", text_value(backend.location.to_string())),
            ("value", text_value("")),
            ("condition", text_value("equals")),
        ]);
        let mut discovery = match listener.fault {
            Some(Fault::Error503) => Dict::of([("method", text_value("base"))]),
            _ => Dict::of([
                ("method", text_value("zookeeper")),
                ("path", text_value(format!("/smartstack/global/{}", listener.name))),
                ("hosts", lines(zookeeper.iter().cloned())),
            ]),
        };
        discovery.insert("label_filters", Value::computed(vec![Value::computed(label)]));
        let haproxy = match listener.port {
            None => Dict::of([("disabled", Value::computed(true))]),
            Some(port) => {
                section(listener, backend.name.clone(), (backend.name == listener.name).then_some(port))
            }
        };
        let watcher = Dict::of([
            ("default_servers", Value::computed(Vec::new())),
            ("use_previous_backends", Value::computed(false)),
            ("discovery", Value::computed(discovery)),
            ("haproxy", Value::computed(haproxy)),
        ]);
        (backend.name.clone(), Value::computed(watcher))
    };
    listener.backends.iter().map(watcher).collect()
}

fn section(listener: &Listener, backend_name: String, port: Option<u16>) -> Dict<'static> {
    let observed = match listener.mode {
        Mode::Http => "layer7",
        Mode::Tcp => "layer4",
    };
    let server_options = format!(
        "check port {HACHECK_PORT} observe {observed} maxconn {MAXCONN_PER_SERVER} maxqueue {MAXQUEUE_PER_SERVER}"
    );
    let mut section = Dict::of([
        ("server_options", text_value(server_options)),
        ("listen", lines(listen_lines(listener))),
        ("backend", lines(backend_lines(listener))),
        ("backend_name", text_value(backend_name)),
    ]);
    if let Some(port) = port {
        section.insert("port", text_value(port.to_string()));
        section.insert("frontend", lines(frontend_lines(listener)));
    }
    section
}

fn frontend_lines(listener: &Listener) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(ms) = listener.timeout_client_ms {
        lines.push(format!("timeout client {ms}ms"));
    }
    match listener.mode {
        Mode::Http => {
            lines.extend(
                super::CAPTURED
                    .map(|(header, length)| format!("capture request header {header} len {length}")),
            );
            lines.push("option httplog".to_owned());
        }
        Mode::Tcp => {
            lines.extend(["no option accept-invalid-http-request", "option tcplog"].map(str::to_owned));
        }
    }
    match &listener.fault {
        Some(Fault::Drop) => lines.push("tcp-request content reject".to_owned()),
        Some(Fault::Delay(time)) => {
            lines.push(format!("tcp-request inspect-delay {time}"));
            lines.push("tcp-request content accept if WAIT_END".to_owned());
        }
        Some(Fault::Error503) | None => {}
    }
    lines.push(format!("bind {}", super::socket_path(&listener.name)));
    if let Some(proxy) = &listener.proxied_through {
        let condition = "!is_status_request !request_from_proxy proxied_through_backend_has_connslots";
        lines.extend([
            format!("acl is_status_request path {}", text::escaped(&listener.healthcheck_uri)),
            format!("acl request_from_proxy hdr_beg(X-Smartstack-Source) -i {proxy}"),
            format!("acl proxied_through_backend_has_connslots connslots({proxy}) gt 0"),
            format!("use_backend {proxy} if {condition}"),
            format!("reqadd X-Smartstack-Destination:\\ {} if {condition}", listener.name),
        ]);
    }
    for backend in listener.backends.iter().filter(|backend| backend.reachable) {
        let name = &backend.name;
        lines.push(format!("acl {name}_has_connslots connslots({name}) gt 0"));
        lines.push(format!("use_backend {name} if {name}_has_connslots"));
    }
    lines
}

fn backend_lines(listener: &Listener) -> Vec<String> {
    let mut lines = Vec::new();
    if listener.is_proxy {
        lines.push(format!("acl is_status_request path {}", text::escaped(&listener.healthcheck_uri)));
        lines.push(format!("reqadd X-Smartstack-Source:\\ {} if !is_status_request", listener.name));
    }
    let headers = &listener.extra_headers;
    lines.extend(headers.iter().map(|(name, _)| format!("reqidel ^{name}:.*")));
    lines.extend(headers.iter().map(|(name, value)| format!("reqadd {name}:\\ {}", text::escaped(value))));
    lines
}

fn listen_lines(listener: &Listener) -> Vec<String> {
    let mut check = format!("option httpchk GET {}", super::check_path(listener));
    if !listener.healthcheck_headers.is_empty() {
        check.push_str(" HTTP/1.1");
        for (name, value) in &listener.healthcheck_headers {
            check.push_str("\\r\\n");
            check.push_str(name);
            check.push_str(":\\ ");
            check.push_str(&text::escaped(value));
        }
    }
    let mut lines = vec![check, "http-check send-state".to_owned()];
    if listener.mode == Mode::Tcp {
        lines.push("mode tcp".to_owned());
    }
    if let Some(retries) = listener.retries {
        lines.push(format!("retries {retries}"));
    }
    if listener.allredisp {
        lines.push("option allredisp".to_owned());
    }
    if let Some(ms) = listener.timeout_connect_ms {
        lines.push(format!("timeout connect {ms}ms"));
    }
    if let Some(ms) = listener.timeout_server_ms {
        lines.push(format!("timeout server {ms}ms"));
    }
    if let Some(balance) = listener.balance {
        lines.push(format!("balance {}", balance.name()));
    }
    lines
}

fn haproxy() -> Dict<'static> {
    let global = [
        "daemon".to_owned(),
        format!("maxconn {MAXCONN}"),
        "stats socket /var/run/synapse/haproxy.sock level admin".to_owned(),
        "tune.bufsize 32768".to_owned(),
        "spread-checks 50".to_owned(),
        "log 127.0.0.1:1514 daemon info".to_owned(),
        "log-send-hostname".to_owned(),
        "unix-bind mode 666".to_owned(),
    ];
    let defaults = [
        "timeout connect 200ms",
        "timeout client 1000ms",
        "timeout server 1000ms",
        "retries 1",
        "option redispatch",
        "balance leastconn",
        "mode http",
        "option forceclose",
        "option accept-invalid-http-request",
        "log global",
        "option log-separate-errors",
        "default-server on-error fastinter error-limit 1 inter 10m downinter 30s fastinter 30s rise 1 fall 2",
    ];
    let stats = [
        format!("bind :{STATS_PORT}"),
        "mode http".to_owned(),
        "stats enable".to_owned(),
        "stats uri /".to_owned(),
        "stats refresh 1m".to_owned(),
        "stats show-node".to_owned(),
    ];
    Dict::of([
        ("bind_address", text_value("0.0.0.0")),
        ("restart_interval", Value::computed(60_i64)),
        ("restart_jitter", Value::computed(0.1_f64)),
        ("state_file_path", text_value("/var/run/synapse/state.json")),
        ("state_file_ttl", Value::computed(1800_i64)),
        ("reload_command", text_value(RELOAD)),
        ("socket_file_path", text_value("/var/run/synapse/haproxy.sock")),
        ("config_file_path", text_value("/var/run/synapse/haproxy.cfg")),
        ("do_writes", Value::computed(true)),
        ("do_reloads", Value::computed(true)),
        ("do_socket", Value::computed(true)),
        ("global", lines(global)),
        ("defaults", lines(defaults.map(str::to_owned))),
        ("extra_sections", Value::computed(Dict::of([("listen stats", lines(stats))]))),
    ])
}

fn text_value(text: impl Into<Data<'static>>) -> Value<'static> {
    Value::computed(text)
}

fn lines(lines: impl IntoIterator<Item = String>) -> Value<'static> {
    Value::computed(lines.into_iter().map(Value::computed).collect::<Vec<_>>())
}
