//! Which repairs of a report to try: those that are asked for, sorted, without overlap.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::check::Outcome;
use crate::diagnostic::{Diagnostic, FixSafety, Step};
use crate::repo::overlay::Overlay;
use crate::repo::{EntryKind, FileId, Link, TreeSource as _, Wanted};
use crate::source::{Edit, SourceText, Span};
use crate::yaml::{Budget, Tree, Value, parse};

/// One repair, of one or more findings that it settles alike.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// The file, links followed.
    pub(super) target: FileId,
    /// In order of position, without overlap; empty for a new name only.
    pub(super) edits: Vec<Edit>,
    /// The file's new name.
    pub(super) rename: Option<String>,
    /// The findings, as places in the list of the report.
    pub(super) findings: Vec<usize>,
}

/// A file with repairs, as it is before them.
#[derive(Debug)]
pub(super) struct Target {
    /// Its text.
    pub(super) text: String,
    /// How it is read; `None` if it is not readable yet.
    pub(super) tree: Option<Tree>,
}

/// The repairs to try, and the files that they are in.
pub(super) struct Chosen {
    /// In order of file and position.
    pub(super) units: Vec<Unit>,
    /// Every file of a unit.
    pub(super) targets: BTreeMap<FileId, Target>,
}

/// What tells the repair of a finding from others, whatever happened elsewhere in the file.
pub(super) fn identity(diagnostic: &Diagnostic) -> (String, String) {
    let title = diagnostic.fix.as_ref().map_or("", |fix| &fix.title);
    (diagnostic.fingerprint(), title.to_owned())
}

/// The repairs of `outcome` that are asked for and were not `refused`, without those that meet
/// another one before them: these may come in the next round.
pub(super) fn choose(
    outcome: &Outcome,
    overlay: &Overlay<'_>,
    unsafe_fixes: bool,
    refused: &HashSet<(String, String)>,
) -> Chosen {
    let mut targets: BTreeMap<FileId, Target> = BTreeMap::new();
    let mut unusable: BTreeSet<FileId> = BTreeSet::new();
    let mut known: HashMap<(FileId, Vec<Edit>, Option<String>), usize> = HashMap::new();
    let mut units: Vec<Candidate> = Vec::new();
    for (index, diagnostic) in outcome.diagnostics.iter().enumerate() {
        let Some(fix) = &diagnostic.fix else { continue };
        if (fix.safety == FixSafety::Unsafe && !unsafe_fixes) || refused.contains(&identity(diagnostic)) {
            continue;
        }
        let Some((target, is_link)) = target_of(diagnostic, overlay) else { continue };
        if unusable.contains(&target) {
            continue;
        }
        if !targets.contains_key(&target) {
            let Some(file) = load(overlay, &target, diagnostic.place.source.as_ref()) else {
                unusable.insert(target);
                continue;
            };
            targets.insert(target.clone(), file);
        }
        let Some(file) = targets.get(&target) else { continue };
        // A link's finding speaks of the text that is there.
        if diagnostic.place.source.as_ref().is_some_and(|source| source.text() != file.text) {
            continue;
        }
        let mut edits = fix.edits.clone();
        edits.sort();
        // Where every repair is welcome, nobody asks.
        let is_shared =
            !unsafe_fixes && file.tree.as_ref().is_some_and(|tree| is_shared(tree, &edits, diagnostic));
        let same = *known.entry((target.clone(), edits.clone(), fix.rename.clone())).or_insert(units.len());
        if units.len() == same {
            let unit = Unit { target, edits, rename: fix.rename.clone(), findings: Vec::new() };
            units.push(Candidate { unit, is_welcome: unsafe_fixes, links: BTreeSet::new() });
        }
        let Some(candidate) = units.get_mut(same) else { continue };
        candidate.unit.findings.push(index);
        if is_link && !is_shared {
            candidate.links.insert(diagnostic.place.file.to_string());
        } else {
            candidate.is_welcome |= !is_shared;
        }
    }
    let mut readers = Readers { overlay, of_service: BTreeMap::new() };
    let welcome = units.into_iter().filter(|it| it.is_welcome || readers.all_in(&it.links, &it.unit.target));
    let units = welcome.map(|candidate| candidate.unit).collect();
    Chosen { units: without_overlap(units), targets }
}

/// A repair, and whom it concerns.
struct Candidate {
    unit: Unit,
    /// Whether it changes nothing for anybody else.
    is_welcome: bool,
    /// The links to the file by which its findings came.
    links: BTreeSet<String>,
}

/// Who reads a file through links: all clusters of a service often share one.
struct Readers<'o> {
    overlay: &'o Overlay<'o>,
    /// By service, the links in it by what they lead to.
    of_service: BTreeMap<String, Links>,
}

type Links = BTreeMap<FileId, BTreeSet<String>>;

