// An object and what `expose` was told become the Service for its pods (kubectl 1.36, pkg/cmd/expose).
import type { Json, JsonObject } from '../model/json.ts';
import { mergePatched } from '../model/merge-patch.ts';
import type { ServiceExposure, TextByKey } from '../model/mutation.ts';
import { type ChangedObject, elementsOf, fieldsOf, refused, stringOf } from './changed-object.ts';
import { plainText } from './strategic-diff.ts';

/** Kinds that can be exposed (polymorphichelpers/canbeexposed.go). */
const EXPOSED: ReadonlySet<string> = new Set([
  'v1 ReplicationController',
  'v1 Service',
  'v1 Pod',
  'apps/v1 Deployment',
  'apps/v1 ReplicaSet',
]);

const textsOf = (value: JsonObject): TextByKey =>
  Object.fromEntries(Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])));

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** The labels of the pods that an object is for; null where it has none, or more than labels choose them. */
const selectorOf = (live: JsonObject): TextByKey | null => {
  const spec = fieldsOf(live['spec']);
  const selector = fieldsOf(spec['selector']);
  const kind = stringOf(live['kind']);
  if (kind === 'Pod') return textsOf(fieldsOf(fieldsOf(live['metadata'])['labels']));
  if (kind === 'Service' || kind === 'ReplicationController') return textsOf(selector);
  return elementsOf(selector['matchExpressions']).length > 0 ? null : textsOf(fieldsOf(selector['matchLabels']));
};

interface OwnPort {
  readonly port: string;
  readonly protocol: string;
}

const portsOf = (live: JsonObject): readonly OwnPort[] => {
  const spec = fieldsOf(live['spec']);
  const kind = stringOf(live['kind']);
  const pod = kind === 'Pod' ? spec : fieldsOf(fieldsOf(spec['template'])['spec']);
  const named = (field: string) => (port: Json) => ({
    port: plainText(fieldsOf(port)[field] ?? ''),
    protocol: stringOf(fieldsOf(port)['protocol']) || 'TCP',
  });
  return kind === 'Service'
    ? elementsOf(spec['ports']).map(named('port'))
    : elementsOf(pod['containers'])
        .flatMap((container) => elementsOf(fieldsOf(container)['ports']))
        .map(named('containerPort'));
};

const isNumber = (text: string): boolean => /^[+-]?\d+$/.test(text);

/** A port by number, or by name. */
export function portNumberOrName(text: string): number | string {
  return isNumber(text) ? Number(text) : text;
}

/** The ports of the Service: of each number one for each protocol that the object speaks there. */
const servicePorts = (
  wanted: readonly string[],
  own: readonly OwnPort[],
  exposure: ServiceExposure,
): readonly JsonObject[] =>
  wanted.flatMap((port, at) => {
    const targetPort = portNumberOrName(exposure.targetPort ?? port);
    const name = wanted.length > 1 ? `port-${at + 1}` : '';
    const spoken = [...new Set(own.filter((one) => one.port === port).map(({ protocol }) => protocol))];
    if (exposure.protocol === null && spoken.length > 1)
      return spoken.map((protocol) => ({
        name: `port-${at + 1}-${protocol.toLowerCase()}`,
        port: Number(port),
        protocol,
        targetPort,
      }));
    const protocol = exposure.protocol ?? spoken[0] ?? 'TCP';
    return [{ ...(name === '' ? {} : { name }), port: Number(port), protocol, targetPort }];
  });

const given = (field: string, value: string | null): JsonObject => (value === null ? {} : { [field]: value });

/** The Service for an object as it stands. */
export function exposedService(live: JsonObject, exposure: ServiceExposure): ChangedObject {
  if (!EXPOSED.has(`${stringOf(live['apiVersion'])} ${stringOf(live['kind'])}`)) return refused('expose-unsupported');
  const selector = exposure.selector ?? selectorOf(live);
  if (selector === null || isEmpty(selector)) return refused('selector-missing');
  const own = portsOf(live);
  const wanted = exposure.port === null ? [...new Set(own.map(({ port }) => port))] : exposure.port.split(',');
  if (wanted.length === 0 && exposure.clusterIP !== 'None') return refused('port-missing');
  if (!wanted.every(isNumber)) return refused('port-missing', exposure.port);
  const labels = exposure.labels ?? textsOf(fieldsOf(fieldsOf(live['metadata'])['labels']));
  const { type, externalIP, loadBalancerIP, sessionAffinity, clusterIP, name } = exposure;
  const ports = servicePorts(wanted, own, exposure);
  const object: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, ...(isEmpty(labels) ? {} : { labels }) },
    spec: {
      selector,
      ...(ports.length === 0 ? {} : { ports }),
      ...given('type', type),
      ...(externalIP === null ? {} : { externalIPs: [externalIP] }),
      ...(type === 'LoadBalancer' ? given('loadBalancerIP', loadBalancerIP) : {}),
      ...given('sessionAffinity', sessionAffinity),
      ...given('clusterIP', clusterIP),
    },
  };
  return {
    ok: true,
    object: exposure.overrides === null ? object : fieldsOf(mergePatched(object, exposure.overrides)),
  };
}
