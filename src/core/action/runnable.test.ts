import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { understand } from '../command/understand.ts';
import { effectsOf, type Understanding } from '../model/understanding.ts';
import { describeRunnable } from '../text/describe.ts';
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
  ['kubectl set image deployment/web web=w:2 --record', null, /^$/],
  [`kubectl patch deployment web --type=json -p '${IMAGE}'`, null, /^$/],
  ['kubectl delete deployment web', null, /^$/],
  ['kubectl drain n1', null, /^$/],
  ['kubectl delete secret web', null, /^$/],
  ['kubectl set env deployment/web DB_PASSWORD=hunter2', null, /^$/],
  ['kubectl create secret generic web --from-literal=a=b', null, /^$/],
  ['kubectl exec web-1 -- ls', null, /^$/],
  ['kubectl exec deploy/web -c app -- ls -l /tmp', null, /^$/],
  ['kubectl exec web-1 -it -- sh', 'interactive', /./],
  ['kubectl exec web-1 -- mysql --password=hunter2', 'no-executor', /holds a secret in the words/],
  ['kubectl exec node/n1 -- ls', 'no-executor', /\(exec of pods\)/],
  ['kubectl debug web-1 --image=x:1 -- ls', null, /^$/],
  ['kubectl debug web-1 --image=x:1 --copy-to=web-2 -- ls', null, /^$/],
  ['kubectl debug web-1 --image=x:1 -it', 'interactive', /./],
  ['kubectl debug web-1 --image=x:1 --attach -- ls', 'interactive', /./],
  ['kubectl debug web-1 --image=x:1 --copy-to=web-2 --replace -- ls', 'no-executor', /\(delete pod of pods\)/],
  ['kubectl attach web-1', 'interactive', /./],
  ['kubectl port-forward web-1 80', 'interactive', /./],
  ['kubectl proxy', 'interactive', /./],
  ['kubectl cp web-1:/tmp/a b', 'host-file', /files of the host/],
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
});
