// Judges some commands for nothing, so that what the engine compiles and loads at first use is there before anybody waits for it.
import { DEFAULT_POLICY } from '../../core/blast-radius/default-policy.ts';
import { DEFAULT_SPEC_SETTINGS } from '../../core/evaluation/evaluate.ts';
import type { Command } from '../../core/model/command.ts';
import { answerTo } from './tasks.ts';

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec: {replicas: 2, template: {spec: {containers: [{name: web, image: 'web:1', command: [sh, -c, "echo 1; rm -rf /tmp/x"]}]}}}
`;
const COMMANDS: readonly Command[] = [
  'kubectl scale deployment web --replicas=3 -n shop',
  'kubectl delete pod web-0 -n shop',
  'kubectl apply -f web.yaml -n production',
  `kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"web:2"}]}}}}'`,
  'for pod in a b; do kubectl delete pod "$pod" && sh -c \'psql -c "drop table x"\' | cat; done',
].map((line) => ({ kind: 'line', line }));
const ROUNDS = 3;

/** Some 0.1 s. */
export function warmUp(): void {
  const files = new Map([['web.yaml', MANIFEST]]);
  const [policy, flags] = [DEFAULT_POLICY, { blastRadiusCheck: 'on', gitopsPr: 'on' } as const];
  for (let round = 0; round < ROUNDS; round += 1)
    for (const command of COMMANDS) {
      const question = { command, files, namespace: 'default', customResources: [], policy, lang: 'en' } as const;
      answerTo('score', question);
      const understanding = answerTo('understand', question);
      const judging = {
        facts: null,
        policy,
        flags,
        settings: DEFAULT_SPEC_SETTINGS,
        incident: null,
        clusterName: null,
      };
      // Without files: the hash over them is slow by design and has nothing to warm.
      answerTo('judge', { ...judging, understanding, files: new Map() });
    }
}
