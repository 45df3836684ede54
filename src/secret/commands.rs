//! Programs that take a secret under a flag whose name says nothing of it, by their manuals.

use std::ops::Range;

use super::guess::{Extent, Form, is_harmless, united};

/// How a program takes a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// As the next word.
    Next,
    /// Behind the flag, in the same word.
    Joined,
    /// Either.
    Both,
    /// `user:password`, either way, and behind other letters (`-su`).
    Pair(char),
    /// As the word so many after a command of the program.
    Word(usize),
}

/// A program with flags of one sort.
pub(super) struct Program {
    names: &'static [&'static str],
    flags: &'static [&'static str],
    takes: Takes,
    /// A word that has to come before.
    after: Option<&'static str>,
    /// An invented command with the password `tangerine-41`.
    pub(super) example: &'static str,
}

const fn program(
    names: &'static [&'static str],
    flags: &'static [&'static str],
    takes: Takes,
    example: &'static str,
) -> Program {
    Program { names, flags, takes, after: None, example }
}

const fn login(
    names: &'static [&'static str],
    flags: &'static [&'static str],
    example: &'static str,
) -> Program {
    Program { names, flags, takes: Takes::Both, after: Some("login"), example }
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
    program(&["smbclient"], &["-U"], Takes::Pair('%'), "smbclient -U root%tangerine-41 //files/x"),
    program(&["lftp"], &["-u"], Takes::Pair(','), "lftp -u root,tangerine-41 example.com"),
    program(
        &["ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldapwhoami", "ldapcompare"],
        &["-w"],
        Takes::Both,
        "ldapsearch -D cn=root -w tangerine-41",
    ),
    program(&["sqlcmd", "bcp"], &["-P"], Takes::Both, "sqlcmd -S db -U root -P tangerine-41"),
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
    program(&["vault"], &["login"], Takes::Word(1), "vault login tangerine-41"),
    login(
        &["docker", "podman", "buildah", "skopeo", "nerdctl", "helm", "crane", "oras", "az", "cf", "oc"],
        &["-p"],
        "docker login -u root -p tangerine-41 registry.example.com",
    ),
];

/// What reads a secret from its standard input: a word of the command, maybe after another one.
const READERS: [(&str, &str); 13] = [
    ("docker", "login"),
    ("podman", "login"),
    ("buildah", "login"),
    ("nerdctl", "login"),
    ("helm", "login"),
    ("crane", "login"),
    ("vault", "login"),
    ("gh", "login"),
    ("sudo", "-S"),
    ("gpg", "--passphrase-fd"),
    ("chpasswd", ""),
    ("passwd", "--stdin"),
    ("", "--password-stdin"),
];

/// Names of which a text with such a command has one.
pub(super) fn words_to_look_for() -> impl Iterator<Item = &'static str> {
    // Names such as `az` are in half of all texts; the word that has to come before a secret is not.
    let programs = PROGRAMS.iter().flat_map(|program| match &program.after {
        Some(after) => std::slice::from_ref(after),
        None => program.names,
    });
    let programs = programs.copied();
    programs.chain(READERS.iter().map(|(name, other)| if name.is_empty() { *other } else { *name }))
}

/// A word of a command.
#[derive(Clone, Copy, Debug)]
struct Word<'t> {
    /// Without quotes at its ends.
    text: &'t str,
    /// Where that begins.
    start: usize,
    /// Where its quotes begin.
    quoted: usize,
}

impl<'t> Word<'t> {
    /// The program that it calls, by the last part of a path.
    fn called(self) -> &'t str {
        self.text.rsplit('/').next().unwrap_or("")
    }
}

/// A command, and how its words end.
struct Command<'c, 't> {
    words: &'c [Word<'t>],
    /// The value that a word is after so many bytes.
    value: &'c dyn Fn(Word<'t>, usize) -> (usize, &'t str),
    form: Form,
}

/// Where in a command, or in a text that may be one, programs are given secrets. Linear in its length.
pub(super) fn secrets_in(text: &str, form: Form) -> Vec<Range<usize>> {
    let value = |word: Word<'_>, skipped: usize| {
        let start = if skipped == 0 { word.quoted } else { word.start + skipped };
        let rest = text.get(start..).unwrap_or("");
        let inside = Extent::of(rest, false, false).inside;
        let value = rest.get(inside.clone()).unwrap_or("");
        // Items of a list.
        let value = if form == Form::Text { value } else { value.trim_end_matches([',', ']']) };
        (start + inside.start, value)
    };
    let mut found = Vec::new();
    let mut piped: Vec<Word<'_>> = Vec::new();
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut scanner = Scanner { text, at: 0, form };
    loop {
        let end = scanner.next(&mut words);
        let command = Command { words: &words, value: &value, form };
        command.given_by_flags(&mut found);
        command.given_by_input(&piped, &mut found);
        match end {
            End::Text => return united(found),
            End::Pipe => std::mem::swap(&mut piped, &mut words),
            End::Command => piped.clear(),
        }
        words.clear();
    }
}

