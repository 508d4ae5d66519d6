// Reads the folder of facts (grammar.json, grammar.versions.json, resources.json).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandFact, GrammarFacts, ResourceFact } from './grammar-data.ts';

interface RawFlag {
  readonly name: string;
  readonly short?: string;
  readonly type: string;
  readonly takes: 'bool' | 'value' | 'optional';
  readonly noOptDefVal?: string;
  readonly required?: boolean;
  readonly hidden?: boolean;
}
interface RawCommand {
  readonly path: readonly string[];
  readonly aliases: readonly string[];
  readonly mutates: boolean;
  readonly supportsDryRun: boolean;
  readonly flags: readonly RawFlag[];
}
type RawVersions = Record<string, Record<string, Record<string, string>>>;

const readJson = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));

/** The first version that lists the flag, "" when the oldest one does or none says (help and hidden flags). */
const sinceOf = (versions: RawVersions, path: string, flag: string): string => {
  const names = Object.keys(versions);
  const first = names.find((name) => versions[name]?.[path]?.[flag] !== undefined);
  return first === undefined || first === names[0] || versions[names[0] ?? '']?.[path] === undefined ? '' : first;
};

/** The facts of a folder, the newest version's grammar with the age of its flags. */
export const readFacts = (folder: string): { grammar: GrammarFacts; resources: readonly ResourceFact[] } => {
  const raw = readJson(folder, 'grammar.json') as readonly RawCommand[];
  const versions = readJson(folder, 'grammar.versions.json') as RawVersions;
  const commands = raw.map((command): CommandFact => {
    const path = command.path.join(' ');
    return {
      path: command.path,
      aliases: command.aliases,
      mutates: command.mutates,
      supportsDryRun: command.supportsDryRun,
      flags: command.flags.map((flag) => ({
        name: flag.name,
        short: flag.short ?? '',
        type: flag.type,
        noOptDefault: flag.noOptDefVal ?? '',
        required: flag.required === true,
        since: flag.hidden === true ? '' : sinceOf(versions, path, flag.name),
      })),
    };
  });
  const version = Object.keys(versions).at(-1) ?? '';
  return { grammar: { version, commands }, resources: readJson(folder, 'resources.json') as readonly ResourceFact[] };
};
