//! The volumes of a document, and when two paths are one.

use crate::yaml::{Kind, Value};

use super::DocumentCx;
use super::written::written;

/// Every list of extra volumes, where it is written.
pub(crate) fn volume_lists<'a>(cx: &DocumentCx<'a>) -> impl Iterator<Item = Value<'a>> {
    let lists = written(cx, "extra_volumes").into_iter().map(|located| located.value);
    lists.filter(|list| list.kind() == Kind::Seq)
}

/// Every extra volume that is a mapping, where it is written.
pub(crate) fn volumes<'a>(cx: &DocumentCx<'a>) -> impl Iterator<Item = Value<'a>> {
    volume_lists(cx).flat_map(Value::items).filter(|volume| volume.kind() == Kind::Map)
}

/// The path as Docker compares it: without doubled slashes, `.`, and a slash at the end.
pub(crate) fn normal(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
    let mut normal = String::with_capacity(path.len());
    for part in parts {
        normal.push('/');
        normal.push_str(part);
    }
    if normal.is_empty() && path.starts_with('/') {
        normal.push('/');
    }
    if !path.starts_with('/') && !normal.is_empty() {
        normal.remove(0);
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn paths_that_docker_takes_for_one_are_one() {
        let cases = [
            ("/a/b", "/a/b"),
            ("/a/b/", "/a/b"),
            ("//a/./b", "/a/b"),
            ("/", "/"),
            ("///", "/"),
            ("a/b", "a/b"),
            ("./a", "a"),
            ("", ""),
        ];
        for (path, expected) in cases {
            assert_eq!(normal(path), expected, "{path}");
        }
    }
}
