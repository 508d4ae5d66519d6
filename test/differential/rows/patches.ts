// patch of all three types, and of subresources.
import type { JsonObject } from '../../../src/core/model/json.ts';
import { MAKE, NS } from '../objects.ts';
import { changes, fails, nothing, type Row } from '../row.ts';

const D = 'deployments.apps';
const H = 'horizontalpodautoscalers.autoscaling';
const W = 'widgets.example.com';
const text = (body: JsonObject | readonly JsonObject[]): string => `'${JSON.stringify(body)}'`;
const pod = (spec: JsonObject): JsonObject => ({ spec: { template: { spec } } });

const on = (target: string, type: 'strategic' | 'merge' | 'json', body: JsonObject | readonly JsonObject[]): string =>
  `patch {${target}} --type=${type} --patch=${text(body)}`;

export const PATCHES: readonly Row[] = [
  {
    name: 'patch, strategic',
    ways: [
      changes(on(`${D} web`, 'strategic', { spec: { minReadySeconds: 3 } }), [MAKE[D]('web')]),
      changes(on(`${D} web`, 'strategic', pod({ containers: [{ name: 'extra', image: 'extra:1' }] })), [
        MAKE[D]('web'),
      ]),
      changes(on(`${D} web`, 'strategic', pod({ containers: [{ name: 'side', $patch: 'delete' }] })), [MAKE[D]('web')]),
      changes(on(`${D} web`, 'strategic', pod({ containers: [{ name: 'web', env: [{ name: 'NEW', value: '1' }] }] })), [
        MAKE[D]('web'),
      ]),
      changes(on(`${D} web`, 'strategic', { spec: { replicas: 2 }, metadata: { labels: { a: 'b' } } }), [
        MAKE[D]('web'),
      ]),
      changes(on('services web', 'strategic', { spec: { ports: [{ name: 'alt', port: 81 }] } }), [
        MAKE.services('web'),
      ]),
      changes(
        on('services web', 'strategic', {
          spec: {
            ports: [
              { port: 80, $patch: 'delete' },
              { name: 'alt', port: 81 },
            ],
          },
        }),
        [MAKE.services('web')],
      ),
      changes(on('configmaps web', 'strategic', { data: { mode: 'fast', other: null } }), [MAKE.configmaps('web')]),
      changes(on('cronjobs.batch web', 'strategic', { spec: { suspend: true } }), [MAKE['cronjobs.batch']('web')]),
      changes(
        on('statefulsets.apps web', 'strategic', {
          spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } },
        }),
        [MAKE['statefulsets.apps']('web')],
      ),
      changes(on(`nodes ${NS}-a`, 'strategic', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }), [
        MAKE.nodes(`${NS}-a`),
      ]),
      nothing(on('configmaps web', 'strategic', { data: { mode: 'slow' } }), [MAKE.configmaps('web')]),
      fails(on(`${D} web`, 'strategic', { spec: { selector: { matchLabels: { app: 'x' } } } }), [MAKE[D]('web')]),
      fails(on(`${D} nosuch`, 'strategic', { spec: { replicas: 2 } })),
      fails(on(`${D} web`, 'strategic', { spec: { replicas: 'many' } }), [MAKE[D]('web')]),
      fails(on(`${D} web`, 'strategic', pod({ containers: [{ name: 'side', image: '' }] })), [MAKE[D]('web')]),
      fails(on(`${W} web`, 'strategic', { spec: { size: 3 } }), [MAKE[W]('web')]),
    ],
  },
  {
    name: 'patch, merge',
    ways: [
      changes(on(`${D} web`, 'merge', { spec: { progressDeadlineSeconds: 99 } }), [MAKE[D]('web')]),
      changes(on(`${D} web`, 'merge', { metadata: { labels: { app: 'x', b: 'c' } } }), [MAKE[D]('web')]),
      changes(on('configmaps web', 'merge', { data: { mode: null, fresh: '1' } }), [MAKE.configmaps('web')]),
      changes(on('configmaps web', 'merge', { data: { lines: 'a\nb\n' } }), [MAKE.configmaps('web')]),
      changes(on('poddisruptionbudgets.policy web', 'merge', { spec: { minAvailable: 2 } }), [
        MAKE['poddisruptionbudgets.policy']('web'),
      ]),
      changes(on(`${H} web`, 'merge', { spec: { maxReplicas: 5 } }), [MAKE[H]('web')]),
      changes(on(`${W} web`, 'merge', { spec: { size: 3, mode: 'wild' } }), [MAKE[W]('web')]),
      changes(on(`${W} web`, 'merge', { spec: { parts: [{ name: 'leg' }] } }), [MAKE[W]('web')]),
      changes(`patch {${W} web} --subresource=status --type=merge --patch=${text({ status: { phase: 'Ready' } })}`, [
        MAKE[W]('web'),
      ]),
      changes(on('gadgets.example.com web', 'merge', { spec: { colour: 'blue', parts: null } }), [
        MAKE['gadgets.example.com']('web'),
      ]),
      changes(
        `patch --filename=web.json --type=merge --patch=${text({ data: { mode: 'x' } })}`,
        [MAKE.configmaps('web')],
        {
          'web.json': [MAKE.configmaps('web').object],
        },
      ),
      fails(on('configmaps web', 'merge', { data: { mode: 3 } }), [MAKE.configmaps('web')]),
      fails(on(`${W} web`, 'merge', { spec: { mode: 'mild' } }), [MAKE[W]('web')]),
      fails(on(`${W} web`, 'merge', { spec: { fixed: 'b' } }), [MAKE[W]('web', { fixed: 'a' })]),
      fails(on('configmaps nosuch', 'merge', { data: { a: 'b' } })),
      fails(on('configmaps web', 'merge', { metadata: { resourceVersion: '1' }, data: { a: 'b' } }), [
        MAKE.configmaps('web'),
      ]),
    ],
  },
  {
    name: 'patch, json',
    ways: [
      changes(
        on(`${D} web`, 'json', [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'web:9' }]),
        [MAKE[D]('web')],
      ),
      changes(on(`${D} web`, 'json', [{ op: 'remove', path: '/spec/template/spec/containers/1' }]), [MAKE[D]('web')]),
      changes(
        on(`${D} web`, 'json', [
          { op: 'test', path: '/spec/replicas', value: 1 },
          { op: 'replace', path: '/spec/replicas', value: 2 },
        ]),
        [MAKE[D]('web')],
      ),
      changes(on('configmaps web', 'json', [{ op: 'add', path: '/metadata/labels/a~1b', value: 'c' }]), [
        MAKE.configmaps('web'),
      ]),
      changes(on('services web', 'json', [{ op: 'add', path: '/spec/ports/-', value: { name: 'alt', port: 81 } }]), [
        MAKE.services('web'),
      ]),
      changes(on(`${W} web`, 'json', [{ op: 'add', path: '/spec/tags/0', value: 'new' }]), [MAKE[W]('web')]),
      changes(on('gadgets.example.com web', 'json', [{ op: 'remove', path: '/spec/parts/0' }]), [
        MAKE['gadgets.example.com']('web'),
      ]),
      fails(
        on(`${D} web`, 'json', [
          { op: 'test', path: '/spec/replicas', value: 7 },
          { op: 'replace', path: '/spec/replicas', value: 2 },
        ]),
        [MAKE[D]('web')],
      ),
      fails(on('configmaps web', 'json', [{ op: 'remove', path: '/data/nosuch' }]), [MAKE.configmaps('web')]),
      fails(on('configmaps nosuch', 'json', [{ op: 'remove', path: '/data/mode' }])),
      fails(on(`${W} web`, 'json', [{ op: 'add', path: '/spec/tags/0', value: 'a' }]), [MAKE[W]('web')]),
    ],
  },
];
