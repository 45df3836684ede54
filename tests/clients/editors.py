"""The schemas in yaml-language-server, which is what VS Code, Neovim and others run: set up with what
`soalint schema --editor vscode` prints, its diagnostics must be about the same entries as soalint's findings."""
import bisect
import json
import os

import trees
from language_server import Server, sections

# Set-up (dialect, YAML version) of the runs. What `--editor` prints says 1.1; 1.2 is what the server takes
# without it.
RUNS = (('documented', '1.1'), ('paasta-0.66', '1.1'), ('documented', '1.2'))


def server(context, root, dialect, **changes):
    """A server for the tree at `root`, with the schemas in the tree and the settings as printed."""
    printed = context.soalint(
        'schema', '-q', '--isolated', '--dialect', dialect, '--write', '.soalint/schemas', '--editor', 'vscode', cwd=root)
    settings = json.loads(printed)
    assert settings['yaml.yamlVersion'] == '1.1'
    # There is no network here to fetch a public catalog from.
    settings.update({'yaml.schemaStore.enable': False, **changes})
    return Server(command(context), root, sections(settings))


def command(context):
    """How the server is started."""
    return ['node', os.path.join(context.node_modules, 'yaml-language-server', 'bin', 'yaml-language-server'), '--stdio']


def compare(context):
    """Compares all diagnostics; returns the differences that nothing explains."""
    wrong = []
    tree = context.tree
    texts = {}
    for path in tree.origin:
        try:
            texts[path] = tree.text(path).decode()
        except UnicodeDecodeError:
            # An editor opens text.
            pass
    for dialect, version in RUNS:
        with server(context, tree.root, dialect, **{'yaml.yamlVersion': version}) as running:
            for path, text in texts.items():
                running.open(os.path.join(tree.root, path), text)
            found = running.diagnosed([os.path.join(tree.root, path) for path in texts])
        client = 'yaml-language-server %s' % version
        counts = {'clean': 0, 'found': 0, 'no YAML': 0}
        for path, text in texts.items():
            diagnostics = found[os.path.join(tree.root, path)]
            ours = context.shape_errors[dialect][path]
            is_yaml = context.nodes[path] is not None and not any(is_syntax_error(d) for d in diagnostics)
            counts['no YAML' if not is_yaml else 'found' if ours else 'clean'] += 1
            if is_yaml:
                for said in unexplained(context, client, path, text, ours, diagnostics):
                    wrong.append('%s (%s, %s, %s): %s' % (tree.origin[path], path, dialect, client, said))
        assert counts['clean'] > 300 and counts['found'] > 300, counts
        print('%s, %s: compared %d files that are clean and %d that are not; %d are no YAML to one of both' % (
            client, dialect, counts['clean'], counts['found'], counts['no YAML']))
    return wrong


def is_syntax_error(diagnostic):
    return diagnostic['source'] == 'YAML' and diagnostic['severity'] == 1


def unexplained(context, client, path, text, ours, diagnostics):
    """What one side finds wrong with an entry of the file in which the other finds nothing."""
    node = context.nodes[path]
    starts = sorted(entry['key']['start']['line'] for entry in node['entries']) if node['type'] == 'map' else []
    entry = lambda line: bisect.bisect_right(starts, line)
    lines = text.split('\n')
    theirs = [
        (entry(d['range']['start']['line'] + 1), d['message'], in_range(lines, d['range']))
        for d in diagnostics if d['source'].startswith('yaml-schema')
    ]
    mine = []
    for finding in ours:
        # A finding about the whole file has no place.
        start, end = finding.get('start'), finding.get('end')
        there = text.encode()[start['offset']:end['offset']].decode() if start else ''
        mine.append((entry(start['line'] if start else 1), '%(rule)s: %(message)s' % finding, there))
    for who, some, others in (('client', theirs, mine), ('soalint', mine, theirs)):
        entries = {number for number, _, _ in others}
        for number, said, there in some:
            if number not in entries and not context.differences.explains(client, who, said, there):
                yield 'only %s says %r of %r' % (client if who == 'client' else 'soalint', said, there[:60])


def in_range(lines, place):
    """The text of a range within one line, or the rest of its first line."""
    start, end = place['start'], place['end']
    line = lines[start['line']] if start['line'] < len(lines) else ''
    return line[start['character']:end['character'] if end['line'] == start['line'] else None]
