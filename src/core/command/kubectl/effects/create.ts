// create KIND NAME: objects that kubectl makes itself from flags, a row each, and create token.
import type { Trait } from '../../../model/effect.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { MutationContent } from '../../../model/mutation.ts';
import type { Refusal } from '../../../model/refusal.ts';
import { allOf, isOn, lastOf } from '../flags.ts';
import { objectOfPairs } from '../pairs.ts';
import { resolveResource } from '../resolve.ts';
import { SERVICE_ACCOUNTS } from './built-in.ts';
import {
  type CommandEffects,
  concat,
  effectsOnly,
  type Kind,
  type KubectlCommand,
  PLAIN,
  writeEffect,
} from './effect-builder.ts';
import { madeObject } from './made-objects.ts';
import { madeMetadata } from './made-workloads.ts';
import { withBesides } from './printed.ts';
import { createsMade } from './run.ts';
import { sending, sent } from './sent.ts';
import { adminTraits, subjectsOf } from './subjects.ts';
import { namedTargets, refusedKinds, targetConcerns } from './targets.ts';

/** How one `create KIND` makes its object. */
interface Row {
  readonly word: string;
  readonly bodyOf: (command: KubectlCommand) => JsonObject;
  readonly traitsOf: (command: KubectlCommand) => readonly Trait[];
}

const empty = (): JsonObject => ({});
const plain = (): readonly Trait[] => [];

/** Containers of the images, the first with the words after the name as its command: kubectl refuses them for several. */
const podOf = ({ invocation }: KubectlCommand): JsonObject => {
  const argv = invocation.args.slice(1);
  return {
    containers: allOf(invocation, 'image').map((image, at) => ({
      image,
      ...(at > 0 || argv.length === 0 ? {} : { command: argv }),
    })),
  };
};

const commandTraits = ({ invocation }: KubectlCommand): readonly Trait[] =>
  invocation.args.length > 1 ? ['explicit-command'] : [];

const templated = (command: KubectlCommand): JsonObject => {
  const replicas = Number(lastOf(command.invocation, 'replicas') ?? 1);
  return { spec: { replicas, template: { spec: podOf(command) } } };
};

const row = (word: string, bodyOf: Row['bodyOf'] = empty, traitsOf: Row['traitsOf'] = plain): Row => ({
  word,
  bodyOf,
  traitsOf,
});

const bindingTraits = (command: KubectlCommand): readonly Trait[] =>
  adminTraits(lastOf(command.invocation, 'clusterrole'), subjectsOf(command));

const typed = (type: string) => (): JsonObject => ({ spec: { type } });

const literals = ({ invocation }: KubectlCommand): JsonObject => ({
  data: objectOfPairs(allOf(invocation, 'from-literal')),
});

const annotations = ({ invocation }: KubectlCommand): JsonObject => ({
  metadata: { annotations: objectOfPairs(allOf(invocation, 'annotation')) },
});

const secretType = ({ invocation }: KubectlCommand): JsonObject => ({ type: lastOf(invocation, 'type') ?? 'Opaque' });

const ROWS: ReadonlyMap<string, Row> = new Map([
  ['clusterrole', row('clusterroles')],
  ['clusterrolebinding', row('clusterrolebindings', empty, bindingTraits)],
  ['configmap', row('configmaps', literals)],
  [
    'cronjob',
    row(
      'cronjobs',
      (command) => ({ spec: { jobTemplate: { spec: { template: { spec: podOf(command) } } } } }),
      commandTraits,
    ),
  ],
  ['deployment', row('deployments', templated, commandTraits)],
  ['ingress', row('ingresses', annotations)],
  ['job', row('jobs', (command) => ({ spec: { template: { spec: podOf(command) } } }), commandTraits)],
  ['namespace', row('namespaces')],
  ['poddisruptionbudget', row('poddisruptionbudgets')],
  ['priorityclass', row('priorityclasses')],
  ['quota', row('resourcequotas')],
  ['role', row('roles')],
  ['rolebinding', row('rolebindings', empty, bindingTraits)],
  ['secret docker-registry', row('secrets')],
  ['secret generic', row('secrets', secretType)],
  ['secret tls', row('secrets')],
  ['service clusterip', row('services')],
  ['service externalname', row('services')],
  ['service loadbalancer', row('services', typed('LoadBalancer'))],
  ['service nodeport', row('services', typed('NodePort'))],
  ['serviceaccount', row('serviceaccounts')],
]);

/** The object that is sent; of a Job from a CronJob only the cluster knows it. */
const contentOf = (path: string, command: KubectlCommand): MutationContent | null => {
  const { name, namespace = null } = madeMetadata(command);
  const from = path === 'job' ? (lastOf(command.invocation, 'from') ?? '') : '';
  if (from === '') {
    const object = madeObject(path, command);
    return object === null ? null : { is: 'create', object };
  }
  const [cronJob, ...others] = namedTargets(command, [from]);
  if (cronJob?.resource.name !== 'cronjobs' || cronJob.resource.group !== 'batch' || cronJob.name === '*') return null;
  if (others.length > 0 || isOn(command.invocation, 'save-config')) return null;
  return { is: 'job-of-cronjob', name, cronJob: cronJob.name, namespace };
};

/** kubectl makes no rule about a kind that the cluster does not have (create_role.go). */
const refusedRules = (command: KubectlCommand): readonly Refusal[] => {
  const words = allOf(command.invocation, 'resource').filter((word) => word !== '*');
  return refusedKinds(words.flatMap((word) => namedTargets(command, [word.split('/', 1)[0] ?? ''])));
};

const make =
  (path: string, { bodyOf, traitsOf }: Row, kind: Kind) =>
  (command: KubectlCommand): CommandEffects => {
    const [name] = command.invocation.args;
    const hashed = isOn(command.invocation, 'append-hash');
    const grants = kind.resource.name.endsWith('bindings') ? subjectsOf(command) : [];
    const made = createsMade(
      command,
      kind,
      hashed ? null : (name ?? null),
      bodyOf(command),
      'create',
      traitsOf(command),
    );
    const sends = sending(
      made,
      sent(command, () => contentOf(path, command)),
    );
    const unknown = path === 'role' || path === 'clusterrole' ? refusedRules(command) : [];
    const result = { ...sends, refusals: [...sends.refusals, ...unknown] };
    const prints = result.prints?.map((object) => withBesides(path, command, object)) ?? null;
    if (grants.length === 0 && prints === null) return result;
    return { ...result, prints, effects: result.effects.map((effect) => ({ ...effect, subjects: grants })) };
  };

/** Every `create KIND`, by its path without "create". */
export const CREATED: ReadonlyMap<string, (command: KubectlCommand) => CommandEffects> = new Map(
  [...ROWS].map(([path, one]) => {
    const kind = resolveResource(one.word, []);
    if (kind === null) throw new Error(`this is a bug: ${one.word} is no built-in kind`);
    return [path, make(path, one, kind)] as const;
  }),
);

/** A token of a service account: whoever holds it is that account. */
export function createToken(command: KubectlCommand): CommandEffects {
  const name = command.invocation.args[0] ?? '*';
  const token = writeEffect(command, SERVICE_ACCOUNTS, command.namespace, name, {
    ...PLAIN,
    verb: 'create',
    kind: 'grant',
    subresource: 'token',
  });
  return concat(effectsOnly([token]), targetConcerns(command, [{ ...SERVICE_ACCOUNTS, name }]));
}
