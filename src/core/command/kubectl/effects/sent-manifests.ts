// An object of a manifest becomes what create, apply and replace send of it.
import { type JsonObject, ownValue } from '../../../model/json.ts';
import { lastAppliedOf, withLastApplied } from '../../../model/last-applied.ts';
import type { Mutation } from '../../../model/mutation.ts';
import { textOf } from '../body/edit.ts';
import { isOn, lastOf } from '../flags.ts';
import type { KubectlCommand } from './effect-builder.ts';
import { asObject, type Manifest } from './manifests.ts';
import { equalities } from './selection.ts';
import { sent } from './sent.ts';

/** The object with the namespace that it goes to, as it is sent. */
const placed = ({ kind, namespace, body }: Manifest): JsonObject => {
  const metadata = asObject(body['metadata']) ?? {};
  return kind.resource.namespaced && namespace !== null && textOf(metadata['namespace']) === ''
    ? { ...body, metadata: { ...metadata, namespace } }
    : body;
};

/** The annotation of apply is written anew where it is wanted, or already there. */
const annotated = (command: KubectlCommand, object: JsonObject): JsonObject =>
  isOn(command.invocation, 'save-config') || lastAppliedOf(object) !== null ? withLastApplied(object) : object;

/** A new object has no version yet; whatever an exported one says is left out. */
const unversioned = (object: JsonObject): JsonObject => {
  const { resourceVersion: _before, ...metadata } = asObject(object['metadata']) ?? {};
  return { ...object, metadata };
};

/** What create sends, and replace --force and apply --force after their deletion. */
export function sentByCreate(command: KubectlCommand, manifest: Manifest): Mutation | null {
  const { invocation } = command;
  if (manifest.kind.known === 'unknown' || isOn(invocation, 'edit')) return null;
  const whole = (): JsonObject => {
    if (invocation.key === 'auth reconcile') return placed(manifest);
    return invocation.key === 'apply' ? withLastApplied(placed(manifest)) : annotated(command, placed(manifest));
  };
  return sent(command, () => ({ is: 'create', object: unversioned(whole()) }), {
    isChosen: invocation.key === 'apply' && isChosenBySelector(command, manifest),
  });
}

const DEFAULT_MANAGER = 'kubectl';

/** What apply sends, by either side. */
export function sentByApply(command: KubectlCommand, manifest: Manifest): Mutation | null {
  const { invocation } = command;
  if (manifest.kind.known === 'unknown') return null;
  const fieldManager = lastOf(invocation, 'field-manager') ?? DEFAULT_MANAGER;
  return sent(
    command,
    () => ({
      is: 'apply',
      object: placed(manifest),
      overwrite: (lastOf(invocation, 'overwrite') ?? 'true') === 'true',
      serverSide: isOn(invocation, 'server-side') ? { fieldManager, force: isOn(invocation, 'force-conflicts') } : null,
    }),
    { isChosen: isChosenBySelector(command, manifest) },
  );
}

/** Whether the labels of an object are those of --selector; one that does not name values is not looked into. */
const isChosenBySelector = ({ invocation }: KubectlCommand, { body }: Manifest): boolean => {
  const wanted = equalities(lastOf(invocation, 'selector') ?? '');
  const labels = asObject(asObject(body['metadata'])?.['labels']) ?? {};
  return wanted !== null && Object.entries(wanted).every(([key, value]) => ownValue(labels, key) === value);
};

/** What replace puts in the place of the object. */
export function sentByReplace(command: KubectlCommand, manifest: Manifest): Mutation | null {
  return manifest.kind.known === 'unknown'
    ? null
    : sent(command, () => ({ is: 'replace', object: annotated(command, placed(manifest)) }));
}

/** What auth reconcile makes of a role or a binding that is there. */
export function sentByReconcile(command: KubectlCommand, manifest: Manifest, isBinding: boolean): Mutation | null {
  const flag = isBinding ? 'remove-extra-subjects' : 'remove-extra-permissions';
  const { body: object, kind } = manifest;
  // kubectl looks into no other place than the object itself says, whatever -n is
  const hasPlace = !kind.resource.namespaced || textOf(asObject(object['metadata'])?.['namespace']) !== '';
  // it passes over what is neither a role nor a binding of this version
  return hasPlace && kind.resource.group === 'rbac.authorization.k8s.io' && textOf(object['apiVersion']).endsWith('/v1')
    ? sent(command, () => ({ is: 'reconcile', object, removeExtra: isOn(command.invocation, flag) }))
    : null;
}
