// The admission objects that guard agents and the gate's account, read by their names → whether each holds.
import type { GuardState } from '../../../core/model/guard-state.ts';
import type { Json } from '../../../core/model/json.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { type ClusterClient, getJson } from '../client.ts';
import { at, listAt, textAt } from '../json-at.ts';

const API = '/apis/admissionregistration.k8s.io/v1';

/** As deploy/guard.yaml and `blastgate guard-executor` name them. */
const NAMES = { agents: 'blastgate-guard', executor: 'blastgate-guard-executor' } as const;

/** Throws AdapterError where they cannot be read. */
export async function readGuards(
  client: Pick<ClusterClient, 'send'>,
  signal: AbortSignal,
): Promise<{ readonly agents: GuardState; readonly executor: GuardState }> {
  const read = async (collection: string, name: string) => {
    try {
      return await client.send(getJson(`${API}/${collection}/${name}`), signal);
    } catch (error) {
      if (error instanceof AdapterError && error.status === 404) return null;
      throw error;
    }
  };
  const [policy, binding, webhook] = await Promise.all([
    read('validatingadmissionpolicies', NAMES.agents),
    read('validatingadmissionpolicybindings', NAMES.agents),
    read('validatingwebhookconfigurations', NAMES.executor),
  ]);
  const stateOf = (isThere: boolean, doesHold: boolean): GuardState =>
    !isThere ? 'missing' : doesHold ? 'holds' : 'open';
  const webhooks = listAt(webhook ?? undefined, 'webhooks');
  return {
    agents: stateOf(
      policy !== null && binding !== null,
      failsClosed(at(policy ?? undefined, 'spec')) && denies(at(binding ?? undefined, 'spec', 'validationActions')),
    ),
    executor: stateOf(webhook !== null, webhooks.length > 0 && webhooks.every(failsClosed)),
  };
}

/** Where it says nothing, Kubernetes fails closed (admissionregistration.k8s.io/v1). */
const failsClosed = (one: Json | undefined): boolean => (textAt(one, 'failurePolicy') ?? 'Fail') === 'Fail';

const denies = (actions: Json | undefined): boolean => Array.isArray(actions) && actions.includes('Deny');
