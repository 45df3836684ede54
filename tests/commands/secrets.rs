//! A value that looks like a secret is never repeated: not by a report in any format, not by a diff, not by
//! what `show` prints or `emit` says on stderr (docs/design.md section 13).

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The secret of every file below.
const SECRET: &str = "hunter2secretval";

/// Every format in which `check` reports.
const FORMATS: [&str; 9] =
    ["human", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit", "markdown"];

fn run(root: &Path, arguments: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_soalint"))
        .args(arguments)
        .arg("-d")
        .arg(root)
        .stdin(Stdio::null())
        .env_clear()
        .env("COLUMNS", "100")
        .output()
        .expect("soalint runs");
    assert!(output.status.code().is_some_and(|code| code != 101), "{arguments:?}");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    (text(output.stdout), text(output.stderr))
}

fn read(file: &Path, arguments: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_soalint"))
        .arg("read")
        .arg(file)
        .args(arguments)
        .stdin(Stdio::null())
        .env_clear()
        .output()
        .expect("soalint runs");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    (text(output.stdout), text(output.stderr))
}

fn tree(name: &str, text: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("secrets").join(name);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("web")).expect("a directory");
    fs::write(root.join("web/marathon-prod.yaml"), text).expect("a file");
    root
}

/// What soalint says of the file that holds the secret, or a part of it.
fn leaks(name: &str, text: &str) -> Vec<String> {
    assert!(text.contains(SECRET) || text.contains("hunter2"), "the case holds no secret: {text}");
    leaks_of(name, text, &["unter2"])
}

/// What soalint says of the file with one of the secrets in it.
fn leaks_of(name: &str, text: &str, secrets: &[&str]) -> Vec<String> {
    let root = tree(name, text);
    let reports = root.join("reports");
    fs::create_dir_all(&reports).expect("a directory");
    let outputs: Vec<String> =
        FORMATS.iter().map(|format| format!("{format}={}", reports.join(format).display())).collect();
    let mut arguments = vec!["check", "--preview"];
    arguments.extend(outputs.iter().flat_map(|output| ["--output-format", output.as_str()]));
    let mut said = vec![("check".to_owned(), run(&root, &arguments))];
    for format in FORMATS {
        let report = fs::read_to_string(reports.join(format)).expect("a report");
        said.push((format.to_owned(), (report, String::new())));
    }
    let others: [&[&str]; 5] = [
        &["check", "--diff", "--unsafe-fixes", "-v"],
        &["show", "web"],
        &["show", "web", "--format", "json"],
        &["emit", "marathon", "web", "--cluster", "prod"],
        &["baseline", "write"],
    ];
    for arguments in others {
        let (mut stdout, stderr) = run(&root, arguments);
        if arguments.first() == Some(&"emit") {
            // A payload is what it is asked for.
            stdout.clear();
        }
        said.push((arguments.join(" "), (stdout, stderr)));
    }
    let file = root.join("web/marathon-prod.yaml");
    for format in ["human", "json"] {
        said.push((format!("read --format {format}"), read(&file, &["--format", format])));
    }
    let baseline = fs::read_to_string(root.join(".soalint-baseline.json")).unwrap_or_default();
    said.push(("baseline".to_owned(), (baseline, String::new())));
    let (_, (report, _)) = said.get(1).expect("the report for people");
    assert!(report.contains("error["), "{text}{report}");
    let lines = said.iter().flat_map(|(what, (stdout, stderr))| {
        stdout
            .lines()
            .chain(stderr.lines())
            .filter(|line| secrets.iter().any(|secret| line.contains(secret)))
            .map(move |line| (what, line))
    });
    lines.map(|(what, line)| format!("{what} of\n{text}\n{line}\n")).collect()
}

/// Findings beside the secret: in front of it, behind it, and on entries that a fix changes.
fn with_faults(lines: &str) -> String {
    format!("main:\n  cpus: \"1\"\n{lines}  mem: -1\n  bounce_metod: x\n  instances: '2'\n")
}

fn assert_all_hidden(name: &str, cases: &[&str]) {
    let cases = cases.iter().enumerate();
    let leaks: Vec<String> =
        cases.flat_map(|(index, lines)| leaks(&format!("{name}-{index}"), &with_faults(lines))).collect();
    assert_eq!(leaks.len(), 0, "{}", leaks.concat());
}

