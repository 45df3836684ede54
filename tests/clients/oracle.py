"""soalint against the real paasta-tools 0.66.6 on trees that nobody has seen before: random ones that are valid
(benches/gen_corpus.py), and recorded ones with mistakes put in at random.

What soalint emits must be what the tool would send, to the digit; what the tool fails on must be withheld; and
what `paasta validate` refuses must be an error. soalint may be stricter: that is counted, not compared.

Usage: oracle.py SOALINT PYTHON [--trees N] [--seed N] [--keep DIR]   (PYTHON as oracle/setup.sh makes it)
"""
import argparse
import collections
import concurrent.futures
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
NOW = '2017-07-26T10:15:30'
SECTIONS = ('enumeration', 'validate', 'marathon', 'chronos', 'adhoc', 'nerve', 'smartstack', 'monitoring')
# What local-run and soalint call the machine.
INPUTS = {'now': NOW, 'hostname': 'localhost', 'local_run_port': 33333, 'local_run_container_name': 'paasta_local_run'}
SYSTEM = {
    'docker_registry': 'registry.example.com', 'volumes': [], 'zookeeper': 'zk:2181',
    'dockercfg_location': 'file:///root/.dockercfg',
}
AGENTS = [{'hostname': 'host1', 'attributes': {
    'region': 'region1', 'superregion': 'super1', 'habitat': 'habitat1', 'ecosystem': 'eco1', 'pool': 'default'}}]
# Errors that no configuration causes: nothing is deployed, or no agent of this cluster fits.
NOT_CONFIGURATION = ('NoDeploymentsAvailable', 'NoDockerImageError', 'NoSlavesAvailableError', 'PaastaNotConfiguredError')

VALUES = (
    'null', "''", "'5'", '5', '0', '-1', '2.0', '2.5', '.inf', 'true', 'false', "'no'", '[]', '[a]', '[1]', '{}', '{a: b}',
    'abc', 'a b', '2017-01-01', '10m', '[a:b]', '"a\\/b"', '"\\ud83d\\ude00"', '!', '{a: 1:30}', '[a:]', '"\U0001F600"',
    '0 0 *,1 * *', '0 6 29 2 *', '*/7 3 */2 * 1', 'R/2017-01-01T00:00:00Z/PT1H', 'svc.main',
)
KEYS = {
    'marathon': 'cpus mem disk instances min_instances max_instances cmd args env net pool constraints extra_constraints '
                'deploy_blacklist deploy_whitelist healthcheck_mode healthcheck_uri healthcheck_grace_period_seconds '
                'registrations nerve_ns bounce_method drain_method drain_method_params monitoring extra_volumes '
                'replication_threshold bounce_margin_factor deploy_group security monitoring_blacklist'.split(),
    'chronos': 'cpus mem cmd args env schedule parents schedule_time_zone disabled retries epsilon monitoring pool '
               'deploy_group constraints'.split(),
    'adhoc': 'cpus mem cmd args env net deploy_group extra_volumes'.split(),
    'smartstack': 'proxy_port mode discover advertise extra_advertise extra_headers proxied_through healthcheck_mode '
                  'healthcheck_uri healthcheck_port healthcheck_timeout_s healthcheck_body_expect retries allredisp '
                  'timeout_connect_ms timeout_server_ms timeout_client_ms balance routes updown_timeout_s '
                  'extra_healthcheck_headers'.split(),
    'monitoring': 'team page runbook tip notification_email irc_channels ticket project alert_after realert_every'.split(),
    'service': 'description monitoring smartstack parents cpus schedule env disabled registrations deploy_group'.split(),
}


def generated(seed, directory):
    """A valid tree; its clusters are many, of which the one with the most files counts."""
    soa = os.path.join(directory, 'soa')
    command = [sys.executable, os.path.join(ROOT, 'benches', 'gen_corpus.py'), '--services', '6', '--seed', str(seed)]
    subprocess.run(command + ['--out', soa], check=True, stdout=subprocess.DEVNULL)
    clusters = collections.Counter(cluster_of(name) for name in walk(soa) if cluster_of(name))
    complete(directory, clusters.most_common(1)[0][0])


