"""SARIF reports, judged by the validator that the format's authors wrote.

Usage: sarif.py SOALINT NODE_MODULES
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import reports

# What it remarks on though the format allows it: findings about a whole directory have no region, and soalint has
# no address of its own.
REMARKS = {'SARIF2005', 'SARIF2017'}


def judged(node_modules, directory, name, text):
    """What the validator says of a report: (level, rule, message)."""
    report, result = os.path.join(directory, name), os.path.join(directory, name + '.out.sarif')
    with open(report, 'wb') as stream:
        stream.write(text)
    # Not through .bin, which makes a shell command of the arguments; and installed without scripts, of which one
    # would make it executable.
    program = os.path.join(node_modules, '@microsoft', 'sarif-multitool-linux', 'Sarif.Multitool')
    os.chmod(program, 0o755)
    # It needs no data on languages, which are not on every machine.
    environment = dict(os.environ, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT='1')
    done = subprocess.run([program, 'validate', report, '--output', result],
                          env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert os.path.exists(result), done.stdout.decode()
    with open(result, encoding='utf-8-sig') as stream:
        run = json.load(stream)['runs'][0]
    notifications = run['invocations'][0].get('toolExecutionNotifications', []) if run.get('invocations') else []
    assert not notifications, notifications
    return [(found.get('level', 'warning'), found['ruleId'], json.dumps(found['message'])) for found in run['results']]


def main(soalint, node_modules):
    with tempfile.TemporaryDirectory() as directory:
        hostile = pathlib.Path(directory) / 'hostile'
        hostile.mkdir()
        reports.hostile_tree(hostile)
        examples = pathlib.Path(__file__).resolve().parents[2] / 'examples'
        counts = []
        for number, tree in enumerate((examples / 'yelpsoa-configs', examples / 'mistakes', hostile)):
            text = reports.report(soalint, tree, 'sarif')
            counts.append(len(json.loads(text)['runs'][0]['results']))
            found = judged(node_modules, directory, '%d.sarif' % number, text)
            bad = [(rule, message) for level, rule, message in found if level == 'error' or rule not in REMARKS]
            assert not bad, (tree, bad[:5])
        assert counts[0] == 0 and min(counts[1:]) > 5, counts
        # A validator that never says no would prove nothing.
        broken = json.loads(text)
        del broken['runs'][0]['tool']['driver']['name']
        broken['runs'][0]['results'][0]['locations'][0]['physicalLocation']['region'] = {'startLine': 0}
        found = judged(node_modules, directory, 'broken.sarif', json.dumps(broken).encode())
        assert any(level == 'error' for level, _, _ in found), found
    print('sarif: reports with %s results are what the format wants' % ', '.join(map(str, counts)))


if __name__ == '__main__':
    main(*sys.argv[1:])
