// Wrappers are looked through: what runs in the end is found behind sudo, env, timeout, xargs, sh -c and the like.
import type { Printed } from './prints.ts';
import { baseName, SHELLS } from './programs.ts';
import { isWhollyUnknown } from './unknown.ts';
import { type Word, wordOf } from './words.ts';
import { xargsRuns } from './xargs.ts';

/** What a wrapper runs: a command, a script, or (unread) something that is only known when it runs. */
export type Inner =
  | { readonly kind: 'command'; readonly words: readonly Word[]; readonly assigned: readonly string[] }
  /** The same program several times, or with words that it is given (xargs). */
  | { readonly kind: 'commands'; readonly each: readonly (readonly Word[])[] }
  /** `of`: whether the script is all the words behind the wrapper, or one of them and the rest its arguments. */
  | { readonly kind: 'script'; readonly script: string; readonly of: 'all words' | 'one word' }
  | { readonly kind: 'unread' }
  | { readonly kind: 'nothing' };

/** How the options of a wrapper are skipped. */
export interface Wrapper {
  /** Letters of short options that take the next word. */
  readonly values: string;
  /** Long options that take the next word. */
  readonly longValues: readonly string[];
  /** Words between the options and the command, such as timeout's duration. */
  readonly positionals: number;
}

/** Letters of short options that take a word, words before the command, long options that take a word. */
export function wrapper(values = '', positionals = 0, longValues = ''): Wrapper {
  return { values, positionals, longValues: longValues === '' ? [] : longValues.split(' ') };
}

/** Wrappers that run the words behind their options as they stand. */
const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map(
  Object.entries({
    sudo: wrapper(
      'ugCDhpRrtTU',
      0,
      '--user --group --host --prompt --chdir --chroot --role --type --other-user --close-from',
    ),
    doas: wrapper('uCa'),
    env: wrapper('uC', 0, '--unset --chdir'),
    timeout: wrapper('sk', 1, '--signal --kill-after'),
    gtimeout: wrapper('sk', 1, '--signal --kill-after'),
    nohup: wrapper(),
    nice: wrapper('n', 0, '--adjustment'),
    ionice: wrapper('cn', 0, '--class --classdata'),
    chrt: wrapper('TPD', 1),
    stdbuf: wrapper('ioe', 0, '--input --output --error'),
    setsid: wrapper(),
    time: wrapper('fo', 0, '--format --output'),
    command: wrapper(),
    builtin: wrapper(),
    exec: wrapper('a'),
    caffeinate: wrapper('tw'),
    busybox: wrapper(),
    toybox: wrapper(),
    xargs: wrapper(
      'adEILnPs',
      0,
      '--arg-file --delimiter --max-lines --max-args --max-procs --max-chars --process-slot-var',
    ),
    watch: wrapper('nq', 0, '--interval --equexit'),
    microk8s: wrapper(),
    k3s: wrapper(),
    k0s: wrapper(),
  }),
);

const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

/** Where the command begins behind the options; the flags seen on the way. */
export function skipOptions(
  words: readonly Word[],
  how: Wrapper,
): { readonly at: number; readonly flags: readonly string[] } {
  const flags: string[] = [];
  let at = 1;
  for (; at < words.length; at++) {
    const { text } = words[at] ?? wordOf('');
    if (text === '--') {
      at++;
      break;
    }
    if (!text.startsWith('-') || text === '-') break;
    flags.push(text);
    if (
      text.startsWith('--')
        ? how.longValues.includes(text)
        : how.values.includes(text.at(-1) ?? '') && takesNext(text, how)
    )
      at++;
  }
  return { at: at + how.positionals, flags };
}

/** "-u" and "-nu" take the next word; "-uroot" carries its own. */
const takesNext = (flag: string, how: Wrapper): boolean => {
  const first = flag.split('').findIndex((letter, at) => at > 0 && how.values.includes(letter));
  return first === flag.length - 1;
};

/** The words as one text, as ssh and eval join theirs. */
export function joinedText(words: readonly Word[]): string {
  return words.map((word) => word.text).join(' ');
}

const scriptOf = (text: string, of: 'all words' | 'one word'): Inner =>
  isWhollyUnknown(text) ? { kind: 'unread' } : { kind: 'script', script: text, of };

