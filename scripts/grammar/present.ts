// Reads the grammar that stands in the repository back as facts, so that what help cannot tell is kept.
import { FLAGS, GRAMMAR, KUBECTL_VERSION } from '../../src/core/command/kubectl/grammar.ts';
import type { GrammarFacts } from './grammar-data.ts';

const words = (text: string | undefined): readonly string[] =>
  text === undefined || text === '' ? [] : text.split(' ');

/** The generated grammar as facts. */
export const presentGrammar = (): GrammarFacts => ({
  version: KUBECTL_VERSION,
  commands: GRAMMAR.map((line) => {
    const [path, aliases, marks = '', required, numbers] = line.split('|');
    return {
      path: words(path),
      aliases: words(aliases),
      mutates: marks.includes('m'),
      supportsDryRun: marks.includes('d'),
      flags: words(numbers).map((number) => {
        const [name = '', short = '', type = '', noOptDefault = '', since = ''] =
          FLAGS[Number.parseInt(number, 36)]?.split('|') ?? [];
        return { name, short, type, noOptDefault, since, required: words(required).includes(name) };
      }),
    };
  }),
});
