// The columns that the server prints for each kind (the Table form of lists), as Kubernetes 1.36 has them.
// One table; a kind without a row of its own gets name and age, or creation time as the real server's default has it.

import {
  accessModes,
  age,
  autoscalerTargets,
  containerImages,
  containerNames,
  dataCount,
  endpointAddresses,
  externalAddress,
  firstThree,
  jobCompletions,
  jobDuration,
  jobState,
  labelsText,
  nodeAddress,
  nodeRoles,
  nodeStatus,
  podReady,
  podRestarts,
  podStatusWord,
  servicePorts,
  since,
  subjects,
} from './cells.ts';
import { at, listAt, numberAt, textAt } from './json.ts';
import type { Kind } from './kinds.ts';
import type { KubeObject, LabelSelector, Pod } from './model.ts';
import { selectorText } from './selectors.ts';
import type { World } from './world.ts';

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  /** 0 is always shown, 1 with `-o wide`. */
  readonly priority: 0 | 1;
  readonly cell: (object: KubeObject, world: World) => string | number | boolean;
}

type Cell = Column['cell'];

function column(name: string, cell: Cell, type: Column['type'] = 'string'): Column {
  return { name, type, priority: 0, cell };
}

function count(name: string, path: string): Column {
  return column(name, (object) => numberAt(object, path), 'integer');
}

/** A number that the real server declares as text. */
function number(name: string, path: string): Column {
  return column(name, (object) => numberAt(object, path));
}

function text(name: string, path: string, otherwise?: string): Column {
  return column(name, (object) => textAt(object, path, otherwise));
}

function wide(columns: readonly Column[]): readonly Column[] {
  return columns.map((one) => ({ ...one, priority: 1 }));
}

const NAME = column('Name', (object) => object.metadata.name);
const AGE = column('Age', age);

function selector(object: KubeObject): string {
  return selectorText((at(object, 'spec.selector') ?? {}) as LabelSelector) || '<none>';
}

const CONTAINERS = [
  column('Containers', (object) => containerNames(object, 'spec.template.spec.containers')),
  column('Images', (object) => containerImages(object, 'spec.template.spec.containers')),
];
const WIDE_WORKLOAD = wide([...CONTAINERS, column('Selector', selector)]);

function ready(object: KubeObject): string {
  return `${numberAt(object, 'status.readyReplicas')}/${numberAt(object, 'spec.replicas')}`;
}

const BINDING = [
  NAME,
  column('Role', (object) => `${textAt(object, 'roleRef.kind')}/${textAt(object, 'roleRef.name')}`),
  AGE,
  ...wide([
    column('Users', subjects('User')),
    column('Groups', subjects('Group')),
    column('ServiceAccounts', subjects('ServiceAccount')),
  ]),
];

const CREATED = column('Created At', (object) => object.metadata.creationTimestamp ?? '', 'date');

/** How many entries a list has. */
function length(name: string, path: string): Column {
  return column(name, (object) => listAt(object, path).length, 'integer');
}

