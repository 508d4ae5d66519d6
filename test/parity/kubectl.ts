// Runs a real kubectl against a server of ours, in a folder and a home of its own, and answers what it sent.
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { findBuilt } from '../servers/build.ts';
import type { Run } from './compare.ts';
import { type RecordingServer, startRecordingServer, WIDGETS } from './server.ts';

/** A command to compare: its words without "kubectl", and the files that it names. */
export interface Sample {
  readonly argv: readonly string[];
  readonly files: ReadonlyMap<string, string>;
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The kubectl that KUBECTL names, else the one built for the tests, else the first on the PATH; null when there is none. */
export const findKubectl = (): string | null => {
  const named = process.env['KUBECTL'];
  if (named !== undefined && named !== '') return named;
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'kubectl'));
  return [findBuilt('kubectl')?.executable ?? '', ...onPath].find((path) => path !== '' && isExecutable(path)) ?? null;
};

/** A kubectl that does not end by itself (watches, forwards, waits in vain) is ended after this. */
const PATIENCE_MS = 6000;

/** An editor that changes what it is given: the annotation that every object of the server has, or the name's field. */
const EDITOR = `sed -i -e 's/touched: "no"/touched: "yes"/' -e 's/touched: no$/touched: yes/'`;

interface Desk {
  readonly server: RecordingServer;
  readonly home: string;
}

/** A configuration whose only cluster is a server of ours. */
export const kubeconfig = (url: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'recording', cluster: { server: url } }],
    users: [{ name: 'nobody', user: { token: 'none' } }],
    contexts: [{ name: 'recording', context: { cluster: 'recording', user: 'nobody' } }],
    'current-context': 'recording',
  });

const writeFiles = (folder: string, files: ReadonlyMap<string, string>): void => {
  for (const [path, text] of files) {
    const place = join(folder, path);
    if (path === '-' || !place.startsWith(`${folder}/`)) continue;
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }
};

/** Runs one command at a desk. */
const runAt = async (desk: Desk, kubectl: string, { argv, files }: Sample): Promise<Run> => {
  const folder = mkdtempSync(join(desk.home, 'run-'));
  const config = join(folder, '.kubeconfig');
  writeFileSync(config, kubeconfig(desk.server.url));
  writeFiles(folder, files);
  desk.server.take();
  const child = spawn(kubectl, argv, {
    cwd: folder,
    env: {
      HOME: desk.home,
      KUBECONFIG: config,
      KUBE_EDITOR: EDITOR,
      KUBECTL_KUBERC: 'false',
      PATH: process.env['PATH'],
    },
  });
  let stderr = '';
  child.stdout.resume();
  child.stderr.on('data', (bytes: Buffer) => {
    if (stderr.length < 4096) stderr += bytes.toString('utf8');
  });
  child.stdin.on('error', () => {
    // it has ended without reading
  });
  child.stdin.end(files.get('-') ?? '');
  const exit = await new Promise<Run['exit']>((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code ?? 'timeout');
    });
  });
  const sent = desk.server.take();
  rmSync(folder, { recursive: true, force: true });
  return {
    argv,
    exit,
    sent,
    stderr,
    objects: 'always there',
    surroundings: { namespace: 'default', files, customResources: [WIDGETS], readDocuments },
  };
};

/** Runs all samples against recording servers, two at a time; the runs in the order of the samples. */
export async function runSamples(
  kubectl: string,
  samples: readonly Sample[],
  progress: (done: number) => void = () => {},
): Promise<readonly Run[]> {
  const runs: Run[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    const home = mkdtempSync(join(tmpdir(), 'blastgate-parity-'));
    const server = await startRecordingServer();
    try {
      for (let at = next++; at < samples.length; at = next++) {
        const sample = samples[at];
        if (sample !== undefined) runs[at] = await runAt({ server, home }, kubectl, sample);
        progress(++done);
      }
    } finally {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    }
  };
  await Promise.all([work(), work()]);
  return runs;
}
