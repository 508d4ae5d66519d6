// What we would send, given the objects as they stand, is what a real kubectl sends: method, kind of patch and body.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { isDeepStrictEqual, promisify } from 'node:util';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { NO_MERGE_SCHEMA } from '../../src/core/action/merge-schema.ts';
import { type MutationRequest, mutationRequest } from '../../src/core/action/mutation-request.ts';
import { effectsOfInvocation } from '../../src/core/command/kubectl/effects.ts';
import { parseKubectl } from '../../src/core/command/kubectl/parse.ts';
import { resolveResource } from '../../src/core/command/kubectl/resolve.ts';
import type { Surroundings } from '../../src/core/model/command.ts';
import type { Effect } from '../../src/core/model/effect.ts';
import { isObject, type Json, type JsonObject } from '../../src/core/model/json.ts';
import { resourceKey } from '../../src/core/model/object-ref.ts';
import type { Run } from './compare.ts';
import { findKubectl, kubeconfig, runSamples, type Sample } from './kubectl.ts';
import { listedSamples } from './lists.ts';
import { objectOf, scaleOf } from './objects.ts';
import { isRead, requestOf, type Sent } from './requests.ts';
import { startRecordingServer, WIDGETS } from './server.ts';

type Mutating = Effect & { readonly mutation: NonNullable<Effect['mutation']> };

const mutating = (effects: readonly Effect[]): readonly Mutating[] =>
  effects.filter((effect): effect is Mutating => effect.mutation !== undefined);

/** The object that kubectl reads before it writes: the recording server has whatever is asked for. */
const standing = ({ mutation, group, resource, namespace, subresource }: Mutating, name: string): JsonObject | null => {
  const source =
    (mutation.is === 'expose' || mutation.is === 'create') && mutation.of !== undefined
      ? mutation.of
      : mutation.is === 'job-of-cronjob'
        ? { group: 'batch', resource: 'cronjobs', name: mutation.cronJob }
        : mutation.is === 'debug-copy'
          ? { group: '', resource: 'pods', name: mutation.pod }
          : { group, resource, name };
  const found = resolveResource(resourceKey(source), [WIDGETS]);
  if ((mutation.is === 'create' && mutation.of === undefined) || found === null) return null;
  const [version = 'v1'] = found.resource.versions;
  return subresource === 'scale'
    ? scaleOf(found.resource, namespace, name)
    : objectOf(found.resource, version, namespace, source.name, 2);
};

/** The object whose keys become variables. */
const keyed = ({ mutation, namespace }: Mutating): JsonObject | null => {
  if (mutation.is !== 'environment' || mutation.from === undefined) return null;
  const found = resolveResource(mutation.from.resource, []);
  return found === null ? null : objectOf(found.resource, 'v1', namespace, mutation.from.name, 2);
};

const requestFor = (effect: Mutating, name: string): MutationRequest | null => {
  const { mutation, known } = effect;
  const applySchema = known === 'built-in' ? NO_MERGE_SCHEMA : null;
  const answer = mutationRequest({ mutation, live: standing(effect, name), from: keyed(effect), applySchema });
  assert.ok(answer.ok, answer.ok ? '' : answer.why.code);
  return answer.request;
};

/** Fields that say nothing, and where we leave the order of a list, or the version, to others. */
const SILENT = /^(?:creationTimestamp|resourceVersion|uid|status|\$setElementOrder\/.*)$/;

/** What a body means: without what is empty or null in a whole object, without what only says how it is merged. */
const meaning = (value: Json, whole: boolean): Json => {
  if (Array.isArray(value)) return value.map((one: Json) => meaning(one, whole));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !SILENT.test(key) && !(whole && inner === null))
      .map(([key, inner]) => [key, meaning(inner, whole)] as const)
      .filter(([, inner]) => !isObject(inner) || Object.keys(inner).length > 0),
  );
};

const shown = (method: string, contentType: string, body: Json): Json => [
  method,
  method === 'PATCH' ? contentType : '',
  meaning(body, method !== 'PATCH'),
];

/** The change cause names the program as it was called; ours is called kubectl. */
const asKubectl = (program: string, body: Json): Json =>
  JSON.parse(
    JSON.stringify(body).replaceAll(`"${program} `, '"kubectl ').replaceAll(`\\"${program} `, '\\"kubectl '),
  ) as Json;

