// What a command wants of an object, as data: from it and the object as it stands follows the request that kubectl would send.
import type { Json, JsonObject } from './json.ts';

export type PatchType = 'strategic' | 'merge' | 'json';

/** One environment variable as a container has it: a plain value. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
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

/**
 * Carried by an effect whose content the gate has read whole and may show: what holds a secret carries none. An effect without
 * one is carried out by its `change`, or by nobody.
 */
export type Mutation =
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
    }
  /** Quantities by name of the resource; null: not touched. "0" takes one away, as kubectl does. */
  | {
      readonly is: 'resources';
      readonly containers: string;
      readonly requests: { readonly [name: string]: string } | null;
      readonly limits: { readonly [name: string]: string } | null;
    }
  | { readonly is: 'service-account'; readonly name: string }
  /** Of a Service. */
  | { readonly is: 'selector'; readonly labels: { readonly [key: string]: string } }
  /** The object itself, as it is sent; the server or `metadata.name` names it. */
  | { readonly is: 'create'; readonly object: JsonObject }
  /** A Job of this object's template (`create job --from=cronjob/…`); the object that is read is the CronJob. */
  | { readonly is: 'job-of-cronjob'; readonly name: string; readonly cronJob: string }
  /** PUT with the resourceVersion of the object as it stands. */
  | { readonly is: 'replace'; readonly object: JsonObject }
  | {
      readonly is: 'apply';
      readonly object: JsonObject;
      readonly serverSide: { readonly fieldManager: string; readonly force: boolean } | null;
    };
