// Anchors, aliases, tags and directives: the characters at the place become a name, a tag or a directive.
import { isBlank, isBlankOrEnd, isBreak, type Source } from './source.ts';
import { Unreadable } from './unreadable.ts';

const BANG = '!';
const BANG_CODE = 0x21;
const PERCENT = 0x25;

/** Names of anchors, handles and directives. */
const NAME = /[\w-]*/y;

/** The name behind "&" or "*", which a blank or one of `?:,]}%@` and the backtick must follow. */
export function takeAnchorName(source: Source): string {
  source.at++;
  const name = source.take(NAME);
  const follows = source.code();
  if (name === '' || !(isBlankOrEnd(follows) || '?:,]}%@`'.includes(String.fromCharCode(follows))))
    throw new Unreadable('a name of an anchor that is none');
  return name;
}

/** A tag as it stands: "!!str" is the handle "!!" and the suffix "str"; "!<x>" has no handle. */
export interface Tag {
  readonly handle: string;
  readonly suffix: string;
}

export function takeTag(source: Source): Tag {
  const tag = source.code(1) === 0x3c ? takeVerbatimTag(source) : takeShortTag(source);
  if (!isBlankOrEnd(source.code())) throw new Unreadable('text glued to a tag');
  return tag;
}

const takeVerbatimTag = (source: Source): Tag => {
  source.at += 2;
  const suffix = takeUri(source, '');
  if (source.code() !== 0x3e) throw new Unreadable('a tag without its ">"');
  source.at++;
  return { handle: '', suffix };
};

const takeShortTag = (source: Source): Tag => {
  const handle = takeHandle(source);
  if (handle.length > 1 && handle.endsWith(BANG)) return { handle, suffix: takeUri(source, '') };
  const suffix = takeUri(source, handle);
  return suffix === '' ? { handle: '', suffix: BANG } : { handle: BANG, suffix };
};

/** "!", "!!", "!name!", or "!name" where no second "!" follows. */
const takeHandle = (source: Source): string => {
  if (source.code() !== BANG_CODE) throw new Unreadable('a handle without "!"');
  source.at++;
  const name = source.take(NAME);
  if (source.code() !== BANG_CODE) return BANG + name;
  source.at++;
  return BANG + name + BANG;
};

const URI_CHARACTERS = /[\w\-;/?:@&=+$,.!~*'()[\]]*/y;

/** What follows of a URI; `head` is a handle read before that was none, and belongs to it without its "!". */
const takeUri = (source: Source, head: string): string => {
  const from = source.at;
  let uri = head.slice(1) + source.take(URI_CHARACTERS);
  while (source.code() === PERCENT) uri += takeEscapedOctets(source) + source.take(URI_CHARACTERS);
  if (head === '' && source.at === from) throw new Unreadable('an empty tag');
  return uri;
};

/** Octets of a sequence by its first, as go-yaml counts them (yamlprivateh.go, width); 0 for none. */
const octetsIn = (first: number): number =>
  first < 0x80 ? 1 : first >> 5 === 0b110 ? 2 : first >> 4 === 0b1110 ? 3 : first >> 3 === 0b11110 ? 4 : 0;

/** "%c3%a4": the octets of one UTF-8 character. No tag that means anything has one beyond ASCII, so that any stands for it. */
const takeEscapedOctets = (source: Source): string => {
  const octet = (): number => {
    const digits = source.text.slice(source.at + 1, source.at + 3);
    if (source.code() !== PERCENT || !/^[0-9a-fA-F]{2}$/.test(digits)) throw new Unreadable('an octet of a tag');
    source.at += 3;
    return Number.parseInt(digits, 16);
  };
  const first = octet();
  const octets = octetsIn(first);
  if (octets === 0) throw new Unreadable('an octet that begins no character');
  for (let left = octets - 1; left > 0; left--)
    if (octet() >> 6 !== 0b10) throw new Unreadable('an octet that continues no character');
  return octets === 1 ? String.fromCharCode(first) : '\ufffd';
};

/** "%YAML 1.1", or "%TAG handle prefix". */
export type Directive =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'tag'; readonly handle: string; readonly prefix: string };

export function takeDirective(source: Source): Directive {
  source.at++;
  const name = source.take(NAME);
  if (!isBlankOrEnd(source.code())) throw new Unreadable('the name of a directive');
  source.skipBlanks();
  if (name !== 'YAML' && name !== 'TAG') throw new Unreadable('a directive that YAML 1.1 does not have');
  const directive = name === 'YAML' ? takeVersion(source) : takeTagDirective(source);
  source.skipBlanks();
  source.skipComment();
  if (!isBlankOrEnd(source.code())) throw new Unreadable('text behind a directive');
  if (isBreak(source.code())) source.takeBreak();
  return directive;
}

const VERSION = /\d{1,2}\.\d{1,2}(?!\d)/y;

/** "1.1", without zeros before the numbers. */
const takeVersion = (source: Source): Directive => {
  const version = source.take(VERSION);
  if (version === '') throw new Unreadable('the version of a %YAML directive');
  return { kind: 'version', version: version.split('.').map(Number).join('.') };
};

const takeTagDirective = (source: Source): Directive => {
  const handle = takeHandle(source);
  if (!handle.endsWith(BANG)) throw new Unreadable('the handle of a %TAG directive');
  if (!isBlank(source.code())) throw new Unreadable('the handle of a %TAG directive');
  source.skipBlanks();
  const prefix = takeUri(source, '');
  if (!isBlankOrEnd(source.code())) throw new Unreadable('the prefix of a %TAG directive');
  return { kind: 'tag', handle, prefix };
};
