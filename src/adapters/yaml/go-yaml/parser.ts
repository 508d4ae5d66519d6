// The tokens of a YAML text become the structure of its first document, or null where the text has none.
import type { ReadingBudget } from '../../../core/model/command.ts';
import { MAX_DEPTH } from '../../../core/model/json.ts';
import { type Mapping, type Node, type Scalar, type Sequence, YAML_TAG } from './nodes.ts';
import { Scanner } from './scanner.ts';
import type { Token } from './tokens.ts';
import { spend, Unreadable } from './unreadable.ts';

/**
 * The first document of a text, as yaml.Unmarshal of go-yaml v2 takes it (parserc.go and decode.go, parser.parse): what
 * follows behind its end is not looked at, `{a: 1}` and then `kind: Namespace` is `{a: 1}`. Throws Unreadable.
 */
export function parseFirstDocument(text: string, budget: ReadingBudget): Node | null {
  return new Parser(text, budget).document();
}

type Kind = Token['kind'];

/** Tag and anchor in front of a node. */
interface Properties {
  readonly tag: string;
  readonly anchor: string;
}

const NO_PROPERTIES: Properties = { tag: '', anchor: '' };

const EMPTY: Scalar = { kind: 'scalar', value: '', from: 0, to: 0, tag: '', isImplicit: true };

type ScalarText = Pick<Extract<Token, { kind: 'scalar' }>, 'value' | 'isPlain' | 'from' | 'to'>;

/** Properties with nothing behind them. */
const NOTHING: ScalarText = { value: '', isPlain: true, from: 0, to: 0 };

class Parser {
  private readonly scanner: Scanner;
  private readonly anchors = new Map<string, Exclude<Node, { kind: 'alias' }>>();
  private readonly handles = new Map<string, string>();
  private readonly budget: ReadingBudget;
  private depth = 0;

  constructor(text: string, budget: ReadingBudget) {
    this.scanner = new Scanner(text);
    this.budget = budget;
  }

  document(): Node | null {
    const { kind } = this.scanner.peek();
    if (kind === 'stream-end') return null;
    const isExplicit = kind === 'directive' || kind === 'document-start';
    this.takeDirectives();
    if (isExplicit) this.take('document-start');
    const isEmpty = isExplicit && this.isNextOneOf(ENDS_OF_DOCUMENT);
    const root = isEmpty ? EMPTY : this.node(true, false);
    this.scanner.peek(); // the end of a document is looked for, and may be an error
    return root;
  }

  private isNext(kind: Kind): boolean {
    return this.scanner.peek().kind === kind;
  }

  private isNextOneOf(kinds: readonly Kind[]): boolean {
    return kinds.includes(this.scanner.peek().kind);
  }

  private take(kind: Kind): void {
    if (this.scanner.peek().kind !== kind) throw new Unreadable(`no ${kind} where one must stand`);
    this.scanner.skip();
  }

  /** %YAML must say 1.1, once; a handle may be given once, "!" and "!!" too. */
  private takeDirectives(): void {
    let hasVersion = false;
    for (let token = this.scanner.peek(); token.kind === 'directive'; token = this.scanner.peek()) {
      const { directive } = token;
      if (directive.kind === 'version') {
        if (hasVersion || directive.version !== '1.1') throw new Unreadable('a %YAML directive that is not 1.1');
        hasVersion = true;
      } else {
        if (this.handles.has(directive.handle)) throw new Unreadable('a handle given twice');
        this.handles.set(directive.handle, directive.prefix);
      }
      this.scanner.skip();
    }
    if (!this.handles.has('!')) this.handles.set('!', '!');
    if (!this.handles.has('!!')) this.handles.set('!!', YAML_TAG);
  }

  /** @param mayBeIndentless a value of a block mapping, whose sequence may stand at the column of the key. */
  private node(inBlock: boolean, mayBeIndentless: boolean): Node {
    spend(this.budget, 1);
    const token = this.scanner.peek();
    if (token.kind === 'alias') return this.alias(token.name);
    const properties = token.kind === 'anchor' || token.kind === 'tag' ? this.properties() : NO_PROPERTIES;
    if (++this.depth > MAX_DEPTH) throw new Unreadable('nested too deep');
    const node = this.content(properties, inBlock, mayBeIndentless);
    this.depth--;
    return node;
  }

  private alias(name: string): Node {
    const node = this.anchors.get(name);
    if (node === undefined) throw new Unreadable('an alias of nothing');
    this.scanner.skip();
    return { kind: 'alias', node };
  }

  private properties(): Properties {
    spend(this.budget, 1);
    let tag: string | null = null;
    let anchor: string | null = null;
    for (;;) {
      const token = this.scanner.peek();
      if (token.kind === 'tag' && tag === null) tag = this.fullTag(token.tag.handle, token.tag.suffix);
      else if (token.kind === 'anchor' && anchor === null) anchor = token.name;
      else return { tag: tag ?? '', anchor: anchor ?? '' };
      this.scanner.skip();
    }
  }

  private fullTag(handle: string, suffix: string): string {
    if (handle === '') return suffix;
    const prefix = this.handles.get(handle);
    if (prefix === undefined) throw new Unreadable('a tag of an unknown handle');
    return prefix + suffix;
  }

