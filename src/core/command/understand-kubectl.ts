// The words of one kubectl command become its part, the commands nested in it, and what it leaves for later ones.
import type { TextCommand as Proposed, Surroundings } from '../model/command.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Part } from '../model/understanding.ts';
import type { CommandEffects } from './kubectl/effects/effect-builder.ts';
import { namesPrinted } from './kubectl/effects/printed.ts';
import { effectsOfInvocation, readsNoNested } from './kubectl/effects.ts';
import type { Invocation } from './kubectl/invocation.ts';
import { fromOc } from './kubectl/oc.ts';
import { parseKubectl } from './kubectl/parse.ts';
import { readThroughUnknown } from './read-through-unknown.ts';
import { NOT_KNOWN, type Printed } from './shell/prints.ts';
import { baseName, isKubectl, steersKubectl } from './shell/programs.ts';
import { commandFlags, scriptsInWords } from './shell/runners.ts';
import { argvCommand, innerCommand, type SimpleCommand } from './shell/simple-command.ts';
import { isUnknown, mayBringFlags, UNKNOWN } from './shell/unknown.ts';
import { wordOf } from './shell/words.ts';
import { opaquePart, refuse, type UnderstandingBuilder } from './understanding-builder.ts';

/** Texts inside texts, such as sh -c "sh -c '…'". */
export const DEEPEST = 8;

/** Reads a nested command or script; given by the caller, since reading those leads back to here. */
export interface NestedReading {
  readonly program: (builder: UnderstandingBuilder, command: SimpleCommand) => void;
  readonly script: (builder: UnderstandingBuilder, script: string, input: Printed) => void;
}

/** What is not read any more could be anything. */
export const TOO_MUCH: Part = { ...opaquePart('commands are nested too deep, or too many', 'dual'), undecided: true };

/** What runs in a container: kept only for what it destroys and what it asks of a cluster; exec itself is scored. */
const inContainer = (
  builder: UnderstandingBuilder,
  understand: (inner: UnderstandingBuilder) => void,
): readonly Part[] => {
  builder.budget.nested -= 1;
  if (builder.depth >= DEEPEST || builder.budget.nested < 0) return [TOO_MUCH];
  const inner: UnderstandingBuilder = {
    ...builder,
    parts: [],
    refusals: [],
    depth: builder.depth + 1,
    where: 'container',
    context: { switched: false },
  };
  understand(inner);
  return inner.parts.filter((part) => part.destructions.length > 0 || part.effects.length > 0 || part.undecided);
};

/** A command that runs in a container, as parts; what is nested too deep, or too much of it, is undecided. */
export function understandNested(
  builder: UnderstandingBuilder,
  read: NestedReading,
  proposed: Proposed,
): readonly Part[] {
  return inContainer(builder, (inner) => {
    if (proposed.kind === 'argv') read.program(inner, argvCommand(proposed.argv));
    else read.script(inner, proposed.line, NOT_KNOWN);
  });
}

/** The command in a container that reads a text of the line as its input. */
const containerInput = (
  builder: UnderstandingBuilder,
  read: NestedReading,
  invocation: Invocation,
  fed: readonly string[],
): readonly Part[] => {
  if (fed.length === 0 || !/^(?:exec|run|debug)$/.test(invocation.path[0] ?? '')) return [];
  const words = invocation.args.slice(invocation.argsBeforeDash ?? 1).map(wordOf);
  const program = words.length > 0 ? words : [wordOf('sh')];
  return inContainer(builder, (inner) => read.program(inner, innerCommand(program, { fed, piped: 'later' })));
};

/** What a plugin may run: the words behind "--", the values of -c and --command, a quoted word that begins so. */
const nestedInPlugin = (
  builder: UnderstandingBuilder,
  read: NestedReading,
  argv: readonly string[],
): readonly Part[] => {
  const dash = argv.indexOf('--');
  const behind = dash < 0 ? [] : argv.slice(dash + 1);
  const scripts = [...new Set([...commandFlags(argv), ...scriptsInWords(argv)])];
  return inContainer(builder, (inner) => {
    if (behind.length > 0) read.program(inner, argvCommand(behind));
    for (const script of scripts) read.script(inner, script, NOT_KNOWN);
  });
};

/**
 * What a kubectl with an effective dry run prints in front of the pipe: the objects that this one reads from "-". Of a
 * deletion the names are enough.
 */
const printedBefore = (builder: UnderstandingBuilder, { source, piped }: SimpleCommand, key: string): string | null => {
  const [program, ...words] = source;
  if (piped !== 'later' || program === undefined || !isKubectl(program.text)) return null;
  const invocation = parseKubectl(words.map(({ text }) => text));
  const result = effectsOfInvocation(invocation, inContext(builder), readsNoNested, builder.budget);
  const objects = result.dryRun ? (result.prints ?? (key === 'delete' ? namesPrinted(result) : null)) : null;
  return objects === null ? null : objects.map((one) => JSON.stringify(one)).join('\n---\n');
};

/** After a change of context nobody knows which namespace a command without one is in. */
const inContext = ({ surroundings, context }: UnderstandingBuilder): Surroundings =>
  context.switched ? { ...surroundings, namespace: UNKNOWN } : surroundings;

