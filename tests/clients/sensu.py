"""Results of `soalint emit sensu` through Sensu's own library: what it would send must be what soalint
says it sends, unchanged.

Usage: sensu.py SOALINT   (needs the package pysensu-yelp, see requirements.txt)
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

import pysensu_yelp

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TREE = os.path.join(ROOT, 'examples', 'yelpsoa-configs')
CLUSTERS = ('norcal-prod', 'norcal-stage', 'pnw-prod')


def emit(soalint, tree, cluster, *options):
    command = [soalint, 'emit', 'sensu', '-q', '-d', tree, '--isolated', '--cluster', cluster]
    command += ['--now', '2017-07-26T10:15:30', *options]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def sent(arguments):
    """What the library writes to Sensu's agent."""
    server = socket.create_server(('127.0.0.1', 0))
    received = []

    def accept():
        connection, _ = server.accept()
        with connection, connection.makefile('rb') as stream:
            received.append(stream.read())

    thread = threading.Thread(target=accept)
    thread.start()
    arguments = dict(arguments, sensu_host='127.0.0.1', sensu_port=server.getsockname()[1])
    try:
        pysensu_yelp.send_event(**arguments)
    finally:
        thread.join(10)
        server.close()
    return json.loads(received[0])


def with_deployments(directory, soalint):
    """A copy of the example tree in which everything is deployed, as PaaSTA would record it."""
    tree = os.path.join(directory, 'tree')
    shutil.copytree(TREE, tree, symlinks=True)
    entries = {}
    for cluster in CLUSTERS:
        for name in emit(soalint, TREE, cluster):
            service, instance = name.split('.', 1)
            key = '%s:paasta-%s.%s' % (service, cluster, instance)
            image = 'services-%s:paasta-%s' % (service, '0' * 40)
            entry = {'docker_image': image, 'desired_state': 'start', 'force_bounce': None}
            entries.setdefault(service, {})[key] = entry
    for service, v1 in entries.items():
        with open(os.path.join(tree, service, 'deployments.json'), 'w') as stream:
            json.dump({'v1': v1}, stream)
    return tree


def main(soalint):
    compared = 0
    with tempfile.TemporaryDirectory() as directory:
        tree = with_deployments(directory, soalint)
        for dialect in ('documented', 'paasta-0.66'):
            for cluster in CLUSTERS:
                payloads = emit(soalint, tree, cluster, '--dialect', dialect)
                arguments = emit(soalint, tree, cluster, '--dialect', dialect, '--form', 'paasta')
                assert payloads and payloads.keys() == arguments.keys(), (payloads.keys(), arguments.keys())
                for name, payload in payloads.items():
                    library = sent(arguments[name])
                    ours, theirs = json.dumps(payload, sort_keys=True), json.dumps(library, sort_keys=True)
                    assert ours == theirs, '%s:\n%s\n%s' % (name, theirs, ours)
                    compared += 1
    assert compared > 20, compared
    print('sensu: %d results unchanged by pysensu-yelp' % compared)


if __name__ == '__main__':
    main(sys.argv[1])
