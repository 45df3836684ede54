//! What a name says of its value. Which words speak of secrets: the key words of detect-secrets (`keyword`) and gitleaks
//! (`generic-api-key`), and what people call the same in fewer letters.

/// What a name says of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tells {
    /// Nothing of secrets.
    Nothing,
    /// That it had better not be shown.
    Hidden,
    /// That it is a secret.
    Secret,
}

/// Words that name a secret.
const SECRET: [&str; 8] =
    ["password", "passwd", "passphrase", "secret", "token", "credential", "credentials", "apikey"];

/// What comes before `key` in the names of secrets.
const SECRET_KEYS: [&str; 11] = [
    "access",
    "api",
    "encryption",
    "hmac",
    "licence",
    "license",
    "master",
    "private",
    "secret",
    "signing",
    "webhook",
];

/// What comes before `pass`, `pwd` and `pw` there.
const ACCOUNTS: [&str; 22] = [
    "admin", "amqp", "auth", "basic", "database", "db", "ftp", "ldap", "mongo", "my", "mysql", "pg",
    "postgres", "proxy", "rabbitmq", "redis", "root", "sftp", "smtp", "sql", "ssh", "user",
];

/// Words under which a value is hidden.
const HIDDEN: [&str; 13] = [
    "authorization",
    "cred",
    "creds",
    "jwt",
    "kennwort",
    "pass",
    "passcode",
    "passwords",
    "passwort",
    "pw",
    "pwd",
    "secrets",
    "tokens",
];

/// The same if they are the last one: `REDIS_AUTH`, but not `AUTH_METHOD` or `SALT_MASTER`.
const HIDDEN_AT_END: [&str; 16] = [
    "auth",
    "bearer",
    "cookie",
    "cookies",
    "dsn",
    "hmac",
    "httpauth",
    "mnemonic",
    "otp",
    "pat",
    "pepper",
    "proxyauth",
    "salt",
    "sas",
    "sig",
    "signature",
];

/// What comes before `key` in names whose values are hidden.
const HIDDEN_KEYS: [&str; 40] = [
    "account",
    "admin",
    "aes",
    "app",
    "application",
    "auth",
    "cert",
    "cipher",
    "client",
    "consumer",
    "cookie",
    "crypt",
    "crypto",
    "database",
    "db",
    "decryption",
    "deploy",
    "encrypt",
    "fernet",
    "gpg",
    "iam",
    "ingest",
    "integration",
    "jwt",
    "pgp",
    "priv",
    "recaptcha",
    "root",
    "rsa",
    "service",
    "session",
    "shared",
    "sign",
    "ssh",
    "ssl",
    "storage",
    "stripe",
    "tls",
    "webhook",
    "write",
];

/// Words that end in `pass` and have another meaning.
const OTHER_PASS: [&str; 8] =
    ["bypass", "compass", "encompass", "overpass", "surpass", "trespass", "underpass", "onepass"];

/// What a name ends in that speaks of a secret but holds something public about it: where it is, how long it lives.
const PUBLIC: [&str; 74] = [
    "age",
    "alg",
    "algorithm",
    "arn",
    "audience",
    "backend",
    "bucket",
    "budget",
    "class",
    "command",
    "count",
    "days",
    "dir",
    "disabled",
    "domain",
    "email",
    "enabled",
    "endpoint",
    "env",
    "expiration",
    "expiry",
    "field",
    "file",
    "format",
    "header",
    "host",
    "hours",
    "id",
    "interval",
    "issuer",
    "label",
    "length",
    "lifetime",
    "limit",
    "location",
    "manager",
    "method",
    "minutes",
    "mode",
    "name",
    "namespace",
    "param",
    "path",
    "plugin",
    "policy",
    "port",
    "prefix",
    "provider",
    "rate",
    "realm",
    "ref",
    "region",
    "required",
    "role",
    "rotation",
    "scheme",
    "scope",
    "seconds",
    "server",
    "size",
    "stdin",
    "store",
    "strategy",
    "through",
    "thru",
    "timeout",
    "ttl",
    "type",
    "uri",
    "url",
    "user",
    "validity",
    "version",
    "window",
];

/// Words of names of numbers: `MAX_TOKENS`.
const COUNTS: [&str; 7] = ["max", "maximum", "min", "minimum", "num", "per", "total"];

/// What `name` says of its value, word by word.
pub(crate) fn tells(name: &str) -> Tells {
    let mut told = Tells::Nothing;
    let mut before = "";
    let mut words = 0;
    let mut last_but_one = "";
    let (mut is_count, mut is_many) = (false, false);
    for word in self::words(name) {
        is_count |= is_any(word, &COUNTS);
        is_many |= is_any(word, &["tokens", "secrets", "passwords"]);
        told = told.max(of_word(before, word));
        last_but_one = before;
        before = word;
        words += 1;
    }
    let last = before;
    if told == Tells::Nothing {
        return if is_any(last, &HIDDEN_AT_END) { Tells::Hidden } else { Tells::Nothing };
    }
    if is_count && is_many {
        return Tells::Nothing;
    }
    if words == 1 || !is_public(last) {
        return told;
    }
    // The second half of what HashiCorp's Vault takes for a login.
    if is(last, "id") && is(last_but_one, "secret") { Tells::Hidden } else { Tells::Nothing }
}

