// The ConfigMap that says who is who: EKS reads kube-system/aws-auth and gives AWS users and roles their groups.
import type { Resource } from '../../../model/resource.ts';

/** True for it, and where it may be it. */
export function isIdentityMap(
  resource: Pick<Resource, 'group' | 'name'>,
  namespace: string | null,
  name: string | null,
): boolean {
  const there = namespace === 'kube-system' || namespace === '*';
  return resource.name === 'configmaps' && resource.group === '' && there && name === 'aws-auth';
}
