// The law of the house: who may import whom, which packages, no clock or chance below the doors.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { filesUnder, ROOT, withoutComments } from './sources.ts';

interface Floor {
  /** Folder under src; the longest match owns a file. */
  readonly floor: string;
  /** Other floors whose files it may import. Its own are always allowed. */
  readonly mayImport: readonly string[];
  /** Packages and node: modules; `*` for any. */
  readonly packages: readonly string[];
  /** Words that may not stand in its code. */
  readonly forbids: readonly RegExp[];
}

const CLOCK_AND_CHANCE = [
  /\bDate\.now\b/,
  /\bnew Date\(\)/,
  /\bMath\.random\b/,
  /\bperformance\./,
  /\bcrypto\.random/,
  /\bset(Timeout|Interval|Immediate)\b/,
];
const IO = [/\bprocess\./, /\bfetch\(/, /\bconsole\./];

/** The rooms of core from the ground up: each may import those before it. */
const ROOMS = [
  'core/model',
  'core/action',
  'core/impact',
  'core/blast-radius',
  'core/decision',
  'core/sealed-spec',
  'core/approval',
  'core/remediation',
  'core/text',
  'core/evaluation',
  'core/replay',
];
const PURE = [...CLOCK_AND_CHANCE, ...IO];
/** Rooms with a package of their own. */
const SUPPLIED: readonly { readonly room: string; readonly of: string; readonly packages: readonly string[] }[] = [
  { room: 'core/command/shell', of: 'core/command', packages: ['unbash'] },
  { room: 'core/command/kubectl/effects/name-hash.ts', of: 'core/command', packages: ['@noble/hashes'] },
  { room: 'core/decision/freeze-window.ts', of: 'core/decision', packages: ['croner'] },
  { room: 'core/sealed-spec/canonical-json.ts', of: 'core/sealed-spec', packages: ['canonicalize'] },
  { room: 'core/sealed-spec/seal.ts', of: 'core/sealed-spec', packages: ['@noble/hashes'] },
];
const OF_COMMAND = SUPPLIED.filter(({ of }) => of === 'core/command').map(({ room }) => room);
const ALL_OF_CORE = [...ROOMS, 'core/command', 'core/request', ...SUPPLIED.map(({ room }) => room)];

const INNER = ['flow', 'ports', ...ALL_OF_CORE];
/** Adapters that open nothing: text, or a line, becomes a value. Any door may use them; what opens a peer is wired. */
const READERS = [
  'adapters/yaml',
  'adapters/request-body',
  'adapters/policy',
  'adapters/people',
  'adapters/clusters',
  'adapters/audit-log',
  'adapters/store/chain.ts',
  'adapters/system/keyed-hash.ts',
  'adapters/system/log.ts',
];
const ADAPTERS = ['adapters', ...READERS];
/** What the composition root alone may import: one file a wing, which opens that wing's adapter (house rule 10). */
const WINGS = [
  'doors/open-cluster.ts',
  'doors/open-share.ts',
  'doors/open-upstream.ts',
  'doors/open-proxy.ts',
  'doors/open-store.ts',
  'doors/open-forge.ts',
  'doors/open-chat.ts',
  'doors/open-admission.ts',
  'doors/open-login.ts',
  'doors/open-traces.ts',
];

/** The doors: what each may import beside its own files and the floors of INNER. */
const DOORS: { readonly [floor: string]: readonly string[] } = {
  doors: [
    'doors/http',
    'doors/admission',
    'doors/proxy',
    'doors/terminal',
    'doors/cli',
    'doors/demo',
    'doors/mcp',
    ...READERS,
  ],
  'doors/compose.ts': [
    'doors',
    'doors/compose',
    'doors/open-peers.ts',
    'doors/http',
    'doors/open-chat.ts',
    ...ADAPTERS,
  ],
  // Its parts open nothing but by the wings.
  'doors/compose': ['doors', 'doors/open-peers.ts', 'doors/http', 'doors/mcp', ...WINGS, ...READERS],
  'doors/open-peers.ts': ['doors', ...WINGS, ...ADAPTERS],
  ...Object.fromEntries(WINGS.map((wing) => [wing, ['doors', ...ADAPTERS]])),
  'doors/open-share.ts': ['doors', 'doors/open-cluster.ts', ...ADAPTERS],
  // It opens a listener with what two wings give it.
  'doors/open-proxy.ts': ['doors', 'doors/proxy', 'doors/open-upstream.ts', ...ADAPTERS],
  'doors/open-admission.ts': ['doors', 'doors/admission', ...ADAPTERS],
  'doors/admission': ['doors'],
  'doors/http': ['doors', 'adapters/store/chain.ts'],
  'doors/mcp': ['doors', 'doors/http', 'doors/terminal', ...READERS],
  'doors/proxy': ['doors'],
  'doors/terminal': ['doors'],
  'doors/cli': [
    'doors',
    'doors/terminal',
    'doors/compose.ts',
    'doors/compose',
    'doors/open-peers.ts',
    'sandbox',
    ...READERS,
  ],
  'doors/demo': ['doors', 'doors/terminal', 'doors/compose.ts', 'doors/compose', 'sandbox'],
};

/** One row a floor; whatever no row allows is forbidden. */
const LAW: readonly Floor[] = [
  ...ROOMS.map((floor, at): Floor => {
    const below = ROOMS.slice(0, at);
    const supplied = SUPPLIED.filter(({ of }) => of === floor || below.includes(of)).map(({ room }) => room);
    return { floor, mayImport: [...below, ...supplied], packages: [], forbids: PURE };
  }),
  // Text becomes effects here; nothing else in core may import it: what judges reads effects (docs/decisions/0002).
  {
    floor: 'core/command',
    mayImport: ['core/model', ...OF_COMMAND],
    packages: [],
    forbids: PURE,
  },
  // So do requests to the API: their paths and bodies are read as those of commands. Nothing else in core may import it either.
  { floor: 'core/request', mayImport: ['core/model', 'core/command', ...OF_COMMAND], packages: [], forbids: PURE },
  ...SUPPLIED.map(({ room, of, packages }, at): Floor => {
    const above = SUPPLIED.slice(0, at).filter((one) => one.of === of);
    return { floor: room, mayImport: [of, 'core/model', ...above.map((one) => one.room)], packages, forbids: PURE };
  }),
  { floor: 'ports', mayImport: ALL_OF_CORE, packages: [], forbids: PURE },
  { floor: 'flow', mayImport: ['ports', ...ALL_OF_CORE], packages: [], forbids: PURE },
  ...ADAPTERS.map((floor): Floor => {
    const mayImport = ['ports', ...ALL_OF_CORE, ...ADAPTERS.filter((other) => other !== floor)];
    return { floor, mayImport, packages: ['*'], forbids: [] };
  }),
  ...Object.entries(DOORS).map(
    ([floor, more]): Floor => ({ floor, mayImport: [...more, ...INNER], packages: ['*'], forbids: [] }),
  ),
  { floor: 'sandbox', mayImport: [], packages: ['*'], forbids: [] },
];

/** Doors that may reach into the sandbox: the demo and the door that runs the sandbox alone. */
const SANDBOX_GUESTS = /^doors\/(demo\/|cli\/.*sandbox)/;

/** Nothing of the house starts a program or a shell; only the ends of its own threads may know of threads. */
const PROCESS_MODULES = new Set(['child_process', 'cluster', 'vm', 'worker_threads']);
/** Files that may start a thread, or are one: of our own code, never of a text. */
const THREADS = new Set([
  'adapters/store/sqlite/thread.ts',
  'adapters/store/sqlite/thread-entry.ts',
  'adapters/judging/open-thread.ts',
  'adapters/judging/judging-thread.ts',
]);

const floorOf = (path: string): Floor | undefined =>
  LAW.filter(({ floor }) => path === floor || path.startsWith(`${floor}/`)).sort(
    (a, b) => b.floor.length - a.floor.length,
  )[0];

const IMPORT =
  /(?:^|[\n;])\s*(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|[\n;])\s*import\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]/g;