#[test]
fn secrets_of_variables_are_hidden() {
    assert_all_hidden(
        "variables",
        &[
            "  env:\n    DB_PASSWORD: hunter2secretval\n",
            "  env:\n    DB_PASSWORD: &pw hunter2secretval\n    OTHER: *pw\n",
            "  env:\n    X: &a hunter2secretval\n    DB_PASSWORD: *a\n",
            "  env:\n    DB_PASSWORD:\n      value: hunter2secretval\n",
            "  env:\n    DB_PASSWORD:\n      hunter2secretval: 1\n",
            "  env:\n    DB_PASSWORD: { hunter2secretval: 1}\n",
            "  env:\n    DB_PASSWORD:\n    - hunter2secretval\n    A: yes\n",
            "  env:\n    DB_PASSWORD: [a, [hunter2secretval]]\n",
            "  env:\n    dbPassword: hunter2secretval\n",
            "  env:\n    DB_PWD: hunter2secretval\n    DB_PASS: hunter2secretval\n",
            "  env:\n    PGPASSWORD: hunter2secretval\n    apiKey: hunter2secretval\n",
            "  env:\n    \"DB_PASS\\x57ORD\": hunter2secretval\n",
            "  env:\n    DB_PASSWORD: \"h\\u0075nter2secretval\"\n    DB_TOKEN: hunter2\n",
            "  env:\n    DB_PASSWORD: \"hunter2secretval\"   # hunter2secretval\n",
            "  env:\n    DB_PASSWORD: #hunter2secretval\n",
            "  env:\n    DB_PASSWORD: &hunter2secretval\n",
            "  env: {DB_PASSWORD: hunter2secretval, cpu: \"hunter2secretval\"}\n",
            "  # DB_PASSWORD: hunter2secretval\n  env: {A: 1}\n",
            "  parameters:\n  - {name: DB_PASSWORD, value: hunter2secretval}\n",
        ],
    );
}

#[test]
fn secrets_over_several_lines_are_hidden() {
    assert_all_hidden(
        "lines",
        &[
            "  env:\n    DB_PASSWORD: |\n      hunter2secretval\n\n        hunter2secretval\n",
            "  env:\n    DB_PASSWORD: >-  # why\n      one\n      hunter2secretval\n",
            "  env:\n    DB_PASSWORD: \"abc\n      hunter2secretval\"\n",
            "  env:\n    DB_PASSWORD: \"abc\nhunter2secretval\"\n",
            "  env:\n    DB_PASSWORD:\n      hunter2secretval\n",
            "  env:\n    ? DB_PASSWORD\n    : hunter2secretval\n",
            "  env: {DB_PASSWORD:\n    hunter2secretval, MODE: x}\n",
            "  env: {\n    DB_PASSWORD: abc\n      hunter2secretval,\n    MODE: x}\n",
            "  env:\n    CERT: |\n      -----BEGIN RSA PRIVATE KEY-----\n      hunter2secretval\n      -----END RSA PRIVATE KEY-----\n",
            &format!("  env:\n    DB_PASSWORD: |\n{}      hunter2secretval\n", "      line\n".repeat(150)),
        ],
    );
}

#[test]
fn secrets_of_commands_are_hidden() {
    assert_all_hidden(
        "commands",
        &[
            "  cmd: run --password hunter2secretval\n",
            "  cmd: run --password=hunter2secretval\n",
            "  cmd: DB_PASSWORD=hunter2secretval run\n",
            "  cmd: curl https://example.com/?token=hunter2secretval\n",
            "  cmd: curl -u user:hunter2secretval https://example.com\n",
            "  cmd: 'curl -H \"Authorization: Bearer hunter2secretval\" https://example.com'\n",
            "  cmd: 'curl -H \"X-Api-Key: hunter2secretval\" https://example.com'\n",
            "  cmd: >\n    run\n    --password\n    hunter2secretval\n",
            "  cmd: |\n    run \\\n      --password \\\n      hunter2secretval\n",
            "  cmd: run redis://:hunter2secretval@example.com\n",
            "  cmd: run http://u:p@hunter2secretval@example.com\n",
            "  cmd: run http://u:p/hunter2secretval@example.com\n",
            "  cmd: run HTTP://u:hunter2secretval@example.com\n",
            "  args: [run, --token, hunter2secretval]\n",
            "  args: [\"run\", \"--token\", \"hunter2secretval\"]\n",
            "  args:\n    - --token\n    - hunter2secretval\n",
            "  args:\n  - -u\n  - user:hunter2secretval\n",
            "  healthcheck_mode: cmd\n  healthcheck_cmd: check --password hunter2secretval\n",
            "  cmd: \"sh -c '{\\\"password\\\": \\\"hunter2secretval\\\"}'\"\n",
        ],
    );
}