def cluster_of(path):
    match = re.fullmatch(r'(?:marathon|chronos|adhoc)-([0-9a-z_-]+)\.yaml', os.path.basename(path))
    return match and match.group(1)


def walk(directory):
    for parent, _, files in sorted(os.walk(directory)):
        for name in sorted(files):
            yield os.path.join(parent, name)


def complete(directory, cluster):
    """The inputs beside the tree, with everything deployed."""
    write(directory, 'system.json', dict(SYSTEM, cluster=cluster))
    write(directory, 'slaves.json', AGENTS)
    soa = os.path.join(directory, 'soa')
    for service in sorted(os.listdir(soa)):
        entries = {}
        for path in walk(os.path.join(soa, service)):
            if cluster_of(path):
                with open(path, encoding='utf-8') as stream:
                    names = re.findall(r'^([A-Za-z0-9_-]+):', stream.read(), re.MULTILINE)
                for name in names:
                    key = '%s:paasta-%s.%s' % (service, cluster_of(path), name)
                    image = 'services-%s:paasta-0123456789abcdef' % service
                    entries[key] = {'docker_image': image, 'desired_state': 'start', 'force_bounce': None}
        if os.path.isdir(os.path.join(soa, service)):
            write(os.path.join(soa, service), 'deployments.json', {'v1': entries})


def write(directory, name, value):
    with open(os.path.join(directory, name), 'w', encoding='utf-8') as stream:
        json.dump(value, stream)


def mutate(dice, soa):
    """Puts a few mistakes, or what looks like one, into files of the tree."""
    files = [path for path in walk(soa) if path.endswith('.yaml') and not os.path.islink(path)]
    for _ in range(dice.choice((1, 1, 2, 3)) if files else 0):
        path = dice.choice(files)
        with open(path, 'rb') as stream:
            text = stream.read().decode('utf-8', 'surrogateescape')
        lines = text.split('\n')
        pairs = [at for at, line in enumerate(lines) if re.match(r'\s*(- )?[\w-]+:', line)]
        kind = re.split(r'[-.]', os.path.basename(path))[0]
        if not pairs or kind not in KEYS:
            continue
        at = dice.choice(pairs)
        key = dice.choice(KEYS[kind])
        value = dice.choice(VALUES)
        how = dice.random()
        if how < 0.45 and re.match(r'\s*(- )?[\w-]+: +\S', lines[at]):
            lines[at] = re.sub(r':.*', lambda _: ': ' + value, lines[at], count=1)
        elif how < 0.85:
            indent = '' if kind in ('monitoring', 'service') else re.match(r'\s*', lines[at]).group()
            if indent or kind in ('monitoring', 'service'):
                lines.insert(at, '%s%s: %s' % (indent, key, value))
        else:
            del lines[at]
        with open(path, 'wb') as stream:
            stream.write('\n'.join(lines).encode('utf-8', 'surrogateescape'))


def recorded(directory):
    """The recorded trees, without what was recorded."""
    with tarfile.open(os.path.join(ROOT, 'tests', 'data', 'conformance.tar.gz')) as archive:
        archive.extractall(directory)
    base = os.path.join(directory, 'conformance')
    shutil.copytree(os.path.join(ROOT, 'tests', 'data', 'truth'), base, dirs_exist_ok=True)
    return [os.path.join(base, name) for name in sorted(os.listdir(base))]


def trees(count, seed, directory):
    """Cases by name: every third is a valid one, every sixth a valid one with mistakes."""
    sources = recorded(os.path.join(directory, 'recorded'))
    sources = [source for source in sources if not os.path.exists(os.path.join(source, 'synapse'))]
    for number in range(count):
        dice = random.Random('%d %d' % (seed, number))
        case = os.path.join(directory, 'case-%04d' % number)
        if number % 3 == 0:
            os.mkdir(case)
            generated(seed * 10007 + number, case)
            inputs = {}
        else:
            source = dice.choice(sources)
            shutil.copytree(source, case, symlinks=True)
            inputs = {}
            if os.path.exists(os.path.join(case, 'inputs.json')):
                with open(os.path.join(case, 'inputs.json'), encoding='utf-8') as stream:
                    inputs = json.load(stream)
            with open(os.path.join(case, 'expected.json'), encoding='utf-8') as stream:
                inputs['zk_instances'] = json.load(stream)['oracle']['inputs']['zk_instances']
            os.remove(os.path.join(case, 'expected.json'))
        # What soalint is not told cannot count.
        inputs.pop('refs', None)
        if number % 3 != 0 or number % 6 == 3:
            mutate(dice, os.path.join(case, 'soa'))
        write(case, 'inputs.json', dict(inputs, **dict(INPUTS, now=inputs.get('now', NOW))))
        yield case


