// `policy explain`: which rule applies, who could approve, which freezes hold it, for which cluster.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ranCli } from '../../../test/support/run-cli.ts';
import { instant, plusSeconds } from '../../core/model/instant.ts';

const folder = mkdtempSync(join(tmpdir(), 'blastgate-explain-'));
const shipped = readFileSync(new URL('../../../policy/default.yaml', import.meta.url), 'utf8');
const at = (seconds: number): string => plusSeconds(instant(Date.now()), seconds).slice(0, 16);
const freeze = (name: string, from: string, to: string, more = ''): string =>
  `{ name: ${name}, from: "${from}", to: "${to}", timezone: UTC${more} }`;
const file = (name: string): string => join(folder, name);

before(() => {
  const freezes = [
    freeze('now', at(-3600), at(7200)),
    freeze('soon', at(3600), at(7200)),
    freeze('late', at(24 * 3600), at(48 * 3600)),
    freeze('over', at(-7200), at(-3600)),
    freeze('elsewhere', at(-3600), at(3600), ', namespaces: [payments]'),
    freeze('spares', at(-3600), at(3600), ', allow: [scale]'),
  ];
  writeFileSync(file('policy.yaml'), `${shipped}freezes: [${freezes.join(', ')}]\n`);
  writeFileSync(
    file('short.yaml'),
    `${shipped}freezes: [${freeze('soon', at(3600), at(7200))}]\napprovals: [{ needed: 2, expiresMinutes: 10 }]\n`,
  );
  const token = (letter: string) => `sha256:${letter.repeat(64)}`;
  writeFileSync(
    file('people.yaml'),
    `people:\n${['ana', 'ben', 'cho'].map((id, i) => `  - { id: ${id}, name: ${id}, rights: [approve], tokens: ["${token(`${i}`)}"] }`).join('\n')}\nagents:\n  - { id: healer, owner: ana, rights: [propose], tokens: ["${token('9')}"] }\n`,
  );
  writeFileSync(
    file('clusters.yaml'),
    `clusters:\n  - { name: eu-1, kubeconfig: /none, namespaceClass: production, freezes: [${freeze('eu sale', at(-3600), at(3600))}] }\n  - { name: us-1, kubeconfig: /none }\n`,
  );
});
after(() => rmSync(folder, { recursive: true, force: true }));

const explain = async (options: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  return ranCli(
    ['policy', 'explain', ...options, '--', 'kubectl', 'scale', 'deployment', 'web', '--replicas=0', '-n', 'shop'],
    {
      env: {
        BLASTGATE_DATA: folder,
        BLASTGATE_PEOPLE: file('people.yaml'),
        BLASTGATE_POLICY: file('policy.yaml'),
        ...env,
      },
    },
  );
};
const namesIn = (out: string): readonly string[] =>
  (JSON.parse(out) as { readonly freezes: readonly { readonly name: string }[] }).freezes.map(({ name }) => name);

test('the freezes that hold it now, and those that begin while an approval may be open', async () => {
  const { code, out, err } = await explain(['--as', 'healer']);
  assert.equal(code, 0, err);
  assert.match(out, /ben {2}ben {2}\(http\)/);
  assert.doesNotMatch(out, /^ {2}ana/m);
  assert.match(out, /The freeze "now" is on: whoever approves it, nothing is written before \S+Z\./);
  assert.match(out, /The freeze "soon" begins at \S+Z, while the approval may still be open/);
  assert.doesNotMatch(out, /late|over"|elsewhere|spares/);
  assert.deepEqual(namesIn((await explain(['-o', 'json'])).out), ['now', 'soon']);
});

test('an approval that a rule lets live shortly ends before the next freeze', async () => {
  assert.deepEqual(namesIn((await explain(['-o', 'json', '--policy', file('short.yaml')])).out), []);
});

test('a cluster has what is its own, and one that is in no file is not made up', async () => {
  const env = { BLASTGATE_CLUSTERS: file('clusters.yaml') };
  const eu = await explain(['--cluster', 'eu-1', '-o', 'json'], env);
  assert.deepEqual(namesIn(eu.out).toSorted(), ['eu sale', 'now', 'soon']);
  const us = await explain(['--cluster', 'us-1', '-o', 'json'], env);
  assert.deepEqual(namesIn(us.out), ['now', 'soon']);
  const [inEu, inUs] = [eu, us].map(
    ({ out }) => JSON.parse(out) as { readonly score: number; readonly cluster: string },
  );
  assert.ok((inEu?.score ?? 0) > (inUs?.score ?? 0), 'its namespaces are production');
  assert.deepEqual([inEu?.cluster, inUs?.cluster], ['eu-1', 'us-1']);
  const other = await explain(['--cluster', 'asia'], env);
  assert.equal(other.code, 2);
  assert.match(other.err, /--cluster asia: \S+clusters\.yaml names eu-1, us-1/);
});

test('in the language of BLASTGATE_LANG', async () => {
  const { out } = await explain([], { BLASTGATE_LANG: 'zh-TW' });
  assert.match(out, /凍結「now」進行中/);
  assert.match(out, /凍結「soon」自 \S+Z 開始/);
});
