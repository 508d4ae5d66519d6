#!/usr/bin/env node
// Finds a runtime that can run the gate (Node 24) and starts the command line. It must never hold logic of its own.
import { existsSync } from 'node:fs';
// the whole module: Node 20 has only some of its names
import * as modules from 'node:module';
import { fileURLToPath } from 'node:url';

const source = new URL('../src/doors/cli/main.ts', import.meta.url);
const built = new URL('../dist/doors/cli/main.js', import.meta.url);
const entry = existsSync(source) ? source : built;

if (Number.parseInt(process.versions.node, 10) >= 24) {
  modules.enableCompileCache();
  findOwnModulesAtOnce(new URL('../../', entry).href);
  const { main } = await import(entry.href);
  await main();
} else {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const bundled = bundledNode(name);
  if (bundled === null) {
    process.stderr.write(
      `blastgate: needs Node 24 or newer, this is ${process.versions.node}, and the package ${name} is not installed.\n` +
        'Install Node 24, or install without --omit=optional.\n',
    );
    process.exitCode = 1;
  } else {
    const { spawn } = await import('node:child_process');
    const child = spawn(bundled, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === null ? 1 : 128);
    });
  }
}

/** Our own imports name whole files: Node need not look for them on the disk and in package.json (docs/performance.md). */
function findOwnModulesAtOnce(root) {
  modules.registerHooks({
    resolve(specifier, context, next) {
      const own = specifier.startsWith('.') && context.parentURL?.startsWith(root) === true;
      if (!own || !/\.[jt]s$/.test(specifier)) return next(specifier, context);
      const url = new URL(specifier, context.parentURL).href;
      return { url, format: url.endsWith('.ts') ? 'module-typescript' : 'module', shortCircuit: true };
    },
  });
}

function bundledNode(name) {
  try {
    const bin = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
    return modules.createRequire(import.meta.url).resolve(`${name}/${bin}`);
  } catch {
    return null;
  }
}
