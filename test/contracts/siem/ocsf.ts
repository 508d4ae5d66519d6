// Checks an event against the schema of OCSF itself (ocsf-1.3.0-excerpt.json says where it is from).
import { readFileSync } from 'node:fs';

interface Attribute {
  readonly type: string;
  readonly requirement: 'required' | 'recommended' | 'optional';
  readonly object?: string;
  readonly isArray?: true;
  /** Belongs to the class only where the event names this profile. */
  readonly profile?: string;
  /** The attribute that holds the caption of this one's value. */
  readonly sibling?: string;
  readonly deprecated?: true;
  readonly enum?: { readonly [value: string]: string };
}
interface Shape {
  readonly attributes: { readonly [name: string]: Attribute };
  readonly constraints?: { readonly at_least_one?: readonly string[]; readonly just_one?: readonly string[] };
}
interface Class extends Shape {
  readonly caption: string;
  readonly category_uid: number;
  readonly category_name: string;
}
interface Type {
  readonly type?: string;
  readonly regex?: string;
  readonly range?: readonly [number, number];
  readonly max_len?: number;
}

const schema = JSON.parse(readFileSync(new URL('./ocsf-1.3.0-excerpt.json', import.meta.url), 'utf8')) as {
  readonly version: string;
  readonly classes: { readonly [uid: string]: Class };
  readonly objects: { readonly [name: string]: Shape };
  readonly types: { readonly [name: string]: Type };
};

type Row = Readonly<Record<string, unknown>>;
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Its value is the source's own, whatever the enumeration. */
const OTHER = '99';

/** What is wrong with an event, as lines; [] when nothing is. */
export const ocsfFaults = (event: unknown): readonly string[] => {
  if (!isRow(event)) return ['it is no object'];
  const own = schema.classes[String(event['class_uid'])];
  if (own === undefined) return [`class_uid ${String(event['class_uid'])} is no class of the excerpt`];
  const { metadata } = event;
  const version = isRow(metadata) ? metadata['version'] : undefined;
  return [
    ...(version === schema.version ? [] : [`metadata.version is ${String(version)}, not ${schema.version}`]),
    ...expected(event, 'category_uid', own.category_uid),
    ...expected(event, 'category_name', own.category_name),
    ...expected(event, 'class_name', own.caption),
    ...expected(event, 'type_uid', Number(event['class_uid']) * 100 + Number(event['activity_id'])),
    ...shapeFaults(event, own, ''),
  ];
};

const expected = (event: Row, name: string, value: unknown): readonly string[] =>
  event[name] === value ? [] : [`${name} is ${JSON.stringify(event[name])}, not ${JSON.stringify(value)}`];

const shapeFaults = (row: Row, { attributes, constraints }: Shape, path: string): readonly string[] => {
  const faults = Object.keys(row)
    .filter((name) => !Object.hasOwn(attributes, name))
    .map((name) => `${path}${name} is not in the schema`);
  for (const [name, attribute] of Object.entries(attributes)) {
    const value = row[name];
    if (value === undefined) {
      if (attribute.requirement === 'required' && attribute.profile === undefined)
        faults.push(`${path}${name} is missing`);
      continue;
    }
    if (attribute.profile !== undefined) faults.push(`${path}${name} is of the profile ${attribute.profile}`);
    if (attribute.deprecated) faults.push(`${path}${name} is deprecated`);
    faults.push(...attributeFaults(value, attribute, `${path}${name}`), ...siblingFaults(row, value, attribute, path));
  }
  const has = (names: readonly string[]): number => names.filter((name) => row[name] !== undefined).length;
  const { at_least_one: some, just_one: one } = constraints ?? {};
  if (some !== undefined && has(some) === 0) faults.push(`${path} has none of ${some.join(', ')}`);
  if (one !== undefined && has(one) !== 1) faults.push(`${path} has not one of ${one.join(', ')}`);
  return faults;
};

const attributeFaults = (value: unknown, attribute: Attribute, path: string): readonly string[] => {
  if (attribute.isArray === undefined) return valueFaults(value, attribute, path);
  if (!Array.isArray(value)) return [`${path} is no list`];
  return value.flatMap((one, at) => valueFaults(one, attribute, `${path}[${at}]`));
};

const valueFaults = (value: unknown, { type, object, enum: values }: Attribute, path: string): readonly string[] => {
  if (type === 'object_t') {
    if (!isRow(value)) return [`${path} is no object`];
    // The one that holds anything.
    if (object === 'object')
      return Object.entries(value).flatMap(([name, one]) => (one === null ? [`${path}.${name} is null`] : []));
    const shape = schema.objects[object ?? ''];
    return shape === undefined
      ? [`${path} is not in the excerpt: add ${object}`]
      : shapeFaults(value, shape, `${path}.`);
  }
  const faults = typeFaults(value, type, path);
  const isOutside = values !== undefined && !Object.hasOwn(values, String(value));
  return isOutside ? [...faults, `${path} is ${String(value)}, which is not listed`] : faults;
};

const typeFaults = (value: unknown, name: string, path: string): readonly string[] => {
  const { type = name, regex, range, max_len: longest } = schema.types[name] ?? {};
  switch (type) {
    case 'integer_t':
    case 'long_t': {
      if (!Number.isSafeInteger(value)) return [`${path} is no whole number`];
      const isOutside = range !== undefined && (Number(value) < range[0] || Number(value) > range[1]);
      return isOutside ? [`${path} is out of range`] : [];
    }
    case 'boolean_t':
      return typeof value === 'boolean' ? [] : [`${path} is neither true nor false`];
    case 'string_t': {
      if (typeof value !== 'string') return [`${path} is no text`];
      const most = longest ?? schema.types['string_t']?.max_len ?? 0;
      return [
        ...(value.length > most ? [`${path} is longer than ${most}`] : []),
        ...(regex !== undefined && !new RegExp(regex).test(value) ? [`${path} is no ${name}`] : []),
      ];
    }
    case 'json_t':
      return [];
    default:
      return [`${path} has the type ${name}, which is not checked here`];
  }
};

/** The caption beside a value is that of the schema, but for "other", where it is the source's own. */
const siblingFaults = (
  row: Row,
  value: unknown,
  { enum: values, sibling }: Attribute,
  path: string,
): readonly string[] => {
  if (values === undefined || sibling === undefined || row[sibling] === undefined) return [];
  const caption = values[String(value)];
  return String(value) === OTHER || caption === undefined || row[sibling] === caption
    ? []
    : [`${path}${sibling} is ${JSON.stringify(row[sibling])}, not ${JSON.stringify(caption)}`];
};
