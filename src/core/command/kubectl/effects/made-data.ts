// Flags become the ConfigMap or the Secret that kubectl makes of them (kubectl 1.36, pkg/cmd/create).
import { base64Of } from '../../../model/base64.ts';
import type { JsonObject } from '../../../model/json.ts';
import { goEscaped } from '../../../model/last-applied.ts';
import { allOf, isOn, lastOf } from '../flags.ts';
import type { KubectlCommand } from './effect-builder.ts';
import { givenField, madeMetadata } from './made-workloads.ts';
import { contentHash } from './name-hash.ts';

/** Key and text of one --from-file: "key=path", or the file's own name; null where its bytes are no text, or did not travel along. */
const fileEntry = ({ surroundings }: KubectlCommand, source: string): readonly [string, string] | null => {
  const [first = '', second, ...rest] = source.split('=');
  const path = second ?? first;
  const key = second === undefined ? (path.split('/').at(-1) ?? '') : first;
  const text = surroundings.files.get(path);
  return text === undefined || text.includes('\ufffd') || key === '' || rest.length > 0 ? null : [key, text];
};

const literalEntry = (literal: string): readonly [string, string] | null => {
  const equals = literal.indexOf('=');
  return equals < 1 ? null : [literal.slice(0, equals), literal.slice(equals + 1)];
};

/** Texts by key; null where one is not known, kubectl refuses one, or a key is given twice. */
const dataOf = (entries: readonly (readonly [string, string] | null)[]): { readonly [key: string]: string } | null => {
  const known = entries.filter((entry) => entry !== null);
  const data = Object.fromEntries(known);
  return known.length < entries.length || Object.keys(data).length < entries.length ? null : data;
};

/** --from-literal and --from-file; null where not all is known. The lines of --from-env-file are read by nobody here. */
const givenData = (command: KubectlCommand): { readonly [key: string]: string } | null => {
  const { invocation } = command;
  if (allOf(invocation, 'from-env-file').length > 0) return null;
  return dataOf([
    ...allOf(invocation, 'from-file').map((source) => fileEntry(command, source)),
    ...allOf(invocation, 'from-literal').map(literalEntry),
  ]);
};

/** The object with --append-hash in its name. */
const named = (command: KubectlCommand, object: JsonObject): JsonObject => {
  if (!isOn(command.invocation, 'append-hash')) return object;
  const metadata = madeMetadata(command);
  return { ...object, metadata: { ...metadata, name: `${metadata.name}-${contentHash(object)}` } };
};

/** A field for what is there: an empty map says nothing. */
const dataField = (data: { readonly [key: string]: string }): JsonObject =>
  Object.keys(data).length === 0 ? {} : { data };

/** create configmap; null where not all of its data is known. */
export function madeConfigMap(command: KubectlCommand): JsonObject | null {
  const data = givenData(command);
  if (data === null) return null;
  return named(command, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: madeMetadata(command),
    ...dataField(data),
  });
}

const secretOf = (
  command: KubectlCommand,
  type: string | null,
  data: { readonly [key: string]: string } | null,
): JsonObject | null =>
  data === null
    ? null
    : named(command, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: madeMetadata(command),
        ...givenField('type', type),
        ...dataField(Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64Of(text)]))),
      });

/** create secret generic */
export function madeSecret(command: KubectlCommand): JsonObject | null {
  return secretOf(command, lastOf(command.invocation, 'type'), givenData(command));
}

/** create secret tls: certificate and key stand in files. */
export function madeTlsSecret(command: KubectlCommand): JsonObject | null {
  const { surroundings, invocation } = command;
  const [cert, key] = ['cert', 'key'].map((flag) => surroundings.files.get(lastOf(invocation, flag) ?? ''));
  const isKnown = cert !== undefined && key !== undefined && !`${cert}${key}`.includes('\ufffd');
  return secretOf(command, 'kubernetes.io/tls', isKnown ? { 'tls.crt': cert, 'tls.key': key } : null);
}

const REGISTRY_FILE = '.dockerconfigjson';

/** create secret docker-registry: the file that docker login writes. */
export function madeRegistrySecret(command: KubectlCommand): JsonObject | null {
  const { invocation } = command;
  const type = 'kubernetes.io/dockerconfigjson';
  const files = allOf(invocation, 'from-file');
  if (files.length > 0) {
    const entries = files.map((source) =>
      fileEntry(command, source.includes('=') ? source : `${REGISTRY_FILE}=${source}`),
    );
    return secretOf(command, type, dataOf(entries));
  }
  const flag = (name: string): string => lastOf(invocation, `docker-${name}`) ?? '';
  const [username, password, email] = [flag('username'), flag('password'), flag('email')];
  const server = lastOf(invocation, 'docker-server') ?? 'https://index.docker.io/v1/';
  const login = {
    ...givenField('username', username),
    ...givenField('password', password),
    ...givenField('email', email),
    ...givenField('auth', base64Of(`${username}:${password}`)),
  };
  return secretOf(command, type, { [REGISTRY_FILE]: goEscaped(JSON.stringify({ auths: { [server]: login } })) });
}
