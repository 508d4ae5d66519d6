// The text of a YAML document becomes tokens, one look ahead at a time: what go-yaml never reads is not read here either.
import { MAX_DEPTH } from '../../../core/model/json.ts';
import { takeBlockScalar } from './block-scalar.ts';
import { takeDoubleQuoted, takePlain, takeSingleQuoted } from './flow-scalars.ts';
import { takeAnchorName, takeDirective, takeTag } from './properties.ts';
import { END, isBlankOrEnd, isBreak, Source, SPACE, TAB } from './source.ts';
import { MARKS, type Mark, type SimpleKey, type Token } from './tokens.ts';
import { Unreadable } from './unreadable.ts';

const BANG = 0x21;
const QUOTE = 0x22;
const PERCENT = 0x25;
const AMPERSAND = 0x26;
const APOSTROPHE = 0x27;
const ASTERISK = 0x2a;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const GREATER_THAN = 0x3e;
const QUESTION_MARK = 0x3f;
const AT_SIGN = 0x40;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const BACKTICK = 0x60;
const OPEN_BRACE = 0x7b;
const PIPE = 0x7c;
const CLOSE_BRACE = 0x7d;

const MAX_KEY_LENGTH = 1024;

/** Reads tokens as go-yaml v2 does (scannerc.go); throws Unreadable where it has an error. */
export class Scanner {
  private readonly source: Source;
  private readonly tokens: Token[] = [];
  private head = 0;
  private taken = 0;
  /** Columns of the blocks that are open; -1 is the document. */
  private readonly indents: number[] = [];
  private indent = -1;
  /** The latest token of each open flow collection that may be a key; the first is the block's. */
  private readonly simpleKeys: (SimpleKey | null)[] = [null];
  private allowsSimpleKey = true;

  constructor(text: string) {
    this.source = new Source(text);
  }

  /** The next token, which stays the next one. Scans until it is certain that no "key" stands before it. */
  peek(): Token {
    for (;;) {
      const token = this.tokens[this.head];
      if (token !== undefined && (token.simpleKey === null || !this.isStillPossible(token.simpleKey))) return token;
      this.scan();
    }
  }

  /** Goes over the token that peek has shown. */
  skip(): void {
    this.taken++;
    this.head++;
    if (this.head < this.tokens.length) return;
    this.tokens.length = 0;
    this.head = 0;
  }

  private get inFlow(): boolean {
    return this.simpleKeys.length > 1;
  }

  private get nextNumber(): number {
    return this.taken + this.tokens.length - this.head;
  }

  private add(token: Token): void {
    this.tokens.push(token);
  }

  private insert(number: number, kind: Mark): void {
    this.tokens.splice(this.head + number - this.taken, 0, MARKS[kind]);
  }

  private isStillPossible(key: SimpleKey): boolean {
    if (!key.isPossible) return false;
    if (key.line === this.source.line && this.source.charactersFrom(key.at) <= MAX_KEY_LENGTH) return true;
    if (key.isRequired) throw new Unreadable('a line of a mapping without ":"');
    key.isPossible = false;
    return false;
  }

  private forgetSimpleKey(): void {
    const key = this.simpleKeys.at(-1) ?? null;
    if (key === null || !key.isPossible) return;
    if (key.isRequired) throw new Unreadable('a line of a mapping without ":"');
    key.isPossible = false;
  }

  /** What the token that begins here is to carry. */
  private simpleKeyHere(): SimpleKey | null {
    if (!this.allowsSimpleKey) return null;
    const { at, line, column } = this.source;
    this.forgetSimpleKey();
    const isRequired = !this.inFlow && this.indent === column;
    const key = { isPossible: true, isRequired, number: this.nextNumber, at, line, column };
    this.simpleKeys[this.simpleKeys.length - 1] = key;
    return key;
  }

  /** Opens a block where the column is deeper than the block around it; `number` is the token before which it opens. */
  private openBlock(column: number, number: number, kind: Mark): void {
    if (this.inFlow || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > MAX_DEPTH) throw new Unreadable('nested too deep');
    this.insert(number, kind);
  }

  private closeBlocks(column: number): void {
    if (this.inFlow) return;
    for (; this.indent > column; this.indent = this.indents.pop() ?? -1) this.add(MARKS['block-end']);
  }

  private scan(): void {
    const { source } = this;
    this.skipToToken();
    this.closeBlocks(source.column);
    const code = source.code();
    if (code === END) this.add(this.streamEnd());
    else if (source.column === 0 && code === PERCENT) this.add(this.directive());
    else if (source.isAtDocumentMark()) this.add(this.documentMark(code));
    else this.add(this.content(code));
  }

  /** Over blanks, comments and line breaks. A tab may not stand where a block could open (scannerc.go, scan_to_next_token). */
  private skipToToken(): void {
    const { source } = this;
    for (;;) {
      const tabsToo = this.inFlow || !this.allowsSimpleKey;
      for (let code = source.code(); code === SPACE || (tabsToo && code === TAB); code = source.code()) source.at++;
      source.skipComment();
      if (!isBreak(source.code())) return;
      source.takeBreak();
      if (!this.inFlow) this.allowsSimpleKey = true;
    }
  }

  private closeDocument(): void {
    this.closeBlocks(-1);
    this.forgetSimpleKey();
    this.allowsSimpleKey = false;
  }