/** The mutation of a request that was sent. */
const mutationFor = (ours: readonly Mutating[], sent: Sent): Mutating | undefined => {
  const request = requestOf(sent);
  return ours.find(
    (one) =>
      request !== null &&
      one.resource === request.resource &&
      one.group === request.group &&
      one.subresource === request.subresource &&
      (one.name === request.name || one.name === '*' || request.verb === 'create'),
  );
};

const mutationsOf = (argv: readonly string[], surroundings: Surroundings): readonly Mutating[] =>
  mutating(effectsOfInvocation(parseKubectl(argv), surroundings).effects);

const isWrite = (sent: Sent): boolean => {
  const request = requestOf(sent);
  return request !== null && !isRead(request) && sent.method !== 'DELETE';
};

/** A scale without a condition says all in its change. */
const isPlainScale = (sent: Sent): boolean => sent.method === 'PATCH' && requestOf(sent)?.subresource === 'scale';

const isProtobuf = ({ contentType }: Sent): boolean => contentType.includes('protobuf');

/** What differs, request by request; of a body in protobuf only its name could be read. */
const differences = (program: string, { argv, surroundings, sent, stderr }: Run): readonly unknown[] => {
  const ours = mutationsOf(argv, surroundings);
  const writes = sent.filter(isWrite);
  assert.ok(writes.length > 0, `${argv.join(' ')} sent nothing: ${stderr}`);
  return writes
    .filter((one) => !isProtobuf(one) && !isPlainScale(one))
    .flatMap((one) => {
      const effect = mutationFor(ours, one);
      if (effect === undefined) return [[argv.join(' '), 'nothing says what it sends', one.path]];
      const made = requestFor(effect, requestOf(one)?.name ?? '');
      const real = shown(one.method, one.contentType, asKubectl(program, one.body));
      const own = made === null ? null : shown(made.method, made.contentType, made.body);
      return isDeepStrictEqual(own, real) ? [] : [[argv.join(' '), { own, real }]];
    });
};

const run = promisify(execFile);

/** The object that a generator makes, as kubectl prints it. */
const printed = async (kubectl: string, config: string, argv: readonly string[]): Promise<Json> => {
  const dash = argv.indexOf('--');
  const [words, rest] = dash < 0 ? [argv, []] : [argv.slice(0, dash), argv.slice(dash)];
  const env = { HOME: dirname(config), KUBECONFIG: config, KUBECTL_KUBERC: 'false', PATH: process.env['PATH'] };
  const { stdout } = await run(kubectl, [...words, '--dry-run=client', '-o', 'json', ...rest], { env });
  return JSON.parse(stdout) as Json;
};

suite('the requests that we make ourselves', () => {
  const kubectl = findKubectl();
  const skip =
    kubectl === null && process.env['CI'] === undefined ? 'no kubectl on this machine: name one by KUBECTL' : false;
  const samples: readonly Sample[] = listedSamples('mutations.txt');

  test('are those that a real kubectl sends', { skip }, async () => {
    assert.ok(kubectl, 'no kubectl: name one by KUBECTL');
    const runs = await runSamples(kubectl, samples);
    const compared = runs.flatMap(({ sent }) => sent.filter((one) => isWrite(one) && !isProtobuf(one)));
    assert.ok(compared.length > 40, `only ${compared.length} requests were compared`);
    assert.deepEqual(
      runs.flatMap((one) => differences(basename(kubectl), one)),
      [],
    );
  });

  test('hold the objects that its generators make', { skip }, async () => {
    assert.ok(kubectl, 'no kubectl: name one by KUBECTL');
    const home = mkdtempSync(join(tmpdir(), 'blastgate-made-'));
    const server = await startRecordingServer();
    try {
      const config = join(home, 'config');
      writeFileSync(config, kubeconfig(server.url));
      const surroundings = { namespace: 'default', files: new Map(), customResources: [WIDGETS], readDocuments };
      const made = samples.filter(({ argv: [verb, kind] }) => verb === 'create' && kind !== '-f');
      assert.ok(made.length > 20);
      for (const { argv } of made) {
        const [effect] = mutationsOf(argv, surroundings);
        assert.ok(effect !== undefined, argv.join(' '));
        const own = requestFor(effect, effect.name ?? '')?.body ?? null;
        const real = await printed(kubectl, config, argv);
        assert.deepEqual(meaning(own, true), meaning(real, true), argv.join(' '));
      }
    } finally {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
