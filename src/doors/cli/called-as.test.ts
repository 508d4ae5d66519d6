import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ranCli } from '../../../test/support/run-cli.ts';
import { asCalled, calledAs } from './called-as.ts';

test('only the name that our own plugin sets is heeded', () => {
  assert.equal(calledAs({ BLASTGATE_CALLED_AS: 'kubectl blastgate' }), 'kubectl blastgate');
  for (const other of [undefined, '', 'rm -rf /', 'kubectl blastgate\u001b[2J', 'blastgate'])
    assert.equal(calledAs({ BLASTGATE_CALLED_AS: other }), 'blastgate');
});

const NAMED: readonly (readonly [text: string, said: string])[] = [
  ['blastgate score [-o text|json]', 'kubectl blastgate score [-o text|json]'],
  ['blastgate: there is no command "x".', 'kubectl blastgate: there is no command "x".'],
  ['Run `blastgate --help` for the list.', 'Run `kubectl blastgate --help` for the list.'],
  ['`blastgate help COMMAND` … blastgate COMMAND', '`kubectl blastgate help COMMAND` … kubectl blastgate COMMAND'],
  ['kubectl blastgate score', 'kubectl blastgate score'],
];
/** Not our name in front of a command of ours. */
const KEPT = [
  'kubectl get pods -n blastgate',
  'https://blastgate.dev/problems/paused',
  '/usr/bin/blastgate score',
  'the blastgate scoreboard',
  'namespace/blastgate: not found',
  'BLASTGATE_TOKEN is not set',
];
for (const [text, said] of NAMED)
  test(`${text} is named as it was called`, () => {
    assert.equal(asCalled(text, 'kubectl blastgate'), said);
    assert.equal(asCalled(text, 'blastgate'), text);
  });
for (const text of KEPT) test(`${text} stays`, () => assert.equal(asCalled(text, 'kubectl blastgate'), text));

test('help and errors name the way in which it was called; an answer is the same either way', async () => {
  const run = async (argv: readonly string[], called: string) => {
    return ranCli(argv, { env: { BLASTGATE_CALLED_AS: called } });
  };
  for (const argv of [['score', '--help'], ['help'], ['scor'], ['score'], ['propose', '--incidnt', 'x']]) {
    const { code, out, err } = await run(argv, 'kubectl blastgate');
    const plain = await run(argv, '');
    assert.equal(code, plain.code);
    assert.doesNotMatch(`${out}${err}`, /(?<!kubectl )blastgate (score|propose|help|COMMAND|--help)/);
    assert.equal(`${out}${err}`.replaceAll('kubectl blastgate', 'blastgate'), `${plain.out}${plain.err}`);
    assert.match(`${out}${err}`, /kubectl blastgate/);
  }
  const scored = ['score', '-o', 'json', '--', 'kubectl', 'delete', 'pod', 'blastgate', '-n', 'blastgate'];
  assert.deepEqual(await run(scored, 'kubectl blastgate'), await run(scored, ''));
});
