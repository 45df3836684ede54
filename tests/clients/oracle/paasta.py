#!/usr/bin/env python3.6
"""What the released paasta-tools 0.66.6 does with a tree.

Given a case directory (soa/, system.json, slaves.json, optionally inputs.json
and synapse/), print one JSON document describing what the real package does
with it.  See README.md beside this file for the layout of the output and for
the list of what is replaced.

    paasta.py CASE_DIR                 print the document for one case
    paasta.py --write SET_DIR          write expected.json into every case of a set
    paasta.py --check SET_DIR          recompute and compare with expected.json
    paasta.py --yaml FILE              how both YAML loaders read a file
"""
import os
import sys

# The result must not depend on the caller's environment.
FIXED_ENV = {
    'PYTHONHASHSEED': '0',
    'PYTHONIOENCODING': 'utf-8',
    'LC_ALL': 'C.UTF-8',
    'LANG': 'C.UTF-8',
    'TZ': 'UTC',
}
if __name__ == '__main__' and any(os.environ.get(k) != v for k, v in FIXED_ENV.items()):
    env = dict(os.environ)
    env.update(FIXED_ENV)
    for name in ('DOCKER_TAG', 'DOCKER_HOST', 'SUDO_USER', 'PYTHONPATH'):
        env.pop(name, None)
    os.execve(sys.executable, [sys.executable] + sys.argv, env)

import argparse
import base64
import collections
import contextlib
import datetime
import importlib
import importlib.abc
import importlib.machinery
import inspect
import io
import json
import logging
import math
import re
import shutil
import signal
import tempfile
import time
import types

PACKAGE_VERSION = '0.66.6'
SECTIONS = (
    'enumeration', 'validate', 'marathon', 'chronos', 'adhoc', 'interactive', 'nerve',
    'smartstack', 'monitoring', 'deploy', 'info', 'firewall',
)
DEFAULT_INPUTS = {
    # "now" of every clock the tool looks at (UTC; local time zone is UTC too)
    'now': '2017-07-26T10:15:30',
    # socket.getfqdn()
    'hostname': 'oracle-host.example.com',
    # the i-th marathon instance of the cluster (sorted) listens on this + i
    'nerve_port_base': 31000,
    # what local-run would otherwise pick at random
    'local_run_port': 33333,
    'local_run_container_name': 'paasta_local_run_oracle_1',
    # {"service.instance": n}: instance counts found in zookeeper
    'zk_instances': {},
    # {"synapse host": {"service.namespace": n}}: backends haproxy reports as UP
    'haproxy_backends': {},
    # {"service.instance": n}: healthy marathon tasks
    'healthy_tasks': {},
    # {"service": {"refs/tags/...": "sha"}}: git refs, enables generated_deployments
    'refs': {},
}
# third-party roots that are never exercised by anything the oracle calls
STUBBED_ROOTS = {'bravado', 'dulwich', 'gevent', 'iptc'}
CHILD_TIMEOUT_SECONDS = 120


# --------------------------------------------------------------------------
# stubs and imports
# --------------------------------------------------------------------------
class StubModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return type(str(name), (Exception,), {})


class StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname, path, target=None):
        if fullname.split('.')[0] in STUBBED_ROOTS:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec):
        module = StubModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass


class Tool(object):
    """The imported package, pointed at one private directory.

    root/soa   becomes a symlink to the soa directory of the case at hand
    root/sys   holds a copy of its system.json
    """

    MODULES = (
        'utils', 'marathon_tools', 'chronos_tools', 'adhoc_tools', 'monitoring_tools',
        'mesos_tools', 'smartstack_tools', 'long_running_service_tools',
        'generate_services_file', 'generate_services_yaml', 'synapse_srv_namespaces_fact',
        'firewall', 'check_marathon_services_replication', 'check_chronos_jobs',
        'generate_deployments_for_service', 'remote_git',
        'cli.utils', 'cli.cmds.validate', 'cli.cmds.local_run', 'cli.cmds.check',
        'cli.cmds.info',
    )

    def __init__(self, root):
        self.root = root
        self.soa = os.path.join(root, 'soa')
        self.sysdir = os.path.join(root, 'sys')
        os.mkdir(self.sysdir)
        os.environ['PAASTA_SYSTEM_CONFIG_DIR'] = self.sysdir
        sys.meta_path.insert(0, StubFinder())

        import yaml
        import jsonschema._validators
        import pysensu_yelp
        import service_configuration_lib as scl
        self.yaml, self.scl, self.pysensu = yaml, scl, pysensu_yelp
        original_soa_dir = scl.DEFAULT_SOA_DIR
        # paasta_tools copies this constant when it is imported ...
        scl.DEFAULT_SOA_DIR = self.soa
        scl.DEFAULT_EXTRA_SOA_DIR = os.path.join(root, 'extra_soa')
        # ... but the library has already bound it in its own signatures
        for function in vars(scl).values():
            if inspect.isfunction(function) and function.__defaults__:
                function.__defaults__ = tuple(
                    self.soa if d == original_soa_dir
                    else scl.DEFAULT_EXTRA_SOA_DIR if d == '/nail/etc/extra_soa/'
                    else d
                    for d in function.__defaults__
                )
        self.modules = {}
        for name in self.MODULES:
            self.modules[name] = importlib.import_module('paasta_tools.' + name)
        version = importlib.import_module('paasta_tools').__version__
        if version != PACKAGE_VERSION:
            raise SystemExit('paasta-tools is %s, expected %s' % (version, PACKAGE_VERSION))
        self.jsonschema_validators = jsonschema._validators
        self.time_caches = self._find_time_caches()
        self.real_get_config_hash = self.modules['utils'].get_config_hash
        self.real_sensu_send_event = pysensu_yelp.send_event
        logging.disable(logging.CRITICAL)

    def __getattr__(self, name):
        try:
            return self.__dict__['modules'][name]
        except KeyError:
            raise AttributeError(name)

    def _find_time_caches(self):
        found = []
        for name, module in list(sys.modules.items()):
            if not name.startswith('paasta_tools'):
                continue
            holders = [module] + [v for v in vars(module).values() if inspect.isclass(v)]
            for holder in holders:
                for value in list(vars(holder).values()):
                    for cell in getattr(value, '__closure__', None) or ():
                        content = cell.cell_contents
                        if type(content).__name__ == 'time_cache' and content not in found:
                            found.append(content)
        return found

    def fresh(self):
        """Forget everything, as a newly started process would have."""
        for cache in self.time_caches:
            cache.configs.clear()
        self.scl._yaml_cache.clear()


