// Requests that try to write, or to reach into a pod, without the gate: each as the bytes that an attacker would send.
import type { Random } from '../generators/random.ts';

/** What is attacked, and the words that the attacker has. */
export interface Target {
  readonly namespace: string;
  /** The token of an agent of this gate. */
  readonly token: string;
  /** A token that the API server would take. */
  readonly clusterToken: string;
}

export interface RawAttack {
  readonly what: string;
  readonly bytes: string;
}

const lines = (...all: readonly string[]): string => `${all.join('\r\n')}\r\n\r\n`;

/** The parts of which attacks are made. */
const kitFor = ({ namespace, token }: Target) => {
  const map = `/api/v1/namespaces/${namespace}/configmaps/settings`;
  const maps = `/api/v1/namespaces/${namespace}/configmaps`;
  const web = `/apis/apps/v1/namespaces/${namespace}/deployments/web`;
  const pod = `/api/v1/namespaces/${namespace}/pods/victim`;
  const review = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const auth = `Authorization: Bearer ${token}`;
  const head = (line: string, ...more: readonly string[]): string =>
    lines(`${line} HTTP/1.1`, 'Host: gate', auth, 'User-Agent: attacker', ...more);
  const once = (line: string, ...more: readonly string[]): string => head(line, 'Connection: close', ...more);
  const withBody = (line: string, body: string, type = 'application/json', ...more: readonly string[]): string =>
    `${once(line, `Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body, 'latin1')}`, ...more)}${body}`;
  return { map, maps, web, pod, review, auth, head, once, withBody };
};
type Kit = ReturnType<typeof kitFor>;

const REVIEW = '{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{}}';

/** Two readings of where a request ends. */
const smuggled = ({ map, review, pod, head, once, auth }: Kit): readonly RawAttack[] => {
  const inner = `DELETE ${map} HTTP/1.1\r\nHost: gate\r\n${auth}\r\nUser-Agent: attacker\r\n\r\n`;
  const both = (...names: readonly string[]): string =>
    `${head(`POST ${review}`, 'Content-Type: application/json', ...names)}0\r\n\r\n${inner}`;
  const encodings = [
    'Transfer-Encoding: chunked',
    'Transfer-Encoding : chunked',
    'Transfer-Encoding:\tchunked',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: identity, chunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: CHUNKED',
    'Transfer-Encoding:\r\n chunked',
    'transfer_encoding: chunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
    'X: a\rTransfer-Encoding: chunked',
    'X: a\nTransfer-Encoding: chunked',
  ];
  const lengths = ['0', '4', '-1', '+5', '0x10', '5, 5', '5 5', ' 5', '00005', '18446744073709551617', '1e1'];
  return [
    ...encodings.map((name) => ({
      what: `a length and ${JSON.stringify(name)}`,
      bytes: both('Content-Length: 4', name),
    })),
    ...encodings.map((name) => ({ what: `${JSON.stringify(name)} alone`, bytes: both(name) })),
    ...lengths.map((length) => ({ what: `a length of ${length}`, bytes: both(`Content-Length: ${length}`) })),
    { what: 'two lengths', bytes: both('Content-Length: 5', `Content-Length: ${5 + inner.length}`) },
    { what: 'a folded length', bytes: both('Content-Length:\r\n 5') },
    { what: 'a read with another request behind it', bytes: `${head(`GET ${map}`)}${inner}` },
    {
      what: 'a read whose body is another request',
      bytes: `${head(`GET ${map}`, `Content-Length: ${inner.length}`)}${inner}`,
    },
    { what: 'HEAD with a body', bytes: `${head(`HEAD ${map}`, `Content-Length: ${inner.length}`)}${inner}` },
    {
      what: 'a chunk longer than it says',
      bytes: `${head(`POST ${review}`, 'Transfer-Encoding: chunked')}1\r\n${inner}\r\n0\r\n\r\n`,
    },
    {
      what: 'a chunk whose size overflows',
      bytes: `${head(`POST ${review}`, 'Transfer-Encoding: chunked')}10000000000000000\r\n\r\n${inner}`,
    },
    {
      what: 'a request in a chunk extension',
      bytes: `${head(`POST ${review}`, 'Transfer-Encoding: chunked')}0;\n${inner}\r\n\r\n`,
    },
    {
      what: 'a request in a trailer',
      bytes: `${head(`POST ${review}`, 'Transfer-Encoding: chunked')}0\r\nX: a\r\nImpersonate-User: admin\r\n\r\n${inner}`,
    },
    { what: 'bare line feeds', bytes: `${head(`GET ${map}`)}${inner}`.replaceAll('\r\n', '\n') },
    { what: 'bare carriage returns', bytes: `${head(`GET ${map}`)}${inner}`.replaceAll('\r\n', '\r') },
    { what: 'a line break in the path', bytes: once(`GET ${map}\r\nX: y`) },
    { what: 'an escaped line break in the path', bytes: once(`GET ${map}%0d%0aDELETE%20/`) },
    { what: 'h2c', bytes: `${once(`GET ${map}`, 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA')}${inner}` },
    {
      what: 'an upgrade that is no upgrade',
      bytes: `${head(`GET ${pod}`, 'Connection: Upgrade', 'Upgrade: a')}${inner}`,
    },
    { what: 'no request', bytes: inner.slice(20) },
    { what: 'the preface of HTTP/2', bytes: `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${inner}` },
  ];
};

