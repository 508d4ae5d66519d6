// The alerts: read and played by promtool (Debian: apt-get install prometheus), each with its chapter in the runbook, and a player in
// rules.yaml that makes it fire.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse, stringify } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const ALERTS = join(ROOT, 'deploy/monitoring/alerts.yaml');
const RULES = join(import.meta.dirname, 'rules.yaml');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}
const alerts: readonly Rule[] = parse(readFileSync(ALERTS, 'utf8')).groups.flatMap(
  ({ rules }: { readonly rules: readonly Rule[] }) => rules,
);

interface Played {
  readonly tests: {
    readonly alert_rule_test: {
      readonly alertname: string;
      exp_alerts: { readonly exp_labels: object; exp_annotations?: object }[];
    }[];
  }[];
}

const promtool = (...args: readonly string[]) => spawnSync('promtool', args, { encoding: 'utf8' });

test('promtool reads them', () => {
  const { status, stdout, stderr } = promtool('check', 'rules', ALERTS);
  assert.equal(status, 0, `${stdout}${stderr}`);
});

/** promtool also compares the annotations, which are not what is asked here: its answer names alerts and labels. */
const play = (change: (played: Played) => void = () => undefined) => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-rules-'));
  try {
    const bare = parse(readFileSync(ALERTS, 'utf8'));
    for (const group of bare.groups) for (const rule of group.rules) delete rule.annotations;
    writeFileSync(join(folder, 'alerts.yaml'), stringify(bare));
    copyFileSync(RULES, join(folder, 'rules.yaml'));
    const played: Played = parse(readFileSync(RULES, 'utf8'));
    change(played);
    writeFileSync(join(folder, 'rules.yaml'), stringify(played));
    return promtool('test', 'rules', join(folder, 'rules.yaml'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

test('each fires when it should and is still otherwise', () => {
  const { status, stdout, stderr } = play();
  assert.equal(status, 0, `${stdout}${stderr}`);
});

test('the play can fail', () => {
  const { status } = play(({ tests }) => {
    for (const { alert_rule_test } of tests) for (const one of alert_rule_test) one.exp_alerts = [];
  });
  assert.notEqual(status, 0);
});

test('every alert is made to fire by the play', () => {
  const { tests }: Played = parse(readFileSync(RULES, 'utf8'));
  const fired = new Set(
    tests.flatMap(({ alert_rule_test }) =>
      alert_rule_test.flatMap(({ alertname, exp_alerts }) => (exp_alerts.length > 0 ? [alertname] : [])),
    ),
  );
  const silent = alerts.map(({ alert }) => alert).filter((name) => !fired.has(name));
  // Handed over is written as rolled back and failed is, and has a play in which it must be still.
  assert.deepEqual(silent, ['BlastgateHandedOver']);
});

describe('the runbook', () => {
  const runbook = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');
  const chapters = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);

  test('has a chapter for each alert and none besides', () => {
    assert.deepEqual(
      chapters,
      alerts.map(({ alert }) => alert),
    );
  });

  for (const { alert, labels, annotations } of alerts)
    test(`${alert} leads there, and says what is wrong and how bad it is`, () => {
      assert.ok(annotations['runbook_url']?.endsWith(`docs/runbook.md#${alert.toLowerCase()}`));
      assert.ok(annotations['summary'] && annotations['description']);
      assert.ok(['critical', 'warning'].includes(labels.severity));
      const chapter = runbook.split(`## ${alert}\n`)[1]?.split('\n## ')[0] ?? '';
      assert.match(chapter, new RegExp(`^\\*${labels.severity}\\.\\*`, 'm'));
      assert.match(chapter, /^1\. /m);
    });
});
