// That the example deployment sets the gate up: its settings are read by the gate itself, and all that they name is mounted.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { loadPeople } from '../../src/doors/people-file.ts';
import { readSettings } from '../../src/doors/settings.ts';
import { startProblems, startWarnings } from '../../src/doors/start-checks.ts';
import { GATE } from './published.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of our own file
type Any = any;
const only = (kind: string): Any => GATE.filter((one) => one.kind === kind)[0];
const pod = only('Deployment').spec.template.spec;
const [container] = pod.containers;

/** Files that the pod finds: path → text. */
const files = (): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  for (const { name, mountPath } of container.volumeMounts) {
    const volume = pod.volumes.find((one: Any) => one.name === name);
    assert.ok(volume, `the volume ${name} is not there`);
    const data = { ...(volume.configMap && only('ConfigMap').data), ...(volume.secret && only('Secret').stringData) };
    for (const [file, text] of Object.entries(data)) found.set(`${mountPath}/${file}`, String(text));
  }
  return found;
};

test('the gate reads every setting and would start', () => {
  const root = mkdtempSync(join(tmpdir(), 'blastgate-example-'));
  try {
    const mounted = files();
    for (const [path, text] of mounted) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const placed = (value: string): string => (mounted.has(value) ? join(root, value) : value);
    const env = Object.fromEntries(container.env.map((one: Any) => [one.name, placed(one.value)]));
    const read = readSettings(env);
    assert.ok(read.ok, JSON.stringify(read));
    const { settings } = read;
    const people = loadPeople(settings.peopleFile ?? '');
    assert.deepEqual([...people.problems, ...startProblems(settings, people.people)], []);
    assert.deepEqual(startWarnings(settings, people.people), []);
    assert.deepEqual(
      [settings.forge?.channel === 'gitea' && settings.forge.owner, settings.chats[0]?.chats],
      ['sre', ['-1001']],
    );
    assert.equal(settings.dataDir, '/data');
    assert.deepEqual(settings.listen, { host: '0.0.0.0', port: container.ports[0].containerPort });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test('what the init container installs is what the gate is started from', () => {
  const [install] = pod.initContainers;
  const placeOf = (of: Any, volume: string): string =>
    of.volumeMounts.find(({ name }: Any) => name === volume)?.mountPath;
  assert.equal(install.image, container.image);
  assert.deepEqual(install.command.slice(0, 4), ['npm', 'install', '--prefix', placeOf(install, 'app')]);
  assert.equal(dirname(install.command.at(-1)), placeOf(install, 'pack'));
  assert.deepEqual(container.command, [`${placeOf(container, 'app')}/node_modules/.bin/blastgate`]);
  assert.deepEqual(install.securityContext, container.securityContext);
  // npm writes to its home, which must be a place that may be written.
  assert.equal(install.env.find(({ name }: Any) => name === 'HOME').value, placeOf(install, 'tmp'));
});

test('secrets come as files, the data outlives the pod, and two gates never meet', () => {
  for (const { name, value } of container.env)
    if (/TOKEN|SECRET|KEY/.test(name)) assert.match(`${name} ${value}`, /^\w+_FILE \/run\/blastgate\//);
  const data = pod.volumes.find((one: Any) => one.name === 'data');
  assert.equal(data.persistentVolumeClaim.claimName, only('PersistentVolumeClaim').metadata.name);
  const { replicas, strategy } = only('Deployment').spec;
  assert.deepEqual([replicas, strategy.type], [1, 'Recreate']);
});

test('it is asked how it is where it answers', () => {
  const { livenessProbe, readinessProbe } = container;
  assert.deepEqual([livenessProbe.httpGet.path, readinessProbe.httpGet.path], ['/healthz', '/readyz']);
});