# --------------------------------------------------------------------------
# encoding of results
# --------------------------------------------------------------------------
class Encoder(object):
    def __init__(self, replacements=()):
        self.replacements = replacements

    def scrub(self, text):
        for path, name in self.replacements:
            text = text.replace(path, name)
        return text

    def key(self, key):
        """Mapping keys become what json.dumps makes of them."""
        if isinstance(key, str):
            return self.scrub(key)
        if key is True:
            return 'true'
        if key is False:
            return 'false'
        if key is None:
            return 'null'
        if isinstance(key, (int, float)):
            return repr(key)
        return None

    def __call__(self, value, depth=0):
        if depth > 60:
            return {'__python__': 'too deep'}
        nxt = depth + 1
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, float):
            if math.isnan(value) or math.isinf(value):
                return {'__python__': 'float', 'value': repr(value)}
            return value
        if isinstance(value, int):
            return value
        if isinstance(value, (bytes, bytearray)):
            return {'__python__': 'bytes', 'value': base64.b64encode(bytes(value)).decode()}
        if isinstance(value, datetime.datetime):
            return {'__python__': 'datetime', 'value': value.isoformat()}
        if isinstance(value, datetime.date):
            return {'__python__': 'date', 'value': value.isoformat()}
        if isinstance(value, dict):
            keys = [self.key(k) for k in value]
            if None in keys or len(set(keys)) != len(keys):
                return {'__python__': 'dict', 'value': [[self(k, nxt), self(v, nxt)] for k, v in value.items()]}
            return {self.key(k): self(v, nxt) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self(v, nxt) for v in value]
        if isinstance(value, (set, frozenset)):
            return {'__python__': 'set', 'value': sorted((self(v, nxt) for v in value), key=repr)}
        return {'__python__': type(value).__name__, 'value': self.scrub(repr(value))}

    def error(self, exc):
        return {'error': {'type': type(exc).__name__, 'message': self.scrub(str(exc))}}


ANSI = re.compile('\x1B\\[[0-9;]*[mK]')


class Capture(object):
    """Stand-in for a standard stream; .buffer is where paasta_print writes."""

    def __init__(self):
        self.stream = io.TextIOWrapper(io.BytesIO(), encoding='utf-8', write_through=True)

    def text(self):
        self.stream.flush()
        return ANSI.sub('', self.stream.buffer.getvalue().decode('utf-8'))


@contextlib.contextmanager
def captured():
    out, err = Capture(), Capture()
    saved = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out.stream, err.stream
    try:
        yield out, err
    finally:
        sys.stdout, sys.stderr = saved


def lines_of(text):
    return text.split('\n')[:-1] if text.endswith('\n') else (text.split('\n') if text else [])


# --------------------------------------------------------------------------
# one case
# --------------------------------------------------------------------------
class FirstSeenSet(list):
    """set() with a fixed iteration order: the order in which things are first seen.

    Only used where the real tool iterates over a set and the order therefore
    depends on the interpreter's string hash seed.
    """

    def __init__(self, items=()):
        super().__init__()
        for item in items:
            self.add(item)

    def add(self, item):
        hash(item)    # a real set refuses unhashable items
        if item not in self:
            self.append(item)

    def __sub__(self, other):
        return FirstSeenSet(i for i in self if i not in other)

    def __isub__(self, other):
        return self - other


class SortedSet(FirstSeenSet):
    def __iter__(self):
        return iter(sorted(super().__iter__(), key=lambda i: (str(type(i)), i) if i is not None else ('', '')))

    def __sub__(self, other):
        return SortedSet(i for i in self if i not in other)


