// certificate, auth reconcile, apply set-last-applied, diff, and what only changes files of the machine it runs on.
import { PLAIN_ABSENCE, type Trait } from '../../../model/effect.ts';
import type { Mutation } from '../../../model/mutation.ts';
import { editsOfObject } from '../body/patch.ts';
import { isOn } from '../flags.ts';
import { writesBody } from './body.ts';
import {
  type CommandEffects,
  concat,
  concatAll,
  effectsOnly,
  isSecret,
  type KubectlCommand,
  NO_EFFECTS,
  onlyIf,
  PLAIN,
  readEffect,
  refusalsOnly,
  writeEffect,
} from './effect-builder.ts';
import { comesFromFiles, type Manifest, manifestsOf, unseenRead, unseenWrite } from './manifests.ts';
import { sentByCreate, sentByReconcile } from './sent-manifests.ts';
import { namedOf, targetConcerns } from './targets.ts';
import { writeFiles } from './write.ts';

/** A certificate makes its holder somebody: approving and denying write the approval. */
const approves =
  (traits: readonly Trait[]) =>
  (command: KubectlCommand): CommandEffects => {
    const doing = { ...PLAIN, verb: 'update', kind: 'grant', subresource: 'approval', traits } as const;
    if (comesFromFiles(command)) return writeFiles(command, () => doing, { verb: 'update', kind: 'grant', traits });
    const { args } = command.invocation;
    const targets = args.length === 0 ? [] : namedOf(command, 'certificatesigningrequests', args);
    const effects = targets.map((target) => writeEffect(command, target, null, target.name, doing));
    return concat(effectsOnly(effects), targetConcerns(command, targets));
  };
export const approveCertificate = approves(['approves-csr']);
export const denyCertificate = approves([]);

/**
 * auth reconcile makes roles and bindings as the manifests want them: anew, or by an update of those that are there. A
 * binding of another role is deleted first (kubectl 1.36, component-helpers/auth/rbac/reconciliation).
 */
export function reconcile(command: KubectlCommand): CommandEffects {
  const { objects, unseen, refusals } = manifestsOf(command);
  const hidden = (['create', 'update'] as const).map((verb) => unseenWrite(command, unseen, verb, 'grant', []));
  return concatAll([...objects.map((manifest) => reconcileOne(command, manifest)), refusalsOnly(refusals), ...hidden]);
}

const reconcileOne = (command: KubectlCommand, manifest: Manifest): CommandEffects => {
  const { kind, namespace, name, body } = manifest;
  const written = (verb: 'create' | 'update', mutation: Mutation | null): CommandEffects =>
    writesBody(command, kind, namespace, name, editsOfObject(body, 'said'), {
      verb,
      road: 'apply',
      subresource: null,
      selector: null,
      traits: [],
      kindOf: () => 'grant',
      mutation,
    });
  const deletion = writeEffect(command, kind, namespace, name, {
    ...PLAIN,
    verb: 'delete',
    kind: 'grant',
    change: PLAIN_ABSENCE,
  });
  const isBinding = kind.resource.name.endsWith('bindings');
  const update = written('update', sentByReconcile(command, manifest, isBinding));
  const create = written('create', sentByCreate(command, manifest));
  if (!isBinding) return concat(update, onlyIf('absent', create));
  return concatAll([update, onlyIf('invalid', effectsOnly([deletion])), onlyIf('invalid-or-absent', create)]);
};

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export function setLastApplied(command: KubectlCommand): CommandEffects {
  return writeFiles(
    command,
    () => ({
      ...PLAIN,
      verb: 'patch',
      kind: 'annotate',
      annotationKeys: [LAST_APPLIED],
      traits: ['effectful-annotation'],
    }),
    { verb: 'patch', kind: 'annotate', traits: [] },
  );
}

/** diff asks the server what would change: dry runs, shown without the data of Secrets unless asked for. */
export function diff(command: KubectlCommand): CommandEffects {
  const rehearsal: KubectlCommand = { ...command, dryRun: 'server' };
  const { objects, unseen, refusals } = manifestsOf(command);
  const shown = isOn(command.invocation, 'show-secrets');
  const effects = objects.map(({ kind, namespace, name }) =>
    writeEffect(rehearsal, kind, namespace, name, { ...PLAIN, verb: 'patch', kind: 'read' }),
  );
  const secrets = objects
    .filter(({ kind }) => shown && isSecret(kind.resource))
    .map(({ kind, namespace, name }) =>
      readEffect(kind, namespace, name, { ...PLAIN, verb: 'get', kind: 'sensitive-read' }),
    );
  const hidden = unseenWrite(rehearsal, unseen, 'patch', 'read', []);
  const risky = shown && unseen.length > 0 ? { ...unseenRead(unseen, 'human'), refusals: [] } : NO_EFFECTS;
  return concatAll([effectsOnly([...effects, ...secrets]), refusalsOnly(refusals), hidden, risky]);
}

/** Changes a file of the machine: nothing of it reaches the cluster now, anything may later. */
export function localFile(): CommandEffects {
  return {
    ...NO_EFFECTS,
    opaque: { why: 'it changes a local configuration file', floor: 'human' },
  };
}
