// `blastgate replay`: audit logs → what a gate would have said to each action in them, by one policy or beside another.
import { writeFileSync } from 'node:fs';
import { readAuditLogFile } from '../../../adapters/audit-log/read-audit-log.ts';
import { readDocuments } from '../../../adapters/yaml/read-documents.ts';
import type { ShadowVerdict } from '../../../core/decision/shadow-verdict.ts';
import type { Surroundings } from '../../../core/model/command.ts';
import type { UnderstandLogged } from '../../../core/replay/judge-logged.ts';
import { LogReplay } from '../../../core/replay/replay-log.ts';
import { ReplayTally } from '../../../core/replay/replay-tally.ts';
import { understandRequest } from '../../../core/request/understand-request.ts';
import { fieldList } from '../../json-field.ts';
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
import { expectOk, gateClient } from '../../terminal/gate-client.ts';
import { painter } from '../../terminal/paint.ts';
import { languageOf } from '../language.ts';
import { outputFormat } from '../proposed-command.ts';
import { type ReplayAnswer, replayJson } from '../replay-answer.ts';
import { replayPage } from '../replay-page.ts';
import { replayText } from '../replay-text.ts';

export const replayCommand: CliCommand = {
  name: 'replay',
  usage:
    'blastgate replay [-o text|json] [--policy F] [--against F] [--html F] FILE…      (audit logs: lines, lists, gzip)\nblastgate replay --shadow [-o text|json] [--html F]      (what a running gate observed)',
  example: 'blastgate replay --policy new.yaml --against policy.yaml audit.log audit-2026-11-25.log.gz',
  exits: ['done', 'broken', 'usage'],
  options: {
    output: { type: 'string', short: 'o' },
    policy: { type: 'string' },
    against: { type: 'string' },
    html: { type: 'string' },
    shadow: { type: 'boolean' },
  },
  run: async (input, terminal) => {
    const format = outputFormat(input);
    const { html } = input.values;
    const answer = input.values['shadow'] === true ? await observed(input, terminal) : await replay(input, terminal);
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
export const understandLogged: UnderstandLogged = ({ method, path, query, body }, contentType) =>
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
  return { sources: { of: 'log', files, policy, against: against ?? undefined }, report: log.report() };
};

/** Everything that the gate has put down in shadow mode, page by page. */
const observed = async ({ values, words }: CommandInput, terminal: Terminal): Promise<ReplayAnswer> => {
  if (words.length > 0 || values['policy'] !== undefined || values['against'] !== undefined)
    throw new UsageError('--shadow takes no files and no policy: it reads what the gate has said');
  const client = gateClient(terminal);
  const tally = new ReplayTally(false);
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = expectOk(await client.call('GET', `/shadow?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`));
    // as: what the gate has stored (core/decision/shadow-verdict.ts).
    for (const verdict of fieldList(page['verdicts'])) tally.observed(verdict as unknown as ShadowVerdict);
    cursor = typeof page['next'] === 'string' ? page['next'] : null;
  }
  return { sources: { of: 'shadow', files: [], policy: null, against: undefined }, report: tally.report(false) };
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
