// What an effect sends, as data, and which of it is secret: only where all of it is known.
import { isObject, type Json, ownValue } from '../../../model/json.ts';
import type { Mutation, MutationContent } from '../../../model/mutation.ts';
import { secretFields } from '../../secrets/secret-fields.ts';
import { isUnknown } from '../../shell/unknown.ts';
import { isGiven, isOn, lastOf } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import type { CommandEffects, KubectlCommand } from './effect-builder.ts';

/**
 * What --record notes: the words of the command, then its flags (cli-runtime 0.36, record_flags.go); undefined where nothing
 * is noted, null where a flag that is given several times leaves it open in which words.
 */
const changeCauseOf = (invocation: Invocation): string | null | undefined => {
  if (!isOn(invocation, 'record')) return undefined;
  const flags = [...invocation.flags];
  if (flags.some(([, values]) => values.length !== 1)) return null;
  return [
    'kubectl',
    ...invocation.path,
    ...invocation.args,
    ...flags.map(([name, [value]]) => `--${name}=${value}`),
  ].join(' ');
};

/** Commands that take --resource-version as a condition on the object. */
const CONDITIONAL: ReadonlySet<string> = new Set(['annotate', 'label', 'scale', 'set selector']);

/** A selector beside files leaves some of their objects out: which, nobody has read. */
const choosesAmongFiles = (invocation: Invocation): boolean =>
  invocation.flags.has('filename') && isGiven(invocation, 'selector');

/** Whether any text in it is only known when the command runs. */
const holdsUnknown = (value: Json): boolean => {
  if (typeof value === 'string') return isUnknown(value);
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return (
    isObject(value) && Object.keys(value).some((key) => isUnknown(key) || holdsUnknown(ownValue(value, key) ?? null))
  );
};

/** Fields of a mutation whose keys are labels and the like, by the name that manifests have for them: no name is telling there. */
const NAMED_IN_MANIFESTS: { readonly [is in MutationContent['is']]?: readonly [field: string, named: string] } = {
  taints: ['add', 'taints'],
  selector: ['labels', 'selector'],
};

const renamed = (value: Json, from: string, to: string): Json =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key === from ? to : key, one]))
    : value;

/** Where the secrets of a mutation stand; null where nobody can tell. */
const secretsIn = (mutation: Mutation, aboutSecrets: boolean, { surroundings }: KubectlCommand) => {
  const locate = surroundings.readDocuments.locate ?? null;
  // as: it is made of texts, numbers, lists and plain objects
  const value = mutation as unknown as Json;
  const [field, named] =
    mutation.is === 'metadata' ? (['set', mutation.on] as const) : (NAMED_IN_MANIFESTS[mutation.is] ?? ['', '']);
  const found = secretFields(field === '' ? value : renamed(value, field, named), false, locate);
  const inBody = aboutSecrets && mutation.is === 'patch' ? secretFields(mutation.body, true, locate) : [];
  if (found === null || inBody === null) return null;
  const pointers = [
    ...found.map((one) => (field === '' ? one : one.replace(`/${named}`, `/${field}`))),
    ...inBody.map((one) => `/body${one}`),
  ];
  return pointers.includes('') ? null : [...new Set(pointers)];
};

/** How a mutation is made of a command. */
interface SentOptions {
  /** A condition on the version of the object counts; not for a second request, whose first has moved it. */
  readonly isVersioned?: boolean;
  /** The selector beside the files chooses this object. */
  readonly isChosen?: boolean;
  /** What it changes are Secrets: of a patch every value is one. */
  readonly aboutSecrets?: boolean;
}

/**
 * The mutation of an effect of this command, null where nobody may carry it out by that. `make` answers null where the content is
 * not known; it is not asked in a dry run, which changes nothing.
 */
export function sent(
  command: KubectlCommand,
  make: () => MutationContent | null,
  { isVersioned = true, isChosen = false, aboutSecrets = false }: SentOptions = {},
): Mutation | null {
  const { invocation } = command;
  if (command.dryRun !== 'none' || (choosesAmongFiles(invocation) && !isChosen)) return null;
  const content = make();
  if (content === null) return null;
  const changeCause = changeCauseOf(invocation);
  if (changeCause === null) return null;
  const version = isVersioned && CONDITIONAL.has(invocation.key) ? lastOf(invocation, 'resource-version') : null;
  const mutation: Mutation =
    changeCause === undefined && !version
      ? content
      : {
          ...content,
          ...(changeCause === undefined ? {} : { changeCause }),
          ...(version ? { resourceVersion: version } : {}),
        };
  // as: it is made of texts, numbers, lists and plain objects
  if (holdsUnknown(mutation as unknown as Json)) return null;
  const secrets = secretsIn(mutation, aboutSecrets, command);
  if (secrets === null) return null;
  return secrets.length === 0 ? mutation : { ...mutation, secrets };
}

/** The same result, its writes with what they send. */
export function sending(result: CommandEffects, mutation: Mutation | null): CommandEffects {
  if (mutation === null) return result;
  return { ...result, effects: result.effects.map((effect) => (effect.dryRun ? effect : { ...effect, mutation })) };
}
