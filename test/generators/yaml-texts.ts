// A seed comes in, a YAML or JSON text comes out that readers of YAML disagree about: documents, marks between them, and in
// every fourth text a few characters changed. About a third of the texts are valid.
import type { TextRole } from '../../src/core/model/command.ts';
import { jsonText } from './json-texts.ts';
import type { Random } from './random.ts';
import { YamlWriter } from './yaml-document.ts';
import { SPICE } from './yaml-words.ts';

/** A few characters cut out, doubled or put in. */
const changed = (random: Random, text: string): string => {
  let result = text;
  for (let times = random.below(3); times >= 0; times--) {
    const at = random.below(result.length + 1);
    const cut = random.oneIn(2) ? 0 : random.below(3);
    const put = random.oneIn(3) ? '' : random.of(SPICE);
    result = result.slice(0, at) + put + result.slice(at + cut);
  }
  return result;
};

const STARTS = ['---\n', '\ufeff', '\ufeff---\n', '---\n\ufeff', '\n', '---\r\n'];
/** Before what begins with a brace, so that it is YAML for a patch too. */
const STARTS_OF_YAML = ['--- ', '---\n', '# c\n', '%YAML 1.1\n---\n'];
const SEPARATORS = ['---', '---', '---', '--- # c', '---\t', '---\u2028# c'];
const ODD_SEPARATORS = ['--- a', '----', '...', '---\r', ' ---'];

const startOf = (random: Random, as: TextRole, first: string): string => {
  if (as === 'patch' && first.startsWith('{') && !random.oneIn(4)) return random.of(STARTS_OF_YAML);
  return random.oneIn(12) ? random.of(STARTS) : '';
};

const separator = (random: Random): string =>
  `${random.of(random.oneIn(9) ? ODD_SEPARATORS : SEPARATORS)}\n${random.oneIn(10) ? '\ufeff' : ''}`;

/** A text for one of kubectl's readers; half a surrogate pair is never in it, since a proposal is well-formed. */
export function yamlText(random: Random, as: TextRole): string {
  const documents = (): readonly string[] =>
    random.several(1, random.oneIn(4) ? 3 : 1, () => new YamlWriter(random).document());
  const texts = random.oneIn(12) ? [jsonText(random)] : documents();
  const whole = startOf(random, as, texts[0] ?? '') + texts.reduce((all, text) => all + separator(random) + text);
  return (random.oneIn(4) ? changed(random, whole) : whole).toWellFormed();
}
