// A number of replicas, by the scale subresource.
import type { Change } from '../../../core/model/effect.ts';
import { numberAt } from '../json-at.ts';
import type { Live } from '../live.ts';
import { type ChangeKind, NOT_MADE_HERE, patchOf } from './change-kind.ts';

const replicasOf = ({ object }: Live): number | null => numberAt(object, 'spec', 'replicas');

export const REPLICAS: ChangeKind<Extract<Change, { to: 'replicas' }>> = {
  ...NOT_MADE_HERE,
  preImage: ({ live }) => ({ replicas: replicasOf(live) }),
  isThere: ({ change, live }) => replicasOf(live) === change.replicas,
  isOverwritten: ({ change, live }) => replicasOf(live) !== change.replicas,
  isAsLeft: ({ change, live }) => replicasOf(live) === change.replicas,
  request: ({ change, live }, { metadata }) =>
    patchOf(`${live.path}/scale`, 'application/merge-patch+json', { metadata, spec: { replicas: change.replicas } }),
};
