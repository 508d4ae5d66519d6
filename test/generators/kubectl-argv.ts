// Any command of kubectl with any of its flags, drawn from the generated grammar: argvs without the word "kubectl"
// that kubectl mostly accepts. For parity, properties and fuzzing.
import fc from 'fast-check';
import { type CommandNode, KUBECTL } from '../../src/core/command/kubectl/commands.ts';
import { targets, WORDS_OF } from './kubectl-arguments.ts';
import { VALUES } from './kubectl-values.ts';

/** Every command that takes no further sub-command, by its path. */
const leaves = (command: CommandNode): readonly CommandNode[] => {
  const children = [...new Set(command.children.values())];
  return [...(command.path.length > 0 && WORDS_OF.has(command.key) ? [command] : []), ...children.flatMap(leaves)];
};

/** The commands that are drawn: all of the grammar but those that only print help or write files of the machine. */
export const DRAWN: readonly CommandNode[] = leaves(KUBECTL);

const LETTERS = /^[a-zA-Z]$/;

/** One flag in any of its spellings. */
const spelled = (
  name: string,
  short: string,
  type: string,
  noOptDefault: string,
  value: string,
): fc.Arbitrary<string[]> => {
  const long = fc.constantFrom(name, name.replaceAll('-', '_'));
  const forms: fc.Arbitrary<string[]>[] = [long.map((one) => [`--${one}=${value}`])];
  if (noOptDefault === '') forms.push(long.map((one) => [`--${one}`, value]));
  if (noOptDefault !== '' && (type === 'bool' ? value === 'true' : value === noOptDefault))
    forms.push(long.map((one) => [`--${one}`]));
  if (LETTERS.test(short)) {
    if (noOptDefault === '')
      forms.push(fc.constantFrom([`-${short}`, value], [`-${short}${value}`], [`-${short}=${value}`]));
    else if (value === 'true') forms.push(fc.constant([`-${short}`]));
  }
  return fc.oneof(...forms);
};

/** Flags of one command that are drawn, each as a pair of its name and its words. */
const flagsOf = (command: CommandNode): readonly fc.Arbitrary<readonly [string, readonly string[]]>[] =>
  [...command.flags.values()].flatMap(({ name, short, type, noOptDefault }) => {
    const values = VALUES[name] ?? (type === 'bool' ? ['true', 'true', 'false'] : []);
    if (values.length === 0) return [];
    return [
      fc
        .constantFrom(...values)
        .chain((value) => spelled(name, short, type, noOptDefault, value))
        .map((words) => [name, words] as const),
    ];
  });

const namespace = fc.oneof(
  { arbitrary: fc.constant<readonly string[]>([]), weight: 3 },
  {
    arbitrary: fc
      .constantFrom('shop', 'production', 'kube-system', 'dev')
      .chain((name) =>
        fc.constantFrom<readonly string[]>(['-n', name], [`-n${name}`], [`--namespace=${name}`], ['--namespace', name]),
      ),
    weight: 4,
  },
);

/** The path as written: the names, or aliases of the last one. */
const pathOf = (command: CommandNode): fc.Arbitrary<readonly string[]> => {
  const parent = command.path.slice(0, -1).reduce<CommandNode>((at, word) => at.children.get(word) ?? at, KUBECTL);
  const names = [...parent.children].filter(([, child]) => child === command).map(([word]) => word);
  return fc.constantFrom(...names).map((last) => [...command.path.slice(0, -1), last]);
};

/** One command with its words, up to three of its flags anywhere, and the namespace before or behind it. */
const argvOf = (command: CommandNode): fc.Arbitrary<readonly string[]> => {
  const flags = flagsOf(command);
  const words = WORDS_OF.get(command.key) ?? targets;
  const some =
    flags.length === 0
      ? fc.constant<readonly (readonly string[])[]>([])
      : fc
          .uniqueArray(fc.oneof(...flags), { maxLength: 3, selector: ([name]) => name })
          .map((drawn) => drawn.map(([, spelledAs]) => spelledAs));
  return fc
    .tuple(pathOf(command), words, some, namespace, fc.boolean(), fc.nat(3))
    .map(([path, said, drawn, where, before, at]) => {
      const dash = said.indexOf('--');
      const own = dash < 0 ? said : said.slice(0, dash);
      const inner = dash < 0 ? [] : said.slice(dash);
      const flagWords = drawn.flat();
      const body = at === 0 ? [...flagWords, ...own] : [...own, ...flagWords];
      return before ? [...where, ...path, ...body, ...inner] : [...path, ...body, ...where, ...inner];
    });
};

/** Any command of the grammar, each as likely as another. */
export const kubectlArgv: fc.Arbitrary<readonly string[]> = fc.constantFrom(...DRAWN).chain(argvOf);