impl Readers<'_> {
    /// Whether `links` are all links of the service that lead to `target`: then a repair that is right for
    /// each of them is right for everybody.
    fn all_in(&mut self, links: &BTreeSet<String>, target: &FileId) -> bool {
        if links.is_empty() {
            return false;
        }
        let overlay = self.overlay;
        let all = self.of_service.entry(target.service.clone());
        let readers = all.or_insert_with(|| links_in(overlay, &target.service)).get(target);
        readers.is_none_or(|readers| readers.is_subset(links))
    }
}

fn links_in(overlay: &Overlay<'_>, name: &str) -> Links {
    let mut links = Links::new();
    let Some(service) = overlay.service(name) else { return links };
    for entry in overlay.load(service, &Wanted::Nothing).entries {
        if entry.kind == EntryKind::Link(Link::File)
            && let Some(target) = overlay.real_file(service, &entry.name)
        {
            links.entry(target).or_default().insert(format!("{name}/{}", entry.name));
        }
    }
    links
}

/// The file of a finding, links followed, and whether a link led there.
fn target_of(diagnostic: &Diagnostic, overlay: &Overlay<'_>) -> Option<(FileId, bool)> {
    let (service, file) = diagnostic.place.file.split_once('/')?;
    let target = overlay.real_file(overlay.service(service)?, file)?;
    let is_link = target.service != service || target.file != file;
    // What is no part of a service is nobody's to change.
    overlay.service(&target.service)?;
    Some((target, is_link))
}

/// The file as it is; `None` if it is not what the findings are about.
fn load(overlay: &Overlay<'_>, target: &FileId, source: Option<&Arc<SourceText>>) -> Option<Target> {
    let bytes = overlay.bytes(target)?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        // A file of another encoding can be renamed, not edited.
        Err(_) if source.is_none() => return Some(Target { text: String::new(), tree: None }),
        Err(_) => return None,
    };
    let tree = parse(text.as_bytes(), &Budget::default()).ok();
    Some(Target { text, tree })
}

/// The units in order of file and position, without those that meet one before them.
fn without_overlap(mut units: Vec<Unit>) -> Vec<Unit> {
    let extent = |unit: &Unit| {
        let edits = || unit.edits.iter().map(|edit| edit.span);
        edits().reduce(Span::to).unwrap_or_default()
    };
    units.sort_by(|a, b| {
        let key = |unit: &Unit| (extent(unit).start, unit.findings.first().copied());
        a.target.cmp(&b.target).then_with(|| key(a).cmp(&key(b)))
    });
    let mut chosen: Vec<Unit> = Vec::with_capacity(units.len());
    let mut end = 0;
    for unit in units {
        let span = extent(&unit);
        let is_first = chosen.last().is_none_or(|last| last.target != unit.target);
        // Neighbours that touch could be one insertion each at the same place.
        if is_first || (span.start > end && unit.rename.is_none()) {
            end = span.end;
            chosen.push(unit);
        }
    }
    chosen
}

/// Whether someone else uses the text that is edited: an instance that the finding does not speak
/// of has it by an alias.
fn is_shared(tree: &Tree, edits: &[Edit], diagnostic: &Diagnostic) -> bool {
    /// A file in which more is to be compared is no configuration.
    const MOST: usize = 10_000;
    let anchors: Vec<Span> = tree
        .anchors()
        .iter()
        .filter(|anchor| anchor.uses > 0)
        .map(|anchor| tree.anchored(anchor).span())
        .collect();
    let is_edited = |span: &Span| edits.iter().any(|edit| span.contains(edit.span));
    if !anchors.iter().any(is_edited) {
        return false;
    }
    let aliases: Vec<(Span, Span)> = tree.aliases().map(|(site, value)| (site, value.span())).collect();
    if anchors.len().saturating_mul(aliases.len()) > MOST {
        return true;
    }
    // An alias comes after its anchor, so one pass sees what leads to the edits.
    let mut reaching: Vec<Span> = anchors.iter().copied().filter(is_edited).collect();
    let mut sites: Vec<Span> = Vec::new();
    for (site, meaning) in aliases {
        if reaching.contains(&meaning) {
            sites.push(site);
            reaching.extend(anchors.iter().filter(|anchor| anchor.contains(site)));
        }
    }
    let users = tree.root().own_entries().filter(|entry| {
        let span = entry.key.span().to(entry.value.site());
        sites.iter().any(|site| span.contains(*site))
    });
    users.into_iter().any(|entry| !concerns(diagnostic, entry.key))
}

/// Whether a finding is about the entry of the top level with this key.
fn concerns(diagnostic: &Diagnostic, key: Value<'_>) -> bool {
    let name = key.text();
    let subject = &diagnostic.subject;
    subject.instance.as_deref() == Some(name)
        || matches!(subject.path.first(), Some(Step::Key(first)) if first == name)
        || diagnostic.also.iter().any(|other| other.instance == name)
}
