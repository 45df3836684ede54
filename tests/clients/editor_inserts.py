"""What an editor writes into a file when a completion is chosen, and how often it complains of one mistake."""
import os
import re

import editors

# An instance each, so that no key is there already; `@` is where something is completed.
KINDS = {
    'marathon-norcal-prod.yaml': 'main:\n  @\n',
    'chronos-norcal-prod.yaml': 'nightly:\n  @\n',
    'adhoc-norcal-prod.yaml': 'shell:\n  @\n',
    'smartstack.yaml': 'main:\n  @\n',
    'monitoring.yaml': '@\n',
    'service.yaml': '@\n',
    'deploy.yaml': '@\n',
    'dependencies.yaml': 'main:\n  - @\n',
    '.soalint.yaml': '@\n',
}
# More places within a Marathon instance.
NESTED = [
    'main:\n  monitoring:\n    @\n',
    'main:\n  autoscaling:\n    @\n',
    'main:\n  drain_method_params:\n    @\n',
    'main:\n  bounce_health_params:\n    @\n',
    'main:\n  ulimit:\n    nofile:\n      @\n',
    'main:\n  security:\n    @\n',
    'main:\n  extra_volumes:\n    - @\n',
]
# What is written with some keys of a Marathon instance.
INSERTED = {
    'cpus': 'cpus: ',
    'cmd': 'cmd: ',
    'max_instances': 'max_instances: ',
    'monitoring': 'monitoring:\n  ',
    'autoscaling': 'autoscaling:\n  ',
    'drain_method_params': 'drain_method_params:\n  ',
    'env': 'env:\n  ',
    'args': 'args:\n  - ${1}',
    'extra_volumes': 'extra_volumes:\n  - containerPath: $1\n    hostPath: $2\n    mode: $3',
    'deploy_whitelist': 'deploy_whitelist:\n  - ',
    'deploy_blacklist': 'deploy_blacklist:\n  - ',
    'bounce_method': 'bounce_method: ',
}
# Where the cursor goes; the server makes every number in a list 0 there.
CURSOR = re.compile(r'\$\d+|\$\{\d+(:0)?\}')
# Keys and marks of items, no values.
LINE = re.compile(r' *(- )?([^\s:]+:)? ?')
# (file, text, what is said)
MISTAKES = [
    ('marathon-norcal-prod', 'main:\n  bounce_method:\n', ['must be one of crossover, upthendown, downthenup, brutal']),
    ('marathon-norcal-prod', 'main:\n  bounce_method: slow\n', ['must be one of crossover, upthendown, downthenup, brutal']),
    ('marathon-norcal-prod', 'main:\n  env: LOG\n', ['Incorrect type. Expected "environment variables".']),
    ('marathon-norcal-prod', 'main:\n  monitoring: ops\n', ['Incorrect type. Expected "monitoring settings".']),
    ('marathon-norcal-prod', 'main:\n  drain_method: http\n  drain_method_params: 5\n',
     ['Incorrect type. Expected "parameters of the drain method".']),
    ('marathon-norcal-prod', 'main:\n  ulimit: {nofile: 1024}\n', ['Incorrect type. Expected "limit".']),
    ('marathon-norcal-prod', 'main:\n  deploy_blacklist: [[region, a, b]]\n',
     ['one item too many for a pair of location type and location, as in [region, uswest1-prod]']),
    ('chronos-norcal-prod', 'nightly:\n  cmd: x\n  parents: nightly\n',
     ['a job with its service is service.job, each of letters, digits, _ and -']),
    ('.soalint', 'dialect: other\n', ['must be one of documented, paasta-0.66']),
    ('.soalint', 'profile:\n', ['must be one of default, strict']),
    ('.soalint', 'rules: {unknown-key: fatal}\n', ['must be one of off, info, warning, error']),
    ('.soalint', 'site: norcal\n', ['Incorrect type. Expected "facts about the site".']),
    # As our own documentation writes it; YAML 1.1 reads it as false.
    ('.soalint', 'rules: {unknown-key: off, mem-range: {level: off}}\nper-path: {"legacy-*": {rules: {unknown-key: off}}}\n', []),
]


def try_all(context, root):
    """Every check of this file; fails on the first that does not hold."""
    places = list(KINDS.items()) + [('marathon-norcal-prod.yaml', text) for text in NESTED]
    with editors.server(context, root, 'documented') as server:
        # Each in a service of its own, so that no answer can be about an earlier text.
        count = 0
        for number, (name, text) in enumerate(places):
            count += insertions(server, os.path.join(root, 'inserts-%d' % number, name), text)
        for number, (name, text, said) in enumerate(MISTAKES):
            path = os.path.join(root, 'mistake-%d' % number, name + '.yaml')
            server.open(path, text)
            found = [diagnostic['message'] for diagnostic in server.diagnosed([path])[path]]
            assert found == said, (text, found)
    print('editors: %d completions write no values; %d mistakes are said once, and in our words' % (count, len(MISTAKES)))


def insertions(server, path, text):
    """Looks at all that can be completed in a file; returns how much that is."""
    before, after = text.split('@')
    server.open(path, before + after)
    server.diagnosed([path])
    answer = server.at('textDocument/completion', path, before.count('\n'), len(before) - before.rfind('\n') - 1)
    items = answer['items'] if isinstance(answer, dict) else answer
    written = {item['label']: item.get('textEdit', {}).get('newText', item.get('insertText')) for item in items}
    assert written, (path, text)
    for label, inserted in written.items():
        assert all(LINE.fullmatch(line) for line in CURSOR.sub('', inserted).split('\n')), (path, text, label, inserted)
    if (os.path.basename(path), text) == ('marathon-norcal-prod.yaml', KINDS['marathon-norcal-prod.yaml']):
        assert INSERTED == {key: written.get(key) for key in INSERTED}, written
        assert not {'backoff_seconds', 'nerve_ns'} & set(written), written
    return len(written)
