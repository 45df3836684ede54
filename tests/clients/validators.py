"""python-jsonschema, and ajv in strict mode, over the published schemas: their verdict on every file must be
that of soalint."""
import json
import os
import subprocess

import jsonschema

import trees

DIALECTS = ('documented', 'paasta-0.66')


def compare(context):
    """Compares all verdicts; returns the differences that nothing explains."""
    schemas = published(context)
    plain = {}
    for path, node in context.nodes.items():
        try:
            if node is not None:
                plain[path] = trees.to_json(node)
        except ValueError:
            pass
    questions = [(path, dialect) for dialect in DIALECTS for path in plain]
    errors = python_jsonschema(schemas, plain, questions)
    valid_for = {
        'python-jsonschema': [not found for found in errors],
        'ajv': ajv(context, schemas, plain, questions),
    }
    wrong = []
    for (path, dialect), found, *verdicts in zip(questions, errors, *valid_for.values()):
        ours = context.shape_errors[dialect][path]
        for name, valid in zip(valid_for, verdicts):
            if valid == (not ours) or is_explained(context.differences, ours, found, valid):
                continue
            wrong.append('%s (%s, %s): %s says %s, soalint %s' % (
                context.tree.origin[path], path, dialect, name,
                'valid' if valid else 'invalid %s' % found, [error['message'] for error in ours] or 'nothing'))
    count = sum(not context.shape_errors[dialect][path] for path, dialect in questions)
    # Both verdicts must be there, else agreement means nothing.
    assert count > 500 and len(questions) - count > 500, (count, len(questions))
    print('validators: %d verdicts on %d files (%d valid, %d not) compared with those of %s; %d files have no JSON form' % (
        len(questions), len(plain), count, len(questions) - count, ' and '.join(valid_for),
        len(context.tree.origin) - len(plain)))
    return wrong


def is_explained(differences, ours, found, valid):
    if valid:
        return all(differences.explains('validators', 'soalint', '%(rule)s: %(message)s' % error) for error in ours)
    return bool(found) and all(differences.explains('validators', 'client', error) for error in found)


def published(context):
    """Schemas as `soalint schema --write` writes them: {(kind, dialect): path}."""
    directory = os.path.join(context.directory, 'schemas')
    context.soalint('schema', '-q', '--isolated', '--write', directory)
    paths = {}
    for kind in trees.KINDS:
        paths[kind, 'documented'] = os.path.join(directory, kind + '.schema.json')
        paths[kind, 'paasta-0.66'] = os.path.join(directory, 'paasta-0.66', kind + '.schema.json')
    return paths


def python_jsonschema(schemas, plain, questions):
    """What it finds wrong in each file, as `path: message`."""
    validators = {}
    for key, path in schemas.items():
        with open(path) as stream:
            schema = json.load(stream)
        validator = jsonschema.validators.validator_for(schema)
        assert validator is jsonschema.Draft7Validator, validator
        validator.check_schema(schema)
        validators[key] = validator(schema)

    def errors(path, dialect):
        found = validators[trees.kind_of(path), dialect].iter_errors(plain[path])
        return ['%s: %s' % ('/'.join(map(str, error.absolute_path)), error.message) for error in found]

    return [errors(path, dialect) for path, dialect in questions]


def ajv(context, schemas, plain, questions):
    """Its verdict on each file."""
    task = os.path.join(context.directory, 'ajv.json')
    with open(task, 'w') as stream:
        json.dump({
            'schemas': {'%s %s' % key: path for key, path in schemas.items()},
            'questions': [['%s %s' % (trees.kind_of(path), dialect), plain[path]] for path, dialect in questions],
        }, stream)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'ajv.js')
    done = subprocess.run(['node', script, context.node_modules, task], check=True, stdout=subprocess.PIPE)
    verdicts = json.loads(done.stdout)
    assert len(verdicts) == len(questions)
    return verdicts
