// What containers, steps and scripts would run, variables filled in.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json, JsonObject } from '../../../model/json.ts';
import { UNKNOWN } from '../../shell/unknown.ts';
import { commandsOf } from './container.ts';

const env = (...pairs: readonly (readonly [string, Json])[]): Json =>
  pairs.map(([name, value]) => (typeof value === 'string' ? { name, value } : { name, valueFrom: value }));

/** A container, and the argvs it amounts to. */
const CONTAINERS: Readonly<Record<string, readonly [container: JsonObject, ...argvs: readonly (readonly string[])[]]>> =
  {
    'command and args': [{ command: ['a'], args: ['b'] }, ['a', 'b']],
    'args of an unknown program': [{ args: ['a'] }, ['a']],
    'args of a shell, or of a client': [{ args: ['-c', 'a'] }, ['sh', '-c', 'a'], ['entrypoint', '-c', 'a']],
    'args of kubectl': [{ image: 'bitnami/kubectl', args: ['get'] }, ['get'], ['kubectl', 'get']],
    'nothing to run': [{ image: 'a' }],
    'a line of text': [{ command: 'rm -rf /data' }, ['sh', '-c', 'rm -rf /data']],
    'a variable': [{ env: env(['A', 'x']), command: ['$(A)', 'b$(A)c'] }, ['x', 'bxc']],
    'the last value of a name': [{ env: env(['A', 'x'], ['A', 'y']), command: ['$(A)'] }, ['y']],
    'a variable of earlier ones': [
      { env: env(['A', 'x'], ['B', '$(A)$(C)'], ['C', 'z']), command: ['$(B)'] },
      [`x${UNKNOWN}`],
    ],
    'two dollars': [{ env: env(['A', 'x']), command: ['$$(A)', '$$$(A)', '$A'] }, ['$(A)', '$x', '$A']],
    'a value from elsewhere': [{ env: env(['A', { secretKeyRef: {} }]), command: ['$(A)'] }, [UNKNOWN]],
    'a name without a value': [{ command: ['$(A)'] }, [UNKNOWN]],
    'what a shell substitutes': [{ command: ['sh', '-c', '$(rm -rf /data)'] }, ['sh', '-c', '$(rm -rf /data)']],
    'hooks and probes': [
      {
        env: env(['A', 'x']),
        lifecycle: { preStop: { exec: { command: ['$(A)'] } } },
        livenessProbe: { exec: { command: ['b'] } },
      },
      ['x'],
      ['b'],
    ],
    'a script': [{ script: 'a\nb' }, ['sh', '-c', 'a\nb']],
    'a script for another program': [
      { script: '#!/usr/bin/env python3\na' },
      ['python3', '-c', '#!/usr/bin/env python3\na'],
    ],
    'a script for a shell by its path': [{ script: '#!/bin/bash -e\na' }, ['sh', '-c', '#!/bin/bash -e\na']],
    'a source for the command beside it': [{ command: ['python'], source: 'a' }, ['python', '-c', 'a']],
    'a source for a shell': [{ image: 'a', source: 'b' }, ['sh', '-c', 'b']],
    'one word of many behind the program of the image': [
      { args: ['kubectl get ns'] },
      ['entrypoint', 'kubectl get ns'],
    ],
    'a source of something else': [{ source: 'https://example.com' }],
  };

describe('what a container runs', () => {
  for (const [name, [container, ...argvs]] of Object.entries(CONTAINERS))
    test(name, () => assert.deepEqual(commandsOf(container), argvs));
});

test('variables that double one another stay small', () => {
  const doubling = Array.from({ length: 60 }, (_, at): readonly [string, Json] => [`A${at + 1}`, `$(A${at})$(A${at})`]);
  const [argv] = commandsOf({ env: env(['A0', 'xxxxxxxx'], ...doubling), command: ['$(A60)'] });
  assert.ok(argv !== undefined && (argv[0]?.length ?? 0) < 1_000_000);
});
