// What `blastgate doctor` says of the gate's rights in the cluster, role by role.
import { AdapterError } from '../../../ports/adapter-error.ts';
import {
  type ClusterRights,
  type NeededRight,
  type PublishedRole,
  ROLES_ON_DEMAND,
  resourceOf,
} from '../../../ports/cluster-rights.ts';
import { type Finding, finding } from './finding.ts';

const READER: PublishedRole = 'blastgate-reader';

/** How many namespaces are named before the rest is only counted. */
const NAMED = 5;

/**
 * A line a lack, or one that all is there. What is lacking of the reader, or one part of an action's role, is a failure; an
 * action whose role is not bound at all is left out (`off`), or limited to the namespaces where it is bound. What nobody holds
 * until an operator wants it is no lack: doctor-actions.ts tells of it. Throws AdapterError when the cluster cannot be asked.
 */
export async function rightsFindings(cluster: ClusterRights, signal: AbortSignal): Promise<readonly Finding[]> {
  const missing = (await cluster.missing(signal)).filter(({ role }) => !ROLES_ON_DEMAND.has(role));
  if (missing.length === 0) return [finding('rights', 'ok', 'every verb that is needed')];
  const roles = [...new Set(missing.map(({ role }) => role))];
  const found = await Promise.all(
    roles.map(async (role) => {
      const lacking = missing.filter((right) => right.role === role);
      const whole = lacking.length === cluster.needed.filter((right) => right.role === role).length;
      if (whole && role !== READER) return [await leftOut(cluster, role, lacking, signal)];
      return byResource(lacking).map((rights) => lack(role, rights));
    }),
  );
  return found.flat();
}

/** The rights on one resource are told together. */
const byResource = (rights: readonly NeededRight[]): readonly (readonly NeededRight[])[] => [
  ...Map.groupBy(rights, resourceOf).values(),
];

/** "get, list pods" */
const inWords = (rights: readonly NeededRight[]): string =>
  byResource(rights)
    .map((ones) => `${ones.map(({ verb }) => verb).join(', ')} ${ones[0] === undefined ? '' : resourceOf(ones[0])}`)
    .join('; ');

const purposesOf = (rights: readonly NeededRight[]): string =>
  [...new Set(rights.map((right) => right.for))].join('; ');

const lack = (role: PublishedRole, rights: readonly NeededRight[]): Finding =>
  finding(
    'rights',
    'fail',
    `may not ${inWords(rights)} (for ${purposesOf(rights)})`,
    `bind the ClusterRole ${role} of deploy/rbac.yaml as it is there, or grant: ${inWords(rights)}`,
  );

const leftOut = async (
  cluster: ClusterRights,
  role: PublishedRole,
  rights: readonly NeededRight[],
  signal: AbortSignal,
): Promise<Finding> => {
  const places = await placesWith(cluster, rights, signal);
  const more = places.length > NAMED ? ` and ${places.length - NAMED} more` : '';
  return finding(
    'rights',
    'off',
    places.length > 0
      ? `${purposesOf(rights)}: only in ${places.slice(0, NAMED).join(', ')}${more}`
      : `may not ${inWords(rights)}: ${purposesOf(rights)} will be refused by the cluster`,
    `if this gate is to do it${places.length > 0 ? ' everywhere' : ''}, bind the ClusterRole ${role} of deploy/rbac.yaml`,
  );
};

/** None where it cannot be told: whoever may not list namespaces, or a cluster that does not tell rules. */
export async function placesWith(
  cluster: ClusterRights,
  rights: readonly NeededRight[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return await cluster.namespacesWith(rights, signal);
  } catch (error) {
    if (error instanceof AdapterError && error.kind === 'refused') return [];
    throw error;
  }
}
