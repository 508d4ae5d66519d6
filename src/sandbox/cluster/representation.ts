// The forms in which one object or a list leaves the server: itself, a Table of printed columns, or its metadata.
// The client's Accept header decides; objects are never changed, only shown.
import type { KubeObject } from './model.ts';
import type { Answer, ApiRequest } from './request.ts';
import { notAcceptable } from './status-error.ts';
import { type Column, columnsOf } from './tables.ts';
import type { World } from './world.ts';

type Form = 'json' | 'table' | 'metadata';

const ACCEPTED = ['application/json', 'application/json;as=Table;g=meta.k8s.io;v=v1'];

/** The first form in the Accept header that the sandbox has; 406 when it has none of them. */
function formOf(request: ApiRequest): Form {
  const accept = String(request.http.headers['accept'] ?? '');
  const watching = request.verb === 'watch';
  for (const part of accept.split(',')) {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    if (type === '' || type === '*/*' || type === 'application/*') return 'json';
    if (type !== 'application/json' && !(watching && type === 'application/json;stream=watch')) continue;
    const as = parameters.find((piece) => piece.startsWith('as='))?.slice(3);
    const version = parameters.find((piece) => piece.startsWith('v='))?.slice(2);
    if (as === undefined) return 'json';
    if (as === 'Table' && version === 'v1') return 'table';
    if (as.startsWith('PartialObjectMetadata') && version === 'v1') return 'metadata';
  }
  if (accept === '') return 'json';
  throw notAcceptable(ACCEPTED);
}

/** One object in the form that the client accepts. */
export function represent(world: World, request: ApiRequest, code: number, object: KubeObject): Answer {
  return { type: 'json', code, body: shape(world, request, formOf(request), object) };
}

function shape(world: World, request: ApiRequest, form: Form, object: KubeObject): unknown {
  if (form === 'table')
    return table(world, request, [object], { resourceVersion: object.metadata.resourceVersion }, 'first');
  return form === 'metadata' ? metadataOnly(object) : object;
}

/** The object of a watch event; the columns of a Table are told once. */
export function representEvent(
  world: World,
  request: ApiRequest,
  object: KubeObject,
  turn: 'first' | 'later',
): unknown {
  const form = formOf(request);
  if (form !== 'table') return shape(world, request, form, object);
  return table(world, request, [object], { resourceVersion: object.metadata.resourceVersion }, turn);
}

/** A list in the form that the client accepts; items leave out kind and apiVersion, as the real server's do. */
export function representList(
  world: World,
  request: ApiRequest,
  objects: readonly KubeObject[],
  metadata: Readonly<Record<string, unknown>>,
): Answer {
  const form = formOf(request);
  if (form === 'table') return { type: 'json', code: 200, body: table(world, request, objects, metadata, 'first') };
  if (form === 'metadata') {
    const body = {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: objects.map(metadataOnly),
    };
    return { type: 'json', code: 200, body };
  }
  const items = objects.map(({ kind: _kind, apiVersion: _apiVersion, ...rest }) => rest);
  const body = { kind: `${request.kind.kind}List`, apiVersion: request.apiVersion, metadata, items };
  return { type: 'json', code: 200, body };
}

function metadataOnly(object: KubeObject): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

function table(
  world: World,
  request: ApiRequest,
  objects: readonly KubeObject[],
  metadata: Readonly<Record<string, unknown>>,
  turn: 'first' | 'later',
): unknown {
  const columns = columnsOf(request.kind);
  const include = request.http.query.get('includeObject') ?? 'Metadata';
  const rows = objects.map((object) => ({
    cells: columns.map((column) => column.cell(object, world)),
    ...(include === 'None' ? {} : { object: include === 'Object' ? object : metadataOnly(object) }),
  }));
  const columnDefinitions = turn === 'first' ? columns.map(definition) : null;
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions, rows };
}

function definition(column: Column): unknown {
  const { name, type, priority } = column;
  return { name, type, format: name === 'Name' ? 'name' : '', description: column.name, priority };
}
