// `blastgate token`: a new bearer token and the hash that belongs into people.yaml.

import { createHash, randomBytes } from 'node:crypto';
import { jsonLine } from '../../json-line.ts';
import { type CliCommand, EXIT, noWords } from '../../terminal/command.ts';
import { outputFormat } from '../proposed-command.ts';

export const tokenCommand: CliCommand = {
  name: 'token',
  usage: 'blastgate token [-o text|json]',
  example: 'blastgate token',
  exits: ['done', 'broken', 'usage'],
  options: { output: { type: 'string', short: 'o' } },
  run: async (input, terminal) => {
    noWords(input, 'token');
    const token = `bgt_${randomBytes(32).toString('base64url')}`;
    const hash = hashOfToken(token);
    const text = `token  ${token}\nhash   ${hash}\n\nKeep the token (BLASTGATE_TOKEN); put the hash under "tokens" in people.yaml. It is not shown again.\n`;
    terminal.out(outputFormat(input) === 'json' ? `${jsonLine({ token, hash })}\n` : text);
    return EXIT.auto;
  },
};

/** "sha256:" and hex, as people.yaml keeps tokens. */
export function hashOfToken(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex')}`;
}