/** Paths that one reads as another thing than the next. */
const paths = ({ namespace }: Target, { map, maps, pod, once }: Kit): readonly RawAttack[] => {
  const targets = [
    `https://gate${map}`,
    `http://127.0.0.1:1${map}`,
    `//gate${map}`,
    `/${map}`,
    map.replace('/v1/', '/v1//'),
    `/api/v1/namespaces/nobody/../${namespace}/configmaps/settings`,
    `/version/..${map}`,
    `/version/%2e%2e${map}`,
    `/version/%2E.${map}`,
    `/openapi/v2/..%2f..${map}`,
    `/openapi/%252e%252e${map}`,
    map.replace('/configmaps/', '%2fconfigmaps%2f'),
    map.replace('/configmaps/', '%252fconfigmaps/'),
    map.replace('/configmaps/', '\\configmaps\\'),
    map.replace('/configmaps/', '/configmaps;x=y/'),
    `${map}%00`,
    `${map}#`,
    `${map} `,
    `${map}\t`,
    `${map}%`,
    `${map}%zz`,
    `${map}%c0%af..`,
    `${map}\u00e9`,
    `.${map}`,
    `*`,
    '',
    `/api/v1/watch/namespaces/${namespace}/configmaps/settings`,
    `/api/v1/proxy/namespaces/${namespace}/pods/victim`,
    `/api/v1/redirect/namespaces/${namespace}/pods/victim`,
    `/incidents/A/incidents/B${map}`,
    `/incidents/A/..${map}`,
    `/clusters/A/clusters/B${map}`,
    `/clusters/A/incidents/B${map}`,
    `/incidents/A/clusters/B${map}`,
    `/clusters/A/..${map}`,
    `/clusters/..${map}`,
    `/clusters/%2e%2e${map}`,
    `/clusters/A%2f..${map}`,
    `/clusters/A;B${map}`,
    `/clusters${map}`,
    `/incidents/..${map}`,
    `/incidents${map}`,
    map.toUpperCase(),
    map.replace('configmaps', 'ConfigMaps'),
    map.replace('configmaps', 'config%6Daps'),
    `${map}/`,
    `${map}/status`,
    `${map}/scale`,
    `${maps}/`,
    `${maps}?fieldSelector=metadata.name%3Dsettings`,
  ];
  const methods = [
    'DELETE',
    'delete',
    'Delete',
    'PATCH',
    'PUT',
    'POST',
    'CONNECT',
    'TRACE',
    'OPTIONS',
    'MKCOL',
    'PROPFIND',
    'GET',
  ];
  return [
    ...targets.flatMap((target) =>
      ['DELETE', 'GET'].map((method) => ({ what: `${method} ${target}`, bytes: once(`${method} ${target}`) })),
    ),
    ...methods.map((method) => ({ what: `the method ${method}`, bytes: once(`${method} ${map}`) })),
    ...methods.map((method) => ({ what: `${method} of a pod's eviction`, bytes: once(`${method} ${pod}/eviction`) })),
    { what: 'HTTP/1.0', bytes: once(`DELETE ${map}`).replace('HTTP/1.1', 'HTTP/1.0') },
    { what: 'HTTP/0.9', bytes: `DELETE ${map}\r\n\r\n` },
    { what: 'HTTP/9.9', bytes: once(`DELETE ${map}`).replace('HTTP/1.1', 'HTTP/9.9') },
    { what: 'CONNECT to the API server', bytes: once('CONNECT 127.0.0.1:443') },
  ];
};

