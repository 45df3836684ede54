"""A small client of the Language Server Protocol, over the standard input and output of a server."""
import json
import os
import subprocess
import threading
from urllib.parse import quote


class Server:
    """A running language server. `settings` is what the server is told of the editor's settings: a mapping of
    sections to values."""

    def __init__(self, command, root, settings):
        self.settings = settings
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.changed = threading.Condition()
        self.answers = {}
        self.diagnostics = {}
        self.ended = False
        self.last = 0
        self.write_lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()
        self.request('initialize', {
            'processId': os.getpid(),
            'rootUri': uri(root),
            'workspaceFolders': [{'uri': uri(root), 'name': 'a tree'}],
            'capabilities': {
                'workspace': {'configuration': True, 'didChangeConfiguration': {'dynamicRegistration': True}, 'workspaceFolders': True},
                'textDocument': {
                    'completion': {'completionItem': {'documentationFormat': ['markdown', 'plaintext'], 'snippetSupport': True}},
                    'hover': {'contentFormat': ['markdown', 'plaintext']},
                    'publishDiagnostics': {'relatedInformation': True},
                },
            },
        })
        self.notify('initialized', {})
        self.notify('workspace/didChangeConfiguration', {'settings': settings})

    def request(self, method, parameters, timeout=120):
        """The answer of the server."""
        self.last += 1
        number = self.last
        self._write({'id': number, 'method': method, 'params': parameters})
        self._wait(lambda: number in self.answers, timeout, method)
        answer = self.answers.pop(number)
        assert 'error' not in answer, answer
        return answer.get('result')

    def notify(self, method, parameters):
        self._write({'method': method, 'params': parameters})

    def open(self, path, text=None):
        """Opens a file, as it is on disk unless there is a `text`."""
        if text is None:
            with open(path, encoding='utf-8', newline='') as stream:
                text = stream.read()
        document = {'uri': uri(path), 'languageId': 'yaml', 'version': 1, 'text': text}
        self.notify('textDocument/didOpen', {'textDocument': document})

    def diagnosed(self, paths, timeout=300):
        """Waits until the server has said something of every file; returns {path: diagnostics}."""
        wanted = {path: uri(path) for path in paths}
        self._wait(lambda: all(name in self.diagnostics for name in wanted.values()), timeout, 'diagnostics')
        return {path: self.diagnostics[name] for path, name in wanted.items()}

    def awaited(self, path, is_right, timeout=120):
        """Waits until what the server says of a file, which may change, is right."""
        self._wait(lambda: is_right(self.diagnostics.get(uri(path), [])), timeout, 'the right diagnostics')

    def at(self, method, path, line, character):
        """The answer to a question about a place; line and character count from 0."""
        return self.request(method, {'textDocument': {'uri': uri(path)}, 'position': {'line': line, 'character': character}})

    def stop(self):
        self.request('shutdown', None)
        self.notify('exit', None)
        self.process.stdin.close()
        self.process.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.stop()
        else:
            self.process.kill()

    def _wait(self, is_done, timeout, what):
        with self.changed:
            done = self.changed.wait_for(lambda: is_done() or self.ended, timeout)
            assert done and is_done(), 'the server %s: %s' % ('ended' if self.ended else 'does not answer', what)

    def _write(self, message):
        body = json.dumps(dict(message, jsonrpc='2.0')).encode()
        with self.write_lock:
            self.process.stdin.write(b'Content-Length: %d\r\n\r\n%s' % (len(body), body))
            self.process.stdin.flush()

    def _read(self):
        stream = self.process.stdout
        while True:
            length = None
            for line in iter(stream.readline, b'\r\n'):
                if not line:
                    with self.changed:
                        self.ended = True
                        self.changed.notify_all()
                    return
                name, _, value = line.partition(b':')
                if name.lower() == b'content-length':
                    length = int(value)
            self._receive(json.loads(stream.read(length)))

    def _receive(self, message):
        method = message.get('method')
        if method and 'id' in message:
            result = None
            if method == 'workspace/configuration':
                result = [self.settings.get(item.get('section')) for item in message['params']['items']]
            self._write({'id': message['id'], 'result': result})
            return
        with self.changed:
            if method == 'textDocument/publishDiagnostics':
                parameters = message['params']
                self.diagnostics[parameters['uri']] = parameters['diagnostics']
            elif 'id' in message:
                self.answers[message['id']] = message
            self.changed.notify_all()


def uri(path):
    return 'file://' + quote(os.path.abspath(path))


def sections(settings):
    """Settings as VS Code writes them (`yaml.schemas`) in the form that a server asks for ({yaml: {schemas}})."""
    nested = {}
    for name, value in settings.items():
        *path, last = name.split('.')
        place = nested
        for step in path:
            place = place.setdefault(step, {})
        place[last] = value
    return nested
