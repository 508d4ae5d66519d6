// Finds the secrets among the words of a kubectl command, as cobra and pflag read them: by flag, by command, and in the bodies and
// the commands that it is given.
import { isNoSecret, isSecretName, isTellingName } from '../../model/secret-names.ts';
import { tokenSpans } from '../../model/secret-shapes.ts';
import { type CommandNode, findFlag, findShort } from '../kubectl/commands.ts';
import { findCommand } from '../kubectl/find-command.ts';
import { type LocatedText, sliceOf } from '../shell/located-text.ts';
import { OC } from './clients.ts';
import { deeper, hide, type Search, type SearchContext } from './search.ts';

/** The words of a kubectl command, told apart. `name` is null for a flag that the command does not have. */
interface KubectlWords {
  readonly key: string;
  readonly isPlugin: boolean;
  readonly flags: readonly { readonly name: string; readonly isKnown: boolean; readonly value: LocatedText }[];
  /** Words that are no flags, the command's own left out. */
  readonly args: readonly LocatedText[];
  /** The words behind "--"; null where there is none. */
  readonly behind: readonly LocatedText[] | null;
}

/** The flag of a word, as pflag reads it: which it is, and where its value stands; `next`: in the following word. */
const readFlag = (
  command: CommandNode,
  word: LocatedText,
  next: LocatedText | undefined,
): {
  readonly name: string;
  readonly isKnown: boolean;
  readonly value: LocatedText | null;
  readonly takesNext: boolean;
} => {
  const { text } = word;
  if (text.startsWith('--')) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text.slice(2) : text.slice(2, equals);
    const flag = findFlag(command, name);
    if (equals >= 0)
      return {
        name: flag?.name ?? name,
        isKnown: flag !== undefined,
        value: sliceOf(word, equals + 1),
        takesNext: false,
      };
    const takes = flag === undefined ? isTellingName(name) : flag.noOptDefault === '';
    return {
      name: flag?.name ?? name,
      isKnown: flag !== undefined,
      value: takes ? (next ?? null) : null,
      takesNext: takes,
    };
  }
  for (let at = 1; at < text.length; at++) {
    const flag = findShort(command, text[at] ?? '');
    if (flag === undefined)
      return { name: text.slice(at), isKnown: false, value: sliceOf(word, at + 1), takesNext: false };
    if (flag.noOptDefault === '' || text[at + 1] === '=') {
      const from = text[at + 1] === '=' ? at + 2 : at + 1;
      return from < text.length
        ? { name: flag.name, isKnown: true, value: sliceOf(word, from), takesNext: false }
        : { name: flag.name, isKnown: true, value: next ?? null, takesNext: true };
    }
  }
  return { name: '', isKnown: true, value: null, takesNext: false };
};

const tellApart = (words: readonly LocatedText[]): KubectlWords => {
  const [, ...said] = words;
  const { command, unknown } = findCommand(said.map(({ text }) => text));
  const flags: { name: string; isKnown: boolean; value: LocatedText }[] = [];
  const args: LocatedText[] = [];
  let behind: readonly LocatedText[] | null = null;
  for (let at = 0; at < said.length; at++) {
    const word = said[at];
    if (word === undefined) continue;
    if (word.text === '--') {
      behind = said.slice(at + 1);
      break;
    }
    if (!word.text.startsWith('-') || word.text.length < 2) {
      args.push(word);
      continue;
    }
    const { name, isKnown, value, takesNext } = readFlag(command, word, said[at + 1]);
    if (value !== null) flags.push({ name, isKnown, value });
    if (takesNext) at++;
  }
  return { key: command.key, isPlugin: unknown !== null, flags, args: args.slice(command.path.length), behind };
};

/** Flags that hold a secret as a whole, whichever command has them. */
const SECRET_FLAGS: ReadonlySet<string> = new Set(
  'password token docker-password bearer-token client-key-data'.split(' '),
);
/** Flags of NAME=VALUE, which are secrets by their names. */
const PAIR_FLAGS: ReadonlySet<string> = new Set('env exec-env auth-provider-arg as-user-extra'.split(' '));
const BODY_FLAGS: ReadonlySet<string> = new Set('patch overrides override'.split(' '));
/** Flags that are shown as they stand: what they hold is printed, chosen or named. */
const SHOWN_FLAGS: ReadonlySet<string> = new Set(
  'from-file from-env-file output template selector field-selector namespace container image labels filename kustomize sort-by columns'.split(
    ' ',
  ),
);

const hideShapes = (search: Search, text: LocatedText): void => {
  for (const { from, to } of tokenSpans(text.text)) hide(search, text, from, to);
};

/** NAME=VALUE: hidden by its name; otherwise what the value holds. */
const searchPair = (
  search: Search,
  pair: LocatedText,
  isSecret: (name: string) => boolean,
  context: SearchContext,
): void => {
  const equals = pair.text.indexOf('=');
  if (equals < 0) return;
  const value = sliceOf(pair, equals + 1);
  if (isSecret(pair.text.slice(0, equals)) && !isNoSecret(value.text)) hide(search, value);
  else search.read.text(search, value, deeper({ ...context, aboutSecret: false }));
};

const always = (): boolean => true;

const isCreateSecret = (key: string): boolean => /^create secret(?: |$)/.test(key);

