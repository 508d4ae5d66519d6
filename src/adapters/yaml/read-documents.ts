// Reads manifests as kubectl's own decoder would: YAML 1.1 or JSON, several documents.
import { createRequire } from 'node:module';
import type { Json } from '../../core/model/json.ts';

/** The yaml package costs 30 ms to load: the first text that is not JSON loads it. */
const require = createRequire(import.meta.url);
let yaml: typeof import('yaml') | null = null;

/** Aliases may multiply a small text into a huge tree; more than this many are refused. */
const MAX_ALIASES = 100;

/**
 * The documents of a text, empty ones left out; null when any of it cannot be read. YAML 1.1 because kubectl's decoder
 * (sigs.k8s.io/yaml) takes `yes`, `on` and `0777` as that version does. Values that are no JSON (dates, binary) are null too.
 */
export function readDocuments(text: string): readonly Json[] | null {
  const json = readJson(text);
  if (json !== undefined) return json;
  yaml ??= require('yaml') as typeof import('yaml');
  try {
    const documents = yaml.parseAllDocuments(text, { version: '1.1', merge: true, uniqueKeys: true });
    if (!Array.isArray(documents)) return [];
    if (documents.some((document) => document.errors.length > 0)) return null;
    const values = documents.map((document): unknown => document.toJS({ maxAliasCount: MAX_ALIASES }));
    return values.filter((value) => value !== null && value !== undefined).map(asJson);
  } catch {
    return null;
  }
}

/** One JSON value, or several one after the other as kubectl's decoder takes them; undefined when it is no JSON. */
const readJson = (text: string): readonly Json[] | undefined => {
  const first = /\S/.exec(text)?.[0];
  if (first !== '{' && first !== '[') return undefined;
  try {
    return [JSON.parse(text) as Json];
  } catch {
    // perhaps there are several
  }
  try {
    return piecesOf(text)?.map((piece) => JSON.parse(piece) as Json);
  } catch {
    return undefined;
  }
};

/** The balanced texts that follow each other; undefined where something else stands between them. */
const piecesOf = (text: string): readonly string[] | undefined => {
  const pieces: string[] = [];
  let from = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') quoted = !quoted;
    else if (quoted && letter === '\\') at++;
    else if (!quoted && (letter === '{' || letter === '[')) depth++;
    else if (!quoted && (letter === '}' || letter === ']') && --depth === 0) {
      pieces.push(text.slice(from, at + 1));
      from = at + 1;
    }
  }
  return depth === 0 && text.slice(from).trim() === '' ? pieces : undefined;
};

/** Throws for what JSON cannot hold: a cycle, a Date, a Map with odd keys, a number that is not finite. */
const asJson = (value: unknown): Json => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asJson(inner)]));
  }
  if (value instanceof Date) return value.toISOString();
  throw new TypeError('a value that JSON cannot hold');
};
