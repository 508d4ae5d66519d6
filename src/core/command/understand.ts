// A proposed command, an argv or a line of text, becomes what it would do. It must never score, permit or run anything.

import { type Command, newReadingBudget, type Surroundings } from '../model/command.ts';
import type { Understanding } from '../model/understanding.ts';
import { type Findings, newBudget, opaquePart, refuse } from './findings.ts';
import { readPlain, readSimple } from './shell/plain.ts';
import { quoteArgv } from './shell/quote.ts';
import { readLine, TANGLED } from './shell/read-line.ts';
import { argvCommand, isKubectlAlone, understandAlone, understandCommand } from './understand-program.ts';

/** The largest command that is read, in bytes of UTF-8 (scoring section 9). */
const LARGEST = 64 * 1024;

const bytesOf = (text: string): number => {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) bytes += code >= 0x800 ? 2 : 1;
    if (code >= 0xd800 && code <= 0xdbff) bytes--; // a pair is four bytes
    if (code >= 0xdc00 && code <= 0xdfff) bytes--;
  }
  return bytes;
};

const isTooLarge = (texts: readonly string[]): boolean => {
  let letters = 0;
  for (const text of texts) letters += text.length + 1;
  if (letters * 3 <= LARGEST) return false;
  return letters > LARGEST || texts.reduce((sum, text) => sum + bytesOf(text) + 1, 0) > LARGEST + 1;
};

/** All texts of one command are read within one budget, however often it names them. */
const withinBudget = (surroundings: Surroundings): Surroundings => {
  const budget = newReadingBudget();
  return { ...surroundings, readDocuments: (text, as) => surroundings.readDocuments(text, as, budget) };
};

const startFindings = (surroundings: Surroundings, functions: ReadonlySet<string>): Findings => ({
  surroundings: withinBudget(surroundings),
  parts: [],
  refusals: [],
  functions,
  budget: newBudget(),
  depth: 0,
});

const NO_FUNCTIONS: ReadonlySet<string> = new Set();

const done = (command: string, { parts, refusals }: Findings): Understanding => ({ command, parts, refusals });

const tooLarge = (command: string): Understanding => ({
  command,
  parts: [{ ...opaquePart('the command is larger than 64 KiB', 'dual'), undecided: true }],
  refusals: [{ code: 'too-large', about: null }],
});

const nothingSaid = (command: string): Understanding => ({
  command,
  parts: [opaquePart('there is no command', 'human')],
  refusals: [{ code: 'empty-command', about: null }],
});

/** `command`: the words quoted for a shell. */
const understandWords = (command: string, words: readonly string[], surroundings: Surroundings): Understanding => {
  const findings = startFindings(surroundings, NO_FUNCTIONS);
  if (isKubectlAlone(words)) understandAlone(findings, words);
  else if (words.every((word) => word === '')) return nothingSaid(command);
  else understandCommand(findings, argvCommand(words));
  return done(command, findings);
};

const understandArgv = (argv: readonly string[], surroundings: Surroundings): Understanding => {
  const command = quoteArgv(argv);
  return isTooLarge(argv) ? tooLarge(command) : understandWords(command, argv, surroundings);
};

/** Where the grammar gives up, the words between separators are judged as they stand: that can only add. */
const understandTokens = (findings: Findings, line: string): void => {
  for (const piece of line.split(/[;&|\n()`]+/).slice(0, 64)) {
    const words = piece
      .replace(/["'\\]/g, '')
      .split(/\s+/)
      .filter((word) => word !== '');
    if (words.length === 0) continue;
    const inner: Findings = { ...findings, parts: [], refusals: [] };
    understandCommand(inner, argvCommand(['unreadable', ...words]));
    findings.parts.push(...inner.parts.filter((part) => part.destroys.length > 0 || part.effects.length > 0));
  }
};

const understandLine = (text: string, surroundings: Surroundings): Understanding => {
  if (isTooLarge([text])) return tooLarge(text);
  const simple = readSimple(text);
  if (simple !== null) return understandWords(text, simple, surroundings);
  const plain = readPlain(text);
  if (plain !== null) return plain.length === 0 ? nothingSaid(text) : understandArgv(plain, surroundings);
  const line = readLine(text);
  const findings = startFindings(surroundings, line.functions);
  refuse(findings, 'shell-syntax', null);
  for (const command of line.commands) understandCommand(findings, command);
  if (line.unreadable !== null) {
    refuse(findings, 'unreadable-line', line.unreadable);
    const hidden = line.unreadable === TANGLED;
    findings.parts.push({
      ...opaquePart('the line cannot be read as shell', hidden ? 'dual' : 'human'),
      undecided: hidden,
    });
    understandTokens(findings, text);
  }
  return done(text, findings);
};

/**
 * What a command would do, part by part, and why it is not executable where it is not (scoring sections 1 and 8).
 * Total: any argv and any text gives an answer, in time linear in its length. A line of plain and quoted words is
 * understood exactly as the argv that it stands for.
 */
export const understand = (command: Command, surroundings: Surroundings): Understanding =>
  command.as === 'argv' ? understandArgv(command.argv, surroundings) : understandLine(command.line, surroundings);
