// Our texts say `blastgate`; whoever called us as a plugin of kubectl reads the name that they typed.
import { CLI_COMMANDS } from '../commands.ts';

/** How this program was called. */
export type CalledAs = 'blastgate' | 'kubectl blastgate';

/** Set by bin/kubectl-blastgate.js. Any other value is not ours and means nothing. */
export function calledAs(env: NodeJS.ProcessEnv): CalledAs {
  return env['BLASTGATE_CALLED_AS'] === 'kubectl blastgate' ? 'kubectl blastgate' : 'blastgate';
}

/** Our name where a command line of ours begins with it, or a message of ours: not in paths, addresses and settings. */
const OUR_NAME = new RegExp(
  `(?<![\\w/.@-])(?<!kubectl )blastgate(?=: | (?:${Object.keys(CLI_COMMANDS).join('|')}|help|COMMAND|--help)(?![\\w-]))`,
  'g',
);

export function asCalled(text: string, name: CalledAs): string {
  return name === 'blastgate' ? text : text.replace(OUR_NAME, name);
}
