// What every object inherits (`constructor`, `__proto__`, …) is a word like any other: wherever somebody's text is a key, such
// a name does what an unknown word of the same shape does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPeople } from '../../src/adapters/people/read-people.ts';
import { readPolicy } from '../../src/adapters/policy/read-policy.ts';
import { readChatCommand } from '../../src/core/approval/chat-command.ts';
import { ranCli } from '../support/run-cli.ts';
import { judge } from './attack.ts';

const INHERITED = Object.getOwnPropertyNames(Object.prototype);
/** Unknown to everything, and of the same shape, which names are judged by and plurals are made by. */
const plainWord = (name: string): string => name.replace(/[a-xz]/g, 'q').replace(/[A-Z]/g, 'Q');

/** The word taken out of what was made of it; hints at similar words aside, which depend on its letters. */
const without = (value: unknown, word: string): string =>
  (JSON.stringify(value) ?? 'undefined')
    .replace(new RegExp(`${word.replace(/y$/, '')}|sha256:[0-9a-f]{64}`, 'gi'), 'WORD')
    .replace(/; did you mean[^?]*\?|; `blastgate[^"\\]*/g, '');

const same = async (what: string, make: (word: string) => unknown): Promise<void> => {
  for (const name of INHERITED) {
    const other = plainWord(name);
    assert.equal(without(await make(name), name), without(await make(other), other), `${what}: ${name}`);
  }
};

const cli = async (argv: readonly string[]): Promise<readonly [code: number, out: string, err: string]> => {
  const { code, out, err } = await ranCli(argv, { env: { BLASTGATE_DATA: '/nonexistent/blastgate' } });
  return [code, out, err];
};

describe('the command line', () => {
  const LINES = [
    'W',
    'help W',
    'explain W',
    'audit W',
    'policy W',
    'completion W',
    'score --W -- kubectl get pods',
    'score --W=1 -- kubectl get pods',
    'score -o W -- kubectl get pods',
    'evaluate -o W -- kubectl get pods',
    'evaluate -o json -- kubectl W',
    'list --state W',
    'sandbox --port W',
    'serve --window W',
  ];
  for (const line of LINES)
    test(line, () =>
      same(line, async (word) => {
        const [code, out, err] = await cli(line.split(' ').map((one) => one.replace('W', word)));
        assert.doesNotMatch(`${out}${err}`, /native code|\bat \S+ \(|\[object/);
        return [code, out, err];
      }),
    );
});

describe('commands that are judged', () => {
  const LINES = [
    'kubectl W',
    'kubectl get W',
    'kubectl get W/x',
    'kubectl get pods -o W',
    'kubectl get pods --W',
    'kubectl get pods --W=1',
    'kubectl delete W x',
    'kubectl delete pods x --cascade=W',
    'kubectl create W x',
    'kubectl rollout W deployment/x',
    'kubectl set W deployment/x a=b',
    'kubectl label pods x W=1',
    'kubectl label pods x W-',
    'kubectl annotate pods x W=1',
    'kubectl taint nodes x W=1:NoSchedule',
    'kubectl patch W x -p {}',
    'kubectl patch deployment x -p {"W":1}',
    'kubectl patch deployment x -p {"spec":{"W":{"a":1}}}',
    'kubectl patch deployment x -p {"metadata":{"labels":{"W":"1"}}}',
    'kubectl patch deployment x --type=json -p [{"op":"add","path":"/spec/W/a","value":1}]',
    'kubectl patch deployment x --type=W -p {}',
    'kubectl create configmap x --from-literal=W=1',
    'kubectl delete pods -n W --all',
    'W --help',
    'W=1 kubectl get pods',
    'xargs -d W kubectl delete pods',
    'echo $W',
    'sudo W kubectl get pods',
  ];
  for (const line of LINES)
    test(line, () => same(line, (word) => [judge(line.replace('W', word)), judge(line.replace('W', word).split(' '))]));

  const MANIFESTS = [
    '{apiVersion: v1, kind: W, metadata: {name: x}}',
    '{apiVersion: W, kind: Pod, metadata: {name: x}}',
    '{apiVersion: v1, kind: Pod, metadata: {name: x}, W: 1}',
    '{apiVersion: v1, kind: Pod, metadata: {name: x, labels: {W: a}}}',
    '{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {nodeSelector: {W: a}, containers: [{name: W, image: W, W: [a]}]}}',
    '{apiVersion: v1, kind: Secret, metadata: {name: x}, stringData: {W: a}}',
    '{W: {apiVersion: v1, kind: Namespace, metadata: {name: x}}}',
  ];
  for (const manifest of MANIFESTS)
    for (const verb of ['apply', 'create', 'replace', 'delete'])
      test(`${verb} ${manifest}`, () =>
        same(manifest, (word) => judge(`kubectl ${verb} -f x.yaml`, { 'x.yaml': manifest.replaceAll('W', word) })));
});

test('a command of the chat', () => same('chat', (word) => readChatCommand(`/${word} INC-1`, 'blastgate_bot')));

test('keys of people.yaml and of a policy', async () => {
  for (const text of [
    'W: 1',
    'people: [{ id: W, name: a, rights: [W], accounts: { W: 1 } }]',
    'agents: [{ id: W, W: 1 }]',
  ]) {
    await same(text, (word) => readPeople(text.replaceAll('W', word)));
    await same(text, (word) => readPolicy(text.replaceAll('W', word)));
  }
});
