"""The files that the clients are asked about: recorded trees, public corpora, the examples, and the cases
of the rules' tests, laid out in one tree with a service for each.

A file goes under its own name if PaaSTA would read it; a corpus file that has another name goes under the
name of every kind, so that every schema is asked about it.
"""
import io
import json
import os
import re
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KINDS = ('marathon', 'chronos', 'adhoc', 'smartstack', 'monitoring', 'service', 'deploy', 'dependencies')
NAME = re.compile(r'(?:(marathon|chronos|adhoc)-[0-9a-z_-]*|(smartstack|monitoring|service|deploy|dependencies))\.yaml')


def kind_of(path):
    """The kind of file that PaaSTA takes this name for, or None."""
    match = NAME.fullmatch(os.path.basename(path))
    return match and (match.group(1) or match.group(2))


def name_of(kind):
    return '%s-norcal-prod.yaml' % kind if kind in KINDS[:3] else '%s.yaml' % kind


def archive(name):
    """Regular YAML files of an archive of tests/data: (path in the archive, bytes)."""
    with tarfile.open(os.path.join(ROOT, 'tests', 'data', name)) as tar:
        for member in sorted(tar.getmembers(), key=lambda member: member.name):
            if member.isfile() and re.search(r'\.ya?ml$', member.name):
                yield member.name, tar.extractfile(member).read()


def directory(name):
    """Regular YAML files below a directory of the repository."""
    for parent, directories, files in os.walk(os.path.join(ROOT, name)):
        directories.sort()
        for file in sorted(files):
            path = os.path.join(parent, file)
            if kind_of(file) and not os.path.islink(path):
                with open(path, 'rb') as stream:
                    yield os.path.relpath(path, ROOT), stream.read()


def rule_cases():
    """The files of the literate tests of the rules: fenced blocks `yaml NAME`."""
    base = os.path.join(ROOT, 'tests', 'rules')
    for page in sorted(os.listdir(base)):
        with io.open(os.path.join(base, page), encoding='utf-8', newline='') as stream:
            text = stream.read()
        blocks = re.finditer(r'^```yaml ?(\S*)\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)
        for number, block in enumerate(blocks, 1):
            name = block.group(1) or 'marathon-norcal-prod.yaml'
            if kind_of(name):
                yield 'tests/rules/%s#%d/%s' % (page, number, name), block.group(2).encode()


def distinct(groups):
    """Each (kind, bytes) once: (where it is from, kind, bytes). `groups` also say whether files of
    other names count."""
    seen = set()
    for files, any_name in groups:
        for path, content in files:
            kind = kind_of(path)
            kinds = (kind,) if kind else KINDS if any_name else ()
            for kind in kinds:
                if (kind, content) not in seen:
                    seen.add((kind, content))
                    yield path, kind, content


def everything():
    """All files, as `distinct` gives them."""
    return distinct([
        (archive('conformance.tar.gz'), False),
        (archive('real-corpora.tar.gz'), True),
        (directory('examples'), False),
        (rule_cases(), False),
    ])


class Tree:
    """The files laid out on disk below `root`; `origin` tells where each is from."""

    def __init__(self, root, files):
        self.root = root
        self.origin = {}
        for number, (origin, kind, content) in enumerate(files):
            service = 'f%04d' % number
            os.makedirs(os.path.join(root, service))
            path = '%s/%s' % (service, name_of(kind))
            with open(os.path.join(root, path), 'wb') as stream:
                stream.write(content)
            self.origin[path] = origin

    def shape_errors(self, soalint, dialect):
        """What soalint finds wrong with the shape of each file: {path: [finding]}.

        No other rule runs, since of several findings about the same characters only the one that says most
        would be left, and that need not be the one about the shape.
        """
        rules = shape_rules(soalint)
        command = [soalint, 'check', '-d', self.root, '--isolated', '--dialect', dialect, '--only', ','.join(rules)]
        command += ['--output-format', 'json', '--fail-on', 'never']
        report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        found = {path: [] for path in self.origin}
        for finding in report['diagnostics']:
            if finding['rule'] in rules and finding['severity'] == 'error':
                found[finding['file']].append(finding)
        return found

    def text(self, path):
        with open(os.path.join(self.root, path), 'rb') as stream:
            return stream.read()

    def read(self, soalint):
        """Every file as `soalint read` reads it: {path: node}, None where no reader of YAML accepts it."""
        def read(path):
            command = [soalint, 'read', '--format', 'json', os.path.join(self.root, path)]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            assert done.returncode in (0, 1), path
            return json.loads(done.stdout) if done.returncode == 0 else None

        # The same text as files of several kinds is read once.
        first = {}
        for path in self.origin:
            first.setdefault(self.text(path), path)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            nodes = dict(zip(first, pool.map(read, first.values())))
        return {path: nodes[self.text(path)] for path in self.origin}


# Rules that speak of a mistake in the shape because they know more about the key (src/schema/explain: what it
# leaves to them).
BETTER_KNOWING = {
    'alert-after-format', 'blacklist-shape', 'bounce-margin-range', 'bounce-method-enum', 'constraint-not-string',
    'constraint-operator', 'constraint-shape', 'extra-advertise-shape', 'healthcheck-cmd-missing',
    'namespace-not-mapping', 'parent-format', 'proxy-port-missing', 'schedule-or-parents', 'schedule-with-parents',
    'volume-mode', 'whitelist-shape', 'yaml-jinja-leftover',
}


def shape_rules(soalint):
    """Rules of the shape check: those whose files are in src/rules/schema, and those that know better."""
    listed = json.loads(subprocess.run([soalint, 'rules', '--format', 'json'], check=True, stdout=subprocess.PIPE).stdout)
    folder = os.path.join(ROOT, 'src', 'rules', 'schema')
    rules = {rule['name'] for rule in listed if os.path.exists(os.path.join(folder, rule['name'].replace('-', '_') + '.rs'))}
    names = {rule['name'] for rule in listed}
    assert len(rules) > 20 and names >= BETTER_KNOWING, BETTER_KNOWING - names
    return rules | BETTER_KNOWING


def to_json(node):
    """A node of `soalint read --format json` as plain JSON. Raises ValueError where JSON has no word for it."""
    kind = node['type']
    if kind in ('null', 'bool', 'str'):
        return node['value']
    if kind == 'int':
        return int(node['value'])
    if kind == 'float':
        value = float(node['value'])
        if value - value != 0:
            raise ValueError('not finite')
        return value
    if kind == 'seq':
        return [to_json(item) for item in node['items']]
    if kind == 'map':
        if any(entry['key']['type'] != 'str' for entry in node['entries']):
            raise ValueError('a key that is no text')
        return {entry['key']['value']: to_json(entry['value']) for entry in node['entries']}
    raise ValueError(kind)
