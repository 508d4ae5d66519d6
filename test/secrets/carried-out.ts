// Writes that hold a secret, carried out by a whole gate over some cluster, one of them taken back after a restart: the cluster has
// the secrets, and nothing that the gate says or keeps has. For tests only.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import type { ClusterClient } from '../../src/adapters/cluster/client.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { maskedLog } from '../../src/adapters/system/log.ts';
import type { Remediation } from '../../src/core/remediation/remediation.ts';
import { isFinal } from '../../src/core/remediation/state.ts';
import { openStore } from '../../src/doors/open-store.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { nextDelivery } from '../../src/flow/notify/deliver.ts';
import { propose } from '../../src/flow/requests/propose.ts';
import { recordVote } from '../../src/flow/requests/record-vote.ts';
import { createWakeSignal } from '../../src/flow/wake-signal.ts';
import { judgingHere } from '../fakes/judging.ts';
import { type Call, Neighbourhood, portsOf } from '../support/cluster-under-test.ts';
import { HEALER, setStage } from '../support/memory-gate.ts';
import { nextOfAll } from '../support/next-of-all.ts';
import { secrets } from './planted.ts';

const never = new AbortController().signal;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

/** Ids go on where an earlier gate over the folder ended. */
let made = 0;

/** A gate over a folder, until it is closed. */
const openGate = async (folder: string, client: ClusterClient, namespace: string) => {
  const store = await openStore(folder);
  const stage = setStage(store);
  const gate: Gate = {
    ...stage.gate,
    ...portsOf(client),
    log: maskedLog(stage.log),
    clock: systemClock,
    wakeSignal: createWakeSignal(systemClock),
    specSettings: { ...stage.gate.specSettings, convergeWithinSeconds: 5 },
    verdictRule: { settleSeconds: 1, certainAfterSeconds: 2 },
    context: { namespace, customResources: [] },
    judging: judgingHere(),
    newId: () => {
      made += 1;
      return `p-${made}`;
    },
  };
  const read = async (id: string): Promise<Remediation> => {
    const found = await store.remediations.read(id, never);
    assert.ok(found !== null);
    return found;
  };
  const tell = async (): Promise<void> => {
    for (;;) {
      const found = await nextDelivery(gate, never);
      if (found.kind === 'nothing') return;
      await found.take();
    }
  };
  return {
    ...stage,
    gate,
    read,
    tell,
    store,
    /** Steps until it is so. */
    until: async (id: string, so: (one: Remediation) => boolean): Promise<Remediation> => {
      for (;;) {
        const now = await read(id);
        if (so(now)) return now;
        const found = await nextOfAll(gate, never);
        if (found.kind === 'nothing') await pause(50);
        else await found.take();
        await tell();
      }
    },
  };
};

type OpenGate = Awaited<ReturnType<typeof openGate>>;

/** Proposed by an agent and approved by two people; the number tells incidents apart. */
const approved = async ({ gate }: OpenGate, line: string, file: string | null, at: number): Promise<string> => {
  const files = new Map(file === null ? [] : [['manifest.yaml', file]]);
  const proposed = await propose(
    gate,
    {
      command: { kind: 'line', line },
      files,
      namespace: null,
      incident: `INC-${at}`,
      proposer: HEALER,
      diagnosis: null,
      mayStill: () => true,
    },
    never,
  );
  assert.ok(proposed.ok, `${line}: ${JSON.stringify(proposed.ok ? '' : proposed.refusal)}`);
  const { id, spec } = proposed.remediation;
  for (const person of ['ben', 'cho'])
    await recordVote(
      gate,
      {
        ...{ proposal: id, person, account: person, channel: 'http', decision: 'approve' },
        ...{ digest: spec.digest, reason: null, proof: { kind: 'token' } },
      },
      never,
    );
  return id;
};

const manifest = (name: string, secret: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: { password: secret } });

/** [the command, its file, where the cluster has the secret afterwards]; § is the secret. */
const WRITES: readonly {
  readonly line: string;
  readonly file?: (secret: string) => string;
  readonly at: readonly [path: string, has: (object: Any) => unknown];
  /** It writes to what another one has made. */
  readonly later?: true;
}[] = [
  {
    line: 'kubectl create secret generic one --from-literal=password=§',
    at: ['/secrets/one', (one) => one.data.password],
  },
  {
    line: `kubectl patch secret two -p '{"stringData":{"password":"§"}}'`,
    at: ['/secrets/two', (one) => one.data.password],
  },
  {
    line: `kubectl patch secret three --type=json -p '[{"op":"replace","path":"/data/password","value":"¤"}]'`,
    at: ['/secrets/three', (one) => one.data.password],
  },
  {
    line: 'kubectl apply -f manifest.yaml',
    file: (secret) => manifest('four', secret),
    at: ['/secrets/four', (one) => one.data.password],
  },
  {
    later: true,
    line: 'kubectl replace -f manifest.yaml',
    file: (secret) => manifest('two', secret),
    at: ['/secrets/two', (one) => one.data.password],
  },
  {
    line: 'kubectl create secret docker-registry five --docker-username=a --docker-password=§',
    at: [
      '/secrets/five',
      (one) =>
        base64(
          JSON.parse(Buffer.from(one.data['.dockerconfigjson'], 'base64').toString()).auths[
            'https://index.docker.io/v1/'
          ].password,
        ),
    ],
  },
  {
    line: 'kubectl create configmap six --from-literal=api-token=§ --from-literal=mode=fast',
    at: ['/configmaps/six', (one) => base64(one.data['api-token'])],
  },
  {
    later: true,
    line: 'kubectl annotate configmap six password=§ --record',
    at: ['/configmaps/six', (one) => base64(one.metadata.annotations.password)],
  },
  {
    line: 'kubectl run seven --image=web:1 --env=DB_PASSWORD=§',
    at: ['/pods/seven', (one) => base64(one.spec.containers[0].env[0].value)],
  },
];

