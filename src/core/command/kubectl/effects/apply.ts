// Whole objects from manifests: create -f, apply with its prune and force, replace with its force.
import type { ActionKind, Effect, Trait } from '../../../model/effect.ts';
import type { JsonObject } from '../../../model/json.ts';
import { type Refusal, undecided } from '../../../model/refusal.ts';
import { editsOfObject } from '../body/patch.ts';
import type { BodyChanges } from '../body/read-body.ts';
import { allOf, isOn, lastOf } from '../flags.ts';
import { resolveResource, unknownResource } from '../resolve.ts';
import { writesBody } from './body.ts';
import { ANY_KIND } from './built-in.ts';
import { deletes, deletionOf } from './delete.ts';
import {
  type CommandEffects,
  concat,
  concatAll,
  effectsOnly,
  type Kind,
  type KubectlCommand,
  NO_EFFECTS,
  onlyIf,
  refusalsOnly,
  writeEffect,
} from './effect-builder.ts';
import { type Manifest, type Manifests, manifestsOf, unseenWrite } from './manifests.ts';
import { printsObjects } from './printed.ts';
import { selectionByFlags } from './selection.ts';
import { sentByApply, sentByCreate, sentByReplace } from './sent-manifests.ts';
import { refusedKinds } from './targets.ts';

/** A whole object never is a lesser kind of patch. Some kinds are a grant whatever. */
export function kindUnless(kind: 'create' | 'apply'): (reading: BodyChanges) => ActionKind {
  return ({ patchKind }) => (patchKind === 'grant' || patchKind === 'exec' ? patchKind : kind);
}

/** What making an object is; asking the API server something is a read. */
export function creationKind(kind: Kind, reading: BodyChanges): ActionKind {
  if (isReview(kind)) return 'read';
  if (kind.resource.name === 'horizontalpodautoscalers' && reading.patchKind !== 'grant') return 'autoscale';
  return kindUnless('create')(reading);
}

const isReview = ({ resource }: Kind): boolean =>
  resource.group === 'authorization.k8s.io' || resource.name === 'selfsubjectreviews';

/** Kinds that run a command which the proposer wrote, as create job and its like do. */
const RUNS = new Set(['pods', 'jobs', 'cronjobs', 'deployments']);

const runs = ({ resource, known }: Kind): boolean => known === 'built-in' && RUNS.has(resource.name);

/** Whether a new object runs a command that its body spells out. */
export function runsOwnCommand(kind: Kind, body: JsonObject): boolean {
  return runs(kind) && COMMAND_IN_BODY.test(JSON.stringify(body['spec'] ?? null));
}

/** Creating one object. */
const creates = (command: KubectlCommand, manifest: Manifest, traits: readonly Trait[]): CommandEffects => {
  const { kind, namespace, name, body } = manifest;
  return writesBody(command, kind, namespace, name, editsOfObject(body, 'said'), {
    verb: 'create',
    road: 'create',
    subresource: null,
    selector: null,
    traits,
    kindOf: (reading) => creationKind(kind, reading),
    mutation: sentByCreate(command, manifest),
  });
};

const unknownKinds = (command: KubectlCommand, manifests: readonly Manifest[]): CommandEffects => {
  if (command.dryRun !== 'none') return NO_EFFECTS;
  const refusals = refusedKinds(manifests.map(({ kind, name }) => ({ ...kind, name: name ?? '*' })));
  return refusalsOnly(refusals);
};

/** create -f: each object as it stands there. */
export function createFiles(command: KubectlCommand): CommandEffects {
  return isOn(command.invocation, 'edit') && command.dryRun === 'none'
    ? concat(makeFiles(command), EDITED)
    : makeFiles(command);
}

/** What an editor makes of the objects first is not known. */
const EDITED: CommandEffects = {
  ...NO_EFFECTS,
  undecided: true,
  refusals: [undecided('editor')],
};

const makeFiles = (command: KubectlCommand): CommandEffects => {
  const { objects, unseen, refusals } = manifestsOf(command);
  const made = concatAll([
    ...objects.map((manifest) => {
      const result = creates(command, manifest, []);
      return runsOwnCommand(manifest.kind, manifest.body) ? withTrait(result, 'explicit-command') : result;
    }),
    refusalsOnly(refusals),
    unknownKinds(command, objects),
    unseenWrite(command, unseen, 'create', 'create', []),
  ]);
  return unseen.length === 0 && printsObjects(command) ? { ...made, prints: objects.map(({ body }) => body) } : made;
};

