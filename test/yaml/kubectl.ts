// Texts come in, what a real kubectl makes of them comes out: objects of a client's dry run, and patches applied without a server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../src/core/model/json.ts';
import { kubeconfig } from '../parity/kubectl.ts';
import { startRecordingServer } from '../parity/server.ts';
import { ensureBuilt } from '../servers/build.ts';

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
}

const run = async (home: string, argv: readonly string[]): Promise<Ran> => {
  const { kubectl } = await ensureBuilt(['kubectl']);
  const env = { HOME: home, KUBECONFIG: join(home, 'config'), KUBECTL_KUBERC: 'false', PATH: process.env['PATH'] };
  const child = spawn(kubectl.executable, argv, { cwd: home, env, stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece;
  });
  const [code] = await once(child, 'close');
  return { code: typeof code === 'number' ? code : null, stdout };
};

const inFolder = async <T>(work: (home: string) => Promise<T>): Promise<T> => {
  const home = mkdtempSync(join(tmpdir(), 'blastgate-yaml-'));
  try {
    return await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};

/** The objects that `create --dry-run=client -o json` prints of some files, in no order; files that kubectl refuses have none. */
export function createdObjects(files: readonly string[]): Promise<readonly JsonObject[]> {
  return inFolder(async (home) => {
    const server = await startRecordingServer();
    try {
      writeFileSync(join(home, 'config'), kubeconfig(server.url));
      mkdirSync(join(home, 'files'));
      for (const [at, text] of files.entries()) writeFileSync(join(home, 'files', `${at}.yaml`), text);
      const { stdout } = await run(home, [
        'create',
        '--dry-run=client',
        '--validate=false',
        '-o',
        'json',
        '-f',
        'files',
      ]);
      // as: kubectl prints each object by itself, its last line is a brace alone
      return stdout.split(/(?<=^\}\n)/m).map((text) => JSON.parse(text) as JsonObject);
    } finally {
      await server.stop();
    }
  });
}

/** The object that each merge patch makes of one; null where kubectl refuses the patch. */
export function patchedObjects(
  object: JsonObject,
  patches: readonly string[],
): Promise<readonly (JsonObject | null)[]> {
  return inFolder(async (home) => {
    writeFileSync(join(home, 'object.json'), JSON.stringify(object));
    const patched: (JsonObject | null)[] = [];
    for (const patch of patches) {
      const argv = ['patch', '--local', '-f', 'object.json', '--type=merge', '-o', 'json', '-p', patch];
      const { code, stdout } = await run(home, argv);
      // as: kubectl prints an object
      patched.push(code === 0 ? (JSON.parse(stdout) as JsonObject) : null);
    }
    return patched;
  });
}
