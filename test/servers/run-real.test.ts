// Which files share the servers of a run, and which have their own.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sharesServers } from './run-real.ts';

const FILES = globSync('test/**/*.real.test.ts').map((file) => ({ file, text: readFileSync(file, 'utf8') }));

test('a file that asks for a shared server shares, unless it starts one itself', () => {
  assert.ok(sharesServers('await sharedControlPlane()'));
  assert.ok(sharesServers('sharedGitea()'));
  assert.ok(!sharesServers('startControlPlane()'));
  assert.ok(!sharesServers('sharedControlPlane(); startGitea()'));
  assert.ok(!sharesServers('no server at all'));
});

test('some files share, some do not, and what shares touches nothing that belongs to the whole cluster', () => {
  const shared = FILES.filter(({ text }) => sharesServers(text));
  assert.ok(shared.length >= 6 && FILES.length - shared.length >= 5, `${shared.length} of ${FILES.length} share`);
  for (const { file, text } of shared)
    assert.doesNotMatch(
      text,
      /clusterroles|customresourcedefinitions|webhookconfigurations|apiservices|\/nodes|SIGSTOP|SIGKILL/,
      `${file} changes what others see: let it start a control plane of its own`,
    );
});
