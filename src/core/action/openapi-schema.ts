// What an API server says of a kind (its OpenAPI v3 document of one group and version) becomes how it merges the kind's fields.
import { isObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import { elementsOf, fieldsOf, stringOf } from './changed-object.ts';
import { type MergeField, type MergeSchema, NO_MERGE_SCHEMA } from './merge-schema.ts';

/** A kind as OpenAPI names it. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const STRATEGIC = 'application/strategic-merge-patch+json';
const KIND = 'x-kubernetes-group-version-kind';

const isKind = (value: Json | undefined, { group, version, kind }: GroupVersionKind): boolean =>
  isObject(value) && value['group'] === group && value['version'] === version && value['kind'] === kind;

/** Whether the server takes strategic merge patches of the kind: of custom ones it does not. */
const mergesStrategically = (document: JsonObject, kind: GroupVersionKind): boolean =>
  Object.values(fieldsOf(document['paths'])).some((path) => {
    const patch = fieldsOf(fieldsOf(path)['patch']);
    return (
      isKind(ownValue(patch, KIND), kind) &&
      Object.hasOwn(fieldsOf(fieldsOf(patch['requestBody'])['content']), STRATEGIC)
    );
  });

const REF = '#/components/schemas/';

/** The schema that a reference leads to, directly or as the only part of it; the schema itself where there is none. */
const resolved = (schema: JsonObject, schemas: JsonObject): JsonObject => {
  const [part] = elementsOf(schema['allOf']);
  const ref = stringOf((part === undefined ? schema : fieldsOf(part))['$ref']);
  return ref.startsWith(REF) ? fieldsOf(schemas[ref.slice(REF.length)]) : schema;
};

const fieldOf = (field: JsonObject, schemas: JsonObject): MergeField => {
  const strategies = stringOf(field['x-kubernetes-patch-strategy']).split(',');
  const mergeKey = stringOf(field['x-kubernetes-patch-merge-key']);
  const element = isObject(field['items']) ? field['items'] : field;
  return {
    mergeKey: strategies.includes('merge') ? mergeKey : null,
    retainKeys: strategies.includes('retainKeys'),
    replaced: strategies.includes('replace'),
    below: schemaOf(resolved(element, schemas), schemas),
  };
};

const schemaOf =
  (schema: JsonObject, schemas: JsonObject): MergeSchema =>
  (name) => {
    const properties = fieldsOf(schema['properties']);
    const field = Object.hasOwn(properties, name) ? fieldsOf(properties[name]) : null;
    return field === null ? NO_MERGE_SCHEMA(name) : fieldOf(field, schemas);
  };

/** How the server merges objects of a kind; null where it takes no strategic merge patch of it, or does not know the kind. */
export function openApiMergeSchema(document: JsonObject, kind: GroupVersionKind): MergeSchema | null {
  if (!mergesStrategically(document, kind)) return null;
  const schemas = fieldsOf(fieldsOf(document['components'])['schemas']);
  const found = Object.values(schemas).find((schema) =>
    elementsOf(ownValue(fieldsOf(schema), KIND)).some((one) => isKind(one, kind)),
  );
  return found === undefined ? null : schemaOf(fieldsOf(found), schemas);
}