/** "secret/x", "secrets", "secret.v1.", "deploy,secret", a path of the API to one. */
const NAMES_SECRETS = /(?:^|,)secrets?(?:[./,]|$)|\/secrets(?:[/?]|$)/i;

/** Whether the bodies of the command are of Secrets. */
const isAboutSecrets = ({ key, args, flags }: KubectlWords): boolean =>
  isCreateSecret(key) ||
  (!/^(?:exec|run|debug|logs|cp|config)/.test(key) && args.some(({ text }) => NAMES_SECRETS.test(text))) ||
  flags.some(({ name, value }) => name === 'raw' && NAMES_SECRETS.test(value.text));

const searchKubectlFlag = (
  search: Search,
  said: KubectlWords,
  flag: KubectlWords['flags'][number],
  context: SearchContext,
): void => {
  const { name, isKnown, value } = flag;
  if (!isKnown) {
    if (isCreateSecret(said.key) || isSecretName(name)) hide(search, value);
    else searchPair(search, value, isSecretName, context);
    hideShapes(search, value);
  } else if (SECRET_FLAGS.has(name)) hide(search, value);
  else if (name === 'from-literal') searchLiteral(search, said, value, context);
  else if (PAIR_FLAGS.has(name)) searchPair(search, value, isSecretName, context);
  else if (BODY_FLAGS.has(name)) searchBody(search, value, context);
  else if (SHOWN_FLAGS.has(name)) hideShapes(search, value);
  else if (name === 'exec-arg') search.read.words(search, [value], deeper(context));
  else hideShapes(search, value);
};

/** Of a Secret every literal; of a ConfigMap those whose names say so. */
const searchLiteral = (search: Search, { key }: KubectlWords, literal: LocatedText, context: SearchContext): void => {
  if (!literal.text.includes('=')) hide(search, literal);
  else searchPair(search, literal, key === 'create configmap' ? isSecretName : always, context);
};

/** A body that cannot be read is hidden. */
const searchBody = (search: Search, body: LocatedText, context: SearchContext): void => {
  const isPlain = /^[\w./:-]*$/.test(body.text);
  if (isPlain && !context.aboutSecret) return;
  if (!search.read.document(search, body, deeper(context))) hide(search, body);
};

/** `config set users.x.password S`, `config set users.x.auth-provider.config.id-token S` */
const searchConfigSet = (search: Search, [path, value]: readonly LocatedText[]): void => {
  if (path === undefined || value === undefined) return;
  if (isSecretName(path.text.split('.').slice(2).join('.')) || isSecretName(path.text)) hide(search, value);
  else hideShapes(search, value);
};

const searchArgs = (search: Search, said: KubectlWords, context: SearchContext): void => {
  const { key, args } = said;
  if (key === 'config set') searchConfigSet(search, args);
  else if (isCreateSecret(key)) {
    for (const [at, arg] of args.entries()) {
      const equals = arg.text.indexOf('=');
      if (equals >= 0) hide(search, arg, equals + 1);
      else if (at > 0) hide(search, arg);
    }
  } else if (key === 'label' || key === 'taint')
    for (const arg of args) searchPair(search, arg, isLabelSecret, context);
  else for (const arg of args) searchArg(search, arg, context);
};

/** A label is readable for everyone who sees the object; only one that says that it is a secret is hidden. */
const isLabelSecret = (name: string): boolean =>
  /passw|passphrase|secret|token|api[-_]?key|credential/i.test(name) && isSecretName(name);

const searchArg = (search: Search, arg: LocatedText, context: SearchContext): void => {
  if (/^[\w./-]+=/.test(arg.text)) searchPair(search, arg, isSecretName, context);
  else if (/^\s*[[{]/.test(arg.text)) search.read.text(search, arg, deeper(context));
  else hideShapes(search, arg);
};

/** Commands that run their words in a container; without "--" too, as older versions took them. */
const RUNS = /^(?:exec|run|debug|create (?:job|cronjob|deployment))$/;

/** Finds the secrets of the words of a kubectl command, "kubectl" among them. */
export function searchKubectl(search: Search, words: readonly LocatedText[], context: SearchContext): void {
  const said = tellApart(words);
  if (said.isPlugin) {
    // oc's own commands, and plugins: read as those of a client
    const [first, ...rest] = words;
    search.read.words(search, first === undefined ? rest : [{ ...first, text: OC }, ...rest], deeper(context));
    return;
  }
  const own: SearchContext = { ...context, aboutSecret: isAboutSecrets(said) };
  for (const flag of said.flags) searchKubectlFlag(search, said, flag, own);
  const inner = said.behind ?? [];
  if (!RUNS.test(said.key)) searchArgs(search, { ...said, args: [...said.args, ...inner] }, own);
  else {
    for (const arg of said.args.slice(0, 1)) hideShapes(search, arg);
    search.read.words(search, said.args.slice(1), deeper(context));
    search.read.words(search, inner, deeper(context));
  }
}

/** Whether what a kubectl command reads from its standard input is of Secrets. */
export function readsSecrets(words: readonly LocatedText[]): boolean {
  return isAboutSecrets(tellApart(words));
}

/** Whether it makes a Secret: what feeds it is the secret itself. */
export function makesSecret(words: readonly LocatedText[]): boolean {
  return isCreateSecret(tellApart(words).key);
}
