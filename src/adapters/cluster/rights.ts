// Which rights the gate needs in the cluster, and which of them it lacks. It must never ask for more than the code uses.
import type { ClusterClient, ContentType } from './client.ts';
import { at } from './json-at.ts';

export interface NeededRight {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** What does not work without it. */
  readonly for: string;
}

const rights = (verbs: string, group: string, resources: string, purpose: string): readonly NeededRight[] =>
  resources.split(' ').flatMap((name) => {
    const [resource = '', subresource = ''] = name.split('/');
    return verbs.split(' ').map((verb) => ({ verb, group, resource, subresource, for: purpose }));
  });

/** The reader's rights, then the writer's by kind of action. */
export const NEEDED_RIGHTS: readonly NeededRight[] = [
  ...rights('get', '', 'namespaces', 'knowing which cluster this is'),
  ...rights('get list', '', 'pods', 'facts and verification'),
  ...rights('get list', 'apps', 'deployments replicasets statefulsets daemonsets', 'facts and verification'),
  ...rights('list', 'apps', 'controllerrevisions', 'history of stateful sets and daemon sets'),
  ...rights('delete', '', 'pods', 'delete pod'),
  ...rights('patch', 'apps', 'deployments/scale statefulsets/scale', 'scale'),
  ...rights('patch', 'apps', 'deployments statefulsets daemonsets', 'rollout restart, rollout undo, set image'),
];

/** The rights of the list that the cluster denies; throws AdapterError when it cannot be asked. */
export const missingRights = async (client: ClusterClient, signal: AbortSignal): Promise<readonly NeededRight[]> => {
  const answers = await Promise.all(NEEDED_RIGHTS.map((right) => isAllowed(client, right, signal)));
  return NEEDED_RIGHTS.filter((_, i) => answers[i] !== true);
};

const JSON_BODY: ContentType = 'application/json';

const isAllowed = async (
  client: ClusterClient,
  { verb, group, resource, subresource }: NeededRight,
  signal: AbortSignal,
): Promise<boolean> => {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb, group, resource, ...(subresource === '' ? {} : { subresource }) } },
  };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const answer = await client.send(
    { method: 'POST', path, query: {}, body: { type: JSON_BODY, value: review } },
    signal,
  );
  return at(answer, 'status', 'allowed') === true;
};
