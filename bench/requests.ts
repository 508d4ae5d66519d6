// The 144 requests and 20 rules that every engine of the decision benchmark gets.

/** One request: the text that Blastgate gets, and the typed fields that its peers get. */
export interface BenchRequest {
  readonly text: string;
  readonly action: string;
  readonly namespaceClass: string;
}

/** Who may run without approval: an action in a class of namespaces; "*" is every class. */
export interface BenchRule {
  readonly action: string;
  readonly namespaceClass: string;
}

const COMMANDS: readonly (readonly [action: string, text: string])[] = [
  ['get', 'kubectl get pods'],
  ['get', 'kubectl get deployments -o wide'],
  ['describe', 'kubectl describe deployment web'],
  ['describe', 'kubectl describe pod web-0'],
  ['label', 'kubectl label pod web-0 team=sre'],
  ['annotate', 'kubectl annotate pod web-0 note=seen'],
  ['delete-pod', 'kubectl delete pod web-0'],
  ['rollout-restart', 'kubectl rollout restart deploy/web'],
  ['scale', 'kubectl scale deployment web --replicas=3'],
  ['rollout-undo', 'kubectl rollout undo deployment/web'],
  ['set-image', 'kubectl set image deploy/web web=registry.example/web:2'],
  ['delete-object', 'kubectl delete deployment web'],
];

const NAMESPACES: readonly (readonly [name: string, namespaceClass: string])[] = [
  ['shop', 'other'],
  ['default', 'other'],
  ['payments', 'other'],
  ['production', 'production'],
  ['prod-eu', 'production'],
  ['staging', 'staging'],
  ['uat', 'staging'],
  ['dev', 'development'],
  ['test', 'development'],
  ['kube-system', 'control-plane'],
  ['istio-system', 'control-plane'],
  ['monitoring', 'control-plane'],
];

export const REQUESTS: readonly BenchRequest[] = COMMANDS.flatMap(([action, text]) =>
  NAMESPACES.map(([name, namespaceClass]) => ({ text: `${text} -n ${name}`, action, namespaceClass })),
);

const of = (action: string, ...classes: readonly string[]): readonly BenchRule[] =>
  classes.map((namespaceClass) => ({ action, namespaceClass }));

/** The same 20 rules for every peer; they say exactly what the default policy calls auto. */
export const RULES: readonly BenchRule[] = [
  ...of('get', '*'),
  ...of('describe', '*'),
  ...of('label', 'other', 'production', 'staging', 'development'),
  ...of('annotate', 'other', 'production', 'staging', 'development'),
  ...of('delete-pod', 'other', 'staging', 'development'),
  ...of('rollout-restart', 'other', 'staging', 'development'),
  ...of('scale', 'other', 'staging', 'development'),
  ...of('rollout-undo', 'development'),
];
