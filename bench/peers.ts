// The peers of the decision benchmark, each given typed requests and the same rules.
import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { Engine } from 'json-rules-engine';
import type { BenchRequest, BenchRule } from './requests.ts';

/** Answers whether a request may run without approval. */
export interface Peer {
  readonly name: string;
  decide(request: BenchRequest): boolean | Promise<boolean>;
}

export const casbin = async (rules: readonly BenchRule[]): Promise<Peer> => {
  const model = newModelFromString(`
[request_definition]
r = act, cls
[policy_definition]
p = act, cls
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.act == p.act && (p.cls == "*" || r.cls == p.cls)
`);
  const lines = rules.map(({ action, namespaceClass }) => `p, ${action}, ${namespaceClass}`).join('\n');
  const enforcer = await newEnforcer(model, new StringAdapter(lines));
  return { name: 'casbin', decide: (request) => enforcer.enforceSync(request.action, request.namespaceClass) };
};

export const cedar = (rules: readonly BenchRule[]): Peer => {
  const text = rules
    .map(({ action, namespaceClass }) => {
      const when = namespaceClass === '*' ? '' : ` when { context.class == "${namespaceClass}" }`;
      return `permit(principal, action == Action::"${action}", resource)${when};`;
    })
    .join('\n');
  const parsed = preparsePolicySet('bench', { staticPolicies: text });
  if (parsed.type !== 'success') throw new Error(`Cedar does not read the rules: ${JSON.stringify(parsed)}`);
  return {
    name: 'Cedar (pre-parsed)',
    decide: (request) => {
      const answer = statefulIsAuthorized({
        principal: { type: 'Agent', id: 'healer' },
        action: { type: 'Action', id: request.action },
        resource: { type: 'Object', id: 'web' },
        context: { class: request.namespaceClass },
        preparsedPolicySetId: 'bench',
        entities: [],
      });
      return answer.type === 'success' && answer.response.decision === 'allow';
    },
  };
};

export const jsonRulesEngine = (rules: readonly BenchRule[]): Peer => {
  const engine = new Engine();
  for (const { action, namespaceClass } of rules) {
    const classes = namespaceClass === '*' ? [] : [{ fact: 'class', operator: 'equal', value: namespaceClass }];
    engine.addRule({
      conditions: { all: [{ fact: 'action', operator: 'equal', value: action }, ...classes] },
      event: { type: 'auto' },
    });
  }
  return {
    name: 'json-rules-engine',
    decide: async (request) => {
      const { events } = await engine.run({ action: request.action, class: request.namespaceClass });
      return events.length > 0;
    },
  };
};
