"""The wheel: built by maturin, installed by pip, run by pre-commit's `language: python`, all where no Rust is.

Usage: wheel.py CACHE   (CACHE: a directory for the wheel)
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

import pre_commit

TOOLS = os.path.dirname(sys.executable)


def build(directory):
    """Builds the wheel in the profile for tests, which shares its dependencies with `cargo build`."""
    shutil.rmtree(directory, ignore_errors=True)
    subprocess.run([os.path.join(TOOLS, 'maturin'), 'build', '--out', directory], cwd=pre_commit.ROOT, check=True,
                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    [wheel] = glob.glob(os.path.join(directory, '*.whl'))
    return wheel


def without_rust(directory, environment):
    """The environment of a host where no Rust is: whoever asks for it fails."""
    missing = os.path.join(directory, 'missing')
    os.mkdir(missing)
    for name in ('cargo', 'rustc', 'rustup'):
        program = os.path.join(missing, name)
        with open(program, 'w') as stream:
            stream.write('#!/bin/sh\necho "$0 was run" >&2\nexit 97\n')
        os.chmod(program, 0o755)
    return dict(environment, PATH=missing + os.pathsep + environment['PATH'])


def installed(wheel, directory, environment):
    """Installs the wheel, and nothing beside it, in a fresh environment of Python; checks what is in it."""
    own = os.path.join(directory, 'venv')
    subprocess.run([sys.executable, '-m', 'venv', own], check=True)
    subprocess.run([os.path.join(own, 'bin', 'pip'), 'install', '-q', '--no-index', '--disable-pip-version-check', wheel],
                   check=True, env=environment)
    soalint = os.path.join(own, 'bin', 'soalint')
    examples = os.path.join(pre_commit.ROOT, 'examples', 'yelpsoa-configs')
    checked = subprocess.run([soalint, 'check', '-d', examples], env=environment, check=True, stdout=subprocess.PIPE)
    assert checked.stdout.startswith(b'All good'), checked.stdout
    version = subprocess.run([soalint, '-V'], env=environment, check=True, stdout=subprocess.PIPE).stdout.decode()
    name, version = version.split()
    assert os.path.basename(wheel).startswith('%s-%s-py3-none-' % (name, version)), (wheel, version)
    names = zipfile.ZipFile(wheel).namelist()
    programs = [name for name in names if '.dist-info/' not in name]
    assert programs == ['soalint-%s.data/scripts/soalint' % version], names
    return version


def documented(version):
    """The hook of docs/integrations.md that installs a wheel."""
    with open(os.path.join(pre_commit.ROOT, 'docs', 'integrations.md'), encoding='utf-8') as stream:
        config = stream.read().split('```yaml\nrepos:\n  - repo: local', 1)[1].split('```')[0]
    assert 'language: python' in config and 'soalint==%s]' % version in config, config
    return 'repos:\n  - repo: local' + config


def main(cache):
    wheel = build(os.path.abspath(cache))
    with tempfile.TemporaryDirectory() as directory:
        environment = dict(os.environ, **pre_commit.GIT)
        environment['PRE_COMMIT_HOME'] = os.path.join(directory, 'home')
        environment['PIP_FIND_LINKS'] = os.path.dirname(wheel)
        environment = without_rust(directory, environment)
        version = installed(wheel, directory, environment)
        print('wheel: installed and run where no Rust is')
        root = os.path.join(directory, 'tree')
        shutil.copytree(os.path.join(pre_commit.ROOT, 'examples', 'yelpsoa-configs'), root, symlinks=True)
        # Not a format string: it has braces of its own.
        config = documented(version).replace('{', '{{').replace('}', '}}')
        repository = pre_commit.Repository(root, '', environment, config)
        repository.run(pre_commit.PRE_COMMIT, 'install-hooks')
        count = pre_commit.commits(repository)
        print('wheel: as a hook in Python: %d commits and runs end as they should' % count)


if __name__ == '__main__':
    main(sys.argv[1])
