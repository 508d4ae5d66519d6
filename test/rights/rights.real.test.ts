// The published roles on a real control plane: with exactly these rights everything works; with one less, what the gate says
// and `blastgate doctor` name it, and nothing else stops.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createClusterCache } from '../../src/adapters/cluster/cache/cluster-cache.ts';
import { isKindName, KIND_NAMES, type KindName } from '../../src/adapters/cluster/cache/kinds.ts';
import { type ClusterClient, openCluster } from '../../src/adapters/cluster/client.ts';
import { withDeniedWrites } from '../../src/adapters/cluster/denied.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { understand } from '../../src/core/command/understand.ts';
import type { Effect } from '../../src/core/model/effect.ts';
import { deniedName, missingName } from '../../src/core/model/facts.ts';
import type { WriteResult } from '../../src/core/remediation/event.ts';
import type { Finding } from '../../src/doors/cli/commands/finding.ts';
import { runCli } from '../../src/doors/cli/main.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import type { ClusterWriter } from '../../src/ports/cluster-writer.ts';
import { writesOf } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { Neighbourhood, permitFor, portsOf, signal, until } from '../support/cluster-under-test.ts';
import { sampled, seedOf } from '../support/sample.ts';
import { type Grant, grantsOf, nameOf, ROLES, textOf, without } from './published.ts';

/** Every action on every kind that has an executor, and the right that the write of each needs. */
const ACTIONS: readonly (readonly [right: string, command: string])[] = [
  ['blastgate-delete-pod: delete pods', 'kubectl delete pod alone'],
  ['blastgate-scale: patch deployments.apps/scale', 'kubectl scale deployment web --replicas=3'],
  ['blastgate-scale: patch statefulsets.apps/scale', 'kubectl scale statefulset db --replicas=1'],
  ['blastgate-scale: patch replicasets.apps/scale', 'kubectl scale replicaset set --replicas=2'],
  ['blastgate-scale: patch replicationcontrollers/scale', 'kubectl scale replicationcontroller old --replicas=2'],
  ...(['deployment web', 'statefulset db', 'daemonset log'] as const).flatMap((one) =>
    [`rollout restart ${one}`, `rollout undo ${one}`, `set image ${one} web=web:9`].map(
      (words) => [`blastgate-rollout: patch ${one.split(' ')[0]}s.apps`, `kubectl ${words}`] as const,
    ),
  ),
];
const INTENT = { at: '2026-11-22T19:25:14.000Z' };
const COUNT = { replicas: 1, selector: { app: 'old' } };

