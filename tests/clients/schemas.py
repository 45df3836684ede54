"""The schemas in programs that are not ours: validators, and the language server of editors.

Usage: schemas.py SOALINT NODE_MODULES
"""
import os
import subprocess
import sys
import tempfile

import editor_setups
import editors
import trees
import validators
from differences import Differences


class Context:
    """What all comparisons need."""

    def __init__(self, program, node_modules, directory):
        self.program = program
        self.node_modules = node_modules
        self.directory = directory
        self.differences = Differences()
        self.tree = trees.Tree(directory + '/tree', trees.everything())
        self.nodes = self.tree.read(program)
        self.shape_errors = {
            dialect: self.tree.shape_errors(program, dialect) for dialect in validators.DIALECTS
        }

    def soalint(self, *arguments, cwd=None):
        """Standard output of a call that must succeed."""
        done = subprocess.run([self.program, *arguments], cwd=cwd, check=True, stdout=subprocess.PIPE)
        return done.stdout.decode()


def main(program, node_modules):
    with tempfile.TemporaryDirectory() as directory:
        context = Context(program, node_modules, directory)
        has_neovim = editor_setups.try_all(context)
        wrong = validators.compare(context) + editors.compare(context)
        for row in context.differences.unused():
            wrong.append('differences.md: nothing needs the row %s any more' % (row,))
    for line in wrong:
        print(line)
    return 1 if wrong else 0 if has_neovim else 77


if __name__ == '__main__':
    sys.exit(main(*map(os.path.abspath, sys.argv[1:])))
