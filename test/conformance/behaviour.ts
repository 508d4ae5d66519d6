// What a behaviour of the conformance suite is, and what it is given: a client, a namespace of its own, and objects to send.
// A behaviour asserts what Kubernetes does; it never asks which server it talks to.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, CallOptions, Client, Json } from './client.ts';

export interface Behaviour {
  readonly area: string;
  readonly name: string;
  readonly check: (scene: Scene) => Promise<void>;
}

export interface Scene extends Client {
  /** A namespace that nobody else uses. */
  readonly namespace: string;
  /** Path of a collection in the scene's namespace: `path('apps/v1', 'deployments')`. */
  readonly path: (apiVersion: string, resource: string, rest?: string) => string;
  /** Creates an object in the scene's namespace and answers it; anything but 201 fails. */
  readonly create: (apiVersion: string, resource: string, object: Json) => Promise<Json>;
  /** Reads until it holds, and answers what was read last. */
  readonly until: (path: string, holds: (body: Json) => boolean, options?: CallOptions) => Promise<Json>;
}

/** `/api/v1` or `/apis/GROUP/VERSION`. */
export function base(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

const PATIENCE_MS = 30_000;

export function sceneOf(client: Client, namespace: string): Scene {
  const path = (apiVersion: string, resource: string, rest = ''): string =>
    `${base(apiVersion)}/namespaces/${namespace}/${resource}${rest}`;
  return {
    ...client,
    namespace,
    path,
    create: async (apiVersion, resource, object) => {
      const answer = await client.call('POST', path(apiVersion, resource), { body: { apiVersion, ...object } });
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      return answer.body;
    },
    until: async (where, holds, options = {}) => {
      const end = Date.now() + PATIENCE_MS;
      for (;;) {
        const { body } = await client.call('GET', where, options);
        if (holds(body)) return body;
        if (Date.now() > end) assert.fail(`${where} did not come to hold: ${JSON.stringify(body)}`);
        await pause(20);
      }
    },
  };
}

/** A refusal as Kubernetes words it: HTTP code, reason and message (exact, or a pattern). */
export function refused(answer: Answer, code: number, reason: string, message: string | RegExp): void {
  const told = JSON.stringify(answer.body);
  assert.equal(answer.status, code, told);
  const { kind, status, code: inside, reason: why, message: said } = answer.body;
  assert.deepEqual(
    { kind, status, inside, why },
    { kind: 'Status', status: 'Failure', inside: code, why: reason },
    told,
  );
  if (typeof message === 'string') assert.equal(said, message);
  else assert.match(said, message);
}

export function ok(answer: Answer, code = 200): Json {
  assert.equal(answer.status, code, JSON.stringify(answer.body));
  return answer.body;
}

interface DeploymentOptions {
  readonly replicas?: number;
  readonly image?: string;
  readonly spec?: Json;
  readonly annotations?: Json;
}

/** A deployment with one container `main`, selected by its name. */
export function deployment(name: string, options: DeploymentOptions = {}): Json {
  const { replicas = 2, image = 'registry.example/app:1', spec = {}, annotations = {} } = options;
  return {
    kind: 'Deployment',
    metadata: { name, labels: { app: name }, annotations },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, image), ...spec },
  };
}

export function template(app: string, image = 'registry.example/app:1'): Json {
  return {
    metadata: { labels: { app } },
    spec: { containers: [{ name: 'main', image, env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] }] },
  };
}

export function pod(name: string, image = 'registry.example/app:1', labels: Json = {}): Json {
  return {
    kind: 'Pod',
    metadata: { name, labels },
    spec: { containers: [{ name: 'main', image }], terminationGracePeriodSeconds: 1 },
  };
}

export function configMap(name: string, data: Json = { key: 'value' }, metadata: Json = {}): Json {
  return { kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

/** Whether a deployment has rolled out, as `kubectl rollout status` judges it. */
export function isRolledOut(deployment: Json): boolean {
  const { metadata, spec, status } = deployment;
  return (
    status?.observedGeneration === metadata.generation &&
    (status.updatedReplicas ?? 0) === spec.replicas &&
    (status.replicas ?? 0) === spec.replicas &&
    (status.availableReplicas ?? 0) === spec.replicas
  );
}

export const STRATEGIC = 'application/strategic-merge-patch+json';
export const MERGE = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
