import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Mark, markedCommand } from './marks.ts';

const marksOf = (command: string): readonly (readonly [string, Mark])[] =>
  markedCommand(command).flatMap(({ text, mark }) => (mark === null ? [] : [[text, mark] as const]));

const TABLE: readonly (readonly [string, readonly (readonly [string, Mark])[]])[] = [
  ['kubectl get pods -n shop', []],
  ['kubectl scale deployment/api --replicas=6 -n production', []],
  [
    'kubectl delete pod web-0 --force --grace-period=0',
    [
      ['delete', 'deletes'],
      ['--force', 'force'],
      ['--grace-period=0', 'force'],
    ],
  ],
  [
    'kubectl delete pods --all -A',
    [
      ['delete', 'deletes'],
      ['--all', 'wide'],
      ['-A', 'wide'],
    ],
  ],
  [
    'kubectl drain node-7 --ignore-daemonsets',
    [
      ['drain', 'deletes'],
      ['--ignore-daemonsets', 'force'],
    ],
  ],
  [
    'kubectl set image deployment -l k8s-app=x c=r.example/c:1.2',
    [
      ['-l', 'wide'],
      ['c=r.example/c:1.2', 'image'],
    ],
  ],
  [`kubectl set image deploy/x c=r.example/c@sha256:${'0'.repeat(64)}`, []],
  [
    'kubectl exec web-0 -- rm -rf /data',
    [
      ['exec', 'runs'],
      ['--', 'runs'],
    ],
  ],
  [
    'kubectl apply -f https://x.example/y.yaml --as=system:masters',
    [
      ['-f', 'input'],
      ['--as=system:masters', 'privileged'],
    ],
  ],
];

for (const [command, expected] of TABLE)
  test(`what is dangerous in "${command}" is marked, and nothing else`, () => {
    assert.deepEqual(marksOf(command), expected);
  });

test('the pieces of any text, joined, are the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (command) => {
      assert.equal(
        markedCommand(command)
          .map(({ text }) => text)
          .join(''),
        command,
      );
    }),
  );
});
