// What cli-runtime's resource builder refuses before it asks the cluster (parsing rules C).
import { allOf, isBare, isGiven, isOn, lastOf } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { resolveCategory, resolveResource } from './resolve.ts';
import { splitTypes } from './targets.ts';

/** How a command uses the builder. */
export interface BuilderUse {
  /** What a kind without a name means: the whole list, nothing (refused), or the list when --all is on. */
  readonly bareKind: 'list' | 'refused' | 'with --all' | '--all selects';
  /** Whether -l and --field-selector choose objects, or are something else here. */
  readonly selectors: 'choose' | 'ignored';
}

/** True when objects come from files. */
export function hasFiles(it: Invocation): boolean {
  return allOf(it, 'filename').length > 0 || isGiven(it, 'kustomize');
}

/** True when a label or field selector that is not blank is given. */
const hasSelector = (it: Invocation): boolean =>
  (lastOf(it, 'selector') ?? '').trim() !== '' || (lastOf(it, 'field-selector') ?? '').trim() !== '';

/** -f and -k exclude each other, -k and -R too. */
export function filesRefused(it: Invocation): string | null {
  if (!isGiven(it, 'kustomize')) return null;
  if (allOf(it, 'filename').length > 0) return 'only one of -f or -k can be specified';
  return isOn(it, 'recursive') ? "the -k flag can't be used with -f or -R" : null;
}

const isSeveralTypes = (types: string): boolean => types.includes(',') && splitTypes(types).length > 1;

/** Nothing where a type should stand: "", "po,,svc". */
const lacksType = (types: string): boolean => types === '' || (types.includes(',') && splitTypes(types).includes(''));

/** "TYPE/NAME" in each word: one slash, one type, one name. */
export function slashRefused(args: readonly string[]): string | null {
  for (const arg of args) {
    const slash = arg.indexOf('/');
    if (slash < 0) continue;
    if (arg.includes('/', slash + 1)) return 'arguments in resource/name form may not have more than one slash';
    if (slash === 0 || slash === arg.length - 1 || isSeveralTypes(arg.slice(0, slash)))
      return 'arguments in resource/name form must have a single resource and name';
  }
  return null;
}

const crossed = (args: readonly string[]): readonly string[] => {
  const types = splitTypes(args[0] ?? '');
  const names = args.slice(1);
  return types.length < 2 || names.length === 0
    ? args
    : types.flatMap((type) => names.map((name) => `${type}/${name}`));
};

const hasSlash = (arg: string): boolean => arg.includes('/');

const isNamespaced = (type: string): boolean => resolveResource(type, [])?.resource.namespaced ?? true;

/** Where flags have the objects come from. */
interface Sources {
  readonly refused: string | null;
  readonly files: boolean;
  readonly selects: boolean;
}

const ARGUMENTS_ALONE: Sources = { refused: null, files: false, selects: false };

const sourcesOf = (it: Invocation, use: BuilderUse): Sources => ({
  refused: filesRefused(it),
  files: hasFiles(it),
  selects: (use.selectors === 'choose' && hasSelector(it)) || (use.bareKind === '--all selects' && isOn(it, 'all')),
});

/** The builder's own order: files, shape of the words, selectors, names, kinds. */
export function builderRefused(it: Invocation, words: readonly string[], use: BuilderUse): string | null {
  const args = words[0]?.includes(',') === true ? crossed(words) : words;
  const tuples = args.some(hasSlash);
  const named = tuples || args.length > 1;
  const { refused, files, selects } = isBare(it) ? ARGUMENTS_ALONE : sourcesOf(it, use);
  if (refused !== null) return refused;
  if (tuples && !args.every(hasSlash))
    return "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";
  const slash = slashRefused(args);
  if (slash !== null) return slash;
  if (!tuples && args.length > 0 && lacksType(args[0] ?? '')) return `the server doesn't have a resource type ""`;
  if (files)
    return args.length === 0
      ? null
      : 'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well';
  if (selects) {
    if (tuples) return 'selectors and the all flag cannot be used when passing resource/name arguments';
    if (named) return 'name cannot be provided when a selector is specified';
    return args.length === 0 ? 'at least one resource must be specified to use a selector' : null;
  }
  if (named) {
    if (!tuples && resolveCategory(args[0] ?? '', []).length > 1) return 'you must specify only one resource';
    if (!isOn(it, 'all-namespaces')) return null;
    const types = tuples ? args.map((arg) => arg.slice(0, arg.indexOf('/'))) : [args[0] ?? ''];
    return types.some(isNamespaced) ? 'a resource cannot be retrieved by name across all namespaces' : null;
  }
  if (args.length === 0) return 'You must provide one or more resources by argument or filename.';
  if (use.bareKind === 'list' || (use.bareKind === 'with --all' && isOn(it, 'all'))) return null;
  return 'resource(s) were provided, but no name was specified';
}
