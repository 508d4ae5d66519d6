// The default policy (scoring sections 2 to 7), the same as policy/default.yaml.
import { type PolicyDocument, policyOf } from './policy.ts';

const CONTROL_PLANE =
  'kube-system kube-public kube-node-lease *-system *istio* linkerd* cert-manager ingress-nginx argocd argo-rollouts ' +
  'flux* kyverno gatekeeper* vault keda karpenter velero external-secrets rook-ceph* openshift-* cattle-* knative-* ' +
  'tekton-* stackrox kubernetes-dashboard monitoring blastgate';
const STAGING = 'stage staging uat preprod pre-prod non-prod nonprod stg stg-* staging-* *-stg *-staging *-uat';
const PRODUCTION =
  'prod production prd live prod[0-9]* prod-* production-* prd-* live-* *-prod *-production *-prd *-live *-prod-*';
const DEVELOPMENT = 'dev test qa sandbox dev-* *-dev *-test preview-* pr-*';

/** Whole points and lists as scoring gives them. */
export const DEFAULT_POLICY_DOCUMENT: PolicyDocument = {
  version: 1,
  tiers: { auto: 10, human: 50, dual: 99 },
  base: {
    none: 0,
    read: 0,
    annotate: 4,
    uncordon: 4,
    label: 6,
    'rollout-pause': 6,
    'delete-pod': 8,
    'rollout-restart': 8,
    scale: 10,
    autoscale: 12,
    untaint: 14,
    'rollout-undo': 14,
    create: 15,
    cordon: 16,
    'set-image': 20,
    'set-config': 22,
    patch: 26,
    apply: 30,
    taint: 35,
    'delete-object': 40,
    drain: 45,
    exec: 55,
    'sensitive-read': 55,
    tunnel: 60,
    grant: 65,
  },
  weights: {
    named: [
      { points: 0, resources: ['pods', 'events', 'events.events.k8s.io'] },
      {
        points: 5,
        resources: [
          'deployments.apps',
          'replicasets.apps',
          'replicationcontrollers',
          'jobs.batch',
          'cronjobs.batch',
          'configmaps',
          'horizontalpodautoscalers.autoscaling',
        ],
      },
      {
        points: 10,
        resources: [
          'services',
          'ingresses.networking.k8s.io',
          'endpoints',
          'endpointslices.discovery.k8s.io',
          'networkpolicies.networking.k8s.io',
          'gateways.gateway.networking.k8s.io',
          'resourcequotas',
          'limitranges',
        ],
      },
      { points: 20, resources: ['persistentvolumes', 'persistentvolumeclaims', 'namespaces'] },
      {
        points: 25,
        resources: [
          'nodes',
          'storageclasses.storage.k8s.io',
          'priorityclasses.scheduling.k8s.io',
          'runtimeclasses.node.k8s.io',
          'kube-system/leases.coordination.k8s.io',
          'kube-node-lease/leases.coordination.k8s.io',
        ],
      },
      {
        points: 35,
        resources: [
          'customresourcedefinitions.apiextensions.k8s.io',
          'apiservices.apiregistration.k8s.io',
          'mutatingwebhookconfigurations.admissionregistration.k8s.io',
          'validatingwebhookconfigurations.admissionregistration.k8s.io',
          'mutatingadmissionpolicies.admissionregistration.k8s.io',
          'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
          'validatingadmissionpolicies.admissionregistration.k8s.io',
          'validatingadmissionpolicybindings.admissionregistration.k8s.io',
        ],
      },
    ],
    others: 15,
  },
  namespaces: {
    'control-plane': { multiplier: 2, patterns: CONTROL_PLANE.split(' ') },
    staging: { multiplier: 0.8, patterns: STAGING.split(' ') },
    production: { multiplier: 1.5, patterns: PRODUCTION.split(' ') },
    development: { multiplier: 0.6, patterns: DEVELOPMENT.split(' ') },
    other: { multiplier: 1, patterns: [] },
  },
  clusters: {},
  modifiers: {
    all: 25,
    'all-namespaces': 30,
    'effectful-annotation': 15,
    emptydir: 5,
    finalizers: 30,
    force: 20,
    'grace-one': 5,
    'grace-zero': 15,
    many: 3,
    membership: 15,
    'mutable-image': 5,
    orphan: 10,
    pause: 10,
    privileged: 40,
    prune: 30,
    'scale-to-zero': 40,
    'scale-up': 15,
    selector: 10,
    suspend: 10,
    'unseen-content': 20,
  },
  evidence: {
    autoscaled: 10,
    'bare-pod': 30,
    capacity: 15,
    endpoints: 25,
    gitops: 10,
    history: 10,
    'last-replica': 20,
    'no-way-back': 15,
    pdb: 25,
    'replica-drop': 25,
    share: 20,
    stateful: 10,
  },
  budgets: { workload: 30, namespace: 60, node: 30, cluster: 120 },
  limits: { many: 15, history: 20 },
  inert: {
    annotations: [
      'kubernetes.io/change-cause',
      'kubectl.kubernetes.io/restartedAt',
      'reconcile.fluxcd.io/requestedAt',
      'argocd.argoproj.io/refresh',
    ],
    namespaceLabels: ['team', 'owner', 'cost-center'],
  },
  hardRules: {
    'delete-crd': 'block',
    'delete-apiservice': 'block',
    'write-admission': 'block',
    'reclaim-delete': 'block',
    'claim-retention-delete': 'block',
    'empty-cluster-role': 'block',
    'nodes-proxy': 'block',
    'disable-eviction': 'block',
    'no-execute-all-nodes': 'block',
    'host-namespaces': 'block',
    'approve-csr': 'block',
    'grant-self': 'block',
    'grant-admin': 'block',
    'write-gate': 'block',
    'delete-workloads-everywhere': 'block',
    'protected-object': 'block',
  },
  namespaceKinds: ['projects.project.openshift.io', 'subnamespaceanchors', 'tenants.capsule.clastix.io'],
  gate: {
    namespace: 'blastgate',
    names: ['blastgate', 'blastgate-*'],
    subjects: ['ServiceAccount:blastgate/blastgate', 'Group:system:serviceaccounts:blastgate'],
  },
  execReadonly: [],
};

/** The default policy, ready, for a cluster that was not named. */
export const DEFAULT_POLICY = policyOf(DEFAULT_POLICY_DOCUMENT, null);
