// The lock → what a release is made of, as CycloneDX on standard output: `npm run --silent sbom > sbom.cdx.json`. npm writes the list of all
// packages; those that only make or test it, and the Nodes that an image has already, are taken out by the lock. (Its own --omit=dev also
// leaves out production packages that a development package uses too: npm 11.19.)
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly name?: string;
        readonly version?: string;
        readonly dev?: boolean;
        readonly optional?: boolean;
        readonly devOptional?: boolean;
      }
    >
  >;
}

interface Bom {
  readonly components: readonly { readonly 'bom-ref': string; readonly name: string; readonly version: string }[];
  readonly dependencies?: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/** "name@version" of what `npm ci --omit=dev --omit=optional` installs. */
export function shipped(lock: Lock): ReadonlySet<string> {
  return new Set(
    Object.entries(lock.packages).flatMap(([path, { name, version, dev, optional, devOptional }]) =>
      path === '' || dev === true || optional === true || devOptional === true
        ? []
        : [`${name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`],
    ),
  );
}

/** The list without what is not shipped, and without lines that lead there. Throws where something that is shipped is not in the list. */
export function onlyShipped<B extends Bom>(bom: B, names: ReadonlySet<string>): B {
  const components = bom.components.filter(({ name, version }) => names.has(`${name}@${version}`));
  const listed = new Set(components.map(({ name, version }) => `${name}@${version}`));
  const lacking = [...names].filter((name) => !listed.has(name));
  if (lacking.length > 0) throw new Error(`npm sbom does not list ${lacking.join(', ')}`);
  const gone = new Set(bom.components.map((one) => one['bom-ref']));
  for (const one of components) gone.delete(one['bom-ref']);
  const dependencies = bom.dependencies
    ?.filter(({ ref }) => !gone.has(ref))
    .map(({ ref, dependsOn }) => ({
      ref,
      ...(dependsOn === undefined ? {} : { dependsOn: dependsOn.filter((one) => !gone.has(one)) }),
    }));
  return { ...bom, components, ...(dependencies === undefined ? {} : { dependencies }) };
}

if (import.meta.main) {
  const asked = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
  const { status, stdout, stderr } = spawnSync('npm', asked, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`npm sbom ended with ${status}: ${stderr}`);
  // as: what npm writes, and its lock.
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  process.stdout.write(`${JSON.stringify(onlyShipped(JSON.parse(stdout) as Bom, shipped(lock)), null, 2)}\n`);
}
