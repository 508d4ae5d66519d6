// How a command chooses its objects when it does not name them: -l, --field-selector, --all.
import type { Trait } from '../../../model/effect.ts';
import { isBare, isOn, lastOf } from '../flags.ts';
import type { Invocation } from '../invocation.ts';

/** The selector as one query string, and the traits that the way of choosing has (scoring section 4). */
export interface Selection {
  readonly selector: string | null;
  readonly traits: readonly Trait[];
}

/** "a=b,c in (d,e)" → its requirements; commas inside parentheses do not separate. */
const requirementsOf = (selector: string): readonly string[] => {
  const found: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at < selector.length; at++) {
    const letter = selector[at];
    if (letter === '(') depth++;
    else if (letter === ')') depth--;
    else if (letter === ',' && depth <= 0) {
      found.push(selector.slice(from, at).trim());
      from = at + 1;
    }
  }
  found.push(selector.slice(from).trim());
  return found.filter((requirement) => requirement !== '');
};

/** A requirement that names a value which an object must have; "a!=b", "a notin (b)", "a" and "!a" name none. */
const choosesByValue = (requirement: string): boolean =>
  !requirement.startsWith('!') &&
  (/^[^!=<>()\s]+\s*=/.test(requirement) || /^\S+\s+in\s*\(/.test(requirement) || /^[^!=\s]+\s*[<>]/.test(requirement));

const FINISHED = /^(?:status\.phase={1,2}(?:Failed|Succeeded)|status\.successful={1,2}1)$/;

const NOTHING_CHOSEN: Selection = { selector: null, traits: [] };

/** The selection of a command by its flags. */
export function selectionByFlags(invocation: Invocation): Selection {
  if (isBare(invocation)) return NOTHING_CHOSEN;
  return selectionOf(lastOf(invocation, 'selector'), lastOf(invocation, 'field-selector'), isOn(invocation, 'all'));
}

/**
 * What the selectors choose, null where none is given. One that only negates or tests existence, and an empty one, count as
 * `all` too. `finished-only`: the field selector leaves only pods that Failed or Succeeded, or jobs that succeeded.
 */
export function selectionOf(labels: string | null, fields: string | null, everything: boolean): Selection {
  if (labels === null && fields === null && !everything) return NOTHING_CHOSEN;
  const requirements = [...requirementsOf(labels ?? ''), ...requirementsOf(fields ?? '')];
  const traits: Trait[] = [];
  if (requirements.length > 0) traits.push('selector');
  if (everything || !requirements.some(choosesByValue)) traits.push('all');
  if (requirementsOf(fields ?? '').some((requirement) => FINISHED.test(requirement.replaceAll(' ', ''))))
    traits.push('finished-only');
  const selector = [
    ...(labels === null || labels === '' ? [] : [labels]),
    ...(fields === null || fields === '' ? [] : [`fields:${fields}`]),
  ];
  return { selector: selector.length === 0 ? null : selector.join(','), traits };
}

/** A selector of equalities alone as the labels that it asks for ("a=b,c==d"); null for any other. */
export function equalities(selector: string): { readonly [key: string]: string } | null {
  const found = requirementsOf(selector).map((one) => /^([^!=<>()\s]+)\s*={1,2}\s*([\w.-]*)$/.exec(one));
  const pairs = found.map((match) => [match?.[1] ?? '', match?.[2] ?? ''] as const);
  return found.length > 0 && found.every((match) => match !== null) ? Object.fromEntries(pairs) : null;
}
