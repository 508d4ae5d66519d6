// A restart of pods: the stamp on their template, as `kubectl rollout restart` sets it.
import type { Change } from '../../../core/model/effect.ts';
import { RESTARTED_AT } from '../../../core/model/restart-stamp.ts';
import { textAt } from '../json-at.ts';
import type { Live } from '../live.ts';
import { restartedAtOf, sameTemplate, templateOf, withoutRestart } from '../template.ts';
import { type ChangeKind, NOT_MADE_HERE, patchOf, sealedTemplate, templateImage } from './change-kind.ts';

const stampOf = ({ object }: Live): string | null => restartedAtOf(templateOf(object));

export const RESTART: ChangeKind<Extract<Change, { to: 'restart' }>> = {
  ...NOT_MADE_HERE,
  preImage: ({ live }) => ({ ...templateImage(live), restartedAt: stampOf(live) }),
  // Only by the stamp of this very intent: anybody may have restarted it.
  isThere: ({ live }, _, intent) => stampOf(live) === intent.at,
  isOverwritten: ({ live }, { preImage }) => stampOf(live) === textAt(preImage, 'restartedAt'),
  isAsLeft: ({ live }, sealed) => {
    const before = sealedTemplate(live, sealed);
    return before !== null && sameTemplate(withoutRestart(before), withoutRestart(templateOf(live.object)));
  },
  request: ({ live }, { metadata, intent }) =>
    patchOf(live.path, 'application/strategic-merge-patch+json', {
      metadata,
      spec: { template: { metadata: { annotations: { [RESTARTED_AT]: intent.at } } } },
    }),
};
