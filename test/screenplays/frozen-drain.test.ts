// A drain that was cut off in the middle, and a freeze that begins before it can go on: the rest waits like any forward write, goes on
// when the freeze ends in time, and is taken back when the approval ends first.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { instant, plusSeconds } from '../../src/core/model/instant.ts';
import type { State } from '../../src/core/remediation/state.ts';
import { proposalView, viewContextOf } from '../../src/doors/proposal-view.ts';
import type { ClusterWriter } from '../../src/ports/cluster-writer.ts';
import { type SandboxCluster, startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { judgingHere } from '../fakes/judging.ts';
import { Neighbourhood, portsOf } from '../support/cluster-under-test.ts';
import { DrainStage } from '../support/drain-stage.ts';
import { setStage } from '../support/memory-gate.ts';

/** The first write is broken off after the node and two pods, as by the end of its gate; a budget holds the third pod meanwhile. */
const cutOff = (writer: ClusterWriter): ClusterWriter => {
  let times = 0;
  return {
    ...writer,
    write: (permit, intent, signal, control) => {
      times += 1;
      if (times > 1) return writer.write(permit, intent, signal, control);
      const stop = new AbortController();
      const progressed: NonNullable<typeof control>['progressed'] = (progress) => {
        control?.progressed(progress);
        if (progress.done >= 3) stop.abort();
      };
      return writer.write(permit, intent, signal, { progressed, stop: stop.signal });
    },
  };
};

suite('a drain that was cut off, and a freeze', () => {
  let sandbox: SandboxCluster;
  let made = 0;
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-frozen-drain-'));
  const call: ConstructorParameters<typeof Neighbourhood>[0] = async (
    method,
    path,
    body,
    contentType = 'application/json',
  ) => {
    const answer = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { 'content-type': contentType },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  };
  before(async () => {
    sandbox = await startSandboxCluster({ speed: 200 });
    writeFileSync(join(folder, 'kubeconfig'), sandbox.kubeconfig());
  });
  after(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Cut off, with a freeze that has begun since. */
  const play = async () => {
    made += 1;
    const shop = new Neighbourhood(call, `frozen-${made}`);
    await shop.open();
    const nodes = new DrainStage(shop, `frozen-${made}`);
    const node = await nodes.node('a');
    await nodes.workload('Deployment', `web-${made}`, 2);
    await nodes.workload('Deployment', `held-${made}`, 1);
    await nodes.node('b');
    await nodes.budget(`held-${made}`, { maxUnavailable: 0 });
    const stage = setStage();
    const ports = portsOf(await openCluster({ kubeconfig: join(folder, 'kubeconfig'), serviceHost: null }));
    Object.assign(stage.gate, { reader: ports.reader, writer: cutOff(ports.writer), judging: judgingHere() });
    const proposed = await stage.proposeText(`kubectl drain ${node} --ignore-daemonsets`);
    assert.ok(proposed.ok, JSON.stringify(proposed));
    const { id, spec } = proposed.remediation;
    assert.equal(
      proposed.remediation.state,
      'awaiting-approval',
      JSON.stringify([proposed.remediation.refusal, spec.refusals, spec.runnable]),
    );
    for (const who of ['ben', 'cho']) await stage.vote(id, who);
    const state = async (): Promise<State> => (await stage.read(id)).state;
    for (let ticks = 0; ticks < 10 && (await state()) !== 'uncertain'; ticks += 1) await stage.tick();
    assert.equal(await state(), 'uncertain');
    await nodes.loosen(`held-${made}`);
    const freeze = (more: { readonly allow?: readonly ['drain'] } = {}): void => {
      const now = instant(stage.clock.now());
      const [from, to] = [plusSeconds(now, -60), plusSeconds(now, 24 * 3600)].map((one) => one.slice(0, 16));
      stage.setPolicy({ freezes: [{ name: 'sale', from, to, timezone: 'UTC', ...more }] });
    };
    const left = async (): Promise<number> => (await nodes.podsOn('a')).size;
    const view = async () => proposalView(await stage.read(id), [], viewContextOf(stage.gate));
    return { ...stage, id, nodes, state, freeze, left, view };
  };

  test('the rest waits, and says why; it goes on when the freeze is over', async () => {
    const { state, freeze, left, view, pass, setPolicy, nodes } = await play();
    freeze();
    await pass(300);
    assert.deepEqual([await state(), await left()], ['uncertain', 1]);
    assert.match((await view()).next, /Frozen until \S+ by the freeze "sale"/);
    setPolicy({ freezes: [] });
    await pass(120);
    assert.deepEqual([await state(), await left(), await nodes.isCordoned('a')], ['succeeded', 0, true]);
  });

  test('when the approval ends before the freeze does, the node is given back while the freeze is on', async () => {
    const { state, freeze, left, pass, nodes } = await play();
    freeze();
    await pass(4 * 3600);
    await pass(300);
    assert.deepEqual([await state(), await left(), await nodes.isCordoned('a')], ['rolled-back', 1, false]);
  });

  test('a freeze that lets drains go on holds nothing', async () => {
    const { state, freeze, left, pass } = await play();
    freeze({ allow: ['drain'] });
    await pass(120);
    assert.deepEqual([await state(), await left()], ['succeeded', 0]);
  });

  test('paused, it waits likewise', async () => {
    const { state, left, pass, store, never } = await play();
    const note = { kind: 'note', at: '2026-01-01T00:00:00.000Z', who: 'ana', about: '' } as const;
    await store.controls.setPaused('paused', { ...note, what: 'paused' }, never);
    await pass(60);
    assert.deepEqual([await state(), await left()], ['uncertain', 1]);
    await store.controls.setPaused('running', { ...note, what: 'running' }, never);
    await pass(60);
    assert.equal(await left(), 0);
  });
});
