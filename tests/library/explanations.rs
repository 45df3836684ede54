//! What a tired author reads: every kind of shape mistake with message, label, why, help and fix.

use std::fmt::Write as _;

use soalint::check::{Scope, check};
use soalint::config::Settings;
use soalint::diagnostic::Diagnostic;
use soalint::dialect::DialectName;
use soalint::repo::memory::MemoryTree;
use soalint::rules::{Check, Env};

/// A file whose instances are mistakes.
struct Case {
    snapshot: &'static str,
    file: &'static str,
    dialect: DialectName,
    text: &'static str,
}

const DOCUMENTED: DialectName = DialectName::Documented;
const PAASTA: DialectName = DialectName::Paasta066;

const CASES: &[Case] = &[
    Case {
        snapshot: "marathon_keys",
        file: "marathon-norcal-prod.yaml",
        dialect: DOCUMENTED,
        text: "synonym: {ram: 500}\ntypo: {bounce_methd: crossover}\ndash: {deploy-group: x}\nother-kind: {schedule: 0 3 * * *}\n\
               smartstack-key: {proxy_port: 20001}\ndeeper: {team: devs}\nimage: {image: busybox}\nnonsense: {frobnicate: 1}\n\
               vol: {extra_volumes: [{container_path: /a, hostPath: /a, mode: RO}]}\nlimit: {ulimit: {open_files: {soft: 1}}}\n\
               inside: {monitoring: {mem: 5}}\nfirewall: {security: {inbound: block}}\nscale: {autoscaling: {set_point: 0.5}}\n\
               cpus: 1\nmonitoring: {team: devs}\non: {cmd: x}\ngap: {container_port: 80}\nport: {healthcheck_port: 1}\n\
               env-key: {env: {NO: a}}\n",
    },
    Case {
        snapshot: "marathon_names",
        file: "marathon-norcal-prod.yaml",
        dialect: DOCUMENTED,
        text: "HELLO_WORLD: {cmd: x}\na.b: {cmd: x}\n_tmpl: {cmd: x}\nmain-: {cmd: x}\n\"a b\": {cmd: x}\n\"\": {cmd: x}\n\
               empty: {}\nnothing:\nscalar: 3\nlist: [a]\n",
    },
    Case {
        snapshot: "marathon_numbers",
        file: "marathon-norcal-prod.yaml",
        dialect: DOCUMENTED,
        text: "quoted: {cpus: \"0.5\"}\nunit: {mem: 512MB}\nexponent: {mem: 1e3}\nleading: {instances: 08}\nsign: {cpus: +.5}\n\
               comma: {disk: \"1,024\"}\nwhole: {instances: 3.0}\nfraction: {instances: 2.5}\nboolean: {cpus: yes}\n\
               nothing: {cpus: }\nnul: {cpus: null}\nlist: {mem: [1]}\nlow: {mem: 32}\noctal: {mem: 010}\nodd: {mem: 01000}\n\
               share: {autoscaling: {setpoint: 80}}\nseconds: {healthcheck_interval_seconds: 0.5}\ninf: {mem: .inf}\n\
               negative: {instances: -1}\nfactor: {bounce_margin_factor: 2}\n",
    },
    Case {
        snapshot: "marathon_texts",
        file: "marathon-norcal-prod.yaml",
        dialect: DOCUMENTED,
        text: "boolean: {env: {DEBUG: no}}\noctal: {env: {MODE: 0755}}\nbase60:\n  env:\n    AT: 12:30\ndate: {env: {D: 2017-01-01}}\n\
               float: {env: {V: 3.10}}\nnumber: {env: {PORT: 8080}}\nsecret: {env: {API_TOKEN: 12345678}}\nnothing: {env: {A: }}\n\
               arg: {args: [-n, 4]}\ncmd: {cmd: [run, fast]}\nlist: {env: [A=b]}\n",
    },
    Case {
        snapshot: "marathon_lists",
        file: "marathon-norcal-prod.yaml",
        dialect: DOCUMENTED,
        text: "text: {args: --verbose}\nquoted: {registrations: \"example.main\"}\ncommas: {cap_add: 'A, B'}\n\
               twice: {registrations: [example.a, example.a]}\nflat: {constraints: [hostname, UNIQUE]}\n\
               flat-pair: {deploy_blacklist: [region, a]}\nshort: {constraints: [[hostname]]}\n\
               operator: {constraints: [[hostname, unique]]}\nwhite: {deploy_whitelist: [region, a]}\n\
               black-white: {deploy_whitelist: [[region, a]]}\nnested: {deploy_whitelist: [[region, [a]]]}\n\
               two-types: {deploy_whitelist: [[region, [a]], [habitat, [b]]]}\nvolume: {extra_volumes: [{containerPath: /a}]}\n\
               mode: {extra_volumes: [{containerPath: /a, hostPath: /a, mode: ro}]}\nulimits:\n  ulimit:\n    - nofile: {soft: 1}\n    - nice: {soft: 2}\n\
               soft: {ulimit: {nofile: {hard: 1}}}\n",
    },
    Case {
        snapshot: "marathon_words",
        file: "marathon-norcal-prod.yaml",
        dialect: DOCUMENTED,
        text: "near: {bounce_method: crosover}\nfar: {bounce_method: yolo}\ncase: {healthcheck_mode: HTTP}\n\
               policy: {autoscaling: {decision_policy: PID}}\ncmd-missing: {healthcheck_mode: cmd}\nhttp: {drain_method: http}\n\
               http-half: {drain_method: http, drain_method_params: {drain: {url_format: x}, undrain: {}}}\n\
               mask: {bounce_method: AKIAABCDEFGHIJKLMNOP}\n",
    },
    Case {
        snapshot: "marathon_paasta",
        file: "marathon-norcal-prod.yaml",
        dialect: PAASTA,
        text: "period: {cfs_period_us: 100000}\nport: {healthcheck_port: 9000}\nlist: {ulimit: [{nofile: {soft: 1}}]}\n\
               number: {constraints: [[region, GROUP_BY, 2]]}\nmode: {healthcheck_cmd: /bin/true}\n\
               drain: {drain_method_params: {drain: {}, stop_draining: {}, is_draining: {}, is_safe_to_kill: {}}}\n",
    },
    Case {
        snapshot: "marathon_aliases",
        file: "marathon-norcal-prod.yaml",
        dialect: DOCUMENTED,
        text: "main: &main\n  mem: &mem \"512\"\n  frob: 1\ncanary: *main\nthird: {<<: *main, cpus: 1}\nfourth: {mem: *mem}\n",
    },
    Case {
        snapshot: "chronos",
        file: "chronos-norcal-prod.yaml",
        dialect: DOCUMENTED,
        text: "neither: {cmd: run}\nboth: {schedule: 0 3 * * *, parents: [example.a]}\nparent: {parents: extract}\na.b: {parents: x.y}\n\
               a+b: {parents: x.y}\nquoted: {parents: x.y, disabled: \"false\"}\nletter: {parents: x.y, disabled: y}\n\
               retries: {parents: x.y, retries: 2.0}\nulimit: {parents: x.y, ulimit: {nofile: {soft: 1}}}\n\
               instances: {parents: x.y, instances: 1}\noperator: {parents: x.y, constraints: [[region, GROUP_BY, \"2\"]]}\n\
               date: {schedule: 2014-10-10T18:32:00Z}\ncron: {cron: 0 3 * * *}\n",
    },
    Case {
        snapshot: "smartstack",
        file: "smartstack.yaml",
        dialect: DOCUMENTED,
        text: "no-port: {mode: http}\nquoted: {proxy_port: \"20001\"}\nzero: {proxy_port: 0}\nhttps: {proxy_port: 20001, mode: https}\n\
               typo: {proxy_port: 20001, timeout_conect_ms: 5}\nadvertise: {proxy_port: 20001, advertise: region}\n\
               nowhere: {proxy_port: 20001, advertise: []}\nextra: {proxy_port: 20001, extra_advertise: {region: [\"a:b:c\"]}}\n\
               a.b: {proxy_port: 20001}\nempty:\nheaders: {proxy_port: 20001, extra_headers: {X-Mode: 1}}\n",
    },
    Case {
        snapshot: "monitoring",
        file: "monitoring.yaml",
        dialect: DOCUMENTED,
        text: "team: no\npage: \"true\"\nticket: 1\nrealert_every: 10m\nirc_channels: devs\nalert_after: 60\nrunbok: y/rb\nslack_channels: [a]\n",
    },
    Case {
        snapshot: "deploy",
        file: "deploy.yaml",
        dialect: DOCUMENTED,
        text: "pipeline:\n  - itest\n  - instancename: prod.main\n  - step: 1.10\n    wait: 3\n",
    },
    Case {
        snapshot: "dependencies",
        file: "dependencies.yaml",
        dialect: DOCUMENTED,
        text: "main: {smartstack: example.main}\nother: [{well-known: everything}, {}, {smart_stack: x}]\n",
    },
    Case { snapshot: "top_level", file: "marathon-norcal-prod.yaml", dialect: DOCUMENTED, text: "- main\n" },
    Case { snapshot: "empty", file: "chronos-norcal-prod.yaml", dialect: PAASTA, text: "# nothing\n" },
];

