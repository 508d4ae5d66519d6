// Compares what we predict of a command with the requests that a real kubectl sent.

import { effectsOfInvocation } from '../../src/core/command/kubectl/effects.ts';
import { isOn } from '../../src/core/command/kubectl/flags.ts';
import type { Invocation } from '../../src/core/command/kubectl/invocation.ts';
import { parseKubectl } from '../../src/core/command/kubectl/parse.ts';
import type { Surroundings } from '../../src/core/model/command.ts';
import type { Effect } from '../../src/core/model/effect.ts';
import { isRead, type Request, requestOf, type Sent, shown } from './requests.ts';

/** What a real kubectl did with an argv (without "kubectl"). */
export interface Run {
  readonly argv: readonly string[];
  readonly exit: number | 'timeout';
  readonly sent: readonly Sent[];
  readonly stderr: string;
  /** Whether everything that is asked for is there, or only what the commands before have made. */
  readonly objects: 'always there' | 'as they are';
  /** What our reader needs to know to read the same command. */
  readonly surroundings: Surroundings;
}

/** Why nothing can be said of a command: the whole list. */
const NOT_COMPARABLE = {
  'no-such-kind': /doesn't have a resource type|no matches for kind|could not find the requested resource/,
  'no-such-file': /no such file|does not exist|not exist in local filesystem|unable to read|could not (?:stat|read)/,
  'needs-a-terminal': /not a terminal|unable to use a TTY/,
  'needs-the-web': /lookup |dial tcp/,
} as const;

/** Why something that was predicted need not be sent: it depends on the objects, the editor or a kustomization. */
type Conditional =
  | 'nothing-to-change'
  | 'only-on-conflict'
  | 'edited'
  | 'kustomization'
  | 'crooked-path'
  | 'files-by-selector';
export type Reason = keyof typeof NOT_COMPARABLE | Conditional;

/** How the two compare. `over` and `opaque` are only asked where kubectl ended well. */
export type Comparison =
  | { readonly outcome: 'compared'; readonly under: readonly string[]; readonly over: readonly string[] }
  | { readonly outcome: 'refused'; readonly weRefuse: boolean }
  | { readonly outcome: 'not-comparable'; readonly reason: Reason };

const wild = (predicted: string | null, real: string | null): boolean =>
  predicted === real || predicted === '*' || (predicted === null && real !== null);

const matches = (effect: Effect, request: Request): boolean =>
  effect.verb === request.verb &&
  wild(effect.group, request.group) &&
  // a raw path is compared without case, as scoring section 2 says
  wild(effect.resource, request.resource.toLowerCase()) &&
  effect.subresource === request.subresource &&
  (wild(effect.namespace, request.namespace) || (effect.namespace !== null && effect.resource === '*')) &&
  // some bodies cannot be read: nobody knows the name then
  (wild(effect.name, request.name) || (request.verb === 'create' && request.name === null)) &&
  (effect.dryRun === request.dryRun || isRead(effect));

/** Reviews are POSTs that ask: nothing is kept. */
const isReview = ({ resource }: Request): boolean => resource.endsWith('reviews');

/** Effects that are no requests to the API: a path, a file of the machine, a proxy that waits for others. */
const isNoRequest = ({ resource, verb }: Effect): boolean =>
  resource.startsWith('/') || resource === 'kubeconfig' || (verb === 'connect' && resource === '*');

const CLIENT_DRY_RUN: ReadonlySet<string> = new Set(['client', 'unchanged', 'true', '1', 't', 'T', 'TRUE', 'True']);

const reasonOf = ({ exit, stderr }: Run): Reason | null => {
  if (exit === 0 || exit === 'timeout') return null;
  for (const [reason, says] of Object.entries(NOT_COMPARABLE)) if (says.test(stderr)) return reason as Reason;
  return null;
};

/** What kubectl refuses before it asks anything of the objects. */
const refusesWords = (run: Run, requests: readonly Request[]): boolean =>
  run.exit !== 0 && run.exit !== 'timeout' && requests.length === 0;

/** Commands that read the object first and send nothing when it is so already. */
const READS_FIRST = /^(?:label|annotate|taint|cordon|uncordon|edit|apply|diff|rollout (?:undo|pause|resume)|set .*)$/;

