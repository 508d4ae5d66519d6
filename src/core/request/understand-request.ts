// A request to the Kubernetes API becomes what it would do, as a command does.
import { everything, secretSpans } from '../command/secrets/secret-spans.ts';
import { quoteArgv } from '../command/shell/quote.ts';
import { understandNested } from '../command/understand-kubectl.ts';
import { READ } from '../command/understand-program.ts';
import { opaquePart, refuse, startBuilder } from '../command/understanding-builder.ts';
import type { ApiRequest } from '../model/api-request.ts';
import type { Surroundings } from '../model/command.ts';
import { isWrite } from '../model/effect.ts';
import { tokenSpans } from '../model/secret-shapes.ts';
import type { Span } from '../model/span.ts';
import type { Understanding } from '../model/understanding.ts';
import { type RequestReading, readRequest } from './read-request.ts';
import { requestEffects } from './request-effects.ts';
import { requestText } from './request-text.ts';

const NO_FUNCTIONS: ReadonlySet<string> = new Set();

/** Nothing of it was read: it could do anything. */
const notRead = (command: string, code: 'too-large' | 'unreadable-request'): Understanding => ({
  command,
  secretSpans: everything(command),
  parts: [{ ...opaquePart('the request cannot be read', 'dual'), undecided: true }],
  refusals: [{ code, about: null }],
});

/** The words of a program stand in the query one by one: where they hold a secret nothing of the query is shown. */
const secretsIn = (text: string, { query }: RequestReading, surroundings: Surroundings): readonly Span[] => {
  const argv = query.flatMap(([name, value]) => (name === 'command' ? [value] : []));
  const words = quoteArgv(argv);
  const isSecret = argv.length > 0 && secretSpans({ kind: 'argv', argv }, words, surroundings, true).length > 0;
  const from = text.indexOf('?');
  return isSecret && from >= 0 ? [{ from, to: text.length }] : tokenSpans(text);
};

const read = (request: ApiRequest, surroundings: Surroundings): Understanding => {
  const builder = startBuilder(surroundings, NO_FUNCTIONS);
  const reading = readRequest(request, surroundings, builder.budget);
  if (reading === 'too-large') return notRead(request.method.slice(0, 32), 'too-large');
  const command = requestText(request, reading.query);
  const result = requestEffects(reading, surroundings, (proposed) => understandNested(builder, READ, proposed));
  for (const { code, about, detail } of result.refusals) refuse(builder, code, about, detail);
  const { effects, opaque, destructions, undecided, innerArgv } = result;
  const tried = effects.some(({ dryRun }) => dryRun) && !effects.some(isWrite);
  builder.parts.push({ effects, opaque, destructions, dryRun: tried, overridesTarget: false, undecided, innerArgv });
  builder.parts.push(...result.nested);
  const { parts, refusals } = builder;
  return { command, secretSpans: () => secretsIn(command, reading, surroundings), parts, refusals };
};

/**
 * What a request would do, and why it is not executable where it is not (scoring sections 1 and 8): the same effect, and the same
 * score, as the kubectl command that sends it. Total: any method, path, query and body gives an answer, in time linear in their
 * length.
 */
export function understandRequest(request: ApiRequest, surroundings: Surroundings): Understanding {
  try {
    return read(request, surroundings);
  } catch {
    return notRead('a request', 'unreadable-request');
  }
}
