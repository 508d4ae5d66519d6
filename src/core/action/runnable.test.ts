import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { understand } from '../command/understand.ts';
import { effectsOf, type Understanding } from '../model/understanding.ts';
import { describeRunnable } from '../text/describe.ts';
import { hasExecutor } from './executors.ts';
import { whyNotRunnable } from './runnable.ts';

const understood = (line: string): Understanding =>
  understand(
    { kind: 'line', line },
    { namespace: 'shop', files: new Map(), customResources: [], readDocuments: (text) => [JSON.parse(text)] },
  );

const judged = (line: string) => {
  const understanding = understood(line);
  return { effects: effectsOf(understanding), refusals: understanding.refusals, hardRule: null };
};

const IMAGE = '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"w:2"}]';

/** [command, code, what the sentence says]; null: it would be run. */
const CASES: readonly (readonly [line: string, code: string | null, says: RegExp])[] = [
  ['kubectl delete pod web-1', null, /^$/],
  ['kubectl scale deployment web --replicas=3', null, /^$/],
  ['kubectl get pods', 'nothing-to-do', /Run a read or a dry run directly/],
  ['kubectl scale deployment web --replicas=3 --dry-run=server', 'nothing-to-do', /dry run/],
  ['kubectl set image deployment/web web=w:2 --record', 'no-executor', /with --record .*Leave --record out/],
  ['kubectl scale deployment web --replicas=3 --record', 'no-executor', /with --record .*Leave --record out/],
  ['kubectl scale deployment web --replicas=3 --current-replicas=2', 'no-executor', /--current-replicas/],
  ['kubectl scale deployment web --replicas=3 --resource-version=5', 'no-executor', /--resource-version/],
  [`kubectl patch deployment web --type=json -p '${IMAGE}'`, 'no-executor', /patch .*`kubectl set image`/],
  ['kubectl annotate deployment web kubernetes.io/change-cause=x', 'no-executor', /\(annotate of deployments\)/],
  ['kubectl delete deployment web', 'no-executor', /\(delete of deployments\)/],
  ['kubectl frobnicate', 'unknown-command', /no such command/],
];

describe('what the gate would not run, and why', () => {
  for (const [line, code, says] of CASES) {
    test(`${line}: ${code ?? 'it would'}`, () => {
      const one = judged(line);
      assert.equal(whyNotRunnable(one)?.code ?? null, code);
      const { is, why } = describeRunnable(one, 'en');
      assert.equal(is, code === null);
      assert.match(why ?? '', says);
      assert.equal(describeRunnable(one, 'zh-TW').why === null, code === null);
    });
  }

  test('a hard rule comes before everything', () => {
    assert.equal(whyNotRunnable({ ...judged('kubectl get pods'), hardRule: {} })?.code, 'hard-rule');
  });

  test('an action that nobody here can carry out names no flag that would help', () => {
    const one = judged('kubectl label pod web-1 a=b --record');
    assert.ok(!one.effects.some(hasExecutor));
    assert.doesNotMatch(describeRunnable(one, 'en').why ?? '', /Leave --record out/);
  });
});
