import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { memoryLog } from '../../test/fakes/log.ts';
import { memoryStore } from '../../test/fakes/store.ts';
import { setStage } from '../../test/support/memory-gate.ts';
import { DEFAULT_POLICY_DOCUMENT } from '../core/blast-radius/default-policy.ts';
import type { Log } from '../ports/log.ts';
import { type Notebook, noteFiles } from './note-files.ts';
import { loadPeople, watchPeople } from './people-file.ts';
import { PolicyUnusable, watchPolicy } from './policy-file.ts';
import { fileMeasures, fileNotes, type RuleFile, type WatchedFile } from './watched-file.ts';

const PEOPLE = 'people:\n  - { id: ana, name: Ana, rights: [approve] }\n';
const SHIPPED = readFileSync(new URL('../../policy/default.yaml', import.meta.url), 'utf8');
const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** A kind of file: two contents that can be told apart by one of their values, and one that cannot be used. */
interface Kind {
  readonly file: RuleFile;
  readonly one: string;
  readonly two: string;
  readonly broken: string;
  open(path: string, log: Log, onTaken: (digest: string) => void): Promise<() => string>;
  problems(): readonly string[];
}

const KINDS: readonly Kind[] = [
  (() => {
    let watched: WatchedFile<unknown> | null = null;
    return {
      file: 'people',
      one: PEOPLE,
      two: `${PEOPLE}  - { id: ben, name: Ben, rights: [approve] }\n`,
      broken: `${PEOPLE}  - nonsense\n`,
      open: async (path, log, onTaken) => {
        const people = watchPeople(path, log, onTaken);
        watched = people;
        return () =>
          people
            .now()
            .people.map(({ id }) => id)
            .join();
      },
      problems: () => watched?.problems() ?? [],
    } satisfies Kind;
  })(),
  (() => {
    let watched: WatchedFile<unknown> | null = null;
    return {
      file: 'policy',
      one: SHIPPED,
      two: SHIPPED.replace('writesAtOnce: 4', 'writesAtOnce: 2'),
      broken: `${SHIPPED}nonsense: true\n`,
      open: async (path, log, onTaken) => {
        const policy = await watchPolicy(
          path,
          log,
          () => [],
          (_, digest) => onTaken(digest),
        );
        watched = policy;
        return () => `${policy.now().writesAtOnce}`;
      },
      problems: () => watched?.problems() ?? [],
    } satisfies Kind;
  })(),
];

