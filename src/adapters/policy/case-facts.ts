// How a golden case writes down what a cluster says: short, with the usual filled in.

import { z } from 'zod';
import type { Facts, MissingFact } from '../../core/model/facts.ts';
import { NO_NEIGHBOURS, type PodFact } from '../../core/model/neighbourhood.ts';
import { objectOfKey } from '../../core/model/object-ref.ts';

const PLACED = /^[a-z0-9.-]+\/[a-z0-9.-]+$/;
const placed = z.string().regex(PLACED, 'write namespace/name');
const key = z.string().regex(/^\S+ \S+$/, 'write resource.group namespace/name: "deployments.apps shop/web"');
const split = (name: string): { readonly namespace: string; readonly name: string } => {
  const slash = name.indexOf('/');
  return { namespace: name.slice(0, slash), name: name.slice(slash + 1) };
};

/** A kind, an object or a part of one, and the right that is lacking, as `missingName` writes them. */
const MISSING = /^(history of )?([^ (]+)(?: ([^ (]+))?(?: (container|revision) (\S+))?(?: \(may not ([^)]+)\))?$/;

const missingOf = (what: string): Omit<MissingFact, 'why'> => {
  const [, history, resource = '', place, part, named = '', right = null] = MISSING.exec(what) ?? [];
  return {
    resource,
    object: place === undefined ? null : `${resource} ${place}`,
    part:
      history !== undefined
        ? { kind: 'history' }
        : part === 'container'
          ? { kind: 'container', name: named }
          : part === 'revision'
            ? { kind: 'revision', number: Number(named) }
            : null,
    right,
  };
};

const rest = {
  kind: z.string().default(''),
  uid: z.string().optional(),
  preImage: z.json().default(null),
  revision: z.int().nullable().default(null),
  revisions: z.array(z.int()).default([]),
  replicas: z.int().nullable().default(null),
  controller: z.string().nullable().default(null),
  protected: z.boolean().default(false),
};

/** An object that the effects touch: `key`, or its parts. The uid is its name where none is written. */
const target = z.union([
  z.strictObject({ key, ...rest }).transform(({ key: text, uid, ...more }) => {
    const ref = objectOfKey(text);
    return { ...ref, ...more, uid: uid ?? ref.name };
  }),
  z
    .strictObject({
      group: z.string().default(''),
      resource: z.string(),
      namespace: z.string().nullable().default(null),
      name: z.string(),
      ...rest,
    })
    .transform(({ uid, ...more }) => ({ ...more, uid: uid ?? more.name })),
]);

const resources = z.strictObject({ cpuMillis: z.int().default(0), memoryBytes: z.int().default(0) });

/** Pods that are alike, by name; each uid is the name. A pod of a workload has that as its controller. */
const pods = z
  .strictObject({
    in: z.string(),
    names: z.array(z.string()).min(1),
    workload: key.nullable().default(null),
    controller: key.nullable().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    node: z.string().nullable().default(null),
    ready: z.boolean().default(true),
    finished: z.boolean().default(false),
    claims: z.array(z.string()).default([]),
    requests: resources.default({ cpuMillis: 0, memoryBytes: 0 }),
    admittedBy: z.array(z.string()).nullable().default(null),
  })
  .transform(({ in: namespace, names, controller, ...like }): readonly PodFact[] =>
    names.map((name) => ({
      ...like,
      uid: name,
      namespace,
      name,
      controller: controller === undefined ? like.workload : controller,
      ready: like.ready && !like.finished,
    })),
  );

const keeps = z.enum(['Retain', 'Delete']).default('Retain');
const amount = z.union([z.int(), z.string()]).nullable().default(null);
const workload = z
  .strictObject({
    key,
    controller: key.nullable().default(null),
    pods: z.int(),
    ready: z.int().optional(),
    replicas: z.int().nullable().optional(),
    rollout: z
      .strictObject({
        type: z.enum(['RollingUpdate', 'Recreate', 'OnDelete']).default('RollingUpdate'),
        maxUnavailable: amount,
        maxSurge: amount,
      })
      .nullable()
      .default(null),
    paused: z.boolean().default(false),
    claimRetention: z.strictObject({ whenDeleted: keeps, whenScaled: keeps }).nullable().default(null),
    admittedAfter: z.array(z.string()).nullable().default(null),
  })
  .transform(({ ready, replicas, ...more }) => ({
    ...more,
    uid: more.key,
    ready: ready ?? more.pods,
    replicas: replicas === undefined ? more.pods : replicas,
  }));

const selector = z
  .array(
    z.strictObject({
      key: z.string(),
      operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']).default('In'),
      values: z.array(z.string()).default([]),
    }),
  )
  .nullable()
  .default(null);

const service = z
  .strictObject({ name: placed, selector, pods: z.array(z.string()).default([]), ready: z.int().optional() })
  .transform(({ name, ready, ...more }) => ({ ...more, ...split(name), uid: name, ready: ready ?? more.pods.length }));

const budget = z
  .strictObject({
    name: placed,
    selector,
    pods: z.array(z.string()).default([]),
    disruptionsAllowed: z.int(),
    follows: z.enum(['replicas', 'nothing']).default('nothing'),
  })
  .transform(({ name, ...more }) => ({ ...more, ...split(name), uid: name }));

const policy = z
  .strictObject({ name: placed, selector })
  .transform(({ name, ...more }) => ({ ...more, ...split(name) }));

const autoscaler = z
  .strictObject({ name: placed, target: key, min: z.int().default(1), max: z.int() })
  .transform(({ name, ...more }) => ({ ...more, ...split(name), uid: name }));

const node = z
  .strictObject({
    name: z.string(),
    schedulable: z.boolean().default(true),
    free: z
      .strictObject({ ...resources.shape, pods: z.int().default(110) })
      .default({ cpuMillis: 0, memoryBytes: 0, pods: 110 }),
  })
  .transform((more) => ({ ...more, uid: more.name }));

/** An object by its key and those of its owners that exist; its uid is its name. */
const dependent = z
  .strictObject({ key, owners: z.array(key).min(1), protected: z.boolean().default(false) })
  .transform(({ key: text, ...more }) => {
    const ref = objectOfKey(text);
    return { ...ref, ...more, key: text, uid: ref.name };
  });

const neighbourhood = z
  .strictObject({
    pods: z.array(pods).default([]),
    workloads: z.array(workload).default([]),
    services: z.array(service).default([]),
    budgets: z.array(budget).default([]),
    policies: z.array(policy).default([]),
    autoscalers: z.array(autoscaler).default([]),
    nodes: z.array(node).default([]),
    held: z.array(z.strictObject({ object: key, manager: z.string(), fields: z.array(z.string()) })).default([]),
    dependents: z.array(dependent).default([]),
    namespaces: z.array(z.strictObject({ name: z.string(), environment: z.string().nullable() })).default([]),
  })
  .transform((seen) => ({ ...NO_NEIGHBOURS, ...seen, pods: seen.pods.flat(), ageSeconds: 0 }));

const recent = z.strictObject({
  proposal: z.string().default('earlier'),
  score: z.int(),
  workloads: z.array(key).default([]),
  namespaces: z.array(z.string()).default([]),
  nodes: z.array(z.string()).default([]),
});

/** The facts of a case; nothing that is left out was seen. */
export const CASE_FACTS = z
  .strictObject({
    cluster: z.string().nullable().default('uid'),
    targets: z.array(target).default([]),
    around: neighbourhood.prefault({}),
    missing: z
      .array(
        z
          .strictObject({
            what: z.string().regex(MISSING, 'write "deployments.apps shop/web", "pods" or "pods (may not list pods)"'),
            why: z.enum(['unreachable', 'forbidden', 'too-old', 'not-found', 'garbled']),
          })
          .transform(({ what, why }) => ({ ...missingOf(what), why })),
      )
      .default([]),
    failures: z
      .array(
        z
          .strictObject({ action: z.string(), target: z.string(), incident: z.string(), at: z.string() })
          .transform(({ target: object, ...more }) => ({ ...more, objects: [object] })),
      )
      .default([]),
    recent: z.array(recent).default([]),
  })
  .transform(({ around, ...seen }) => ({ ...seen, neighbourhood: around, rehearsal: null })) satisfies z.ZodType<Facts>;
