// One-time links that are made beside a running gate: files in its data folder, so that only who may write there makes one.
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LoginLink } from '../../core/approval/session.ts';
import type { Instant } from '../../core/model/instant.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { LoginLinkFolder } from '../../ports/sessions.ts';

const FOLDER = 'login-links';
const ID = /^sha256:([0-9a-f]{64})$/;
const LINK = z.strictObject({ id: z.string().regex(ID), person: z.string(), ends: z.iso.datetime() });

/** Nothing of a token is in a file's name or content but its hash. */
export function loginLinkFolder(dataDir: string): LoginLinkFolder {
  const folder = join(dataDir, FOLDER);
  const pathOf = (id: string): string | null => {
    const hex = ID.exec(id)?.[1];
    return hex === undefined ? null : join(folder, `${hex}.json`);
  };
  return {
    keep: async (link, now) => {
      const path = pathOf(link.id);
      if (path === null) throw new Error('a link without a hash (this is a bug)');
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        chmodSync(folder, 0o700);
        forget(folder, now);
        // Whole or not at all: a gate may look at any moment.
        writeFileSync(`${path}.new`, JSON.stringify(link), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (error) {
        throw new AdapterError(
          'refused',
          `${folder} cannot be written: ${reason(error)}. Run it as the user of the gate.`,
        );
      }
    },
    take: async (id) => {
      const path = pathOf(id);
      if (path === null) return null;
      const link = readLink(path);
      if (link === null || link.id !== id) return null;
      try {
        // Of all who have read it, one removes it.
        unlinkSync(path);
        return link;
      } catch {
        return null;
      }
    },
  };
}

const readLink = (path: string): LoginLink | null => {
  try {
    return LINK.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
};

const forget = (folder: string, now: Instant): void => {
  for (const name of readdirSync(folder)) {
    const link = readLink(join(folder, name));
    if (link === null || link.ends < now) rmSync(join(folder, name), { force: true });
  }
};

const reason = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');