for (const kind of KINDS)
  suite(`the ${kind.file} file`, () => {
    const { one, two, broken, file } = kind;
    const begin = async () => {
      const folder = mkdtempSync(join(tmpdir(), 'rules-'));
      const path = join(folder, `${file}.yaml`);
      writeFileSync(path, one);
      const [log, told] = [memoryLog(), [] as string[]];
      const now = await kind.open(path, log, (digest) => told.push(digest));
      const said = (event: string) => log.lines.filter((line) => line.event === event).length;
      return { folder, path, log, told, now, said };
    };

    test('broken or missing it keeps the one of before and says so once; each that is taken is told once by its digest', async () => {
      const { folder, path, told, now, said } = await begin();
      try {
        const [first, before] = [now(), said(`${file}_unusable`)];
        writeFileSync(path, broken);
        assert.deepEqual([now(), now()], [first, first]);
        assert.equal(said(`${file}_unusable`) - before, 1);
        assert.ok(kind.problems().length > 0);
        rmSync(path);
        assert.equal(now(), first);
        writeFileSync(path, two);
        const second = now();
        assert.notEqual(second, first);
        assert.deepEqual(kind.problems(), []);
        assert.equal(said(`${file}_usable_again`), 1);
        writeFileSync(path, one);
        assert.equal(now(), first);
        assert.deepEqual(told, [one, two, one].map(sha256));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test('the same content again is the same, and is not told twice', async () => {
      const { folder, path, told, now } = await begin();
      try {
        const first = now();
        writeFileSync(path, broken);
        now();
        writeFileSync(path, one);
        assert.equal(now(), first);
        assert.deepEqual(told, [sha256(one)]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test('a mounted ConfigMap, whose link is moved to another folder, is read anew', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'rules-'));
      try {
        const path = join(folder, file);
        for (const [name, text] of [
          ['a', one],
          ['b', two],
        ] as const)
          writeFileSync(join(folder, name), text);
        symlinkSync(join(folder, 'a'), path);
        const now = await kind.open(path, memoryLog(), () => {});
        const first = now();
        symlinkSync(join(folder, 'b'), join(folder, 'next'));
        renameSync(join(folder, 'next'), path);
        assert.notEqual(now(), first);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

test('a policy that the gate could not hold is not taken while it runs, and it does not start with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    const path = join(folder, 'policy.yaml');
    writeFileSync(path, SHIPPED);
    const demand = (document: { readonly review?: unknown }) => (document.review === 'required' ? ['no forge'] : []);
    const log = memoryLog();
    const policy = await watchPolicy(path, log, demand, () => {});
    const before = policy.now();
    writeFileSync(path, SHIPPED.replace('review: off', 'review: required'));
    assert.equal(policy.now(), before);
    assert.deepEqual(policy.problems(), ['no forge']);
    await assert.rejects(
      watchPolicy(path, log, demand, () => {}),
      PolicyUnusable,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('without a file the built-in policy holds for good, and the trail says so', async () => {
  const told: string[] = [];
  const policy = await watchPolicy(
    null,
    memoryLog(),
    () => ['never asked'],
    (_, digest) => told.push(digest),
  );
  assert.equal(policy.now(), DEFAULT_POLICY_DOCUMENT);
  assert.deepEqual([told, policy.problems()], [['built-in'], []]);
});

test('what is wrong is a gauge of its own file, and a note of whoever looks at a ready gate', () => {
  const files = {
    people: { problems: () => [], digest: () => `sha256:${'a'.repeat(64)}` },
    policy: { problems: () => ['policy.yaml:1:1: wrong'], digest: () => 'built-in' },
  };
  const text = fileMeasures(files, { store: null, clusters: null });
  assert.match(text, /^blastgate_file_info\{file="people",digest="aaaaaaaaaaaa"\} 1$/m);
  assert.match(text, /^blastgate_file_info\{file="policy",digest="built-in"\} 1$/m);
  assert.doesNotMatch(text, /file="clusters"/);
  const shared = fileMeasures(files, { store: 'db.example:5432/blastgate', clusters: `sha256:${'c'.repeat(64)}` });
  assert.match(
    shared,
    /^blastgate_file_info\{file="clusters",digest="cccccccccccc",store="db\.example:5432\/blastgate"\} 1$/m,
  );
  const odd = fileMeasures(files, { store: '/run/"pg\\:5432/blastgate', clusters: null });
  assert.ok(odd.includes(',store="/run/\\"pg\\\\:5432/blastgate"} 1'), odd);
  assert.match(text, /^blastgate_file_unusable\{file="people"\} 0$/m);
  assert.match(text, /^blastgate_file_unusable\{file="policy"\} 1$/m);
  const notes = fileNotes(files);
  assert.equal(notes.length, 1);
  assert.match(notes.join(), /the policy file cannot be used: the one of before holds/);
  assert.doesNotMatch(notes.join(), /policy\.yaml/, 'whoever is nobody learns no more');
});

test('files that are read before there is a store are noted in their order once there is one', async () => {
  const [log, store, { clock }] = [memoryLog(), memoryStore(), setStage()];
  const opening = Promise.withResolvers<Notebook>();
  const note = noteFiles(opening.promise, log, 'policy');
  note('sha256:one');
  note('sha256:two');
  opening.resolve({ store, clock });
  for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate);
  const lines = await store.trail.lines(0, 10, new AbortController().signal);
  assert.deepEqual(
    lines.map(({ deed }) => (deed.kind === 'note' ? [deed.what, deed.about] : [deed.kind])),
    [
      ['policy-read', 'sha256:one'],
      ['policy-read', 'sha256:two'],
    ],
  );
  assert.equal(loadPeople(null).digest, '');
});