/// The same of a command that is a list of its words: which of them, and where in it.
pub(super) fn secrets_in_list<'t>(
    items: impl Iterator<Item = Option<&'t str>>,
) -> Vec<(usize, Range<usize>)> {
    let mut at = 0;
    let word = |text: Option<&'t str>| {
        let text = text.unwrap_or_default();
        let start = at;
        at += text.len() + 1;
        Word { text, start, quoted: start }
    };
    let words: Vec<Word<'t>> = items.map(word).collect();
    let value =
        |word: Word<'t>, skipped: usize| (word.start + skipped, word.text.get(skipped..).unwrap_or(""));
    let mut found = Vec::new();
    Command { words: &words, value: &value, form: Form::Text }.given_by_flags(&mut found);
    let place = |range: Range<usize>| {
        let index = words.partition_point(|word| word.start <= range.start).checked_sub(1)?;
        let start = words.get(index)?.start;
        Some((index, range.start - start..range.end - start))
    };
    found.into_iter().filter_map(place).collect()
}

impl<'t> Command<'_, 't> {
    fn push(&self, (start, value): (usize, &str), found: &mut Vec<Range<usize>>) {
        if !is_harmless(value, self.form) {
            found.push(start..start + value.len());
        }
    }

    /// What programs are given under flags.
    fn given_by_flags(&self, found: &mut Vec<Range<usize>>) {
        let mut called = "";
        let mut is_login = false;
        for (index, word) in self.words.iter().enumerate() {
            if is_known(word.called()) {
                called = word.called();
                continue;
            }
            is_login |= word.text == "login";
            if called.is_empty() {
                continue;
            }
            for program in PROGRAMS.iter().filter(|program| program.names.contains(&called)) {
                if program.after.is_none() || is_login {
                    self.given_by_flag(program, index, *word, found);
                }
            }
        }
    }

    fn given_by_flag(&self, program: &Program, index: usize, word: Word<'t>, found: &mut Vec<Range<usize>>) {
        let fits = |flag: &&&str| is_flag(word.text, flag, program.takes);
        let Some(flag) = program.flags.iter().find(fits) else { return };
        let next =
            || self.words.get(index + 1).filter(|next| !next.text.starts_with('-')).map(|next| (*next, 0));
        let joined =
            (word.text.len() > flag.len() && word.text.starts_with(flag)).then_some((word, flag.len()));
        let holder = match program.takes {
            Takes::Word(place) => self.words.get(index + place).map(|word| (*word, 0)),
            Takes::Next => next(),
            Takes::Joined => joined,
            Takes::Both | Takes::Pair(_) => joined.or_else(next),
        };
        let Some((word, skipped)) = holder else { return };
        let (start, value) = (self.value)(word, skipped);
        let before = match program.takes {
            Takes::Pair(sign) => value.split_once(sign).map(|(user, _)| user.len() + sign.len_utf8()),
            // `-passin pass:PW`, but `env:NAME`.
            _ if flag.starts_with("-pass") => value.starts_with("pass:").then_some("pass:".len()),
            _ => Some(0),
        };
        if let Some(before) = before {
            self.push((start + before, value.get(before..).unwrap_or("")), found);
        }
    }

    /// What is piped into a command that reads a secret there: `echo PW | docker login`, `docker login <<< PW`.
    fn given_by_input(&self, piped: &[Word<'t>], found: &mut Vec<Range<usize>>) {
        let has = |text: &str| text.is_empty() || self.words.iter().any(|word| word.called() == text);
        if !READERS.iter().any(|(name, other)| has(name) && has(other)) {
            return;
        }
        let printed = piped.iter().position(|word| matches!(word.called(), "echo" | "printf"));
        let printed = printed.and_then(|at| piped.get(at + 1..)).unwrap_or(&[]);
        let printed = printed.iter().filter(|word| !word.text.starts_with(['-', '%']));
        let here = self.words.iter().position(|word| word.text == "<<<");
        for word in printed.chain(here.and_then(|at| self.words.get(at + 1))) {
            self.push((self.value)(*word, 0), found);
        }
    }
}

fn is_known(name: &str) -> bool {
    PROGRAMS.iter().any(|program| program.names.contains(&name))
}

/// Whether a word is that flag, or begins with it where a value may follow in the same word.
fn is_flag(word: &str, flag: &str, takes: Takes) -> bool {
    match takes {
        Takes::Next | Takes::Word(_) => word == flag,
        Takes::Pair(_) if flag.starts_with("--") => word == flag,
        Takes::Joined | Takes::Both => word.starts_with(flag) && !word.starts_with("--"),
        Takes::Pair(_) => {
            // Letters without values may come before: `-su`.
            let is_last = |letter: &str| {
                let letters = word.strip_prefix('-').and_then(|rest| rest.strip_suffix(letter));
                letters.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_alphabetic()))
            };
            word.starts_with(flag) || flag.strip_prefix('-').is_some_and(is_last)
        }
    }
}

/// What may stand around a word.
const EDGES: [char; 3] = ['"', '\'', '\\'];

