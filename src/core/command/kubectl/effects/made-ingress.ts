// --rule=host/path*=service:port,tls=secret becomes the Ingress that kubectl makes of it (kubectl 1.36, create_ingress.go).
import type { JsonObject } from '../../../model/json.ts';
import { allOf, lastOf } from '../flags.ts';
import { objectOfPairs } from '../pairs.ts';
import type { KubectlCommand } from './effect-builder.ts';
import { givenField, madeMetadata } from './made-workloads.ts';

/** One --rule. `secret` null: no TLS; "": TLS without a certificate of its own. */
interface IngressRule {
  readonly host: string;
  readonly path: JsonObject;
  readonly secret: string | null;
}

const RULE = /^([^/=,]*)\/([^=,]*)=([^:=,]+):([^:=,]+)(?:,tls(?:=([^=,]*))?)?$/;

const backendOf = (name: string, port: string): JsonObject => ({
  service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } },
});

/** A path that ends in "*" is a prefix. */
const ruleOf = (text: string): IngressRule | null => {
  const match = RULE.exec(text);
  if (match === null) return null;
  const [, host = '', rest = '', service = '', port = '', secret] = match;
  const prefix = rest.endsWith('*');
  const path = `/${prefix ? rest.slice(0, -1) : rest}`;
  const tls = text.includes(',');
  return {
    host,
    path: { path, pathType: prefix ? 'Prefix' : 'Exact', backend: backendOf(service, port) },
    secret: tls ? (secret ?? '') : null,
  };
};

/** Rules of one host stand together, where the host came first. */
const rulesOf = (rules: readonly IngressRule[]): readonly JsonObject[] =>
  [...Map.groupBy(rules, ({ host }) => host)].map(([host, same]) => ({
    ...givenField('host', host),
    http: { paths: same.map(({ path }) => path) },
  }));

/** Hosts by the Secret of their certificate; each host once. One without a host or a Secret says nothing. */
const tlsOf = (rules: readonly IngressRule[]): readonly JsonObject[] => {
  const hosts = new Set<string>();
  const found: { secretName: string; hosts: string[] }[] = [];
  for (const { host, secret } of rules) {
    if (secret === null || hosts.has(host)) continue;
    hosts.add(host);
    const known = found.find(({ secretName }) => secretName === secret);
    if (known !== undefined) known.hosts.push(host);
    else if (host !== '' || secret !== '') found.push({ secretName: secret, hosts: host === '' ? [] : [host] });
  }
  return found.map(({ secretName, hosts: named }) => ({
    ...(named.length === 0 ? {} : { hosts: named }),
    ...givenField('secretName', secretName),
  }));
};

/** create ingress; null where kubectl refuses a rule. */
export function madeIngress(command: KubectlCommand): JsonObject | null {
  const { invocation } = command;
  const rules = allOf(invocation, 'rule').map(ruleOf);
  const known = rules.filter((rule) => rule !== null);
  const annotations = allOf(invocation, 'annotation');
  const [service = '', port = '', ...rest] = (lastOf(invocation, 'default-backend') ?? '').split(':');
  if (known.length < rules.length || rest.length > 0 || (service !== '' && port === '')) return null;
  if (annotations.some((pair) => !pair.includes('='))) return null;
  const tls = tlsOf(known);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      ...madeMetadata(command),
      ...(annotations.length === 0 ? {} : { annotations: objectOfPairs(annotations) }),
    },
    spec: {
      ...givenField('ingressClassName', lastOf(invocation, 'class')),
      ...(service === '' ? {} : { defaultBackend: backendOf(service, port) }),
      ...(tls.length === 0 ? {} : { tls }),
      ...(known.length === 0 ? {} : { rules: rulesOf(known) }),
    },
  };
}
