// A pod, and what `debug` wants of it → the pod with a debug container in it, or a copy of it (kubectl 1.36, pkg/cmd/debug).
import { isObject, type JsonObject } from '../model/json.ts';
import type { DebugContainer, DebugProfile, MutationContent } from '../model/mutation.ts';
import {
  type ChangedObject,
  changedAt,
  elementsOf,
  fieldsOf,
  refused,
  stringOf,
  withoutField,
} from './changed-object.ts';

type DebugIn = Extract<MutationContent, { is: 'debug' }>;
type DebugCopy = Extract<MutationContent, { is: 'debug-copy' }>;

const withContext = (container: JsonObject, more: JsonObject): JsonObject => ({
  ...container,
  securityContext: { ...fieldsOf(container['securityContext']), ...more },
});

const withCapabilities = (container: JsonObject, ...added: readonly string[]): JsonObject =>
  changedAt(container, ['securityContext', 'capabilities'], (capabilities) => ({
    ...capabilities,
    add: [...elementsOf(capabilities['add']), ...added],
  }));

/** What each profile makes of the container itself. */
const PROFILES: Readonly<Record<DebugProfile, (container: JsonObject) => JsonObject>> = {
  legacy: (container) => container,
  general: (container) => withCapabilities(container, 'SYS_PTRACE'),
  baseline: (container) => withoutField(container, 'securityContext'),
  restricted: (container) =>
    withContext(withoutField(container, 'securityContext'), {
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      allowPrivilegeEscalation: false,
      seccompProfile: { type: 'RuntimeDefault' },
    }),
  netadmin: (container) => withCapabilities(container, 'NET_ADMIN', 'NET_RAW'),
  sysadmin: (container) => withContext(container, { privileged: true }),
};

const wordsOf = ({ argv, argumentsOnly }: DebugContainer): JsonObject =>
  argv.length === 0 ? {} : argumentsOnly ? { args: argv } : { command: argv };

/** As Go writes it: what is empty is left out, `resources` never is. */
const freshContainer = (wanted: DebugContainer, name: string): JsonObject => ({
  name,
  ...(wanted.image === null ? {} : { image: wanted.image }),
  ...wordsOf(wanted),
  ...(wanted.env.length === 0 ? {} : { env: wanted.env.map(({ name: key, value }) => ({ name: key, value })) }),
  resources: {},
  terminationMessagePolicy: 'File',
  ...(wanted.pullPolicy === null ? {} : { imagePullPolicy: wanted.pullPolicy }),
});

/** Names of all containers of a pod. */
export function containerNames(pod: JsonObject): readonly string[] {
  const spec = fieldsOf(pod['spec']);
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
    elementsOf(spec[list]).map((one) => stringOf(fieldsOf(one)['name'])),
  );
}

/** The pod with one ephemeral container more, under the name given or `otherwise`. */
export function withDebugContainer(live: JsonObject, wanted: DebugIn, otherwise: string): ChangedObject {
  if (stringOf(live['kind']) !== 'Pod') return refused('no-pod-template');
  const container = PROFILES[wanted.profile](freshContainer(wanted, wanted.container ?? otherwise));
  const added = wanted.target === null ? container : { ...container, targetContainerName: wanted.target };
  const object = changedAt(live, ['spec'], (spec) => ({
    ...spec,
    ephemeralContainers: [...elementsOf(spec['ephemeralContainers']), added],
  }));
  return { ok: true, object };
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** What a copy leaves out of its containers, unless a flag keeps it. */
const withoutProbes = (container: JsonObject, { keep }: DebugCopy): JsonObject =>
  PROBES.filter((probe) => !keep.includes(probe)).reduce(withoutField, container);

const withImages = (container: JsonObject, { images }: DebugCopy): JsonObject => {
  const own = images.findLast((one) => one.container === container['name']);
  const image = own?.image ?? images.findLast((one) => one.container === '*')?.image ?? '';
  return image === '' ? container : { ...container, image };
};

/** The container that is debugged: one of the pod's, changed, or a new one. */
const debugged = (container: JsonObject | null, wanted: DebugCopy, name: string): JsonObject => {
  if (container === null) return freshContainer(wanted, name);
  const words = wordsOf(wanted);
  const bare = 'command' in words ? withoutField(container, 'args') : container;
  const { image, env, pullPolicy } = wanted;
  return {
    ...withoutField(withoutField(bare, 'stdin'), 'tty'),
    ...words,
    ...(env.length === 0 ? {} : { env: env.map(({ name: key, value }) => ({ name: key, value })) }),
    ...(image === null ? {} : { image }),
    ...(pullPolicy === null ? {} : { imagePullPolicy: pullPolicy }),
  };
};

/** The copy as it is sent, its new container under the name given or `otherwise`. */
export function copiedPod(live: JsonObject, wanted: DebugCopy, otherwise: string): ChangedObject {
  if (stringOf(live['kind']) !== 'Pod') return refused('no-pod-template');
  const { labels, annotations, namespace } = fieldsOf(live['metadata']);
  const { ephemeralContainers: _, nodeName, ...spec } = fieldsOf(live['spec']);
  const containers = elementsOf(spec['containers'])
    .filter(isObject)
    .map((one) => withImages(one, wanted));
  const name = wanted.container ?? otherwise;
  const at = containers.findIndex((one) => one['name'] === name);
  const isOnlyImages = at < 0 && wanted.image === null && wanted.images.length > 0;
  if (at < 0 && wanted.image === null && !isOnlyImages) return refused('container-missing', name);
  const isPlain = wanted.profile === 'legacy' || isOnlyImages;
  const changed = isOnlyImages
    ? containers
    : (at < 0
        ? [...containers, debugged(null, wanted, name)]
        : containers.with(at, debugged(containers[at] ?? {}, wanted, name))
      ).map((one) => {
        const bare = isPlain ? one : withoutProbes(one, wanted);
        return one['name'] === name ? PROFILES[wanted.profile](bare) : bare;
      });
  const keeps = (what: DebugCopy['keep'][number]): boolean => wanted.keep.includes(what);
  const shared = wanted.shareProcesses ?? (isPlain ? undefined : (spec['shareProcessNamespace'] ?? true));
  const bareSpec = isPlain || keeps('initContainers') ? spec : withoutField(spec, 'initContainers');
  const hasLabels = isOnlyImages || (wanted.profile !== 'legacy' && keeps('labels'));
  return {
    ok: true,
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: wanted.name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(hasLabels && labels !== undefined ? { labels } : {}),
        ...((isPlain || keeps('annotations')) && annotations !== undefined ? { annotations } : {}),
      },
      spec: {
        ...bareSpec,
        ...(wanted.sameNode && nodeName !== undefined ? { nodeName } : {}),
        ...(shared === undefined ? {} : { shareProcessNamespace: shared }),
        containers: changed,
      },
    },
  };
}