const COMMAND_IN_BODY = /"(?:command|args)":\[[^\]]/;

const withTrait = (result: CommandEffects, trait: Trait): CommandEffects => ({
  ...result,
  effects: result.effects.map((effect) => (effect.dryRun ? effect : { ...effect, traits: [...effect.traits, trait] })),
});

/**
 * What apply --prune deletes when nobody says otherwise, whether or not -n is given (kubectl 1.36, pkg/util/prune, which
 * only warns that -n will one day spare what lives in no namespace).
 */
const PRUNED = [
  'configmaps',
  'endpoints',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'secrets',
  'services',
  'jobs.batch',
  'cronjobs.batch',
  'ingresses.networking.k8s.io',
  'daemonsets.apps',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'namespaces',
  'persistentvolumes',
].flatMap((word) => resolveResource(word, []) ?? []);

/** "core/v1/ConfigMap" → its kind. */
const allowedKind = (command: KubectlCommand, entry: string): Kind => {
  const [group = '', version = '', kind = ''] = entry.split('/');
  const word = `${kind}.${version}.${group === 'core' ? '' : group}`;
  const found = resolveResource(word, command.surroundings.customResources);
  return found ?? { resource: unknownResource(word), known: 'unknown' };
};

/** --applyset is a flag only where KUBECTL_APPLYSET=true stands in the environment. */
const isApplySet = ({ code, about }: Refusal): boolean =>
  code === 'unknown-flag' && about?.includes('--applyset') === true;

/** Where --prune looks: in the namespaces of what it applies, and nowhere else in particular when that lives in none. */
const prunedNamespaces = (command: KubectlCommand, { objects, unseen }: Manifests): readonly string[] => {
  const seen = objects.flatMap(({ namespace }) => (namespace === null ? [] : [namespace]));
  return [...new Set(unseen.length > 0 ? [...seen, command.namespace] : seen)];
};

/** The objects of a kind that are applied, which stay; null where not all that is applied was read. */
const keptNames = ({ resource }: Kind, namespace: string, { objects, unseen }: Manifests): readonly string[] | null =>
  unseen.length > 0
    ? null
    : objects
        .filter(
          ({ kind, namespace: own }) =>
            kind.resource.name === resource.name &&
            kind.resource.group === resource.group &&
            (!resource.namespaced || own === namespace),
        )
        .flatMap(({ name }) => name ?? []);

/** The deletions of --prune: of every kind on its list, whatever is not in the manifests. An apply set can hold any kind. */
const prunes = (command: KubectlCommand, grace: number | null, manifests: Manifests): CommandEffects => {
  const { invocation } = command;
  if (!isOn(invocation, 'prune')) return NO_EFFECTS;
  const { selector, traits } = selectionByFlags(invocation);
  const deletion = deletionOf(invocation, grace);
  const namespaces = prunedNamespaces(command, manifests);
  const inEach = (kind: Kind): readonly Effect[] =>
    (kind.resource.namespaced ? namespaces : [command.namespace]).map((namespace) => delete_(kind, [], namespace));
  const delete_ = (kind: Kind, more: readonly Trait[], namespace: string) => {
    const details = deletes(kind.resource, deletion, ['prune', ...traits, ...more]);
    const keeps = keptNames(kind, namespace, manifests);
    const change = keeps === null ? details.change : { ...deletion.change, keeps };
    return writeEffect(command, kind, namespace, '*', { ...details, change, selector });
  };
  if (invocation.flags.has('applyset') || invocation.refusals.some(isApplySet)) {
    const hidden = {
      ...effectsOnly([delete_(ANY_KIND, ['kind-unknown'], command.namespace)]),
      undecided: command.dryRun === 'none',
    };
    return { ...hidden, refusals: [undecided('kind', '--applyset')] };
  }
  const listed = [...allOf(invocation, 'prune-allowlist'), ...allOf(invocation, 'prune-whitelist')];
  if (listed.length === 0) return effectsOnly(PRUNED.flatMap(inEach));
  return effectsOnly(listed.flatMap((entry) => inEach(allowedKind(command, entry))));
};

