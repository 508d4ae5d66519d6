// Which commands cannot score as the requests that they send, and why: kubectl knows more, or sends it otherwise. Each class is told by
// the command alone, never by what came out.

import type { BlastRadius } from '../../src/core/blast-radius/blast-radius.ts';
import { isOn } from '../../src/core/command/kubectl/flags.ts';
import { parseKubectl } from '../../src/core/command/kubectl/parse.ts';
import type { Trait } from '../../src/core/model/effect.ts';
import type { Sent } from './requests.ts';

/** In the order in which they are asked; what each says of its requests. */
export const EXCEPTIONS = {
  '--raw': 'a raw command is never run, so that at least one person is asked',
  'another cluster or identity': 'a flag picks it, and at least one person is asked; the requests say nothing of it',
  'written in an editor': 'the command is undecided, its request is known',
  'content not sent along':
    'a kustomization, an address or a patch file: the command is undecided, its request is known',
  'chosen by kubectl': 'a selector, --all or a bare type: kubectl asks for the list, and sends one request for each',
  drain: 'a patch of the node and single evictions, each judged by itself',
  certificate: 'the whole request for a certificate is put back, so that the annotations which it has count',
  'rollout undo': 'a patch of the whole template, which only the cluster shows to be an earlier one',
  debug: 'the container that kubectl makes has what its profile adds (SYS_PTRACE), and the copy is a new pod',
  '--force of replace and apply': 'a deletion and a creation, neither of which says so; apply only on conflict',
  '--overrides': 'the pod is known whole, whoever wrote which part of it',
  '--record': 'the words of the command in the same patch are one change more',
  'made of an object in the cluster': 'the request has its whole content',
  'a new label': 'kubectl has looked whether it is new (no --overwrite); the request may change one, too',
  'nothing to change': 'kubectl sends a patch without content',
  'a name that no object has': 'kubectl sends what the API server then refuses',
  '--save-config': 'the object carries itself as an annotation, as that of apply',
} as const;
export type Exception = keyof typeof EXCEPTIONS;

const CHOSEN: readonly Trait[] = ['all', 'selector', 'all-namespaces'];
const isEmpty = ({ method, body }: Sent): boolean => method === 'PATCH' && JSON.stringify(body) === '{}';

/** The class of a command; null: its score must be that of its requests. */
export const exceptionOf = (
  argv: readonly string[],
  { refusals, effects }: BlastRadius,
  writes: readonly Sent[],
): Exception | null => {
  const invocation = parseKubectl(argv);
  const { key, flags } = invocation;
  const refused = (code: string): boolean => refusals.some((one) => one.code === code);
  const table: Readonly<Record<Exception, boolean>> = {
    '--raw': refused('raw-request'),
    'another cluster or identity': refused('identity-flag'),
    'written in an editor': key === 'edit' || key === 'apply edit-last-applied',
    'content not sent along': refused('unseen-content') || flags.has('patch-file'),
    'chosen by kubectl':
      effects.some(({ traits }) => traits.some((one) => CHOSEN.includes(one))) || flags.has('selector'),
    drain: key === 'drain',
    certificate: key.startsWith('certificate '),
    'rollout undo': key === 'rollout undo',
    debug: key === 'debug',
    '--force of replace and apply': (key === 'replace' || key === 'apply') && isOn(invocation, 'force'),
    '--overrides': flags.has('overrides'),
    '--record': isOn(invocation, 'record'),
    'made of an object in the cluster': key === 'create job' && flags.has('from'),
    'a new label': key === 'label' && !isOn(invocation, 'overwrite'),
    'nothing to change': writes.some(isEmpty),
    'a name that no object has': refused('invalid-name'),
    '--save-config': isOn(invocation, 'save-config'),
  };
  // as: its keys are those of the table
  return (Object.keys(EXCEPTIONS) as Exception[]).find((one) => table[one]) ?? null;
};