class Case:
    def __init__(self, path, soalint, python):
        self.path, self.soalint = path, soalint
        command = [python, os.path.join(HERE, 'oracle', 'paasta.py'), path]
        for section in SECTIONS:
            command += ['--section', section]
        self.recorded = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        with open(os.path.join(path, 'inputs.json'), encoding='utf-8') as stream:
            self.inputs = json.load(stream)
        with open(os.path.join(path, 'system.json'), encoding='utf-8') as stream:
            self.cluster = json.load(stream).get('cluster', '')
        self.counts = collections.Counter()
        self.differences = []

    def options(self):
        return ['-d', os.path.join(self.path, 'soa'), '--isolated', '--dialect', 'paasta-0.66']

    def errors(self):
        """The services with an error, and every error's instance."""
        command = [self.soalint, 'check', *self.options(), '--format', 'json', '--max-findings', '0']
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        found = json.loads(ran.stdout)['diagnostics']
        return {d.get('service') or d['file'].split('/')[0] for d in found if d['severity'] == 'error'}

    def emit(self, kind, *more):
        if not any(cluster_of(path) == self.cluster for path in walk(os.path.join(self.path, 'soa'))):
            # Bad usage: no file is for this cluster.
            return {}
        counts = os.path.join(self.path, 'counts.json')
        write(self.path, 'counts.json', self.inputs.get('zk_instances') or {})
        command = [self.soalint, 'emit', kind, *self.options(), '--format', 'json', '--now', self.inputs['now']]
        command += ['--system-config', os.path.join(self.path, 'system.json'), '--cluster', self.cluster, *more]
        if kind in ('marathon', 'sensu'):
            command += ['--instance-counts', counts]
        if kind == 'sensu':
            state = {key: self.inputs.get(key) or {} for key in ('healthy_tasks', 'haproxy_backends')}
            with open(os.path.join(self.path, 'slaves.json'), encoding='utf-8') as stream:
                state['agents'] = json.load(stream)
            write(self.path, 'state.json', state)
            command += ['--cluster-state', os.path.join(self.path, 'state.json')]
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if ran.returncode not in (0, 1):
            raise RuntimeError('%s\n%s' % (' '.join(command), ran.stderr.decode()))
        return json.loads(ran.stdout or b'{}')

    def differs(self, section, subject, real, ours):
        texts = canonical(real), canonical(ours)
        start = max(len(os.path.commonprefix(texts)) - 100, 0)
        short = [('...' if start else '') + text[start:start + 300] for text in texts]
        self.differences.append('%s: %s of %s\n  real    %s\n  soalint %s' % (self.path, section, subject, *short))

    def same(self, section, subject, real, ours):
        """Compares a result of the tool (or its error) with what is emitted (or None)."""
        if is_error(real):
            if ours is not None and real['error']['type'] not in NOT_CONFIGURATION:
                self.differs(section, subject, real, ours)
            self.counts[section + ': failed and withheld'] += ours is None
        elif ours is None:
            self.counts[section + ': withheld though it would do'] += 1
        else:
            self.counts[section + ': compared'] += 1
            if canonical(real) != canonical(ours):
                self.differs(section, subject, real, ours)

    def compare(self):
        failing = self.errors()
        for service, verdict in self.recorded['validate'].items():
            self.counts['validate: verdicts'] += 1
            if (is_error(verdict) or not verdict['ok']) and service not in failing:
                self.differs('verdict', service, verdict, 'no error')
        for kind in ('marathon', 'chronos'):
            ours = self.emit(kind, '--form', 'paasta')
            for name, real in self.recorded[kind].items():
                self.same(kind, name, real if is_error(real) else real.get('payload'), ours.pop(name, None))
            self.nothing_else(kind, ours)
        ours = self.emit('adhoc', '--form', 'paasta')
        for name, real in self.recorded['adhoc'].items():
            emitted = ours.pop(name, None)
            real = real if is_error(real) else real['local_run']
            if is_error(real) and self.fails_elsewhere(name.split('.')[0]):
                continue
            self.same('adhoc', name, real if is_error(real) else real.get('argv'), emitted and emitted['argv'])
        self.nothing_else('adhoc', ours)
        self.nerve()
        ours = self.emit('synapse', '--form', 'paasta')
        for service, namespaces in self.recorded['smartstack']['namespaces'].items():
            for name, real in ({} if is_error(namespaces) else namespaces).items():
                if name != '(absent)':
                    full = '%s.%s' % (service, name)
                    self.same('synapse', full, real, ours.get(full))
        self.sensu()

    def nothing_else(self, section, ours):
        for name, value in ours.items():
            # A service whose file fails has no instances there.
            if name.split('.')[0] not in self.recorded[section]:
                self.differs(section, name, 'nothing', value)
            else:
                self.differs(section, name, self.recorded[section][name.split('.')[0]], value)

    def fails_elsewhere(self, service):
        """Whether local-run fails on a file of another service: it looks for the name in all of them."""
        return any(name.split('.')[0] != service and is_error(real)
                   for kind in ('marathon', 'chronos', 'adhoc') for name, real in self.recorded[kind].items())

    def nerve(self):
        nerve = self.recorded['nerve']
        ours = self.emit('nerve', '--form', 'paasta')
        if is_error(nerve['marathon']):
            each = nerve.get('marathon_each') or {}
        else:
            ports = {'%s.%s' % (service, instance): port for service, instance, port in nerve['running_here']}
            each = {name: [entry for entry in nerve['marathon'] if entry[1]['port'] == port]
                    for name, port in ports.items()}
        for name, real in each.items():
            self.same('nerve', name, real if is_error(real) else without_ports(real),
                      without_ports(ours[name]) if name in ours else None)

    def sensu(self):
        ours = self.emit('sensu', '--form', 'paasta')
        for kind, suffix in (('marathon', ''), ('chronos', '.chronos')):
            for name, real in self.recorded['monitoring'][kind].items():
                both = name in self.recorded['monitoring']['marathon'] and suffix
                emitted = ours.get(name + suffix if both else name)
                if is_error(real):
                    self.same('sensu', name, {'error': real['error']}, emitted)
                elif real['events']:
                    event = real['events'][0]
                    broken = is_error(event.get('payload'))
                    self.same('sensu', name, event['payload'] if broken else event['kwargs'], emitted)


