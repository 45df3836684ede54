//! Values without their secrets.

use crate::emit::Subject;
use crate::emit::python::{self, Data, Dict, Origin, Value, str};
use crate::secret;

/// A value as it may be shown; all of it is a secret where its path speaks of one.
pub(super) fn masked<'t>(subject: &Subject<'_, '_>, value: &Value<'t>, is_secret: bool) -> Value<'t> {
    let data = match &value.data {
        Data::Str(text) => {
            let is_secret = is_secret || is_hidden(subject, value.origin, text);
            Data::Str(secret::mask_under(text, is_secret).into_owned().into())
        }
        Data::List(items) => Data::List(list(subject, items, is_secret)),
        Data::Dict(dict) => {
            let mut masked_dict = Dict::default();
            for entry in dict {
                let key = entry.key.as_str().map_or_else(|| python::repr(&entry.key), str::to_owned);
                let value = masked(subject, &entry.value, is_secret || secret::sounds_secret(&key));
                masked_dict.insert(secret::mask_under(&key, is_secret).into_owned(), value);
            }
            Data::Dict(masked_dict)
        }
        other => {
            let text = str(value);
            let hidden = secret::mask_under(&text, is_secret);
            if hidden == text { other.clone() } else { Data::Str(hidden.into_owned().into()) }
        }
    };
    Value::new(data, value.origin)
}

/// Items of a list, in which a flag says what follows it.
fn list<'t>(subject: &Subject<'_, '_>, items: &[Value<'t>], is_secret: bool) -> Vec<Value<'t>> {
    let commands = secret::secrets_in_list(items.iter().map(|item| item.data.as_str()));
    let mut commands = commands.iter().peekable();
    let mut is_after_flag = false;
    let each = |(index, item): (usize, &Value<'t>)| {
        let text = item.data.as_str();
        let flag = text.filter(|text| text.starts_with('-'));
        let mut given = Vec::new();
        while let Some((_, range)) = commands.next_if(|(at, _)| *at == index) {
            given.push(range.clone());
        }
        let shown = masked(subject, item, is_secret || (is_after_flag && flag.is_none()));
        is_after_flag = flag.is_some_and(secret::takes_secret);
        match (text, shown.data.as_str()) {
            // Another mask hides more.
            (Some(text), Some(masked)) if text == masked && !given.is_empty() => {
                Value::new(Data::Str(secret::hide(text, &given).into()), item.origin)
            }
            _ => shown,
        }
    };
    items.iter().enumerate().map(each).collect()
}

/// Whether the value was found to be a secret where it is written: another name of the same anchor may
/// speak of one.
fn is_hidden(subject: &Subject<'_, '_>, origin: Origin, text: &str) -> bool {
    let Some(place) = subject.forest.place(origin) else { return false };
    let (Some(source), Some(span)) = (place.source, place.span) else { return false };
    source.hidden().meets(span) && secret::mask(text) == text
}

/// Words that may quote a value of that origin.
pub(super) fn words(subject: &Subject<'_, '_>, origin: Option<Origin>, words: &str) -> String {
    let source = origin.and_then(|origin| subject.forest.place(origin)).and_then(|place| place.source);
    let masked = secret::mask(words);
    source.map_or_else(|| masked.clone().into_owned(), |source| source.scrub(&masked).into_owned())
}
