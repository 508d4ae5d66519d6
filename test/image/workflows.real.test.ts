// The workflows of .github and .gitea: read by actionlint, and what it does not look at: pins, rights, and that nothing of an event stands
// in a script.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { ensureBuilt } from '../servers/build.ts';

const ROOT = join(import.meta.dirname, '../..');
const files = globSync('{.github,.gitea}/workflows/*.yml', { cwd: ROOT }).toSorted();

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[]; readonly needs?: string | string[] }
    >
  >;
}

test('actionlint has nothing to say', async () => {
  assert.equal(files.length, 6);
  const { actionlint } = await ensureBuilt(['actionlint']);
  const { status, stdout, stderr } = spawnSync(actionlint.executable, files, { cwd: ROOT, encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
});

for (const file of files)
  describe(file, () => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const { permissions, jobs }: Workflow = parse(text);
    const steps = Object.values(jobs).flatMap((job) => job.steps);

    test('every action is pinned by commit, with its version beside it', () => {
      const used = [...text.matchAll(/uses: (\S+)(.*)$/gm)];
      assert.ok(used.length > 0);
      for (const [, action = '', comment = ''] of used) {
        assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
        assert.match(comment, /^ # v\d+\.\d+\.\d+$/, action);
      }
    });

    test('a job may read the sources and no more unless it says so, and ends', () => {
      assert.deepEqual(permissions, { contents: 'read' });
      for (const job of Object.values(jobs)) assert.ok(job['timeout-minutes']);
    });

    test('no script has an expression in it: what an event says comes by the environment', () => {
      for (const { run } of steps)
        if (run !== undefined) assert.doesNotMatch(run.replaceAll("'{{json .Manifest.Digest}}'", ''), /\{\{/);
    });

    test('what it calls is there', () => {
      const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
      const runs = steps.flatMap(({ run }) => run ?? []).join('\n');
      for (const [, name = ''] of runs.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) assert.ok(scripts[name], name);
      for (const [path] of runs.matchAll(/\b(?:deploy\/[\w./-]+|\.ci\/run)/g))
        assert.ok(existsSync(join(ROOT, path)), path);
    });
  });

test('nothing is published before every test has passed', () => {
  for (const forge of ['.github', '.gitea']) {
    const { jobs }: Workflow = parse(readFileSync(join(ROOT, forge, 'workflows/release.yml'), 'utf8'));
    const behind = (job: string): boolean =>
      job === 'test' || [jobs[job]?.needs ?? []].flat().some((needed) => behind(needed));
    for (const name of Object.keys(jobs)) assert.ok(behind(name), `${forge}: ${name}`);
    const [first] = Object.values(jobs);
    assert.ok(first?.steps.some(({ run }) => run === '.ci/run'));
  }
});
