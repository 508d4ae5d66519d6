// What a program printed, and the words that it was started with → the same without its secrets.
import { isSecretName, isTellingName } from '../model/secret-names.ts';
import { maskShapes } from '../model/secret-shapes.ts';
import { MASK } from '../model/span.ts';

/** Programs that print what their words name: a file, a variable, a field. */
const PRINTERS: ReadonlySet<string> = new Set(
  'cat head tail more less tac nl od xxd hexdump strings base64 printenv grep egrep sed awk cut jq yq tee dd'.split(
    ' ',
  ),
);

/** Programs that tell of files and processes, and nothing of what is in them. */
const LISTERS: ReadonlySet<string> = new Set('ls stat wc du df ps id test [ true false sleep date uptime'.split(' '));

/** $NAME and ${NAME} of a script. */
const VARIABLES = /\$\{?([A-Za-z_]\w*)/g;
/** The words of a script, whatever stands between them. */
const SCRIPT_WORDS = /[^\s;|&<>()"'`=,]+/g;
/** A path into a mounted secret. */
const MOUNTED = /\/(?:run|etc)\/secrets?\//;

const baseName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/**
 * The name of a secret that the program was told to print: nothing in its output says then which of it is the secret. null: it names
 * none. A name as telling as "password" counts in any place, "key" and its like only where something is printed by that name.
 */
export function secretAskedFor(argv: readonly string[]): string | null {
  const words = argv.flatMap((word) => [...word.matchAll(SCRIPT_WORDS)].map(([one]) => one));
  if (words.every((word, at) => at > 0 || LISTERS.has(baseName(word)))) return null;
  const prints = words.some((word) => PRINTERS.has(baseName(word)));
  for (const [, name = ''] of argv.join(' ').matchAll(VARIABLES)) if (isSecretName(name)) return name;
  return (
    words.find(
      (word) => MOUNTED.test(word) || isTellingName(baseName(word)) || (prints && isSecretName(baseName(word))),
    ) ?? null
  );
}

/**
 * The text without what is a secret by its shape or by the name beside it; all of it where the program was told to print a secret.
 * Of an empty text nothing is hidden.
 */
export function maskOutput(text: string, argv: readonly string[]): string {
  if (text === '') return text;
  return secretAskedFor(argv) === null ? maskShapes(text) : MASK;
}
