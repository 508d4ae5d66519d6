// The cluster adapters against a real Kubernetes control plane, with no more rights than a gate has; and beside kubectl.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { writesOf } from '../servers/audit-log.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import {
  breakable,
  type Call,
  Neighbourhood,
  permitFor,
  portsOf,
  signal,
  until,
} from '../support/cluster-under-test.ts';
import { clusterContract } from './cluster.ts';

const run = promisify(execFile);

clusterContract('a real control plane', async () => {
  const plane = await sharedControlPlane();
  const opened = await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });
  const { client, breakNextWrite } = breakable(opened);
  return {
    ...portsOf(client),
    call: (...call) => plane.request('admin', ...call),
    breakNextWrite,
    stop: plane.stop,
  };
});

describe('the gate beside kubectl', () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  before(async () => {
    plane = await sharedControlPlane();
    const call: Call = (...one) => plane.request('admin', ...one);
    shop = new Neighbourhood(call, 'beside');
    await shop.open();
  });
  after(() => plane?.stop());

  const INTENT = { at: '2026-11-22T19:25:14.000Z' };
  /** What a change leaves of a workload, but for what names it or tells the time. */
  const leftOf = async (plural: string, name: string, twin: string): Promise<string> => {
    const { spec, metadata } = await shop.read(plural, name);
    const { 'kubectl.kubernetes.io/restartedAt': _, ...marks } = spec.template.metadata.annotations ?? {};
    const template = { ...spec.template, metadata: { ...spec.template.metadata, annotations: marks } };
    return JSON.stringify({ annotations: metadata.annotations, spec: { ...spec, template } }).replaceAll(name, twin);
  };

  const COMMANDS = [
    ['deployments', 'kubectl scale deployment NAME --replicas=3'],
    ['deployments', 'kubectl scale deployment NAME --replicas=0'],
    ['deployments', 'kubectl rollout restart deployment NAME'],
    ['deployments', 'kubectl rollout undo deployment NAME'],
    ['deployments', 'kubectl rollout undo deployment/NAME --to-revision=1'],
    ['deployments', 'kubectl set image deployment/NAME web=web:9'],
    ['deployments', "kubectl set image deployment/NAME '*=web:9'"],
    ['statefulsets', 'kubectl scale statefulset NAME --replicas=2'],
    ['statefulsets', 'kubectl rollout restart statefulset NAME'],
    ['statefulsets', 'kubectl rollout undo statefulset NAME'],
    ['statefulsets', 'kubectl set image statefulset/NAME web=web:9'],
    ['daemonsets', 'kubectl rollout restart daemonset NAME'],
    ['daemonsets', 'kubectl rollout undo daemonset NAME'],
    ['daemonsets', 'kubectl set image daemonset/NAME web=web:9'],
  ] as const;
  const KINDS = { deployments: 'Deployment', statefulsets: 'StatefulSet', daemonsets: 'DaemonSet' } as const;

  for (const [i, [plural, command]] of COMMANDS.entries()) {
    test(`${command} leaves the same`, async () => {
      const [ours, theirs] = [`ours-${i}`, `them-${i}`];
      for (const name of [ours, theirs]) {
        await shop.deploy({ kind: KINDS[plural], name, image: 'web:1', replicas: 1 });
        await shop.setImage(plural, name, 'web:2');
        await shop.atRest(plural, name);
      }
      const client = await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });
      const { reader, writer } = portsOf(client);
      const spec = await shop.seal(reader, command.replace('NAME', ours));
      const result = await writer.write(permitFor(spec, 'forward'), INTENT, signal());
      assert.equal(result.outcome, 'written', JSON.stringify(result));
      const argv = command.replaceAll("'", '').replace('NAME', theirs).split(' ').slice(1);
      await run(plane.kubectlPath, ['--kubeconfig', plane.kubeconfigPath('admin'), '-n', shop.namespace, ...argv]);
      for (const name of [ours, theirs]) await shop.atRest(plural, name);
      assert.equal(await leftOf(plural, ours, 'NAME'), await leftOf(plural, theirs, 'NAME'));
    });
  }

  test('the API server saw one write a command, and only on what was named', async () => {
    const seen = await until('the audit log', async () => {
      const writes = writesOf(plane.auditLogPath, 'gate').filter(
        ({ objectRef }) => objectRef?.namespace === shop.namespace,
      );
      return writes.length >= COMMANDS.length ? writes : null;
    });
    assert.deepEqual(
      seen.map(({ verb, objectRef, responseStatus }) => [
        verb,
        objectRef?.resource,
        objectRef?.name,
        responseStatus.code,
      ]),
      COMMANDS.map(([plural], i) => ['patch', plural, `ours-${i}`, 200]),
    );
    assert.ok(
      seen.every(({ userAgent, requestURI }) => userAgent === 'blastgate' && /fieldManager=blastgate/.test(requestURI)),
    );
  });
});