fn of_word(before: &str, word: &str) -> Tells {
    if is_any(word, &SECRET) || ends(word, "password") || ends(word, "passwd") {
        return Tells::Secret;
    }
    if ends(word, "key") {
        // `MASTER_KEY` and `masterkey`.
        let joined = word.get(..word.len() - 3).unwrap_or("");
        let kind = if joined.is_empty() { before } else { joined };
        return match (is_any(kind, &SECRET_KEYS), is_any(kind, &HIDDEN_KEYS)) {
            (true, _) => Tells::Secret,
            (_, true) => Tells::Hidden,
            _ => Tells::Nothing,
        };
    }
    for short in ["pass", "pwd", "pw"] {
        if ends(word, short) && !is_any(word, &OTHER_PASS) {
            let joined = word.get(..word.len() - short.len()).unwrap_or("");
            let account = if joined.is_empty() { before } else { joined };
            return if is_any(account, &ACCOUNTS) { Tells::Secret } else { Tells::Hidden };
        }
    }
    let is_hidden =
        is_any(word, &HIDDEN) || ["secret", "token", "passphrase"].iter().any(|end| ends(word, end));
    if is_hidden { Tells::Hidden } else { Tells::Nothing }
}

fn is(word: &str, other: &str) -> bool {
    word.eq_ignore_ascii_case(other)
}

fn is_any(word: &str, list: &[&str]) -> bool {
    list.iter().any(|other| is(word, other))
}

fn ends(word: &str, end: &str) -> bool {
    word.len().checked_sub(end.len()).and_then(|at| word.get(at..)).is_some_and(|rest| is(rest, end))
}

fn is_public(word: &str) -> bool {
    is_any(word, &PUBLIC) || word.strip_suffix(['s', 'S']).is_some_and(|word| is_any(word, &PUBLIC))
}

/// The words of `name`: what stands between signs and digits, and `db` and `Password` of `dbPassword`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphabetic()).filter(|part| !part.is_empty()).flat_map(|part| {
        let mut rest = part;
        std::iter::from_fn(move || {
            let bytes = rest.as_bytes();
            let is_upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
            let is_lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
            // `dbPassword` and `DBPassword`.
            let is_joint =
                |at: &usize| is_upper(*at) && (is_lower(at - 1) || (is_upper(at - 1) && is_lower(at + 1)));
            let end = (1..bytes.len()).find(is_joint).unwrap_or(bytes.len());
            let (word, others) = rest.split_at(end);
            rest = others;
            (!word.is_empty()).then_some(word)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_people_mean() {
        let cases = [
            (
                Tells::Secret,
                "DB_PASSWORD dbPassword PGPASSWORD DBPASSWORD API_KEY apiKey APIKey X-Api-Key aws_secret_access_key HMAC_KEY \
                 MASTER_KEY LICENSE_KEY NEW_RELIC_LICENSE_KEY DBPASS MYPASS DB_PASS REDIS_PWD TOKEN2 SECRET_KEY_BASE \
                 SecretAccessKey encryptionKey clientSecret OAuthToken MYSQL_PASS",
            ),
            (
                Tells::Hidden,
                "PASS passwords SSH_KEY REDIS_AUTH AUTH COOKIE SALT HASH_SALT AccountKey authtoken CLIENTSECRET Authorization \
                 X-Amz-Signature sig ROLE_SECRET_ID GITHUB_PAT http_auth SESSION_COOKIE storepass sharedKey TOKENS \
                 PROXYAUTH",
            ),
            (
                Tells::Nothing,
                "AUTH_METHOD monkey SALT_MASTER KEYBOARD TOKENIZER TOKEN_TTL SECRET_FILE AWS_ACCESS_KEY_ID compass BYPASS_CACHE \
                 PRIMARY_KEY CACHE_KEY PATH key turkey public_key COOKIE_DOMAIN PASSWORD_FILES OAUTH_URL passenger PASSWORD_MIN_LENGTH \
                 COMMIT_SHA IMAGE_DIGEST REQUEST_UUID author authority path pathway salty \
                 MAX_TOKENS maxTokens NUM_TOKENS TOKENS_PER_SECOND PASS_THROUGH PASSENGER_APP_ENV KEY_PREFIX SECRETARY TOKEN_RATE \
                 SECRET_ARN SECRETS_NAMESPACE PASSWORD_POLICY",
            ),
        ];
        for (told, names) in cases {
            for name in names.split_whitespace() {
                assert_eq!(tells(name), told, "{name}");
            }
        }
    }
}
