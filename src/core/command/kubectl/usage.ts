// What kubectl itself refuses as wrong usage, command by command.
import type { Refusal } from '../../model/refusal.ts';
import { isUnknown } from '../shell/unknown.ts';
import type { CommandNode } from './commands.ts';
import { isBare, isOn, lastOf } from './flags.ts';
import { parseGoBool } from './go-values.ts';
import type { Invocation } from './invocation.ts';
import { CHANGES } from './usage/changes.ts';
import { CONTAINERS } from './usage/containers.ts';
import { CREATES } from './usage/creates.ts';
import { READS } from './usage/reads.ts';
import { askedOfBare, type Rule } from './usage/rule.ts';

interface UsageRules {
  readonly all: readonly Rule[];
  readonly ofBare: readonly Rule[];
}

const USAGE_RULES: ReadonlyMap<string, UsageRules> = new Map(
  [CHANGES, CONTAINERS, CREATES, READS]
    .flatMap((table) => Object.entries(table))
    .map(([path, all]) => [path, { all, ofBare: askedOfBare(all) }]),
);

const DRY_RUN = new Set(['none', 'client', 'server', 'unchanged']);
const VALIDATE = new Set(['strict', 'warn', 'ignore']);

/** --dry-run and --validate take a few words or a bool; any other value is refused before a request. */
const valueRefused = (it: Invocation, flag: string, words: ReadonlySet<string>): Refusal | null => {
  const value = lastOf(it, flag);
  if (value === null || words.has(value) || parseGoBool(value) !== null || isUnknown(value)) return null;
  return { code: 'bad-flag-value', about: `--${flag}=${value}, must be one of ${[...words].join(', ')}` };
};

/** Commands whose --output is not that of the common printers, or is none. */
const OWN_OUTPUT: ReadonlySet<string> = new Set([
  'api-resources',
  'config get-contexts',
  'config view',
  'delete',
  'explain',
  'get',
  'kuberc set',
  'kuberc view',
  'kustomize',
  'version',
]);
const PRINTERS = /^(?:json|yaml|kyaml|name|(?:go-template|template|jsonpath)(?:-as-json|-?file)?(?:=.*)?)$/s;

/** The common printers know no "wide" and no "custom-columns" (kubectl 1.36, genericclioptions). */
const printerRefused = (it: Invocation, path: string): Refusal | null => {
  const output = lastOf(it, 'output') ?? '';
  if (output === '' || OWN_OUTPUT.has(path) || PRINTERS.test(output) || isUnknown(output)) return null;
  return { code: 'usage-error', about: `unable to match a printer suitable for the output format "${output}"` };
};

const missingFlags = (it: Invocation, command: CommandNode): Refusal | null => {
  if (command.requiredFlags.length === 0 || hidesWords(it)) return null;
  const missing = command.requiredFlags.filter((flag) => !it.flags.has(flag));
  if (missing.length === 0) return null;
  return { code: 'usage-error', about: `required flag(s) ${missing.map((flag) => `"${flag}"`).join(', ')} not set` };
};

/** Groups that are commands themselves: a word after them is an argument. */
const DO_SOMETHING = new Set(['apply', 'cluster-info']);

/** A word after a group that names no sub-command: kubectl refuses it, or, under create, looks for a plugin. */
const strayWord = (it: Invocation, command: CommandNode): Refusal | null => {
  if (command.children.size === 0 || command.path.length === 0 || DO_SOMETHING.has(command.key)) return null;
  const word = it.args[0];
  if (word === undefined) return null;
  if (isUnknown(word)) return { code: 'unknown-word', about: 'in the place of the sub-command' };
  const name = `kubectl ${command.key}`;
  return { code: 'unknown-command', about: `unknown command ${JSON.stringify(word)} for "${name}"` };
};

/** Words that are only known when they run may be what is missing, or may not be what is too much. */
const hidesWords = ({ args, argsBeforeDash }: Invocation): boolean =>
  (argsBeforeDash === null ? args : args.slice(0, argsBeforeDash)).some(isUnknown);

const lastSaid = (it: Invocation, path: string): Refusal | null => {
  const rules = USAGE_RULES.get(path);
  if (rules === undefined) return null;
  for (const rule of isBare(it) ? rules.ofBare : rules.all) {
    const why = rule(it);
    if (why !== null) return hidesWords(it) ? null : { code: 'usage-error', about: why };
  }
  return null;
};

const NONE: readonly Refusal[] = [];

/** Refusals in kubectl's words for flags and arguments that do not go together (kubectl 1.36). */
export function usageErrors(it: Invocation, command: CommandNode): readonly Refusal[] {
  const path = command.key;
  const stray = strayWord(it, command);
  if (stray !== null) return [stray];
  const missing = missingFlags(it, command);
  const said = lastSaid(it, path);
  if (isBare(it)) return missing === null && said === null ? NONE : [missing, said].filter((one) => one !== null);
  const dryRun = isOn(it, 'local') && path === 'auth reconcile' ? null : valueRefused(it, 'dry-run', DRY_RUN);
  const validate = valueRefused(it, 'validate', VALIDATE);
  const printer = printerRefused(it, path);
  if (missing === null && dryRun === null && validate === null && said === null && printer === null) return NONE;
  return [missing, dryRun, validate, said, printer].filter((refusal) => refusal !== null);
}