/** Standard input as a file, where the line tells what it is; nothing where it does not. */
const withStdin = (builder: UnderstandingBuilder, command: SimpleCommand, key: string): Surroundings => {
  const surroundings = inContext(builder);
  if (command.piped === 'no' && command.stdin === null && command.inputFile === null) return surroundings;
  const own = command.inputFile === null ? command.stdin : (surroundings.files.get(command.inputFile) ?? null);
  const text = own ?? printedBefore(builder, command, key);
  if (text === null && command.piped !== 'later' && command.inputFile === null) return surroundings;
  const files = new Map(surroundings.files);
  if (text === null) files.delete('-');
  else files.set('-', text);
  return text !== null && isUnknown(text) ? readThroughUnknown({ ...surroundings, files }) : { ...surroundings, files };
};

/** Commands after which others speak to another cluster or namespace (scoring section 1); plugins of that use too. */
const SWITCHES: ReadonlySet<string> = new Set(['config use-context', 'config set-context']);
const SWITCHING_WORDS: ReadonlySet<string> = new Set(['ctx', 'ns', 'project', 'login']);

const switchesContext = ({ key, unknown, help }: Invocation): boolean =>
  !help && (SWITCHES.has(key) || (unknown !== null && SWITCHING_WORDS.has(unknown)));

const isUnknownWordThere = (invocation: Invocation): boolean =>
  invocation.refusals.some(({ code }) => code === 'unknown-word');

/** An unknown word in the place of the verb or the kind may be flags, or nothing: what stands behind it counts as well. */
const withoutUnknown = (argv: readonly string[], invocation: Invocation): readonly string[] | null => {
  const { path, args, argsBeforeDash } = invocation;
  const inPlaceOfKind = path.length > 0 && argsBeforeDash === null && args.length > 1 && mayBringFlags(args[0] ?? '');
  const inPlaceOfVerb = path.length === 0 && isUnknownWordThere(invocation);
  if (!inPlaceOfKind && !inPlaceOfVerb) return null;
  const at = argv.findIndex(inPlaceOfKind ? mayBringFlags : isUnknown);
  const rest = inPlaceOfKind ? argv.toSpliced(at, 1) : argv.slice(at + 1);
  return rest.length > 0 ? rest : null;
};

const NO_SUCH_COMMAND: Part['opaque'] = { why: 'kubectl has no such command', floor: 'human' };

const partOf = (
  builder: UnderstandingBuilder,
  invocation: Invocation,
  result: CommandEffects,
  { assigned }: SimpleCommand,
): Part => {
  const { effects, destructions, dryRun, undecided, innerArgv } = result;
  const unknown = !invocation.help && invocation.refusals.some(({ code }) => code === 'unknown-command');
  return {
    effects,
    opaque: result.opaque ?? (unknown ? NO_SUCH_COMMAND : null),
    destructions,
    dryRun,
    overridesTarget: result.overridesTarget || builder.context.switched || assigned.some(steersKubectl),
    undecided,
    innerArgv,
  };
};

/** oc has arguments of its own: what kubectl refuses of them says nothing. */
const refuseAll = (builder: UnderstandingBuilder, refusals: readonly Refusal[], isOc: boolean): void => {
  for (const { code, about, detail } of refusals)
    if (!isOc || code !== 'usage-error') refuse(builder, code, about, detail);
};

/** kubectl's words: the name that it is called by, and those behind it. */
export interface KubectlWords {
  readonly program: string;
  readonly argv: readonly string[];
}

/**
 * Reads kubectl's words as one part and those nested in it. Answers whether it is an
 * effective dry run: of such a command nothing runs, whatever its arguments hold (scoring section 7).
 */
export function understandKubectl(
  builder: UnderstandingBuilder,
  read: NestedReading,
  { program, argv: said }: KubectlWords,
  command: SimpleCommand,
): 'runs' | 'rehearses' {
  const isOc = program !== 'kubectl' && baseName(program) === 'oc';
  const { argv, writesFile } = isOc ? fromOc(said, inContext(builder).namespace) : { argv: said, writesFile: false };
  const invocation = parseKubectl(argv);
  const result = effectsOfInvocation(
    invocation,
    withStdin(builder, command, invocation.key),
    (proposed) => understandNested(builder, read, proposed),
    builder.budget,
  );
  refuseAll(builder, invocation.refusals, isOc);
  refuseAll(builder, result.refusals, isOc);
  const part = partOf(builder, invocation, result, command);
  builder.parts.push(writesFile ? { ...part, overridesTarget: true } : part);
  const isPlugin = invocation.unknown !== null && !isUnknown(invocation.unknown);
  for (const one of result.nested) builder.parts.push(one);
  if (command.fed.length > 0) builder.parts.push(...containerInput(builder, read, invocation, command.fed));
  if (isPlugin) builder.parts.push(...nestedInPlugin(builder, read, argv));
  if (switchesContext(invocation)) builder.context.switched = true;
  const rest = withoutUnknown(argv, invocation);
  if (rest !== null && builder.budget.tails-- > 0) {
    const inner: UnderstandingBuilder = { ...builder, refusals: [] };
    understandKubectl(inner, read, { program: 'kubectl', argv: rest }, command);
  }
  return result.dryRun ? 'rehearses' : 'runs';
}
