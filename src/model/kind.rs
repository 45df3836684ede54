//! Which kind of configuration a file holds, by its name.

/// A kind of configuration file in a service directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `marathon-<cluster>.yaml`: long-running instances.
    Marathon,
    /// `chronos-<cluster>.yaml`: scheduled jobs.
    Chronos,
    /// `adhoc-<cluster>.yaml`: instances that people start by hand.
    Adhoc,
    /// `smartstack.yaml`: registration, discovery, load balancing.
    Smartstack,
    /// `monitoring.yaml`: who is alerted, and how.
    Monitoring,
    /// `service.yaml`: facts about the service.
    Service,
    /// `deploy.yaml`: the deployment pipeline.
    Deploy,
    /// `dependencies.yaml`: what the outbound firewall lets through.
    Dependencies,
}

impl FileKind {
    /// Every kind; those with a cluster first, in the order in which PaaSTA looks for an instance.
    pub const ALL: [FileKind; 8] = [
        FileKind::Marathon,
        FileKind::Chronos,
        FileKind::Adhoc,
        FileKind::Smartstack,
        FileKind::Monitoring,
        FileKind::Service,
        FileKind::Deploy,
        FileKind::Dependencies,
    ];

    /// The word that file names, commands and schemas use.
    pub const fn name(self) -> &'static str {
        match self {
            FileKind::Marathon => "marathon",
            FileKind::Chronos => "chronos",
            FileKind::Adhoc => "adhoc",
            FileKind::Smartstack => "smartstack",
            FileKind::Monitoring => "monitoring",
            FileKind::Service => "service",
            FileKind::Deploy => "deploy",
            FileKind::Dependencies => "dependencies",
        }
    }

    /// The kind called `name`.
    pub fn parse(name: &str) -> Option<FileKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Those whose top level holds instances.
    pub const WITH_INSTANCES: [FileKind; 3] = [FileKind::Marathon, FileKind::Chronos, FileKind::Adhoc];

    /// Whether there is one file per cluster.
    pub const fn has_cluster(self) -> bool {
        self.has_instances()
    }

    /// Whether the top level holds instances: marathon, chronos and adhoc.
    pub const fn has_instances(self) -> bool {
        matches!(self, FileKind::Marathon | FileKind::Chronos | FileKind::Adhoc)
    }

    /// How the files are called, for messages: `marathon-*.yaml`, `smartstack.yaml`.
    pub fn file_pattern(self) -> String {
        let name = self.name();
        if self.has_cluster() { format!("{name}-*.yaml") } else { format!("{name}.yaml") }
    }

    /// What one top-level entry is called.
    pub const fn entry_noun(self) -> &'static str {
        match self {
            FileKind::Chronos => "job",
            FileKind::Smartstack => "namespace",
            FileKind::Dependencies => "dependency list",
            FileKind::Marathon | FileKind::Adhoc => "instance",
            FileKind::Monitoring | FileKind::Service | FileKind::Deploy => "key",
        }
    }

    /// The kind of a file that PaaSTA reads under this name, and its cluster.
    ///
    /// PaaSTA's own rule (`utils.list_clusters`): the cluster is any number of `0-9`, `a-z`, `_`
    /// and `-`, even none; every other name is not looked at.
    pub fn from_file_name(name: &str) -> Option<(FileKind, Option<&str>)> {
        match classify(name) {
            FileName::Known { kind, cluster } => Some((kind, cluster)),
            FileName::EmptyCluster { kind } => Some((kind, Some(""))),
            _ => None,
        }
    }
}

/// What a file name in a service directory says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileName<'a> {
    /// PaaSTA reads it.
    Known {
        /// What it holds.
        kind: FileKind,
        /// Cluster part, for kinds that have one.
        cluster: Option<&'a str>,
    },
    /// `marathon-.yaml`: PaaSTA's pattern matches it, as a cluster with an empty name.
    EmptyCluster {
        /// What it would hold.
        kind: FileKind,
    },
    /// The cluster part has capitals, but is fine otherwise: a template that links point at, or lost.
    UpperCaseCluster {
        /// What it would hold.
        kind: FileKind,
        /// The part with capitals.
        cluster: &'a str,
    },
    /// The cluster part has characters that PaaSTA does not match: the file is never read.
    BadClusterCharacters {
        /// What it would hold.
        kind: FileKind,
        /// The part with them.
        cluster: &'a str,
    },
    /// A known name, but it ends in `.yml`, which is never read.
    WrongExtension {
        /// What it would hold.
        kind: FileKind,
        /// Cluster part, for kinds that have one.
        cluster: Option<&'a str>,
    },
    /// YAML under a name that nothing reads.
    Unknown {
        /// The file that was probably meant: the kind, if the name is near one.
        near: Option<FileKind>,
    },
    /// Not YAML by its name.
    NotYaml,
}

