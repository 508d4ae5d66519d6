// A row of the remediations → the remediation, or null where the row is damaged: so that one row never hides the others.
import { isObject, type Json } from '../../../core/model/json.ts';
import type { Remediation } from '../../../core/remediation/remediation.ts';
import { isState } from '../../../core/remediation/state.ts';
import { corrupted } from './damage.ts';

interface Row {
  readonly id: string;
  readonly body: string;
}

const TEXTS = ['incident', 'createdAt', 'expiresAt', 'changedAt'] as const;
const LISTS = ['votes', 'looks'] as const;
const SPEC_TEXTS = ['digest', 'command', 'tier', 'action', 'target'] as const;
const SPEC_LISTS = ['effects', 'facts', 'reasons', 'constraints'] as const;

const has = (object: { readonly [key: string]: Json }, texts: readonly string[], lists: readonly string[]): boolean =>
  texts.every((key) => typeof object[key] === 'string') && lists.every((key) => Array.isArray(object[key]));

/** What every reader of a list relies on. What is deeper is found by `audit verify`: it folds the events anew. */
const isRemediation = (value: unknown, id: string): boolean => {
  // as: any JSON object.
  const body = isObject(value) ? (value as { readonly [key: string]: Json }) : {};
  const { spec = null, proposer = null, state = null, revision = null } = body;
  return (
    body['id'] === id &&
    typeof state === 'string' &&
    isState(state) &&
    Number.isInteger(revision) &&
    has(body, TEXTS, LISTS) &&
    isObject(proposer) &&
    isObject(spec) &&
    has(spec, SPEC_TEXTS, SPEC_LISTS) &&
    isObject(spec['rollbackPlan'])
  );
};

/** null: the row is damaged. */
export function readRemediation({ id, body }: Row): Remediation | null {
  try {
    const value: unknown = JSON.parse(body);
    return isRemediation(value, id) ? (value as Remediation) : null;
  } catch {
    return null;
  }
}

/** The same where this one row was asked for. Throws AdapterError. */
export function needRemediation(row: Row): Remediation {
  const found = readRemediation(row);
  if (found === null) throw corrupted(`the state of ${row.id}`);
  return found;
}
