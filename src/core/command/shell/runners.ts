// Texts that a program is given and runs, though the program itself is opaque: ssh host …, su -c …, az … --command,
// parallel, trap, and one quoted word that begins like a command (scoring sections 1 and 7).
import { joinedText, skipOptions, wrapper } from './look-through.ts';
import type { Printed } from './prints.ts';
import { baseName, carriesTexts, INTERPRETERS, isKubectl, isRm, SHELLS, SQL_CLIENTS } from './programs.ts';
import type { Word } from './words.ts';
import { parallelRuns } from './xargs.ts';

/** Scripts found in the words of a program, and the words that they were made of: nobody judges those again. */
export interface NestedScripts {
  readonly scripts: readonly string[];
  readonly judged: readonly Word[];
}

const scriptsOf = (scripts: readonly string[], judged: readonly Word[] = []): NestedScripts => ({ scripts, judged });

const SSH = wrapper('BbcDEeFIiJLlmOopQRSWw');

/** ssh HOST [options] words…: they are joined, and a shell there reads them. */
const behindHost = (words: readonly Word[]): NestedScripts => {
  const host = skipOptions(words, SSH).at;
  const rest = words.slice(host + skipOptions(words.slice(host), SSH).at);
  return scriptsOf(rest.length === 0 ? [] : [joinedText(rest)], rest);
};

/** The values of -c and --command, glued or not, alone or at the end of a cluster of letters. */
export function commandFlags(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text, at) => {
    const [, glued] =
      /^-[a-zA-Z]*?c(.*)$|^--(?:[a-z-]*-)?comm?a?n?d?=(.*)$/s.exec(text)?.filter((one) => one !== undefined) ?? [];
    if (glued !== undefined && glued !== '') return [glued];
    return glued === '' || /^--(?:[a-z-]*-)?comm?a?n?d?$/.test(text) ? texts.slice(at + 1, at + 2) : [];
  });
}

const beginsLikeCommand = (text: string): boolean => {
  const [, first] = /^\s*(\S+)\s/.exec(text) ?? [];
  return first !== undefined && (isKubectl(first) || isRm(first) || SHELLS.has(baseName(first)));
};

/** Words, or values of flags, with blanks in them, whose first word is kubectl, rm or a shell. */
export function scriptsInWords(texts: readonly string[]): readonly string[] {
  return texts
    .map((text) => (/^-[^\s=]*=/.test(text) ? text.slice(text.indexOf('=') + 1) : text))
    .filter(beginsLikeCommand);
}

/** What the program is given to run, as texts. `input`: what the line gives it to read. */
export function nestedScripts(words: readonly Word[], input: Printed): NestedScripts {
  const [program, ...rest] = words;
  const name = baseName(program?.text ?? '');
  const texts = rest.map(({ text }) => text);
  switch (name) {
    case 'ssh':
    case 'rsh':
    case 'mosh':
      return behindHost(words);
    case 'trap':
      return scriptsOf(texts.slice(0, 1));
    case 'alias':
      return scriptsOf(texts.map((text) => text.slice(text.indexOf('=') + 1)));
    case 'parallel':
      return scriptsOf(parallelRuns(words, input), rest);
    case 'sg':
      return scriptsOf(/^(?:-c|--command)/.test(texts[1] ?? '') ? commandFlags(texts) : texts.slice(1));
    case 'ansible':
      return scriptsOf(
        texts.flatMap((text, at) => {
          if (/^-a$|^--args$/.test(text)) return texts.slice(at + 1, at + 2);
          return /^(?:-a|--args=)/.test(text) ? [text.replace(/^(?:-a|--args=)/, '')] : [];
        }),
      );
    default: {
      if (carriesTexts(name)) return scriptsOf([]);
      const flagged = SQL_CLIENTS.has(name) || INTERPRETERS.has(name) ? [] : commandFlags(texts);
      return scriptsOf([...new Set([...flagged, ...scriptsInWords(texts)])]);
    }
  }
}
