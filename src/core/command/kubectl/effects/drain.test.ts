// What of a drain's flags decides which pods go and how long it may take.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocuments } from '../../../../adapters/yaml/read-documents.ts';
import type { Change } from '../../../model/effect.ts';
import { understand } from '../../understand.ts';

const changeOf = (flags: string): Change | undefined =>
  understand(
    { kind: 'line', line: `kubectl drain n1 ${flags}` },
    { namespace: 'shop', files: new Map(), customResources: [], readDocuments },
  )
    .parts.flatMap(({ effects }) => effects)
    .find(({ resource }) => resource === 'pods')?.change;

const PLAIN = {
  to: 'eviction',
  force: false,
  ignoreDaemonSets: false,
  deletesEmptyDirData: false,
  gracePeriodSeconds: null,
  skipWaitSeconds: 0,
  timeoutSeconds: 600,
};

test('each flag has its place; what kubectl takes for no limit is the bound of the gate', () => {
  const table: readonly (readonly [string, object])[] = [
    ['', {}],
    ['--force', { force: true }],
    ['--ignore-daemonsets', { ignoreDaemonSets: true }],
    ['--delete-emptydir-data', { deletesEmptyDirData: true }],
    ['--grace-period=0', { gracePeriodSeconds: 0 }],
    ['--grace-period=-1', {}],
    ['--grace-period=30', { gracePeriodSeconds: 30 }],
    ['--skip-wait-for-delete-timeout=60', { skipWaitSeconds: 60 }],
    ['--timeout=0s', {}],
    ['--timeout=90s', { timeoutSeconds: 90 }],
    ['--timeout=1m30s', { timeoutSeconds: 90 }],
    ['--timeout=100ms', { timeoutSeconds: 1 }],
    ['--timeout=48h', { timeoutSeconds: 3600 }],
    ['--disable-eviction --force', { force: true }],
  ];
  for (const [flags, expected] of table) assert.deepEqual(changeOf(flags), { ...PLAIN, ...expected }, flags);
});

test("a dry run carries nothing out, and a value that is only known when it runs is nobody's to carry out", () => {
  for (const flags of ['--dry-run=server', '--timeout=$T']) assert.deepEqual(changeOf(flags), { to: 'other' }, flags);
});
