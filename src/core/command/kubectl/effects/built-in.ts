// The built-in kinds that commands reach without naming them.
import { resolveResource } from '../resolve.ts';
import type { Kind } from './effect-builder.ts';

const builtIn = (word: string): Kind => {
  const found = resolveResource(word, []);
  if (found === null) throw new Error(`this is a bug: ${word} is no built-in kind`);
  return found;
};

export const PODS = builtIn('pods');
export const SERVICES = builtIn('services');
export const SERVICE_ACCOUNTS = builtIn('serviceaccounts');
export const EVENTS = builtIn('events');
export const AUTOSCALERS = builtIn('horizontalpodautoscalers');
export const POD_METRICS = builtIn('pods.v1beta1.metrics.k8s.io');
export const NODE_METRICS = builtIn('nodes.v1beta1.metrics.k8s.io');
export const ACCESS_REVIEWS = builtIn('selfsubjectaccessreviews');
export const RULES_REVIEWS = builtIn('selfsubjectrulesreviews');
export const SUBJECT_REVIEWS = builtIn('selfsubjectreviews');

/** A path that belongs to no kind, such as /version: what RBAC calls a non-resource URL. */
export function pathKind(path: string): Kind {
  return {
    known: 'built-in',
    resource: {
      name: path,
      singular: path,
      shortNames: [],
      kind: path,
      group: '',
      versions: [],
      namespaced: false,
      categories: [],
      verbs: ['get'],
    },
  };
}

/** Any kind at all: what stands where content that was not seen names the kind. */
export const ANY_KIND: Kind = {
  known: 'unknown',
  resource: {
    name: '*',
    singular: '*',
    shortNames: [],
    kind: '*',
    group: '*',
    versions: [],
    namespaced: true,
    categories: [],
    verbs: [],
  },
};
