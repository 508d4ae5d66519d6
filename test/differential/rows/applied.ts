// apply by either side, replace, create -f: what a manifest asks for.
import type { Json, JsonObject } from '../../../src/core/model/json.ts';
import { isObject } from '../../../src/core/model/json.ts';
import { MAKE, NS, type Stand, template } from '../objects.ts';
import { changes, fails, nothing, type Row, type Way } from '../row.ts';

const RBAC = 'rbac.authorization.k8s.io';
const [D, W, G] = ['deployments.apps', 'widgets.example.com', 'gadgets.example.com'] as const;

/** The object with some of its fields in place of others, deep. */
const merged = (object: JsonObject, more: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries({ ...object, ...more }).map(([key, value]): [string, Json] => {
      const before = object[key];
      return [key, isObject(before) && isObject(value) && key in more ? merged(before, value) : value];
    }),
  );

const list = (...items: readonly JsonObject[]): JsonObject => ({ apiVersion: 'v1', kind: 'List', items });
const file = (...documents: readonly JsonObject[]): Way['files'] => ({ 'all.json': documents });
const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** With its keys in the order in which Go writes them. */
const sorted = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((one: Json) => sorted(one));
  if (!isObject(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key): [string, Json] => [key, sorted(value[key] ?? null)]));
};

/** As if kubectl had applied it before. */
const applied = (stand: Stand): Stand => {
  const text = JSON.stringify(sorted(merged(stand.object, { metadata: { annotations: {}, namespace: NS } })));
  return { ...stand, object: merged(stand.object, { metadata: { annotations: { [APPLIED]: `${text}\n` } } }) };
};

const config = MAKE.configmaps('web').object;
const { data: _data, ...bare } = config;
const web = MAKE[D]('web').object;
const service = MAKE.services('web').object;
const widget = MAKE[W]('web').object;
const three = (name: string): JsonObject =>
  merged(web, {
    metadata: { name },
    spec: { template: template('web', { containers: [{ name: 'web', image: 'web:3' }] }) },
  });

/** What apply, replace and create make of kinds that are new, or change in those that stand. */
const FRESH: readonly JsonObject[] = [
  config,
  web,
  service,
  widget,
  MAKE[G]('web').object,
  MAKE['statefulsets.apps']('web').object,
  MAKE['networkpolicies.networking.k8s.io']('web').object,
  MAKE[`roles.${RBAC}`]('web').object,
  MAKE.limitranges('web').object,
];
const EDITED: readonly (readonly [Stand, JsonObject])[] = [
  [MAKE.configmaps('web'), merged(config, { data: { mode: 'fast' } })],
  [MAKE[D]('web'), three('web')],
  [
    MAKE.services('web'),
    merged(service, {
      spec: {
        ports: [
          { name: 'http', port: 80 },
          { name: 'alt', port: 81 },
        ],
      },
    }),
  ],
  [MAKE[W]('web'), merged(widget, { spec: { parts: [{ name: 'leg' }, { name: 'arm', length: 9 }] } })],
  [
    MAKE[G]('web'),
    merged(MAKE[G]('web').object, { spec: { colour: 'blue', parts: [{ name: 'arm' }, { name: 'leg' }] } }),
  ],
  [MAKE['cronjobs.batch']('web'), merged(MAKE['cronjobs.batch']('web').object, { spec: { schedule: '0 1 1 1 *' } })],
];
const MISSES = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'web' }, spec: { mode: 'wild' } };
const immutable = [MAKE[D]('web'), merged(web, { spec: { selector: { matchLabels: { app: 'x' } } } })] as const;

/** The same name, and nothing that the API server would change it to. */
const other = merged(web, {
  spec: { selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } } } },
});

const both = (flags: string): readonly Way[] => [
  ...FRESH.map((object) => changes(`apply${flags} --filename=all.json`, [], file(object))),
  ...EDITED.map(([stand, object]) =>
    changes(`apply${flags === '' ? '' : `${flags} --force-conflicts`} --filename=all.json`, [stand], file(object)),
  ),
  changes(`apply${flags} --filename=all.json`, [], file(config, service, web)),
  changes(`apply${flags} --filename=all.json`, [], file(list(config, service))),
  changes(`apply${flags} --filename=one.json --filename=two.json`, [], { 'one.json': [config], 'two.json': [service] }),
  changes(`apply${flags} --filename=all.json`, [], file(MAKE[`clusterroles.${RBAC}`](`${NS}-r`).object)),
  fails(`apply${flags} --filename=all.json`, [], file(MISSES)),
  fails(`apply${flags} --filename=all.json`, [immutable[0]], file(immutable[1])),
  fails(`apply${flags} --filename=all.json`, [], file(merged(config, { metadata: { namespace: 'nosuch-namespace' } }))),
];

