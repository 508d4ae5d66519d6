// Checks what went over the wire against Gitea's own API description.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Tree = { readonly [key: string]: unknown };

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly status: number;
  readonly answer: unknown;
}

const asTree = (value: unknown): Tree => (typeof value === 'object' && value !== null ? (value as Tree) : {});

/** Swagger 2 cannot say "or null", which Gitea answers for what is absent: allowed in answers, never in requests. */
const orNull = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(orNull);
  if (typeof schema !== 'object' || schema === null) return schema;
  const tree = Object.fromEntries(Object.entries(schema).map(([key, inner]) => [key, orNull(inner)]));
  const properties = tree['properties'];
  if (properties === undefined) return tree;
  return {
    ...tree,
    properties: Object.fromEntries(
      Object.entries(asTree(properties)).map(([key, inner]) => [key, { anyOf: [inner, { type: 'null' }] }]),
    ),
  };
};

const strict = (schema: unknown): unknown => {
  const tree = asTree(schema);
  return tree['type'] === 'object' ? { ...tree, additionalProperties: false } : tree;
};

const swagger = asTree(JSON.parse(readFileSync(new URL('./swagger-excerpt.json', import.meta.url), 'utf8')));

const compiler = (forAnswers: 'answers' | 'requests'): ((schema: unknown) => ValidateFunction) => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  const turn = (schema: unknown): unknown => strict(forAnswers === 'answers' ? orNull(schema) : schema);
  const definitions = Object.fromEntries(
    Object.entries(asTree(swagger['definitions'])).map(([name, schema]) => [name, turn(schema)]),
  );
  const compiled = new Map<string, ValidateFunction>();
  return (schema) => {
    const key = JSON.stringify(schema);
    const validate = compiled.get(key) ?? ajv.compile({ ...asTree(schema), definitions });
    compiled.set(key, validate);
    return validate;
  };
};
const compileRequest = compiler('requests');
const compileAnswer = compiler('answers');

const operationOf = ({ method, url }: Exchange): { readonly path: string; readonly operation: Tree } => {
  const { pathname } = new URL(url);
  // The path with the fewest places: `/issues/comments` is no issue called "comments".
  const [found] = Object.entries(asTree(swagger['paths']))
    .filter(([path]) => new RegExp(`^/api/v1${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname))
    .toSorted(([a], [b]) => (a.match(/\{/g)?.length ?? 0) - (b.match(/\{/g)?.length ?? 0));
  assert.ok(found, `${method} ${pathname} is no path of the API`);
  const operation = asTree(found[1])[method.toLowerCase()];
  assert.ok(operation !== undefined, `${found[0]} takes no ${method}`);
  return { path: found[0], operation: asTree(operation) };
};

/** What an exchange breaks of the API description, as sentences; [] when it keeps it. */
export const broken = (exchange: Exchange): readonly string[] => {
  const { path, operation } = operationOf(exchange);
  const where = `${exchange.method} ${path} (${exchange.status})`;
  const parameters = (operation['parameters'] as readonly Tree[] | undefined) ?? [];
  const complaints: string[] = [];
  const check = (validate: ValidateFunction, value: unknown, what: string): void => {
    if (validate(value)) return;
    for (const error of validate.errors ?? [])
      complaints.push(`${where}: ${what}${error.instancePath} ${error.message}`);
  };
  for (const [name, value] of new URL(exchange.url).searchParams) {
    const parameter = parameters.find((candidate) => candidate['in'] === 'query' && candidate['name'] === name);
    if (parameter === undefined) {
      complaints.push(`${where}: no query parameter ${name}`);
      continue;
    }
    const { type, format, enum: values } = parameter;
    const typed = type === 'integer' ? Number(value) : value;
    check(compileRequest({ type, ...(format ? { format } : {}), ...(values ? { enum: values } : {}) }), typed, name);
  }
  const body = parameters.find((candidate) => candidate['in'] === 'body');
  if (body !== undefined) check(compileRequest(body['schema']), JSON.parse(exchange.body), 'request');
  const responses = asTree(operation['responses']);
  const named = asTree(responses[String(exchange.status)])['$ref'];
  if (typeof named !== 'string') {
    // 401 and 5xx can come from anywhere and stand nowhere in the description.
    if (exchange.status !== 401 && exchange.status < 500) complaints.push(`${where}: no such answer`);
    return complaints;
  }
  const schema = asTree(asTree(swagger['responses'])[named.split('/').at(-1) ?? ''])['schema'];
  if (schema !== undefined) check(compileAnswer(schema), exchange.answer, 'answer');
  return complaints;
};
