//! The limits of a document, in either form.

use crate::rules::DocumentCx;
use crate::rules::written::{own_text, written};
use crate::yaml::{Entry, Kind, Value};

/// Calls `visit` with every limit, where it is written: its name and its mapping.
pub(crate) fn each_limit<'a>(cx: &DocumentCx<'a>, mut visit: impl FnMut(Entry<'a>)) {
    for ulimit in written(cx, "ulimit") {
        let limits = |mapping: Value<'a>| own_text(mapping).filter(|limit| limit.value.kind() == Kind::Map);
        match ulimit.value.kind() {
            Kind::Map => limits(ulimit.value).for_each(&mut visit),
            // The form of the documentation's example: a list of one-key mappings.
            Kind::Seq => ulimit.value.items().flat_map(limits).for_each(&mut visit),
            _ => {}
        }
    }
}