#[test]
fn secrets_in_what_is_no_yaml_are_hidden() {
    assert_all_hidden(
        "refused",
        &[
            "  env:\n    DB_PASSWORD: @hunter2secretval\n",
            "  env:\n    DB_PASSWORD: %hunter2secretval\n",
            "  env:\n    DB_PASSWORD: `hunter2secretval\n",
            "  env:\n    DB_PASSWORD: !hunter2secretval\n",
            "  env:\n    DB_PASSWORD: *hunter2secretval\n",
            "  env:\n    DB_PASSWORD: !!int hunter2secretval\n",
            "  env:\n    DB_PASSWORD: !!float hunter2secretval\n",
            "  env:\n    DB_PASSWORD: a: hunter2secretval\n",
            "  env:\n    DB_PASSWORD: \"abc\" hunter2secretval\n",
            "  env:\n    DB_PASSWORD: \"hunter2secretval\n",
            "  env:\n    DB_PASSWORD: {a: [hunter2secretval}\n",
            "  env:\n    DB_PASSWORD:hunter2secretval\n",
            "  env:\n    DB_PASSWORD:\n    - hunter2secretval\n   A: yes\n",
            "  env:\n    DB_PASSWORD: |\n      hunter2secretval\n   A: yes\n",
            "  env:\n\tDB_PASSWORD: hunter2secretval\n",
            "  args:\n  - --token\n  - hunter2secretval\n   - b\n",
            "  cmd: >\n    run\n    --password\n    hunter2secretval\n   bad\n",
            &format!(
                "  env:\n    DB_PASSWORD: |\n{}      hunter2secretval\n   A: @b\n",
                "      line\n".repeat(150)
            ),
        ],
    );
}

#[test]
fn secrets_in_names_and_long_values_are_hidden() {
    let long = format!("  bounce_method: {} postgres://u:hunter2secretval1234@example.com\n", "x".repeat(17));
    let command = format!("  cmd: run --cpus {} --password hunter2secretval\n", "x".repeat(30));
    assert_all_hidden(
        "names",
        &[
            &long,
            &command,
            "  \"postgres://u:hunter2secretval@example.com\": 1\n",
            "  env: {\"postgres://u:hunter2secretval@example.com\": 1, \"postgres://u:hunter2secretval@example.com\": 2}\n",
            "  cpus: 1 # soalint: ignore[postgres://u:hunter2secretval@example.com]\n",
            "  env:\n    DB_PASSWORD: 1\n    DB_PASSWORD: hunter2secretval\n",
            "  bounce_method: postgres://u:hunter2secretval@example.com\n",
        ],
    );
    let leaks = leaks("instance", "\"postgres://u:hunter2secretval@example.com\":\n  cpus: -1\n");
    assert_eq!(leaks.len(), 0, "{}", leaks.concat());
}

/// Numbers and dates are passwords, too.
#[test]
fn secrets_that_are_no_text_are_hidden() {
    for (index, (value, said)) in
        [("20170102", "20170102"), ("2017-01-02", "2017-01-02"), ("0123456", "42798"), ("1234:56", "74096")]
            .iter()
            .enumerate()
    {
        let text = with_faults(&format!("  env:\n    DB_PASSWORD: {value}\n"));
        let root = tree(&format!("number-{index}"), &text);
        for arguments in
            [&["check", "--preview"][..], &["check", "--diff", "--unsafe-fixes"], &["show", "web"]]
        {
            let (stdout, stderr) = run(&root, arguments);
            assert!(!stdout.is_empty(), "{arguments:?}");
            for secret in [value, said] {
                assert!(
                    !format!("{stdout}{stderr}").contains(secret),
                    "{arguments:?} {value}: {stdout}{stderr}"
                );
            }
        }
    }
}

