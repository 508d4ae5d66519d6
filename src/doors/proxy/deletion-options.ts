// A DELETE and its options → the dry run that it is, in the one form that says so in query and body alike; null: it is none.
import { isObject, type JsonObject } from '../../core/model/json.ts';
import { queryValues, type RequestTarget, writeDryRun, writeTarget } from './request-target.ts';

/**
 * The API server reads the options of a deletion from its body where there is one, and then not from its query (apiserver,
 * endpoints/handlers/delete.go): `?dryRun=All` over a body that does not say so deletes. What says two things is `two-ways`.
 */
export function dryRunOfDeletion(
  method: string,
  target: RequestTarget,
  contentType: string | null,
  body: Buffer,
): { readonly path: string; readonly body: Buffer | null } | 'two-ways' | null {
  if (method !== 'DELETE') return null;
  const inQuery = queryValues(target, 'dryRun');
  if (body.length === 0) return inQuery[0] === 'All' ? { path: writeTarget(target), body: null } : null;
  const options = optionsIn(contentType, body);
  const inBody = options === null ? null : saysDryRun(options);
  if (inBody === true && (inQuery.length === 0 || inQuery[0] === 'All'))
    return { path: writeDryRun(target), body: Buffer.from(JSON.stringify(options)) };
  return inQuery.length > 0 ? 'two-ways' : null;
}

const optionsIn = (contentType: string | null, body: Buffer): JsonObject | null => {
  if (!/^application\/json\b/i.test(contentType ?? 'application/json')) return null;
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
};

const saysDryRun = ({ dryRun }: JsonObject): boolean =>
  Array.isArray(dryRun) && dryRun.length === 1 && dryRun[0] === 'All';
