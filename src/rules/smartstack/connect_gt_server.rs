//! Connections that take longer than the answers they are for.

use crate::rules::{Blocks, Check, Located, NamespaceCx, On, Rule, Sink};

pub(crate) static RULE: Rule = rule! {
    /// Finds namespaces in which trying to connect may take longer than an answer.
    ///
    /// ## Why it matters
    ///
    /// HAProxy waits `timeout_connect_ms` for each of `retries` + 1 attempts. If that is more than
    /// `timeout_server_ms`, a client waits longer for a host that is gone than for the slowest
    /// answer, and has most often given up before the last attempt.
    ///
    /// ## Example
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   timeout_connect_ms: 1000
    ///   retries: 3
    ///   timeout_server_ms: 2000
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml smartstack.yaml
    /// main:
    ///   proxy_port: 20028
    ///   timeout_connect_ms: 100
    ///   retries: 3
    ///   timeout_server_ms: 2000
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy's manual on `retries` and `timeout connect`; the documentation of `allredisp`, which
    /// recommends 100 ms with 3 to 5 retries.
    "connect-gt-server" in Smartstack,
    // A service may mean to be patient.
    level: Info,
    strict: Some(crate::rules::Level::Warning),
    blocks: Blocks::Nothing,
    on: On::keys(&["timeout_connect_ms"]),
    check: Check::Namespace(check),
};

fn check(cx: &NamespaceCx<'_>, sink: &mut Sink<'_>) {
    let Some(connect) = cx.set("timeout_connect_ms") else { return };
    let number = |located: &Option<Located<'_>>, default: i64| match located {
        Some(located) => located.value.as_i64().filter(|number| (0..=86_400_000).contains(number)),
        None => Some(default),
    };
    let (retries, server) = (cx.set("retries"), cx.set("timeout_server_ms"));
    let client = cx.set("timeout_client_ms");
    let Some(each) = number(&Some(connect), 0) else { return };
    let (Some(again), Some(mut answer)) = (number(&retries, 1), number(&server, 1000)) else { return };
    // If only the client's is set, the server's follows it.
    if server.is_none() {
        answer = number(&client, answer).map_or(answer, |client| client.max(answer));
    }
    let all = each.saturating_mul(again.saturating_add(1));
    // A minute to connect, or an answer within 10 ms, is a mistake in the unit.
    if all <= answer || answer < 10 || each > 60_000 || again > 10 {
        return;
    }
    let mut finding = cx
        .at_value(
            &connect,
            format!("connecting may take {all} ms, longer than the {answer} ms for an answer"),
        )
        .label(match again {
            0 => "one attempt".to_owned(),
            _ => format!("{} attempts of {each} ms", again + 1),
        })
        .why("clients wait longer for a host that is gone than for the slowest answer")
        .help("connect in less time, or retry less often");
    if let Some(retries) = &retries {
        finding = finding.related(retries.value_place(), "this often after the first attempt");
    }
    if let Some(server) = &server {
        finding = finding.related(server.value_place(), "how long an answer may take");
    }
    sink.report(finding);
}
