// Why kubectl would send nothing for a command, given the object as it stands.

export type MutationRefusalCode =
  | 'object-missing' // what it would change is not there
  | 'source-missing' // the object whose keys it wants is not there
  | 'object-exists' // what it would create is there
  | 'value-exists' // a label, annotation or variable has another value, and --overwrite was not given
  | 'taint-exists' // likewise a taint with this key and effect
  | 'taint-missing' // the taint that shall go is not there
  | 'already-paused'
  | 'not-paused'
  | 'no-pod-template' // the kind has no pods of its own
  | 'container-missing' // no container of this name
  | 'selector-unsupported' // only a Service gets a selector
  | 'subjects-unsupported' // only a binding has subjects
  | 'pause-unsupported' // only a Deployment is paused
  | 'version-moved' // it has another resourceVersion than the command names
  | 'replicas-moved' // it has another number of replicas than --current-replicas
  | 'expose-unsupported' // no Service can be made for this kind
  | 'selector-missing' // nothing says which pods a Service is for
  | 'port-missing' // nothing says which port a Service is for
  | 'last-applied-unreadable' // the annotation of the last apply is no JSON
  | 'list-unmergeable' // elements of a list cannot be told apart
  | 'cause-unmergeable' // the patch takes all annotations away, and --record wants to note one
  | 'apply-conflict' // somebody changed the same field, and --overwrite=false was given
  | 'name-generated' // apply cannot name an object by generateName
  | 'schema-unknown'; // how the server merges this kind was not asked

/** A reason, and the key, container, taint or field that it is about; null: the object itself. */
export interface MutationRefusal {
  readonly code: MutationRefusalCode;
  readonly about: string | null;
}
