// A proposal as a gate answers it → whether anything more happens to it.
import type { JsonObject } from '../core/model/json.ts';
import { isFinal, isState } from '../core/remediation/state.ts';
import { fieldText } from './json-field.ts';

/** True when nothing more happens to the proposal; a state that is not known may go on. */
export function isSettled({ state }: JsonObject): boolean {
  const name = fieldText(state);
  return isState(name) && isFinal(name);
}
