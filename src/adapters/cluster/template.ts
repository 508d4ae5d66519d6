// Pod templates as values: compared, hashed, changed.
import { createHash } from 'node:crypto';
import type { ContainerImage } from '../../core/model/effect.ts';
import { isObject, type Json, type JsonObject } from '../../core/model/json.ts';
import { RESTARTED_AT } from '../../core/model/restart-stamp.ts';
import { listAt, objectAt, stable, textAt } from './json-at.ts';

const TEMPLATE_HASH = 'pod-template-hash';

/** Without nulls, patch directives and the hash label of replica sets: what kubectl 1.36 compares in `rollout undo`. */
const plain = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => inner !== null && key !== '$patch' && key !== TEMPLATE_HASH)
      .map(([key, inner]) => [key, plain(inner)]),
  );
};

/** An object's pod template, cleaned; {} where it has none. */
export function templateOf(workload: JsonObject): JsonObject {
  const template = plain(objectAt(workload, 'spec', 'template'));
  return isObject(template) ? template : {};
}

/** "sha256:…" over the template as a value. */
export function templateHash(template: JsonObject): string {
  return `sha256:${createHash('sha256').update(stable(template)).digest('hex')}`;
}

export function sameTemplate(a: JsonObject, b: JsonObject): boolean {
  return stable(a) === stable(b);
}

export function restartedAtOf(template: JsonObject): string | null {
  return textAt(template, 'metadata', 'annotations', RESTARTED_AT);
}

/** The template without the stamp of a restart, so that two restarts of one template are equal. */
export function withoutRestart(template: JsonObject): JsonObject {
  const { [RESTARTED_AT]: _, ...annotations } = objectAt(template, 'metadata', 'annotations');
  const { annotations: _all, ...metadata } = objectAt(template, 'metadata');
  const kept = Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations };
  return { ...template, metadata: kept };
}

const CONTAINER_LISTS = ['containers', 'initContainers'] as const;

/** The containers that these images go to, by list, as kubectl 1.36 finds them: by name, `*` for every one. */
export function containersFor(
  template: JsonObject,
  images: readonly ContainerImage[],
): readonly { readonly list: (typeof CONTAINER_LISTS)[number]; readonly name: string; readonly image: string }[] {
  return CONTAINER_LISTS.flatMap((list) =>
    listAt(template, 'spec', list).flatMap((container) => {
      const name = textAt(container, 'name') ?? '';
      const chosen = images.findLast(({ container: wanted }) => wanted === '*' || wanted === name);
      return chosen === undefined ? [] : [{ list, name, image: chosen.image }];
    }),
  );
}

/** Names in `images` that no container has. */
export function unknownContainers(template: JsonObject, images: readonly ContainerImage[]): readonly string[] {
  const names = new Set(
    CONTAINER_LISTS.flatMap((list) => listAt(template, 'spec', list).map((c) => textAt(c, 'name'))),
  );
  return images.map(({ container }) => container).filter((name) => name !== '*' && !names.has(name));
}

/** Every container with its image, init containers last. */
export function imagesOf(template: JsonObject): readonly ContainerImage[] {
  return CONTAINER_LISTS.flatMap((list) =>
    listAt(template, 'spec', list).map((one) => ({
      container: textAt(one, 'name') ?? '',
      image: textAt(one, 'image') ?? '',
    })),
  );
}

/** The images that these containers run now. */
export function imagesNow(template: JsonObject, images: readonly ContainerImage[]): JsonObject {
  return Object.fromEntries(
    containersFor(template, images).map(({ list, name }) => [
      name,
      listAt(template, 'spec', list)
        .filter((container) => textAt(container, 'name') === name)
        .map((container) => textAt(container, 'image') ?? '')[0] ?? '',
    ]),
  );
}

/** The template with these images in place. */
export function withImages(template: JsonObject, images: readonly ContainerImage[]): JsonObject {
  const chosen = containersFor(template, images);
  const lists = CONTAINER_LISTS.filter((list) => listAt(template, 'spec', list).length > 0).map((list) => [
    list,
    listAt(template, 'spec', list).map((container) => {
      const found = chosen.find((one) => one.list === list && one.name === textAt(container, 'name'));
      return found === undefined ? container : { ...container, image: found.image };
    }),
  ]);
  return { ...template, spec: { ...objectAt(template, 'spec'), ...Object.fromEntries(lists) } };
}
