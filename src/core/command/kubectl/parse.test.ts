// How kubectl reads flags: tables of rules that a simpler reader gets wrong.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { RefusalCode } from '../../model/refusal.ts';
import { GRAMMAR } from './grammar.ts';
import type { Invocation } from './invocation.ts';
import { parseKubectl } from './parse.ts';

const parse = (line: string): Invocation => parseKubectl(line.split(' '));
const flagsOf = (it: Invocation): Record<string, readonly string[]> => Object.fromEntries(it.flags);
const codes = (it: Invocation): readonly RefusalCode[] => it.refusals.map(({ code }) => code);

interface Read {
  readonly flags?: Record<string, readonly string[]>;
  readonly args?: readonly string[];
  readonly dash?: number;
  readonly codes?: readonly RefusalCode[];
}

const READ: readonly (readonly [string, Read])[] = [
  ['delete pod x -n a', { flags: { namespace: ['a'] }, args: ['pod', 'x'] }],
  ['delete pod x --namespace a', { flags: { namespace: ['a'] }, args: ['pod', 'x'] }],
  ['delete pod x -n=a', { flags: { namespace: ['a'] } }],
  ['delete pod x -na', { flags: { namespace: ['a'] } }],
  ['delete pod x -n==a', { flags: { namespace: ['=a'] } }],
  ['delete pod x -n=', { flags: { namespace: ['='] } }],
  ['-n a delete pod x -n b', { flags: { namespace: ['a', 'b'] }, codes: ['conflicting-flags'] }],
  ['-n a delete pod x -n a', { flags: { namespace: ['a', 'a'] }, codes: [] }],
  ['get pods -Al app=x', { flags: { 'all-namespaces': ['true'], selector: ['app=x'] } }],
  ['get pods -Aowide', { flags: { 'all-namespaces': ['true'], output: ['wide'] } }],
  ['get pods -w=false', { flags: { watch: ['false'] } }],
  ['exec p -itc c1 -- ls', { flags: { stdin: ['true'], tty: ['true'], container: ['c1'] }, dash: 1 }],
  [
    'exec p -itcc1 -- ls -n x',
    { flags: { stdin: ['true'], tty: ['true'], container: ['c1'] }, args: ['p', 'ls', '-n', 'x'] },
  ],
  ['delete pod x --dry_run=client', { flags: { 'dry-run': ['client'] } }],
  ['get pods --all_namespaces', { flags: { 'all-namespaces': ['true'] } }],
  // a value flag takes whatever comes next, an optional or bool flag never does
  [
    'delete pod x --cache-dir --dry-run=client',
    { flags: { 'cache-dir': ['--dry-run=client'] }, codes: ['identity-flag'] },
  ],
  [
    'delete pod x --field-selector --dry-run=client',
    { flags: { 'field-selector': ['--dry-run=client'] }, codes: ['usage-error'] },
  ],
  ['delete pod x --cascade false', { flags: { cascade: ['background'] }, args: ['pod', 'x', 'false'] }],
  ['delete pod x --dry-run none', { flags: { 'dry-run': ['unchanged'] }, args: ['pod', 'x', 'none'] }],
  ['delete pod --all false', { flags: { all: ['true'] }, args: ['pod', 'false'], codes: ['usage-error'] }],
  ['delete pods --all=T', { flags: { all: ['true'] } }],
  ['delete pods x --all=0', { flags: { all: ['false'] }, codes: [] }],
  ['delete pods --all=yes', { codes: ['bad-flag-value', 'usage-error'] }],
  ['delete pod x --dry-run=Client', { codes: ['bad-flag-value'] }],
  ['delete pod x --dry-run=false', { flags: { 'dry-run': ['false'] }, codes: [] }],
  ['delete pod x --dry-run=client --dry-run=none', { codes: ['conflicting-flags'] }],
  // repeats add up for lists only
  ['delete -f a,b -f c', { flags: { filename: ['a', 'b', 'c'] } }],
  ['get pods -l a=b -l c=d', { flags: { selector: ['a=b', 'c=d'] }, codes: ['conflicting-flags'] }],
  ['create cm x --from-literal=a=b,c --from-literal=d=e', { flags: { 'from-literal': ['a=b,c', 'd=e'] } }],
  // numbers in Go's writing
  ['scale deploy x --replicas=0x0', { flags: { replicas: ['0'] } }],
  ['scale deploy x --replicas=0_0', { flags: { replicas: ['0'] } }],
  ['scale deploy x --replicas=010', { flags: { replicas: ['8'] } }],
  ['scale deploy x --replicas=3 --replicas=0x3', { codes: [] }],
  ['scale deploy x --replicas=two', { codes: ['bad-flag-value'] }],
  ['scale deploy x', { codes: ['usage-error'] }],
  // "--" ends flags; "-" is a word
  ['delete pod x -- --dry-run=client', { flags: {}, args: ['pod', 'x', '--dry-run=client'], dash: 2 }],
  ['apply -f -', { flags: { filename: ['-'] } }],
  // Go's test flags are passed over; other dashes are letters
  ['delete pod x -test.dry-run=client', { flags: {}, args: ['pod', 'x'], codes: [] }],
  ['delete pod x –dry-run=client', { args: ['pod', 'x', '–dry-run=client'] }],
  // one letter, several meanings
  ['logs p -f', { flags: { follow: ['true'] } }],
  ['logs p -p', { flags: { previous: ['true'] } }],
  ['patch pod p -p {}', { flags: { patch: ['{}'] } }],
  ['create rolebinding x --user=u --role=r', { flags: { user: ['u'], role: ['r'] }, codes: [] }],
  ['get pods --user=u', { codes: ['identity-flag'] }],
  // unknown
  ['delete pod x --frce', { codes: ['unknown-flag'] }],
  ['delete pod x -z', { codes: ['unknown-flag'] }],
  ['delete pod x ---', { codes: ['unknown-flag'] }],
  ['delete pod x --grace', { codes: ['unknown-flag'] }],
  ['delete pod x -n', { codes: ['bad-flag-value'] }],
  ['drain n --delete-local-data', { codes: ['unknown-flag'] }],
  ['run x --image=i --generator=run/v1', { codes: ['unknown-flag'] }],
  ['annotate pod x a=b --record', { codes: [] }],
  ['logs p --since=1h30m', { codes: [] }],
  ['logs p --since=soon', { codes: ['bad-flag-value'] }],
];

