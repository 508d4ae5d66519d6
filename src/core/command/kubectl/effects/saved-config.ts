// An object that kubectl makes from flags → the same with what --save-config notes of it: the object as Go's own types write it.
import { isObject, type Json, type JsonObject, ownValue } from '../../../model/json.ts';
import { goEscaped, goJsonInOrder, LAST_APPLIED } from '../../../model/last-applied.ts';

/** How a value is written: `plain` as it stands, `map` with its keys in order, an object or a list of objects by their fields. */
type GoType = 'plain' | 'map' | { readonly fields: readonly GoField[] } | { readonly listOf: GoType };

/** In the order of the struct; `zero` is written where the field is not there. */
interface GoField {
  readonly name: string;
  readonly type: GoType;
  readonly zero?: string;
}

type Written = string | readonly [name: string, type: GoType, zero?: string];

const struct = (...fields: readonly Written[]): GoType => ({
  fields: fields.map((field): GoField => {
    if (typeof field === 'string') return { name: field, type: 'plain' };
    const [name, type, zero] = field;
    return zero === undefined ? { name, type } : { name, type, zero };
  }),
});
const list = (of: GoType): GoType => ({ listOf: of });

const METADATA = struct('name', 'namespace', ['labels', 'map'], ['annotations', 'map']);
const SELECTOR = struct(['matchLabels', 'map']);
const CONTAINER = struct(
  'name',
  'image',
  'command',
  'args',
  ['ports', list(struct('containerPort'))],
  ['env', list(struct('name', 'value'))],
  ['resources', 'plain', '{}'],
  'imagePullPolicy',
  ['securityContext', struct('privileged')],
  'stdin',
  'stdinOnce',
  'tty',
);
const POD_SPEC = struct(['containers', list(CONTAINER)], 'restartPolicy', 'dnsPolicy');
const TEMPLATE = struct(['metadata', METADATA, '{}'], ['spec', POD_SPEC]);
const JOB_SPEC = struct(['template', TEMPLATE]);
const BACKEND = struct(['service', struct('name', ['port', struct('name', 'number')])]);
const RULES = list(struct('verbs', 'apiGroups', 'resources', 'resourceNames', 'nonResourceURLs'));
const METRICS = list(
  struct('type', [
    'resource',
    struct('name', ['target', struct('type', 'value', 'averageValue', 'averageUtilization')]),
  ]),
);
const REF = struct('apiGroup', 'kind', 'name');
const SUBJECTS = list(struct('kind', 'apiGroup', 'name', 'namespace'));

/** Behind kind, apiVersion and metadata (k8s.io/api 0.36). Kinds that --save-config of kubectl 1.36 passes over are not here. */
const KINDS: ReadonlyMap<string, readonly Written[]> = new Map(
  Object.entries({
    Deployment: [
      ['spec', struct('replicas', ['selector', SELECTOR], ['template', TEMPLATE], ['strategy', 'plain', '{}'])],
      ['status', 'plain', '{}'],
    ],
    Job: [
      ['spec', JOB_SPEC],
      ['status', 'plain', '{}'],
    ],
    CronJob: [
      ['spec', struct('schedule', ['jobTemplate', struct(['metadata', METADATA, '{}'], ['spec', JOB_SPEC])])],
      ['status', 'plain', '{}'],
    ],
    Pod: [
      ['spec', POD_SPEC],
      ['status', 'plain', '{}'],
    ],
    ConfigMap: [
      ['data', 'map'],
      ['binaryData', 'map'],
    ],
    Secret: [['data', 'map'], 'type'],
    ServiceAccount: [],
    Namespace: [
      ['spec', 'plain', '{}'],
      ['status', 'plain', '{}'],
    ],
    ResourceQuota: [
      ['spec', struct(['hard', 'map'], 'scopes'), '{}'],
      ['status', 'plain', '{}'],
    ],
    PodDisruptionBudget: [
      ['spec', struct('minAvailable', ['selector', SELECTOR], 'maxUnavailable')],
      ['status', 'plain', '{"disruptionsAllowed":0,"currentHealthy":0,"desiredHealthy":0,"expectedPods":0}'],
    ],
    PriorityClass: ['value', 'globalDefault', 'description', 'preemptionPolicy'],
    Ingress: [
      [
        'spec',
        struct(
          'ingressClassName',
          ['defaultBackend', BACKEND],
          ['tls', list(struct('hosts', 'secretName'))],
          [
            'rules',
            list(struct('host', ['http', struct(['paths', list(struct('path', 'pathType', ['backend', BACKEND]))])])),
          ],
        ),
      ],
      ['status', 'plain', '{"loadBalancer":{}}'],
    ],
    HorizontalPodAutoscaler: [
      [
        'spec',
        struct(['scaleTargetRef', struct('kind', 'name', 'apiVersion')], 'minReplicas', 'maxReplicas', [
          'metrics',
          METRICS,
        ]),
      ],
      ['status', 'plain', '{"desiredReplicas":0,"currentMetrics":null}'],
    ],
    Role: [['rules', RULES, 'null']],
    ClusterRole: [
      ['rules', RULES, 'null'],
      ['aggregationRule', struct(['clusterRoleSelectors', list(SELECTOR)])],
    ],
    RoleBinding: [
      ['subjects', SUBJECTS],
      ['roleRef', REF],
    ],
    ClusterRoleBinding: [
      ['subjects', SUBJECTS],
      ['roleRef', REF],
    ],
  } as const satisfies { readonly [kind: string]: readonly Written[] }),
);

/** kubectl notes nothing of these, whatever it is told. */
const PASSED_OVER: ReadonlySet<string> = new Set(['Service']);

/** null: it holds a field that is not known here. */
const written = (value: Json, type: GoType): string | null => {
  if (type === 'plain') return JSON.stringify(value);
  if (type === 'map') return goJsonInOrder(value);
  if ('listOf' in type) {
    if (!Array.isArray(value)) return null;
    const items = (value as readonly Json[]).map((one) => written(one, type.listOf));
    return items.includes(null) ? null : `[${items.join(',')}]`;
  }
  if (!isObject(value)) return null;
  const known = new Set(type.fields.map(({ name }) => name));
  if (Object.keys(value).some((key) => !known.has(key))) return null;
  const parts = type.fields.flatMap(({ name, type: inner, zero }): readonly (string | null)[] => {
    const own = ownValue(value, name);
    if (own === undefined) return zero === undefined ? [] : [`"${name}":${zero}`];
    const text = written(own, inner);
    return [text === null ? null : `"${name}":${text}`];
  });
  return parts.includes(null) ? null : `{${parts.join(',')}}`;
};

/** The object with the note of --save-config; null where it is not known how Go writes it. */
export function withSavedConfig(object: JsonObject): JsonObject | null {
  const { kind } = object;
  if (typeof kind !== 'string') return null;
  if (PASSED_OVER.has(kind)) return object;
  const fields = KINDS.get(kind);
  if (fields === undefined) return null;
  const text = written(object, struct('kind', 'apiVersion', ['metadata', METADATA], ...fields));
  if (text === null) return null;
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const annotations = isObject(metadata['annotations']) ? metadata['annotations'] : {};
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: `${goEscaped(text)}\n` } },
  };
}
