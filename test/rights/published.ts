// The published roles, taken apart into single rights, and put into a cluster with one less. For tests only.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NeededRight } from '../../src/ports/cluster-rights.ts';
import type { ControlPlane } from '../servers/kubernetes.ts';
import { type Manifest, type Rule, readManifest } from '../servers/manifest.ts';

const DEPLOY = join(import.meta.dirname, '../../deploy');
export const RBAC = readManifest(join(DEPLOY, 'rbac.yaml'));
export const GATE = readManifest(join(DEPLOY, 'gate.yaml'));
export const ROLES = RBAC.filter(({ kind }) => kind === 'ClusterRole');

/** One verb on one resource: what cannot be granted in a smaller piece. */
export interface Grant {
  readonly role: string;
  readonly verb: string;
  readonly group: string;
  /** With its subresource: "deployments/scale". */
  readonly resource: string;
}

export const grantsOf = ({ metadata, rules = [] }: Manifest): readonly Grant[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => ({ role: metadata.name, verb, group, resource }))),
    ),
  );

export const grantOf = ({ role, verb, group, resource, subresource }: NeededRight): Grant => ({
  role,
  verb,
  group,
  resource: subresource === '' ? resource : `${resource}/${subresource}`,
});

/** As people write it: "deployments.apps/scale". */
export const nameOf = ({ group, resource }: Pick<Grant, 'group' | 'resource'>): string => {
  const [plural = '', subresource] = resource.split('/');
  return `${plural}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
};

export const textOf = (grant: Grant): string => `${grant.role}: ${grant.verb} ${nameOf(grant)}`;

const ruleOf = ({ group, resource, verb }: Grant): Rule => ({
  apiGroups: [group],
  resources: [resource],
  verbs: [verb],
});

const isAllowed = async (plane: ControlPlane, { verb, group, resource }: Grant): Promise<boolean> => {
  const [plural, subresource = ''] = resource.split('/');
  const spec = { resourceAttributes: { verb, group, resource: plural, subresource } };
  const { body } = await plane.request('gate', 'POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec,
  });
  // as: a SelfSubjectAccessReview of authorization.k8s.io/v1.
  return (body as { readonly status: { readonly allowed: boolean } }).status.allowed;
};

/** The API server follows its own roles by a watch: until it has heard. */
const settled = async (plane: ControlPlane, grant: Grant, wanted: 'held' | 'lost'): Promise<void> => {
  const end = Date.now() + 90_000;
  while ((await isAllowed(plane, grant)) !== (wanted === 'held')) {
    assert.ok(Date.now() < end, `${textOf(grant)} is not ${wanted} after 90 s`);
    await pause(10);
  }
};

/** Does the work while the cluster grants everything but this. */
export const without = async (plane: ControlPlane, lost: Grant, work: () => Promise<void>): Promise<void> => {
  const role = ROLES.find(({ metadata }) => metadata.name === lost.role);
  assert.ok(role);
  const put = async (grants: readonly Grant[]): Promise<void> => {
    const path = `/apis/rbac.authorization.k8s.io/v1/clusterroles/${lost.role}`;
    const { status } = await plane.request('admin', 'PUT', path, { ...role, rules: grants.map(ruleOf) });
    assert.equal(status, 200);
  };
  const all = grantsOf(role);
  await put(all.filter((one) => textOf(one) !== textOf(lost)));
  try {
    await settled(plane, lost, 'lost');
    await work();
  } finally {
    await put(all);
    await settled(plane, lost, 'held');
  }
};
