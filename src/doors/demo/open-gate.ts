// A gate for the stories, wired by the same settings as any other, in a folder of its own.

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log, LogFields } from '../../ports/log.ts';
import { DEFAULT_TUNING } from '../compose/tuning.ts';
import { composeGate } from '../compose.ts';
import { jsonLine } from '../json-line.ts';
import { readSettings } from '../settings.ts';
import { newCast } from './cast.ts';
import type { Stage } from './stage.ts';

/** Where the gate's peers are. */
export interface Peers {
  readonly folder: string;
  readonly kubeconfigPath: string;
  readonly forge: Stage['forge'];
  readonly chat: { readonly apiRoot: string; readonly token: string; readonly chats: readonly number[] };
  /** BLASTGATE_LANG, BLASTGATE_POLICY and BLASTGATE_LISTEN of it are heeded. */
  readonly env: NodeJS.ProcessEnv;
}

export interface GateOnStage {
  readonly url: string;
  readonly tokens: Stage['tokens'];
  readonly dataDir: string;
  readonly stop: () => Promise<void>;
}

/** Seconds. Shorter than in earnest, so that a story is told in seconds; what is judged is the same. */
const TUNING = { ...DEFAULT_TUNING, demo: true, verdictRule: { settleSeconds: 2, certainAfterSeconds: 2 } };

/** Starts a gate on a free port of loopback with fresh people and tokens. */
export async function openGate({ folder, kubeconfigPath, forge, chat, env }: Peers): Promise<GateOnStage> {
  const { peopleYaml, tokens } = newCast();
  const [peopleFile, dataDir] = [join(folder, 'people.yaml'), join(folder, 'data')];
  writeFileSync(peopleFile, peopleYaml, { mode: 0o600 });
  mkdirSync(dataDir, { mode: 0o700, recursive: true });
  const read = readSettings({
    BLASTGATE_DATA: dataDir,
    BLASTGATE_LISTEN: env['BLASTGATE_LISTEN'] ?? '127.0.0.1:0',
    BLASTGATE_PEOPLE: peopleFile,
    BLASTGATE_LANG: env['BLASTGATE_LANG'],
    BLASTGATE_POLICY: env['BLASTGATE_POLICY'],
    GITEA_API_URL: forge.apiUrl,
    GITEA_API_TOKEN: forge.token,
    GITEA_REPO_OWNER: forge.owner,
    GITEA_REPO_NAME: forge.repo,
    TELEGRAM_API_ROOT: chat.apiRoot,
    TELEGRAM_BOT_TOKEN: chat.token,
    TELEGRAM_CHAT_ID: chat.chats.join(','),
    KUBECONFIG: kubeconfigPath,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const log = fileLog(join(folder, 'gate.log'));
  const gate = await composeGate(read.settings, TUNING, log);
  return { url: gate.url, tokens, dataDir, stop: () => gate.stop() };
}

/** JSON lines in a file: the terminal belongs to the story. */
const fileLog = (path: string): Log => {
  const write = (level: string) => (event: string, fields: LogFields) =>
    appendFileSync(path, `${jsonLine({ level, time: new Date().toISOString(), event, ...fields })}\n`);
  return { info: write('info'), warn: write('warn'), error: write('error') };
};
