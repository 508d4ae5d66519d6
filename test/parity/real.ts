// The same comparison with a real control plane: what its audit log says kubectl has asked for is the truth.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import type { Json } from '../../src/core/model/json.ts';
import { type AuditEvent, auditLogEnd, readAuditLog } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import type { Run } from './compare.ts';
import type { Sample } from './kubectl.ts';
import type { Sent } from './requests.ts';

const METHODS: Readonly<Record<string, string>> = {
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
};

/** An audited request as it was on the wire. */
export const sentOf = ({ verb, requestURI, requestObject }: AuditEvent): Sent => {
  const [path = '', query = ''] = requestURI.split('?');
  return {
    method: METHODS[verb] ?? 'GET',
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    // as: audited bodies are JSON
    body: requestObject as Json,
    contentType: '',
    upgrade: false,
  };
};

const PATIENCE_MS = 60_000;

/** What kubectl has asked for since the log had so many bytes; waits until the log says no more. */
export const askedSince = async (plane: ControlPlane, before: number): Promise<readonly AuditEvent[]> => {
  let seen = -1;
  for (;;) {
    const events = readAuditLog(plane.auditLogPath, before).filter(
      ({ user, userAgent }) => user.username === 'admin' && userAgent?.startsWith('kubectl') === true,
    );
    if (events.length === seen) return events;
    seen = events.length;
    await sleep(150);
  }
};

const run = async (plane: ControlPlane, folder: string, { argv, files }: Sample): Promise<Run> => {
  const before = auditLogEnd(plane.auditLogPath);
  const child = spawn(plane.kubectlPath, argv, {
    cwd: folder,
    env: {
      HOME: folder,
      KUBECONFIG: plane.kubeconfigPath('admin'),
      KUBECTL_KUBERC: 'false',
      PATH: process.env['PATH'],
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString('utf8');
  });
  const exit = await new Promise<Run['exit']>((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code ?? 'timeout');
    });
  });
  return {
    argv,
    exit,
    sent: (await askedSince(plane, before)).map(sentOf),
    stderr,
    objects: 'as they are',
    surroundings: { namespace: 'default', files, customResources: [], readDocuments },
  };
};

/** Runs the samples one after the other on one control plane, which is thrown away. */
export const runOnRealCluster = async (samples: readonly Sample[]): Promise<readonly Run[]> => {
  const plane = await startControlPlane();
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-parity-real-'));
  try {
    for (const [path, text] of samples.flatMap(({ files }) => [...files])) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const runs: Run[] = [];
    for (const sample of samples) runs.push(await run(plane, folder, sample));
    return runs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await plane.stop();
  }
};
