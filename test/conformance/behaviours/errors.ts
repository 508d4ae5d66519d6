// Behaviours of a cluster: how refusals are worded.
import assert from 'node:assert/strict';
import { type Behaviour, configMap, deployment, MERGE, ok, pod, refused, STRATEGIC } from '../behaviour.ts';

export const ERRORS: readonly Behaviour[] = [
  {
    area: 'errors',
    name: 'names that are not DNS names are Invalid',
    check: async ({ call, path }) => {
      const answer = await call('POST', path('v1', 'configmaps'), {
        body: { apiVersion: 'v1', ...configMap('Not_Good') },
      });
      refused(
        answer,
        422,
        'Invalid',
        /^ConfigMap "Not_Good" is invalid: metadata\.name: Invalid value: "Not_Good": a lowercase RFC 1123 subdomain must consist of/,
      );
      assert.deepEqual(
        answer.body.details.causes.map((one: { reason: string; field: string }) => [one.reason, one.field]),
        [['FieldValueInvalid', 'metadata.name']],
      );
    },
  },
  {
    area: 'errors',
    name: 'a selector that misses its template, and no name at all, are Invalid',
    check: async ({ call, path }) => {
      const wrong = {
        apiVersion: 'apps/v1',
        ...deployment('web', { spec: { selector: { matchLabels: { app: 'other' } } } }),
      };
      const answer = await call('POST', path('apps/v1', 'deployments'), { body: wrong });
      refused(
        answer,
        422,
        'Invalid',
        'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
      );
      const nameless = await call('POST', path('v1', 'configmaps'), {
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} },
      });
      refused(
        nameless,
        422,
        'Invalid',
        'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
      );
    },
  },
  {
    area: 'errors',
    name: 'immutable fields say so',
    check: async ({ create, call, path }) => {
      await create('apps/v1', 'deployments', deployment('web', { replicas: 0 }));
      const body = {
        spec: {
          selector: { matchLabels: { app: 'web', more: 'x' } },
          template: { metadata: { labels: { app: 'web', more: 'x' } } },
        },
      };
      const answer = await call('PATCH', path('apps/v1', 'deployments', '/web'), { body, type: MERGE });
      refused(
        answer,
        422,
        'Invalid',
        'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"web","more":"x"}}: field is immutable',
      );
    },
  },
  {
    area: 'errors',
    name: 'a pod may change its image and nothing else of its spec',
    check: async ({ create, call, path }) => {
      await create('v1', 'pods', pod('lone'));
      const where = path('v1', 'pods', '/lone');
      const image = { spec: { containers: [{ name: 'main', image: 'registry.example/app:2' }] } };
      ok(await call('PATCH', where, { body: image, type: STRATEGIC }));
      const other = await call('PATCH', where, { body: { spec: { restartPolicy: 'Never' } }, type: STRATEGIC });
      refused(
        other,
        422,
        'Invalid',
        /^Pod "lone" is invalid: spec: Forbidden: pod updates may not change fields other than `spec\.containers\[\*\]\.image`/,
      );
    },
  },
  {
    area: 'errors',
    name: 'names and namespaces of body and path must agree',
    check: async ({ create, call, path, namespace }) => {
      const made = await create('v1', 'configmaps', configMap('settings'));
      const renamed = await call('PUT', path('v1', 'configmaps', '/settings'), {
        body: { ...made, metadata: { ...made.metadata, name: 'other' } },
      });
      refused(
        renamed,
        400,
        'BadRequest',
        'the name of the object (other) does not match the name on the URL (settings)',
      );
      const moved = await call('POST', path('v1', 'configmaps'), {
        body: { apiVersion: 'v1', ...configMap('x', {}, { namespace: 'default' }) },
      });
      refused(
        moved,
        400,
        'BadRequest',
        `the namespace of the provided object does not match the namespace sent on the request`,
      );
      assert.notEqual(namespace, 'default');
    },
  },
  {
    area: 'errors',
    name: 'creating in a namespace that is not there is NotFound',
    check: async ({ call }) => {
      const answer = await call('POST', '/api/v1/namespaces/nowhere/configmaps', {
        body: { apiVersion: 'v1', ...configMap('x') },
      });
      refused(answer, 404, 'NotFound', 'namespaces "nowhere" not found');
    },
  },
  {
    area: 'errors',
    name: 'an unknown field is refused when the client asks for strictness, and left out when not',
    check: async ({ call, path }) => {
      const body = { apiVersion: 'apps/v1', ...deployment('web', { replicas: 0, spec: { replcas: 3 } }) };
      const strict = await call('POST', `${path('apps/v1', 'deployments')}?fieldValidation=Strict`, { body });
      refused(
        strict,
        400,
        'BadRequest',
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replcas"',
      );
      const loose = ok(await call('POST', path('apps/v1', 'deployments'), { body }), 201);
      assert.equal(loose.spec.replcas, undefined);
    },
  },
  {
    area: 'errors',
    name: 'a value of a wrong type is a bad request',
    check: async ({ call, path }) => {
      const body = { apiVersion: 'apps/v1', ...deployment('web', { spec: { replicas: 'three' } }) };
      const answer = await call('POST', path('apps/v1', 'deployments'), { body });
      refused(
        answer,
        400,
        'BadRequest',
        /^Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field \S+replicas of type int32$/,
      );
    },
  },
  {
    area: 'errors',
    name: 'methods and paths that do not exist say so',
    check: async ({ call, path }) => {
      refused(
        await call('POST', path('v1', 'configmaps', '/x'), { body: {} }),
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
      );
      refused(
        await call('GET', path('apps/v1', 'nosuchthings')),
        404,
        'NotFound',
        'the server could not find the requested resource',
      );
      const outside = await call('GET', '/apis/no.such.group/v1/things');
      assert.equal(outside.status, 404);
    },
  },
];
