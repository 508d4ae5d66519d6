// Label selectors (query text and objects) and field selectors, judged as the API server judges them.
// Pure: text in, a predicate out, or a refusal with Kubernetes' words.
import type { Kind } from './kinds.ts';
import type { KubeObject, LabelSelector, StringMap } from './model.ts';
import { badRequest } from './status-error.ts';

export type Predicate = (object: KubeObject) => boolean;
type LabelTest = (labels: StringMap) => boolean;

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?';
const SET = new RegExp(String.raw`^(${LABEL})\s+(in|notin)\s+\(([^()]*)\)$`);
const COMPARE = new RegExp(String.raw`^(${LABEL})\s*(==|=|!=|>|<)\s*([A-Za-z0-9_.-]*)$`);
const EXISTS = new RegExp(String.raw`^(!?)\s*(${LABEL})$`);

function requirement(text: string): LabelTest {
  const set = SET.exec(text);
  if (set !== null) {
    const [, key = '', operator, inner = ''] = set;
    const values = inner.split(',').map((value) => value.trim());
    return operator === 'in'
      ? (labels) => key in labels && values.includes(labels[key] ?? '')
      : (labels) => !(key in labels) || !values.includes(labels[key] ?? '');
  }
  const compare = COMPARE.exec(text);
  if (compare !== null) {
    const [, key = '', operator, value = ''] = compare;
    if (operator === '!=') return (labels) => labels[key] !== value;
    if (operator === '>') return (labels) => Number(labels[key]) > Number(value);
    if (operator === '<') return (labels) => Number(labels[key]) < Number(value);
    return (labels) => labels[key] === value;
  }
  const exists = EXISTS.exec(text);
  if (exists === null) throw badRequest(`unable to parse requirement: found '${text}', expected: a label requirement`);
  const [, not, key = ''] = exists;
  return not === '!' ? (labels) => !(key in labels) : (labels) => key in labels;
}

/** The value of `?labelSelector=`: requirements joined by commas, all of which must hold. */
export function parseLabelSelector(text: string): Predicate {
  const parts = text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const tests = parts.map(requirement);
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}));
}

/** Whether a LabelSelector object (spec.selector) matches labels; an empty one matches everything. */
export function selects(selector: LabelSelector, labels: StringMap): boolean {
  const byLabels = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    byLabels &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      const has = key in labels;
      const among = has && values.includes(labels[key] ?? '');
      if (operator === 'In') return among;
      if (operator === 'NotIn') return !among;
      return operator === 'Exists' ? has : !has;
    })
  );
}

/** The same selector as text, as status.selector of a Scale has it. */
export function selectorText(selector: LabelSelector): string {
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    const list = `(${[...values].sort().join(',')})`;
    if (operator === 'In') return `${key} in ${list}`;
    if (operator === 'NotIn') return `${key} notin ${list}`;
    return operator === 'Exists' ? key : `!${key}`;
  });
  return [...labels, ...expressions].sort().join(',');
}

type FieldReader = (object: KubeObject) => string;

function field(...path: readonly string[]): FieldReader {
  return (object) => {
    let value: unknown = object;
    for (const step of path) {
      if (typeof value !== 'object' || value === null) return '';
      value = (value as Readonly<Record<string, unknown>>)[step];
    }
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  };
}

function fields(...paths: readonly string[]): Readonly<Record<string, FieldReader>> {
  return Object.fromEntries(paths.map((path) => [path, field(...path.split('.'))]));
}

/** Fields that a kind can be selected by besides metadata.name and metadata.namespace. */
const SELECTABLE: Readonly<Record<string, Readonly<Record<string, FieldReader>>>> = {
  pods: {
    ...fields('spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'status.phase'),
    ...fields('status.podIP', 'status.nominatedNodeName'),
    'spec.hostNetwork': (pod) => field('spec', 'hostNetwork')(pod) || 'false',
  },
  nodes: { 'spec.unschedulable': (node) => field('spec', 'unschedulable')(node) || 'false' },
  namespaces: fields('status.phase'),
  secrets: fields('type'),
  jobs: { 'status.successful': (job) => field('status', 'succeeded')(job) || '0' },
  replicasets: { 'status.replicas': (set) => field('status', 'replicas')(set) || '0' },
  events: {
    ...fields('involvedObject.kind', 'involvedObject.namespace', 'involvedObject.name', 'involvedObject.uid'),
    ...fields('involvedObject.apiVersion', 'involvedObject.resourceVersion', 'involvedObject.fieldPath'),
    ...fields('reason', 'reportingComponent', 'source', 'type'),
  },
};

const ALWAYS = fields('metadata.name', 'metadata.namespace');

/** The value of `?fieldSelector=`; a field that the kind does not offer is refused (400), as Kubernetes does. */
export function parseFieldSelector(kind: Kind, text: string): Predicate {
  const offered: Readonly<Record<string, FieldReader>> = { ...ALWAYS, ...SELECTABLE[kind.resource] };
  const tests = text
    .split(',')
    .filter((part) => part !== '')
    .map((part): Predicate => {
      const match = /^([^=!]+?)(==|=|!=)(.*)$/.exec(part);
      if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
      const [, name = '', operator, value = ''] = match;
      const read = offered[name];
      if (read === undefined) throw badRequest(unknownField(kind, name));
      return (object) => (read(object) === value) === (operator !== '!=');
    });
  return (object) => tests.every((test) => test(object));
}

/** Kinds with fields of their own say it in other words than those with none. */
function unknownField(kind: Kind, name: string): string {
  return SELECTABLE[kind.resource] === undefined
    ? `"${name}" is not a known field selector: only "metadata.name", "metadata.namespace"`
    : `field label not supported: ${name}`;
}
