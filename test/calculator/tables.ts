// Scoring's numbers and lists, written down a second time by hand.

/** Section 2, top to bottom. */
export const BASES: readonly (readonly [kind: string, points: number])[] = [
  ['none', 0],
  ['read', 0],
  ['annotate', 4],
  ['uncordon', 4],
  ['label', 6],
  ['rollout-pause', 6],
  ['delete-pod', 8],
  ['rollout-restart', 8],
  ['scale', 10],
  ['autoscale', 12],
  ['untaint', 14],
  ['rollout-undo', 14],
  ['create', 15],
  ['cordon', 16],
  ['set-image', 20],
  ['set-config', 22],
  ['patch', 26],
  ['apply', 30],
  ['taint', 35],
  ['delete-object', 40],
  ['drain', 45],
  ['exec', 55],
  ['sensitive-read', 55],
  ['tunnel', 60],
  ['grant', 65],
];

/** Kinds to which the weight of the resource is added. */
export const WEIGHED = ['create', 'set-config', 'patch', 'apply', 'delete-object'];

/** Section 2, "Resource weight"; what is not here weighs 15. */
export const WEIGHTS: Readonly<Record<number, string>> = {
  0: 'pods events events.events.k8s.io',
  5: 'deployments.apps replicasets.apps replicationcontrollers jobs.batch cronjobs.batch configmaps horizontalpodautoscalers.autoscaling',
  10: 'services ingresses.networking.k8s.io endpoints endpointslices.discovery.k8s.io networkpolicies.networking.k8s.io resourcequotas limitranges',
  20: 'persistentvolumes persistentvolumeclaims namespaces',
  25: 'nodes storageclasses.storage.k8s.io priorityclasses.scheduling.k8s.io runtimeclasses.node.k8s.io',
  35:
    'customresourcedefinitions.apiextensions.k8s.io apiservices.apiregistration.k8s.io ' +
    'mutatingwebhookconfigurations.admissionregistration.k8s.io validatingwebhookconfigurations.admissionregistration.k8s.io ' +
    'validatingadmissionpolicies.admissionregistration.k8s.io validatingadmissionpolicybindings.admissionregistration.k8s.io ' +
    'mutatingadmissionpolicies.admissionregistration.k8s.io mutatingadmissionpolicybindings.admissionregistration.k8s.io',
};

/** Section 3, in the order in which patterns are tried; multipliers in percent. */
export const CLASSES: readonly (readonly [name: string, percent: number, patterns: string])[] = [
  [
    'control-plane',
    200,
    'kube-system kube-public kube-node-lease *-system *istio* linkerd* cert-manager ingress-nginx argocd argo-rollouts ' +
      'flux* kyverno gatekeeper* vault keda karpenter velero external-secrets rook-ceph* openshift-* cattle-* knative-* ' +
      'tekton-* stackrox kubernetes-dashboard monitoring blastgate',
  ],
  ['staging', 80, 'stage staging uat preprod pre-prod non-prod nonprod stg stg-* staging-* *-stg *-staging *-uat'],
  [
    'production',
    150,
    'prod production prd live prod[0-9]* prod-* production-* prd-* live-* *-prod *-production *-prd *-live *-prod-*',
  ],
  ['development', 60, 'dev test qa sandbox dev-* *-dev *-test preview-* pr-*'],
];

/** Section 4: mark of a deed → the reason's code and its points. */
export const MODIFIERS: Readonly<Record<string, readonly [code: string, points: number]>> = {
  force: ['force', 20],
  'grace-zero': ['grace-zero', 15],
  'grace-one': ['grace-zero', 5],
  orphan: ['orphan', 10],
  selector: ['selector', 10],
  all: ['all', 25],
  'all-namespaces': ['all-namespaces', 30],
  'scale-to-zero': ['scale-to-zero', 40],
  suspend: ['scale-to-zero', 10],
  pause: ['scale-to-zero', 10],
  'scale-up': ['scale-up', 15],
  prune: ['prune', 30],
  emptydir: ['emptydir', 5],
  'unseen-content': ['unseen-content', 20],
  privileged: ['privileged', 40],
  membership: ['membership', 15],
  finalizers: ['finalizers', 30],
  'mutable-image': ['mutable-image', 5],
  placement: ['placement', 10],
};

/** Section 4: keys with a "/" that nobody acts on; "*" is the rest of the key. */
export const INERT_ANNOTATIONS =
  'kubernetes.io/change-cause kubectl.kubernetes.io/restartedAt reconcile.fluxcd.io/requestedAt argocd.argoproj.io/refresh ' +
  'meta.helm.sh/*';
export const INERT_LABELS = 'app.kubernetes.io/* helm.sh/chart topology.kubernetes.io/*';
/** Section 6: keys of labels and annotations, of templates too, that lift to dual. */
export const DUAL_KEYS =
  'eks.amazonaws.com/* iam.gke.io/* azure.workload.identity/* janitor/* downscaler/* strimzi.io/delete-* cnpg.io/hibernation ' +
  'cluster.x-k8s.io/delete-machine service.kubernetes.io/* node.kubernetes.io/exclude-* velero.io/exclude-from-backup ' +
  '*/configuration-snippet */server-snippet alb.ingress.kubernetes.io/scheme iam.amazonaws.com/* scheduler.alpha.kubernetes.io/*';
/** Likewise, on an object that exists: what Argo CD tracks it by. */
export const TRACKING_MARKS = 'annotation:argocd.argoproj.io/tracking-id label:app.kubernetes.io/instance';
export const INERT_NAMESPACE_LABELS = 'team owner cost-center';

/** Section 6: what lifts to dual, what to human, by kind or mark. */
export const DUAL =
  'exec grant tunnel sensitive-read privileged explicit-command service-account from-secret exposes no-execute undecided';
export const HUMAN = 'starts-image steers-away';

/** Section 7, core: kinds that nobody deletes. */
export const PROTECTED =
  'namespaces persistentvolumes persistentvolumeclaims clusterroles.rbac.authorization.k8s.io ' +
  'projects.project.openshift.io tenants.capsule.clastix.io';

/** Marks that are a core rule on a kind that nobody deletes. */
export const FORBIDDEN_ON_PROTECTED = 'finalizers finalize owner-reference claim-ref';

/** Section 7: kinds that nobody deletes unless policy lets two people, and those that nobody writes. */
export const GUARDED_DELETION = 'customresourcedefinitions.apiextensions.k8s.io apiservices.apiregistration.k8s.io';
export const GUARDED_WRITE = 'admissionregistration.k8s.io';

/** Marks that are an extended hard rule by themselves. */
export const FORBIDDEN_MARKS =
  'reclaim-delete claim-retention-delete rules-emptied disable-eviction host-namespaces approves-csr grants-admin grants-self protected';

export const WORKLOADS =
  'pods deployments.apps replicasets.apps statefulsets.apps daemonsets.apps replicationcontrollers jobs.batch cronjobs.batch';
