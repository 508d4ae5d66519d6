// run, expose, autoscale: objects that kubectl makes itself from flags and --overrides.

import type { ActionKind, Trait } from '../../../model/effect.ts';
import type { Json, JsonObject } from '../../../model/json.ts';
import { mergePatched } from '../../../model/merge-patch.ts';
import type { MutationContent, PatchType } from '../../../model/mutation.ts';
import { type Refusal, undecided } from '../../../model/refusal.ts';
import type { Edit } from '../body/edit.ts';
import { editsOfObject, editsOfPatch } from '../body/patch.ts';
import { allOf, isGiven, isOn, lastOf } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { objectOfPairs, variablesOf } from '../pairs.ts';
import { writesBody } from './body.ts';
import { AUTOSCALERS, PODS, SERVICES } from './built-in.ts';
import {
  type CommandEffects,
  concat,
  concatAll,
  effectsOnly,
  type Kind,
  type KubectlCommand,
  NO_EFFECTS,
  PLAIN,
  refusalsOnly,
  writeEffect,
} from './effect-builder.ts';
import { commaPairs, madeAutoscaler, madePodService } from './made-for-objects.ts';
import { madePod } from './made-workloads.ts';
import { asObject, comesFromFiles, documentsOf, manifestsOf, unseenWrite } from './manifests.ts';
import { attaches } from './pods.ts';
import { printedObject, printsObjects } from './printed.ts';
import { withSavedConfig } from './saved-config.ts';
import { sending, sent } from './sent.ts';
import { namedTargets, refusedKinds, refusedName, refusedNamespace, targetConcerns } from './targets.ts';

const OVERRIDE_TYPES: ReadonlyMap<string, PatchType> = new Map([
  ['json', 'json'],
  ['strategic', 'strategic'],
  ['merge', 'merge'],
]);

/** What --overrides adds to the object: edits, the name it gives, and whether it could be read at all. */
interface Overrides {
  readonly edits: readonly Edit[];
  readonly name: string | null;
  /** As it stands; null where there is none, or it cannot be read. */
  readonly document: Json | null;
  readonly concerns: CommandEffects;
}

const NO_OVERRIDES: Overrides = { edits: [], name: null, document: null, concerns: NO_EFFECTS };

const UNREADABLE: CommandEffects = {
  ...NO_EFFECTS,
  undecided: true,
  refusals: [undecided('content', '--overrides')],
};

const overridesOf = (command: KubectlCommand): Overrides => {
  const text = lastOf(command.invocation, 'overrides') ?? '';
  if (text === '') return NO_OVERRIDES;
  const type = OVERRIDE_TYPES.get(lastOf(command.invocation, 'override-type') ?? 'merge') ?? 'merge';
  const documents = documentsOf(command, text, 'overrides');
  const document: Json | undefined = documents?.length === 1 ? documents[0] : undefined;
  const edits = document === undefined ? null : editsOfPatch(type, document);
  if (document === undefined || edits === null)
    return { ...NO_OVERRIDES, concerns: command.dryRun === 'none' ? UNREADABLE : NO_EFFECTS };
  const name = asObject(asObject(document)?.['metadata'])?.['name'];
  return { edits, name: typeof name === 'string' ? name : null, document, concerns: NO_EFFECTS };
};

/** Creates one object made from flags. */
export function createsMade(
  command: KubectlCommand,
  kind: Kind,
  name: string | null,
  body: JsonObject,
  actionKind: ActionKind,
  traits: readonly Trait[],
  overrides: Overrides = NO_OVERRIDES,
): CommandEffects {
  const edits = [...editsOfObject(body, 'said'), ...overrides.edits];
  const given = overrides.name ?? name;
  const badName = given === null ? null : refusedName(given, kind.resource);
  const badNamespace = kind.resource.namespaced ? refusedNamespace(command.namespace) : null;
  const written = writesBody(command, kind, command.namespace, given, edits, {
    verb: 'create',
    road: 'create',
    subresource: null,
    selector: null,
    traits,
    kindOf: (reading) => (reading.patchKind === 'grant' ? 'grant' : actionKind),
  });
  const refusals = [badName, badNamespace].filter((bad) => bad !== null);
  const prints =
    given !== null && overrides === NO_OVERRIDES && printsObjects(command)
      ? [printedObject(command, kind, given, body)]
      : null;
  return concat({ ...written, refusals: [...written.refusals, ...refusals], prints }, overrides.concerns);
}