/** Writes that look like dry runs to one reader only. */
const dryRuns = ({ map, maps, web, pod, once, withBody }: Kit): readonly RawAttack[] => {
  const queries = [
    'dryRun=All&dryRun=',
    'dryRun=&dryRun=All',
    'dryRun=All&dryRun=None',
    'dryRun=All&dryRun=All',
    'dryRun=All&dryrun=None',
    'dryRun=all',
    'dryrun=All',
    'DryRun=All',
    'dryRun=All%20',
    'dryRun=%20All',
    'dryRun=All,None',
    'dryRun[]=All',
    'dryRun=All%00',
    'dryRun=All;dryRun=',
    'x;dryRun=All',
    'x=1%26dryRun=All',
    '%20dryRun=All',
    'dryRun=All%23',
    'dryRun',
    'dryRun=',
    'dryRun=None',
    'dryRun=Server',
    'dryRun=true',
    '%64ryRun=None&dryRun=All',
    'dryRun=All&%64ryRun=',
    'dryRun=All&a=%zz',
    'dryRun=%41ll',
  ];
  const replicas = '{"spec":{"replicas":0}}';
  const made = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"made"}}';
  const options: readonly (readonly [type: string, body: string])[] = [
    ['application/json', '{}'],
    ['application/json', '{"kind":"DeleteOptions","apiVersion":"v1"}'],
    ['application/json', '{"dryRun":[]}'],
    ['application/json', '{"dryRun":["All"],"dryRun":[]}'],
    ['application/json', '{"dryRun":[],"dryRun":["All"]}'],
    ['application/json', '{"dryRun":["All","None"]}'],
    ['application/json', '{"dryRun":["all"]}'],
    ['application/json', '{"dryRun":"All"}'],
    ['application/json', '{"DryRun":["All"]}'],
    ['application/json', '{"dry\\u0052un":["All"],"dryRun":null}'],
    ['application/json', '{"dryRun":["All"]}{"dryRun":[]}'],
    ['application/json', '{"__proto__":{"dryRun":["All"]}}'],
    ['application/json', '\xef\xbb\xbf{"dryRun":["All"]}'],
    ['application/json; charset=utf-16', '{"dryRun":["All"]}'],
    ['application/yaml', 'kind: DeleteOptions\napiVersion: v1\ndryRun: [All]\n---\ndryRun: []\n'],
    ['application/yaml', 'kind: DeleteOptions\napiVersion: v1\n'],
    ['application/vnd.kubernetes.protobuf', 'k8s\0\n\x13\n\x02v1\x12\rDeleteOptions\x12\x00'],
    ['application/cbor', '\xd9\xd9\xf7\xa0'],
    ['text/plain', '{"dryRun":["All"]}'],
    ['', '{}'],
  ];
  return [
    ...queries.flatMap((query) => [
      { what: `DELETE ?${query}`, bytes: once(`DELETE ${map}?${query}`) },
      {
        what: `PATCH ?${query}`,
        bytes: withBody(`PATCH ${web}/scale?${query}`, replicas, 'application/merge-patch+json'),
      },
      { what: `POST ?${query}`, bytes: withBody(`POST ${maps}?${query}`, made) },
    ]),
    ...options.flatMap(([type, body]) => [
      { what: `options ${type} ${body}`, bytes: withBody(`DELETE ${map}`, body, type) },
      { what: `a dry run with options ${type} ${body}`, bytes: withBody(`DELETE ${map}?dryRun=All`, body, type) },
      { what: `all, with options ${type} ${body}`, bytes: withBody(`DELETE ${maps}?dryRun=All`, body, type) },
    ]),
    {
      what: 'an eviction that is none by its query',
      bytes: withBody(
        `POST ${pod}/eviction?dryRun=All`,
        '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"victim"},"deleteOptions":{"dryRun":[]}}',
      ),
    },
    {
      what: 'an eviction that is none by its options',
      bytes: withBody(
        `POST ${pod}/eviction`,
        '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"victim"},"deleteOptions":{"dryRun":["All"]}}',
      ),
    },
    {
      what: 'a token as a dry run',
      bytes: withBody(
        `POST ${maps.replace('configmaps', 'serviceaccounts/default/token')}?dryRun=All`,
        '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}',
      ),
    },
  ];
};

