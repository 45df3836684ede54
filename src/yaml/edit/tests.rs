//! Edits as texts before and after.

use super::*;
use crate::yaml::{Budget, Tree, parse};

fn tree(text: &str) -> Tree {
    parse(text.as_bytes(), &Budget::default()).unwrap()
}

fn apply(tree: &Tree, edits: Option<Vec<Edit>>) -> Option<String> {
    let mut text = tree.text().to_owned();
    for edit in edits?.into_iter().rev() {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    assert!(parse(text.as_bytes(), &Budget::default()).is_ok(), "{text}");
    Some(text)
}

/// Applies `edit` to the value of `a` in each text.
fn check(cases: &[(&str, Option<&str>)], edit: impl Fn(Value<'_>) -> Option<Vec<Edit>>) {
    for (text, expected) in cases {
        let tree = tree(text);
        let value = tree.root().get("a").unwrap();
        assert_eq!(apply(&tree, edit(value)).as_deref(), *expected, "{text}");
    }
}

#[test]
fn values_are_wrapped_where_they_stand() {
    let cases = [
        ("a: region:x\n", Some("a: [\"region:x\"]\n")),
        ("a: 'b'  # c\n", Some("a: ['b']  # c\n")),
        ("a: [b, c]\n", Some("a: [[b, c]]\n")),
        ("a: {b: c}\n", Some("a: [{b: c}]\n")),
        ("a: 1\n", Some("a: [1]\n")),
        ("a: \"b\\\"c\"\n", Some("a: [\"b\\\"c\"]\n")),
        ("a: b\"c\n", Some("a: ['b\"c']\n")),
        ("a:\n  - b\n", None),
        ("a: |\n  b\n", None),
        ("a:\n", None),
        ("x: &x b\na: *x\n", None),
    ];
    check(&cases, wrap);
}

#[test]
fn scalars_keep_their_quotes() {
    let cases = [
        ("a: b\n", "crossover", Some("a: crossover\n")),
        ("a: 'b'\n", "crossover", Some("a: 'crossover'\n")),
        ("a: \"b\"\n", "crossover", Some("a: \"crossover\"\n")),
        ("a: 'b'\n", "it's", Some("a: \"it's\"\n")),
        ("a: b\n", "no", Some("a: \"no\"\n")),
        ("a: b\n", "3", Some("a: \"3\"\n")),
        ("a: 3\n", "3", Some("a: \"3\"\n")),
        ("a: b\n", "x: \\\"", Some("a: 'x: \\\"'\n")),
        ("a: >\n  b\n", "c", None),
        ("a: b\n  c\n", "c", None),
        ("a: !!str b\n", "c", None),
        ("a: b\n", "c\nd", None),
        ("a: b\n", "\u{2028}", None),
    ];
    for (text, new, expected) in cases {
        check(&[(text, expected)], |value| replace(value, new));
    }
}

#[test]
fn quotes_are_put_and_taken() {
    check(
        &[
            ("a: no # b\r\n", Some("a: \"no\" # b\r\n")),
            ("a: 010", Some("a: \"010\"")),
            ("{a: 1}", Some("{a: \"1\"}")),
            ("a: 'no'\n", None),
            ("a:\n", None),
            ("a: !!str 1\n", None),
        ],
        quote,
    );
    check(
        &[
            ("a: '10' # b\n", Some("a: 10 # b\n")),
            ("a: \" 1.5 \"", Some("a: 1.5")),
            ("a: 'true'\n", Some("a: true\n")),
            ("a: 'ten'\n", None),
            ("a: ''\n", None),
            ("a: 10\n", None),
        ],
        unquote,
    );
}

#[test]
fn items_are_appended_in_the_style_of_the_list() {
    let cases = [
        ("a: [b]\n", Some("a: [b, region]\n")),
        ("a: [b, 'c' ]\n", Some("a: [b, 'c', region ]\n")),
        ("a: [b, ]\n", Some("a: [b, region ]\n")),
        ("a: []\n", Some("a: [region]\n")),
        ("a: [\n  b,\n  c\n]\n", Some("a: [\n  b,\n  c, region\n]\n")),
        ("a: [\n  b # c\n]\n", None),
        ("a:\n  - b  # c\n", Some("a:\n  - b  # c\n  - region\n")),
        ("a:\n- b\n", Some("a:\n- b\n- region\n")),
        ("a:\n- b", Some("a:\n- b\n- region")),
        ("a:\r\n- b\r\nc: 1\r\n", Some("a:\r\n- b\r\n- region\r\nc: 1\r\n")),
        ("a:\n  -   b\nz: 1\n", Some("a:\n  -   b\n  - region\nz: 1\n")),
        ("a:\n  - b: 1\n    c: 2\n\n# z\nz: 1\n", Some("a:\n  - b: 1\n    c: 2\n  - region\n\n# z\nz: 1\n")),
        ("a: b\n", None),
    ];
    check(&cases, |value| append(value, "region"));
}

#[test]
fn items_are_removed() {
    let second = |list: Value<'_>| remove_item(list, list.items().nth(1)?);
    let cases = [
        ("a: [b, c]\n", Some("a: [b]\n")),
        ("a: [b, c, d]\n", Some("a: [b, d]\n")),
        ("a: [b, &x c, d]\n", Some("a: [b, d]\n")),
        ("a: [b, &x c, *x]\n", None),
        ("a: [b , c ]\n", Some("a: [b  ]\n")),
        ("a: [\n  b,\n  c,\n]\n", Some("a: [\n  b,\n  \n]\n")),
        ("a: [\n  b,\n  c\n]\n", Some("a: [\n  b\n]\n")),
        ("a:\n  - b\n  - c  # c\n", Some("a:\n  - b\n")),
        ("a:\n- b\n- c: 1\n  d: 2\n- e", Some("a:\n- b\n- e")),
        ("a:\n- b\n- c", Some("a:\n- b\n")),
        ("a:\n- - b\n  - c\n- - d\n", Some("a:\n- - b\n  - c\n")),
        ("a: [b]\n", None),
    ];
    check(&cases, second);
    let first = |list: Value<'_>| remove_item(list.items().next()?, list.items().next()?.items().next()?);
    check(&[("a:\n- - b\n  - c\n", Some("a:\n- - c\n")), ("a:\n- - b\n  # x\n  - c\n", None)], first);
}

#[test]
fn entries_are_removed_with_their_lines() {
    let remove = |mapping: Value<'_>| remove_entry(mapping, mapping.entry("k")?);
    let cases = [
        ("a:\n  b: 1\n  k: 2  # gone\n  c: 3\n", Some("a:\n  b: 1\n  c: 3\n")),
        ("a:\n  b: 1\n  # stays\n  k: 2\n", Some("a:\n  b: 1\n  # stays\n")),
        ("a:\n  b: 1\n  k: 2", Some("a:\n  b: 1\n")),
        ("a:\r\n  k: 2\r\n  b: 1\r\n", Some("a:\r\n  b: 1\r\n")),
        ("a:\n  k:\n  b: 1\n", Some("a:\n  b: 1\n")),
        (
            "a:\n  k:\n    x: 1\n    # gone\n    y: 2\n  # stays\n\n  b: 1\n",
            Some("a:\n  # stays\n\n  b: 1\n"),
        ),
        ("a:\n  b: 1\n\n  k: 2\n\n  c: 3\n", Some("a:\n  b: 1\n\n  c: 3\n")),
        ("a:\n  b: 1\n  k: |\n    x\n\n  c: 3\n", Some("a:\n  b: 1\n\n  c: 3\n")),
        ("a:\n  k: 1\n", None),
        ("a:\n  k: &x 1\n  b: *x\n", None),
        ("z: &z 1\na:\n  k: *z\n  b: 2\n", Some("z: &z 1\na:\n  b: 2\n")),
        ("z: &z {k: 1}\na:\n  <<: *z\n  b: 2\n", None),
        ("a:\n  ? k\n  : 1\n  b: 2\n", None),
        ("a: {b: 1, k: 2}\n", Some("a: {b: 1}\n")),
        ("a: {k: 2, b: 1}\n", Some("a: {b: 1}\n")),
        ("a: {b: 1, k: }\n", Some("a: {b: 1 }\n")),
        ("a: {b: 1, k, c: 1}\n", Some("a: {b: 1, c: 1}\n")),
        ("a: {b: 1, 'k': [1, 2], c: 1}\n", Some("a: {b: 1, c: 1}\n")),
        ("a: {\n  b: 1,\n  k: 2 # c\n}\n", Some("a: {\n  b: 1 # c\n}\n")),
        ("a: {\n  k: 2, # c\n  b: 1\n}\n", None),
    ];
    check(&cases, remove);
    let in_item = |list: Value<'_>| {
        let item = list.items().next()?;
        remove_entry(item, item.entry("k")?)
    };
    let cases = [
        ("a:\n  - k: 1 # x\n    b: 2\n", Some("a:\n  - b: 2\n")),
        ("a:\n  - b: 1\n    k: 2\n", Some("a:\n  - b: 1\n")),
        ("a:\n  - k: 1\n    # about b\n    b: 2\n", None),
    ];
    check(&cases, in_item);
}

#[test]
fn entries_are_added_and_renamed() {
    let cases = [
        ("a:\n  b: 1 # c\nz: 1\n", Some("a:\n  b: 1 # c\n  new: 1\nz: 1\n")),
        ("a:\n  b: 1", Some("a:\n  b: 1\n  new: 1")),
        ("a:\n  b:\n  - x\n\n# z\nz: 1\n", Some("a:\n  b:\n  - x\n  new: 1\n\n# z\nz: 1\n")),
        ("a:\n  b: |\n    x\n\nz: 1\n", Some("a:\n  b: |\n    x\n  new: 1\n\nz: 1\n")),
        ("a: {b: 1}\n", Some("a: {b: 1, new: 1}\n")),
        ("a: {}\n", Some("a: {new: 1}\n")),
        ("a: {new: 2}\n", None),
    ];
    check(&cases, |mapping| insert_entry(mapping, "new", "1"));
    let rename = |mapping: Value<'_>| rename_key(mapping, mapping.entry("k")?, "new");
    let cases = [
        ("a: {k: 1}\n", Some("a: {new: 1}\n")),
        ("a:\n  'k': 1\n", Some("a:\n  new: 1\n")),
        ("a: {k: 1, new: 2}\n", None),
        ("z: &z {k: 1}\na: {<<: *z}\n", None),
    ];
    check(&cases, rename);
}
