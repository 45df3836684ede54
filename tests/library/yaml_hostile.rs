//! What strangers may send: no panic, no hang, bounded memory, errors with a place.

use proptest::prelude::*;
use soalint::yaml::{self, Budget, Cause, ErrorKind, Kind, Style, Value};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

fn read(text: &str) -> Result<yaml::Tree, Box<yaml::Error>> {
    yaml::parse(text.as_bytes(), &Budget::default())
}

fn refused(text: &str) -> Box<yaml::Error> {
    let error = read(text).map(drop).unwrap_err();
    assert!(error.span.end as usize <= error.source.text().len());
    error
}

/// About a megabyte of `part`.
fn megabyte(part: &str) -> String {
    part.repeat((1 << 20) / part.len())
}

#[test]
fn aliases_that_expand_beyond_the_budget_are_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..20 {
        let alias = format!("*a{}", level - 1);
        let list = [alias.as_str(); 9].join(", ");
        writeln!(text, "a{level}: &a{level} [{list}]").unwrap();
    }
    let error = refused(&text);
    assert_eq!(error.kind, ErrorKind::Budget);
    assert!(error.span.of(error.source.text()).starts_with("*a"));
}

#[test]
fn merges_that_multiply_are_refused_or_quick() {
    let mut text = String::from("a0: &a0 {k0: 1}\n");
    for level in 1..40 {
        let below = level - 1;
        writeln!(text, "a{level}: &a{level}\n  <<: [*a{below}, *a{below}, *a{below}]\n  k{level}: 1")
            .unwrap();
    }
    assert_eq!(refused(&text).kind, ErrorKind::Budget);
}

#[test]
fn merged_merges_are_not_expanded_again() {
    let mut text = String::from("a0: &a0 {k0: 1}\n");
    for level in 1..200 {
        writeln!(text, "a{level}: &a{level}\n  <<: *a{}\n  k{level}: 1", level - 1).unwrap();
    }
    let tree = read(&text).unwrap();
    assert_eq!(tree.root().get("a199").unwrap().len(), 200);
}

#[test]
fn a_value_that_contains_itself_is_refused() {
    for text in ["&a [*a]", "&a {b: *a}", "a: &a\n  b: {<<: *a}\n"] {
        let error = refused(text);
        assert_eq!(error.kind, ErrorKind::Budget, "{text}");
        assert_eq!(error.span.of(error.source.text()), "*a");
    }
    assert_eq!(read("&a\n<<: *a\nb: 1\n").unwrap().root().len(), 1);
}

#[test]
fn keys_are_bounded() {
    let long = "k".repeat(20_000);
    for text in [
        format!("? {long}\n: 1\n"),
        format!("? &a {long}\n: 1\n"),
        format!("- &a {long}\n- *a : 1\n"),
        format!("a: {{? '{long}' : 1}}\n"),
    ] {
        assert_eq!(refused(&text).kind, ErrorKind::Budget, "{}", text.get(..8).unwrap());
    }
    for text in
        [format!("a: {long}\n"), format!("- &a {long}\n- b: *a\n"), format!("? {}\n: 1\n", "k".repeat(2_000))]
    {
        assert!(read(&text).is_ok(), "{}", text.get(..8).unwrap());
    }
}

#[test]
fn nesting_is_bounded() {
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000), "? ".repeat(100_000)] {
        let error = refused(&text);
        assert_eq!(error.kind, ErrorKind::Budget, "{}", text.get(..6).unwrap());
        assert_eq!(error.cause, Cause::Limit);
    }
    let chain: String =
        (1..400).fold(String::from("- &a0 []\n"), |text, n| text + &format!("- &a{n} [*a{}]\n", n - 1));
    assert_eq!(refused(&chain).kind, ErrorKind::Budget);
}

#[test]
fn large_files_are_refused() {
    assert_eq!(refused(&"a".repeat((1 << 20) + 1)).kind, ErrorKind::Budget);
}

/// Every text here is a megabyte and made so that some naive reader takes quadratic time on it. In
/// quadratic time one of them takes minutes, so a generous limit tells the two apart on any machine.
#[test]
fn a_megabyte_of_anything_is_quick() {
    let anchors: String = (0..80_000).fold(String::new(), |text, n| text + &format!("- &a{n} 1\n"));
    let keys: String = (0..90_000).fold(String::new(), |text, n| text + &format!("k{n}: {n}\n"));
    let handles: String = (0..60_000).fold(String::new(), |text, n| text + &format!("%TAG !a{n}! t:\n"));
    let prefix = format!("%TAG !a! {}\n---\n{}", "p".repeat(400_000), "- !a!b c\n".repeat(60_000));
    let number = format!("a: {}", "1:".repeat(500_000)) + "1";
    let texts = [
        "x".repeat(1 << 20),
        megabyte("é"),
        megabyte("[a, "),
        megabyte("{a: b, "),
        format!("[{}]", megabyte("é, ")),
        format!("[{}]", megabyte("[]: 1, ")),
        megabyte("a: "),
        megabyte("a: 1\n"),
        megabyte("- a\n"),
        megabyte("\"a\" "),
        megabyte("\n"),
        megabyte(" \n"),
        megabyte("# x\n"),
        megabyte("a\n"),
        megabyte("a\u{2028}"),
        megabyte("!"),
        megabyte("!a!"),
        megabyte("&"),
        megabyte("''"),
        megabyte("\"\\"),
        megabyte("'\n"),
        megabyte("|\n"),
        megabyte("? "),
        megabyte("---\n"),
        megabyte("]"),
        megabyte("<<: {}\n"),
        megabyte("\u{feff}"),
        format!("a: |\n{}", megabyte(" x\n")),
        format!("a: >\n{}", megabyte("  x\n\n")),
        format!("a: \"{}\"", megabyte("\\n")),
        format!("0x{}: 1", "f".repeat(1_000_000)),
        format!("a: {}", "9".repeat(1_000_000)),
        anchors,
        keys,
        handles,
        prefix,
        number,
    ];
    for text in texts {
        let text = text.get(..text.len().min(1 << 20)).unwrap_or(&text);
        let start = Instant::now();
        if let Ok(tree) = read(text) {
            assert!(count(tree.root()) > 0);
            tree.notices().iter().for_each(|notice| assert!(notice.span().end as usize <= text.len()));
        }
        let shown: String = text.chars().take(20).collect();
        assert!(start.elapsed() < Duration::from_secs(10), "{shown:?} took {:?}", start.elapsed());
    }
}