/// What ends a command.
enum End {
    Pipe,
    Command,
    Text,
}

/// Takes a text apart as a shell does, roughly.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    form: Form,
}

impl<'t> Scanner<'t> {
    /// Adds the words of the next command.
    fn next(&mut self, words: &mut Vec<Word<'t>>) -> End {
        loop {
            let rest = self.text.get(self.at..).unwrap_or("");
            let Some(c) = rest.chars().next() else { return End::Text };
            if self.is_space(c) {
                self.at += c.len_utf8();
                if c == '\n' && self.begins_command() {
                    return End::Command;
                }
                continue;
            }
            if is_end(c) {
                self.at += 1;
                let is_or = rest.starts_with("||");
                self.at += usize::from(is_or);
                return if c == '|' && !is_or { End::Pipe } else { End::Command };
            }
            let end = rest.find(|c| self.is_space(c) || is_end(c)).unwrap_or(rest.len());
            let word = rest.get(..end).unwrap_or("");
            let begun = word.trim_start_matches(EDGES);
            let start = self.at + word.len() - begun.len();
            let text = begun.trim_end_matches(EDGES);
            // The backslash at the end of a line is no word.
            if word != "\\" && !text.is_empty() {
                words.push(Word { text, start, quoted: self.at });
            }
            self.at += end;
        }
    }

    fn is_space(&self, c: char) -> bool {
        c.is_whitespace() || (self.form != Form::Text && matches!(c, '[' | ']' | '{' | '}' | ','))
    }

    /// Whether a command begins on the line here. In YAML a folded text or a list goes on to the next key.
    fn begins_command(&self) -> bool {
        if self.form == Form::Text {
            return !self.text.get(..self.at).unwrap_or("").trim_end_matches(['\r', '\n']).ends_with('\\');
        }
        let line = self.text.get(self.at..).unwrap_or("").lines().next().unwrap_or("");
        line.trim_start_matches([' ', '-']).split_once(':').is_some_and(|(key, rest)| {
            (rest.is_empty() || rest.starts_with(' ')) && !key.contains(char::is_whitespace)
        })
    }
}

/// Whether a shell ends a command there, unless it is quoted.
const fn is_end(c: char) -> bool {
    matches!(c, '|' | ';' | '&' | '(' | ')' | '`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_hides_its_example() {
        for program in PROGRAMS {
            let text = program.example;
            let at = text.find("tangerine-41").unwrap();
            assert_eq!(secrets_in(text, Form::Text), vec![at..at + 12], "{text}");
            for words in [
                text.split(' ').collect::<Vec<_>>(),
                [&["sudo"], &*text.split(' ').collect::<Vec<_>>()].concat(),
            ] {
                let found = secrets_in_list(words.iter().map(|word| Some(*word)));
                let shown: Vec<&str> =
                    found.iter().filter_map(|(index, range)| words.get(*index)?.get(range.clone())).collect();
                assert_eq!(shown, ["tangerine-41"], "{words:?}");
            }
        }
    }

    #[test]
    fn secrets_stand_where_programs_take_them() {
        let cases = [
            ("sh -c \"mysql -u root -pPW db\"", "PW"),
            ("mysql -p'P W' db", "P W"),
            ("cd /x && /usr/bin/mysqldump -pPW | gzip", "PW"),
            ("sshpass -pPW ssh x", "PW"),
            ("redis-cli \\\n  -a \\\n  PW", "PW"),
            ("echo PW | docker login -u x --password-stdin", "PW"),
            ("echo -n 'P W' | sudo -S id", "P W"),
            ("printf '%s' PW | gh auth login --with-token", "PW"),
            ("docker login --password-stdin <<< PW", "PW"),
            ("openssl enc -pass pass:PW -in x", "PW"),
            ("curl -uroot:PW https://x", "PW"),
            ("vault login PW", "PW"),
        ];
        for (text, secret) in cases {
            let found = secrets_in(text, Form::Text);
            let shown: Vec<&str> = found.iter().filter_map(|range| text.get(range.clone())).collect();
            assert_eq!(shown, [secret], "{text}");
        }
    }

    #[test]
    fn other_uses_of_the_flags_are_none() {
        for text in [
            "mysql -u root -p shop",
            "docker run -p 8080:80 web",
            "mkdir -p /nail/x",
            "redis-cli -h cache ping",
            "mysql -p$PW",
            "zip -r a.zip b",
            "openssl x509 -keyout a -k $KEY",
            "openssl -passin env:PW",
            "openssl req -pass file:/x",
            "echo hello | gzip",
            "echo hi; docker login",
            "curl -s -u $USER https://x",
            "curl -u root https://x",
            "ssh -p 2222 host",
            "sqlcmd -S a; cp -P b c",
            "grep -a x | redis-cli",
            "python -m http.server -a 1:2",
            "sshpass -e ssh x",
            "vault read x",
        ] {
            assert_eq!(secrets_in(text, Form::Text), Vec::<Range<usize>>::new(), "{text}");
        }
    }
}