/// Reads a file name as PaaSTA does, and says what is odd about near misses.
pub fn classify(name: &str) -> FileName<'_> {
    if name.starts_with('.') {
        return FileName::NotYaml;
    }
    let (stem, right_extension) = match name.rsplit_once('.') {
        Some((stem, "yaml")) => (stem, true),
        Some((stem, extension)) if is_yaml_like(extension) => (stem, false),
        _ => return FileName::NotYaml,
    };
    let known = match (FileKind::parse(stem), stem.split_once('-')) {
        (Some(kind), _) if !kind.has_cluster() => Some((kind, None)),
        (_, Some((prefix, cluster))) => {
            FileKind::parse(prefix).filter(|kind| kind.has_cluster()).map(|kind| (kind, Some(cluster)))
        }
        _ => None,
    };
    let Some((kind, cluster)) = known else {
        return FileName::Unknown { near: near_kind(stem) };
    };
    if !right_extension {
        return FileName::WrongExtension { kind, cluster };
    }
    match cluster {
        None => FileName::Known { kind, cluster },
        Some("") => FileName::EmptyCluster { kind },
        Some(text) if text.bytes().all(is_cluster_byte) => FileName::Known { kind, cluster },
        Some(text) if text.bytes().all(|byte| is_cluster_byte(byte.to_ascii_lowercase())) => {
            FileName::UpperCaseCluster { kind, cluster: text }
        }
        Some(text) => FileName::BadClusterCharacters { kind, cluster: text },
    }
}

const fn is_cluster_byte(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'_' | b'-')
}

fn is_yaml_like(extension: &str) -> bool {
    extension.eq_ignore_ascii_case("yml") || extension.eq_ignore_ascii_case("yaml")
}

/// What separates the words of a file name, whoever gave it.
const SEPARATORS: [char; 4] = ['-', '_', '.', ' '];

/// The kind that a misspelt name probably means: a typo in the first word, `marathon_prod`,
/// `marathon`, another word for it, or one word taken apart (`smart_stack`).
fn near_kind(stem: &str) -> Option<FileKind> {
    let lower = stem.to_ascii_lowercase();
    let word = lower.split(SEPARATORS).next().unwrap_or(&lower);
    match lower.as_str() {
        "monitor" => return Some(FileKind::Monitoring),
        "dependency" => return Some(FileKind::Dependencies),
        // Alone it may be anybody's.
        _ if word == "cron" && lower.len() > "cron-".len() => return Some(FileKind::Chronos),
        _ => {}
    }
    let joined = lower.replace(SEPARATORS, "");
    let mut best = None;
    for word in [word, &joined].into_iter().filter(|word| word.len() <= 32) {
        for kind in FileKind::ALL {
            let distance = strsim::damerau_levenshtein(word, kind.name());
            if distance <= kind.name().len() / 4 && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, kind));
            }
        }
    }
    best.map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_paasta_reads_them() {
        let known = |kind, cluster| FileName::Known { kind, cluster };
        let cases = [
            ("marathon-norcal-prod.yaml", known(FileKind::Marathon, Some("norcal-prod"))),
            ("chronos-a_b-1.yaml", known(FileKind::Chronos, Some("a_b-1"))),
            ("smartstack.yaml", known(FileKind::Smartstack, None)),
            ("marathon-.yaml", FileName::EmptyCluster { kind: FileKind::Marathon }),
            ("marathon-PROD.yaml", FileName::UpperCaseCluster { kind: FileKind::Marathon, cluster: "PROD" }),
            ("adhoc-a.b.yaml", FileName::BadClusterCharacters { kind: FileKind::Adhoc, cluster: "a.b" }),
            (
                "chronos-testcluster.yml",
                FileName::WrongExtension { kind: FileKind::Chronos, cluster: Some("testcluster") },
            ),
            ("service.yml", FileName::WrongExtension { kind: FileKind::Service, cluster: None }),
            ("smartsack.yaml", FileName::Unknown { near: Some(FileKind::Smartstack) }),
            ("marathon_prod.yaml", FileName::Unknown { near: Some(FileKind::Marathon) }),
            ("marathon.yaml", FileName::Unknown { near: Some(FileKind::Marathon) }),
            ("smartstack-prod.yaml", FileName::Unknown { near: Some(FileKind::Smartstack) }),
            ("Monitoring.yaml", FileName::Unknown { near: Some(FileKind::Monitoring) }),
            ("smart_stack.yaml", FileName::Unknown { near: Some(FileKind::Smartstack) }),
            ("smart-stack.yaml", FileName::Unknown { near: Some(FileKind::Smartstack) }),
            ("monitor.yaml", FileName::Unknown { near: Some(FileKind::Monitoring) }),
            ("dependency.yaml", FileName::Unknown { near: Some(FileKind::Dependencies) }),
            ("cron-norcal-prod.yaml", FileName::Unknown { near: Some(FileKind::Chronos) }),
            ("cron.yaml", FileName::Unknown { near: None }),
            ("crontab-prod.yaml", FileName::Unknown { near: None }),
            ("monitor-disk.yaml", FileName::Unknown { near: None }),
            ("lb.yaml", FileName::Unknown { near: None }),
            (".marathon-prod.yaml", FileName::NotYaml),
            ("chronos-prod.yaml.bak", FileName::NotYaml),
            ("vip", FileName::NotYaml),
            ("", FileName::NotYaml),
        ];
        for (name, expected) in cases {
            assert_eq!(classify(name), expected, "{name}");
        }
    }

    #[test]
    fn only_names_that_paasta_matches_have_a_kind() {
        assert_eq!(
            FileKind::from_file_name("marathon-mesosstage.yaml"),
            Some((FileKind::Marathon, Some("mesosstage")))
        );
        assert_eq!(FileKind::from_file_name("adhoc-.yaml"), Some((FileKind::Adhoc, Some(""))));
        assert_eq!(FileKind::from_file_name("marathon-PROD.yaml"), None);
        assert_eq!(FileKind::from_file_name("marathon-prod.yml"), None);
        for kind in FileKind::ALL {
            assert_eq!(FileKind::parse(kind.name()), Some(kind));
        }
    }
}