describe('the flags of an argv', () => {
  for (const [line, expected] of READ)
    test(`kubectl ${line}`, () => {
      const it = parse(line);
      if (expected.flags !== undefined) assert.deepEqual(flagsOf(it), expected.flags);
      if (expected.args !== undefined) assert.deepEqual(it.args, expected.args);
      if (expected.dash !== undefined) assert.equal(it.argsBeforeDash, expected.dash);
      if (expected.codes !== undefined) assert.deepEqual(codes(it), expected.codes);
    });

  test('a refusal speaks as kubectl speaks', () => {
    const said = (line: string): string | null => parse(line).refusals[0]?.about ?? null;
    assert.equal(said('delete pod x -zn'), "unknown shorthand flag: 'z' in -zn");
    assert.equal(said('delete pod x --frce=1'), 'unknown flag: --frce');
    assert.equal(said('delete pod x -n'), "flag needs an argument: 'n' in -n");
    assert.equal(
      said('delete pod x --all=maybe'),
      'invalid argument "maybe" for "--all" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    );
    assert.equal(said('gs x'), 'unknown command "gs" for "kubectl"');
    assert.equal(said('scale deploy/x'), 'required flag(s) "replicas" not set');
  });

  test('help asks for nothing else, but a wrong flag comes first', () => {
    assert.equal(parse('delete pod x -h').help, true);
    assert.equal(parse('delete --help=false pod x').help, false);
    assert.equal(parse('delete pod -- --help').help, false);
    assert.deepEqual(codes(parse('delete --help')), []);
    assert.deepEqual(codes(parse('delete --help --frce')), ['unknown-flag']);
  });

  test('an unknown word is no wrong value', () => {
    assert.deepEqual(codes(parse('scale deploy/x --replicas=\0')), []);
    assert.deepEqual(codes(parse('\0 pods')), ['unknown-word']);
  });

  test('an unknown word may be a flag: no dry run and no help is believed', () => {
    assert.deepEqual(codes(parse('delete pod x --dry-run=client \0')), ['unknown-flag']);
    assert.deepEqual(codes(parse('delete pod x --dry-run=client -n \0')), []);
    assert.deepEqual(codes(parse('delete pod x --dry-run=client -- \0')), []);
    assert.equal(parse('delete pod x --help \0').help, false);
  });
});

describe('any argv', () => {
  const verbs = GRAMMAR.map((line) => line.split('|')[0] ?? '');
  const word = fc.oneof(
    fc.constantFrom('-n', '--all', '-A', '--dry-run', '--', '-', '', '-l', 'pods', 'a/b', '-it', '--x', '-f', '\0'),
    fc.string({ maxLength: 8 }),
  );
  const argv = fc
    .tuple(fc.constantFrom(...verbs), fc.array(word, { maxLength: 8 }))
    .map(([verb, rest]) => [...verb.split(' '), ...rest]);

  test('gives an invocation', () => {
    fc.assert(fc.property(argv, (words) => parseKubectl(words) !== null));
  });

  test('means the same wherever the global flags stand', () => {
    fc.assert(
      fc.property(fc.constantFrom(...verbs.filter((verb) => verb !== '')), fc.nat(3), (verb, at) => {
        const path = verb.split(' ');
        const moved = [...path.slice(0, at), '-n', 'x', ...path.slice(at)];
        assert.deepEqual(parseKubectl(moved), parseKubectl([...path, '-n', 'x']));
      }),
    );
  });
});