const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(IMPORT)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');

/** What one file breaks, as sentences. */
const broken = (path: string, text: string): readonly string[] => {
  const own = floorOf(path);
  if (own === undefined) return [`${path}: stands on no floor of the law`];
  const isTest = path.endsWith('.test.ts');
  const complaints: string[] = [];
  for (const name of importsOf(text)) {
    if (name.startsWith('.')) {
      if (!name.endsWith('.ts') && !name.endsWith('.json')) complaints.push(`${path}: imports ${name} without .ts`);
      const target = relative(join(ROOT, 'src'), resolve(ROOT, 'src', dirname(path), name));
      const other = floorOf(target);
      if (other === undefined) {
        if (!isTest) complaints.push(`${path}: imports ${target}, which stands on no floor`);
      } else if (other !== own && !isTest) {
        const guest = other.floor === 'sandbox' && !SANDBOX_GUESTS.test(path);
        if (!own.mayImport.includes(other.floor) || guest) {
          complaints.push(`${path}: ${own.floor} may not import ${other.floor} (${target})`);
        }
      }
      continue;
    }
    if (isTest) continue;
    const bare = name.replace(/^node:/, '');
    const isNode = name.startsWith('node:') || builtinModules.includes(name);
    const packageName = name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : (name.split('/')[0] ?? name);
    if (isNode && PROCESS_MODULES.has(bare) && !(bare === 'worker_threads' && THREADS.has(path)))
      complaints.push(`${path}: reaches for ${name}; nothing of the gate starts programs`);
    if (!own.packages.includes('*') && !own.packages.includes(packageName))
      complaints.push(`${path}: ${own.floor} may not use the package ${name}`);
  }
  if (!isTest) {
    const code = withoutComments(text);
    for (const word of own.forbids)
      if (word.test(code)) complaints.push(`${path}: ${own.floor} may not say ${word.source}`);
    if (!/^(#!.*\n)?\/\/ \S/.test(text))
      complaints.push(`${path}: its first line must say what goes in and what comes out`);
  }
  if (/(^|\/)(utils?|helpers?|common|lib|shared)(\/|\.ts$)/.test(path)) complaints.push(`${path}: names nothing`);
  return complaints;
};

test('every file of the house keeps the law', () => {
  const files = filesUnder('src').map((path) => ({ path, text: readFileSync(join(ROOT, 'src', path), 'utf8') }));
  assert.ok(files.length > 30, `only ${files.length} files were found: the law slept`);
  const imports = files.flatMap(({ text }) => importsOf(text));
  assert.ok(imports.length > 50, `only ${imports.length} imports were found: the law slept`);
  assert.deepEqual(
    files.flatMap(({ path, text }) => broken(path, text)),
    [],
  );
});

test('every row of the law speaks of what is there', () => {
  for (const { floor } of LAW) assert.ok(existsSync(join(ROOT, 'src', floor)), floor);
});

test('the law is awake: each kind of breach is found', () => {
  const first = '// A file.\n';
  const breaches: readonly (readonly [path: string, text: string])[] = [
    ['core/model/x.ts', `${first}import { a } from '../../ports/clock.ts';`],
    ['core/blast-radius/x.ts', `${first}import { a } from '../command/understand.ts';`],
    ['core/command/x.ts', `${first}import { a } from '../request/understand-request.ts';`],
    ['core/action/x.ts', `${first}import { a } from '../request/understand-request.ts';`],
    ['core/model/x.ts', `${first}import { a } from '../text/describe.ts';`],
    ['core/x.ts', first],
    ['core/model/x.ts', `${first}import { readFileSync } from 'node:fs';`],
    ['core/model/x.ts', `${first}import { parse } from 'unbash';`],
    ['core/model/x.ts', `${first}export const t = Date.now();`],
    ['core/model/x.ts', `${first}export const t = Math.random();`],
    ['flow/x.ts', `${first}import { a } from '../adapters/system/clock.ts';`],
    ['flow/x.ts', `${first}setTimeout(() => {}, 1);`],
    ['adapters/x.ts', `${first}import { a } from '../flow/propose.ts';`],
    ['adapters/x.ts', `${first}import { spawn } from 'node:child_process';`],
    ['adapters/judging/x.ts', `${first}import { Worker } from 'node:worker_threads';`],
    ['adapters/judging/open-thread.ts', `${first}import { spawn } from 'node:child_process';`],
    ['doors/http/x.ts', `${first}import { a } from '../../adapters/judging/open-judging.ts';`],
    ['doors/http/x.ts', `${first}import { a } from '../../sandbox/cluster/http.ts';`],
    ['doors/cli/x.ts', `${first}import { a } from '../demo/tell.ts';`],
    ['doors/demo/x.ts', `${first}import { a } from '../cli/main.ts';`],
    ['doors/cli/commands/x.ts', `${first}const { a } = await import('../../../adapters/cluster/client.ts');`],
    ['doors/cli/commands/x.ts', `${first}import type { A } from '../../../adapters/cluster/client.ts';`],
    ['doors/cli/commands/x.ts', `${first}import { a } from '../../open-store.ts';`],
    ['doors/http/x.ts', `${first}import { a } from '../../adapters/system/clock.ts';`],
    ['doors/settings.ts', `${first}import { a } from '../adapters/store/sqlite/open.ts';`],
    ['doors/x.ts', `${first}import { a } from './open-chat.ts';`],
    ['doors/x.ts', `${first}import { a } from './open-peers.ts';`],
    ['doors/compose/x.ts', `${first}import { a } from '../../adapters/system/clock.ts';`],
    ['doors/demo/x.ts', `${first}import { a } from '../open-peers.ts';`],
    ['sandbox/x.ts', `${first}import { a } from '../core/model/effect.ts';`],
    ['ports/x.ts', `${first}import { a } from '../flow/propose.ts';`],
    ['core/model/utils/x.ts', first],
    ['core/model/x.ts', 'export const x = 1;'],
    ['core/model/x.ts', `${first}import { a } from './effect';`],
    ['attic/x.ts', first],
  ];
  for (const [path, text] of breaches) assert.notDeepEqual(broken(path, text), [], `${path}: ${text}`);
  assert.deepEqual(broken('core/model/x.ts', `${first}import { a } from './effect.ts'; // not Date.now()`), []);
});