const graceGiven = (command: KubectlCommand): number | null => {
  const given = Number(lastOf(command.invocation, 'grace-period') ?? -1);
  return Number.isNaN(given) || given < 0 ? null : given;
};

/** replace turns a grace of 0 into 1 (kubectl 1.36, replace.go). */
const graceOfReplace = (command: KubectlCommand): number | null => {
  const grace = graceGiven(command);
  return grace === 0 ? 1 : grace;
};

/** --force: the object is deleted and made anew. */
const forces = (command: KubectlCommand, manifest: Manifest, grace: number | null): CommandEffects => {
  const deletion = deletionOf(command.invocation, grace);
  const { kind, namespace, name } = manifest;
  return effectsOnly([writeEffect(command, kind, namespace, name ?? '*', deletes(kind.resource, deletion, []))]);
};

/** apply: a patch that states the wanted object, by either side. A dry run forces nothing. */
export function apply(command: KubectlCommand): CommandEffects {
  const manifests = manifestsOf(command);
  const { objects, unseen, refusals } = manifests;
  const forced = isOn(command.invocation, 'force') && command.dryRun === 'none';
  const grace = graceGiven(command);
  const traits: readonly Trait[] = forced ? ['force'] : [];
  const subresource = lastOf(command.invocation, 'subresource');
  const results = objects.map((manifest): CommandEffects => {
    const { kind, namespace, name, body } = manifest;
    const written = writesBody(command, kind, namespace, name, editsOfObject(body, 'said'), {
      verb: 'patch',
      road: 'apply',
      subresource: subresource === '' ? null : subresource,
      selector: null,
      traits,
      kindOf: kindUnless('apply'),
      mutation: sentByApply(command, manifest),
    });
    if (!forced) return written;
    // kubectl 1.36, pkg/cmd/apply/patcher.go: what the API server would not have changed is deleted and made anew
    const anew = concat(forces(command, manifest, grace), creates(command, manifest, traits));
    return concat(written, onlyIf('invalid', anew));
  });
  const applied = concatAll([
    ...results,
    refusalsOnly(refusals),
    unknownKinds(command, objects),
    unseenWrite(command, unseen, 'patch', 'apply', traits),
    forced ? unseenForce(command, unseen, grace) : NO_EFFECTS,
    prunes(command, grace, manifests),
  ]);
  return unseen.length === 0 && printsObjects(command)
    ? { ...applied, prints: objects.map(({ body }) => body) }
    : applied;
}

/** The deletion and the creation that --force does of objects nobody has seen. */
const unseenForce = (command: KubectlCommand, unseen: readonly string[], grace: number | null): CommandEffects =>
  concat(
    unseenWrite(command, unseen, 'delete', 'delete-object', deletionOf(command.invocation, grace).traits),
    unseenWrite(command, unseen, 'create', 'create', ['force']),
  );

/** replace: a PUT of the whole object; with --force a deletion and a creation. */
export function replace(command: KubectlCommand): CommandEffects {
  const { objects, unseen, refusals } = manifestsOf(command);
  const forced = isOn(command.invocation, 'force');
  const grace = graceOfReplace(command);
  const subresource = lastOf(command.invocation, 'subresource');
  const results = objects.map((manifest): CommandEffects => {
    const { kind, namespace, name, body } = manifest;
    if (forced) return concat(forces(command, manifest, grace), creates(command, manifest, ['force']));
    return writesBody(command, kind, namespace, name, editsOfObject(body, 'put'), {
      verb: 'update',
      road: 'put',
      subresource: subresource === '' ? null : subresource,
      selector: null,
      traits: [],
      kindOf: (reading) => (subresource === 'scale' ? 'scale' : kindUnless('apply')(reading)),
      mutation: sentByReplace(command, manifest),
    });
  });
  return concatAll([
    ...results,
    refusalsOnly(refusals),
    unknownKinds(command, objects),
    forced ? unseenForce(command, unseen, grace) : unseenWrite(command, unseen, 'update', 'apply', []),
  ]);
}
