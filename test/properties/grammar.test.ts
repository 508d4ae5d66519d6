// The properties of scoring section 9 over every command and flag of kubectl's grammar.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import type { BlastRadius } from '../../src/core/blast-radius/blast-radius.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { type CommandNode, KUBECTL } from '../../src/core/command/kubectl/commands.ts';
import { quoteArgv } from '../../src/core/command/shell/quote.ts';
import { understand } from '../../src/core/command/understand.ts';
import type { TextCommand } from '../../src/core/model/command.ts';
import { TIERS } from '../../src/core/model/tier.ts';
import { FILES, WORDS_OF } from '../generators/kubectl-arguments.ts';
import { DRAWN, kubectlArgv } from '../generators/kubectl-argv.ts';

const around = { namespace: 'default', files: FILES, customResources: [], readDocuments };
const judge = (command: TextCommand): BlastRadius => score(understand(command, around), null, DEFAULT_POLICY);
const argv = (words: readonly string[]): BlastRadius => judge({ kind: 'argv', argv: ['kubectl', ...words] });
const line = (text: string): BlastRadius => judge({ kind: 'line', line: text });

const rank = ({ tier }: BlastRadius): number => TIERS.indexOf(tier);
const verdict = ({ score: points, tier, action, executable, dryRun }: BlastRadius): readonly unknown[] => [
  points,
  tier,
  action,
  executable,
  dryRun,
];
const notBelow = (one: BlastRadius, other: BlastRadius, why: string): void => {
  assert.ok(
    rank(other) >= rank(one) && (other.score ?? 100) >= (one.score ?? 0),
    `${why}: ${one.score} ${other.score}`,
  );
};

/** The words with more of them in front of "--". */
const withFlag = (words: readonly string[], ...more: readonly string[]): readonly string[] => {
  const dash = words.indexOf('--');
  return dash < 0 ? [...words, ...more] : [...words.slice(0, dash), ...more, ...words.slice(dash)];
};

suite('every command of the grammar', () => {
  test('is drawn, but for groups, local files and those that print', () => {
    const all = (command: CommandNode): readonly CommandNode[] => [
      command,
      ...[...new Set(command.children.values())].flatMap(all),
    ];
    const silent =
      /^(?:config|kuberc|completion|options|help|plugin|alpha|create secret tls|apply edit-last-applied|proxy)\b/;
    const left = all(KUBECTL)
      .filter(({ key, children }) => key !== '' && !WORDS_OF.has(key) && !silent.test(key) && children.size === 0)
      .map(({ key }) => key);
    assert.deepEqual(left, []);
    assert.ok(DRAWN.length > 70, `only ${DRAWN.length}`);
  });

  test('gets one answer, as an argv and as a line, whose reasons add up', () => {
    fc.assert(
      fc.property(kubectlArgv, (words) => {
        const answer = argv(words);
        assert.notEqual(answer.score, null);
        assert.equal(
          answer.reasons.reduce((sum, { points }) => sum + points, 0),
          answer.score,
        );
        assert.equal(answer.tier === 'blocked', answer.hardRule !== null);
        assert.deepEqual(line(quoteArgv(['kubectl', ...words])), answer);
      }),
      { numRuns: 3000 },
    );
  });

  test('is never less behind a wrapper, on a longer line or in another shell, and never executable there', () => {
    const around_ = fc.constantFrom<(text: string) => string>(
      (text) => `sudo ${text}`,
      (text) => `env A=b nice ${text}`,
      (text) => `/usr/bin/${text}`,
      (text) => `true && ${text}`,
      (text) => `( ${text} )`,
      (text) => `if true; then ${text}; fi`,
      (text) => `echo "$(${text})"`,
      (text) => `bash -c ${quoteArgv([text])}`,
      (text) => `strace -f ${text}`,
    );
    fc.assert(
      fc.property(kubectlArgv, around_, (words, wrap) => {
        const text = quoteArgv(['kubectl', ...words]);
        const [plain, wrapped] = [line(text), line(wrap(text))];
        // a read behind a program that nobody knows is that program's affair
        notBelow(plain, wrapped, wrap(text));
        assert.equal(wrapped.executable, false, wrap(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('means the same wherever its namespace stands', () => {
    fc.assert(
      fc.property(kubectlArgv, (words) => {
        if (words.some((word) => word.startsWith('-n') || word.startsWith('--namespace'))) return;
        const answers = [
          ['-n', 'shop', ...words],
          ['--namespace=shop', ...words],
          withFlag(words, '-nshop'),
          withFlag(words, '--namespace', 'shop'),
        ].map((each) => verdict(argv(each)));
        for (const other of answers) assert.deepEqual(other, answers[0], words.join(' '));
      }),
      { numRuns: 1500 },
    );
  });

  test('is the same with --dry-run=none, and does nothing with --help', () => {
    fc.assert(
      fc.property(kubectlArgv, (words) => {
        if (words.some((word) => /^--dry[-_]run|^-h$|^--help/.test(word))) return;
        const command = DRAWN.find(({ path }) => path.every((word, at) => words[at] === word));
        if (command?.supportsDryRun === true)
          assert.equal(argv(withFlag(words, '--dry-run=none')).score, argv(words).score, words.join(' '));
        const help = argv(withFlag(words, '--help'));
        assert.deepEqual([help.score, help.effects], [0, []], words.join(' '));
      }),
      { numRuns: 1500 },
    );
  });
});

suite('what is protected stays so, whatever else the command says', () => {
  const kind = fc.constantFrom(
    'ns',
    'Namespaces',
    'pv',
    'PersistentVolume.v1.',
    'pvc',
    'clusterrole',
    'cm,ns',
    'pods,pvc',
  );
  const deleting = KUBECTL.children.get('delete');
  const noise = [...(deleting?.flags.values() ?? []), ...KUBECTL.flags.values()]
    .filter(({ name }) => !['dry-run', 'help', 'raw', 'filename', 'kustomize'].includes(name))
    .map(({ name, noOptDefault }) => (noOptDefault === '' ? `--${name}=x` : `--${name}`));
  test('deletion of a Namespace, volume, claim or ClusterRole', () => {
    fc.assert(
      fc.property(kind, fc.uniqueArray(fc.constantFrom(...noise), { maxLength: 4 }), fc.nat(4), (what, flags, at) => {
        const words = ['delete', what, 'x'];
        words.splice(Math.min(at + 1, words.length), 0, ...flags);
        assert.equal(argv(words).tier, 'blocked', words.join(' '));
      }),
      { numRuns: 1500 },
    );
  });
});