export const APPLIES: readonly Row[] = [
  {
    name: 'apply',
    ways: [
      ...both(''),
      changes(
        'apply --filename=all.json',
        [applied(MAKE.configmaps('web'))],
        file(merged(bare, { data: { mode: 'fast' } })),
      ),
      changes(
        'apply --filename=all.json',
        [applied(MAKE.services('web'))],
        file(merged(service, { spec: { ports: [{ name: 'alt', port: 81 }] } })),
      ),
      changes('apply --filename=all.json', [applied(MAKE[D]('web'))], file(three('web'))),
      changes('apply --filename=all.json', [applied(MAKE[W]('web'))], file(merged(widget, { spec: { tags: ['c'] } }))),
      nothing('apply --filename=all.json', [applied(MAKE.configmaps('web'))], file(config)),
    ],
  },
  {
    name: 'apply --server-side',
    ways: [
      ...both(' --server-side'),
      changes('apply --server-side --field-manager=me --filename=all.json', [], file(config)),
      changes(
        'apply --server-side --filename=all.json',
        [MAKE.configmaps('web')],
        file(merged(bare, { data: { fresh: '1' } })),
      ),
      changes(
        'apply --server-side --force-conflicts --field-manager=me --filename=all.json',
        [MAKE[W]('web')],
        file(merged(MISSES, { spec: { size: 2, parts: [{ name: 'leg' }] } })),
      ),
      fails(
        'apply --server-side --filename=all.json',
        [MAKE.configmaps('web')],
        file(merged(config, { data: { mode: 'fast' } })),
      ),
      fails('apply --server-side --filename=all.json', [MAKE[D]('web')], file(three('web'))),
    ],
  },
  {
    name: 'replace',
    ways: [
      ...EDITED.map(([stand, object]) => changes('replace --filename=all.json', [stand], file(object))),
      changes(
        'replace --filename=all.json',
        [MAKE.configmaps('web'), MAKE.services('web')],
        file(bare, merged(service, { metadata: { labels: { a: 'b' } } })),
      ),
      changes('replace --filename=all.json --save-config', [MAKE.configmaps('web')], file(bare)),
      nothing('replace --filename=all.json', [MAKE.configmaps('web')], file(config)),
      fails('replace --filename=all.json', [], file(config)),
      fails('replace --filename=all.json', [immutable[0]], file(immutable[1])),
      fails(
        'replace --filename=all.json',
        [MAKE.configmaps('web')],
        file(merged(config, { metadata: { resourceVersion: '1' } })),
      ),
      fails('replace --filename=all.json', [MAKE[W]('web')], file(MISSES)),
    ],
  },
  {
    name: 'replace --force',
    ways: [
      ...EDITED.map(([stand, object]) => changes('replace --force --filename=all.json', [stand], file(object))),
      changes('replace --force --filename=all.json', [immutable[0]], file(other)),
      changes('replace --force --filename=all.json', [], file(config)),
      changes(
        'replace --force --filename=all.json',
        [MAKE.configmaps('web')],
        file(merged(config, { data: { mode: 'fast' } }), service),
      ),
      changes('replace --force --filename=all.json --save-config', [MAKE.configmaps('web')], file(bare)),
      fails('replace --force --filename=all.json', [], file(MISSES)),
      fails('replace --force --filename=all.json', [], file(merged(config, { metadata: { name: 'Not Valid' } }))),
      fails(
        'replace --force --filename=all.json',
        [MAKE.configmaps('web')],
        file(merged(config, { metadata: { namespace: 'nosuch-namespace' } })),
      ),
    ],
  },
  {
    name: 'apply --force',
    ways: [
      ...EDITED.map(([stand, object]) => changes('apply --force --filename=all.json', [stand], file(object))),
      changes('apply --force --filename=all.json', [immutable[0]], file(other)),
      changes('apply --force --filename=all.json', [], file(config)),
      changes('apply --force --filename=all.json', [immutable[0]], file(other, config)),
      fails('apply --force --filename=all.json', [], file(MISSES)),
      fails('apply --force --filename=all.json', [], file(merged(config, { metadata: { name: 'Not Valid' } }))),
      fails('apply --force --server-side --filename=all.json', [MAKE.configmaps('web')], file(config)),
    ],
  },
  {
    name: 'create -f',
    ways: [
      ...FRESH.map((object) => changes('create --filename=all.json', [], file(object))),
      changes('create --filename=all.json', [], file(config, service, web)),
      changes('create --filename=all.json', [], file(list(config, service))),
      changes(
        'create --filename=all.json',
        [],
        file(merged(config, { metadata: { name: null, generateName: 'web-' } })),
      ),
      changes(
        'create --filename=all.json',
        [],
        file(merged(MAKE['jobs.batch']('x').object, { metadata: { name: null, generateName: 'job-' } })),
      ),
      changes('create --filename=all.json --save-config', [], file(config)),
      fails('create --filename=all.json', [MAKE.configmaps('web')], file(config)),
      fails('create --filename=all.json', [], file(MISSES)),
      fails(
        'create --filename=all.json',
        [],
        file(merged(web, { spec: { template: { metadata: { labels: { app: 'x' } } } } })),
      ),
      fails('create --filename=all.json', [], file(merged(config, { metadata: { name: 'Not Valid' } }))),
    ],
  },
];
