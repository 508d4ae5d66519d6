// What of a command nobody may read, and what everybody must: every row of the tables, as a line and as an argv.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { secretSpans } from '../../src/core/command/secrets/secret-spans.ts';
import { readLine } from '../../src/core/command/shell/read-line.ts';
import { understand } from '../../src/core/command/understand.ts';
import { cutSpans, MASK } from '../../src/core/model/span.ts';
import { maskCommand } from '../../src/core/text/mask.ts';
import { HIDDEN } from './hidden.ts';
import { SHOWN } from './shown.ts';

const AROUND = { namespace: 'default', files: new Map<string, string>(), customResources: [], readDocuments };

const show = (line: string): string =>
  cutSpans(line, secretSpans({ kind: 'line', line }, line, AROUND, readLine(line).unreadable === null));

const ROWS = Object.values(HIDDEN).flat();
const withoutMarks = (row: string): string => row.replaceAll(/[«»]/g, '');
const secretsOf = (row: string): readonly string[] =>
  [...row.matchAll(/«([^»]*)»/g)].map(([, secret = '']) => secret).filter((secret) => secret !== '');

describe('secrets of a command are hidden, and nothing else', () => {
  for (const [place, rows] of Object.entries(HIDDEN))
    describe(place, () => {
      for (const row of rows)
        test(row.slice(0, 160), () => {
          const shown = row.replaceAll('«»', '').replaceAll(/«[^»]*»/g, MASK);
          assert.equal(show(withoutMarks(row)), shown);
        });
    });

  test('there are enough rows, each once', () => {
    assert.ok(ROWS.length >= 300, String(ROWS.length));
    assert.equal(new Set(ROWS).size, ROWS.length);
  });

  test('as an argv the same secrets are hidden', () => {
    let checked = 0;
    for (const row of ROWS) {
      const argv = [`sh`, '-c', withoutMarks(row)];
      const shown = maskCommand(understand({ kind: 'argv', argv }, AROUND));
      for (const secret of secretsOf(row)) {
        if (!/^[\w@.+-]{7,}$/.test(secret)) continue;
        checked += 1;
        assert.ok(!shown.includes(secret), `${row}\n${shown}`);
      }
    }
    assert.ok(checked > 250, String(checked));
  });
});

test('the parts of a line that could be proposed alone lose theirs too', () => {
  const line = `kubectl get pods; kubectl create secret generic db --from-literal=a=x"hunter2"y -n shop`;
  const [refusal] = understand({ kind: 'line', line }, AROUND).refusals;
  assert.deepEqual(refusal?.detail, {
    kind: 'parts',
    commands: ['kubectl create secret generic db --from-literal=a=*** -n shop'],
  });
});

describe('what is no secret is shown as it stands', () => {
  for (const line of SHOWN) test(line.slice(0, 160), () => assert.equal(show(line), line));
});
