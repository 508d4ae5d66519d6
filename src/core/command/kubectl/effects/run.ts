// run, expose, autoscale: objects that kubectl makes itself from flags and --overrides. It must never read a manifest.
import type { ActionKind, Trait } from '../../../model/effect.ts';
import type { Json, JsonObject } from '../../../model/json.ts';
import type { Edit } from '../body/edit.ts';
import { editsOfObject, editsOfPatch, type PatchType } from '../body/patch.ts';
import { isGiven, isOn, lastOf } from '../flags.ts';
import { writesBody } from './body.ts';
import { AUTOSCALERS, PODS, SERVICES } from './built-in.ts';
import { all, both, type Command, does, type Kind, NOTHING, type Outcome, PLAIN, writes } from './command.ts';
import { asObject, comesFromFiles, documentsOf, manifestsOf, unseenWrite } from './manifests.ts';
import { attaches } from './pods.ts';
import { refusedKinds, refusedName, refusedNamespace, targetConcerns, targetsOf } from './targets.ts';

const OVERRIDE_TYPES: ReadonlyMap<string, PatchType> = new Map([
  ['json', 'json'],
  ['strategic', 'strategic'],
  ['merge', 'merge'],
]);

/** What --overrides adds to the object: edits, the name it gives, and whether it could be read at all. */
interface Overrides {
  readonly edits: readonly Edit[];
  readonly name: string | null;
  readonly concerns: Outcome;
}

const NO_OVERRIDES: Overrides = { edits: [], name: null, concerns: NOTHING };

const UNREADABLE: Outcome = {
  ...NOTHING,
  undecided: true,
  refusals: [{ code: 'hard-rule-undecided', about: '--overrides cannot be read' }],
};

const overridesOf = (command: Command): Overrides => {
  const text = lastOf(command.invocation, 'overrides') ?? '';
  if (text === '') return NO_OVERRIDES;
  const type = OVERRIDE_TYPES.get(lastOf(command.invocation, 'override-type') ?? 'merge') ?? 'merge';
  const documents = documentsOf(command, text, 'overrides');
  const document: Json | undefined = documents?.length === 1 ? documents[0] : undefined;
  const edits = document === undefined ? null : editsOfPatch(type, document);
  if (document === undefined || edits === null)
    return { ...NO_OVERRIDES, concerns: command.dryRun === 'none' ? UNREADABLE : NOTHING };
  const name = asObject(asObject(document)?.['metadata'])?.['name'];
  return { edits, name: typeof name === 'string' ? name : null, concerns: NOTHING };
};

/** Creates one object made from flags. */
export const createsMade = (
  command: Command,
  kind: Kind,
  name: string | null,
  body: JsonObject,
  actionKind: ActionKind,
  traits: readonly Trait[],
  overrides: Overrides = NO_OVERRIDES,
): Outcome => {
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
  return both({ ...written, refusals: [...written.refusals, ...refusals] }, overrides.concerns);
};

/** The pod that run makes. */
const podBody = ({ invocation }: Command): JsonObject => {
  const argv = invocation.args.slice(1);
  const image = lastOf(invocation, 'image');
  return {
    spec: {
      containers: [
        {
          ...(image === null ? {} : { image }),
          ...(argv.length === 0 ? {} : isOn(invocation, 'command') ? { command: argv } : { args: argv }),
          ...(isOn(invocation, 'privileged') ? { securityContext: { privileged: true } } : {}),
        },
      ],
    },
  };
};

export const run = (command: Command): Outcome => {
  const { invocation, namespace } = command;
  const overrides = overridesOf(command);
  const [given] = invocation.args;
  const name = overrides.name ?? given ?? null;
  const attached = isOn(invocation, 'stdin') || isOn(invocation, 'attach');
  const chosen = invocation.args.length > 1 || isOn(invocation, 'command') || isGiven(invocation, 'overrides');
  const traits: readonly Trait[] = chosen ? ['explicit-command'] : [];
  const pod = createsMade(
    command,
    PODS,
    given ?? null,
    podBody(command),
    attached ? 'exec' : 'create',
    traits,
    overrides,
  );
  const streams = attaches(invocation)
    ? [writes(command, PODS, namespace, name, { ...PLAIN, verb: 'connect', kind: 'exec', subresource: 'attach' })]
    : [];
  const removes = isOn(invocation, 'rm')
    ? [writes(command, PODS, namespace, name, { ...PLAIN, verb: 'delete', kind: 'delete-pod' })]
    : [];
  const service = isOn(invocation, 'expose')
    ? createsMade(command, SERVICES, given ?? null, {}, 'create', [])
    : NOTHING;
  return all([pod, service, does([...streams, ...removes])]);
};

/** The objects that expose and autoscale are for. */
const forEach = (command: Command, make: (name: string | null) => Outcome): Outcome => {
  if (comesFromFiles(command)) {
    const { objects, unseen, refusals } = manifestsOf(command);
    const unseenObject = unseen.length === 0 ? NOTHING : make(null);
    const bytes = unseenWrite(command, unseen, 'create', 'create', []);
    return all([
      ...objects.map(({ name }) => make(name)),
      unseenObject,
      { ...bytes, effects: [] },
      { ...NOTHING, refusals },
    ]);
  }
  const targets = targetsOf(command, command.invocation.args);
  const refusals = command.dryRun === 'none' ? refusedKinds(targets) : [];
  return all([
    ...targets.map(({ name }) => make(name)),
    { ...targetConcerns(command, targets) },
    { ...NOTHING, refusals },
  ]);
};

/** --name wins over the name of the object that is exposed or scaled. */
const nameFor = (command: Command, name: string | null): string | null => {
  const given = lastOf(command.invocation, 'name') ?? '';
  return given === '' ? name : given;
};

export const expose = (command: Command): Outcome => {
  const overrides = overridesOf(command);
  const address = lastOf(command.invocation, 'external-ip') ?? '';
  const body: JsonObject = {
    spec: {
      type: lastOf(command.invocation, 'type') ?? 'ClusterIP',
      ...(address === '' ? {} : { externalIPs: [address] }),
    },
  };
  return forEach(command, (name) =>
    createsMade(command, SERVICES, nameFor(command, name), body, 'create', [], overrides),
  );
};

export const autoscale = (command: Command): Outcome => {
  const max = Number(lastOf(command.invocation, 'max') ?? 0);
  const body: JsonObject = { spec: { maxReplicas: max } };
  return forEach(command, (name) => createsMade(command, AUTOSCALERS, nameFor(command, name), body, 'autoscale', []));
};