describe('with exactly the published rights', () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let client: ClusterClient;
  let reader: ClusterReader;
  let writer: ClusterWriter;
  before(async () => {
    plane = await startControlPlane();
    client = await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });
    ({ reader, writer } = portsOf(client));
    shop = new Neighbourhood((...call) => plane.request('admin', ...call), 'shop');
    await shop.open();
    const kinds = { web: 'Deployment', db: 'StatefulSet', log: 'DaemonSet' } as const;
    for (const [name, kind] of Object.entries(kinds)) {
      await shop.deploy({ kind, name, image: 'web:1', replicas: 2 });
      await shop.setImage(`${kind.toLowerCase()}s`, name, 'web:2');
      await shop.atRest(`${kind.toLowerCase()}s`, name);
    }
    await shop.barePod('alone');
    const template = (app: string): object => ({
      metadata: { labels: { app } },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    });
    await shop.ask('POST', '/apis/apps/v1/namespaces/shop/replicasets', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'set' },
      spec: { replicas: 1, selector: { matchLabels: { app: 'set' } }, template: template('set') },
    });
    await shop.ask('POST', '/api/v1/namespaces/shop/replicationcontrollers', {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'old' },
      spec: { ...COUNT, template: template('old') },
    });
  });
  after(() => plane?.stop());

  const effectsIn = (command: string): readonly Effect[] => {
    const { parts } = understand(
      { kind: 'line', line: command },
      { namespace: 'shop', files: new Map(), customResources: [], readDocuments: () => null },
    );
    return parts.flatMap(({ effects }) => effects);
  };
  const factsOf = (command: string) => reader.readFacts(effectsIn(command), signal());

  /** What a cache with the rights of now knows of each kind, once `until` it has been told enough; and what it complained of. */
  const followed = async (enough: (troubles: readonly KindName[]) => boolean) => {
    const ending = new AbortController();
    const troubles = new Map<KindName, string>();
    const cache = createClusterCache(client, systemClock, { maxAgeSeconds: 60 }, (kind, { message }) => {
      troubles.set(kind, message);
    });
    const running = cache.run(ending.signal);
    await until('what the cache should hear', async () => enough([...troubles.keys()]));
    const asked = { needed: KIND_NAMES, shown: [], namespaces: null, atLeast: new Map() };
    const { missing } = await cache.ask(asked, signal());
    ending.abort();
    await running;
    return { missing, troubles };
  };

  const doctor = async (): Promise<readonly Finding[]> => {
    let said = '';
    const env = { KUBECONFIG: plane.kubeconfigPath('gate'), BLASTGATE_DATA: join(plane.folder, 'data') };
    await runCli(['doctor', '-o', 'json'], {
      out: (text) => {
        said += text;
      },
      err: () => undefined,
      readIn: async function* () {},
      env,
      colour: false,
    });
    // as: our own answer.
    return (JSON.parse(said) as readonly Finding[]).filter(({ check }) => check === 'rights');
  };

  /** Both, sealed by the rights of now: the dry run that people's approval follows, and the write. */
  const attempt = async (command: string): Promise<readonly WriteResult[]> => {
    const permit = permitFor(await shop.seal(reader, command), 'forward');
    return [await writer.dryRun(permit, INTENT, signal()), await writer.write(permit, INTENT, signal())];
  };

  test('doctor says so', async () => {
    assert.deepEqual(await doctor(), [
      { check: 'rights', state: 'ok', message: 'every verb that is needed', remedy: null },
    ]);
  });

  test('every kind is followed, and every fact comes back', async () => {
    let looks = 0;
    const { missing, troubles } = await followed(() => {
      looks += 1;
      return looks > 20;
    });
    assert.deepEqual([missing, [...troubles]], [[], []]);
    for (const command of [...ACTIONS.map(([, one]) => one), 'kubectl drain node-1', 'kubectl label pod alone app=x'])
      assert.deepEqual((await factsOf(command)).missing, [], command);
  });

  for (const grant of sampled(ROLES.flatMap(grantsOf), 24, seedOf(process.env))) {
    const kind = nameOf(grant);
    const denied = `(may not ${grant.verb} ${kind})`;
    test(`without ${textOf(grant)}`, () =>
      without(plane, grant, async () => {
        await assertTold(grant, await doctor());
        if (grant.role !== 'blastgate-reader') await assertRefused(grant);
        else if (grant.resource === 'controllerrevisions') {
          const { missing } = await factsOf('kubectl rollout restart statefulset db');
          assert.deepEqual(missing.map(missingName), [`history of statefulsets.apps shop/db ${denied}`]);
        } else if (grant.resource === 'events') {
          // A help to the reader of a verdict: without it the look is the same but for the reason.
          const { effects, facts } = await shop.seal(reader, 'kubectl scale statefulset db --replicas=2');
          const [seen] = await reader.sample(effects, facts, signal());
          assert.equal(seen?.seen, 'workload');
        } else if (grant.verb === 'get') {
          const { missing } = await factsOf(`kubectl annotate ${kind} ${kind === 'namespaces' ? 'shop' : 'x'} a=b`);
          assert.ok(missing.length > 0);
          for (const { right, why } of missing) assert.deepEqual([why, right], ['forbidden', `${grant.verb} ${kind}`]);
        } else if (isKindName(kind)) {
          const { missing, troubles } = await followed((heard) => heard.includes(kind));
          assert.deepEqual(missing.map(missingName), [`${kind} ${denied}`]);
          assert.deepEqual([...troubles.keys()], [kind]);
          assert.match(troubles.get(kind) ?? '', new RegExp(`cannot ${grant.verb} resource "${grant.resource}"`));
        } else assert.fail(`nobody uses it: ${textOf(grant)}`);
      }));
  }

  /** What is lacking and what does not work without it; an action whose only right it was is left out. */
  const assertTold = async ({ role, verb, ...of }: Grant, findings: readonly Finding[]): Promise<void> => {
    assert.equal(findings.length, 1, JSON.stringify(findings));
    const { state, message, remedy } = findings[0] ?? { state: 'ok', message: '', remedy: '' };
    assert.equal(state, role === 'blastgate-delete-pod' ? 'off' : 'fail');
    assert.match(
      message,
      new RegExp(`^may not ${verb} ${nameOf(of)}( \\(for .+\\)|: .+ will be refused by the cluster)$`),
    );
    assert.ok(remedy?.includes(role), remedy ?? 'no remedy');
  };

  const assertRefused = async (grant: Grant): Promise<void> => {
    const hit = ACTIONS.filter(([right]) => right === textOf(grant));
    assert.ok(hit.length > 0, 'nobody uses it');
    const spared = ACTIONS.filter(([right]) => right !== textOf(grant));
    const says = new RegExp(`cannot ${grant.verb} resource "${grant.resource}"`);
    for (const [, command] of hit) {
      const [tried, written] = await attempt(command);
      assert.equal(tried?.outcome === 'stale' && tried.code, 'dry-run-refused', command);
      assert.equal(written?.outcome === 'refused' && written.written, 0, command);
      for (const one of [tried, written]) assert.match(one !== undefined && 'why' in one ? one.why : '', says, command);
    }
    // A running gate knows before anybody is asked, and of nothing else.
    const asking = withDeniedWrites(reader, client, () => 0);
    for (const [right, command] of ACTIONS) {
      const { denied } = await asking.readFacts(effectsIn(command), signal());
      const told = right === textOf(grant) ? [`${grant.verb} ${nameOf(grant)} in shop`] : [];
      assert.deepEqual((denied ?? []).map(deniedName), told, command);
    }
    for (const [, command] of spared) {
      const permit = permitFor(await shop.seal(reader, command), 'forward');
      assert.equal((await writer.dryRun(permit, INTENT, signal())).outcome, 'written', command);
    }
  };

  test('nothing was written meanwhile', () => {
    const done = writesOf(plane.auditLogPath, 'gate').filter(
      ({ objectRef, responseStatus, requestURI, requestObject }) =>
        objectRef?.apiGroup !== 'authorization.k8s.io' &&
        responseStatus.code < 300 &&
        !requestURI.includes('dryRun=All') &&
        !JSON.stringify(requestObject).includes('"dryRun":["All"]'),
    );
    assert.deepEqual(done, []);
  });

  test('every action is carried out, and its rollback', async () => {
    for (const [, command] of ACTIONS) {
      const spec = await shop.seal(reader, command);
      const forward = await writer.write(permitFor(spec, 'forward'), INTENT, signal());
      assert.equal(forward.outcome, 'written', `${command}: ${JSON.stringify(forward)}`);
      const samples = await reader.sample(spec.effects, spec.facts, signal());
      assert.deepEqual(
        samples.filter(({ seen }) => seen === 'nothing'),
        [],
        command,
      );
      if (spec.rollbackPlan.steps.length === 0) continue;
      const [plural = ''] = spec.effects.map(({ resource }) => resource);
      if (changesTemplate(command)) await shop.atRest(plural, spec.facts[0]?.name ?? '');
      const back = await writer.write(permitFor(spec, 'back'), INTENT, signal());
      assert.equal(back.outcome, 'written', `${command}, back: ${JSON.stringify(back)}`);
      if (changesTemplate(command)) await shop.atRest(plural, spec.facts[0]?.name ?? '');
    }
  });
});

const changesTemplate = (command: string): boolean => !/ scale | delete /.test(command);
