// An operator's day before anyone is asked: what a gate on a real control plane says of a command, row by row.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { refusalText } from '../../src/core/text/describe.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { type Neighbourhood, until } from '../support/cluster-under-test.ts';
import { type GateOn, openGateOn } from '../verification/gate-on.ts';

const NAMESPACE = 'prod-day-words';

/** What is expected: the tier, the refusals in order, codes among the reasons and codes that must not be there. */
interface Row {
  readonly command: string;
  readonly tier: 'auto' | 'human' | 'dual';
  readonly refusals?: readonly string[];
  readonly reasons?: readonly string[];
  readonly without?: readonly string[];
  /** How it would be taken back, or why not. */
  readonly back?: RegExp;
}

const ROWS: readonly Row[] = [
  // A member that is down counts before another is touched.
  { command: 'kubectl rollout restart statefulset/down', tier: 'human', reasons: ['share'] },
  { command: 'kubectl delete pod down-0', tier: 'human', reasons: ['share'] },
  // Its owner would take it back.
  { command: 'kubectl scale replicaset -l app=web --replicas=1', tier: 'human', reasons: ['owned'] },
  // What can be set back has a way back, and costs nothing for want of one.
  { command: 'kubectl label deployment web tier=x', tier: 'auto', without: ['no-way-back'], back: /remove.*tier/ },
  { command: 'kubectl annotate deployment web note=x', tier: 'auto', without: ['no-way-back'], back: /remove.*note/ },
  {
    command: 'kubectl set env deployment/web LEVEL=debug',
    tier: 'human',
    without: ['no-way-back'],
    back: /remove.*\/env/,
  },
  { command: 'kubectl set resources deployment/web --limits=cpu=1', tier: 'human', back: /remove.*limits/ },
  {
    command: `kubectl patch configmap settings --type=merge -p '{"data":{"level":"debug"}}'`,
    tier: 'human',
    back: /replace.*\/data\/level.*info/,
  },
  { command: `kubectl patch cronjob nightly -p '{"spec":{"suspend":true}}'`, tier: 'dual', back: /suspend.*false/ },
  { command: 'kubectl create job manual --from=cronjob/nightly', tier: 'human', back: /kubectl delete job\/manual/ },
  { command: 'kubectl rollout pause deployment/web', tier: 'human', without: ['no-way-back'] },
  { command: 'kubectl cordon node-2', tier: 'human', without: ['no-way-back'], back: /kubectl uncordon node-2/ },
  { command: 'kubectl taint node node-2 a=b:NoSchedule', tier: 'human', without: ['no-way-back'] },
  // The plain command and its variants have an executor alike.
  { command: 'kubectl set image deployment/web web=web:2 --record', tier: 'human' },
  {
    command: `kubectl patch deployment web --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"web:2"}]'`,
    tier: 'human',
    without: ['no-way-back'],
  },
  // What is refused, by its own cause.
  { command: 'kubectl rollout resume deployment/web', tier: 'auto', refusals: ['dry-run-refused'] },
  { command: 'kubectl taint node node-2 no=such:NoSchedule-', tier: 'human', refusals: ['dry-run-refused'] },
  { command: 'kubectl scale deployment web --replicas=2', tier: 'human', refusals: ['nothing-to-do'] },
  { command: 'kubectl rollout undo deployment/web --to-revision=77', tier: 'human', refusals: ['not-found'] },
  { command: 'kubectl set image deployment/web nosuch=web:2', tier: 'human', refusals: ['not-found'] },
  { command: 'kubectl delete pods -l app=nosuch', tier: 'human', refusals: ['no-targets'] },
  { command: 'kubectl edit deployment web', tier: 'dual', refusals: ['interactive', 'hard-rule-undecided'] },
  { command: 'kubectl port-forward deployment/web 8080:80', tier: 'dual', refusals: ['interactive'] },
  { command: 'kubectl cp web-0:/etc/passwd /tmp/p', tier: 'dual', refusals: ['host-file', 'not-found'] },
];

/** Sentences that an operator must read: the cause, and what to do about it. */
const SENTENCES: readonly (readonly [command: string, says: RegExp])[] = [
  ['kubectl scale deployment web --replicas=2', /^It is so already.*deployments\.apps prod-day-words\/web/],
  [
    'kubectl rollout undo deployment/web --to-revision=77',
    /^The history has no such revision .*revision 77.*rollout history/,
  ],
  ['kubectl set image deployment/web nosuch=web:2', /^There is no such container .*container nosuch/],
  ['kubectl rollout resume deployment/web', /^It is not paused: deployment\/web .*kubectl would refuse it too/],
];

describe("an operator's day, before anyone is asked", { concurrency: true }, () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let on: GateOn;
  before(async () => {
    plane = await sharedControlPlane();
    ({ shop, on } = await openGateOn(plane, NAMESPACE));
    await shop.ask('POST', `/apis/batch/v1/namespaces/${NAMESPACE}/cronjobs`, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: {
        schedule: '0 3 * * *',
        suspend: false,
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'web', image: 'web:1' }] } } },
        },
      },
    });
    await shop.ask('POST', `/api/v1/namespaces/${NAMESPACE}/configmaps`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      data: { level: 'info' },
    });
    await shop.deploy({ kind: 'Deployment', name: 'web', image: 'web:1', replicas: 2 });
    await shop.deploy({ kind: 'StatefulSet', name: 'down', image: 'web:1', replicas: 3 });
    await shop.setImage('statefulsets', 'down', 'web:crash');
    await until('its member that is down', async () =>
      (await shop.list('pods', 'app=down')).some((pod) => pod.spec.containers[0].image === 'web:crash'),
    );
  });
  after(() => plane?.stop());

  for (const { command, tier, refusals = [], reasons = [], without = [], back } of ROWS)
    test(command, async () => {
      const spec = await on.seal(command);
      const codes = spec.reasons.map(({ code }) => code);
      const said = `${spec.tier} ${spec.blastRadiusScore}: ${codes.join(', ')}; ${JSON.stringify(spec.refusals)}`;
      assert.deepEqual(
        spec.refusals.map(({ code }) => code),
        refusals,
        said,
      );
      assert.equal(spec.tier, tier, said);
      for (const code of reasons)
        assert.ok(
          codes.some((one) => one === code),
          said,
        );
      for (const code of without) assert.ok(!codes.some((one) => one === code), said);
      assert.equal(spec.runnable.is, refusals.length === 0, `${spec.runnable.why}`);
      if (back !== undefined) assert.match(spec.rollbackPlan.command ?? spec.rollbackPlan.none ?? '', back);
    });

  for (const [command, says] of SENTENCES)
    test(`${command}: what is said`, async () => {
      const [first] = (await on.seal(command)).refusals;
      assert.ok(first !== undefined);
      assert.match(refusalText(first, 'en'), says);
    });

  test('a stop in development asks one person, and costs less for where it is', async () => {
    const { shop: dev, on: there } = await openGateOn(plane, 'dev-day');
    await dev.deploy({ kind: 'Deployment', name: 'web', image: 'web:1', replicas: 2 });
    const { tier, blastRadiusScore, reasons } = await there.seal('kubectl scale deployment web --replicas=0');
    assert.deepEqual([tier, blastRadiusScore], ['human', 46]);
    assert.ok((reasons.find(({ code }) => code === 'multiplier')?.points ?? 0) < 0);
  });
});
