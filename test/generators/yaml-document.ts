// A seed comes in, one YAML document comes out: any style, type, line break, tag, anchor and merge. Most are valid.
import type { Random } from './random.ts';
import { BREAKS, ESCAPES, MILD_TAGS, SELDOM, TAGS, TYPED, WORDS, WRONG_ESCAPES } from './yaml-words.ts';

/** What surrounds a node. */
interface Place {
  readonly depth: number;
  readonly column: number;
  readonly inFlow: boolean;
}

/** Writes one document after the other, with line breaks of one kind for the most part. */
export class YamlWriter {
  private readonly random: Random;
  private readonly lineBreak: string;
  private anchors: string[] = [];

  constructor(random: Random) {
    this.random = random;
    this.lineBreak = random.oneIn(6) ? random.of(BREAKS) : '\n';
  }

  private get break(): string {
    return this.random.oneIn(40) ? this.random.of(BREAKS) : this.lineBreak;
  }

  document(): string {
    this.anchors = [];
    const { random } = this;
    const begin = random.oneIn(12)
      ? random.of(['# c', '\ufeff', '', ' ', '\ufeff# c', '%YAML 1.1', '\t']) + this.break
      : '';
    const root = random.oneIn(10)
      ? this.node({ depth: 0, column: 0, inFlow: false })
      : this.isFlow()
        ? this.flow({ depth: 0, column: 0, inFlow: true })
        : this.blockMapping({ depth: 0, column: 0, inFlow: false }).trimStart();
    const end = random.oneIn(12)
      ? this.break + random.of(['...', '# c', 'a: b', '}', '... # c', '\ufeff# some more text'])
      : '';
    return begin + root + end + (random.oneIn(8) ? '' : this.break);
  }

  private isFlow(): boolean {
    return this.random.oneIn(4);
  }

  private comment(): string {
    return this.random.oneIn(12) ? ` # c${this.random.oneIn(3) ? `${this.random.of(BREAKS)}kind: Namespace` : ''}` : '';
  }

  private properties(): string {
    const { random } = this;
    let text = '';
    if (random.oneIn(20)) text += `${random.of(random.oneIn(4) ? TAGS : MILD_TAGS)} `;
    if (random.oneIn(10)) {
      const name = random.of(['a', 'b', 'c1', 'a-b_']);
      this.anchors.push(name);
      text = random.oneIn(2) ? `${text}&${name} ` : `&${name} ${text}`;
    }
    return text;
  }

  private typed(): string {
    return this.random.of(this.random.oneIn(30) ? SELDOM : TYPED);
  }

  private escape(): string {
    return this.random.of(this.random.oneIn(20) ? WRONG_ESCAPES : ESCAPES);
  }

  private alias(): string {
    return `*${this.random.oneIn(30) ? 'none' : this.random.of(this.anchors)}`;
  }

  /** What a merge takes: mostly mappings, or a list of them. */
  private merged(place: Place): string {
    const { random } = this;
    if (random.oneIn(10)) return this.node({ ...place, inFlow: true });
    const one = (): string =>
      this.anchors.length > 0 && random.oneIn(2) ? this.alias() : this.flow({ ...place, inFlow: true }, true);
    return random.oneIn(3) ? `[${random.several(1, 3, one).join(', ')}]` : one();
  }

  /** A node behind a key, a dash or a colon; a block begins with a line break. */
  private node(place: Place): string {
    const { random } = this;
    if (this.anchors.length > 0 && random.oneIn(8)) return this.alias();
    const properties = this.properties();
    if (place.depth > 3 || random.oneIn(2)) return properties + this.scalar(place);
    if (place.inFlow || this.isFlow()) return properties + this.flow({ ...place, inFlow: true });
    return properties + (random.oneIn(3) ? this.blockSequence(place) : this.blockMapping(place));
  }

  private key(place: Place): string {
    const { random } = this;
    if (this.anchors.length > 0 && random.oneIn(30)) return `${this.alias()} `;
    const simple = random.oneIn(4) ? this.typed() : random.of(WORDS);
    const text = random.oneIn(6) ? this.quoted(place) : simple;
    return random.oneIn(25) ? this.properties() + text : text;
  }

  private scalar(place: Place): string {
    const { random } = this;
    switch (random.below(10)) {
      case 0:
      case 1:
        return this.quoted(place);
      case 2:
        return place.inFlow ? random.of(WORDS) : this.blockScalar(place);
      case 3:
        return random.of(WORDS) + this.fold(place, false) + random.of(WORDS);
      case 4:
        return '';
      case 5:
        return random.of(WORDS);
      default:
        return this.typed();
    }
  }