/** Why all that was predicted too much need not have been sent; null where there is no such reason. */
const conditionOf = (
  invocation: Invocation,
  over: readonly Effect[],
  requests: readonly Request[],
  objects: Run['objects'],
): Conditional | null => {
  const key = invocation.path.join(' ');
  if (key === 'create' && isOn(invocation, 'edit')) return 'edited';
  const got = (effect: Effect): boolean =>
    requests.some(
      (request) => isRead(request) && request.resource === effect.resource && wild(effect.name, request.name),
    );
  const listed = (effect: Effect): boolean =>
    effect.name === '*' &&
    requests.some(({ verb, resource }) => verb === 'list' && (resource === effect.resource || effect.resource === '*'));
  if (objects === 'as they are' && over.every(listed)) return 'nothing-to-change';
  if (invocation.flags.has('filename') && invocation.flags.has('selector')) return 'files-by-selector';
  if (key === 'auth reconcile')
    return requests.some(({ verb }) => verb === 'create' || verb === 'update')
      ? 'only-on-conflict'
      : 'nothing-to-change';
  if (key === 'apply' && isOn(invocation, 'force') && over.every(({ verb }) => verb === 'delete' || verb === 'create'))
    return 'only-on-conflict';
  return READS_FIRST.test(key) && over.every((effect) => effect.verb === 'patch' && got(effect))
    ? 'nothing-to-change'
    : null;
};

/** Apply is a patch, whether or not the object was there before (contract section 1). */
const asApplied =
  (invocation: Invocation) =>
  (request: Request): Request =>
    invocation.path.join(' ') === 'apply' && !isOn(invocation, 'force') && request.verb === 'create'
      ? { ...request, verb: 'patch' }
      : request;

/** The comparison of one run. */
export const compare = (run: Run): Comparison => {
  const requests = run.sent.map(requestOf).filter((request) => request !== null && !isReview(request));
  const invocation = parseKubectl(run.argv);
  const known = requests.filter((request) => request !== null).map(asApplied(invocation));
  const { effects, opaque, refusals } = effectsOfInvocation(invocation, run.surroundings);
  if (refusesWords(run, known)) {
    const reason = reasonOf(run);
    if (reason !== null) return { outcome: 'not-comparable', reason };
    return { outcome: 'refused', weRefuse: invocation.refusals.length + refusals.length > 0 };
  }
  const clientDry = CLIENT_DRY_RUN.has(invocation.flags.get('dry-run')?.at(-1) ?? '');
  const predicted = effects.filter((effect) => !(clientDry && effect.dryRun));
  const writes = known.filter((request) => !isRead(request));
  const secrets = known.filter((request) => isRead(request) && request.resource === 'secrets' && request.group === '');
  const under = [
    ...writes.filter((request) => !predicted.some((effect) => matches(effect, request))),
    // Secrets that were read and not said so
    ...secrets.filter(
      (request) =>
        !effects.some(
          (effect) =>
            effect.traits.includes('from-secret') ||
            (wild(effect.resource, 'secrets') && wild(effect.name, request.name)),
        ),
    ),
  ];
  if (under.length === 0) {
    const reason = reasonOf(run);
    if (reason !== null) return { outcome: 'not-comparable', reason };
  }
  const ended = run.exit === 0;
  const over = ended
    ? predicted.filter(
        (effect) => !isNoRequest(effect) && !isReview(effect) && !known.some((request) => matches(effect, request)),
      )
    : [];
  const conditional = over.length === 0 ? null : conditionOf(invocation, over, known, run.objects);
  if (under.length === 0 && conditional !== null) return { outcome: 'not-comparable', reason: conditional };
  if (ended && opaque !== null && invocation.flags.has('kustomize'))
    return { outcome: 'not-comparable', reason: 'kustomization' };
  if (ended && opaque !== null && invocation.flags.has('raw'))
    return { outcome: 'not-comparable', reason: 'crooked-path' };
  const unread = ended && opaque !== null && isBuiltIn(effects, known) ? [`opaque: ${opaque.why}`] : [];
  return { outcome: 'compared', under: under.map(shown), over: [...over.map(shown), ...unread] };
};

/** Opaque is an answer for kinds that nobody knows, and no answer for built-in ones. */
const isBuiltIn = (effects: readonly Effect[], requests: readonly Request[]): boolean =>
  requests.length > 0 && effects.every(({ known }) => known === 'built-in');
