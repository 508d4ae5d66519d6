// The structure of a YAML document becomes JSON as sigs.k8s.io/yaml makes it: merges applied, aliases written out, keys texts.
import type { ReadingBudget } from '../../../core/model/command.ts';
import { type Json, MAX_DEPTH, setOwnValue } from '../../../core/model/json.ts';
import { type Mapping, type Node, type Scalar, type Sequence, YAML_TAG } from './nodes.ts';
import { keyOfFloat } from './numbers.ts';
import { scalarValue, type Typed, type Value } from './resolve.ts';
import { DuplicateKey, spend, Unreadable } from './unreadable.ts';

/**
 * The JSON of a document; throws Unreadable where go-yaml or the conversion to JSON has an error, and at the limits. Of a key that
 * stands twice the last holds, unless `keys` says that each is to stand once.
 */
export function decode(document: Node, budget: ReadingBudget, keys: 'last' | 'once' = 'last'): Json {
  return new Decoder(budget, keys === 'once').json(document);
}

type JsonRecord = { [key: string]: Json };

/** A mapping in the making. `typed`: which keys of go-yaml's map the keys that were no strings are. */
interface Target {
  readonly record: JsonRecord;
  typed: Map<string, string> | null;
}

/** decode.go, allowedAliasRatio, for as many nodes as a budget allows: how much of what is read may come out of aliases. */
const MOST_OUT_OF_ALIASES = 0.99;

class Decoder {
  private readonly budget: ReadingBudget;
  private readonly keysOnce: boolean;
  /** Nodes so far, the document counted as one; and those of them within an alias. */
  private nodes = 1;
  private aliased = 0;
  private depth = 0;
  private aliasDepth = 0;
  private readonly openAliases = new Set<Node>();

  constructor(budget: ReadingBudget, keysOnce: boolean) {
    this.budget = budget;
    this.keysOnce = keysOnce;
  }

  json(node: Node): Json {
    this.count();
    switch (node.kind) {
      case 'scalar':
        return asJson(scalarValue(node));
      case 'alias':
        return this.within(node, () => this.json(node.node));
      case 'sequence':
        return this.items(node);
      case 'mapping': {
        const target: Target = { record: {}, typed: null };
        this.fill(target, node);
        return target.record;
      }
      default:
        return node satisfies never;
    }
  }

  /** decode.go, decoder.unmarshal: "document contains excessive aliasing". */
  private count(): void {
    this.nodes++;
    if (this.aliasDepth > 0) this.aliased++;
    spend(this.budget, 1);
    if (this.aliased > 100 && this.nodes > 1000 && this.aliased / this.nodes > MOST_OUT_OF_ALIASES)
      throw new Unreadable('too many nodes out of aliases');
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) throw new Unreadable('nested too deep');
  }

  private items({ items }: Sequence): Json {
    this.enter();
    const values = items.map((item) => this.json(item));
    this.depth--;
    return values;
  }

  private within<T>(alias: Node, read: () => T): T {
    if (this.openAliases.has(alias)) throw new Unreadable('an alias within what it stands for');
    this.openAliases.add(alias);
    this.aliasDepth++;
    const result = read();
    this.aliasDepth--;
    this.openAliases.delete(alias);
    return result;
  }

  /** Pairs in the order of the text, so that of a key that stands twice the last holds, and a merge overrides what stands before. */
  private fill(target: Target, { entries }: Mapping): void {
    this.enter();
    const seen = this.keysOnce ? new Set<string>() : null;
    for (let at = 0; at < entries.length; at += 2) {
      const key = entries[at];
      const value = entries[at + 1];
      if (key === undefined || value === undefined) continue;
      if (isMerge(key)) this.merge(target, value);
      else {
        const text = setKey(target, this.key(key), this.json(value));
        if (seen?.has(text)) throw new DuplicateKey(text);
        seen?.add(text);
      }
    }
    this.depth--;
  }

  private key(node: Node): Value {
    this.count();
    if (node.kind === 'scalar') return scalarValue(node);
    if (node.kind !== 'alias') throw new Unreadable('a collection as a key');
    return this.within(node, () => this.key(node.node));
  }

  /** decode.go, decoder.merge: a mapping, or several of which the first wins; they override the keys that stand before. */
  private merge(target: Target, node: Node): void {
    if (node.kind === 'sequence') {
      for (const item of node.items.toReversed()) this.mergeOne(target, item);
    } else this.mergeOne(target, node);
  }

  private mergeOne(target: Target, node: Node): void {
    this.count();
    if (node.kind === 'mapping') this.fill(target, node);
    else if (node.kind === 'alias' && node.node.kind === 'mapping')
      this.within(node, () => this.mergeOne(target, node.node));
    else throw new Unreadable('a merge of what is no mapping');
  }
}

const MERGE_TAG = `${YAML_TAG}merge`;

const isMerge = (node: Node): node is Scalar =>
  node.kind === 'scalar' && node.value === '<<' && (node.isImplicit || node.tag === MERGE_TAG);

/** A minus zero is a zero to whoever reads the object. */
const asJson = (scalar: Value): Json => {
  if (typeof scalar === 'string') return scalar;
  const { kind, value } = scalar;
  if (kind === 'float' && !Number.isFinite(value)) throw new Unreadable('a number that JSON does not have');
  return value === 0 ? 0 : value;
};

const keyText = (key: Typed): string => {
  switch (key.kind) {
    case 'integer':
      if (key.text === null) throw new Unreadable('an integer beyond int64 as a key');
      return key.text;
    case 'float':
      return keyOfFloat(key.value);
    case 'boolean':
      return String(key.value);
    case 'null':
      throw new Unreadable('null as a key');
    default:
      return key satisfies never;
  }
};

/** Two keys of different types are two keys to go-yaml, and JSON has one of them at random: such a mapping is not read. */
const setKey = (target: Target, key: Value, value: Json): string => {
  const text = typeof key === 'string' ? key : keyText(key);
  if (typeof key !== 'string') target.typed ??= new Map();
  if (target.typed !== null) noteKey(target.record, target.typed, text, key);
  setOwnValue(target.record, text, value);
  return text;
};

/** An integer and a float are two keys even where they are one number; what is no number is another key each time. */
const noteKey = (record: JsonRecord, typed: Map<string, string>, text: string, key: Value): void => {
  const identity = typeof key === 'string' ? 'string' : key.kind === 'float' ? `float ${key.value}` : key.kind;
  const before = typed.get(text) ?? (Object.hasOwn(record, text) ? 'string' : identity);
  if (before !== identity || (identity === 'float NaN' && typed.has(text)))
    throw new Unreadable('two keys of one text');
  if (identity !== 'string') typed.set(text, identity);
};
