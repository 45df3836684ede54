//! Payloads without an escape for odd characters (haproxy.cfg, Jenkinsfiles, lists of ports) hold nothing that a terminal or
//! the log of a CI system would take for its own: what could is withheld with its reason, or stands in a comment
//! without it. Where there is an escape, it is used.

#![cfg(unix)]

use std::path::{Path, PathBuf};

use crate::support::program::{self, code, run, stderr, stdout};

/// What logs and terminals obey.
const ODD: [&str; 12] = [
    "::error::pwned",
    "##[error]pwned",
    "##vso[task.x]pwned",
    "##teamcity[x]",
    "a\u{1b}[31mred",
    "a\n::error::pwned",
    "a\r::error::pwned",
    "a\u{202e}b",
    "a\u{2028}::error::pwned",
    "a\u{85}::error::pwned",
    "a\t::b",
    "a\u{200b}b",
];

/// Places in a service where such a text may stand: the rest of each file is as it should be.
const PLACES: [(&str, &str, &str); 16] = [
    ("description", "service.yaml", "description: ODD\n"),
    ("team", "monitoring.yaml", "team: ODD\n"),
    ("runbook", "monitoring.yaml", "{team: web, runbook: ODD}\n"),
    ("step", "deploy.yaml", "pipeline: [{step: ODD}, {step: prod.main}]\n"),
    ("command", "deploy.yaml", "pipeline: [{step: command-ODD}, {step: prod.main}]\n"),
    ("group", "marathon-prod.yaml", "main: {cpus: 1, deploy_group: ODD}\n"),
    ("instance", "marathon-prod.yaml", "ODD: {cpus: 1, deploy_group: prod.main}\n"),
    ("namespace", "smartstack.yaml", "ODD: {proxy_port: 20001}\n"),
    ("uri", "smartstack.yaml", "main: {proxy_port: 20001, healthcheck_uri: /ODD}\n"),
    ("header", "smartstack.yaml", "main: {proxy_port: 20001, extra_healthcheck_headers: {ODD: x}}\n"),
    ("value", "smartstack.yaml", "main: {proxy_port: 20001, extra_healthcheck_headers: {Host: ODD}}\n"),
    ("balance", "smartstack.yaml", "main: {proxy_port: 20001, balance: ODD}\n"),
    ("mode", "smartstack.yaml", "main: {proxy_port: 20001, mode: ODD}\n"),
    ("location", "smartstack.yaml", "main: {proxy_port: 20001, discover: ODD, advertise: [ODD]}\n"),
    ("key", "smartstack.yaml", "main: {proxy_port: 20001, ODD: ODD}\n"),
    ("proxy", "smartstack.yaml", "main: {proxy_port: 20001, proxied_through: ODD}\n"),
];

const SOUND: [(&str, &str); 5] = [
    ("service.yaml", "description: d\n"),
    ("monitoring.yaml", "team: web\n"),
    ("deploy.yaml", "pipeline: [{step: prod.main}]\n"),
    ("marathon-prod.yaml", "main: {cpus: 1, deploy_group: prod.main}\n"),
    ("smartstack.yaml", "main: {proxy_port: 20001}\n"),
];

const FORMS: [&[&str]; 12] = [
    &["haproxy"],
    &["haproxy", "--format", "yaml"],
    &["jenkins"],
    &["jenkins", "--format", "yaml"],
    &["jenkins", "--form", "paasta", "--format", "yaml"],
    &["synapse", "--form", "rfc1700"],
    &["synapse", "--form", "services-json"],
    &["synapse", "--form", "services-yaml"],
    &["synapse", "--form", "fact"],
    &["synapse", "--form", "paasta", "--format", "yaml"],
    &["nerve", "--cluster", "prod", "--format", "yaml"],
    &["sensu", "--cluster", "prod", "--format", "yaml"],
];

/// A line that something obeys, or a character that is not shown as itself.
fn obeyed(text: &str) -> Option<String> {
    let hidden = regex::Regex::new(r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}--[\t]]").expect("a pattern");
    let command = regex::Regex::new(r"^\s*::|##[A-Za-z0-9.]*\[").expect("a pattern");
    let is_wrong = |line: &&str| command.is_match(line) || hidden.is_match(line);
    text.split('\n').find(is_wrong).map(|line| line.escape_debug().to_string())
}

fn nothing_is_obeyed(root: &Path, what: &str) {
    for form in FORMS {
        let output = run(root, &[&["emit"], form, &["-d", "."]].concat());
        let said = stderr(&output);
        assert_eq!(obeyed(&stdout(&output)), None, "{what} {form:?}");
        assert_eq!(obeyed(&said), None, "{what} {form:?}");
        // What is not given is named; a usage error would prove nothing.
        assert!(code(&output) == 0 || said.contains("withheld: "), "{what} {form:?}: {said}");
    }
}

/// The files of a service of that name in which one is replaced; `number` keeps its port to itself.
fn service(name: &str, number: usize, replaced: (&str, &str)) -> Vec<(String, String)> {
    let content = |(file, text)| if file == replaced.0 { replaced.1 } else { text };
    let port = format!("{}", 20001 + number);
    let file = |(file, text)| (format!("{name}/{file}"), content((file, text)).replace("20001", &port));
    SOUND.into_iter().map(file).collect()
}

fn tree(name: &str, files: &[(String, String)]) -> PathBuf {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    program::tree(&format!("hostile-payloads-{name}"), &files)
}

/// A text as YAML in double quotes.
fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        ' '..='~' => c.to_string(),
        _ => format!("\\u{:04x}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

#[test]
fn no_value_of_a_file_reaches_what_obeys_it() {
    for (place, file, text) in PLACES {
        let filled = |odd: &str| {
            let with = |text: &str, before: &str| {
                text.replace(&format!("{before}ODD"), &quoted(&format!("{before}{odd}")))
            };
            ["/", "command-", ""].iter().fold(text.to_owned(), |text, before| with(&text, before))
        };
        let services = ODD.iter().enumerate();
        let files: Vec<(String, String)> = services
            .flat_map(|(number, odd)| service(&format!("web{number}"), number, (file, &filled(odd))))
            .collect();
        nothing_is_obeyed(&tree(place, &files), place);
    }
}

#[test]
fn no_name_of_a_directory_or_file_reaches_what_obeys_it() {
    let services = || ODD.iter().enumerate();
    let named = services().flat_map(|(number, odd)| service(odd, number, ("", "")));
    nothing_is_obeyed(&tree("services", &named.collect::<Vec<_>>()), "names of services");
    let clusters = services().flat_map(|(number, odd)| {
        let name = format!("web{number}");
        let text = "main: {cpus: 1, deploy_group: prod.main}\n".to_owned();
        let mut files = service(&name, number, ("", ""));
        files.push((format!("{name}/marathon-{odd}.yaml"), text));
        files
    });
    nothing_is_obeyed(&tree("clusters", &clusters.collect::<Vec<_>>()), "names of clusters");
}

/// A comment holds what is left of it.
#[test]
fn descriptions_in_lists_are_one_harmless_line() {
    let text = "description: \"a ##[error]b\\n::error::c\\u202ed \\u00e9\"\n";
    let root = tree("line", &service("web", 0, ("service.yaml", text)));
    let output = run(&root, &["emit", "synapse", "--form", "rfc1700", "-d", "."]);
    assert_eq!(stdout(&output), "web.main\t20001/tcp\t# a #\\#[error]b ::error::c d \u{e9}");
}
