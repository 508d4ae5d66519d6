// The version of this package, from its package.json.
import { readFileSync } from 'node:fs';

/** Works from the sources and from the built package alike: both stand two folders below package.json. */
export function versionOfPackage(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
}
