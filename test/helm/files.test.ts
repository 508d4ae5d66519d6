// That what the chart repeats is what it repeats: roles, guard, alerts, dashboard, version.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { chartFiles } from '../../scripts/deploy-files.ts';
import { versionOfPackage } from '../../src/doors/version.ts';
import { ROLES } from '../rights/published.ts';

const CHART = join(import.meta.dirname, '../../deploy/helm/blastgate');
const read = (path: string): string => readFileSync(join(CHART, path), 'utf8');

for (const [path, text] of chartFiles())
  test(`${path} is up to date; \`npm run deploy:files\` makes it`, () => {
    assert.equal(read(path), text);
  });

test('the chart is of the version of the package', () => {
  const { version, appVersion } = parse(read('Chart.yaml'));
  assert.deepEqual([version, appVersion], [versionOfPackage(), versionOfPackage()]);
});

test('every published role but the reader, which is always bound, has its switch, in values and schema', () => {
  const published = ROLES.map(({ metadata }) => metadata.name.replace('blastgate-', '')).filter(
    (name) => name !== 'reader',
  );
  const { rbac } = parse(read('values.yaml'));
  const schema = JSON.parse(read('values.schema.json'));
  assert.deepEqual(Object.keys(rbac.roles).toSorted(), published.toSorted());
  assert.deepEqual(Object.keys(schema.properties.rbac.properties.roles.properties).toSorted(), published.toSorted());
});

/** Every place of the schema that has properties refuses what it does not name. */
const openPlaces = (schema: Record<string, unknown>, path: string): readonly string[] => {
  const properties = schema['properties'] as Record<string, Record<string, unknown>> | undefined;
  if (properties === undefined) return [];
  return [
    ...(schema['additionalProperties'] === false ? [] : [path]),
    ...Object.entries(properties).flatMap(([name, one]) => openPlaces(one, `${path}.${name}`)),
  ];
};

test('an unknown key is refused at every level, and every value has its place in the schema', () => {
  const schema = JSON.parse(read('values.schema.json'));
  assert.deepEqual(openPlaces(schema, ''), []);
  const keys = Object.keys(parse(read('values.yaml'))).toSorted();
  assert.deepEqual(
    Object.keys(schema.properties)
      .filter((name) => name !== 'global')
      .toSorted(),
    keys,
  );
});
