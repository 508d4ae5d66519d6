// Checks what went over the wire against GitHub's own API description (openapi-excerpt.json says of which package).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { ForgeExchange } from '../../fakes/forge-server.ts';

interface Operation {
  /** Names of its query parameters. */
  readonly parameters: readonly string[];
  readonly body?: object;
  /** null: it has no JSON. */
  readonly responses: { readonly [status: string]: object | null };
}

const excerpt = JSON.parse(readFileSync(new URL('./openapi-excerpt.json', import.meta.url), 'utf8')) as {
  readonly definitions: { readonly [name: string]: object };
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
};

const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
const compiled = new Map<string, ValidateFunction>();
const compile = (schema: object): ValidateFunction => {
  const key = JSON.stringify(schema);
  const validate = compiled.get(key) ?? ajv.compile({ ...schema, definitions: excerpt.definitions });
  compiled.set(key, validate);
  return validate;
};

/** The names of a schema's fields, there or where it refers to. */
const fieldsOf = (schema: object | undefined): readonly string[] => {
  const { properties, $ref } = (schema ?? {}) as { readonly properties?: object; readonly $ref?: string };
  return $ref === undefined
    ? Object.keys(properties ?? {})
    : fieldsOf(excerpt.definitions[$ref.split('/').at(-1) ?? '']);
};

/** Statuses that may come from anywhere and stand nowhere in the description. */
const ANYWHERE = new Set([401, 403, 429]);

/** What an exchange breaks of the description, as sentences; [] when it keeps it. */
export const broken = ({ method, url, body, status, answer }: ForgeExchange): readonly string[] => {
  const { pathname, searchParams } = new URL(url);
  const [found] = Object.entries(excerpt.paths)
    .filter(([path]) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname))
    .toSorted(([a], [b]) => (a.match(/\{/g)?.length ?? 0) - (b.match(/\{/g)?.length ?? 0));
  assert.ok(found, `${method} ${pathname} is no path of the API`);
  const operation = found[1][method.toLowerCase()];
  assert.ok(operation, `${found[0]} takes no ${method}`);
  const where = `${method} ${found[0]} (${status})`;
  const faults = (what: string, schema: object, value: unknown): readonly string[] => {
    const validate = compile(schema);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${where}: ${what}${instancePath} ${message}`);
  };
  const named = fieldsOf(operation.body);
  const sent = body === '' ? null : (JSON.parse(body) as object);
  const response = operation.responses[`${status}`];
  return [
    ...[...searchParams.keys()]
      .filter((name) => !operation.parameters.includes(name))
      .map((name) => `${where}: no query parameter ${name}`),
    ...(sent === null || operation.body === undefined ? [] : faults('request', operation.body, sent)),
    ...(sent === null || named.length === 0
      ? []
      : Object.keys(sent)
          .filter((name) => !named.includes(name))
          .map((name) => `${where}: no field ${name}`)),
    ...(response === undefined && !ANYWHERE.has(status) && status < 500 ? [`${where}: no such answer`] : []),
    ...(response === undefined || response === null ? [] : faults('answer', response, answer)),
  ];
};
