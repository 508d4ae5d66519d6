// OpenAPI v2 in protobuf, the only form in which kubectl up to 1.27 and some clients read it: that every kind can be
// patched with dryRun and fieldValidation, and nothing about fields. Encodes gnostic's Document message by hand.
import { KINDS } from './kinds.ts';

type Piece = Buffer;

function varint(value: number): Piece {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}

/** A field that holds text or a message. */
function field(number: number, value: string | readonly Piece[]): Piece {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.concat(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function extension(name: string, yaml: string): readonly Piece[] {
  return [field(1, name), field(2, [field(2, yaml)])];
}

/** Parameter → non-body → query. */
function queryParameter(name: string): readonly Piece[] {
  const query = [field(2, 'query'), field(4, name), field(6, 'string')];
  return [field(1, [field(2, [field(3, query)])])];
}

const PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'];

/** The whole document. */
export function openApiV2(): Buffer {
  const paths = KINDS.flatMap((kind) =>
    [kind.version, ...kind.alsoServed].map((version) => {
      const base = kind.group === '' ? `/api/${version}` : `/apis/${kind.group}/${version}`;
      const path = `${base}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.resource}/{name}`;
      const gvk = `group: "${kind.group}"\nkind: ${kind.kind}\nversion: ${version}\n`;
      const patch = [
        ...PARAMETERS.map((name) => field(8, queryParameter(name))),
        field(13, extension('x-kubernetes-action', 'patch')),
        field(13, extension('x-kubernetes-group-version-kind', gvk)),
      ];
      return field(2, [field(1, path), field(2, [field(8, patch)])]);
    }),
  );
  const info = [field(1, 'Kubernetes (sandbox)'), field(2, 'v1')];
  return Buffer.concat([field(1, '2.0'), field(2, info), field(8, paths), field(9, [])]);
}
