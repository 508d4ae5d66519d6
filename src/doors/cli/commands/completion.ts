// `blastgate completion`: shell completion from the table of commands.

import { ownValue } from '../../../core/model/json.ts';
import { CLI_COMMANDS } from '../../commands.ts';
import { type CliCommand, EXIT, UsageError } from '../../terminal/command.ts';

type Words = readonly (readonly [command: string, options: readonly string[]])[];

const bash = (words: Words): string => `# bash completion for blastgate
_blastgate() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${words.map(([command]) => command).join(' ')}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${words.map(([command, options]) => `    ${command}) COMPREPLY=($(compgen -W "${options.join(' ')}" -- "$word")) ;;`).join('\n')}
  esac
}
complete -o default -F _blastgate blastgate
`;

const zsh = (words: Words): string => `#compdef blastgate
_blastgate() {
  if (( CURRENT == 2 )); then
    compadd -- ${words.map(([command]) => command).join(' ')}
    return
  fi
  case "$words[2]" in
${words.map(([command, options]) => `    ${command}) compadd -- ${options.join(' ')} ;;`).join('\n')}
  esac
}
compdef _blastgate blastgate
`;

const fish = (words: Words): string =>
  [
    '# fish completion for blastgate',
    ...words.map(([command]) => `complete -c blastgate -n __fish_use_subcommand -a ${command}`),
    ...words.flatMap(([command, options]) =>
      options
        .filter((option) => option.startsWith('--'))
        .map((option) => `complete -c blastgate -n '__fish_seen_subcommand_from ${command}' -l ${option.slice(2)}`),
    ),
    '',
  ].join('\n');

const SHELLS: Readonly<Record<string, (words: Words) => string>> = { bash, zsh, fish };

export const completionCommand: CliCommand = {
  name: 'completion',
  usage: 'blastgate completion bash|zsh|fish',
  example: 'blastgate completion bash > /etc/bash_completion.d/blastgate',
  exits: ['done', 'broken', 'usage'],
  options: {},
  run: async (input, terminal) => {
    const write = ownValue(SHELLS, input.words[0] ?? '');
    if (write === undefined || input.words.length > 1) throw new UsageError('name one shell: bash, zsh or fish');
    const words = await Promise.all(
      Object.entries(CLI_COMMANDS).map(async ([name, command]) => {
        const { options } = await command.load();
        return [name, Object.keys(options).map((option) => `--${option}`)] as const;
      }),
    );
    terminal.out(write(words));
    return EXIT.auto;
  },
};