/// Lines below are read as commands, in every way that a file can have them.
fn in_every_form(commands: &[String]) -> [String; 4] {
    let each = |form: &dyn Fn(&str) -> String| {
        let entries = commands
            .iter()
            .enumerate()
            .map(|(n, command)| format!("i{n}:\n  cpus: \"1\"\n{}", form(command)));
        entries.collect::<String>() + "main:\n  mem: -1\n  bounce_metod: x\n"
    };
    let quoted = |text: &str| text.replace('\'', "''");
    let items = |command: &str| -> String {
        let words = command.split(' ').map(|word| word.trim_matches('\''));
        words.map(|word| format!("  - '{word}'\n")).collect::<Vec<_>>().concat()
    };
    [
        each(&|command| format!("  cmd: '{}'\n", quoted(command))),
        each(&|command| {
            format!("  cmd: >\n    true;\n    {}\n  instances: '2'\n", command.replace(" -", "\n    -"))
        }),
        each(&|command| format!("  # {command}\n  args:\n  - sh\n  - -c\n  - '{}'\n", quoted(command))),
        // What is piped is no list, and what follows `Basic` is no word of its own.
        each(&|command| {
            let is_list = !command.contains(['|', '<', '"']) && !command.contains("Basic");
            if is_list { format!("  args:\n{}", items(command)) } else { String::new() }
        }),
    ]
}

#[test]
fn what_is_known_by_its_form_is_hidden() {
    let tokens: Vec<(&str, &str)> = soalint::secret::example_tokens().collect();
    assert!(tokens.len() > 90);
    let entries: Vec<String> = tokens.iter().map(|(start, rest)| format!("{start}{rest}")).collect();
    let lines = |form: &dyn Fn(usize, &str) -> String| {
        entries.iter().enumerate().map(|(n, token)| form(n, token)).collect::<String>()
    };
    let texts = [
        format!("  env:\n{}", lines(&|n, token| format!("    A{n}: '{token}'\n    A{n}: ['{token}']\n"))),
        format!("  env: {{{}}}\n", lines(&|n, token| format!("B{n}: \"x {token} y\", "))),
        format!("  args:\n{}  # {}\n", lines(&|_, token| format!("  - run {token}\n")), entries.join(" ")),
        format!("  env:\n    C: @broken\n{}", lines(&|n, token| format!("    A{n}: {token}\n"))),
        lines(&|_, token| format!("  '{token}': 1\n")),
    ];
    // The mark of a private key says only that one follows.
    let secrets: Vec<&str> = tokens
        .iter()
        .map(|(_, rest)| *rest)
        .filter(|rest| rest.len() > 4 && !rest.contains("PRIVATE"))
        .collect();
    for (index, text) in texts.iter().enumerate() {
        let leaks = leaks_of(&format!("tokens-{index}"), &with_faults(text), &secrets);
        assert_eq!(leaks.len(), 0, "{}", leaks.concat());
    }
}

#[test]
fn what_programs_are_given_is_hidden() {
    let others = [
        "run '--passphrase' 'tangerine-41'",
        "aws configure set aws_secret_access_key tangerine-41",
        "echo tangerine-41 | docker login -u root --password-stdin registry.example.com",
        "echo tangerine-41 | docker login",
        "docker login --password-stdin <<< tangerine-41",
        "run --dsn root:tangerine-41@tcp(db:3306)/shop",
        "run https://tangerine-41@example.com/x",
        "run https://example.com/x?sv=1&sig=tangerine-41",
        "curl -H 'Authorization: Basic dGFuZ2VyaW5lOjQx' https://example.com",
        "run Basic dGFuZ2VyaW5lOjQx",
        "curl -H 'Cookie: session=tangerine-41' https://example.com",
        "env MYSQL_PWD=tangerine-41 mysql",
        "etcdctl put /db/password tangerine-41",
        "run --user=root:tangerine-41",
        "run --basic-auth root:tangerine-41",
        "docker login <<< tangerine-41",
        "htpasswd -nbB root tangerine-41",
        "sqlplus root/tangerine-41@db",
        "run jdbc:oracle:thin:root/tangerine-41@db:1521:x",
        "run jdbc:postgresql://db/shop?user=root&password=tangerine-41",
        "run jdbc:sqlserver://db:1433;user=root;password=tangerine-41;encrypt=true",
        "psql -c \"ALTER USER web WITH ENCRYPTED PASSWORD 'tangerine-41'\"",
        "psql -c \"CREATE ROLE web LOGIN PASSWORD 'tangerine-41'\"",
        "mysql -e \"CREATE USER web IDENTIFIED BY 'tangerine-41'\"",
        "mysql -e \"CREATE USER web IDENTIFIED WITH caching_sha2_password BY 'tangerine-41'\"",
        "mysql -e \"SET PASSWORD FOR web = PASSWORD('tangerine-41')\"",
        "mysql -e \"SET PASSWORD = 'tangerine-41'\"",
        "echo 'ALTER USER web PASSWORD \"tangerine-41\"'",
    ];
    let commands: Vec<String> =
        soalint::secret::example_commands().chain(others).map(str::to_owned).collect();
    for (index, text) in in_every_form(&commands).iter().enumerate() {
        let leaks =
            leaks_of(&format!("programs-{index}"), text, &["tangerine-41", "erine-41", "dGFuZ2VyaW5lOjQx"]);
        assert_eq!(leaks.len(), 0, "{}", leaks.concat());
    }
    // A file that cannot be read.
    let lists = commands.iter().filter(|command| !command.contains(['|', '<', '"', '\'']));
    let lists = lists.map(|command| {
        format!(
            "  args:\n{}",
            command.split(' ').map(|word| format!("  - {word}\n")).collect::<Vec<_>>().concat()
        )
    });
    let broken = format!("main:\n  cpus: @x\n{}", lists.collect::<String>());
    let plain = commands.iter().map(|command| format!("  cmd: {command}\n")).collect::<Vec<_>>().concat();
    for (name, text) in [("lists", broken), ("plain", format!("main:\n  cpus: @x\n{plain}"))] {
        let leaks = leaks_of(&format!("programs-{name}"), &text, &["tangerine-41", "dGFuZ2VyaW5lOjQx"]);
        assert_eq!(leaks.len(), 0, "{}", leaks.concat());
    }
}

