// What the gate decides while the cluster cannot be known: an action that would run without approval waits for a person, and
// one that was approved without waits too. `npm run test:faults` prints the table of docs/reliability.md; with
// WRITE_TABLE=1 it writes it there.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { discoverKinds } from '../../src/adapters/cluster/discovery.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { understand } from '../../src/core/command/understand.ts';
import type { SandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import type { Fault } from '../../src/sandbox/cluster/faults.ts';
import { refusal, scriptedApi } from '../fakes/scripted-api.ts';
import { publish } from '../support/written-table.ts';
import { COMMAND, MAX_AGE_SECONDS, openScene, type Scene, startSandbox } from './live-scene.ts';

const PLACE = {
  page: 'docs/reliability.md',
  begin: '<!-- faults: written by `WRITE_TABLE=1 npm run test:faults` -->',
  end: '<!-- end of faults -->',
};
const ALWAYS = 100_000;

const every = (fault: Fault['fault'], path?: string): Fault => ({
  fault,
  times: ALWAYS,
  ...(path === undefined ? {} : { path }),
});

interface Row {
  readonly fault: string;
  readonly breaks: (scene: Scene) => Promise<void> | void;
  readonly mends: (scene: Scene) => Promise<void> | void;
  /** What no-evidence must name. */
  readonly lacks: RegExp;
}

const clear = ({ sandbox }: Scene): void => sandbox.clearFaults();
const pastTheLimit = MAX_AGE_SECONDS + 1;

const ROWS: readonly Row[] = [
  {
    fault: 'API server gone',
    breaks: ({ lines }) => {
      lines.cache.shut();
      lines.reads.shut();
    },
    mends: ({ lines }) => {
      lines.cache.open();
      lines.reads.open();
    },
    lacks: /kube-system: unreachable/,
  },
  {
    fault: 'API server slower than the gate waits',
    breaks: ({ sandbox, feel }) => {
      feel('hurried');
      sandbox.inject(every({ kind: 'hang' }));
    },
    mends: (scene) => {
      scene.feel('calm');
      clear(scene);
      scene.lines.cache.cut();
      scene.lines.reads.cut();
    },
    lacks: /unreachable/,
  },
  {
    fault: 'API server answers 429',
    breaks: ({ sandbox }) => sandbox.inject(every({ kind: 'status', code: 429, retryAfterSeconds: 1 })),
    mends: clear,
    lacks: /unreachable/,
  },
  {
    fault: 'API server answers 500',
    breaks: ({ sandbox }) => sandbox.inject(every({ kind: 'status', code: 500 })),
    mends: clear,
    lacks: /unreachable/,
  },
  {
    fault: 'token expired',
    breaks: ({ sandbox }) => sandbox.inject(every({ kind: 'status', code: 401 })),
    mends: clear,
    lacks: /forbidden/,
  },
  {
    fault: 'watches cut, none opens again for longer than the limit',
    breaks: async ({ sandbox, lines, pass }) => {
      sandbox.inject(every({ kind: 'status', code: 500 }, 'watch=1'));
      lines.cache.cut();
      await pass(pastTheLimit);
    },
    mends: clear,
    lacks: /too-old/,
  },
  {
    fault: 'watches stand, and nothing comes through for longer than the limit',
    breaks: async ({ lines, pass }) => {
      lines.cache.freeze();
      await pass(pastTheLimit);
    },
    mends: ({ lines }) => lines.cache.open(),
    lacks: /too-old/,
  },
  {
    fault: 'watches are behind what is read directly',
    breaks: async ({ sandbox, lines }) => {
      lines.cache.freeze();
      const path = `${sandbox.url}/apis/apps/v1/namespaces/shop/deployments/web`;
      const body = JSON.stringify({ metadata: { labels: { touched: `${Math.random()}` } } });
      const headers = { 'content-type': 'application/merge-patch+json' };
      assert.equal((await fetch(path, { method: 'PATCH', headers, body })).status, 200);
    },
    mends: ({ lines }) => lines.cache.open(),
    lacks: /deployments\.apps: too-old/,
  },
  {
    fault: 'a right taken away (list and watch of disruption budgets)',
    breaks: async ({ sandbox, lines, until, cache }) => {
      sandbox.inject(every({ kind: 'status', code: 403 }, '/poddisruptionbudgets'));
      lines.cache.cut();
      await until('it is refused', () => cache.health().some(({ lacking }) => lacking === 'forbidden'));
    },
    mends: clear,
    lacks: /poddisruptionbudgets\.policy.*: forbidden/,
  },
  {
    fault: 'date set forward by an hour',
    breaks: ({ clock, lines }) => {
      lines.cache.freeze();
      clock.jump(3600);
    },
    mends: ({ lines }) => lines.cache.open(),
    lacks: /too-old/,
  },
  {
    fault: 'date set back by an hour, watches silent for longer than the limit',
    breaks: async ({ clock, lines, pass }) => {
      lines.cache.freeze();
      clock.jump(-3600);
      await pass(pastTheLimit);
    },
    mends: ({ lines }) => lines.cache.open(),
    lacks: /too-old/,
  },
];

/** Whether an object is protected must be known: where the object itself cannot be read, nobody may let it run. */
const LEADS_TO = {
  'awaiting-approval': 'a person decides',
  refused: 'refused',
  blocked: 'blocked',
  approved: 'runs',
} as const;

const lines: string[] = [];
const say = (fault: string, during: string, approved: string, later: string): void => {
  lines.push(`| ${fault} | ${during} | ${approved} | ${later} |`);
};

describe(`while the cluster cannot be known, ${COMMAND}`, () => {
  let sandbox: SandboxCluster;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox?.stop());

  for (const { fault, breaks, mends, lacks } of ROWS) {
    test(`waits for a person: ${fault}`, async () => {
      const scene = await openScene(sandbox, 'known');
      try {
        const well = await scene.judge();
        assert.deepEqual([well.tier, well.decision, well.lacks], ['auto', 'approved', null]);
        const approved = await scene.propose();
        assert.equal(approved.state, 'approved');
        await breaks(scene);
        const ill = await scene.judge();
        assert.notEqual(ill.tier, 'auto');
        assert.ok(ill.decision === 'awaiting-approval' || ill.decision === 'refused', ill.decision);
        assert.match(ill.lacks ?? '', lacks);
        const again = await scene.atExecution(approved);
        assert.notEqual(again, 'true');
        await mends(scene);
        await scene.healed();
        let mended = await scene.judge();
        await scene.until('it would run again', async () => {
          if (mended.tier !== 'auto') mended = await scene.judge();
          return mended.tier === 'auto' && mended.lacks === null;
        });
        const why = (ill.lacks ?? '').split(/, | and /)[0] ?? '';
        say(
          fault,
          `${well.score ?? 'none'} auto → ${ill.score ?? 'none'} ${ill.tier}, ${LEADS_TO[ill.decision]} (${why})`,
          again === 'undecided' ? 'waits, is judged again' : again,
          `${mended.score ?? 'none'} ${mended.tier}`,
        );
      } finally {
        await scene.close();
      }
    });
  }

  test('waits for a person: the gate has only just started and knows nothing yet', async () => {
    const scene = await openScene(sandbox, 'unknown');
    try {
      const ill = await scene.judge();
      assert.deepEqual([ill.tier, ill.decision], ['human', 'awaiting-approval']);
      assert.match(ill.lacks ?? '', /too-old/);
      scene.lines.cache.open();
      await scene.healed();
      const well = await scene.judge();
      assert.equal(well.tier, 'auto');
      const why = (ill.lacks ?? '').split(/, | and /)[0] ?? '';
      say(
        'gate just started, lists not read yet',
        `${ill.score ?? 'none'} ${ill.tier} (${why})`,
        '',
        `${well.score ?? 'none'} ${well.tier}`,
      );
    } finally {
      await scene.close();
    }
  });

  test('runs while the watches are cut for less than the limit, and goes on from where they stood', async () => {
    const scene = await openScene(sandbox, 'known');
    try {
      scene.lines.cache.cut();
      const cut = await scene.judge();
      assert.deepEqual([cut.tier, cut.lacks], ['auto', null]);
      await scene.healed();
      say(
        'watches cut, open again within the limit',
        `${cut.score ?? 'none'} ${cut.tier}`,
        '',
        `${cut.score ?? 'none'} ${cut.tier}`,
      );
    } finally {
      await scene.close();
    }
  });
});

