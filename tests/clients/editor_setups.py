"""What an editor shows beside errors, and every way of setting one up that `soalint schema` offers."""
import functools
import http.server
import json
import os
import subprocess
import sys
import threading
import xml.etree.ElementTree

import editor_inserts
import editors
import trees
from language_server import Server, sections

MARATHON = '''main:
  cpus: 1
  bounce_method: crossover
  nerve_ns: main
  ulimit: {nofile: {soft: 1024}}
  autoscaling: {setpoint: 0.5}
  monitoring:
    page: true
    @a
  @b
other:
  drain_method: @c
'''
FILES = {
    'marathon-norcal-prod.yaml': MARATHON,
    'chronos-norcal-prod.yaml': 'nightly:\n  schedule: 0 3 * * *\n  @b\n',
    'adhoc-norcal-prod.yaml': 'shell:\n  mem: 64\n  @b\n',
    'smartstack.yaml': 'main:\n  proxy_port: 20001\n  mode: @c\n  @b\n',
    'monitoring.yaml': 'team: search\n@b\n',
    'service.yaml': 'description: a service\n@b\n',
    'deploy.yaml': 'pipeline:\n  - step: itest\n    @b\n',
    'dependencies.yaml': 'main:\n  - @b\n',
    '../.soalint.yaml': 'dialect: documented\n@b\nrules:\n  mem-range: warning\n  unknown-key: {level: "off"}\n  @a\n',
}

# (file, text under the mouse, parts of the hover)
HOVERS = [
    ('marathon-norcal-prod.yaml', 'main', ['An instance: tasks that always run']),
    ('marathon-norcal-prod.yaml', 'cpus', ['Number of CPUs', 'more than 0', 'default `0.25`', 'bounces the instance']),
    ('marathon-norcal-prod.yaml', 'crossover', ['default `crossover`', '* `crossover`: New tasks start at once', '* `brutal`: ']),
    ('marathon-norcal-prod.yaml', 'nerve_ns', ['**Deprecated**: Use `registrations', 'Example:', 'nerve_ns: main']),
    ('marathon-norcal-prod.yaml', 'nofile', ['Number of open files']),
    ('marathon-norcal-prod.yaml', 'soft', ['#### limit', 'The limit that applies']),
    ('marathon-norcal-prod.yaml', 'setpoint', ['default `0.8`']),
    ('marathon-norcal-prod.yaml', 'page', ['#### monitoring settings', 'Whether someone is paged', 'default `false`']),
    ('chronos-norcal-prod.yaml', 'nightly', ['A job: ']),
    ('chronos-norcal-prod.yaml', 'schedule', ['ISO 8601']),
    ('adhoc-norcal-prod.yaml', 'mem', ['Memory in MB', 'default `1024`']),
    ('smartstack.yaml', 'proxy_port', ['unique in all environments', 'from 1 to 65535']),
    ('monitoring.yaml', 'team', ['team']),
    ('service.yaml', 'description', ['service']),
    ('deploy.yaml', 'step', ['`push-to-registry`']),
    ('../.soalint.yaml', 'mem-range', ['#### levels of rules', 'Finds', '* `warning`: Probably a mistake']),
    ('../.soalint.yaml', 'level', ['Level of the rule']),
    ('../.soalint.yaml', 'dialect', ['Which side counts', '* `documented`: What PaaSTA', '* `paasta-0.66`: ']),
]

# (file, marker, labels that are offered, labels that are not, parts of the first label's documentation)
COMPLETIONS = [
    ('marathon-norcal-prod.yaml', '@b', ['mem', 'instances', 'registrations', 'healthcheck_uri'], ['cpus', 'nerve_ns', 'schedule'],
     ['Memory in MB', 'default `1024`']),
    ('marathon-norcal-prod.yaml', '@a', ['alert_after', 'runbook'], ['page', 'mem'], ['How long a check must have been failing']),
    ('marathon-norcal-prod.yaml', '@c', ['noop', 'hacheck', 'http'], ['crossover'], []),
    ('chronos-norcal-prod.yaml', '@b', ['parents', 'epsilon', 'cmd'], ['instances', 'nerve_ns'], ['Jobs that must have finished']),
    ('adhoc-norcal-prod.yaml', '@b', ['cmd', 'cpus'], ['instances', 'schedule'], ['The command']),
    ('smartstack.yaml', '@b', ['advertise', 'timeout_connect_ms'], ['routes', 'proxy_port'], ['default `["region"]`']),
    ('smartstack.yaml', '@c', ['http', 'tcp'], [], []),
    ('monitoring.yaml', '@b', ['page', 'runbook'], ['team', 'check_every'], ['default `false`']),
    ('service.yaml', '@b', ['external_link', 'git_url'], ['runs_on', 'description'], []),
    ('deploy.yaml', '@b', ['wait_for_deployment'], ['step'], ['default `true`', 'Undocumented']),
    ('dependencies.yaml', '@b', ['smartstack', 'well-known'], [], []),
    ('../.soalint.yaml', '@b', ['profile', 'ports', 'site'], ['dialect'], ['How much is reported']),
    ('../.soalint.yaml', '@a', ['proxy-port-duplicate', 'type-mismatch'], ['unknown-key'], []),
]


