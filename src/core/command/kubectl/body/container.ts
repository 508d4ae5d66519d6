// The commands of containers, steps, scripts and handlers: the argv that each would run, with $(VAR) of Kubernetes filled
// in from what its environment says outright.
import { isObject, type Json, type JsonObject, ownValue } from '../../../model/json.ts';
import { baseName, SHELLS } from '../../shell/programs.ts';
import { UNKNOWN } from '../../shell/unknown.ts';
import { isList, textOf } from './edit.ts';

/** A text list; one text alone counts as a list of it. */
const textsOf = (value: Json | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : isList(value) ? value.filter((item) => typeof item === 'string') : [];

/** Environments grow by references to themselves; longer values are not known. */
const LONGEST = 64 * 1024;

const REFERENCE = /\$(?:\$|\(([^)]*)\))/g;
/** What a variable may be called; other text in $(…) is left to the shell that may read it. */
const NAME = /^[-._A-Za-z0-9]+$/;

/**
 * Fills in $(NAME) as Kubernetes does for command, args and env (API reference, Container): "$$" is "$", and a name that
 * nothing here gives a value may get one in the cluster, so that its word is not known.
 */
const fillIn = (text: string, env: ReadonlyMap<string, string>): string => {
  if (!text.includes('$')) return text;
  let length = text.length;
  return text.replace(REFERENCE, (written, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = env.get(name) ?? (NAME.test(name) ? UNKNOWN : written);
    length += value.length;
    return length > LONGEST ? UNKNOWN : value;
  });
};

/** The variables that a container names: each may refer to those before it; one from elsewhere is not known. */
const environmentOf = ({ env }: JsonObject): ReadonlyMap<string, string> => {
  if (!isList(env)) return NO_VARIABLES;
  const known = new Map<string, string>();
  for (const variable of env) {
    if (!isObject(variable)) continue;
    const { name, value, valueFrom } = variable;
    if (typeof name !== 'string') continue;
    known.set(name, valueFrom === undefined ? fillIn(textOf(value), known) : UNKNOWN);
  }
  return known;
};

const SHELL_FLAG = /^-[a-z]*c$/;

/** Stands for the program that an image starts by itself. */
const OF_IMAGE = 'entrypoint';

/**
 * The commands that a container's words amount to: command with args; args alone are an unknown program's, or kubectl's
 * or a shell's where image or words say so. A first word that is a flag or has a blank names no program: it is what the image's is given.
 */
const argvsOf = (
  command: readonly string[],
  args: readonly string[],
  image: string,
): readonly (readonly string[])[] => {
  if (command.length > 0) return [[...command, ...args]];
  if (args.length === 0) return [];
  const [first = ''] = args;
  if (SHELL_FLAG.test(first))
    return [
      ['sh', ...args],
      [OF_IMAGE, ...args],
    ];
  if (/^-|\s/.test(first)) return [[OF_IMAGE, ...args]];
  return /kubectl|k8s-tools|kubernetes-cli/.test(image) ? [args, ['kubectl', ...args]] : [args];
};

/** Words as a container takes them; a text of many words is a line of shell. */
const wordsOf = (value: Json | undefined, env: ReadonlyMap<string, string>): readonly string[] => {
  const words = textsOf(value).map((word) => fillIn(word, env));
  return typeof value === 'string' && /\s/.test(value) ? ['sh', '-c', ...words] : words;
};

const SHEBANG = /^#!\s*(\S+)(?:[ \t]+(\S+))?/;

/** A script as the argv of what reads it: the program of its first line, else the command beside it, else a shell. */
const scriptArgv = (script: string, command: readonly string[]): readonly string[] => {
  const [, program = '', argument = ''] = SHEBANG.exec(script) ?? [];
  const reader = program === '' ? (command[0] ?? 'sh') : baseName(program) === 'env' ? argument : program;
  return [SHELLS.has(baseName(reader)) ? 'sh' : reader, '-c', script];
};

const HOOKS = [
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
].map((path) => [...path, 'exec', 'command']);

const NO_VARIABLES: ReadonlyMap<string, string> = new Map();

const hookOf = (
  container: JsonObject,
  path: readonly string[],
  env: ReadonlyMap<string, string>,
): readonly string[] => {
  let value: Json | undefined = container;
  for (const key of path) value = isObject(value) ? ownValue(value, key) : undefined;
  return wordsOf(value, env);
};

/**
 * Every command that a container, step, script or handler would run: its own, its script (Tekton `script`, Argo
 * `source`), its hooks' and probes'. `placed`: that it is one is known by where it stands; elsewhere `source` is a script
 * only beside an image or a command.
 */
export function commandsOf(container: JsonObject, placed = false): readonly (readonly string[])[] {
  const env = environmentOf(container);
  const command = wordsOf(container['command'], env);
  const args = wordsOf(container['args'], env);
  const sourced = placed || container['image'] !== undefined || command.length > 0;
  const script = textsOf(container['script']).join('\n') || (sourced ? textsOf(container['source']).join('\n') : '');
  const own = script === '' ? argvsOf(command, args, textOf(container['image'])) : [scriptArgv(script, command)];
  return [...own, ...HOOKS.map((path) => hookOf(container, path, env)).filter((argv) => argv.length > 0)];
}
