// What the sandbox refuses to store: the checks of Kubernetes that scripts and people run into most, in its words.
// Pure; everything it does not check is stored as given.
import { isObject, sameJson } from './json.ts';
import type { Kind } from './kinds.ts';
import type { Json, JsonObject, KubeObject } from './model.ts';
import type { FieldProblem } from './status-error.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const DNS_LABEL_KINDS = new Set(['namespaces', 'services']);
/** Kinds whose names are path segments and nothing stricter. */
const LOOSE_NAMES = new Set(['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings']);

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

function quoted(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(JSON.stringify(value));
}

function wrong(field: string, value: unknown, why: string): FieldProblem {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${quoted(value)}: ${why}` };
}

function required(field: string, why = ''): FieldProblem {
  return { reason: 'FieldValueRequired', field, message: `Required value${why === '' ? '' : `: ${why}`}` };
}

/** Problems of an object that is about to be stored for the first time or anew. */
export function problemsOf(kind: Kind, object: KubeObject): readonly FieldProblem[] {
  const spec = isObject(object.spec) ? object.spec : {};
  return [...metadataProblems(kind, object), ...(SPEC_CHECKS[kind.resource]?.(spec, object) ?? [])];
}

function metadataProblems(kind: Kind, object: KubeObject): readonly FieldProblem[] {
  const { name, labels } = object.metadata;
  const found: FieldProblem[] = [];
  if (name === '') found.push(required('metadata.name', 'name or generateName is required'));
  else if (DNS_LABEL_KINDS.has(kind.resource)) {
    if (!LABEL_NAME.test(name)) found.push(wrong('metadata.name', name, LABEL_RULE));
    if (name.length > 63) found.push(wrong('metadata.name', name, 'must be no more than 63 bytes'));
  } else if (!LOOSE_NAMES.has(kind.resource)) {
    if (!SUBDOMAIN.test(name)) found.push(wrong('metadata.name', name, SUBDOMAIN_RULE));
    if (name.length > 253) found.push(wrong('metadata.name', name, 'must be no more than 253 bytes'));
  }
  for (const value of Object.values(labels ?? {})) {
    if (!LABEL_VALUE.test(value) || value.length > 63)
      found.push(
        wrong('metadata.labels', value, value.length > 63 ? 'must be no more than 63 bytes' : LABEL_VALUE_RULE),
      );
  }
  return found;
}

const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

type Check = (spec: JsonObject, object: KubeObject) => readonly FieldProblem[];

function count(field: string, value: Json | undefined): readonly FieldProblem[] {
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 0)) return [];
  return [wrong(field, value, 'must be greater than or equal to 0')];
}

function containers(path: string, spec: Json | undefined): readonly FieldProblem[] {
  if (!isObject(spec)) return [required(`${path}.containers`)];
  const list: readonly Json[] = Array.isArray(spec['containers']) ? (spec['containers'] as readonly Json[]) : [];
  if (list.length === 0) return [required(`${path}.containers`)];
  const seen = new Set<Json | undefined>();
  return list.flatMap((one, at) => {
    const here = `${path}.containers[${at}]`;
    const name = isObject(one) ? one['name'] : undefined;
    const problems: FieldProblem[] = [];
    if (typeof name !== 'string' || name === '') problems.push(required(`${here}.name`));
    else if (!LABEL_NAME.test(name)) problems.push(wrong(`${here}.name`, name, LABEL_RULE));
    else if (seen.has(name))
      problems.push({
        reason: 'FieldValueDuplicate',
        field: `${here}.name`,
        message: `Duplicate value: ${quoted(name)}`,
      });
    seen.add(name);
    if (!isObject(one) || typeof one['image'] !== 'string' || one['image'] === '')
      problems.push(required(`${here}.image`));
    return problems;
  });
}

function matchesTemplate(spec: JsonObject): readonly FieldProblem[] {
  const selector = isObject(spec['selector']) ? spec['selector'] : {};
  const wanted = isObject(selector['matchLabels']) ? selector['matchLabels'] : {};
  if (Object.keys(wanted).length === 0 && selector['matchExpressions'] === undefined)
    return [required('spec.selector')];
  const template = isObject(spec['template']) ? spec['template'] : {};
  const metadata = isObject(template['metadata']) ? template['metadata'] : {};
  const labels = isObject(metadata['labels']) ? metadata['labels'] : {};
  const fits = Object.entries(wanted).every(([key, value]) => labels[key] === value);
  return fits ? [] : [wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

function templateSpec(spec: JsonObject): Json | undefined {
  return isObject(spec['template']) ? spec['template']['spec'] : undefined;
}

const workload: Check = (spec) => [
  ...count('spec.replicas', spec['replicas']),
  ...matchesTemplate(spec),
  ...containers('spec.template.spec', templateSpec(spec)),
];

const budget: Check = (spec) =>
  spec['minAvailable'] !== undefined && spec['maxUnavailable'] !== undefined
    ? [wrong('spec', spec, 'minAvailable and maxUnavailable cannot be both set')]
    : [];

const servicePorts: Check = (spec) => {
  if (spec['type'] === 'ExternalName' || spec['clusterIP'] === 'None') return [];
  const ports: readonly Json[] = Array.isArray(spec['ports']) ? (spec['ports'] as readonly Json[]) : [];
  if (ports.length === 0) return [required('spec.ports')];
  return ports.flatMap((port, at) => {
    const number = isObject(port) ? port['port'] : undefined;
    const valid = typeof number === 'number' && number >= 1 && number <= 65535;
    return valid ? [] : [wrong(`spec.ports[${at}].port`, number ?? 0, 'must be between 1 and 65535, inclusive')];
  });
};

const SPEC_CHECKS: Readonly<Record<string, Check>> = {
  pods: (spec) => containers('spec', spec),
  deployments: workload,
  replicasets: workload,
  statefulsets: workload,
  daemonsets: workload,
  jobs: (spec) => containers('spec.template.spec', templateSpec(spec)),
  services: servicePorts,
  poddisruptionbudgets: budget,
};

/** Parts of a spec that may never change once stored, per kind. */
const IMMUTABLE: Readonly<Record<string, readonly string[]>> = {
  deployments: ['selector'],
  replicasets: ['selector'],
  daemonsets: ['selector'],
  statefulsets: ['selector', 'serviceName', 'podManagementPolicy', 'volumeClaimTemplates'],
  jobs: ['selector', 'template', 'completionMode'],
};

const STATEFUL_RULE =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

const POD_RULE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Problems of replacing `old` by `next`: fields that are immutable. */
export function problemsOfChange(kind: Kind, old: KubeObject, next: KubeObject): readonly FieldProblem[] {
  const before = isObject(old.spec) ? old.spec : {};
  const after = isObject(next.spec) ? next.spec : {};
  if (kind.resource === 'pods') {
    return sameJson(frozenPodSpec(before), frozenPodSpec(after))
      ? []
      : [{ reason: 'FieldValueForbidden', field: 'spec', message: `Forbidden: ${POD_RULE}` }];
  }
  const changed = (IMMUTABLE[kind.resource] ?? []).filter((field) => !sameJson(before[field], after[field]));
  if (changed.length > 0 && kind.resource === 'statefulsets')
    return [{ reason: 'FieldValueForbidden', field: 'spec', message: `Forbidden: ${STATEFUL_RULE}` }];
  return changed.map((field) => wrong(`spec.${field}`, after[field] ?? null, 'field is immutable'));
}

function frozenPodSpec(spec: JsonObject): JsonObject {
  const free = (list: Json | undefined): Json | undefined =>
    Array.isArray(list) ? list.map((one: Json) => (isObject(one) ? { ...one, image: null } : one)) : list;
  return {
    ...spec,
    containers: free(spec['containers']),
    initContainers: free(spec['initContainers']),
    tolerations: null,
    activeDeadlineSeconds: null,
    terminationGracePeriodSeconds: null,
  };
}