/** --labels=a=b,c=d */
const labelsOf = (invocation: Invocation): readonly string[] =>
  (lastOf(invocation, 'labels') ?? '').split(',').filter((pair) => pair !== '');

/** The pod that run makes. */
const podBody = ({ invocation }: KubectlCommand): JsonObject => {
  const argv = invocation.args.slice(1);
  const image = lastOf(invocation, 'image');
  return {
    metadata: {
      labels: objectOfPairs(labelsOf(invocation)),
      annotations: objectOfPairs(allOf(invocation, 'annotations')),
    },
    spec: {
      containers: [
        {
          ...(image === null ? {} : { image }),
          env: variablesOf(allOf(invocation, 'env')),
          ...(argv.length === 0 ? {} : isOn(invocation, 'command') ? { command: argv } : { args: argv }),
          ...(isOn(invocation, 'privileged') ? { securityContext: { privileged: true } } : {}),
        },
      ],
    },
  };
};

/** The creation of an object that kubectl makes from flags; null where it is not known, or the annotation of apply is wanted. */
const createOf = (object: JsonObject | null): MutationContent | null =>
  object === null ? null : { is: 'create', object };

/** What --overrides says, as a merge patch; null where it is none, or of another type. */
const mergedOverrides = ({ invocation }: KubectlCommand, { document }: Overrides): Json | null =>
  (lastOf(invocation, 'override-type') ?? 'merge') === 'merge' ? document : null;

/** The pod with what --overrides says: a merge patch alone is read here. */
const podWanted = (command: KubectlCommand, overrides: Overrides): MutationContent | null => {
  const isSaved = isOn(command.invocation, 'save-config');
  const pod = madePod(command);
  const saved = pod !== null && isSaved ? withSavedConfig(pod) : pod;
  if (pod === null || (lastOf(command.invocation, 'overrides') ?? '') === '') return createOf(saved);
  const patch = mergedOverrides(command, overrides);
  // What is noted is the pod with what --overrides says.
  return patch === null || isSaved ? null : createOf(asObject(mergePatched(pod, patch)));
};

/** A reference to an image (distribution/reference, as kubectl run asks before it sends anything). */
const IMAGE = (() => {
  const part = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*';
  const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
  const host = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
  const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
  return new RegExp(`^(?:${host}/)?${part}(?:/${part})*(?::\\w[\\w.-]{0,127})?(?:@${digest})?$`);
})();

const refusedImage = ({ invocation }: KubectlCommand): readonly Refusal[] => {
  const image = lastOf(invocation, 'image') ?? '';
  return image === '' || IMAGE.test(image) ? [] : [{ code: 'usage-error', about: `invalid image name ${image}` }];
};

export function runPod(command: KubectlCommand): CommandEffects {
  const { invocation, namespace } = command;
  const overrides = overridesOf(command);
  const [given] = invocation.args;
  const name = overrides.name ?? given ?? null;
  const attached = isOn(invocation, 'stdin') || isOn(invocation, 'attach');
  const chosen = invocation.args.length > 1 || isOn(invocation, 'command') || isGiven(invocation, 'overrides');
  const traits: readonly Trait[] = chosen ? ['explicit-command'] : [];
  const pod = sending(
    createsMade(command, PODS, given ?? null, podBody(command), attached ? 'exec' : 'create', traits, overrides),
    sent(command, () => podWanted(command, overrides)),
  );
  const streams = attaches(invocation)
    ? [writeEffect(command, PODS, namespace, name, { ...PLAIN, verb: 'connect', kind: 'exec', subresource: 'attach' })]
    : [];
  const removes = isOn(invocation, 'rm')
    ? [writeEffect(command, PODS, namespace, name, { ...PLAIN, verb: 'delete', kind: 'delete-pod' })]
    : [];
  const service = isOn(invocation, 'expose')
    ? sending(
        createsMade(command, SERVICES, given ?? null, {}, 'create', []),
        sent(command, () => createOf(madePodService(command))),
      )
    : NO_EFFECTS;
  return concatAll([pod, service, effectsOnly([...streams, ...removes]), refusalsOnly(refusedImage(command))]);
}

