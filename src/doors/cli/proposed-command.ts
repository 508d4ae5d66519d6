// Reads the kubectl command, or the request to the API server, that score, evaluate and propose are about.
import { readFileSync } from 'node:fs';
import { type ApiRequest, apiRequestOf } from '../../core/model/api-request.ts';
import type { Command } from '../../core/model/command.ts';
import { isObject } from '../../core/model/json.ts';
import { wellFormed } from '../../core/model/well-formed.ts';
import { type CommandInput, UsageError } from '../terminal/command.ts';

/** The options by which a command and its surroundings are given (contract section 1). */
export const COMMAND_OPTIONS = {
  output: { type: 'string', short: 'o' },
  policy: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  command: { type: 'string' },
  request: { type: 'string' },
  stdin: { type: 'boolean' },
} as const;

/** A request as it is written, or as the value of `request`, as in a proposal; null where it is none. */
const requestOf = (value: unknown): ApiRequest | null =>
  apiRequestOf(isObject(value) && Object.keys(value).length === 1 ? (value['request'] ?? value) : value);

/** The request in a file: one JSON object (contract 2, section 8). */
const requestInFile = (path: string): Command => {
  const request = requestOf(wellFormed(jsonIn(path)));
  if (request !== null) return { kind: 'request', request };
  throw new UsageError(
    `${path} holds no request; write one JSON object of method, path, query, contentType and body, its query in one place`,
  );
};

const jsonIn = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    throw new UsageError(`${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** The argv behind `--`, the line of --command or the request of --request; exactly one of them. */
export function proposedCommand({ values, words, after }: CommandInput): Command {
  const { command: line, request: file } = values;
  if (words.length > 0) throw new UsageError(`"${words[0]}" is not an option; the kubectl command goes behind --`);
  const given = [typeof line === 'string', typeof file === 'string', after !== null].filter(Boolean).length;
  if (given > 1) throw new UsageError('give one command: behind --, with --command or with --request');
  if (typeof line === 'string') return { kind: 'line', line };
  if (typeof file === 'string') return requestInFile(file);
  if (after === null) throw new UsageError('there is no command; write it behind --, for example: -- kubectl get pods');
  return { kind: 'argv', argv: after };
}

/** One line of --stdin: a JSON array of strings is an argv, a JSON object a request, anything else a line of text. */
export function commandOfLine(text: string): Command {
  const value = text.startsWith('[') || text.startsWith('{') ? jsonOf(text) : undefined;
  if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return { kind: 'argv', argv: value };
  const request = requestOf(value);
  return request === null ? { kind: 'line', line: text } : { kind: 'request', request };
}

/** undefined: no JSON; it is a line of shell that begins with a bracket. */
const jsonOf = (text: string): unknown => {
  try {
    return wellFormed(JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
};

/** `known`: what the command prints, for whoever asks for something else. */
export function outputFormat({ values }: Pick<CommandInput, 'values'>, known = 'text or json'): 'text' | 'json' {
  const format = values['output'] ?? 'text';
  if (format === 'text' || format === 'json') return format;
  throw new UsageError(`the output format "${String(format)}" is not known; use ${known}`);
}
