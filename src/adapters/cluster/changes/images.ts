// Images of containers, as `kubectl set image` sets them.
import type { Change } from '../../../core/model/effect.ts';
import type { Json } from '../../../core/model/json.ts';
import { isPaused } from '../live.ts';
import { containersFor, imagesNow, sameTemplate, templateOf, unknownContainers, withImages } from '../template.ts';
import { type ChangeKind, NOT_MADE_HERE, patchOf, sealedTemplate, templateImage } from './change-kind.ts';

export const IMAGES: ChangeKind<Extract<Change, { to: 'images' }>> = {
  ...NOT_MADE_HERE,
  preImage: ({ change, live }) => ({
    ...templateImage(live),
    images: imagesNow(templateOf(live.object), change.images),
    // A paused rollout takes the images and waits: another thing to approve than pods that are replaced.
    ...(isPaused(live.object) ? { paused: true } : {}),
  }),
  isThere: ({ change, live }) => {
    const template = templateOf(live.object);
    return (
      unknownContainers(template, change.images).length === 0 &&
      sameTemplate(withImages(template, change.images), template)
    );
  },
  isOverwritten: ({ change, live }) => {
    const template = templateOf(live.object);
    return !sameTemplate(withImages(template, change.images), template);
  },
  isAsLeft: ({ change, live }, sealed) => {
    const before = sealedTemplate(live, sealed);
    return before !== null && sameTemplate(withImages(before, change.images), templateOf(live.object));
  },
  absentParts: ({ change, live }) =>
    unknownContainers(templateOf(live.object), change.images).map((name) => ({ kind: 'container', name })),
  request: ({ change, live }, { metadata }) => {
    const chosen = containersFor(templateOf(live.object), change.images);
    const spec: { [list: string]: Json } = {};
    for (const { list } of chosen)
      spec[list] = chosen.filter((one) => one.list === list).map(({ name, image }) => ({ name, image }));
    return patchOf(live.path, 'application/strategic-merge-patch+json', { metadata, spec: { template: { spec } } });
  },
};