  private content(properties: Properties, inBlock: boolean, mayBeIndentless: boolean): Node {
    const token = this.scanner.peek();
    const { kind } = token;
    if (token.kind === 'scalar') {
      this.scanner.skip();
      return this.scalar(properties, token);
    }
    if (kind === 'flow-sequence-start') return this.sequence(properties, (items) => this.flowSequence(items));
    if (kind === 'flow-mapping-start') return this.mapping(properties, (entries) => this.flowMapping(entries));
    if (kind === 'block-sequence-start' && inBlock)
      return this.sequence(properties, (items) => this.blockSequence(items));
    if (kind === 'block-mapping-start' && inBlock)
      return this.mapping(properties, (entries) => this.blockMapping(entries));
    if (kind === 'block-entry' && mayBeIndentless)
      return this.sequence(properties, (items) => this.indentlessSequence(items));
    if (properties === NO_PROPERTIES) throw new Unreadable('no node where one must stand');
    return this.scalar(properties, NOTHING);
  }

  private anchored<N extends Exclude<Node, { kind: 'alias' }>>(anchor: string, node: N): N {
    if (anchor !== '') this.anchors.set(anchor, node);
    return node;
  }

  private scalar({ tag, anchor }: Properties, { value, isPlain, from, to }: ScalarText): Scalar {
    const isImplicit = tag === '' ? isPlain : tag === '!';
    return this.anchored(anchor, { kind: 'scalar', value, from, to, tag, isImplicit });
  }

  /** The anchor is known inside the collection already: an alias there is of a node within itself. */
  private sequence({ anchor }: Properties, fill: (items: Node[]) => void): Sequence {
    const items: Node[] = [];
    const node = this.anchored(anchor, { kind: 'sequence', items });
    fill(items);
    return node;
  }

  private mapping({ anchor }: Properties, fill: (entries: Node[]) => void): Mapping {
    const entries: Node[] = [];
    const node = this.anchored(anchor, { kind: 'mapping', entries });
    fill(entries);
    return node;
  }

  private nothing(): Scalar {
    spend(this.budget, 1);
    return EMPTY;
  }

  /** A node, or nothing where one of these follows. */
  private nodeUnless(ends: readonly Kind[], inBlock: boolean, mayBeIndentless: boolean): Node {
    return this.isNextOneOf(ends) ? this.nothing() : this.node(inBlock, mayBeIndentless);
  }

  private blockSequence(items: Node[]): void {
    this.scanner.skip();
    while (this.isNext('block-entry')) {
      this.scanner.skip();
      items.push(this.nodeUnless(ENDS_OF_ENTRY, true, false));
    }
    this.take('block-end');
  }

  private indentlessSequence(items: Node[]): void {
    while (this.isNext('block-entry')) {
      this.scanner.skip();
      items.push(this.nodeUnless(ENDS_OF_INDENTLESS_ENTRY, true, false));
    }
  }

  private blockMapping(entries: Node[]): void {
    this.scanner.skip();
    while (this.isNext('key')) {
      this.scanner.skip();
      entries.push(this.nodeUnless(ENDS_OF_PAIR, true, true), this.value(ENDS_OF_PAIR, true));
    }
    this.take('block-end');
  }

  private value(ends: readonly Kind[], inBlock: boolean): Node {
    if (!this.isNext('value')) return this.nothing();
    this.scanner.skip();
    return this.nodeUnless(ends, inBlock, inBlock);
  }

  /** The entries of a flow collection, with a comma between them and perhaps behind the last. */
  private flowEntries(end: Kind, entry: (isKey: boolean) => void): void {
    this.scanner.skip();
    for (let isFirst = true; !this.isNext(end); isFirst = false) {
      if (!isFirst) this.take('flow-entry');
      if (this.isNext(end)) break;
      const isKey = this.isNext('key');
      if (isKey) this.scanner.skip();
      entry(isKey);
    }
    this.scanner.skip();
  }

  private flowSequence(items: Node[]): void {
    this.flowEntries('flow-sequence-end', (isKey) => items.push(isKey ? this.pair() : this.node(false, false)));
  }

  /** `[a: b]` is a sequence of a mapping. Of an empty key go-yaml drops the token behind it, and no JSON holds such a key. */
  private pair(): Mapping {
    if (this.isNext('value') || this.isNextOneOf(ENDS_OF_FLOW_ENTRY))
      throw new Unreadable('an empty key in a flow sequence');
    spend(this.budget, 1);
    const key = this.node(false, false);
    return { kind: 'mapping', entries: [key, this.value(ENDS_OF_FLOW_ENTRY, false)] };
  }

  private flowMapping(entries: Node[]): void {
    this.flowEntries('flow-mapping-end', (isKey) => {
      if (isKey) entries.push(this.nodeUnless(ENDS_OF_FLOW_KEY, false, false), this.value(ENDS_OF_FLOW_PAIR, false));
      else entries.push(this.node(false, false), this.nothing());
    });
  }
}

const ENDS_OF_DOCUMENT: readonly Kind[] = ['directive', 'document-start', 'document-end', 'stream-end'];
const ENDS_OF_ENTRY: readonly Kind[] = ['block-entry', 'block-end'];
const ENDS_OF_INDENTLESS_ENTRY: readonly Kind[] = ['block-entry', 'key', 'value', 'block-end'];
const ENDS_OF_PAIR: readonly Kind[] = ['key', 'value', 'block-end'];
const ENDS_OF_FLOW_ENTRY: readonly Kind[] = ['flow-entry', 'flow-sequence-end'];
const ENDS_OF_FLOW_PAIR: readonly Kind[] = ['flow-entry', 'flow-mapping-end'];
const ENDS_OF_FLOW_KEY: readonly Kind[] = ['value', 'flow-entry', 'flow-mapping-end'];
