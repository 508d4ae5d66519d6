// Who else holds what an effect changes: gitops, autoscaled, owned (scoring section 5).
import type { Effect } from '../../model/effect.ts';
import type { TargetFact } from '../../model/facts.ts';
import { objectKey, placedName } from '../../model/object-ref.ts';
import { type EvidenceQuestion, type EvidenceRule, evidenceAbout, targetsOf } from './evidence-rule.ts';

const keysOf = (at: string, keys: readonly string[]): readonly string[] =>
  keys.map((key) => (key.startsWith('*') ? at : `${at}.${key.replace(/-$/, '')}`));

/** Fields that an effect changes, as managed fields are written; "" is the whole object. */
const fieldsOf = ({ change, kind, labelKeys, annotationKeys }: Effect): readonly string[] => {
  switch (change.to) {
    case 'replicas':
      return ['spec.replicas'];
    case 'images':
      return change.images.flatMap(({ container }) =>
        container === '*'
          ? ['spec.template.spec.containers', 'spec.template.spec.initContainers']
          : [
              `spec.template.spec.containers.${container}.image`,
              `spec.template.spec.initContainers.${container}.image`,
            ],
      );
    case 'restart':
      return ['spec.template.metadata.annotations.kubectl.kubernetes.io/restartedAt'];
    case 'revision':
      return ['spec.template'];
    case 'absence':
    case 'eviction':
    case 'replacement':
    case 'before':
      return [''];
    case 'bounds':
      return ['spec.maxReplicas'];
    case 'several':
    case 'run':
      return [''];
    case 'other': {
      if (kind === 'rollout-pause') return ['spec.paused'];
      if (kind === 'cordon' || kind === 'uncordon') return ['spec.unschedulable'];
      if (kind === 'taint' || kind === 'untaint') return ['spec.taints'];
      const marks = [...keysOf('metadata.labels', labelKeys), ...keysOf('metadata.annotations', annotationKeys)];
      return kind === 'label' || kind === 'annotate' ? marks : [''];
    }
    default:
      return change satisfies never;
  }
};

const within = (field: string, outer: string): boolean =>
  outer === '' || field === outer || field.startsWith(`${outer}.`);

const heldFields = ({ writes, facts }: EvidenceQuestion): readonly string[] =>
  writes.flatMap(({ effect }) => {
    const keys = new Set(targetsOf(effect, facts).map(objectKey));
    const changed = fieldsOf(effect);
    return facts.neighbourhood.held
      .filter(({ object }) => keys.has(object))
      .flatMap(({ object, manager, fields }) => {
        const field = fields.find((held) => changed.some((one) => within(held, one) || within(one, held)));
        return field === undefined ? [] : [`${manager} holds ${field} of ${object}`];
      });
  });

/** Argo CD or Flux holds a field that changes: it would put it back, or fight. */
export const gitops: EvidenceRule = (question) =>
  evidenceAbout('gitops', question.policy.document.evidence.gitops, heldFields(question));

/** A scale on a target that a HorizontalPodAutoscaler governs. */
export const autoscaled: EvidenceRule = ({ writes, facts, policy }) =>
  evidenceAbout(
    'autoscaled',
    policy.document.evidence.autoscaled,
    writes
      .filter(({ kind }) => kind === 'scale')
      .flatMap(({ effect }) => {
        const keys = new Set(targetsOf(effect, facts).map(objectKey));
        return facts.neighbourhood.autoscalers
          .filter(({ target }) => keys.has(target))
          .map(({ namespace, name, min, max }) => `${namespace}/${name} keeps ${min} to ${max}`);
      }),
  );

/** Whether the controller of a target undoes changes of it: a pod is recreated instead, and a CronJob leaves its Jobs alone. */
const isGoverned = ({ group, resource, controller }: TargetFact): boolean =>
  controller !== null && !(group === '' && resource === 'pods') && !controller.startsWith('CronJob/');

/** A target with a controller that will undo or fight the change. */
export const owned: EvidenceRule = ({ writes, facts, policy }) =>
  evidenceAbout(
    'owned',
    policy.document.evidence.owned,
    writes.flatMap(({ effect }) =>
      targetsOf(effect, facts)
        .filter(isGoverned)
        .map((target) => `${target.controller} of ${placedName(target)}`),
    ),
  );
