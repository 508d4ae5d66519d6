// What the resident memory of this process is made of: /proc/self/smaps, and what each thread's V8 says of itself.
import { readFileSync } from 'node:fs';
import { getHeapSpaceStatistics, getHeapStatistics, type HeapInfo } from 'node:v8';
import type { Worker } from 'node:worker_threads';

const MB = 2 ** 20;
/** glibc gives each arena but the first address space of this size, aligned to it (malloc/arena.c, HEAP_MAX_SIZE on 64 bits). */
const ARENA_BYTES = 64 * MB;

interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly mode: string;
  readonly name: string;
  readonly residentBytes: number;
  readonly anonymousBytes: number;
}

/** Megabytes of one process by what maps them. */
export interface MappedParts {
  /** Pages of files: the program and its libraries, the database's shared index. */
  readonly files: number;
  /** What C and C++ took from glibc's malloc in arenas: SQLite, zlib, TLS, Node's own. */
  readonly malloc: number;
  readonly arenas: number;
  /** Every other anonymous page: the heaps of V8, its machine code, stacks, single pieces too large for an arena. */
  readonly otherAnonymous: number;
}

const HEAD = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+ *(.*)$/;

const mappingsIn = (smaps: string): readonly Mapping[] => {
  const kilobytes = (of: string, key: string): number =>
    Number(new RegExp(`^${key}: +(\\d+) kB$`, 'm').exec(of)?.[1] ?? 0);
  return smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m).flatMap((text) => {
    const [, start = '', end = '', mode = '', name = ''] = HEAD.exec(text.slice(0, text.indexOf('\n'))) ?? [];
    if (start === '') return [];
    return {
      start: Number.parseInt(start, 16),
      end: Number.parseInt(end, 16),
      mode,
      name,
      residentBytes: kilobytes(text, 'Rss') * 1024,
      anonymousBytes: kilobytes(text, 'Anonymous') * 1024,
    };
  });
};

/** An arena begins on a multiple of its size; what of it is not used yet follows without rights, up to the next multiple. */
const isArena = ({ start, end, mode, name }: Mapping, next: Mapping | undefined): boolean => {
  if (name !== '' || mode !== 'rw-p' || start % ARENA_BYTES !== 0) return false;
  if (end % ARENA_BYTES === 0) return true;
  return (
    next?.mode === '---p' && next.start === end && next.end % ARENA_BYTES === 0 && next.end - start === ARENA_BYTES
  );
};

/** Sums up the text of /proc/PID/smaps. */
export function mappedParts(smaps: string): MappedParts {
  let [files, malloc, arenas, otherAnonymous] = [0, 0, 0, 0];
  const mappings = mappingsIn(smaps);
  for (const [i, mapping] of mappings.entries()) {
    const { name, residentBytes, anonymousBytes } = mapping;
    files += residentBytes - anonymousBytes;
    if (name === '[heap]' || isArena(mapping, mappings[i + 1])) {
      malloc += anonymousBytes;
      arenas += 1;
    } else otherAnonymous += anonymousBytes;
  }
  return { files: files / MB, malloc: malloc / MB, arenas, otherAnonymous: otherAnonymous / MB };
}

/** Megabytes of one thread's V8. */
export interface ThreadHeap {
  readonly thread: string;
  /** Pages that its heap holds, used or not. */
  readonly held: number;
  readonly used: number;
  /** Buffers and the like, which lie outside. */
  readonly external: number;
}

const heapOf = (thread: string, of: HeapInfo): ThreadHeap => ({
  thread,
  held: of.total_physical_size / MB,
  used: of.used_heap_size / MB,
  external: of.external_memory / MB,
});

const workers = new Set<Worker>();
process.on('worker', (worker) => {
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
});

/** The heaps of all threads that were started since this file was loaded, the main one first. */
export async function threadHeaps(): Promise<readonly ThreadHeap[]> {
  const others = [...workers].map(async (worker) => heapOf(worker.threadName ?? '', await worker.getHeapStatistics()));
  return [heapOf('main', getHeapStatistics()), ...(await Promise.all(others))];
}

/** Megabytes of one space of the main thread's V8: `new_space` is what scavenges go over, `old_space` what has outlived two of them. */
export interface HeapSpace {
  readonly space: string;
  readonly held: number;
  readonly used: number;
}

export interface MemoryParts extends MappedParts {
  readonly heaps: readonly ThreadHeap[];
  readonly spaces: readonly HeapSpace[];
}

const heapSpaces = (): readonly HeapSpace[] =>
  getHeapSpaceStatistics().map(({ space_name: space, physical_space_size, space_used_size }) => ({
    space,
    held: physical_space_size / MB,
    used: space_used_size / MB,
  }));

/** Of this process, now. */
export async function memoryParts(): Promise<MemoryParts> {
  return { ...mappedParts(readFileSync('/proc/self/smaps', 'utf8')), heaps: await threadHeaps(), spaces: heapSpaces() };
}
