//! Where commands have what their programs take for a secret.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use super::guess::{Extent, Form, united};
use super::harmless::is_harmless;
use super::programs::{Program, READERS, Takes, programs_named};

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
    /// What its words are, and which is the last operand, once asked for.
    texts: OnceCell<HashSet<&'t str>>,
    last: OnceCell<Option<Word<'t>>>,
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
        let command = Command::new(&words, &value, form);
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
    Command::new(&words, &value, Form::Text).given_by_flags(&mut found);
    let place = |range: Range<usize>| {
        let index = words.partition_point(|word| word.start <= range.start).checked_sub(1)?;
        let start = words.get(index)?.start;
        Some((index, range.start - start..range.end - start))
    };
    found.into_iter().filter_map(place).collect()
}

impl<'c, 't> Command<'c, 't> {
    const fn new(
        words: &'c [Word<'t>],
        value: &'c dyn Fn(Word<'t>, usize) -> (usize, &'t str),
        form: Form,
    ) -> Self {
        Self { words, value, form, texts: OnceCell::new(), last: OnceCell::new() }
    }

    fn has(&self, text: &str) -> bool {
        self.texts.get_or_init(|| self.words.iter().map(|word| word.text).collect()).contains(text)
    }

    fn push(&self, (start, value): (usize, &str), found: &mut Vec<Range<usize>>) {
        if !is_harmless(value, self.form) {
            found.push(start..start + value.len());
        }
    }

    /// What programs are given under flags.
    fn given_by_flags(&self, found: &mut Vec<Range<usize>>) {
        let mut programs: &[&Program] = &[];
        for (index, word) in self.words.iter().enumerate() {
            match programs_named(word.called()) {
                [] => {}
                called => {
                    programs = called;
                    continue;
                }
            }
            for program in programs {
                self.given_by_flag(program, index, *word, found);
            }
        }
    }

    fn given_by_flag(&self, program: &Program, index: usize, word: Word<'t>, found: &mut Vec<Range<usize>>) {
        let fits = |flag: &&&str| is_flag(word.text, flag, program.takes);
        let Some(flag) = program.flags.iter().find(fits) else { return };
        if program.with.is_some_and(|with| !self.has(with)) {
            return;
        }
        let next =
            || self.words.get(index + 1).filter(|next| !next.text.starts_with('-')).map(|next| (*next, 0));
        let joined = || Some((word, joined(word.text, flag)?));
        let holder = match program.takes {
            Takes::Word(place) => self.words.get(index + place).map(|word| (*word, 0)),
            Takes::Next => next(),
            Takes::Joined => joined(),
            Takes::Both | Takes::Pair(_) => joined().or_else(next),
            Takes::Last => {
                let last = self.last.get_or_init(|| self.last_operand());
                last.filter(|last| last.start > word.start).map(|last| (last, 0))
            }
            Takes::Account => Some((word, 0)),
        };
        let Some((word, skipped)) = holder else { return };
        let (start, value) = (self.value)(word, skipped);
        let inside = match program.takes {
            Takes::Pair(sign) => {
                value.split_once(sign).map(|(user, _)| user.len() + sign.len_utf8()..value.len())
            }
            Takes::Account => password_of(value),
            // `-passin pass:PW`, but `env:NAME`.
            _ if flag.starts_with("-pass") => value.starts_with("pass:").then(|| "pass:".len()..value.len()),
            _ => Some(0..value.len()),
        };
        if let Some(inside) = inside {
            self.push((start + inside.start, value.get(inside).unwrap_or("")), found);
        }
    }

    /// The last word before what is written elsewhere that is no flag and no file under one.
    fn last_operand(&self) -> Option<Word<'t>> {
        let is_redirection = |word: &Word<'_>| {
            word.text.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['<', '>'])
        };
        let end = self.words.iter().position(is_redirection).unwrap_or(self.words.len());
        let words = self.words.get(..end)?;
        let last = words.last().filter(|last| !last.text.starts_with('-'))?;
        let before = words.len().checked_sub(2).and_then(|before| words.get(before));
        before.is_none_or(|before| !matches!(before.text, "-in" | "-salt")).then_some(*last)
    }

    /// What is piped into a command that reads a secret there: `echo PW | docker login`, `docker login <<< PW`.
    fn given_by_input(&self, piped: &[Word<'t>], found: &mut Vec<Range<usize>>) {
        let here = self.words.iter().position(|word| word.text == "<<<");
        if piped.is_empty() && here.is_none() {
            return;
        }
        let has = |text: &str| text.is_empty() || self.words.iter().any(|word| word.called() == text);
        if !READERS.iter().any(|(name, other)| has(name) && has(other)) {
            return;
        }
        let printed = piped.iter().position(|word| matches!(word.called(), "echo" | "printf"));
        let printed = printed.and_then(|at| piped.get(at + 1..)).unwrap_or(&[]);
        let printed = printed.iter().filter(|word| !word.text.starts_with(['-', '%']));
        for word in printed.chain(here.and_then(|at| self.words.get(at + 1))) {
            self.push((self.value)(*word, 0), found);
        }
    }
}