class Case(object):
    def __init__(self, tool, case_dir):
        self.tool = tool
        self.case_dir = os.path.abspath(case_dir)
        self.encode = Encoder([
            (tool.soa, '<SOA_DIR>'), (tool.sysdir, '<SYSTEM_CONFIG_DIR>'), (tool.root, '<TMP>'),
            (self.case_dir, '<CASE>'),
        ])
        self.inputs = json.loads(json.dumps(DEFAULT_INPUTS))
        inputs_file = os.path.join(case_dir, 'inputs.json')
        if os.path.exists(inputs_file):
            with open(inputs_file) as f:
                given = json.load(f)
            unknown = set(given) - set(DEFAULT_INPUTS)
            if unknown:
                raise SystemExit('%s: unknown keys %s' % (inputs_file, sorted(unknown)))
            self.inputs.update(given)
        self.now = datetime.datetime.strptime(self.inputs['now'], '%Y-%m-%dT%H:%M:%S')
        with open(os.path.join(case_dir, 'slaves.json')) as f:
            self.slaves = json.load(f)
        if os.path.islink(tool.soa):
            os.unlink(tool.soa)
        os.symlink(os.path.join(self.case_dir, 'soa'), tool.soa)
        shutil.copy(os.path.join(case_dir, 'system.json'), os.path.join(tool.sysdir, 'system.json'))
        self.soa = tool.soa
        self.patch()
        self.services = sorted(
            s for s in os.listdir(self.soa) if os.path.isdir(os.path.join(self.soa, s))
        )
        try:
            self.cluster = tool.utils.load_system_paasta_config().get_cluster()
        except Exception:
            self.cluster = None

    # -- everything that is replaced in the package -----------------------
    def patch(self):
        tool, inputs = self.tool, self.inputs

        # clocks
        now = self.now

        class FixedDatetime(datetime.datetime):
            @classmethod
            def now(cls, tz=None):
                if tz is None:
                    return now
                return tz.fromutc(now.replace(tzinfo=tz))

            @classmethod
            def utcnow(cls):
                return now

        clock = types.ModuleType('datetime')
        clock.__dict__.update({k: v for k, v in vars(datetime).items() if not k.startswith('__')})
        clock.datetime = FixedDatetime
        tool.chronos_tools.datetime = clock
        getattr(tool, 'cli.cmds.local_run').datetime = clock
        tool.generate_services_file.datetime = FixedDatetime
        seconds = types.ModuleType('time')
        seconds.__dict__.update({k: v for k, v in vars(time).items() if not k.startswith('__')})
        seconds.time = lambda: now.replace(tzinfo=datetime.timezone.utc).timestamp()
        getattr(tool, 'cli.cmds.local_run').time = seconds

        # this host
        for name in ('generate_services_file', 'long_running_service_tools', 'cli.cmds.local_run'):
            getattr(tool, name).socket.getfqdn = lambda *a: inputs['hostname']
        tool.scl.socket.getfqdn = lambda *a: inputs['hostname']
        tool.marathon_tools.PUPPET_SERVICE_DIR = os.path.join(tool.root, 'puppet_services.d')

        # zookeeper
        def get_instances_from_zookeeper(service, instance):
            try:
                return int(inputs['zk_instances']['%s.%s' % (service, instance)])
            except KeyError:
                raise tool.long_running_service_tools.NoNodeError()
        tool.long_running_service_tools.get_instances_from_zookeeper = get_instances_from_zookeeper

        # mesos
        tool.mesos_tools.get_slaves = lambda: json.loads(json.dumps(self.slaves))

        # haproxy
        def get_multiple_backends(services, synapse_host, synapse_port, synapse_haproxy_url_format):
            # evaluated, so that a broken URL format still fails
            synapse_haproxy_url_format.format(host=synapse_host, port=synapse_port)
            backends = []
            for name, count in inputs['haproxy_backends'].get(synapse_host, {}).items():
                if services is None or name in services:
                    backends.extend({'pxname': name, 'svname': 'h', 'status': 'UP'} for _ in range(count))
            return backends
        tool.smartstack_tools.get_multiple_backends = get_multiple_backends

        # docker, random choices
        local_run = getattr(tool, 'cli.cmds.local_run')
        local_run.get_docker_client = lambda: None
        local_run.pick_random_port = lambda: inputs['local_run_port']
        local_run.get_container_name = lambda: inputs['local_run_container_name']

        # git
        tool.generate_deployments_for_service.remote_git = types.SimpleNamespace(
            list_remote_refs=lambda git_url: self.refs,
        )
        self.refs = {}

        # log writer
        tool.check_marathon_services_replication._log = lambda *a, **k: None

        # iteration orders that depend on hash seed or directory order
        real_glob = getattr(tool, 'cli.cmds.validate').glob
        if not getattr(real_glob, 'oracle', False):
            def sorted_glob(pattern):
                return sorted(real_glob(pattern))
            sorted_glob.oracle = True
            getattr(tool, 'cli.cmds.validate').glob = sorted_glob
        tool.jsonschema_validators.set = list      # unexpected properties: document order
        getattr(tool, 'cli.cmds.validate').set = FirstSeenSet   # check messages
        tool.utils.set = SortedSet                 # instance names, unknown security keys
        getattr(tool, 'cli.cmds.check').set = SortedSet
        getattr(tool, 'cli.cmds.info').set = SortedSet

        # observation only: remember what is hashed
        self.hashed = None

        def get_config_hash(config, force_bounce=None):
            result = tool.real_get_config_hash(config, force_bounce=force_bounce)
            self.hashed = {
                'config_hash': result,
                'hash_input': json.dumps(config, sort_keys=True) + (force_bounce or ''),
            }
            return result
        tool.marathon_tools.get_config_hash = get_config_hash
        tool.chronos_tools.get_config_hash = get_config_hash

        # sensu
        self.events = []
        signature = inspect.signature(tool.real_sensu_send_event)

        def send_event(*args, **kwargs):
            bound = signature.bind(*args, **kwargs)
            event = {'kwargs': self.encode(dict(bound.arguments))}
            sent = []
            fake = types.SimpleNamespace(
                connect=lambda address: None, sendall=sent.append, close=lambda: None,
            )
            real_socket = tool.pysensu.socket
            tool.pysensu.socket = types.SimpleNamespace(socket=lambda: fake)
            try:
                tool.real_sensu_send_event(*args, **kwargs)
                event['payload'] = json.loads(b''.join(sent).decode('utf-8'))
            except Exception as exc:
                event['payload'] = self.encode.error(exc)
                self.events.append(event)
                raise
            finally:
                tool.pysensu.socket = real_socket
            self.events.append(event)
        tool.pysensu.send_event = send_event

    # -- helpers -----------------------------------------------------------
    def guard(self, function, *args, **kwargs):
        """Result of function, encoded, or the exception it ended in."""
        try:
            with captured():
                return self.encode(function(*args, **kwargs))
        except (Exception, SystemExit) as exc:
            return self.encode.error(exc)

    def fresh_guard(self, function, *args, **kwargs):
        self.tool.fresh()
        return self.guard(function, *args, **kwargs)

    def system(self):
        return self.tool.utils.load_system_paasta_config()

    def instances(self, kind):
        """Sorted (service, instance) of one kind in the system's cluster; a
        service whose file cannot be read contributes an error instead."""
        found, errors = [], {}
        for service in self.services:
            self.tool.fresh()
            try:
                with captured():
                    found.extend(self.tool.utils.get_service_instance_list_no_cache(
                        service, cluster=self.cluster, instance_type=kind, soa_dir=self.soa,
                    ))
            except Exception as exc:
                errors[service] = self.encode.error(exc)
        return sorted(found, key=lambda si: (si[0], str(si[1]))), errors

    # -- sections ----------------------------------------------------------
    def enumeration(self):
        utils = self.tool.utils
        result = {'cluster': self.cluster, 'services': self.services, 'clusters': {}, 'instances': {}}
        for service in self.services:
            result['clusters'][service] = {
                kind or 'any': self.fresh_guard(utils.list_clusters, service, self.soa, kind)
                for kind in (None,) + utils.INSTANCE_TYPES
            }
        for kind in utils.INSTANCE_TYPES:
            found, errors = self.instances(kind)
            result['instances'][kind] = self.encode(found)
            for service, error in errors.items():
                result['instances'].setdefault('errors', {}).setdefault(kind, {})[service] = error
        result['instance_type'] = {}
        for kind in utils.INSTANCE_TYPES:
            for service, instance in self.instances(kind)[0]:
                result['instance_type']['%s.%s' % (service, instance)] = self.fresh_guard(
                    utils.validate_service_instance, service, instance, self.cluster, self.soa,
                )
        return result

    def validate(self):
        module = getattr(self.tool, 'cli.cmds.validate')
        result = {}
        for service in self.services:
            self.tool.fresh()
            entry = {}
            with captured() as (out, _):
                try:
                    entry['ok'] = module.paasta_validate_soa_configs(os.path.join(self.soa, service))
                except (Exception, SystemExit) as exc:
                    entry.update(self.encode.error(exc))
            entry['output'] = [self.encode.scrub(line) for line in lines_of(out.text())]
            result[service] = entry
        return result

    def namespace_config(self, config):
        return self.tool.long_running_service_tools.load_service_namespace_config(
            service=config.service, namespace=config.get_nerve_namespace(), soa_dir=self.soa,
        )

    def marathon(self):
        tool, soa, cluster = self.tool, self.soa, self.cluster
        mt = tool.marathon_tools
        found, errors = self.instances('marathon')
        result = dict(errors)

        def load(service, instance, deployments):
            tool.fresh()
            return mt.load_marathon_service_config_no_cache(
                service, instance, cluster, load_deployments=deployments, soa_dir=soa,
            )

        for service, instance in found:
            entry = {}
            self.hashed = None
            entry['payload'] = self.guard(lambda: load(service, instance, True).format_marathon_app_dict())
            entry['config_hash'] = self.hashed and self.hashed['config_hash']
            entry['hash_input'] = self.hashed and self.hashed['hash_input']
            try:
                with captured():
                    config = load(service, instance, False)
            except Exception as exc:
                entry['settings'] = self.encode.error(exc)
                result['%s.%s' % (service, instance)] = entry
                continue

            def with_ns(name):
                # a new config each time: some getters modify their own dictionary
                def call():
                    fresh = load(service, instance, False)
                    return getattr(fresh, 'get_' + name)(self.namespace_config(fresh))
                return call

            def with_system(name, key, system_getter):
                return lambda: getattr(load(service, instance, False), name)(
                    **{key: getattr(self.system(), system_getter)()}
                )

            def plain(name):
                return lambda: getattr(load(service, instance, False), 'get_' + name)()

            settings = {}
            for name in (
                'accepted_resource_roles', 'args', 'autoscaling_params', 'backoff_factor', 'backoff_seconds',
                'bounce_margin_factor', 'bounce_method', 'branch', 'cmd', 'constraints', 'container_port',
                'cpu_period', 'cpu_quota', 'cpus', 'dependencies', 'dependencies_reference', 'deploy_group',
                'desired_instances', 'disk', 'docker_registry', 'extra_constraints', 'extra_volumes',
                'healthcheck_grace_period_seconds', 'healthcheck_interval_seconds',
                'healthcheck_max_consecutive_failures', 'healthcheck_timeout_seconds', 'host_port',
                'instances', 'max_instances', 'max_launch_delay_seconds', 'mem', 'mem_swap', 'min_instances',
                'monitoring', 'nerve_namespace', 'net', 'outbound_firewall', 'pool', 'registrations',
                'replication_crit_percentage',
            ):
                settings[name] = self.guard(plain(name))
            for name in (
                'bounce_health_params', 'drain_method', 'drain_method_params', 'healthcheck_mode',
                'healthcheck_uri', 'healthchecks',
            ):
                settings[name] = self.guard(with_ns(name))
            settings['deploy_blacklist'] = self.guard(
                with_system('get_deploy_blacklist', 'system_deploy_blacklist', 'get_deploy_blacklist'))
            settings['deploy_whitelist'] = self.guard(
                with_system('get_deploy_whitelist', 'system_deploy_whitelist', 'get_deploy_whitelist'))
            settings['monitoring_blacklist'] = self.guard(
                with_system('get_monitoring_blacklist', 'system_deploy_blacklist', 'get_deploy_blacklist'))
            settings['docker_parameters'] = self.guard(plain_parameters(load, service, instance))
            settings['validate'] = self.guard(lambda: load(service, instance, False).validate())
            settings['proxy_port'] = self.fresh_guard(
                mt.get_proxy_port_for_instance, service, instance, cluster, soa)
            settings['expected_instance_count_for_namespace'] = self.fresh_guard(
                mt.get_expected_instance_count_for_namespace, service, instance, cluster, soa)
            settings['short_job_id'] = self.guard(mt.format_job_id, service, instance)
            entry['settings'] = settings

            def branch():
                config = load(service, instance, True)
                return {
                    'docker_image': config.get_docker_image(),
                    'desired_state': config.get_desired_state(),
                    'force_bounce': config.get_force_bounce(),
                }
            entry['deployment'] = self.guard(branch)
            result['%s.%s' % (service, instance)] = entry
        return result

    def chronos(self):
        tool, soa, cluster = self.tool, self.soa, self.cluster
        ct = tool.chronos_tools
        found, errors = self.instances('chronos')
        result = dict(errors)

        def load(service, instance):
            tool.fresh()
            return ct.load_chronos_job_config(service, instance, cluster, load_deployments=False, soa_dir=soa)

        for service, instance in found:
            entry = {}
            self.hashed = None
            entry['payload'] = self.fresh_guard(ct.create_complete_config, service, instance, soa_dir=soa)
            entry['config_hash'] = self.hashed and self.hashed['config_hash']
            entry['hash_input'] = self.hashed and self.hashed['hash_input']
            try:
                with captured():
                    load(service, instance)
            except Exception as exc:
                entry['settings'] = self.encode.error(exc)
                result['%s.%s' % (service, instance)] = entry
                continue
            settings = {}
            for name in (
                'args', 'bounce_method', 'branch', 'cmd', 'constraints', 'cpus', 'deploy_group', 'disabled',
                'disk', 'epsilon', 'extra_constraints', 'extra_volumes', 'mem', 'monitoring', 'net', 'owner',
                'parents', 'pool', 'retries', 'schedule', 'schedule_interval_in_seconds',
                'schedule_time_zone', 'shell', 'dependencies', 'dependencies_reference', 'outbound_firewall',
            ):
                settings[name] = self.guard(lambda: getattr(load(service, instance), 'get_' + name)())
            settings['validate'] = self.guard(lambda: load(service, instance).validate())
            settings['check_bounce_method'] = self.guard(lambda: load(service, instance).check_bounce_method())
            settings['monitoring_blacklist'] = self.guard(
                lambda: load(service, instance).get_monitoring_blacklist(self.system().get_deploy_blacklist()))
            entry['settings'] = settings
            result['%s.%s' % (service, instance)] = entry
        return result

    def local_run(self, service, instance):
        module = getattr(self.tool, 'cli.cmds.local_run')
        result = {}
        for as_dict in (False, True):
            self.tool.fresh()
            args = argparse.Namespace(
                action='dry_run', service=service, instance=instance, cluster=self.cluster,
                yelpsoa_config_root=self.soa, healthcheck=True, healthcheck_only=False, interactive=False,
                cmd=None, user_port=False, dry_run_json_dict=as_dict, verbose=True,
            )
            with captured() as (out, err):
                try:
                    result['returncode'] = module.paasta_local_run(args)
                except (Exception, SystemExit) as exc:
                    result.update(self.encode.error(exc))
            text = out.text()
            try:
                result['docker_run_args' if as_dict else 'argv'] = self.encode(json.loads(text))
            except ValueError:
                result['stdout'] = self.encode.scrub(text)
            if err.text():
                result['stderr'] = self.encode.scrub(err.text())
        return result

    def adhoc(self):
        tool, soa, cluster = self.tool, self.soa, self.cluster
        found, errors = self.instances('adhoc')
        result = dict(errors)

        def load(service, instance, deployments):
            tool.fresh()
            return tool.adhoc_tools.load_adhoc_job_config(
                service, instance, cluster, load_deployments=deployments, soa_dir=soa,
            )

        for service, instance in found:
            entry = {}
            try:
                with captured():
                    load(service, instance, False)
            except Exception as exc:
                entry['settings'] = self.encode.error(exc)
                entry['local_run'] = self.local_run(service, instance)
                result['%s.%s' % (service, instance)] = entry
                continue
            settings = {}
            for name in (
                'args', 'branch', 'cmd', 'container_port', 'cpu_period', 'cpu_quota', 'cpus', 'deploy_group',
                'disk', 'extra_volumes', 'mem', 'mem_swap', 'monitoring', 'net', 'pool', 'registrations',
            ):
                settings[name] = self.guard(lambda: getattr(load(service, instance, False), 'get_' + name)())
            settings['docker_parameters'] = self.guard(plain_parameters(load, service, instance))
            settings['volumes'] = self.guard(
                lambda: load(service, instance, False).get_volumes(self.system().get_volumes()))
            entry['settings'] = settings

            def deployed():
                config = load(service, instance, True)
                return {
                    'branch_dict': config.branch_dict,
                    'docker_url': config.get_docker_url(),
                    'env': config.get_env_dictionary(),
                }
            entry['deployment'] = self.guard(deployed)
            entry['local_run'] = self.local_run(service, instance)
            result['%s.%s' % (service, instance)] = entry
        return result

    def interactive(self):
        """What `paasta local-run` without an instance runs."""
        tool = self.tool
        result = {}
        for service in self.services:
            def load():
                config = tool.adhoc_tools.get_default_interactive_config(
                    service=service, cluster=self.cluster, soa_dir=self.soa, load_deployments=False)
                return {
                    'cpus': config.get_cpus(), 'mem': config.get_mem(), 'disk': config.get_disk(),
                    'cmd': config.get_cmd(), 'args': config.get_args(), 'net': config.get_net(),
                    'deploy_group': config.get_deploy_group(), 'branch_dict': config.branch_dict,
                }
            result[service] = self.fresh_guard(load)
        return result

    def nerve(self):
        tool, mt = self.tool, self.tool.marathon_tools
        found, errors = self.instances('marathon')
        base = self.inputs['nerve_port_base']
        here = [(s, i, base + n) for n, (s, i) in enumerate(found)]
        result = {'running_here': self.encode(here), 'unreadable_services': sorted(errors)}

        def feed(triples):
            mt.marathon_services_running_here = lambda: list(triples)
            return mt.get_marathon_services_running_here_for_nerve(self.cluster, self.soa)

        result['marathon'] = self.fresh_guard(feed, here)
        if isinstance(result['marathon'], dict):
            # one bad instance takes the whole list with it; show which ones are fine
            result['marathon_each'] = {
                '%s.%s' % (t[0], t[1]): self.fresh_guard(feed, [t]) for t in here
            }
        result['classic'] = self.fresh_guard(mt.get_classic_services_running_here_for_nerve, self.soa)
        result['puppet'] = self.fresh_guard(mt.get_puppet_services_running_here_for_nerve, self.soa)
        return result

    def smartstack(self):
        tool, mt = self.tool, self.tool.marathon_tools
        gsf = tool.generate_services_file
        result = {'namespaces': {}}
        for service in self.services:
            names = self.fresh_guard(
                lambda: [n for n, _ in mt.get_all_namespaces_for_service(service, self.soa, full_name=False)])
            if isinstance(names, dict):
                result['namespaces'][service] = names
                continue
            tool.fresh()
            names = [n for n, _ in mt.get_all_namespaces_for_service(service, self.soa, full_name=False)]
            result['namespaces'][service] = {
                self.encode.key(name) or repr(name): self.fresh_guard(
                    tool.long_running_service_tools.load_service_namespace_config, service, name, self.soa)
                for name in names
            }
            result['namespaces'][service]['(absent)'] = self.fresh_guard(
                tool.long_running_service_tools.load_service_namespace_config, service, '(absent)', self.soa)

        tool.fresh()
        with captured() as (out, _):
            try:
                tool.synapse_srv_namespaces_fact.main()
            except SystemExit:
                pass
            except Exception as exc:
                result['synapse_srv_namespaces_fact'] = self.encode.error(exc)
        result.setdefault('synapse_srv_namespaces_fact', out.text())

        def written(writer, suffix):
            def call():
                path = os.path.join(tool.root, 'generated.' + suffix)
                try:
                    writer(path)
                    with io.open(path, newline='') as f:
                        return f.read()
                finally:
                    if os.path.exists(path):
                        os.unlink(path)
            return call

        gsf.DEFAULT_SOA_DIR = self.soa
        result['services_file_rfc1700'] = self.fresh_guard(written(gsf.write_rfc1700_file, 'rfc1700'))
        result['services_file_json'] = self.fresh_guard(written(gsf.write_json_file, 'json'))
        result['services_yaml'] = self.fresh_guard(
            written(lambda path: tool.generate_services_yaml.main([path]), 'yaml'))
        return result

    MONITORING_KEYS = (
        'team', 'runbook', 'tip', 'notification_email', 'page', 'alert_after', 'realert_every',
        'check_every', 'irc_channels', 'dependencies', 'ticket', 'project',
    )

    def monitoring(self):
        tool, soa, cluster = self.tool, self.soa, self.cluster
        mon = tool.monitoring_tools
        result = {'marathon': {}, 'chronos': {}, 'service': {}}

        def fields(service, overrides_of):
            values = {}
            for key in self.MONITORING_KEYS:
                values[key] = self.fresh_guard(
                    lambda: getattr(mon, 'get_' + key)(overrides_of(), service, soa_dir=soa))
            return values

        for service in self.services:
            result['service'][service] = fields(service, dict)

        found, _ = self.instances('marathon')
        for service, instance in found:
            def overrides():
                return tool.marathon_tools.load_marathon_service_config_no_cache(
                    service, instance, cluster, load_deployments=False, soa_dir=soa).get_monitoring()
            entry = {'fields': fields(service, overrides)}
            self.events = []
            tool.fresh()
            tasks = [
                types.SimpleNamespace(
                    app_id='/%s.gitdeadbeef.config00000000' % name.replace('_', '--'),
                    started_at=datetime.datetime(2000, 1, 1), health_check_results=[],
                )
                for name, count in sorted(self.inputs['healthy_tasks'].items()) for _ in range(count)
            ]
            check = self.guard(
                tool.check_marathon_services_replication.check_service_replication,
                client=None, service=service, instance=instance, all_tasks=tasks, cluster=cluster,
                soa_dir=soa, system_paasta_config=self.system(),
            )
            if check is not None:
                entry['error'] = check['error']
            entry['events'] = self.encode(self.events)
            result['marathon']['%s.%s' % (service, instance)] = entry

        found, _ = self.instances('chronos')
        checks = tool.check_chronos_jobs
        for service, instance in found:
            def overrides():
                return tool.chronos_tools.load_chronos_job_config(
                    service, instance, cluster, load_deployments=False, soa_dir=soa).get_monitoring()
            entry = {'fields': fields(service, overrides)}
            self.events = []
            tool.fresh()

            def check_job():
                # the body of the loop in the real script, for a job chronos has never heard of
                try:
                    config = checks.load_chronos_job_config(
                        service=service, instance=instance, cluster=cluster, soa_dir=soa)
                except tool.utils.NoDeploymentsAvailable:
                    return 'skipped: no deployments are available'
                output, status = checks.sensu_message_status_for_jobs(
                    chronos_job_config=config, service=service, instance=instance, cluster=cluster,
                    chronos_job=None)
                if status is not None:
                    checks.send_event(
                        service=service, instance=instance,
                        monitoring_overrides=checks.compose_monitoring_overrides_for_service(
                            chronos_job_config=config, soa_dir=soa),
                        status_code=status, message=output, soa_dir=soa)
            outcome = self.guard(check_job)
            if isinstance(outcome, str):
                entry['skipped'] = outcome
            elif outcome is not None:
                entry['error'] = outcome['error']
            entry['events'] = self.encode(self.events)
            result['chronos']['%s.%s' % (service, instance)] = entry
        return result

    def deploy(self):
        tool, soa = self.tool, self.soa
        check = getattr(tool, 'cli.cmds.check')
        cli_utils = getattr(tool, 'cli.utils')
        result = {}
        for service in self.services:
            entry = {}
            entry['pipeline'] = self.fresh_guard(check.get_pipeline_config, service, soa)
            entry['steps'] = self.fresh_guard(
                lambda: [step['step'] for step in check.get_pipeline_config(service, soa)])
            entry['deploy_steps'] = self.fresh_guard(
                lambda: [
                    step['step'] for step in check.get_pipeline_config(service, soa)
                    if tool.utils.is_deploy_step(step['step'])
                ])
            entry['deploy_groups'] = self.fresh_guard(
                lambda: sorted(cli_utils.list_deploy_groups(service=service, soa_dir=soa)))
            entry['by_instance'] = {}
            for kind in ('marathon', 'chronos', 'adhoc'):
                tool.fresh()
                try:
                    with captured():
                        clusters = tool.utils.list_clusters(service, soa, kind)
                except Exception as exc:
                    entry['by_instance'][kind] = self.encode.error(exc)
                    continue
                for cluster in clusters:
                    tool.fresh()
                    try:
                        with captured():
                            names = [i for _, i in tool.utils.get_service_instance_list_no_cache(
                                service, cluster, kind, soa_dir=soa)]
                    except Exception as exc:
                        entry['by_instance']['%s-%s' % (kind, cluster)] = self.encode.error(exc)
                        continue
                    entry['by_instance']['%s-%s' % (kind, cluster)] = {
                        self.encode.key(name) or repr(name): self.fresh_guard(
                            lambda: cli_utils.get_instance_config(
                                service, name, cluster, soa, load_deployments=False, instance_type=kind,
                            ).get_deploy_group())
                        for name in names
                    }
            tool.fresh()
            with captured() as (out, _):
                try:
                    entry['deployments_check'] = {'ok': check.deployments_check(service, soa)}
                except Exception as exc:
                    entry['deployments_check'] = self.encode.error(exc)
            entry['deployments_check']['output'] = [self.encode.scrub(line) for line in lines_of(out.text())]
            for name in ('deploy_has_security_check', 'deploy_has_performance_check'):
                entry[name] = self.fresh_guard(getattr(check, name), service, soa)
            entry['git_url'] = self.fresh_guard(tool.utils.get_git_url, service, soa)
            entry['docker_registry'] = self.fresh_guard(tool.utils.get_service_docker_registry, service, soa)
            if service in self.inputs['refs']:
                self.refs = self.inputs['refs'][service]

                def generate():
                    v1, v2 = tool.generate_deployments_for_service.get_deploy_group_mappings(
                        soa_dir=soa, service=service, old_mappings={})
                    return {'v1': v1, 'v2': v2}
                entry['generated_deployments'] = self.fresh_guard(generate)
            result[service] = entry
        return result

    def info(self):
        info = getattr(self.tool, 'cli.cmds.info')
        result = {}
        for service in self.services:
            text = self.fresh_guard(lambda: ANSI.sub('', info.get_service_info(service, self.soa)))
            result[service] = text if isinstance(text, dict) else text.split('\n')
        return result

    def firewall(self):
        tool = self.tool
        synapse = os.path.join(self.case_dir, 'synapse')
        result = {}
        for kind in ('marathon', 'chronos', 'adhoc'):
            for service, instance in self.instances(kind)[0]:
                group = tool.firewall.ServiceGroup(service, instance)

                def rules():
                    return [dict(rule._asdict()) for rule in group.get_rules(self.soa, synapse)]
                entry = {
                    'chain_name': self.guard(lambda: group.chain_name),
                    'log_prefix': self.guard(lambda: group.log_prefix),
                    'rules': self.fresh_guard(rules),
                }
                if entry['rules'] != []:
                    result.setdefault('%s.%s' % (service, instance), entry)
        return result

    def document(self, sections=SECTIONS):
        result = {
            'oracle': {'package': 'paasta-tools', 'version': PACKAGE_VERSION, 'inputs': self.inputs},
        }
        for name in sections:
            try:
                result[name] = getattr(self, name)()
            except Exception as exc:   # a section must never take the others with it
                result[name] = self.encode.error(exc)
                result[name]['error']['whole_section'] = True
                if os.environ.get('ORACLE_DEBUG'):
                    raise
        return result


