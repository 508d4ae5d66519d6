// A command as a row of the table writes it → the same command with its kinds and flags in one of their spellings.
import { KUBECTL } from '../../src/core/command/kubectl/commands.ts';
import { BUILT_IN } from '../../src/core/model/built-in-resources.ts';
import type { JsonObject } from '../../src/core/model/json.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import type { Random } from '../generators/random.ts';
import type { Stand } from './objects.ts';

/** What kubectl makes of it. */
type Wants = 'changes' | 'nothing' | 'fails';

/**
 * One way to use a command. In `words` "{deployments.apps web api}" names objects, in any spelling; "{deployments.apps}" the kind
 * alone; a flag with its value ("--replicas=3") may be written otherwise too.
 */
export interface Way {
  readonly wants: Wants;
  readonly words: string;
  readonly stands: readonly Stand[];
  /** Manifests by their path, a list of documents each. */
  readonly files: { readonly [path: string]: readonly JsonObject[] };
}

/** A line of the table: at least eight ways, three of which fail. */
export interface Row {
  readonly name: string;
  readonly ways: readonly Way[];
}

const way =
  (wants: Wants) =>
  (words: string, stands: readonly Stand[] = [], files: Way['files'] = {}): Way => ({ wants, words, stands, files });

export const changes = way('changes');
/** It is so already, or there is nothing to do it to: kubectl ends well and nothing is written. */
export const nothing = way('nothing');
export const fails = way('fails');

const resource = (name: string, shortName: string, kind: string): Resource => ({
  name,
  singular: kind.toLowerCase(),
  shortNames: [shortName],
  kind,
  group: 'example.com',
  versions: ['v1'],
  namespaced: true,
  categories: [],
  verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
});

/** What the cluster serves beside the built-in kinds. */
export const CUSTOM: readonly Resource[] = [resource('widgets', 'wd', 'Widget'), resource('gadgets', 'gd', 'Gadget')];

/** The kind of "deployments.apps". */
export const resourceOf = (key: string): Resource => {
  const found = [...BUILT_IN, ...CUSTOM].find(({ name, group }) => (group === '' ? name : `${name}.${group}`) === key);
  if (found === undefined) throw new Error(`no kind ${key}`);
  return found;
};

const spellings = ({ name, singular, kind, shortNames, group, versions }: Resource): readonly string[] => [
  name,
  singular,
  kind,
  ...shortNames,
  ...(group === '' ? [] : [`${name}.${group}`, `${name}.${versions[0] ?? 'v1'}.${group}`]),
];

/** "{deployments.apps web api}" → TYPE NAME…, or TYPE/NAME…. */
const named = (token: string, random: Random): readonly string[] => {
  const [key = '', ...names] = token.split(' ');
  const kind = random.of(spellings(resourceOf(key)));
  return names.length > 0 && random.oneIn(2) ? names.map((name) => `${kind}/${name}`) : [kind, ...names];
};

const flagsOf = (path: readonly string[]) => {
  let node = KUBECTL;
  for (const word of path) {
    const child = node.children.get(word);
    if (child === undefined) break;
    node = child;
  }
  return node.flags;
};

/** "--replicas=3" → "--replicas 3", "-f=x" …, as pflag takes it. */
const flag = (token: string, flags: ReturnType<typeof flagsOf>, random: Random): readonly string[] => {
  const [, name = '', value] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(token) ?? [];
  const known = flags.get(name);
  if (known === undefined || value === undefined) return [token];
  const forms: (readonly string[])[] = [[token]];
  if (known.noOptDefault === '') {
    forms.push([`--${name}`, value]);
    if (known.short !== '') forms.push([`-${known.short}`, value], [`-${known.short}=${value}`]);
  }
  return random.of(forms);
};

const TOKEN = /\{[^{}"]+\}|(?:'[^']*'|[^\s'])+/g;

/** The argv without "kubectl". Behind "--" nothing is a flag of kubectl. */
export const spelled = (words: string, random: Random): readonly string[] => {
  const tokens: readonly string[] = words.match(TOKEN) ?? [];
  const path = tokens.filter((token) => /^[a-z-]+$/.test(token));
  const flags = flagsOf(path);
  const end = tokens.indexOf('--');
  return tokens.flatMap((token, at): readonly string[] => {
    if (end >= 0 && at >= end) return [token.replaceAll("'", '')];
    if (/^\{[^{}"]+\}$/.test(token)) return named(token.slice(1, -1), random);
    const plain = token.replaceAll("'", '');
    return plain.startsWith('--') ? flag(plain, flags, random) : [plain];
  });
};
