"""The hooks in pre-commit itself: good and bad commits in a repository of soa-configs, and the time that a commit
in a large one takes. The hook repository is a copy of this one.

Usage: pre_commit.py SOALINT CACHE   (CACHE: a directory that later runs use again)
"""
import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PRE_COMMIT = os.path.join(os.path.dirname(sys.executable), 'pre-commit')
TAG = 'v0.1.0'
SERVICES = 10000
# Seconds of computing (the clock on the wall would tell what else the machine does) that the hook may add to a
# commit, with a program that was built for tests: twice what it takes. One built for release takes a quarter.
UNNOTICEABLE = 1.5

GIT = {
    'GIT_AUTHOR_NAME': 'A', 'GIT_AUTHOR_EMAIL': 'a@example.com', 'GIT_COMMITTER_NAME': 'A',
    'GIT_COMMITTER_EMAIL': 'a@example.com', 'GIT_CONFIG_GLOBAL': os.devnull, 'GIT_CONFIG_SYSTEM': os.devnull,
}
# pre-commit builds with `cargo install`, in the profile for release. What is tested here is that it builds, and
# what it then runs; without optimisation it does so in a third of the time.
CARGO = {
    'CARGO_PROFILE_RELEASE_OPT_LEVEL': '0', 'CARGO_PROFILE_RELEASE_LTO': 'off', 'CARGO_PROFILE_RELEASE_DEBUG': 'false',
    'CARGO_PROFILE_RELEASE_CODEGEN_UNITS': '16', 'CARGO_PROFILE_RELEASE_INCREMENTAL': 'false',
}


