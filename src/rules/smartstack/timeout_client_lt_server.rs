//! Clients that are cut off before their answer can come.

use crate::rules::{Blocks, Check, Located, NamespaceCx, Rule, Sink, Slot};

pub(crate) static RULE: Rule = rule! {
    /// Finds `timeout_client_ms` that is shorter than `timeout_server_ms`.
    ///
    /// ## Why it matters
    ///
    /// While a task works on its answer, its client sends nothing. With a shorter timeout on the
    /// client's side HAProxy may end the connection, as the client's fault, before the time that
    /// was given to the task is over, and the log names the wrong one.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   mode: tcp
    ///   timeout_server_ms: 60000
    ///   timeout_client_ms: 1000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   mode: tcp
    ///   timeout_server_ms: 60000
    ///   timeout_client_ms: 60000
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's manual on `timeout client`: in TCP mode it should equal `timeout server`, and for
    /// HTTP it ends connections that wait.
    "timeout-client-lt-server" in Smartstack,
    // Harmless where the clients of a service never wait that long.
    level: Info,
    strict: Some(crate::rules::Level::Warning),
    blocks: Blocks::Nothing,
    check: Check::NamespaceEntry(Slot::known("timeout_client_ms"), check),
};

fn check(cx: &NamespaceCx<'_>, client: &Located<'_>, sink: &mut Sink<'_>) {
    let Some(server) = cx.set("timeout_server_ms") else { return };
    let (Some(shorter), Some(longer)) = (client.value.as_i64(), server.value.as_i64()) else { return };
    // 0 has its own meaning; a number that looks like seconds has a finding of its own.
    if shorter < 10 || shorter >= longer {
        return;
    }
    sink.report(
        cx.at_value(
            client,
            format!("clients are cut off after {shorter} ms, but an answer may take {longer} ms"),
        )
        .label("shorter than the server's")
        .related(server.value_place(), "how long an answer may take")
        .why("a slow answer that the task is still allowed to give does not arrive")
        .help("let `timeout_client_ms` be at least `timeout_server_ms`"),
    );
}