  /** What stands between two words of a scalar: blanks, or a break and what the next line begins with. */
  private fold({ column }: Place, isQuoted: boolean): string {
    const { random } = this;
    if (random.oneIn(2))
      return random.of([' ', '  ', '\t', ...(isQuoted || random.oneIn(9) ? [' #', '# ', ': '] : [])]);
    const lines = random.several(1, 2, () => random.of(['', ' ', '\t']) + this.break).join('');
    const indent = ' '.repeat(random.oneIn(20) ? column : column + 1 + random.below(2));
    return lines + indent + (random.oneIn(6) ? random.of(['\t', '# ', '- ']) : '');
  }

  private quoted(place: Place): string {
    const { random } = this;
    const isSingle = random.oneIn(2);
    const piece = (): string =>
      random.oneIn(4)
        ? this.fold(place, true)
        : random.oneIn(3)
          ? isSingle
            ? "''"
            : this.escape()
          : random.oneIn(3)
            ? this.typed()
            : random.of(WORDS);
    const escapedBreak = !isSingle && random.oneIn(10) ? `\\${this.break}${' '.repeat(place.column + 1)}` : '';
    const text = random.several(0, 3, piece).join('') + escapedBreak;
    return isSingle ? `'${text}'` : `"${text}"`;
  }

  private blockScalar({ column }: Place): string {
    const { random } = this;
    const header = random.of(['|', '>']) + random.of(['', '', '', '+', '-', '1', '2', '2-', '+1']) + this.comment();
    const indent = column + 1 + random.below(2);
    const line = (): string =>
      random.oneIn(4)
        ? random.of(['', ' ', '\t'])
        : ' '.repeat(indent + (random.oneIn(4) ? random.below(3) : 0)) +
          random.of([...WORDS, '# c', '- a', '\tb', ...(random.oneIn(9) ? ['---'] : [])]);
    return header + this.break + random.several(0, 4, line).join(this.break);
  }

  private blockMapping(place: Place): string {
    const { random } = this;
    const column = place.depth === 0 ? place.column : place.column + 1 + random.below(3);
    const inner = { ...place, column, depth: place.depth + 1 };
    const pad = ' '.repeat(column);
    const pairs = random.several(1, 4, () => {
      const gap = random.of([' ', ' ', ' ', '  ', '\t']);
      if (random.oneIn(8)) return `${pad}<<: ${this.merged(inner)}`;
      if (random.oneIn(20)) return `${pad}?${gap}${this.node(inner)}${this.break}${pad}:${gap}${this.node(inner)}`;
      return `${pad}${this.key(place)}:${gap}${this.node(inner)}${this.comment()}`;
    });
    return this.break + pairs.join(this.break);
  }

  private blockSequence(place: Place): string {
    const { random } = this;
    const column = random.oneIn(3) ? place.column : place.column + 1 + random.below(2);
    const inner = { ...place, column: column + 1, depth: place.depth + 1 };
    const pad = ' '.repeat(column);
    const deep = { ...inner, column: column + 2 };
    const entries = random.several(1, 3, () =>
      random.oneIn(4)
        ? `${pad}- ${this.key(place)}: ${this.node(deep)}${this.break}${pad}  ${this.key(place)}: ${this.scalar(deep)}`
        : `${pad}- ${this.node(inner)}${this.comment()}`,
    );
    return this.break + entries.join(this.break);
  }

  private flow(place: Place, isMapping = !this.random.oneIn(3)): string {
    const { random } = this;
    const inner = { ...place, depth: place.depth + 1 };
    const space = (): string => (random.oneIn(12) ? this.break + ' '.repeat(place.column + 1) : random.of(['', ' ']));
    const pair = (): string => {
      if (random.oneIn(10)) return `<<: ${this.merged(inner)}`;
      if (random.oneIn(30)) return random.of(['', '?', ':', '? a', 'a', ': a', '? a : b', '"a":b', 'a:b', '[a]: b']);
      return `${this.key(inner)}:${random.oneIn(6) ? '' : ' '}${this.node(inner)}`;
    };
    const entry = (): string => space() + (isMapping || random.oneIn(8) ? pair() : this.node(inner)) + space();
    const body = random.several(random.oneIn(9) ? 0 : 1, 4, entry).join(',') + (random.oneIn(15) ? ',' : '');
    return isMapping ? `{${body}}` : `[${body}]`;
  }
}
