// What the seal of a review issue's body holds, and what it lets pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import canonicalize from 'canonicalize';
import { bodyStatement, isSealed, sealBody } from './body-mark.ts';

/** Not one for production: the statement itself, told in 64 hex digits. */
const prove = (body: string): string => {
  const text = canonicalize(bodyStatement(body)) ?? '';
  const sum = Array.from(text).reduce((so, char) => (so * 33n + BigInt(char.codePointAt(0) ?? 0)) % 2n ** 256n, 5n);
  return `hmac-sha256:${sum.toString(16).padStart(64, '0')}`;
};
const MARKER = 'blastgate-review p-1 sha256:aa';
const BODY = `# Plan\n\n- replicas 3 to 0\n\n\`\`\`bash\nkubectl scale deploy/web --replicas=0\n\`\`\`\n\n<!-- ${MARKER} -->\n`;
const SEALED = sealBody(BODY, prove);

const SAME: readonly (readonly [says: string, body: string])[] = [
  ['as it was written', SEALED],
  ['with the ends of lines of a browser', SEALED.replaceAll('\n', '\r\n')],
  ['without the end of its last line', SEALED.trimEnd()],
  ['with spaces at ends of lines', SEALED.replaceAll('\n', '  \n')],
  ['with tabs there, and the ends of lines of a browser', SEALED.replaceAll('\n', '\t \r\n')],
  ['with empty lines around it', `\n\n${SEALED}\n\n`],
];
for (const [says, body] of SAME)
  test(`a body ${says} is the gate's`, () => assert.equal(isSealed(body, MARKER, prove), true));

const hex = (char: string): string => (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
const other = 'blastgate-review p-2 sha256:bb';
const foreign = sealBody(`# harmless\n\n\`\`\`text\n<!-- ${MARKER} -->\n\`\`\`\n\n<!-- ${other} -->\n`, prove);
const CHANGED: readonly (readonly [says: string, body: string])[] = [
  ['with another word', SEALED.replace('3 to 0', '3 to 4')],
  ['with a line more', SEALED.replace('# Plan', '# Plan\n\nOnly a trial.')],
  ['with a line less', SEALED.replace('- replicas 3 to 0\n', '')],
  ['with words behind the mark', `${SEALED}\nAll of the above is a trial.`],
  ['with words between marker and mark', SEALED.replace(`${MARKER} -->`, `${MARKER} -->\nharmless`)],
  ['with another mark', SEALED.replace(/hmac-sha256:\w/, 'hmac-sha256:f')],
  ['without its mark', BODY],
  ['that is empty', ''],
  ['that is sealed, of another proposal that quotes the marker', foreign],
  ['with a second mark behind the first', sealBody(SEALED, prove)],
  ['with its lines joined', SEALED.replace('\n\n- replicas', ' - replicas')],
  ['with a lone carriage return, so that a block is none or has no lines', SEALED.replace('bash\n', 'bash\r')],
  ['with one before a fence', SEALED.replace('\n```bash', '\n\r```bash')],
  ...['\u00A0', '\u3000', '\uFEFF', '\u2028', '\v', '\f'].map(
    (space) =>
      [
        `with U+${hex(space)} behind a fence, so that it stays open`,
        SEALED.replace('\n```\n', `\n\`\`\`${space}\n`),
      ] as const,
  ),
  ['with its first line as code', `    ${SEALED}`],
  ['indented, so that a list becomes a code block', SEALED.replace('- replicas', '      - replicas')],
];
for (const [says, body] of CHANGED)
  test(`a body ${says} is not`, () => assert.equal(isSealed(body, MARKER, prove), false));

test('a body that somebody filled with a million spaces is still told from the sealed one', () => {
  assert.equal(isSealed(`${SEALED}${' '.repeat(1_000_000)}x`, MARKER, prove), false);
});
