// The gate's own doors, through which every scenario is judged: `blastgate evaluate --kubeconfig` and a composed gate.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_TUNING, type Tuning } from '../../src/doors/compose/tuning.ts';
import { composeGate, type RunningGate } from '../../src/doors/compose.ts';
import { newCast } from '../../src/doors/demo/cast.ts';
import { readSettings } from '../../src/doors/settings.ts';
import type { Log } from '../../src/ports/log.ts';
import { ranCli } from '../support/run-cli.ts';

/** One line of the score as the doors print it. */
interface Line {
  readonly code: string;
  readonly points: number;
  readonly subject: string | null;
}

export interface Judgement {
  readonly lines: readonly Line[];
  /** "base 8 + pdb 25" */
  readonly sum: string;
  readonly score: number;
  readonly tier: string;
}

const judgementOf = (text: string): Judgement => {
  // as: a DeclarativeSpec, as contract section 1 has it.
  const { blastRadiusScore, tier, reasons } = JSON.parse(text) as {
    readonly blastRadiusScore: number;
    readonly tier: string;
    readonly reasons: readonly Line[];
  };
  const sum = reasons.map(({ code, points }) => `${code} ${points}`).join(' + ');
  return { lines: reasons, sum, score: blastRadiusScore, tier };
};

/** Judges one command; `words` are those after kubectl. */
export type Door = (namespace: string, words: readonly string[]) => Promise<Judgement>;

/** The bytes of the files that the words name, as a door sends them along. */
const filesOf = (words: readonly string[]): { readonly [path: string]: string } =>
  Object.fromEntries(
    words.flatMap((word, at) => (words[at - 1] === '-f' ? [[word, readFileSync(word, 'utf8')] as const] : [])),
  );

/** `blastgate evaluate` against a cluster: everything is read for the question. */
export const throughCommandLine =
  (kubeconfig: string): Door =>
  async (namespace, words) => {
    const options = ['-o', 'json', '--kubeconfig', kubeconfig, '-n', namespace];
    const { out, err } = await ranCli(['evaluate', ...options, '--', 'kubectl', ...words]);
    assert.notEqual(out, '', err);
    return judgementOf(out);
  };

/** A gate of its own with its store and its cache of the cluster. */
export interface GateUnderTest extends RunningGate {
  readonly tokens: ReturnType<typeof newCast>['tokens'];
  /** POST /v1/evaluate. */
  readonly door: Door;
  /** One call of its HTTP API as somebody of the cast. */
  readonly call: (
    as: 'ana' | 'ben' | 'healer',
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    // biome-ignore lint/suspicious/noExplicitAny: answers of the API, read by tests only
  ) => Promise<{ status: number; body: any }>;
}

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** What converges is believed at once, so that a run takes seconds. */
const TUNING: Tuning = {
  ...DEFAULT_TUNING,
  proposalsPerMinute: 1000,
  evaluationsPerMinute: 100_000,
  verdictRule: { settleSeconds: 0, certainAfterSeconds: 0 },
};

export const openGate = async (
  folder: string,
  kubeconfig: string,
  tuning: Partial<Tuning> = {},
  { env = {}, log = silent }: { readonly env?: Readonly<Record<string, string>>; readonly log?: Log } = {},
): Promise<GateUnderTest> => {
  const { peopleYaml, tokens } = newCast();
  mkdirSync(folder, { recursive: true });
  const peopleFile = join(folder, 'people.yaml');
  writeFileSync(peopleFile, peopleYaml, { mode: 0o600 });
  const read = readSettings({
    BLASTGATE_DATA: folder,
    BLASTGATE_LISTEN: '127.0.0.1:0',
    BLASTGATE_PEOPLE: peopleFile,
    KUBECONFIG: kubeconfig,
    ...env,
  });
  assert.ok(read.ok, JSON.stringify(read));
  const running = await composeGate(read.settings, { ...TUNING, ...tuning }, log);
  const call: GateUnderTest['call'] = async (as, method, path, body) => {
    const headers = { authorization: `Bearer ${tokens[as]}`, 'content-type': 'application/json' };
    const init = { method, headers, signal: AbortSignal.timeout(20_000) };
    const answer = await fetch(
      `${running.url}/v1${path}`,
      body === undefined ? init : { ...init, body: JSON.stringify(body) },
    );
    return { status: answer.status, body: await answer.json() };
  };
  const door: Door = async (namespace, words) => {
    const asked = { argv: ['kubectl', ...words], files: filesOf(words), namespace };
    const { status, body } = await call('ana', 'POST', '/evaluate', asked);
    assert.equal(status, 200, JSON.stringify(body));
    return judgementOf(JSON.stringify(body));
  };
  return { ...running, tokens, call, door };
};
