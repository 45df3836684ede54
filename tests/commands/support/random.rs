//! What random trees are made of.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Numbers that look random and are the same in each run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("32 bits") % limit.max(1)
    }

    pub(crate) fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// The files of both example trees: nearly every rule has something to say there.
pub(crate) fn examples() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for tree in ["examples/yelpsoa-configs", "examples/mistakes"] {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(tree);
        for service in fs::read_dir(root).expect("a tree").flatten().filter(|entry| entry.path().is_dir()) {
            for file in fs::read_dir(service.path()).expect("a service").flatten() {
                let path = format!("{}/{}", service.file_name().display(), file.file_name().display());
                if let Ok(text) = fs::read_to_string(file.path()) {
                    files.insert(path, text);
                }
            }
        }
    }
    files
}