def plain_parameters(load, service, instance):
    return lambda: load(service, instance, False).format_docker_parameters()


def dump(document):
    return json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + '\n'


# --------------------------------------------------------------------------
# --yaml
# --------------------------------------------------------------------------
def typed(value, seen=()):
    if id(value) in seen:
        return {'cycle': True}
    if value is None:
        return {'null': None}
    if isinstance(value, bool):
        return {'bool': value}
    if isinstance(value, int):
        return {'int': str(value)}
    if isinstance(value, float):
        return {'float': repr(value)}
    if isinstance(value, str):
        return {'str': value}
    if isinstance(value, bytes):
        return {'binary': base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return {'timestamp': value.isoformat(), 'kind': 'datetime'}
    if isinstance(value, datetime.date):
        return {'timestamp': value.isoformat(), 'kind': 'date'}
    seen = seen + (id(value),)
    if isinstance(value, dict):
        return {'map': [[typed(k, seen), typed(v, seen)] for k, v in value.items()]}
    if isinstance(value, (list, tuple)):
        return {'seq': [typed(v, seen) for v in value]}
    if isinstance(value, (set, frozenset)):
        return {'set': sorted((typed(v, seen) for v in value), key=repr)}
    return {'python': repr(value)}


def duplicate_keys(node, yaml, path='', seen=None):
    seen = set() if seen is None else seen
    if node is None or id(node) in seen:
        return []
    seen.add(id(node))
    found = []
    if isinstance(node, yaml.MappingNode):
        first = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else '(complex)'
            identity = (key.tag, name)
            if identity in first and key.tag != 'tag:yaml.org,2002:merge':
                found.append({
                    'path': path or '/', 'key': name,
                    'lines': [first[identity] + 1, key.start_mark.line + 1], 'kept': 'last',
                })
            first.setdefault(identity, key.start_mark.line)
            found.extend(duplicate_keys(value, yaml, '%s/%s' % (path, name), seen))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            found.extend(duplicate_keys(value, yaml, '%s/%d' % (path, index), seen))
    return found


def yaml_document(path):
    import yaml
    with io.open(path, encoding='utf-8') as f:
        text = f.read()
    result = {}
    # "safe_load" is what `validate` uses; "csafe_load" is what reads service configuration
    for name, loader in (('safe_load', yaml.SafeLoader), ('csafe_load', yaml.CSafeLoader)):
        try:
            result[name] = typed(yaml.load(text, Loader=loader))
        except Exception as exc:
            result[name] = {'error': {'type': type(exc).__name__, 'message': str(exc)}}
    result['loaders_agree'] = result['safe_load'] == result['csafe_load']
    try:
        result['duplicate_keys'] = duplicate_keys(yaml.compose(text, Loader=yaml.CSafeLoader), yaml)
    except Exception as exc:
        result['duplicate_keys'] = {'error': {'type': type(exc).__name__, 'message': str(exc)}}
    return result


# --------------------------------------------------------------------------
# command line
# --------------------------------------------------------------------------
def in_child(function, timeout):
    """Run function in a forked child; its result (text) or None on failure."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(reader)
            with os.fdopen(writer, 'w', encoding='utf-8') as f:
                f.write(function())
            status = 0
        except BaseException:
            import traceback
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writer)
    chunks = []
    deadline = time.time() + timeout
    import select
    while True:
        left = deadline - time.time()
        ready = select.select([reader], [], [], max(left, 0))[0]
        if not ready:
            os.kill(pid, signal.SIGKILL)
            break
        chunk = os.read(reader, 1 << 16)
        if not chunk:
            break
        chunks.append(chunk)
    os.close(reader)
    _, status = os.waitpid(pid, 0)
    return b''.join(chunks).decode('utf-8') if status == 0 else None


def cases_in(set_dir):
    return [
        name for name in sorted(os.listdir(set_dir))
        if os.path.isdir(os.path.join(set_dir, name, 'soa'))
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('case', nargs='?', help='case directory')
    parser.add_argument('--section', action='append', choices=SECTIONS, help='only these sections')
    parser.add_argument('--write', metavar='SET_DIR')
    parser.add_argument('--check', metavar='SET_DIR')
    parser.add_argument('--yaml', metavar='FILE')
    parser.add_argument('--only', action='append', help='with --write/--check: only these cases')
    args = parser.parse_args()

    if args.yaml:
        sys.stdout.write(dump(yaml_document(args.yaml)))
        return 0
    if not (args.case or args.write or args.check):
        parser.error('nothing to do')

    root = tempfile.mkdtemp(prefix='oracle-')
    try:
        tool = Tool(root)
        sections = tuple(args.section or SECTIONS)
        if args.case:
            text = in_child(lambda: dump(Case(tool, args.case).document(sections)), CHILD_TIMEOUT_SECONDS)
            if text is None:
                sys.stderr.write('failed\n')
                return 1
            sys.stdout.write(text)
            return 0
        set_dir = args.write or args.check
        bad = 0
        for name in cases_in(set_dir):
            if args.only and name not in args.only:
                continue
            case_dir = os.path.join(set_dir, name)
            text = in_child(lambda: dump(Case(tool, case_dir).document()), CHILD_TIMEOUT_SECONDS)
            path = os.path.join(case_dir, 'expected.json')
            if text is None:
                sys.stderr.write('%s: failed\n' % name)
                bad += 1
            elif args.write:
                with io.open(path, 'w', encoding='utf-8', newline='\n') as f:
                    f.write(text)
            else:
                with io.open(path, encoding='utf-8', newline='') as f:
                    if f.read() != text:
                        sys.stderr.write('%s: differs\n' % name)
                        bad += 1
        return 1 if bad else 0
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
