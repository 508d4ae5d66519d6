// A real Prometheus of the system's package (Debian: apt-get install prometheus) that scrapes one address. For tests only.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startProcess, whenReady } from './server-process.ts';

const EXECUTABLE = '/usr/bin/prometheus';

export interface Prometheus {
  /** "http://127.0.0.1:PORT" */
  readonly address: string;
  readonly stop: () => Promise<void>;
}

const MISSING = `${EXECUTABLE} is not there: run \`apt-get install prometheus\` (the package of the system is used)`;

/** Scrapes `target` ("127.0.0.1:PORT", path /metrics) every second. Throws where the package is not installed. */
export const startPrometheus = async (target: string): Promise<Prometheus> => {
  if (!existsSync(EXECUTABLE)) throw new Error(MISSING);
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-prometheus-'));
  const config = {
    global: { scrape_interval: '1s' },
    scrape_configs: [{ job_name: 'shop', static_configs: [{ targets: [target] }] }],
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const port = await freePort();
  const listen = `127.0.0.1:${port}`;
  const server = startProcess(
    EXECUTABLE,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${listen}`,
    ],
    { logPath: join(folder, 'prometheus.log'), cwd: folder },
  );
  const address = `http://${listen}`;
  try {
    await whenReady('Prometheus', [server], async () => (await fetch(`${address}/-/ready`)).ok);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    address,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
