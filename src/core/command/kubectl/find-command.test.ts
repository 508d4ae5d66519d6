// Which command kubectl takes an argv for, whatever stands where.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findCommand } from './find-command.ts';

/** argv → path of the command, or "? word" for a word that names none. */
const FOUND: readonly (readonly [string, string])[] = [
  ['', ''],
  ['get pods', 'get'],
  ['-n foo get pods', 'get'],
  ['-n get delete pod a', 'delete'],
  ['--namespace=x get pods', 'get'],
  ['-nfoo get pods', 'get'],
  ['rollout -n foo restart deploy/x', 'rollout restart'],
  ['create sa x', 'create serviceaccount'],
  ['create svc nodeport x', 'create service nodeport'],
  ['config use x', 'config use-context'],
  ['top nodes', 'top node'],
  ['top po', 'top pod'],
  // an unknown flag swallows the next word in the search, and gives it back to the real reading
  ['-A pods delete --all', 'delete'],
  ['--all pods delete -n prod', 'delete'],
  ['-A get delete pods', 'delete'],
  ['--force pods delete p1', 'delete'],
  ['-l app=x delete pods', 'delete'],
  ['-f x.yaml delete', 'delete'],
  ['-o yaml get pods', 'get'],
  ['-i -t exec p -- sh', 'exec'],
  ['--grace-period 0 delete pod x', 'delete'],
  ['-A get pods', '? pods'],
  ['--all delete pods', '? pods'],
  ['-w get pods', '? pods'],
  ['-h delete pod x', '? pod'],
  // with one word left behind such a flag the search ends
  ['--force delete', ''],
  ['-- delete pod x', ''],
  ['--help', ''],
  ['Get pods', '? Get'],
  ['ge pods', '? ge'],
  ['create deployments x', 'create'],
  ['rollout foo', 'rollout'],
  ['gs foo', '? gs'],
  ['--insecure_skip_tls_verify get pods', 'get'],
  ['-s http://x get pods', 'get'],
];

describe('the command in an argv', () => {
  for (const [line, expected] of FOUND)
    test(`kubectl ${line}`, () => {
      const { command, unknown } = findCommand(line === '' ? [] : line.split(' '));
      assert.equal(unknown === null ? command.key : `? ${unknown}`, expected);
    });

  test('a word that is the value of a flag is not taken out', () => {
    assert.deepEqual(findCommand(['-n', 'delete', 'delete', 'pod', 'x']).rest, ['-n', 'delete', 'pod', 'x']);
    assert.deepEqual(findCommand(['-A', 'pods', 'delete', '--all']).rest, ['-A', 'pods', '--all']);
  });

  test('an empty word names nothing', () => {
    assert.equal(findCommand(['', 'delete', 'pod', 'x']).command.key, 'delete');
  });
});