/** The objects that expose and autoscale are for. */
const forEach = (
  command: KubectlCommand,
  make: (name: string | null, kind: Kind | null, alone: boolean) => CommandEffects,
): CommandEffects => {
  if (comesFromFiles(command)) {
    const { objects, unseen, refusals } = manifestsOf(command);
    const unseenObject = unseen.length === 0 ? NO_EFFECTS : make(null, null, false);
    const alone = objects.length === 1 && unseen.length === 0;
    const bytes = unseenWrite(command, unseen, 'create', 'create', []);
    return concatAll([
      ...objects.map(({ name, kind }) => make(name, kind, alone)),
      unseenObject,
      { ...bytes, effects: [] },
      refusalsOnly(refusals),
    ]);
  }
  const targets = namedTargets(command, command.invocation.args);
  const refusals = command.dryRun === 'none' ? refusedKinds(targets) : [];
  return concatAll([
    ...targets.map((target) => make(target.name, target, targets.length === 1)),
    { ...targetConcerns(command, targets) },
    refusalsOnly(refusals),
  ]);
};

/** --name wins over the name of the object that is exposed or scaled. */
const nameFor = (command: KubectlCommand, name: string | null): string | null => {
  const given = lastOf(command.invocation, 'name') ?? '';
  return given === '' ? name : given;
};

export function expose(command: KubectlCommand): CommandEffects {
  const overrides = overridesOf(command);
  const address = lastOf(command.invocation, 'external-ip') ?? '';
  const body: JsonObject = {
    metadata: { labels: objectOfPairs(labelsOf(command.invocation)) },
    spec: {
      type: lastOf(command.invocation, 'type') ?? 'ClusterIP',
      ...(address === '' ? {} : { externalIPs: [address] }),
    },
  };
  return forEach(command, (name, kind, alone) =>
    sending(
      createsMade(command, SERVICES, nameFor(command, name), body, 'create', [], overrides),
      // of several objects kubectl takes selector and ports of the first for all
      alone ? sent(command, () => exposureOf(command, kind, name, overrides)) : null,
    ),
  );
}

/** A Service of the object's own; its name is cut to what a Service may have (kubectl 1.36, expose.go). */
const exposureOf = (
  command: KubectlCommand,
  kind: Kind | null,
  name: string | null,
  overrides: Overrides,
): MutationContent | null => {
  const { invocation } = command;
  if (overrides !== NO_OVERRIDES && mergedOverrides(command, overrides) === null) return null;
  const flag = (word: string): string | null => lastOf(invocation, word) || null;
  const [selector, labels] = [flag('selector'), flag('labels')];
  const read = { selector: commaPairs(selector), labels: commaPairs(labels) };
  if (kind === null || name === null || name === '*' || isOn(invocation, 'save-config')) return null;
  if ((selector !== null && read.selector === null) || (labels !== null && read.labels === null)) return null;
  return {
    is: 'expose',
    of: { group: kind.resource.group, resource: kind.resource.name, name },
    name: nameFor(command, name.slice(0, 63)) ?? name,
    ...read,
    port: flag('port'),
    targetPort: flag('target-port'),
    protocol: flag('protocol'),
    type: flag('type'),
    externalIP: flag('external-ip'),
    loadBalancerIP: flag('load-balancer-ip'),
    sessionAffinity: flag('session-affinity'),
    clusterIP: flag('cluster-ip'),
    overrides: mergedOverrides(command, overrides),
  };
};

/** kubectl reads what shall be scaled first, and makes no autoscaler for what is not there. */
const autoscalerOf = (command: KubectlCommand, kind: Kind | null, name: string | null): MutationContent | null => {
  const object = madeAutoscaler(command, kind, name, nameFor(command, name));
  if (object === null || kind === null || name === null) return null;
  return { is: 'create', object, of: { group: kind.resource.group, resource: kind.resource.name, name } };
};

export function autoscale(command: KubectlCommand): CommandEffects {
  const max = Number(lastOf(command.invocation, 'max') ?? 0);
  return forEach(command, (name, kind) => {
    const apiVersion =
      kind === null ? '' : [kind.resource.group, kind.resource.versions[0] ?? ''].filter(Boolean).join('/');
    const scaleTargetRef: JsonObject =
      kind === null || name === null ? {} : { apiVersion, kind: kind.resource.kind, name };
    const body: JsonObject = { spec: { maxReplicas: max, scaleTargetRef } };
    return sending(
      createsMade(command, AUTOSCALERS, nameFor(command, name), body, 'autoscale', []),
      sent(command, () => autoscalerOf(command, kind, name)),
    );
  });
}