test('while discovery of one group fails, its kinds are unknown, and a write to them is judged higher', async () => {
  const line = 'kubectl annotate widget one example.com-note=x';
  const judge = async (silent: 'group answers' | 'group is silent') => {
    const api = scriptedApi();
    const group = { name: 'example.com', versions: [{ version: 'v1' }], preferredVersion: { version: 'v1' } };
    api.answer('/apis', { groups: [group] });
    const widget = {
      name: 'widgets',
      singularName: 'widget',
      kind: 'Widget',
      namespaced: true,
      verbs: ['get', 'patch'],
    };
    api.answer('/apis/example.com/v1', silent === 'group answers' ? { resources: [widget] } : refusal(503));
    const { resources } = await discoverKinds(api, new AbortController().signal);
    const surroundings = { namespace: 'shop', files: new Map(), customResources: resources, readDocuments };
    return score(understand({ kind: 'line', line }, surroundings), null, DEFAULT_POLICY);
  };
  const [well, ill] = [await judge('group answers'), await judge('group is silent')];
  assert.deepEqual([well.tier, well.executable], ['auto', true]);
  assert.notEqual(ill.tier, 'auto');
  assert.ok((ill.score ?? 100) > (well.score ?? 0));
  say(
    `discovery of one group fails (\`${line}\`)`,
    `${well.score ?? 'none'} auto → ${ill.score ?? 'none'} ${ill.tier}, a person decides (its kind is unknown)`,
    '',
    `${well.score ?? 'none'} auto`,
  );
});

test('docs/reliability.md says the same', () => {
  const table = [
    '| fault | proposed meanwhile: score, tier, what comes of it (what is lacking first) | approved before, due now | once it is fixed |',
    '| --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
  publish(PLACE, table);
});