#[test]
fn more_names_are_hidden() {
    let names = [
        "DBPASS",
        "MYPASS",
        "HMAC_KEY",
        "MASTER_KEY",
        "SSH_KEY",
        "LICENSE_KEY",
        "REDIS_AUTH",
        "AUTH",
        "COOKIE",
        "SALT",
        "PGPASSWORD",
        "GITHUB_PAT",
        "storageAccountKey",
        "clientsecret",
        "VAULT_SECRET_ID",
        "SIGNING_KEY",
        "ROOTPW",
    ];
    let entries = names.iter().map(|name| format!("    {name}: {SECRET}\n")).collect::<Vec<_>>().concat();
    let connections = "    CONNECTION: 'DefaultEndpointsProtocol=https;AccountName=x;AccountKey=hunter2secretval;EndpointSuffix=core'\n    \
                       DSN: 'root:hunter2secretval@tcp(db:3306)/shop'\n    WEB: 'https://hunter2secretval@example.com/1'\n    \
                       URL: 'https://example.com/?sv=1&sig=hunter2secretval'\n    HEADER: 'Basic aHVudGVyMjpzZWNyZXR2YWw='\n";
    let pgp = "    KEYRING: |\n      -----BEGIN PGP PRIVATE KEY BLOCK-----\n      hunter2secretval\n      -----END PGP PRIVATE KEY BLOCK-----\n";
    let forms = "    ONE: wJalrXUtnFEMI/K7MDENG/bPxRunter2EXAMPLEK\n    TWO: 'x 123456789:AAabcdefghij0123456unter2ABCDEFGHIJ y'\n    \
                 THREE: aB18Q~abcdefghij0123unter2ABCDEFGHIJ0123\n    FOUR: {AKIAABCDEFGHIJKLMNOP: wJalrXUtnFEMI/K7MDENG/bPxRunter2EXAMPLEK}\n";
    let connections = &format!("{connections}{forms}");
    let all = format!("  env:\n{entries}{connections}{pgp}");
    let broken = format!("  env:\n    X: @y\n{entries}{connections}{pgp}");
    for (name, text) in [("names-more", all), ("names-broken", broken)] {
        let leaks = leaks_of(name, &with_faults(&text), &["unter2", "aHVudGVyM"]);
        assert_eq!(leaks.len(), 0, "{}", leaks.concat());
    }
}

