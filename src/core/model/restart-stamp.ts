// Where a restart leaves its mark on a workload (kubectl 1.36, polymorphichelpers/objectrestarter.go).

/** The annotation of a pod template that holds the time of the restart. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** Its JSON pointer in a workload. */
export const RESTARTED_AT_POINTER = '/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt';
