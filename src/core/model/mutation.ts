// What a command wants of an object, as data: from it and the object as it stands follows the request that kubectl would send.
import type { Json, JsonObject } from './json.ts';

export type PatchType = 'strategic' | 'merge' | 'json';

/** One environment variable as a container has it: a plain value. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
}

/** Variables that refer to the keys of a ConfigMap or a Secret of the same namespace (set env --from). */
export interface VariableSource {
  readonly resource: 'configmaps' | 'secrets';
  readonly name: string;
  /** Only these keys; none: all. */
  readonly keys: readonly string[];
  /** Before the name of each variable. */
  readonly prefix: string;
}

export interface Taint {
  readonly key: string;
  /** null: the taint has none. */
  readonly value: string | null;
  readonly effect: string;
}

/** A taint that goes; effect null: whatever its effect. */
export interface TaintName {
  readonly key: string;
  readonly effect: string | null;
}

/** Text by key: labels, annotations, quantities by name of the resource. */
export interface TextByKey {
  readonly [key: string]: string;
}

/** Another object in the effect's namespace. */
interface NamedKind {
  readonly group: string;
  readonly resource: string;
  readonly name: string;
}

/** A Service for the pods of another object; null: taken from that object, or left to the server. */
export interface ServiceExposure {
  /** The object that is exposed, in the effect's namespace: it is the one that is read. */
  readonly of: NamedKind;
  readonly name: string;
  readonly selector: TextByKey | null;
  readonly labels: TextByKey | null;
  readonly port: string | null;
  readonly targetPort: string | null;
  readonly protocol: string | null;
  readonly type: string | null;
  readonly externalIP: string | null;
  readonly loadBalancerIP: string | null;
  readonly sessionAffinity: string | null;
  readonly clusterIP: string | null;
  /** A merge patch of the Service. */
  readonly overrides: Json | null;
}

export const DEBUG_PROFILES = ['legacy', 'general', 'baseline', 'restricted', 'netadmin', 'sysadmin'] as const;
export type DebugProfile = (typeof DEBUG_PROFILES)[number];

/** A container to debug in, without a terminal. */
export interface DebugContainer {
  /** null: the sender gives it a name that the pod does not have. */
  readonly container: string | null;
  /** null: that of the container which is changed. */
  readonly image: string | null;
  readonly argv: readonly string[];
  /** The words are the arguments of the image's own command. */
  readonly argumentsOnly: boolean;
  readonly env: readonly EnvironmentVariable[];
  readonly pullPolicy: string | null;
  readonly profile: DebugProfile;
}

/** What is sent, without what goes for all of it. */
export type MutationContent =
  /** The body as it was given. */
  | { readonly is: 'patch'; readonly type: PatchType; readonly body: Json }
  /** Keys of the object's own metadata; null takes one away. Without `overwrite` a key with another value is refused. */
  | {
      readonly is: 'metadata';
      readonly on: 'labels' | 'annotations';
      readonly set: { readonly [key: string]: string | null };
      readonly overwrite: boolean;
    }
  /** Of a node: cordon and uncordon. */
  | { readonly is: 'unschedulable'; readonly value: boolean }
  /** Of a Deployment: pause and resume. */
  | { readonly is: 'paused'; readonly value: boolean }
  | {
      readonly is: 'taints';
      readonly add: readonly Taint[];
      readonly remove: readonly TaintName[];
      readonly overwrite: boolean;
    }
  /** `containers` is a wildcard pattern of their names, "*" for all. Without `overwrite` another value is refused. */
  | {
      readonly is: 'environment';
      readonly containers: string;
      readonly set: readonly EnvironmentVariable[];
      readonly remove: readonly string[];
      readonly overwrite: boolean;
      /** Behind those of `set`; absent: none. */
      readonly from?: VariableSource;
    }
  /** Quantities by name of the resource; null: not touched. */
  | {
      readonly is: 'resources';
      readonly containers: string;
      readonly requests: TextByKey | null;
      readonly limits: TextByKey | null;
    }
  /** Images by name of the container, "*" for all. */
  | { readonly is: 'images'; readonly images: readonly { readonly container: string; readonly image: string }[] }
  | { readonly is: 'service-account'; readonly name: string }
  /** Of a Service. */
  | { readonly is: 'selector'; readonly labels: TextByKey }
  /** Of a RoleBinding or a ClusterRoleBinding: subjects as they stand in one. */
  | { readonly is: 'subjects'; readonly add: readonly JsonObject[] }
  /** PUT of the Scale, only while it has so many replicas; null: however many. */
  | { readonly is: 'scale'; readonly replicas: number; readonly currentReplicas: number | null }
  /** The object itself, as it is sent; the server or `metadata.name` names it. `of`: nothing is sent unless this is there. */
  | { readonly is: 'create'; readonly object: JsonObject; readonly of?: NamedKind }
  /** A Job of this object's template (`create job --from=cronjob/…`); the object that is read is the CronJob. */
  | {
      readonly is: 'job-of-cronjob';
      readonly name: string;
      readonly cronJob: string;
      /** metadata.namespace of the Job, which kubectl writes where -n names it. */
      readonly namespace: string | null;
    }
  /** An ephemeral container in a pod; `target`: the container whose processes it sees. */
  | ({ readonly is: 'debug'; readonly target: string | null } & DebugContainer)
  /** A copy of `pod`, which is the object that is read, under another name. */
  | ({
      readonly is: 'debug-copy';
      readonly pod: string;
      readonly name: string;
      readonly sameNode: boolean;
      /** null: as the profile has it. */
      readonly shareProcesses: boolean | null;
      readonly images: readonly { readonly container: string; readonly image: string }[];
      /** What of the pod the copy has too. */
      readonly keep: readonly (
        | 'labels'
        | 'annotations'
        | 'livenessProbe'
        | 'readinessProbe'
        | 'startupProbe'
        | 'initContainers'
      )[];
    } & DebugContainer)
  | ({ readonly is: 'expose' } & ServiceExposure)
  /** PUT with the resourceVersion of the object as it stands. */
  | { readonly is: 'replace'; readonly object: JsonObject }
  /** Of a role or a binding (auth reconcile): what the object lacks of this is added, and with `removeExtra` what it has besides goes. */
  | { readonly is: 'reconcile'; readonly object: JsonObject; readonly removeExtra: boolean }
  /** `overwrite`: what others changed of the same fields since the last apply is put back; client-side only. */
  | {
      readonly is: 'apply';
      readonly object: JsonObject;
      readonly overwrite: boolean;
      readonly serverSide: { readonly fieldManager: string; readonly force: boolean } | null;
    }
  /** A request to the API as somebody would send it, to the path of the effect: POST to its collection, PUT and PATCH to itself. */
  | {
      readonly is: 'request';
      readonly method: 'POST' | 'PUT' | 'PATCH';
      readonly contentType: string;
      /** Parameters that decide what happens: fieldManager, force, fieldValidation. */
      readonly query: TextByKey;
      readonly body: Json;
    };

/**
 * Carried by an effect whose content the gate has read whole. An effect without one is carried out by its `change`, or by nobody.
 * Its secrets are hidden wherever it is kept or shown (core/action/hidden-content.ts).
 */
export type Mutation = MutationContent & {
  /** JSON pointers into the mutation of the values that nobody may read; absent: none. */
  readonly secrets?: readonly string[];
  /** The annotation kubernetes.io/change-cause that --record writes with it. */
  readonly changeCause?: string;
  /** Only while the object has this resourceVersion (--resource-version). */
  readonly resourceVersion?: string;
};
