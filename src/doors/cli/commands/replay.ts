// `blastgate replay`: audit logs → what a gate would have said to each action in them, by one policy or beside another.
import { writeFileSync } from 'node:fs';
import { readAuditLogFile } from '../../../adapters/audit-log/read-audit-log.ts';
import { readDocuments } from '../../../adapters/yaml/read-documents.ts';
import type { Surroundings } from '../../../core/model/command.ts';
import type { UnderstandLogged } from '../../../core/replay/judge-logged.ts';
import { LogReplay } from '../../../core/replay/replay-log.ts';
import { understandRequest } from '../../../core/request/understand-request.ts';
import { jsonLine } from '../../json-line.ts';
import { loadPolicy, readPolicyFile } from '../../policy-file.ts';
import {
  type CliCommand,
  CommandFailed,
  type CommandInput,
  EXIT,
  type Terminal,
  UsageError,
} from '../../terminal/command.ts';
import { painter } from '../../terminal/paint.ts';
import { languageOf } from '../language.ts';
import { outputFormat } from '../proposed-command.ts';
import { type ReplayAnswer, replayJson } from '../replay-answer.ts';
import { replayPage } from '../replay-page.ts';
import { replayText } from '../replay-text.ts';

export const replayCommand: CliCommand = {
  name: 'replay',
  usage:
    'blastgate replay [-o text|json] [--policy F] [--against F] [--html F] FILE…      (audit logs: lines, lists, gzip)',
  example: 'blastgate replay --policy new.yaml --against policy.yaml audit.log audit-2026-11-25.log.gz',
  exits: ['done', 'broken', 'usage'],
  options: {
    output: { type: 'string', short: 'o' },
    policy: { type: 'string' },
    against: { type: 'string' },
    html: { type: 'string' },
  },
  run: async (input, terminal) => {
    const format = outputFormat(input);
    const { html } = input.values;
    const answer = await replay(input, terminal);
    const lang = languageOf(terminal.env);
    if (typeof html === 'string') writePage(html, replayPage(answer, lang));
    terminal.out(
      format === 'json' ? `${jsonLine(replayJson(answer, lang), 2)}\n` : replayText(answer, lang, painter(terminal)),
    );
    return EXIT.auto;
  },
};

const SURROUNDINGS: Surroundings = { namespace: 'default', files: new Map(), customResources: [], readDocuments };

const NO_BODY = { kind: 'none' } as const;

/** The log has bodies decoded, whatever their type was; one that it leaves out says nothing here (lacksBody). */
const understandLogged: UnderstandLogged = ({ method, path, query, body }, contentType) =>
  understandRequest(
    { method, path, query, contentType, body: body.kind === 'given' ? { kind: 'value', value: body.value } : NO_BODY },
    SURROUNDINGS,
  );

const named = (value: string | boolean | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

const replay = async ({ values, words, after }: CommandInput, terminal: Terminal): Promise<ReplayAnswer> => {
  if (words.length === 0 || after !== null) throw new UsageError('name the files of an audit log');
  const against = named(values['against']);
  const log = new LogReplay(understandLogged, {
    policy: await loadPolicy(values['policy'], terminal.env, null),
    against: against === null ? null : await readPolicyFile(against, null),
  });
  const files: { file: string; cut: boolean }[] = [];
  // By name, whatever their order in the command: what is answered depends on the records alone.
  for (const file of [...new Set(words)].toSorted()) files.push({ file, cut: (await readFile(file, log)) === 'cut' });
  const policy = named(values['policy']) ?? named(terminal.env['BLASTGATE_POLICY']);
  return { sources: { files, policy, against: against ?? undefined }, report: log.report() };
};

const readFile = async (file: string, log: LogReplay) => {
  try {
    return await readAuditLogFile(file, log);
  } catch (error) {
    throw new CommandFailed(
      `${file} cannot be read (${error instanceof Error ? error.message : String(error)}); name an audit log`,
    );
  }
};

const writePage = (path: string, page: string): void => {
  try {
    writeFileSync(path, page);
  } catch (error) {
    throw new CommandFailed(`${path} cannot be written (${error instanceof Error ? error.message : String(error)})`);
  }
};