const WITH_CRASH = (secret: string, image: string): string =>
  [
    manifest('two', secret),
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web', group: 'web-group' } },
        template: {
          metadata: { labels: { app: 'web', group: 'web-group' } },
          spec: { containers: [{ name: 'web', image, env: [{ name: 'JWT', value: secret }] }] },
        },
      },
    }),
  ].join('\n---\n');

/** The whole story over one cluster, whose account may do everything. */
export const carriedOut = (
  name: string,
  open: () => Promise<{ readonly client: ClusterClient; readonly call: Call; readonly stop: () => Promise<unknown> }>,
): void => {
  test(`${name}: secrets arrive, come back after a restart, and stand nowhere else`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-carried-'));
    const { client, call, stop } = await open();
    let opened: OpenGate | null = null;
    const heard: string[] = [];
    const hear = ({ chat, forge, log }: OpenGate): void => {
      heard.push(JSON.stringify([chat.said(), forge.issues(), log.lines]));
    };
    try {
      const shop = new Neighbourhood(call, 'carried');
      await shop.open();
      const at = (path: string): string => `/api/v1/namespaces/carried${path}`;
      const planted = fc.sample(secrets, WRITES.length + 4);
      const [first = '', second = '', third = '', crashed = '', ...others] = planted;
      for (const [object, secret] of [
        ['two', first],
        ['three', second],
        ['gone', third],
      ] as const)
        await shop.ask('POST', at('/secrets'), JSON.parse(manifest(object, secret)));
      await shop.deploy({ kind: 'Deployment', name: 'web', image: 'web:1', replicas: 1 });
      let gate = await openGate(folder, client, 'carried');
      opened = gate;

      for (const batch of [
        WRITES.filter(({ later }) => later !== true),
        WRITES.filter(({ later }) => later === true),
      ]) {
        const secretOf = (write: (typeof WRITES)[number]): string => others[WRITES.indexOf(write)] ?? '';
        const ids: string[] = [];
        for (const write of batch) {
          const secret = secretOf(write);
          const said = write.line.replaceAll('§', secret).replaceAll('¤', base64(secret));
          ids.push(await approved(gate, said, write.file?.(secret) ?? null, WRITES.indexOf(write)));
        }
        for (const [i, write] of batch.entries()) {
          const { state, refusal, forward } = await gate.until(ids[i] ?? '', (one) => isFinal(one.state));
          assert.equal(state, 'succeeded', `${write.line}: ${JSON.stringify([refusal, forward])}`);
          const [path, has] = write.at;
          assert.equal(has(await shop.ask('GET', at(path))), base64(secretOf(write)), write.line);
        }
      }

      const kept = await shop.ask('GET', at('/secrets/two'));
      const crash = await approved(gate, 'kubectl apply -f manifest.yaml', WITH_CRASH(crashed, 'crash:1'), 90);
      await gate.until(crash, ({ state }) => state === 'verifying');
      assert.equal((await shop.ask('GET', at('/secrets/two'))).data.password, base64(crashed));
      hear(gate);
      await gate.store.close();
      gate = await openGate(folder, client, 'carried');
      opened = gate;
      const back = await gate.until(crash, (one) => isFinal(one.state));
      assert.equal(back.state, 'rolled-back', JSON.stringify([back.verdict, back.back, back.refusal]));
      assert.deepEqual((await shop.ask('GET', at('/secrets/two'))).data, kept.data);

      const gone = await approved(gate, 'kubectl delete secret gone', null, 91);
      assert.equal((await gate.until(gone, (one) => isFinal(one.state))).state, 'succeeded');
      for (let id = 1; id <= made; id++) heard.push(JSON.stringify(await gate.read(`p-${id}`)));
      hear(gate);
      const files = (): readonly string[] =>
        readdirSync(folder).map((one) => readFileSync(join(folder, one), 'latin1'));
      heard.push(...files());
      await gate.store.close();
      heard.push(...files());

      assert.ok(heard.join('').length > 100_000, 'too little was said');
      for (const secret of planted)
        for (const spelled of [secret, base64(secret), base64(`a:${secret}`)])
          for (const text of heard) assert.ok(!text.includes(spelled), `${spelled} of ${secret}`);
    } finally {
      await opened?.store.close();
      await stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
};
