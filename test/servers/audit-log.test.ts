import { equal } from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { auditLogEnd, readAuditLog } from './audit-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'audit-log-'));
after(() => rmSync(folder, { recursive: true }));

const line = (auditID: string, padding = 0): string =>
  `${JSON.stringify({ auditID, verb: 'create', requestURI: '/', user: { username: 'admin' }, requestObject: 'x'.repeat(padding) })}\n`;

describe('a reading that begins at the end of the log', () => {
  for (const [name, before] of [
    ['of no line', ''],
    ['of short lines', line('one') + line('two')],
    ['of a line longer than one part', line('one', 200_000)],
  ] as const)
    for (const half of [10, 40, 150_000])
      it(`${name}, with ${half} bytes of a line half written, has this line whole`, () => {
        const path = join(folder, 'audit.log');
        const late = line('late', 300_000);
        writeFileSync(path, before + late.slice(0, half));
        const from = auditLogEnd(path);
        appendFileSync(path, late.slice(half));
        equal(from, before.length);
        equal(
          readAuditLog(path, from)
            .map(({ auditID }) => auditID)
            .join(),
          'late',
        );
      });
});
