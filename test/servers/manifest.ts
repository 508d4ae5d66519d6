// Reads a file of Kubernetes objects. For tests only; the API server is what checks them.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** One object, as far as tests look into it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
  readonly roleRef?: { readonly name: string };
  readonly subjects?: readonly object[];
  // biome-ignore lint/suspicious/noExplicitAny: objects of our own files, read by tests only
  readonly spec?: any;
}

/** One rule of a role, as deploy/rbac.yaml writes them. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export const readManifest = (path: string): readonly Manifest[] =>
  // as: our own files.
  parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS() as Manifest);
