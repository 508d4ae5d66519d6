// The kinds that the second calculator knows, written down a second time by hand. It imports nothing of src.

/** Spellings → resource.group; "cluster" where there is no namespace. */
const KINDS: readonly (readonly [spellings: string, what: string, scope: 'namespaced' | 'cluster'])[] = [
  ['po pod pods', 'pods', 'namespaced'],
  ['deploy deployment deployments deployments.apps', 'deployments.apps', 'namespaced'],
  ['rs replicaset replicasets', 'replicasets.apps', 'namespaced'],
  ['rc replicationcontroller replicationcontrollers', 'replicationcontrollers', 'namespaced'],
  ['sts statefulset statefulsets', 'statefulsets.apps', 'namespaced'],
  ['ds daemonset daemonsets', 'daemonsets.apps', 'namespaced'],
  ['job jobs', 'jobs.batch', 'namespaced'],
  ['cj cronjob cronjobs', 'cronjobs.batch', 'namespaced'],
  ['cm configmap configmaps', 'configmaps', 'namespaced'],
  ['secret secrets', 'secrets', 'namespaced'],
  ['svc service services', 'services', 'namespaced'],
  ['ep endpoints', 'endpoints', 'namespaced'],
  ['ing ingress ingresses', 'ingresses.networking.k8s.io', 'namespaced'],
  ['netpol networkpolicy networkpolicies', 'networkpolicies.networking.k8s.io', 'namespaced'],
  ['hpa horizontalpodautoscaler horizontalpodautoscalers', 'horizontalpodautoscalers.autoscaling', 'namespaced'],
  ['pdb poddisruptionbudget poddisruptionbudgets', 'poddisruptionbudgets.policy', 'namespaced'],
  ['sa serviceaccount serviceaccounts', 'serviceaccounts', 'namespaced'],
  ['quota resourcequota resourcequotas', 'resourcequotas', 'namespaced'],
  ['limits limitrange limitranges', 'limitranges', 'namespaced'],
  ['role roles', 'roles.rbac.authorization.k8s.io', 'namespaced'],
  ['rolebinding rolebindings', 'rolebindings.rbac.authorization.k8s.io', 'namespaced'],
  ['pvc persistentvolumeclaim persistentvolumeclaims', 'persistentvolumeclaims', 'namespaced'],
  ['lease leases', 'leases.coordination.k8s.io', 'namespaced'],
  ['ev event events', 'events', 'namespaced'],
  ['pv persistentvolume persistentvolumes', 'persistentvolumes', 'cluster'],
  ['ns namespace namespaces', 'namespaces', 'cluster'],
  ['no node nodes', 'nodes', 'cluster'],
  ['sc storageclass storageclasses', 'storageclasses.storage.k8s.io', 'cluster'],
  ['pc priorityclass priorityclasses', 'priorityclasses.scheduling.k8s.io', 'cluster'],
  ['clusterrole clusterroles', 'clusterroles.rbac.authorization.k8s.io', 'cluster'],
  ['clusterrolebinding clusterrolebindings', 'clusterrolebindings.rbac.authorization.k8s.io', 'cluster'],
  [
    'crd crds customresourcedefinition customresourcedefinitions',
    'customresourcedefinitions.apiextensions.k8s.io',
    'cluster',
  ],
  ['apiservice apiservices', 'apiservices.apiregistration.k8s.io', 'cluster'],
  [
    'validatingwebhookconfiguration validatingwebhookconfigurations',
    'validatingwebhookconfigurations.admissionregistration.k8s.io',
    'cluster',
  ],
  [
    'mutatingwebhookconfiguration mutatingwebhookconfigurations',
    'mutatingwebhookconfigurations.admissionregistration.k8s.io',
    'cluster',
  ],
];
/** The row of a spelling, or null: full names in any case, as kubectl takes them. */
export const kindOf = (word: string): (typeof KINDS)[number] | null =>
  KINDS.find(([spellings]) => spellings.split(' ').includes(word.toLowerCase())) ?? null;