/// Whether a word is that flag, or begins with it where a value may follow in the same word.
fn is_flag(word: &str, flag: &str, takes: Takes) -> bool {
    match takes {
        Takes::Word(_) if flag.ends_with('.') => word.starts_with(flag),
        Takes::Last if flag.starts_with('-') => {
            is_among_letters(word, flag, |letters, letter| letters.contains(letter))
        }
        Takes::Next | Takes::Word(_) | Takes::Last => word == flag,
        Takes::Account => word.contains(flag),
        Takes::Joined | Takes::Both => word == flag || joined(word, flag).is_some(),
        Takes::Pair(_) => {
            word == flag
                || joined(word, flag).is_some()
                || is_among_letters(word, flag, |letters, letter| letters.ends_with(letter))
        }
    }
}

/// How many bytes of a word stand before a value that it has behind a flag.
fn joined(word: &str, flag: &str) -> Option<usize> {
    let rest = word.strip_prefix(flag).filter(|rest| !rest.is_empty())?;
    if flag.starts_with("--") {
        return rest.starts_with('=').then(|| flag.len() + 1);
    }
    (!word.starts_with("--")).then_some(flag.len())
}

/// Whether letters without values that come together have that one where it `is_there`: `-su`.
fn is_among_letters(word: &str, flag: &str, is_there: impl Fn(&str, &str) -> bool) -> bool {
    let (Some(letters), Some(letter)) = (word.strip_prefix('-'), flag.strip_prefix('-')) else {
        return false;
    };
    letter.len() == 1 && letters.bytes().all(|b| b.is_ascii_alphabetic()) && is_there(letters, letter)
}

/// Where the password is in `user/password@database`, and in `userid=` with that.
fn password_of(account: &str) -> Option<Range<usize>> {
    let (user, rest) = account.split_once('/')?;
    let name = user.strip_prefix("userid=").unwrap_or(user);
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_$#".contains(&b));
    let start = user.len() + 1;
    is_name.then(|| start..start + rest.rfind('@').unwrap_or(rest.len()))
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
    use super::super::programs::PROGRAMS;
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
            ("curl --user=root:PW https://x", "PW"),
            ("curl --proxy-user=root:PW https://x", "PW"),
            ("htpasswd -b users root PW", "PW"),
            ("htpasswd -nbB root PW > users", "PW"),
            ("htpasswd -b -C 10 users root PW 2>&1", "PW"),
            ("rabbitmqadmin -pPW list queues", "PW"),
            ("ssh-keygen -p -P PW -N '' -f x", "PW"),
            ("ssh-keygen -N PW", "PW"),
            ("sqlplus root/PW", "PW"),
            ("impdp userid=root/PW@//db:1521/x dumpfile=a/b", "PW"),
            ("rman target sys/PW@db", "PW"),
            ("mysqladmin -u root password 'PW'", "PW"),
            ("redis-cli AUTH PW", "PW"),
            ("aws ssm put-parameter --type SecureString --value=PW", "PW"),
            ("docker login <<< PW", "PW"),
            ("echo PW | kinit root", "PW"),
            ("echo PW | openssl passwd -stdin", "PW"),
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
            "htpasswd -c users root",
            "htpasswd -n root > x",
            "ssh-keygen -t rsa -N '' -f x",
            "openssl passwd -6 -in file",
            "sqlplus / as sysdba @a/b.sql",
            "sqlplus /nolog",
            "rman target / cmdfile=a/b",
            "airflow webserver -p 8080",
            "kubectl create configmap x --from-literal=a=b",
            "aws ssm put-parameter --type String --value x",
            "poetry config virtualenvs.in-project x",
            "twine upload dist/web.tar.gz",
            "mc cp a b c d e",
            "gh issue create --body x",
        ] {
            assert_eq!(secrets_in(text, Form::Text), Vec::<Range<usize>>::new(), "{text}");
        }
    }
}