/// Walks everything, aliases followed.
fn count(value: Value<'_>) -> usize {
    let entries: usize = value.entries().map(|entry| count(entry.key) + count(entry.value)).sum();
    let items: usize = if value.kind() == Kind::Seq { value.items().map(count).sum() } else { 0 };
    drop(value.repr());
    1 + entries + items
}

/// Pieces that mean something to YAML.
fn fragment() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b: ",
        ": ",
        "- ",
        "? ",
        "\n",
        "\n  ",
        "\n- ",
        "\n\n",
        " ",
        "\t",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "#",
        " #",
        "&a ",
        "*a",
        "!!str ",
        "!!int ",
        "!!set ",
        "!!omap ",
        "!!binary ",
        "!x ",
        "! ",
        "|",
        ">",
        "|+\n",
        ">2-\n",
        "'",
        "\"",
        "\\",
        "\\x41",
        "\\ud83d",
        "\\\n",
        "---",
        "\n---\n",
        "...",
        "\n...\n",
        "%YAML 1.1\n",
        "%TAG ! x\n",
        "<<: ",
        "<<",
        "=",
        "1",
        "0x1f",
        "1:30",
        "1.5",
        "no",
        "~",
        "2001-01-01",
        "2001-1-1 1:2:3Z",
        "\r",
        "\r\n",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "é",
        "😀",
        "\u{7}",
        "@",
        "`",
        "%",
        "x: y\n",
        "{a: b}",
        "[c, d]",
    ]);
    prop_oneof![9 => pieces.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

/// A text between single quotes, where a run of line breaks has one more than it means.
fn in_single_quotes(text: &str) -> String {
    let mut out = String::new();
    let mut last = ' ';
    for c in text.chars() {
        if c == '\n' && last != '\n' {
            out.push('\n');
        }
        if c == '\'' {
            out.push('\'');
        }
        out.push(c);
        last = c;
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = yaml::events(&bytes);
        match yaml::parse(&bytes, &Budget::default()) {
            Ok(tree) => { count(tree.root()); }
            Err(error) => prop_assert!(error.span.end as usize <= error.source.text().len()),
        }
    }

    #[test]
    fn fragments_never_panic_and_places_are_in_the_text(parts in prop::collection::vec(fragment(), 0..40)) {
        let text = parts.concat();
        match read(&text) {
            Ok(tree) => {
                count(tree.root());
                for value in tree.values() {
                    prop_assert!(tree.text().get(value.span().start as usize..value.span().end as usize).is_some());
                }
            }
            Err(error) => {
                let shown = error.source.text();
                prop_assert!(shown.get(error.span.start as usize..error.span.end as usize).is_some());
                prop_assert!(shown.get(error.mark.start as usize..).is_some());
                prop_assert!(!error.span.is_empty() || shown.is_empty());
            }
        }
    }

    #[test]
    fn the_source_of_a_scalar_on_one_line_reads_as_that_scalar(parts in prop::collection::vec(fragment(), 0..30)) {
        let Ok(tree) = read(&parts.concat()) else { return Ok(()) };
        for value in tree.values() {
            let raw = value.raw();
            let scalar = matches!(value.style(), Style::Plain | Style::Single | Style::Double);
            let one_line = !raw.is_empty() && !raw.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
            // Only a tag or a place as a key gives a text another meaning than its own.
            let special = value.tag().is_some() || matches!(raw, "<<" | "=") || raw.contains('\u{feff}');
            // An indicator at an edge is one or not by what stands beside it: `::` is the key `:`.
            let edge = raw.starts_with([':', '?', '-']) || raw.ends_with(':');
            let special = special || (value.style() == Style::Plain && edge);
            if scalar && one_line && !special && matches!(value.kind(), Kind::Str | Kind::Int | Kind::Float | Kind::Bool | Kind::Null) {
                let again = read(&format!("- {raw}\n")).or_else(|_| read(&format!("[{raw}]\n")));
                let again = again.map_err(|error| TestCaseError::fail(format!("{raw:?}: {error}")))?;
                let item = again.root().items().next();
                prop_assert_eq!(item.map(|item| (item.kind(), item.repr().into_owned())), Some((value.kind(), value.repr().into_owned())));
            }
        }
    }

    #[test]
    fn quoted_texts_come_back(text in "[ -~é€😀\n\t]{0,40}") {
        let single = in_single_quotes(&text);
        let tree = read(&format!("- {text:?}\n")).ok();
        if let Some(item) = tree.as_ref().and_then(|tree| tree.root().items().next()) {
            prop_assert_eq!(item.as_str(), Some(text.as_str()));
        }
        if !text.contains([' ', '\t']) {
            let tree = read(&format!("- '{single}'\n"));
            let item = tree.as_ref().ok().and_then(|tree| tree.root().items().next());
            if let Some(item) = item.filter(|_| !text.starts_with('\n') && !text.contains("---") && !text.contains("...")) {
                prop_assert_eq!(item.as_str(), Some(text.as_str()));
            }
        }
    }
}