def place(text, found):
    """Line and character, from 0, of the middle of a text, or of a marker."""
    before = strip_markers(text[:text.index(found)])
    return before.count('\n'), len(before) - before.rfind('\n') - 1 + (0 if found[0] == '@' else len(found) // 2)


def try_all(context):
    """Every check of this file; fails on the first that does not hold."""
    root = os.path.join(context.directory, 'yelpsoa-configs')
    os.makedirs(os.path.join(root, 'web'))
    for name, text in FILES.items():
        with open(os.path.join(root, 'web', name), 'w') as stream:
            stream.write(strip_markers(text))
    # Unfinished, as the others are; that would stop soalint.
    os.remove(os.path.join(root, '.soalint.yaml'))
    documented(context, root)
    hover_and_complete(context, root)
    editor_inserts.try_all(context, root)
    wrong = os.path.join(root, 'web', 'marathon-pnw-prod.yaml')
    with open(wrong, 'w') as stream:
        stream.write('main:\n  cpus: many\n')
    relative_and_absolute(context, root, wrong)
    modeline(context, root)
    catalog(context, root, wrong)
    jetbrains(context, root)
    return neovim(context, root, wrong)


def strip_markers(text):
    for marker in ('@a', '@b', '@c'):
        text = text.replace(marker, '')
    return text


def documented(context, root):
    """The commands of docs/integrations.md, in a shell, print what the page shows and leave working settings."""
    with open(os.path.join(trees.ROOT, 'docs', 'integrations.md'), encoding='utf-8') as stream:
        blocks = [block.split('```')[0] for block in stream.read().split('```console\n')[1:]]
    environment = dict(os.environ, PATH=os.path.dirname(context.program) + os.pathsep + os.environ['PATH'])
    ran = 0
    for block in blocks:
        commands = [line[2:] for line in block.splitlines() if line.startswith('$ ')]
        if not all(command.startswith(('soalint schema ', 'mkdir ')) for command in commands):
            continue
        shown = [line for line in block.splitlines() if not line.startswith('$ ')]
        done = subprocess.run(['sh', '-ec', '\n'.join(commands)], cwd=root, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0 and done.stdout.decode().splitlines() == shown, (commands, done.stdout.decode())
        ran += 1
    assert ran >= 2, ran
    with open(os.path.join(root, '.vscode', 'settings.json')) as stream:
        for path in json.load(stream)['yaml.schemas']:
            assert os.path.isfile(os.path.join(root, path)), path
    print('editors: %d sets of commands of docs/integrations.md do what the page says' % ran)


def hover_and_complete(context, root):
    with editors.server(context, root, 'documented') as server:
        paths = {name: os.path.normpath(os.path.join(root, 'web', name)) for name in FILES}
        for name, path in paths.items():
            server.open(path, strip_markers(FILES[name]))
        server.diagnosed(paths.values())
        for name, word, parts in HOVERS:
            shown = server.at('textDocument/hover', paths[name], *place(FILES[name], word))['contents']['value']
            for part in parts:
                assert part in shown, (name, word, part, shown)
        for name, marker, offered, withheld, parts in COMPLETIONS:
            answer = server.at('textDocument/completion', paths[name], *place(FILES[name], marker))
            items = {item['label']: item for item in (answer['items'] if isinstance(answer, dict) else answer)}
            assert set(offered) <= set(items), (name, marker, offered, list(items))
            assert not set(withheld) & set(items), (name, marker, withheld, list(items))
            shown = items[offered[0]].get('documentation', '')
            for part in parts:
                assert part in json.dumps(shown, ensure_ascii=False).replace('\\"', '"'), (name, marker, part, shown)
    print('editors: %d hovers and %d completions show meaning, default and deprecation' % (len(HOVERS), len(COMPLETIONS)))


def complaints(server, path):
    server.open(path)
    return [d['message'] for d in server.diagnosed([path])[path]]


def relative_and_absolute(context, root, wrong):
    """The schemas are found whether their directory is named from the root of the tree, or as a whole."""
    elsewhere = os.path.join(context.directory, "it's a (directory)")
    for directory in ('.soalint/schemas', './x/', elsewhere):
        printed = context.soalint('schema', '-q', '--isolated', '--write', directory, '--editor', 'vscode', cwd=root)
        settings = dict(json.loads(printed), **{'yaml.schemaStore.enable': False})
        with Server(editors.command(context), root, sections(settings)) as server:
            assert complaints(server, wrong) == ['Incorrect type. Expected "number".'], directory
    print('editors: settings lead to schemas in relative, absolute and oddly named directories')


def modeline(context, root):
    """The first line leads to the schema without any settings, whatever the file is called."""
    printed = context.soalint('schema', '-q', '--isolated', '--editor', 'modeline', cwd=root).splitlines()
    names, lines = printed[::2], printed[1::2]
    kinds = trees.KINDS + ('soalint',)
    assert len(names) == len(lines) == len(kinds)
    with Server(editors.command(context), root, sections({'yaml.schemaStore.enable': False})) as server:
        for kind, name, line in zip(kinds, names, lines):
            assert kind in name and line.startswith('# yaml-language-server: $schema='), (name, line)
            path = os.path.join(root, 'modeline.yaml' if kind == 'soalint' else 'web/modeline-%s.yaml' % kind)
            with open(path, 'w') as stream:
                stream.write(line + '\n- a list is none of them\n')
            found = complaints(server, path)
            assert len(found) == 1 and found[0].startswith('Incorrect type. Expected'), (kind, found)
    print('editors: the first lines of %d kinds lead to their schemas' % len(lines))


def catalog(context, root, wrong):
    """A served catalog leads to the schemas, in a directory that is called like a tree of soa-configs only."""
    served = os.path.join(context.directory, 'served')

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    web = http.server.ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(Quiet, directory=served))
    base = 'http://127.0.0.1:%d' % web.server_address[1]
    context.soalint('schema', '-q', '--isolated', '--write', served, '--base-url', base)
    with open(os.path.join(served, 'catalog.json')) as stream:
        assert all(entry['url'].startswith(base + '/') for entry in json.load(stream)['schemas'])
    threading.Thread(target=web.serve_forever, daemon=True).start()
    other = os.path.join(context.directory, 'another-project', 'web', os.path.basename(wrong))
    os.makedirs(os.path.dirname(other))
    with open(wrong) as source, open(other, 'w') as copy:
        copy.write(source.read())
    settings = {'yaml.schemaStore.enable': True, 'yaml.schemaStore.url': base + '/catalog.json'}
    with Server(editors.command(context), context.directory, sections(settings)) as server:
        server.open(wrong)
        # The first answer may come before the catalog.
        server.awaited(wrong, lambda found: [d['message'] for d in found] == ['Incorrect type. Expected "number".'])
        assert complaints(server, other) == []
    web.shutdown()
    print('editors: a served catalog leads to the schemas, and only in trees of soa-configs')


def jetbrains(context, root):
    """JetBrains' editors do not run here: the file has their form, and leads to schemas that are there."""
    printed = context.soalint('schema', '-q', '--isolated', '--editor', 'jetbrains', cwd=root)
    component = xml.etree.ElementTree.fromstring(printed.encode()).find('component')
    assert component.get('name') == 'JsonSchemaMappingsProjectConfiguration'
    infos = component.findall('state/map/entry/value/SchemaInfo')
    assert len(infos) == len(trees.KINDS) + 1
    for info in infos:
        path = info.find("option[@name='relativePathToSchema']").get('value')
        assert os.path.isfile(os.path.join(root, path)), path


def neovim(context, root, wrong):
    """Neovim itself, with what `--editor neovim` prints; returns whether it is there."""
    program = os.path.join(os.path.dirname(sys.executable), 'nvim')
    if not os.path.exists(program):
        print('editors: skipped Neovim, it cannot be installed here')
        return False
    with open(os.path.join(root, '.nvim.lua'), 'w') as stream:
        stream.write(context.soalint('schema', '-q', '--isolated', '--editor', 'neovim', cwd=root))
    config = os.path.join(context.directory, 'config')
    os.makedirs(os.path.join(config, 'nvim'))
    with open(os.path.join(config, 'nvim', 'init.lua'), 'w') as stream:
        stream.write('vim.o.exrc = true\n')
    environment = dict(
        os.environ, XDG_CONFIG_HOME=config, XDG_STATE_HOME=os.path.join(context.directory, 'state'),
        PATH=os.path.join(context.node_modules, '.bin') + os.pathsep + os.environ['PATH'])

    def run(*arguments):
        done = subprocess.run([program, '--headless', *arguments], cwd=root, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=150)
        return done.stdout.decode()

    # What `:trust` does after a look at the file.
    run('-u', 'NONE', '.nvim.lua', '-c', 'trust', '-c', 'qall!')
    script = os.path.join(context.directory, 'wait.lua')
    with open(script, 'w') as stream:
        stream.write('''
vim.wait(100000, function() return #vim.diagnostic.get(0) > 0 end, 50)
for _, found in ipairs(vim.diagnostic.get(0)) do io.stdout:write(found.lnum + 1, ': ', found.message, '\\n') end
vim.cmd('qall!')
''')
    output = run(os.path.relpath(wrong, root), '-c', 'luafile ' + script)
    assert '2: Incorrect type. Expected "number".' in output, output
    print('editors: Neovim finds the schemas with what `--editor neovim` prints')
    return True