def without_ports(entries):
    return [[name, {key: value for key, value in info.items() if key != 'port'}] for name, info in entries]


def is_error(value):
    return isinstance(value, dict) and isinstance(value.get('error'), dict) and 'type' in value['error']


def canonical(value):
    return json.dumps(value, sort_keys=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('soalint')
    parser.add_argument('python')
    parser.add_argument('--trees', type=int, default=40)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--keep')
    arguments = parser.parse_args()
    directory = arguments.keep or tempfile.mkdtemp(prefix='soalint-oracle-')
    os.makedirs(directory, exist_ok=True)

    def run(path):
        case = Case(path, arguments.soalint, arguments.python)
        case.compare()
        return case

    counts, differences = collections.Counter(), []
    try:
        cases = list(trees(arguments.trees, arguments.seed, directory))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for case in pool.map(run, cases):
                counts.update(case.counts)
                differences += case.differences
    finally:
        if not arguments.keep:
            shutil.rmtree(directory, ignore_errors=True)
    for difference in differences:
        print(difference)
    shown = ', '.join('%s %d' % (name, count) for name, count in sorted(counts.items()))
    print('paasta-tools: %d trees, %d differences; %s' % (len(cases), len(differences), shown))
    compared = sum(count for name, count in counts.items() if name.endswith(('compared', 'verdicts')))
    if compared < 3 * len(cases):
        sys.exit('paasta-tools: hardly anything was compared')
    sys.exit(1 if differences else 0)


if __name__ == '__main__':
    main()
