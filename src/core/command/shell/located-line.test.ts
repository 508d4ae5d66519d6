// The words of a line where they stand: the same words as a shell reads, and what is cut at their places is those words alone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { locateArgv, locateLine } from './located-line.ts';
import { alignTo, type LocatedText, locatedAt, placeOf } from './located-text.ts';
import { quoteArgv } from './quote.ts';
import { readLine } from './read-line.ts';

const words = fc.array(
  fc.oneof(fc.constantFrom('kubectl', '--a=b', '-n', "it's", 'a b', 'x\ny', '{"a":1}'), fc.string()),
  {
    minLength: 1,
    maxLength: 8,
  },
);

const rawOf = (line: string, word: LocatedText): string => {
  const place = placeOf(word);
  return place === null ? '' : line.slice(place.from, place.to);
};

describe('located words', () => {
  test('of an argv are its words, and stand where they are quoted', () => {
    fc.assert(
      fc.property(words, (argv) => {
        const line = quoteArgv(argv);
        const located = locateArgv(line);
        assert.deepEqual(
          located?.map(({ text }) => text),
          argv,
        );
        for (const word of located ?? []) if (!word.text.includes("'")) assert.equal(rawOf(line, word), word.text);
      }),
    );
  });

  test('of a line are those that the shell reads', () => {
    for (const line of [
      'kubectl get pods -n shop | grep "a b" && echo done',
      `sh -c 'kubectl delete ns x' "it's" a\\ b $'x\\ty'`,
      'for i in 1 2; do kubectl get pods; done',
      'if true; then kubectl scale deploy/web --replicas=0; fi',
      'echo "a \\"b\\" c" <<< "x y"',
      'kubectl apply -f - <<EOF\nkind: Pod\nEOF',
    ]) {
      const located = locateLine(locatedAt(line, 0));
      assert.ok(located.isReadable, line);
      const found = located.commands.filter((command) => command.words.length > 0);
      assert.deepEqual(
        found.map((command) => command.words.map(({ text }) => text)),
        readLine(line).commands.map((command) => command.words.map(({ text }) => text)),
        line,
      );
    }
  });

  test('in substitutions stand where they are written', () => {
    const line = 'kubectl get $(echo "a b") <(cat c) "$(printf d)"';
    const { commands } = locateLine(locatedAt(line, 0));
    const raw = commands.flatMap(({ words: all }) => all.map((word) => rawOf(line, word)));
    for (const word of ['a b', 'c', 'd', 'echo', 'printf']) assert.ok(raw.includes(word), word);
  });

  test('of what does not close are not vouched for', () => {
    for (const line of ["a 'b", 'a "b', 'a $(b', 'cat <<EOF\na\n', 'if a; then b'])
      assert.equal(locateLine(locatedAt(line, 0)).isReadable, false, line);
  });
});

describe('a value and the raw text that spells it', () => {
  const aligned = (raw: string, value: string, part: string): string => {
    const located = alignTo(locatedAt(raw, 0), value);
    const from = value.indexOf(part);
    const place = placeOf(located, from, from + part.length);
    return place === null ? '' : raw.slice(place.from, place.to);
  };

  test('are told apart letter by letter through escapes, indentation and folded lines', () => {
    assert.equal(aligned('a\\"b\\"c', 'a"b"c', 'b'), 'b');
    assert.equal(aligned('\\u0061b', 'ab', 'a'), '\\u0061');
    assert.equal(aligned('  one\n  two\n', 'one\ntwo\n', 'two'), 'two');
    assert.equal(aligned('one\n  two', 'one two', 'two'), 'two');
    assert.equal(aligned("it''s", "it's", "'"), "''");
  });

  test('where they do not agree, all of it stands for each part', () => {
    assert.equal(aligned('xyz', 'other', 'the'), 'xyz');
  });
});