class Repository:
    """A git repository with pre-commit installed."""

    def __init__(self, root, hooks, environment, config):
        self.root = root
        self.environment = environment
        self.git('init', '-q', '-b', 'main')
        with open(os.path.join(root, '.pre-commit-config.yaml'), 'w') as stream:
            stream.write(config.format(hooks=hooks))
        self.git('add', '-A')
        self.git('commit', '-q', '-m', 'Begin')
        self.run(PRE_COMMIT, 'install')

    def run(self, *command, ok=True):
        done = subprocess.run(command, cwd=self.root, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = done.stdout.decode()
        assert ok is None or (done.returncode == 0) == ok, '%s: exit %d\n%s' % (command, done.returncode, output)
        return output

    def git(self, *arguments, **options):
        return self.run('git', *arguments, **options)

    def write(self, path, text):
        os.makedirs(os.path.dirname(os.path.join(self.root, path)), exist_ok=True)
        with open(os.path.join(self.root, path), 'w') as stream:
            stream.write(text)

    def edit(self, path, old, new):
        with open(os.path.join(self.root, path)) as stream:
            text = stream.read()
        assert old in text, (path, old)
        self.write(path, text.replace(old, new, 1))

    def accepts(self, message):
        """Commits everything; returns what was printed."""
        self.git('add', '-A')
        output = self.git('commit', '-m', message)
        assert self.git('log', '-1', '--format=%s').strip() == message
        return output

    def refuses(self, *expected):
        """What is staged must not get in, and the output say why. Undoes the changes."""
        before = self.git('rev-parse', 'HEAD')
        output = self.git('commit', '-m', 'Bad', ok=False)
        for part in expected:
            assert part in output, 'not in the output: %s\n%s' % (part, output)
        assert self.git('rev-parse', 'HEAD') == before
        self.git('reset', '-q', '--hard')
        self.git('clean', '-qfd')


def hook_repository(target):
    """A copy of what is in this repository, with uncommitted changes, as one commit with a tag."""
    names = subprocess.run(['git', 'ls-files', '-z', '-co', '--exclude-standard'], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    for name in filter(None, names.stdout.decode().split('\0')):
        source = os.path.join(ROOT, name)
        if os.path.lexists(source) and not name.startswith('tests/data/'):
            os.makedirs(os.path.dirname(os.path.join(target, name)), exist_ok=True)
            shutil.copy2(source, os.path.join(target, name), follow_symlinks=False)
    for arguments in (['init', '-q'], ['add', '-A'], ['commit', '-q', '-m', 'Release'], ['tag', TAG]):
        subprocess.run(['git', *arguments], cwd=target, env=dict(os.environ, **GIT), check=True)


def documented():
    """The configuration of docs/integrations.md, with places for the hook repository and the hook's name."""
    with open(os.path.join(ROOT, 'docs', 'integrations.md'), encoding='utf-8') as stream:
        config = stream.read().split('```yaml\nrepos:', 1)[1].split('```')[0]
    assert '<the address of this repository>' in config and 'rev: %s\n' % TAG in config, config
    config = config.replace('<the address of this repository>', '{hooks}')
    assert config.count('- id: soalint\n') == 1, config
    return 'repos:' + config.replace('- id: soalint\n', '- id: {hook}\n')


def commits(repository):
    """Good and bad commits; returns how many."""
    r = repository
    # Not of services: nothing to check.
    r.write('notes.txt', 'x\n')
    assert 'Passed' in r.accepts('Notes')
    r.edit('search/marathon-norcal-prod.yaml', 'instances:', '# more\n  instances:')
    assert 'Passed' in r.accepts('A comment')
    # A mistake in the file that is committed.
    r.edit('search/marathon-norcal-prod.yaml', 'instances:', 'instnaces:')
    r.git('add', '-A')
    r.refuses('Failed', 'search/marathon-norcal-prod.yaml', 'did you mean `instances`?')
    # A mistake that only the whole tree shows: the port is that of a service which the commit does not touch.
    r.edit('search/smartstack.yaml', 'proxy_port: ', 'proxy_port: 20100 #')
    r.git('add', '-A')
    r.refuses('proxy-port-duplicate', 'accounts')
    # What is committed counts, not what lies in the directory.
    r.edit('search/marathon-norcal-prod.yaml', 'instances:', 'instnaces:')
    r.git('add', '-A')
    r.edit('search/marathon-norcal-prod.yaml', 'instnaces:', 'instances:')
    r.refuses('Unstaged files detected', 'did you mean `instances`?')
    # `git commit FILE` gives hooks an index of its own.
    r.edit('search/marathon-norcal-prod.yaml', 'instances:', 'instnaces:')
    r.git('add', '-A')
    r.edit('accounts/marathon-norcal-prod.yaml', 'main:', '# one file\nmain:')
    r.git('commit', '-q', '-m', 'One file', 'accounts/marathon-norcal-prod.yaml')
    r.refuses('did you mean `instances`?')
    # A commit that adds nothing but a link.
    r.write('search/marathon-SHARED.yaml', 'main: {cmd: run, args: [x]}\n')
    r.accepts('A file that nobody reads')
    os.symlink('marathon-SHARED.yaml', os.path.join(r.root, 'search', 'marathon-norcal-link.yaml'))
    r.git('add', '-A')
    r.refuses('search/marathon-norcal-link.yaml', 'cmd-and-args')
    # One that deletes nothing but what others need; and one that edits another service as well.
    needed = os.path.join(r.root, 'accounts', 'smartstack.yaml')
    assert os.path.exists(needed)
    r.write('client/marathon-norcal-prod.yaml', 'main:\n  cmd: run\n  registrations: [accounts.main]\n')
    r.write('client/monitoring.yaml', 'team: search\n')
    r.accepts('Somebody who needs it')
    r.git('rm', '-q', '-r', 'accounts')
    r.refuses('Failed', 'client/marathon-norcal-prod.yaml')
    r.git('rm', '-q', '-r', 'accounts')
    r.edit('search/marathon-norcal-prod.yaml', 'instances:', 'instnaces:')
    r.git('add', '-A')
    r.refuses('client/marathon-norcal-prod.yaml', 'did you mean `instances`?')
    # A misnamed file is looked at, too; that is worth a warning, which stops no commit.
    r.write('search/marathon-norcal-prod.yml', 'main: {}\n')
    assert 'Passed' in r.accepts('A misnamed file')
    # A configuration that lets less pass than that of before, and nothing else.
    r.write('.soalint.yaml', 'rules: {file-yml-extension: error}\n')
    r.git('add', '-A')
    r.refuses('file-yml-extension', 'search/marathon-norcal-prod.yml')
    # A broken configuration of soalint.
    r.write('.soalint.yaml', 'dialect: spoken\n')
    r.git('add', '-A')
    r.refuses('.soalint.yaml', 'spoken')
    output = r.run(PRE_COMMIT, 'run', '--all-files')
    assert 'Passed' in output, output
    # All files are checked, staged or not, and by one process.
    r.write('search/marathon-norcal-prod.yaml', 'main: {cmd: run, args: [x]}\n')
    output = r.run(PRE_COMMIT, 'run', '--all-files', ok=False)
    assert output.count('cmd-and-args]') == 1 and output.count('Found ') == 1, output
    # What a push brings.
    r.git('commit', '-q', '--no-verify', '-a', '-m', 'Bad')
    output = r.run(PRE_COMMIT, 'run', '--from-ref', 'HEAD~1', '--to-ref', 'HEAD', ok=False)
    assert 'cmd-and-args]' in output, output
    r.git('reset', '-q', '--hard', 'HEAD~1')
    return 19


def small(soalint, hooks, environment, directory):
    """Both hooks in the example tree."""
    for hook in ('soalint', 'soalint-system'):
        root = os.path.join(directory, hook)
        shutil.copytree(os.path.join(ROOT, 'examples', 'yelpsoa-configs'), root, symlinks=True)
        own = dict(environment)
        if hook == 'soalint-system':
            own['PATH'] = os.path.dirname(soalint) + os.pathsep + own['PATH']
        repository = Repository(root, hooks, own, documented().replace('{hook}', hook))
        start = time.monotonic()
        repository.run(PRE_COMMIT, 'install-hooks')
        installed = time.monotonic() - start
        count = commits(repository)
        print('pre-commit: %s, installed in %.1f s: %d commits and runs end as they should' % (hook, installed, count))


LARGE = '''repos:
  - repo: {hooks}
    rev: v0.1.0
    hooks:
      - id: soalint-system
        stages: [pre-commit]
  - repo: local
    hooks:
      - id: nothing
        name: nothing
        entry: 'true'
        language: system
        files: '\\.yaml$'
        stages: [manual]
'''


def many(soalint, hooks, environment, directory):
    """All files of a tree whose names do not fit into one command line."""
    root = os.path.join(directory, 'many')
    for number in range(1500):
        for cluster in range(8):
            path = os.path.join(root, 'service-%05d' % number, 'marathon-%s-%d.yaml' % ('cluster' * 4, cluster))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w') as stream:
                stream.write('main: {cmd: run, args: [x]}\n' if number == 700 else 'main: {cmd: run}\n')
    own = dict(environment, PATH=os.path.dirname(soalint) + os.pathsep + environment['PATH'])
    repository = Repository(root, hooks, own, MANY)
    output = repository.run(PRE_COMMIT, 'run', '--all-files', ok=False)
    assert output.count('Found ') == 1 and output.count('error[cmd-and-args]') == 8, output[-2000:]
    print('pre-commit: one process checks 12,000 files')


MANY = '''repos:
  - repo: {hooks}
    rev: v0.1.0
    hooks:
      - id: soalint-system
        args: [--only, cmd-and-args, --output-format, concise]
'''


def large(soalint, hooks, environment, cache):
    """One touched service among many: what the hook adds to a commit."""
    root = large_tree(cache)
    own = dict(environment, PATH=os.path.dirname(soalint) + os.pathsep + environment['PATH'])
    if os.path.exists(os.path.join(root, '.git', 'index.lock')):
        os.remove(os.path.join(root, '.git', 'index.lock'))
    shutil.rmtree(os.path.join(root, '.git', 'hooks'), ignore_errors=True)
    repository = Repository(root, hooks, own, LARGE)
    repository.run(PRE_COMMIT, 'install-hooks')
    services = sorted(name for name in os.listdir(root) if not name.startswith('.'))
    assert len(services) >= SERVICES, len(services)
    taken = {'soalint-system': [], 'nothing': [], 'no hook': []}
    for number in range(5):
        for hook, times in taken.items():
            path = services[(number * 7919) % len(services)] + '/monitoring.yaml'
            repository.write(path, open(os.path.join(root, path)).read() + '# %s %d\n' % (hook, number))
            repository.git('add', path)
            own['SKIP'] = '' if hook == 'soalint-system' else 'soalint-system'
            start = clocks()
            if hook == 'nothing':
                # The same work of pre-commit, with a program that does nothing.
                repository.run(PRE_COMMIT, 'run', '--hook-stage', 'manual', 'nothing')
                repository.git('commit', '-q', '--no-verify', '-m', hook)
            else:
                options = ['--no-verify'] if hook == 'no hook' else []
                repository.git('commit', '-q', *options, '-m', hook)
            times.append([after - before for before, after in zip(start, clocks())])
    median = {hook: [statistics.median(column) for column in zip(*times)] for hook, times in taken.items()}
    added = [mine - other for mine, other in zip(median['soalint-system'], median['nothing'])]
    print('pre-commit: a commit in a tree of %d services takes %.2f s without a hook, %.2f s with one that does nothing, '
          '%.2f s with soalint; %.2f s, or %.2f s of computing, are its own' % (
              len(services), median['no hook'][0], median['nothing'][0], median['soalint-system'][0], *added))
    assert added[1] < UNNOTICEABLE, added


def clocks():
    """Seconds on the wall, and of computing in programs that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic(), used.ru_utime + used.ru_stime


def large_tree(cache):
    """A generated tree; an earlier run's, if the generator is still the same."""
    generator = os.path.join(ROOT, 'benches', 'gen_corpus.py')
    with open(generator, 'rb') as stream:
        version = hashlib.sha256(stream.read()).hexdigest()[:12]
    root = os.path.join(cache, 'tree-%d-%s' % (SERVICES, version))
    if not os.path.exists(root):
        work = root + '.new'
        shutil.rmtree(work, ignore_errors=True)
        subprocess.run([sys.executable, generator, '--services', str(SERVICES), '--seed', '1', '--out', work],
                       check=True, stdout=subprocess.DEVNULL)
        os.rename(work, root)
    return root


def main(soalint, cache):
    os.makedirs(cache, exist_ok=True)
    cache = os.path.abspath(cache)
    with tempfile.TemporaryDirectory() as directory:
        # A copy: a build that runs meanwhile takes the program away for a moment, and its hook would not be found.
        own = os.path.join(directory, 'bin', 'soalint')
        os.mkdir(os.path.dirname(own))
        soalint = shutil.copy2(soalint, own)
        hooks = os.path.join(directory, 'hooks')
        hook_repository(hooks)
        environment = dict(os.environ, **GIT, **CARGO)
        environment['PRE_COMMIT_HOME'] = os.path.join(directory, 'home')
        environment['CARGO_TARGET_DIR'] = os.path.join(cache, 'hook-build')
        small(soalint, hooks, environment, directory)
        many(soalint, hooks, environment, directory)
        large(soalint, hooks, environment, cache)


if __name__ == '__main__':
    main(os.path.abspath(sys.argv[1]), sys.argv[2])
