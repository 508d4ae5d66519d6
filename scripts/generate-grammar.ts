// Writes src/core/command/kubectl/grammar.ts and src/core/model/resources.ts, from a folder of facts or from real kubectl binaries.
// It must never be needed at run time, and it never lets a kubectl do more than print help or an error of usage.
//
//   node scripts/generate-grammar.ts --facts DIR          grammar.json, grammar.versions.json and resources.json of DIR
//   node scripts/generate-grammar.ts --kubectl BIN …      one binary a version; the newest gives the grammar, the older
//                                                         ones say since when a flag is known; what help cannot tell is
//                                                         kept from the grammar that stands there, and so is resources.ts
import { writeFileSync } from 'node:fs';
import { readBinaries } from './grammar/binaries.ts';
import { readFacts } from './grammar/facts.ts';
import { presentGrammar } from './grammar/present.ts';
import { printGrammar, printResources } from './grammar/print.ts';

const GRAMMAR = new URL('../src/core/command/kubectl/grammar.ts', import.meta.url);
const RESOURCES = new URL('../src/core/model/resources.ts', import.meta.url);

const main = async (argv: readonly string[]): Promise<number> => {
  const [source, ...rest] = argv;
  if (source === '--facts' && rest[0] !== undefined) {
    const facts = readFacts(rest[0]);
    writeFileSync(GRAMMAR, printGrammar(facts.grammar));
    writeFileSync(RESOURCES, printResources(facts.resources));
    return 0;
  }
  if (source === '--kubectl' && rest.length > 0) {
    writeFileSync(GRAMMAR, printGrammar(await readBinaries(rest, presentGrammar())));
    return 0;
  }
  process.stderr.write('usage: generate-grammar --facts DIR | --kubectl BIN …\n');
  return 2;
};

process.exitCode = await main(process.argv.slice(2));
