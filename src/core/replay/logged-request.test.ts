// Which types of a patch a log leaves open, and which it does not.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loggedRecord } from '../../../test/support/logged.ts';
import type { Json } from '../model/json.ts';
import { readLoggedEvent } from './logged-event.ts';
import { contentTypesOf, isDryRun, lacksBody, loggedRequestOf } from './logged-request.ts';

const requestOf = (verb: string, uri: string, body?: Json) => {
  const event = readLoggedEvent(
    loggedRecord({ verb, requestURI: uri, ...(body === undefined ? { level: 'Metadata' } : { requestObject: body }) }),
  );
  const request = event === null ? null : loggedRequestOf(event);
  assert.ok(request !== null);
  return request;
};

const [WEB, WIDGET] = ['/apis/apps/v1/namespaces/a/deployments/web', '/apis/example.com/v1/namespaces/a/widgets/w'];
const APPLIED = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 2 } };

describe('a patch may have been', () => {
  const rows: readonly (readonly [what: string, uri: string, body: Json, types: readonly string[]])[] = [
    ['a JSON patch, where it is a list', WEB, [], ['json-patch+json']],
    ['strategic or a merge', WEB, { spec: {} }, ['strategic-merge-patch+json', 'merge-patch+json']],
    ['a merge alone, of a custom kind', WIDGET, { spec: {} }, ['merge-patch+json']],
    ['strategic, by kubectl set', `${WEB}?fieldManager=kubectl-set`, { spec: {} }, ['strategic-merge-patch+json']],
    ['a merge, by kubectl label', `${WEB}?a=b&fieldManager=kubectl%2Dlabel`, {}, ['merge-patch+json']],
    ['a merge, by kubectl edit of a custom kind', `${WIDGET}?fieldManager=kubectl-edit`, {}, ['merge-patch+json']],
    [
      'an apply too, where it names its kind and who applies',
      `${WEB}?fieldManager=argocd&force=true`,
      APPLIED,
      ['strategic-merge-patch+json', 'merge-patch+json', 'apply-patch+yaml'],
    ],
    ['no apply, where nobody is named', WEB, APPLIED, ['strategic-merge-patch+json', 'merge-patch+json']],
  ];
  for (const [what, uri, body, types] of rows)
    test(what, () => {
      assert.deepEqual(
        contentTypesOf(requestOf('patch', uri, body)),
        types.map((type) => `application/${type}`),
      );
    });

  test('nothing of the kind, where it is no patch or has no body', () => {
    assert.deepEqual(contentTypesOf(requestOf('update', WEB, APPLIED)), ['application/json']);
    assert.deepEqual(contentTypesOf(requestOf('delete', WEB)), [null]);
  });
});

test('an address says all that matters of some requests, and nothing of others', () => {
  for (const [verb, path, lacks] of [
    ['create', '/api/v1/namespaces/a/pods', true],
    ['update', WEB, true],
    ['patch', `${WEB}/scale`, true],
    ['delete', WEB, false],
    ['create', '/api/v1/namespaces/a/pods/p/eviction', false],
    ['create', '/api/v1/namespaces/a/pods/p/exec?command=sh', false],
    ['create', '/api/v1/namespaces/a/pods/exec', true],
  ] as const)
    assert.equal(lacksBody(requestOf(verb, path)), lacks, `${verb} ${path}`);
});

test('a dry run is one however it is asked for, and nothing else is', () => {
  for (const [verb, uri, body, is] of [
    ['patch', `${WEB}?dryRun=All`, {}, true],
    ['patch', `${WEB}?fieldManager=a&dryRun=All`, {}, true],
    ['patch', `${WEB}?dryRun=`, {}, false],
    ['patch', `${WEB}?force=dryRun`, {}, false],
    ['patch', WEB, { dryRun: ['All'] }, false],
    ['delete', WEB, { dryRun: ['All'] }, true],
    ['delete', WEB, { dryRun: [] }, false],
  ] as const)
    assert.equal(isDryRun(requestOf(verb, uri, body)), is, `${verb} ${uri}`);
});
