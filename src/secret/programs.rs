//! Programs that take a secret under a flag whose name says nothing of it, by their manuals.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How a program takes a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// As the next word.
    Next,
    /// Behind the flag, in the same word.
    Joined,
    /// Either.
    Both,
    /// `user:password`, either way, and behind other letters (`-su`).
    Pair(char),
    /// As the word so many after a command of the program, or after a word that begins so where that ends in a dot.
    Word(usize),
    /// As the last word that is no flag, if there is a command or a flag of this name.
    Last,
    /// `user/password`, and maybe `@database`, without a flag.
    Account,
}

/// A program with flags of one sort.
pub(super) struct Program {
    pub(super) names: &'static [&'static str],
    pub(super) flags: &'static [&'static str],
    pub(super) takes: Takes,
    /// A word that the command has to have, too.
    pub(super) with: Option<&'static str>,
    /// An invented command with the password `tangerine-41`.
    pub(super) example: &'static str,
}

const fn program(
    names: &'static [&'static str],
    flags: &'static [&'static str],
    takes: Takes,
    example: &'static str,
) -> Program {
    Program { names, flags, takes, with: None, example }
}

impl Program {
    const fn with(self, word: &'static str) -> Self {
        Self { with: Some(word), ..self }
    }
}

/// Every one that is known.
pub(super) static PROGRAMS: &[Program] = &[
    program(
        &[
            "mysql",
            "mysqldump",
            "mysqladmin",
            "mysqlimport",
            "mysqlshow",
            "mysqlcheck",
            "mariadb",
            "mariadb-dump",
            "mariadb-admin",
            "mycli",
        ],
        &["-p"],
        Takes::Joined,
        "mysql -u root -ptangerine-41 shop",
    ),
    program(&["sshpass"], &["-p"], Takes::Both, "sshpass -p tangerine-41 ssh web"),
    program(
        &["redis-cli", "redis-benchmark", "valkey-cli"],
        &["-a"],
        Takes::Next,
        "redis-cli -h cache -a tangerine-41 ping",
    ),
    program(
        &["openssl"],
        &["-k", "-K", "-pass", "-passin", "-passout", "-passwd"],
        Takes::Next,
        "openssl enc -aes-256-cbc -k tangerine-41 -in a",
    ),
    program(
        &["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport", "mongostat"],
        &["-p"],
        Takes::Both,
        "mongodump -u root -p tangerine-41",
    ),
    program(
        &["curl"],
        &["-u", "-U", "--user", "--proxy-user"],
        Takes::Pair(':'),
        "curl -su root:tangerine-41 https://example.com",
    ),
    program(
        &["http", "https", "xh"],
        &["-a", "--auth"],
        Takes::Pair(':'),
        "http -a root:tangerine-41 example.com",
    ),
    program(
        &["curl"],
        &["-E", "--cert", "--proxy-cert"],
        Takes::Pair(':'),
        "curl --cert web.pem:tangerine-41 https://example.com",
    ),
    program(
        &["smbclient", "smbget", "rpcclient", "winexe"],
        &["-U", "--user"],
        Takes::Pair('%'),
        "smbclient -U root%tangerine-41 //files/x",
    ),
    program(&["lftp"], &["-u"], Takes::Pair(','), "lftp -u root,tangerine-41 example.com"),
    program(
        &["ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldapwhoami", "ldapcompare"],
        &["-w"],
        Takes::Both,
        "ldapsearch -D cn=root -w tangerine-41",
    ),
    program(&["sqlcmd", "bcp", "osql", "tsql"], &["-P"], Takes::Both, "sqlcmd -S db -U root -P tangerine-41"),
    program(&["cqlsh"], &["-p"], Takes::Both, "cqlsh -u root -p tangerine-41"),
    program(&["zip", "unzip"], &["-P"], Takes::Both, "unzip -P tangerine-41 a.zip"),
    program(&["7z", "7za", "7zr", "rar", "unrar"], &["-p", "-hp"], Takes::Joined, "7z x -ptangerine-41 a.7z"),
    program(&["ipmitool"], &["-P"], Takes::Both, "ipmitool -H host -P tangerine-41 power status"),
    program(
        &["mosquitto_pub", "mosquitto_sub"],
        &["-P"],
        Takes::Both,
        "mosquitto_pub -u root -P tangerine-41",
    ),
    program(
        &["ncftp", "ncftpget", "ncftpput"],
        &["-p"],
        Takes::Both,
        "ncftpget -u root -p tangerine-41 host",
    ),
    program(
        &["rabbitmqctl"],
        &["add_user", "change_password", "authenticate_user"],
        Takes::Word(2),
        "rabbitmqctl add_user root tangerine-41",
    ),
    program(&["rabbitmqadmin"], &["-p"], Takes::Both, "rabbitmqadmin -u root -p tangerine-41 list queues"),
    program(&["vault", "cargo"], &["login"], Takes::Word(1), "vault login tangerine-41"),
    program(&["twine"], &["-p"], Takes::Both, "twine upload -u root -p tangerine-41 dist/web.tar.gz"),
    program(&["poetry"], &["-p"], Takes::Both, "poetry publish -u root -p tangerine-41").with("publish"),
    program(&["poetry"], &["pypi-token."], Takes::Word(1), "poetry config pypi-token.pypi tangerine-41"),
    program(
        &["poetry"],
        &["http-basic."],
        Takes::Word(2),
        "poetry config http-basic.mirror root tangerine-41",
    ),
    program(&["htpasswd"], &["-b"], Takes::Last, "htpasswd -cb users root tangerine-41"),
    program(&["ssh-keygen"], &["-N", "-P"], Takes::Both, "ssh-keygen -t rsa -N tangerine-41 -f key"),
    program(&["openssl"], &["passwd"], Takes::Last, "openssl passwd -6 tangerine-41"),
    program(&["redis-cli", "valkey-cli"], &["AUTH", "auth"], Takes::Last, "redis-cli auth root tangerine-41"),
    program(
        &["redis-cli", "valkey-cli"],
        &["requirepass", "masterauth"],
        Takes::Word(1),
        "redis-cli config set requirepass tangerine-41",
    ),
    program(
        &["mysqladmin", "mariadb-admin"],
        &["password"],
        Takes::Word(1),
        "mysqladmin -u root password tangerine-41",
    ),
    program(
        &["sqlplus", "sqlldr", "impdp", "expdp", "rman"],
        &["/"],
        Takes::Account,
        "sqlplus -S root/tangerine-41@db @report",
    ),
    program(&["ldappasswd"], &["-a", "-s", "-w"], Takes::Next, "ldappasswd -s tangerine-41 cn=web"),
    program(
        &["snmpget", "snmpgetnext", "snmpwalk", "snmpbulkwalk", "snmpset", "snmptrap"],
        &["-A", "-X"],
        Takes::Next,
        "snmpwalk -v3 -u root -A tangerine-41 host",
    ),
    program(&["xfreerdp", "wlfreerdp"], &["/p:"], Takes::Joined, "xfreerdp /u:root /p:tangerine-41 /v:host"),
    program(
        &["rclone"],
        &["secret_access_key", "pass", "password", "token"],
        Takes::Word(1),
        "rclone config create store s3 secret_access_key tangerine-41",
    ),
    program(&["mc"], &["set"], Takes::Word(4), "mc alias set store https://example.com root tangerine-41")
        .with("alias"),
    program(
        &["grafana-cli"],
        &["reset-admin-password"],
        Takes::Word(1),
        "grafana-cli admin reset-admin-password tangerine-41",
    ),
    program(
        &["neo4j-admin"],
        &["set-initial-password"],
        Takes::Word(1),
        "neo4j-admin set-initial-password tangerine-41",
    ),
    program(
        &[
            "cypher-shell",
            "couchbase-cli",
            "cbbackupmgr",
            "cbq",
            "cbimport",
            "elasticsearch-users",
            "beeline",
        ],
        &["-p"],
        Takes::Next,
        "cypher-shell -u root -p tangerine-41",
    ),
    program(&["airflow"], &["-p"], Takes::Next, "airflow users create -u root -p tangerine-41")
        .with("create"),
    program(&["cf"], &["auth"], Takes::Last, "cf auth root tangerine-41").with("auth"),
    program(&["doctl"], &["-t"], Takes::Both, "doctl auth init -t tangerine-41"),
    program(&["etcdctl"], &["add"], Takes::Pair(':'), "etcdctl user add root:tangerine-41").with("user"),
    program(&["swaks"], &["-ap"], Takes::Next, "swaks -au root -ap tangerine-41"),
    program(&["sendemail", "sendEmail"], &["-xp"], Takes::Next, "sendemail -xu root -xp tangerine-41"),
    program(&["usermod", "useradd"], &["-p"], Takes::Next, "usermod -p tangerine-41 web"),
    program(
        &["kubectl", "oc"],
        &["--from-literal"],
        Takes::Pair('='),
        "kubectl create secret generic web --from-literal=answer=tangerine-41",
    )
    .with("secret"),
    program(&["gh"], &["-b", "--body"], Takes::Both, "gh secret set ANSWER --body tangerine-41")
        .with("secret"),
    program(
        &["aws"],
        &["--value"],
        Takes::Both,
        "aws ssm put-parameter --value tangerine-41 --type SecureString",
    )
    .with("SecureString"),
    program(
        &["docker", "podman", "buildah", "skopeo", "nerdctl", "helm", "crane", "oras", "az", "cf", "oc"],
        &["-p"],
        Takes::Both,
        "docker login -u root -p tangerine-41 registry.example.com",
    )
    .with("login"),
];