const PARAM_KIND = text('ParamKind', 'spec.paramKind.kind', '<unset>');
const POLICY_BINDING: readonly Column[] = [
  NAME,
  text('PolicyName', 'spec.policyName'),
  text('ParamRef', 'spec.paramRef.name', '<unset>'),
  AGE,
];

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  pods: [
    NAME,
    column('Ready', (object) => podReady(object as Pod)),
    column('Status', (object) => podStatusWord(object as Pod)),
    column('Restarts', (object, world) => podRestarts(object as Pod, world)),
    AGE,
    ...wide([
      text('IP', 'status.podIP'),
      text('Node', 'spec.nodeName'),
      text('Nominated Node', 'status.nominatedNodeName'),
      column('Readiness Gates', () => '<none>'),
    ]),
  ],
  deployments: [
    NAME,
    column('Ready', ready),
    number('Up-to-date', 'status.updatedReplicas'),
    number('Available', 'status.availableReplicas'),
    AGE,
    ...WIDE_WORKLOAD,
  ],
  replicasets: [
    NAME,
    count('Desired', 'spec.replicas'),
    count('Current', 'status.replicas'),
    count('Ready', 'status.readyReplicas'),
    AGE,
    ...WIDE_WORKLOAD,
  ],
  statefulsets: [NAME, column('Ready', ready), AGE, ...wide(CONTAINERS)],
  daemonsets: [
    NAME,
    count('Desired', 'status.desiredNumberScheduled'),
    count('Current', 'status.currentNumberScheduled'),
    count('Ready', 'status.numberReady'),
    count('Up-to-date', 'status.updatedNumberScheduled'),
    count('Available', 'status.numberAvailable'),
    column('Node Selector', (object) => labelsText(at(object, 'spec.template.spec.nodeSelector'))),
    AGE,
    ...WIDE_WORKLOAD,
  ],
  controllerrevisions: [
    NAME,
    column('Controller', (object) => {
      const owner = object.metadata.ownerReferences?.find((one) => one.controller === true);
      if (owner === undefined) return '<none>';
      const group = owner.apiVersion.split('/')[0] ?? '';
      return `${owner.kind.toLowerCase()}.${group}/${owner.name}`;
    }),
    number('Revision', 'revision'),
    AGE,
  ],
  jobs: [
    NAME,
    column('Status', jobState),
    column('Completions', jobCompletions),
    column('Duration', jobDuration),
    AGE,
    ...WIDE_WORKLOAD,
  ],
  services: [
    NAME,
    text('Type', 'spec.type'),
    text('Cluster-IP', 'spec.clusterIP'),
    column('External-IP', externalAddress),
    column('Port(s)', servicePorts),
    AGE,
    ...wide([column('Selector', (object) => labelsText(at(object, 'spec.selector')))]),
  ],
  endpoints: [NAME, column('Endpoints', endpointAddresses), AGE],
  endpointslices: [
    NAME,
    text('AddressType', 'addressType'),
    column('Ports', (object) => firstThree(listAt(object, 'ports').map((port) => textAt(port, 'port', '*')))),
    column('Endpoints', (object) =>
      firstThree(listAt(object, 'endpoints').flatMap((one) => listAt(one, 'addresses').map(String))),
    ),
    AGE,
  ],
  nodes: [
    NAME,
    column('Status', nodeStatus),
    column('Roles', nodeRoles),
    AGE,
    text('Version', 'status.nodeInfo.kubeletVersion'),
    ...wide([
      column('Internal-IP', (object) => nodeAddress(object, 'InternalIP')),
      column('External-IP', (object) => nodeAddress(object, 'ExternalIP')),
      text('OS-Image', 'status.nodeInfo.osImage', '<unknown>'),
      text('Kernel-Version', 'status.nodeInfo.kernelVersion', '<unknown>'),
      text('Container-Runtime', 'status.nodeInfo.containerRuntimeVersion', '<unknown>'),
    ]),
  ],
  namespaces: [NAME, text('Status', 'status.phase', ''), AGE],
  secrets: [NAME, text('Type', 'type'), column('Data', dataCount), AGE],
  configmaps: [NAME, column('Data', dataCount), AGE],
  serviceaccounts: [NAME, AGE],
  events: [
    column('Last Seen', (object, world) => since(world, textAt(object, 'lastTimestamp', textAt(object, 'eventTime')))),
    text('Type', 'type'),
    text('Reason', 'reason'),
    column(
      'Object',
      (object) =>
        `${textAt(object, 'involvedObject.kind', '').toLowerCase()}/${textAt(object, 'involvedObject.name', '')}`,
    ),
    { ...text('Subobject', 'involvedObject.fieldPath', ''), priority: 1 },
    { ...text('Source', 'source.component', ''), priority: 1 },
    column('Message', (object) => textAt(object, 'message', '').trim()),
    { ...column('First Seen', (object, world) => since(world, textAt(object, 'firstTimestamp'))), priority: 1 },
    { ...number('Count', 'count'), priority: 1 },
    { ...NAME, priority: 1 },
  ],
  poddisruptionbudgets: [
    NAME,
    text('Min Available', 'spec.minAvailable', 'N/A'),
    text('Max Unavailable', 'spec.maxUnavailable', 'N/A'),
    count('Allowed Disruptions', 'status.disruptionsAllowed'),
    AGE,
  ],
  horizontalpodautoscalers: [
    NAME,
    column(
      'Reference',
      (object) => `${textAt(object, 'spec.scaleTargetRef.kind')}/${textAt(object, 'spec.scaleTargetRef.name')}`,
    ),
    column('Targets', autoscalerTargets),
    text('MinPods', 'spec.minReplicas', '<unset>'),
    number('MaxPods', 'spec.maxReplicas'),
    number('Replicas', 'status.currentReplicas'),
    AGE,
  ],
  ingresses: [
    NAME,
    text('Class', 'spec.ingressClassName'),
    column('Hosts', (object) => {
      const hosts = listAt(object, 'spec.rules').map((rule) => textAt(rule, 'host', '*'));
      return hosts.length === 0
        ? '*'
        : hosts.slice(0, 3).join(',') + (hosts.length > 3 ? ` + ${hosts.length - 3} more...` : '');
    }),
    column('Address', (object) =>
      listAt(object, 'status.loadBalancer.ingress')
        .map((one) => textAt(one, 'ip', textAt(one, 'hostname')))
        .join(','),
    ),
    column('Ports', (object) => (listAt(object, 'spec.tls').length > 0 ? '80, 443' : '80')),
    AGE,
  ],
  networkpolicies: [
    NAME,
    column(
      'Pod-Selector',
      (object) => selectorText((at(object, 'spec.podSelector') ?? {}) as LabelSelector) || '<none>',
    ),
    AGE,
  ],
  persistentvolumeclaims: [
    NAME,
    text('Status', 'status.phase'),
    text('Volume', 'spec.volumeName', ''),
    text('Capacity', 'status.capacity.storage', ''),
    column('Access Modes', accessModes('status.accessModes')),
    text('StorageClass', 'spec.storageClassName', ''),
    text('VolumeAttributesClass', 'spec.volumeAttributesClassName', '<unset>'),
    AGE,
    ...wide([text('VolumeMode', 'spec.volumeMode', '<unset>')]),
  ],
  persistentvolumes: [
    NAME,
    text('Capacity', 'spec.capacity.storage', ''),
    column('Access Modes', accessModes('spec.accessModes')),
    text('Reclaim Policy', 'spec.persistentVolumeReclaimPolicy', ''),
    text('Status', 'status.phase', ''),
    column('Claim', (object) =>
      at(object, 'spec.claimRef') === undefined
        ? ''
        : `${textAt(object, 'spec.claimRef.namespace', '')}/${textAt(object, 'spec.claimRef.name', '')}`,
    ),
    text('StorageClass', 'spec.storageClassName', ''),
    text('VolumeAttributesClass', 'spec.volumeAttributesClassName', '<unset>'),
    text('Reason', 'status.reason', ''),
    AGE,
    ...wide([text('VolumeMode', 'spec.volumeMode', '<unset>')]),
  ],
  storageclasses: [
    NAME,
    text('Provisioner', 'provisioner'),
    text('ReclaimPolicy', 'reclaimPolicy', 'Delete'),
    text('VolumeBindingMode', 'volumeBindingMode', 'Immediate'),
    column('AllowVolumeExpansion', (object) => at(object, 'allowVolumeExpansion') === true),
    AGE,
  ],
  mutatingadmissionpolicies: [NAME, length('Mutations', 'spec.mutations'), PARAM_KIND, AGE],
  mutatingadmissionpolicybindings: POLICY_BINDING,
  mutatingwebhookconfigurations: [NAME, length('Webhooks', 'webhooks'), AGE],
  validatingadmissionpolicies: [NAME, length('Validations', 'spec.validations'), PARAM_KIND, AGE],
  validatingadmissionpolicybindings: POLICY_BINDING,
  validatingwebhookconfigurations: [NAME, length('Webhooks', 'webhooks'), AGE],
  apiservices: [
    NAME,
    column('Service', (object) =>
      at(object, 'spec.service') === undefined
        ? 'Local'
        : `${textAt(object, 'spec.service.namespace', '')}/${textAt(object, 'spec.service.name', '')}`,
    ),
    column('Available', () => 'True'),
    AGE,
  ],
  leases: [NAME, text('Holder', 'spec.holderIdentity', ''), AGE],
  roles: [NAME, CREATED],
  clusterroles: [NAME, CREATED],
  rolebindings: BINDING,
  clusterrolebindings: BINDING,
};

export function columnsOf(kind: Kind): readonly Column[] {
  return COLUMNS[kind.resource] ?? [NAME, CREATED];
}