/** Headers that speak for somebody else, or for another request. */
const headers = (target: Target, { map, review, auth, head, once, withBody }: Kit): readonly RawAttack[] => {
  const others = [
    'Impersonate-User: admin',
    'impersonate-user: admin',
    'IMPERSONATE-GROUP: system:masters',
    'Impersonate-Uid: 0',
    'Impersonate-Extra-scopes: all',
    'Impersonate_User: admin',
    'Impersonate-User : admin',
    'X-Remote-User: admin',
    'X-Remote-Group: system:masters',
    'X-Remote-Extra-a: b',
    'X-Forwarded-For: 127.0.0.1',
    'Forwarded: for=127.0.0.1',
    'X-Original-URL: /',
    'X-Rewrite-URL: /',
    'X-HTTP-Method-Override: DELETE',
    'X-HTTP-Method: DELETE',
    'X-Method-Override: DELETE',
    'Content-Encoding: gzip',
    'Connection: authorization',
    'Connection: close, user-agent, content-type',
    'Expect: 100-continue',
    'Expect: everything',
    'Max-Forwards: 0',
    `Proxy-Authorization: Bearer ${target.clusterToken}`,
    `Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.${Buffer.from(target.clusterToken).toString('base64url')}`,
    `Cookie: token=${target.clusterToken}`,
    ': empty',
    'X: \0',
  ];
  const tokens = [
    '',
    'Authorization:',
    'Authorization: Bearer',
    'Authorization: Bearer nobody',
    `Authorization: Bearer ${target.clusterToken}`,
    `Authorization: Bearer ${target.token}, Bearer ${target.clusterToken}`,
    `Authorization: Basic ${Buffer.from(`admin:${target.clusterToken}`).toString('base64')}`,
    `Authorization: Bearer ${target.token}\r\nAuthorization: Bearer ${target.clusterToken}`,
    `Authorization: bearer ${target.token}`,
  ];
  return [
    ...others.flatMap((other) => [
      { what: `a deletion with ${JSON.stringify(other)}`, bytes: head(`DELETE ${map}`, other, 'Connection: close') },
      { what: `a read with ${JSON.stringify(other)}`, bytes: head(`GET ${map}`, other, 'Connection: close') },
      {
        what: `a review with ${JSON.stringify(other)}`,
        bytes: withBody(`POST ${review}`, REVIEW, 'application/json', other),
      },
    ]),
    ...tokens.flatMap((token) =>
      ['GET', 'DELETE'].map((method) => ({
        what: `${method} with ${JSON.stringify(token.replaceAll(target.clusterToken, 'CLUSTER'))}`,
        bytes: once(`${method} ${map}`).replace(auth, token === '' ? 'X: y' : token),
      })),
    ),
    {
      what: 'two content types',
      bytes: withBody(`POST ${review}`, REVIEW, 'application/json\r\nContent-Type: text/plain'),
    },
    { what: 'a method in the query', bytes: once(`GET ${map}?_method=DELETE&method=DELETE`) },
    {
      what: 'a review of another kind',
      bytes: withBody(`POST ${review}`, '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"made"}}'),
    },
    { what: 'a review with a name', bytes: withBody(`POST ${review}/x`, REVIEW) },
    { what: 'a review in a namespace', bytes: withBody(`POST ${review.replace('v1/', 'v1/namespaces/x/')}`, REVIEW) },
    { what: 'a review that is put', bytes: withBody(`PUT ${review}`, REVIEW) },
    { what: 'a deletion of reviews', bytes: once(`DELETE ${review}`) },
  ];
};