fn render(d: &Diagnostic, out: &mut String) -> std::fmt::Result {
    let at = match (&d.place.source, d.place.span) {
        (Some(source), Some(span)) => {
            let at = source.position(span.start);
            format!("{}:{}", at.line, at.column)
        }
        _ => "file".to_owned(),
    };
    writeln!(out, "{at} {}[{}] {}", d.severity, d.rule.name, d.message)?;
    let shown = d.place.text().lines().next().unwrap_or_default();
    writeln!(out, "    at    {}", shown.chars().take(60).collect::<String>())?;
    for (what, words) in [("label", d.label.as_str()), ("why", &d.why), ("help", &d.help)] {
        if !words.is_empty() {
            writeln!(out, "    {what:<5} {words}")?;
        }
    }
    for related in &d.related {
        writeln!(
            out,
            "    also  {} ({})",
            related.message,
            related.place.text().lines().next().unwrap_or_default()
        )?;
    }
    if let Some(fix) = &d.fix {
        writeln!(out, "    fix   {} ({})", fix.title, fix.safety.name())?;
    }
    Ok(())
}

#[test]
fn mistakes_of_shape_are_explained() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for case in CASES {
            let path = format!("example/{}", case.file);
            let tree = MemoryTree::new([(path.as_str(), case.text.as_bytes())]);
            let env = Env::new(Settings { dialect: case.dialect, ..Settings::default() });
            let outcome = check(&tree, &Scope::Everything, &env);
            let mut text = String::new();
            for d in outcome.diagnostics.iter().filter(|d| matches!(d.rule.check, Check::Schema)) {
                render(d, &mut text).unwrap();
            }
            insta::assert_snapshot!(format!("explain_{}", case.snapshot), text);
        }
    });
}
