// The dashboard, asked of a real Prometheus (Debian: apt-get install prometheus) that scrapes the gate of the demo: every query is
// answered, and those that the demo has figures for show them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { play } from '../../src/doors/demo/play.ts';
import { STORIES } from '../../src/doors/demo/stories.ts';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts';

const DEPLOY = join(import.meta.dirname, '../../deploy/monitoring');

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}
const dashboard: {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
} = JSON.parse(readFileSync(join(DEPLOY, 'dashboard.json'), 'utf8'));
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
/** As Grafana fills them in. */
const filled = (expr: string): string => expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m');

/** What the demo does not have: no proxy, no door with a certificate, no agent who says who it is in the cluster. */
const EMPTY_IN_THE_DEMO = new Set([
  'Proxy requests by kind',
  'Proxy (95 %)',
  'Open streams and held writes',
  'Life of the certificates',
  'Rights of agents past the gate',
]);

test('every panel has a query, and no query a variable that the dashboard has not', () => {
  const known = new Set([...dashboard.templating.list.map(({ name }) => name), '__rate_interval']);
  for (const { title, targets = [] } of panels) assert.ok(targets.length > 0, title);
  for (const { expr } of queries)
    for (const [, name = ''] of expr.matchAll(/\$\{?(\w+)/g)) assert.ok(known.has(name), `${expr}: ${name}`);
});

describe('scraping the demo', () => {
  let world: World;
  let prometheus: Prometheus;
  let scraped: string;

  const ask = async (expr: string): Promise<readonly { readonly value: readonly [number, string] }[]> => {
    const answer = await fetch(`${prometheus.address}/api/v1/query?query=${encodeURIComponent(filled(expr))}`);
    // as: the API of Prometheus for an instant query.
    const { status, error, data } = (await answer.json()) as {
      readonly status: string;
      readonly error?: string;
      readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
    };
    assert.equal(status, 'success', `${expr}: ${error}`);
    return data?.result ?? [];
  };
  const until = async (what: string, expr: string): Promise<void> => {
    for (let at = 0; at < 600; at += 1) {
      if ((await ask(expr)).length > 0) return;
      await pause(100);
    }
    assert.fail(`${what}: ${expr}`);
  };

  before(async () => {
    world = await startWorld({});
    const url = new URL(world.stage.gateUrl);
    prometheus = await startPrometheus(url.host);
    await until('a first scrape', 'blastgate_build_info');
    const story = STORIES.find(({ tier }) => tier === 'human');
    assert.ok(story);
    await play(story, world.stage, () => undefined, new AbortController().signal);
    await until('the story is scraped', 'sum(blastgate_approval_seconds_count) > 0');
    await until('its verdict is scraped', 'sum(blastgate_verification_seconds_count) > 0');
    // A refusal too, seen in two scrapes, which a rate needs.
    await fetch(`${url.origin}/v1/proposals`);
    await until('the refusal is scraped twice', 'count_over_time(blastgate_http_requests_total{code="401"}[1m]) > 1');
    scraped = await (await fetch(`${url.origin}/metrics`)).text();
  });
  after(async () => {
    await prometheus?.stop();
    await world?.stop();
  });

  for (const { title, expr } of queries)
    test(`${title}: ${expr.slice(0, 60)}`, async () => {
      const result = await ask(expr);
      if (!EMPTY_IN_THE_DEMO.has(title)) assert.ok(result.length > 0, `${title} is empty: ${filled(expr)}`);
    });

  test('the figures are those of the demo', async () => {
    const figureOf = async (expr: string): Promise<number> => Number((await ask(expr))[0]?.value[1]);
    assert.equal(await figureOf('count(blastgate_build_info)'), 1);
    assert.equal(await figureOf('blastgate_ready'), 1);
    assert.equal(await figureOf('sum(blastgate_approval_seconds_count{tier="human",end="approved"})'), 1);
    assert.equal(await figureOf('sum(blastgate_proposals{state="succeeded"})'), 1);
  });

  test('every metric that an alert or the dashboard names is one that the gate prints, or that the demo has no door for', () => {
    const alerts = readFileSync(join(DEPLOY, 'alerts.yaml'), 'utf8');
    const named = new Set(
      [...`${alerts}${queries.map(({ expr }) => expr).join('\n')}`.matchAll(/\bblastgate_\w+/g)].map(([name]) => name),
    );
    const printed = new Set([...scraped.matchAll(/^(blastgate_\w+)/gm)].map(([, name]) => name));
    const absent = [...named].filter((name) => !printed.has(name)).toSorted();
    assert.deepEqual(absent, [
      'blastgate_agent_powers',
      'blastgate_certificate_end_timestamp_seconds',
      'blastgate_certificate_renew_timestamp_seconds',
      'blastgate_proxy_open',
      'blastgate_proxy_request_seconds_bucket',
      'blastgate_proxy_requests_total',
    ]);
  });

  test('promtool finds nothing to say against the names, types and help of what is printed', async () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: scraped,
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
  });
});
