// Reads a policy file.
import type { PolicyDocument } from '../../core/blast-radius/policy.ts';
import { type Problem, readChecked } from '../yaml/checked-yaml.ts';
import { POLICY_SCHEMA } from './policy-schema.ts';

export type PolicyResult =
  | { readonly ok: true; readonly policy: PolicyDocument }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const FLOORS = 'floors are built in and cannot be configured: remove it';

const unknownKey = (key: string, [section]: readonly PropertyKey[]): string => {
  if (key === 'floors' || key === 'floor') return FLOORS;
  if (section === 'hardRules')
    return `${key} is no rule that policy may change (core hard rules are built in): remove it`;
  return `unknown key ${key}: remove it or correct its spelling`;
};

/** The policy, or everything that is wrong with it, in the order of the file. `policy check` prints the problems. */
export function readPolicy(text: string): PolicyResult {
  const read = readChecked(text, POLICY_SCHEMA, unknownKey);
  return read.ok ? { ok: true, policy: read.value } : read;
}
