// Pod templates and selectors as values.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject } from '../../core/model/json.ts';
import { readSelector } from './find-objects.ts';
import { selectorText } from './history.ts';
import {
  containersFor,
  imagesNow,
  restartedAtOf,
  sameTemplate,
  templateHash,
  templateOf,
  unknownContainers,
  withImages,
  withoutRestart,
} from './template.ts';

const workload = (template: JsonObject): JsonObject => ({ spec: { template } });
const template: JsonObject = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'web:1' }], initContainers: [{ name: 'init', image: 'init:1' }] },
};

describe('a template', () => {
  test('is the same whatever controllers write into it', () => {
    const seen = {
      $patch: 'replace',
      metadata: { creationTimestamp: null, labels: { 'pod-template-hash': '5d8f', app: 'web' } },
      spec: template['spec'] ?? null,
    };
    assert.ok(sameTemplate(templateOf(workload(seen)), template));
    assert.equal(templateHash(templateOf(workload(seen))), templateHash(template));
    assert.match(templateHash(template), /^sha256:[0-9a-f]{64}$/);
  });

  test('is another with another image, and with another order of containers', () => {
    const image = withImages(template, [{ container: 'web', image: 'web:2' }]);
    assert.ok(!sameTemplate(image, template));
    const turned = { ...template, spec: { containers: [{ name: 'b' }, { name: 'a' }] } };
    const straight = { ...template, spec: { containers: [{ name: 'a' }, { name: 'b' }] } };
    assert.ok(!sameTemplate(turned, straight));
  });

  test('without the stamp of a restart is as it was before any', () => {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' };
    const stamped = { ...template, metadata: { labels: { app: 'web' }, annotations } };
    assert.equal(restartedAtOf(stamped), '2026-01-01T00:00:00Z');
    assert.equal(restartedAtOf(template), null);
    assert.ok(sameTemplate(withoutRestart(stamped), template));
    const kept = { ...template, metadata: { labels: { app: 'web' }, annotations: { ...annotations, note: 'x' } } };
    assert.ok(!sameTemplate(withoutRestart(kept), template));
  });

  test('has its images changed by name, or all of them by a star', () => {
    assert.deepEqual(containersFor(template, [{ container: '*', image: 'x:1' }]), [
      { list: 'containers', name: 'web', image: 'x:1' },
      { list: 'initContainers', name: 'init', image: 'x:1' },
    ]);
    assert.deepEqual(imagesNow(template, [{ container: '*', image: 'x:1' }]), { web: 'web:1', init: 'init:1' });
    assert.deepEqual(imagesNow(template, [{ container: 'init', image: 'x:1' }]), { init: 'init:1' });
    assert.deepEqual(
      unknownContainers(template, [
        { container: 'api', image: 'x' },
        { container: '*', image: 'y' },
      ]),
      ['api'],
    );
    assert.equal(templateOf({}).spec, undefined);
  });
});

describe('a selector', () => {
  test('of an effect is two selectors in one', () => {
    const CASES = [
      [null, {}],
      ['app=web', { labelSelector: 'app=web' }],
      ['app in (a,b),tier!=x', { labelSelector: 'app in (a,b),tier!=x' }],
      ['fields:status.phase=Failed', { fieldSelector: 'status.phase=Failed' }],
      [
        'app=web,fields:status.phase=Failed,spec.nodeName=n',
        { labelSelector: 'app=web', fieldSelector: 'status.phase=Failed,spec.nodeName=n' },
      ],
      ['myfields:x=1', { labelSelector: 'myfields:x=1' }],
    ] as const;
    for (const [given, expected] of CASES) assert.deepEqual(readSelector(given), expected, `${given}`);
  });

  test('of a workload chooses its own, and an empty one never everything', () => {
    const CASES = [
      [{ matchLabels: { app: 'web', tier: 'a' } }, 'app=web,tier=a'],
      [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] }, 'app in (a,b)'],
      [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] }, 'app notin (a)'],
      [
        {
          matchExpressions: [
            { key: 'app', operator: 'Exists' },
            { key: 'old', operator: 'DoesNotExist' },
          ],
        },
        'app,!old',
      ],
      [{}, null],
      [undefined, null],
    ] as const;
    for (const [given, expected] of CASES) assert.equal(selectorText(given), expected);
  });
});
