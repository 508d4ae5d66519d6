// As many durable writes as the disk takes from one writer: the ceiling that rates of the store are read beside.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Appends of 8 KiB to a file in the folder, each followed by fdatasync, for two seconds; a second. */
export const diskCeiling = (folder: string): number => {
  const file = openSync(join(folder, 'ceiling'), 'w');
  const page = Buffer.alloc(8192, 1);
  const until = performance.now() + 2_000;
  let writes = 0;
  while (performance.now() < until) {
    writeSync(file, page);
    fdatasyncSync(file);
    writes += 1;
  }
  closeSync(file);
  return writes / 2;
};