const behindWrapper = (words: readonly Word[], name: string, how: Wrapper, input: Printed): Inner => {
  const { at, flags } = skipOptions(words, how);
  if (name === 'command' && flags.some((flag) => /^-[vVp]*[vV]/.test(flag))) return { kind: 'nothing' };
  const split = name === 'env' ? splitString(words) : null;
  if (split !== null) return split;
  let from = at;
  const assigned: string[] = [];
  if (name === 'env' || name === 'sudo' || name === 'doas')
    for (; ASSIGNMENT.test(words[from]?.text ?? ''); from++)
      assigned.push((words[from]?.text ?? '').split(/\+?=/)[0] ?? '');
  const rest = words.slice(from);
  if (rest.length === 0)
    return name === 'sudo' && flags.some((flag) => /^-[a-z]*[is]/.test(flag))
      ? { kind: 'unread' }
      : { kind: 'nothing' };
  if (name === 'watch' && !flags.some((flag) => /^-[a-z]*x|^--exec/.test(flag)))
    return scriptOf(joinedText(rest), 'all words');
  if (name === 'sudo' && flags.some((flag) => /^-[a-zA-Z]*[is]$|^--(?:login|shell)$/.test(flag)))
    return scriptOf(joinedText(rest), 'all words');
  if (name === 'xargs') return { kind: 'commands', each: xargsRuns(words, from, input) };
  return { kind: 'command', words: rest, assigned };
};

/** env -S "cmd args" splits its text into words much like a shell. */
const splitString = (words: readonly Word[]): Inner | null => {
  const at = words.findIndex((word) => /^(?:-[a-zA-Z0]*S|--split-string)/.test(word.text));
  if (at < 1) return null;
  const own = (words[at]?.text ?? '').replace(/^(?:-[a-zA-Z0]*S|--split-string=?)/, '');
  return scriptOf([own, ...words.slice(at + 1).map((word) => word.text)].join(' ').trim(), 'all words');
};

/** The script of "sh -c SCRIPT"; null when the shell reads a file or its standard input. */
const shellScript = (words: readonly Word[]): Inner | null => {
  let wants = false;
  for (let at = 1; at < words.length; at++) {
    const { text } = words[at] ?? wordOf('');
    if (/^--(?:rcfile|init-file)$/.test(text) || /^[-+][a-zA-Z]*[oO]$/.test(text)) {
      wants ||= text.includes('c') && !text.startsWith('--');
      at++;
    } else if (text === '--' || text === '-') continue;
    else if (/^[-+]/.test(text)) wants ||= /^-[a-zA-Z]*c/.test(text) || text === '--command';
    else return wants ? scriptOf(text, 'one word') : null;
  }
  return wants ? { kind: 'unread' } : null;
};

/** minikube kubectl -- delete pod x: the words behind its own "--". */
const behindMinikube = (words: readonly Word[]): Inner | null => {
  const at = words.findIndex((word, index) => index > 0 && word.text === 'kubectl');
  if (at < 0) return null;
  const rest = words.slice(at + 1);
  const dashes = rest.findIndex((word) => word.text === '--');
  const own = dashes < 0 ? rest : [...rest.slice(0, dashes), ...rest.slice(dashes + 1)];
  return { kind: 'command', words: [wordOf('kubectl'), ...own], assigned: [] };
};

/**
 * What a wrapper or a shell with a script runs; null when the program is neither. A shell that reads its standard input
 * is not looked through here. `input`: what the line gives it to read.
 */
export function lookThrough(words: readonly Word[], input: Printed): Inner | null {
  const name = baseName(words[0]?.text ?? '');
  if (name === 'eval')
    return words.length > 1 ? scriptOf(joinedText(words.slice(1)), 'all words') : { kind: 'nothing' };
  if (SHELLS.has(name)) return shellScript(words);
  if (name === 'minikube') return behindMinikube(words);
  const how = WRAPPERS.get(name);
  if (how === undefined) return null;
  if (/^(?:microk8s|k3s|k0s)$/.test(name) && words[1]?.text !== 'kubectl') return null;
  return behindWrapper(words, name, how, input);
}
