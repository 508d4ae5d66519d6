// What a dry run shows and the write does not: fields that the API server allots anew, and annotations that controllers put back.
import { isObject, type Json, type JsonObject, ownValue, sameJson } from '../model/json.ts';
import { elementsOf, fieldsOf } from './changed-object.ts';

/**
 * Ways to what a write of a Service is allotted although nobody asked for it. A dry run allots nothing: it answers with an address of
 * its own, and with the node port 32768 every time (Kubernetes 1.36, registry/core/service/portallocator), so that two of them agree.
 */
export function allotted(asked: Json, before: JsonObject | null, after: JsonObject): readonly (readonly string[])[] {
  if (after['kind'] !== 'Service' || after['apiVersion'] !== 'v1') return [];
  const [spec, was] = [fieldsOf(after['spec']), fieldsOf(before?.['spec'])];
  const fields = ['clusterIP', 'clusterIPs', 'healthCheckNodePort'].filter(
    (field) => spec[field] !== undefined && was[field] === undefined && !holdsValue(asked, spec[field]),
  );
  const known = elementsOf(was['ports']).map((port) => fieldsOf(port)['nodePort']);
  const ports = elementsOf(spec['ports']).flatMap((port, at) => {
    const { nodePort } = fieldsOf(port);
    return nodePort === undefined || known.includes(nodePort) || holdsValue(asked, nodePort) ? [] : [`${at}`];
  });
  return [...fields.map((field) => ['spec', field]), ...ports.map((at) => ['spec', 'ports', at, 'nodePort'])];
}

/** True where the value stands anywhere in what was sent, whatever kind of patch that is. */
const holdsValue = (sent: Json, value: Json): boolean => {
  if (sameJson(sent, value)) return true;
  if (typeof sent !== 'object' || sent === null) return false;
  return Object.values(sent).some((inner: Json) => holdsValue(inner, value));
};

/** Annotations that their controller writes again at once, by kind. */
const PUT_BACK: { readonly [kind: string]: readonly string[] } = {
  Deployment: ['deployment.kubernetes.io/revision'],
  Node: ['node.alpha.kubernetes.io/ttl'],
};

const annotationsOf = (object: JsonObject): JsonObject => fieldsOf(fieldsOf(object['metadata'])['annotations']);

/** The object after with what its controller puts back, where only the object before has it: a manifest seldom names it. */
export function withPutBack(before: JsonObject | null, after: JsonObject): JsonObject {
  const { kind } = after;
  const keys = typeof kind === 'string' ? (ownValue(PUT_BACK, kind) ?? []) : [];
  if (before === null || !isObject(after['metadata'])) return after;
  const [was, now] = [annotationsOf(before), annotationsOf(after)];
  const lost = keys.flatMap((key): readonly (readonly [string, Json])[] => {
    const value = ownValue(was, key);
    return value === undefined || Object.hasOwn(now, key) ? [] : [[key, value]];
  });
  if (lost.length === 0) return after;
  return { ...after, metadata: { ...after['metadata'], annotations: { ...now, ...Object.fromEntries(lost) } } };
}