/// What reads a secret from its standard input: a word of the command, maybe after another one.
pub(super) static READERS: &[(&str, &str)] = &[
    ("docker", "login"),
    ("podman", "login"),
    ("buildah", "login"),
    ("nerdctl", "login"),
    ("skopeo", "login"),
    ("helm", "login"),
    ("crane", "login"),
    ("oras", "login"),
    ("vault", "login"),
    ("cargo", "login"),
    ("gh", "login"),
    ("glab", "login"),
    ("gh", "secret"),
    ("sudo", "-S"),
    ("gpg", "--passphrase-fd"),
    ("openssl", "-stdin"),
    ("htpasswd", "-i"),
    ("smbpasswd", "-s"),
    ("cryptsetup", ""),
    ("kinit", ""),
    ("chpasswd", ""),
    ("passwd", "--stdin"),
    ("", "--password-stdin"),
];

/// Names of which a text with such a command has one.
pub(super) fn words_to_look_for() -> impl Iterator<Item = &'static str> {
    // Names such as `az` are in half of all texts; the other word that such a command has is not.
    let is_short = |name: &&str| name.len() < 4;
    let programs = PROGRAMS.iter().flat_map(move |program| match &program.with {
        Some(with) if program.names.iter().any(is_short) => std::slice::from_ref(with),
        _ => program.names,
    });
    let readers = READERS.iter().map(move |(name, other)| if is_short(name) { *other } else { *name });
    programs.copied().chain(readers)
}

/// What is known of a program of this name.
pub(super) fn programs_named(name: &str) -> &'static [&'static Program] {
    static BY_NAME: LazyLock<HashMap<&str, Vec<&Program>>> = LazyLock::new(|| {
        let mut by_name: HashMap<&str, Vec<&Program>> = HashMap::new();
        for program in PROGRAMS {
            for name in program.names {
                by_name.entry(name).or_default().push(program);
            }
        }
        by_name
    });
    BY_NAME.get(name).map_or(&[], Vec::as_slice)
}