/// A finding has to be nearly always right.
#[test]
fn what_is_no_secret_is_not_called_one() {
    let text = "main:\n  cmd: mysql -u root -p shop; mkdir -p /nail/x && docker run -p 8080:80 web --basic auth --auth basic\n  env:\n    \
                AUTH_METHOD: basic\n    AUTH: basic\n    monkey: banana\n    SALT_MASTER: salt.example.com\n    COOKIE_DOMAIN: example.com\n    \
                IMAGE: registry.example.com/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n    \
                COMMIT: 0123456789abcdef0123456789abcdef01234567\n    REQUEST: 123e4567-e89b-12d3-a456-426614174000\n    \
                CACHE_KEY: sessions\n    PRIMARY_KEY: id\n    PUBLIC_KEY: ssh-ed25519\n    COMPASS: north\n    BYPASS: cache\n    \
                REPOSITORY: https://git@example.com/x\n    ROLE: arn:aws:iam::123456789012:role/web\n    npm_config_registry: x\n    \
                PASSWORD_MIN_LENGTH: '12'\n    TOKEN_ENDPOINT: https://login.example.com/token\n    BASIC: Basic authentication\n";
    let root = tree("no-secret", text);
    let (stdout, _) = run(&root, &["check", "--only", "env-secret-suspect,cmd-secret"]);
    assert!(stdout.contains("nothing found"), "{stdout}");
    let (stdout, _) = run(&root, &["show", "web"]);
    for value in [
        "banana",
        "salt.example.com",
        "sha256:0123",
        "01234567\n",
        "123e4567",
        "sessions",
        "docker run -p 8080:80",
        "arn:aws",
    ] {
        let value = value.trim_end();
        assert!(stdout.contains(value), "{value}: {stdout}");
    }
}

/// What only sounds like a secret, or says where it is, stays readable.
#[test]
fn what_is_no_secret_is_shown() {
    let text = with_faults(
        "  env:\n    TOKEN_TTL: 86400\n    SECRET_FILE: /etc/secrets/web\n    TOKENIZER: tangerine\n    KEYBOARD: apricot\n    \
         MAX_TOKENS: 4096\n    SIG: SIGTERM\n    PASS_THROUGH: walnut\n    PASSENGER_APP_ENV: cherry\n    KEY_PREFIX: almond\n    \
         SECRETARY: papaya\n    AUTH_ENABLED: 'true'\n    DB_PASSWORD: SECRET(db-password)\n    API_TOKEN: ./tokens/quince\n    \
         SECRET_ARN: arn:aws:ssm:us-west-2:123456789012:parameter/medlar\n  cmd: docker run --user 1000:1001 web && run --user=1002:1003\n",
    );
    let root = tree("harmless", &text);
    let (stdout, _) = run(&root, &["show", "web"]);
    for value in [
        "86400",
        "/etc/secrets/web",
        "tangerine",
        "apricot",
        "4096",
        "SIGTERM",
        "walnut",
        "cherry",
        "almond",
        "papaya",
        "SECRET(db-password)",
        "./tokens/quince",
        "parameter/medlar",
        "1000:1001",
        "1002:1003",
    ] {
        assert!(stdout.contains(value), "{value}: {stdout}");
    }
    // An instance may have any name.
    let root = tree("instance-name", "token-cleaner:\n  cpus: -1\n  mem: 100\n");
    let (stdout, _) = run(&root, &["check"]);
    assert!(stdout.contains("mem: 100") && stdout.contains("cpus: -1"), "{stdout}");
}

#[test]
fn read_shows_secrets_to_who_asks_for_them() {
    let root = tree("asked-for", "main:\n  env: {DB_PASSWORD: hunter2secretval}\n");
    let file = root.join("web/marathon-prod.yaml");
    let (masked, _) = read(&file, &[]);
    assert!(masked.contains("DB_PASSWORD: \"****************\""), "{masked}");
    let (shown, _) = read(&file, &["--show-secrets"]);
    assert!(shown.contains("DB_PASSWORD: hunter2secretval"), "{shown}");
}

/// So many secrets on one line, each with a finding, are a matter of their number, not of its square.
#[test]
fn many_secrets_take_no_more_than_their_number() {
    let entries: Vec<String> = (0..4000).map(|n| format!("A{n}_PASSWORD: hunter2secret{n}")).collect();
    let flow = format!("main: {{env: {{{}}}}}\n", entries.join(", "));
    let words = format!("main: {{cmd: {}, cpus: x}}\n", "password: hunter2 ".repeat(10_000));
    let broken = format!("main: {{cmd: {} @\n", "password: 'hunter2', ".repeat(10_000));
    for (index, text) in [flow, words, broken].iter().enumerate() {
        let root = tree(&format!("many-{index}"), text);
        let (stdout, _) = run(&root, &["check"]);
        assert!(!stdout.contains("hunter2"), "{stdout}");
        assert!(!stdout.is_empty());
    }
}