  /** The end counts as a line of its own, so that no key before it waits for a ":" any longer. */
  private streamEnd(): Token {
    this.source.line++;
    this.closeDocument();
    return MARKS['stream-end'];
  }

  private directive(): Token {
    this.closeDocument();
    return { kind: 'directive', directive: takeDirective(this.source), simpleKey: null };
  }

  private documentMark(code: number): Token {
    this.closeDocument();
    this.source.at += 3;
    return MARKS[code === MINUS ? 'document-start' : 'document-end'];
  }

  private content(code: number): Token {
    switch (code) {
      case OPEN_BRACKET:
        return this.flowStart('flow-sequence-start');
      case OPEN_BRACE:
        return this.flowStart('flow-mapping-start');
      case CLOSE_BRACKET:
        return this.flowEnd('flow-sequence-end');
      case CLOSE_BRACE:
        return this.flowEnd('flow-mapping-end');
      case COMMA:
        return this.flowEntry();
      case ASTERISK:
        return this.anchor('alias');
      case AMPERSAND:
        return this.anchor('anchor');
      case BANG:
        return this.tag();
      case APOSTROPHE:
        return this.quoted(takeSingleQuoted);
      case QUOTE:
        return this.quoted(takeDoubleQuoted);
      case MINUS:
        return this.isAlone ? this.blockEntry() : this.plain();
      case QUESTION_MARK:
        return this.inFlow || this.isAlone ? this.key() : this.plain();
      case COLON:
        return this.inFlow || this.isAlone ? this.value() : this.plain();
      case PIPE:
      case GREATER_THAN:
        if (this.inFlow) throw new Unreadable('a block scalar in a flow collection');
        return this.blockScalar(code === PIPE);
      case PERCENT:
      case AT_SIGN:
      case BACKTICK:
      case TAB:
        throw new Unreadable('a character that begins nothing');
      default:
        return this.plain();
    }
  }

  /** Whether the character stands for itself: "-", "?" and ":" glued to a text begin a plain scalar. */
  private get isAlone(): boolean {
    return isBlankOrEnd(this.source.code(1));
  }

  private flowStart(kind: Mark): Token {
    const simpleKey = this.simpleKeyHere();
    this.simpleKeys.push(null);
    if (this.simpleKeys.length > MAX_DEPTH) throw new Unreadable('nested too deep');
    this.indicator(kind, true);
    return simpleKey === null ? MARKS[kind] : { kind, simpleKey };
  }

  private flowEnd(kind: Mark): Token {
    this.forgetSimpleKey();
    if (this.inFlow) this.simpleKeys.pop();
    return this.indicator(kind, false);
  }

  private flowEntry(): Token {
    this.forgetSimpleKey();
    return this.indicator('flow-entry', true);
  }

  /** One character that is a token, and whether a key without "?" may follow it. */
  private indicator(kind: Mark, allowsSimpleKey: boolean): Token {
    this.allowsSimpleKey = allowsSimpleKey;
    this.source.at++;
    return MARKS[kind];
  }

  /** "-", "?", or the ":" of a "?": in a block they open one, and may only stand where a key may. */
  private openBlockHere(kind: Mark): void {
    if (this.inFlow) return;
    if (!this.allowsSimpleKey) throw new Unreadable('an entry or a key of a block where none may stand');
    this.openBlock(this.source.column, this.nextNumber, kind);
  }

  private blockEntry(): Token {
    this.openBlockHere('block-sequence-start');
    this.forgetSimpleKey();
    return this.indicator('block-entry', true);
  }

  private key(): Token {
    this.openBlockHere('block-mapping-start');
    this.forgetSimpleKey();
    return this.indicator('key', !this.inFlow);
  }

  private value(): Token {
    const key = this.simpleKeys.at(-1) ?? null;
    if (key === null || !this.isStillPossible(key)) {
      this.openBlockHere('block-mapping-start');
      return this.indicator('value', !this.inFlow);
    }
    this.insert(key.number, 'key');
    this.openBlock(key.column, key.number, 'block-mapping-start');
    key.isPossible = false;
    return this.indicator('value', false);
  }

  private anchor(kind: 'alias' | 'anchor'): Token {
    const simpleKey = this.simpleKeyHere();
    this.allowsSimpleKey = false;
    return { kind, name: takeAnchorName(this.source), simpleKey };
  }

  private tag(): Token {
    const simpleKey = this.simpleKeyHere();
    this.allowsSimpleKey = false;
    return { kind: 'tag', tag: takeTag(this.source), simpleKey };
  }

  private quoted(take: (source: Source) => string): Token {
    const simpleKey = this.simpleKeyHere();
    this.allowsSimpleKey = false;
    const from = this.source.at;
    const value = take(this.source);
    return { kind: 'scalar', value, isPlain: false, from, to: this.source.at, simpleKey };
  }

  private plain(): Token {
    const simpleKey = this.simpleKeyHere();
    const from = this.source.at;
    const { value, passedBreak } = takePlain(this.source, this.indent + 1, this.inFlow);
    this.allowsSimpleKey = passedBreak;
    return { kind: 'scalar', value, isPlain: true, from, to: this.source.at, simpleKey };
  }

  private blockScalar(isLiteral: boolean): Token {
    this.forgetSimpleKey();
    this.allowsSimpleKey = true;
    const from = this.source.at;
    const value = takeBlockScalar(this.source, this.indent, isLiteral);
    return { kind: 'scalar', value, isPlain: false, from, to: this.source.at, simpleKey: null };
  }
}
