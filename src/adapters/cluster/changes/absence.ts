// The absence of an object: it is deleted, or evicted.
import type { Change } from '../../../core/model/effect.ts';
import { hasFinished, isDeleting } from '../live.ts';
import { type ChangeKind, NOT_MADE_HERE } from './change-kind.ts';

export const ABSENCE: ChangeKind<Extract<Change, { to: 'absence' }>> = {
  ...NOT_MADE_HERE,
  preImage: ({ effect, live: { object } }) => ({
    deleting: isDeleting(object),
    ...(effect.resource === 'pods' && hasFinished(object) ? { finished: true } : {}),
  }),
  isThere: ({ live }) => isDeleting(live.object),
  request: ({ change: { gracePeriodSeconds, propagation }, effect, live }, { metadata }) => {
    const options = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: metadata,
      ...(gracePeriodSeconds === null ? {} : { gracePeriodSeconds }),
      ...(propagation === null ? {} : { propagationPolicy: propagation }),
    };
    if (effect.subresource !== 'eviction')
      return { method: 'DELETE', path: live.path, query: {}, body: { type: 'application/json', value: options } };
    const { name, namespace } = effect;
    const value = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: options,
    };
    return { method: 'POST', path: `${live.path}/eviction`, query: {}, body: { type: 'application/json', value } };
  },
};