/** What is no read, although it says GET, and what is a write, although it says watch. */
const streams = ({ namespace }: Target, { map, maps, pod, head, once, withBody }: Kit): readonly RawAttack[] => {
  const command = 'command=touch&command=%2Ftmp%2Fbroken&stdout=true';
  const reached = [
    `${pod}/exec?${command}`,
    `${pod}/attach?stdin=true`,
    `${pod}/portforward?ports=1`,
    `${pod}/proxy`,
    `${pod}/proxy/a/b`,
    `${pod}:80/proxy/`,
    `${pod}/EXEC?${command}`,
    `${pod}/%65xec?${command}`,
    `${pod}/exec/?${command}`,
    `${pod}/exec%2f?${command}`,
    `${pod}/log/../exec?${command}`,
    `/api/v1/namespaces/${namespace}/services/https:web:443/proxy/`,
    '/api/v1/nodes/node-0/proxy/run/a/b/c?cmd=id',
    '/api/v1/nodes/node-0/proxy',
    `/api/v1/namespaces/${namespace}/pods/victim/exec/exec?${command}`,
    '/logs/',
    '/metrics',
    '/debug/pprof/profile',
    '/.well-known/openid-configuration',
    `/api/v1/namespaces/${namespace}/secrets`,
    `/api/v1/namespaces/${namespace}/secrets/hidden`,
    `/api/v1/secrets?watch=true`,
    `/api/v1/namespaces/${namespace}/SECRETS`,
    `/api/v1/namespaces/${namespace}/%73ecrets`,
  ];
  const websocket = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol: v5.channel.k8s.io',
  ];
  const spdy = ['Connection: Upgrade', 'Upgrade: SPDY/3.1', 'X-Stream-Protocol-Version: v4.channel.k8s.io'];
  return [
    ...reached.flatMap((path) => [
      { what: `GET ${path}`, bytes: once(`GET ${path}`) },
      { what: `POST ${path}`, bytes: once(`POST ${path}`) },
      { what: `${path} by WebSocket`, bytes: head(`GET ${path}`, ...websocket) },
      { what: `${path} by SPDY`, bytes: head(`POST ${path}`, ...spdy) },
    ]),
    ...['POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) =>
      ['watch=true', 'watch=1', 'watch', 'watch=true&dryRun=none'].map((query) => ({
        what: `${method} ?${query}`,
        bytes: withBody(
          `${method} ${method === 'POST' ? maps : map}?${query}`,
          '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},"data":{"a":"attacked"}}',
          method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
        ),
      })),
    ),
    ...['GET', 'POST', 'DELETE'].map((method) => ({
      what: `${method} by the legacy path of watches`,
      bytes: once(`${method} ${map.replace('/v1/', '/v1/watch/')}`),
    })),
  ];
};

/** Every attack on HTTP/1.1. */
export function rawAttacks(target: Target): readonly RawAttack[] {
  const kit = kitFor(target);
  return [...smuggled(kit), ...paths(target, kit), ...dryRuns(kit), ...headers(target, kit), ...streams(target, kit)];
}

/** What separates, ends or escapes something in a request. */
const PIECES = [
  '\r\n',
  '\n',
  '\r',
  ' ',
  '\t',
  '\0',
  ':',
  '/',
  '//',
  '/../',
  '%2f',
  '%2e',
  '%',
  '?',
  '&',
  ';',
  '#',
  ',',
  '0',
  '{',
  '"',
];

/** Attacks cut, joined and spoilt at random: what nobody has thought of. */
export function crossedAttacks(all: readonly RawAttack[], count: number, random: Random): readonly RawAttack[] {
  return Array.from({ length: count }, () => {
    const one = random.of(all).bytes;
    const other = random.of(all).bytes;
    const [cut, from] = [random.below(one.length + 1), random.below(other.length + 1)];
    const crossed = random.oneIn(2) ? one.slice(0, cut) + other.slice(from) : one;
    const spoilt = random
      .several(0, 3, () => random.of(PIECES))
      .reduce((text, piece) => {
        const at = random.below(text.length + 1);
        return text.slice(0, at) + piece + text.slice(at + random.below(3));
      }, crossed);
    return { what: JSON.stringify(spoilt), bytes: spoilt };
  });
}
