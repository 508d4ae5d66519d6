// The second calculator: scoring section 6 over deeds written by hand or read by its own small parser.
// It imports nothing of src, so that a mistake there cannot agree with itself here.
import { takesProtected } from './collected.ts';
import { callsSeen, evidenceSeen, marksSeen, onlyLargestOutage } from './live.ts';
import type { Deed, Seen } from './seen.ts';
import {
  BASES,
  CLASSES,
  DUAL,
  DUAL_KEYS,
  FORBIDDEN_MARKS,
  FORBIDDEN_ON_PROTECTED,
  GUARDED_DELETION,
  GUARDED_WRITE,
  HUMAN,
  INERT_ANNOTATIONS,
  INERT_LABELS,
  INERT_NAMESPACE_LABELS,
  MODIFIERS,
  PROTECTED,
  TRACKING_MARKS,
  WEIGHED,
  WEIGHTS,
  WORKLOADS,
} from './tables.ts';

/** One simple command. `lowest`: opaque and may be no lower than this; `destroys`: a nested command that destroys. */
export interface Piece {
  readonly deeds: readonly Deed[];
  readonly opaque: 'auto' | 'human' | 'dual' | null;
  readonly destroys: boolean;
  /** "undecided", "steers-away". */
  readonly marks: readonly string[];
}

export interface Meaning {
  readonly pieces: readonly Piece[];
  readonly executable: boolean;
  /** What was seen and is remembered (section 5); null without a cluster. */
  readonly live: Seen | null;
}

export interface Result {
  readonly score: number;
  readonly tier: string;
  readonly action: string;
  /** "base 40 + weight 5 + multiplier 23". */
  readonly sum: string;
}

const has = (list: string, word: string): boolean => list.split(' ').includes(word);
const kinds = BASES.map(([kind]) => kind);
const baseOf = (kind: string): number => {
  const row = BASES.find(([name]) => name === kind);
  if (row === undefined) throw new Error(`no such kind: ${kind}`);
  return row[1];
};

/** Matches by walking, where the product uses regular expressions. */
const matches = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*')) {
    return matches(pattern.slice(1), text) || (text !== '' && matches(pattern, text.slice(1)));
  }
  if (pattern.startsWith('[0-9]'))
    return text >= '0' && (text[0] ?? '') <= '9' && text !== '' && matches(pattern.slice(5), text.slice(1));
  return text !== '' && pattern[0] === text[0] && matches(pattern.slice(1), text.slice(1));
};

/** "*" stands for all namespaces, "?" for one that is not known. */
const classOf = (namespace: string): readonly [name: string, percent: number] => {
  if (namespace === '*' || namespace === '?') return ['control-plane', 200];
  const found = CLASSES.find(([, , patterns]) => patterns.split(' ').some((pattern) => matches(pattern, namespace)));
  return found === undefined ? ['other', 100] : [found[0], found[1]];
};

const matchesAny = (patterns: string, key: string): boolean =>
  patterns.split(' ').some((pattern) => matches(pattern, key));

/** Keys that a deed sets or removes: "label:a", "template-annotation:b-". */
const keysOf = ({ marks }: Deed, ...of: readonly string[]): readonly string[] =>
  of.flatMap((what) =>
    marks.filter((mark) => mark.startsWith(`${what}:`)).map((mark) => mark.slice(what.length + 1).replace(/-$/, '')),
  );

/** An owner that is added to an existing object is its deletion besides (section 2). */
const besides = (deed: Deed): readonly Deed[] => {
  const { what, marks } = deed;
  if (!marks.includes('owner-reference') || marks.includes('creates')) return [deed];
  const kind = what.endsWith('.rbac.authorization.k8s.io') ? 'grant' : what === 'pods' ? 'delete-pod' : 'delete-object';
  const same = marks.filter((mark) => has('dry unknown custom', mark));
  return [deed, { ...deed, kind, marks: ['deletes', ...same] }];
};

const kindOf = ({ kind, marks }: Deed): string => (marks.includes('dry') && kind !== 'sensitive-read' ? 'read' : kind);
const isRead = (deed: Deed): boolean => kindOf(deed) === 'read' || kindOf(deed) === 'none';
const writes = (deed: Deed): boolean => !isRead(deed) && kindOf(deed) !== 'sensitive-read' && kindOf(deed) !== 'tunnel';
const deletes = ({ kind, marks }: Deed): boolean => kind.startsWith('delete-') || marks.includes('deletes');

const namespaceOf = (deed: Deed, live: Seen | null): readonly [name: string, percent: number] => {
  const own = namedClassOf(deed);
  const label = live?.around.namespaces.find(
    ({ name }) => name === (deed.what === 'namespaces' ? deed.who : deed.where),
  );
  if (label?.environment == null || deed.kind === 'drain' || deed.marks.includes('creates')) return own;
  const row = CLASSES.find(([name]) => name === label.environment);
  const shown = row === undefined ? classOf(label.environment) : ([row[0], row[1]] as const);
  return shown[1] > own[1] ? shown : own;
};

const namedClassOf = (deed: Deed): readonly [name: string, percent: number] => {
  if (deed.kind === 'drain') return ['other', 100];
  if (deed.what === 'namespaces') return deed.marks.includes('creates') ? ['other', 100] : classOf(deed.who ?? '*');
  return deed.where === null ? ['other', 100] : classOf(deed.where);
};

const weightOf = ({ what, where, marks }: Deed): number => {
  if (marks.includes('unknown') || marks.includes('custom')) return 15;
  if (what === 'leases.coordination.k8s.io' && ['kube-system', 'kube-node-lease', '*'].includes(where ?? '')) return 25;
  if (what === 'jobs.batch' && marks.includes('finished-only')) return 0;
  const row = Object.entries(WEIGHTS).find(([, list]) => has(list, what));
  const weight = row === undefined ? 15 : Number(row[0]);
  return marks.includes('unseen-content') && weight < 15 ? 15 : weight;
};

interface Share {
  readonly deed: Deed;
  readonly base: number;
  readonly weight: number;
  readonly all: number;
}

const shareOf = (deed: Deed, live: Seen | null): Share => {
  const kind = kindOf(deed);
  const base = baseOf(kind);
  const weight = WEIGHED.includes(kind) ? weightOf(deed) : 0;
  const hundredfold = (base + weight) * namespaceOf(deed, live)[1];
  const rest = hundredfold % 100;
  return { deed, base, weight, all: (hundredfold - rest) / 100 + (rest >= 50 ? 1 : 0) };
};

/** Kinds whose deletion is a rule, by whatever road. */
const isGuarded = (what: string): boolean =>
  has(PROTECTED, what) ||
  what.startsWith('subnamespaceanchors') ||
  has(GUARDED_DELETION, what) ||
  what.endsWith(`.${GUARDED_WRITE}`);

const isForbidden = (deed: Deed): boolean => {
  const { what, where, who, marks } = deed;
  if (marks.includes('dry')) return false;
  const core = has(PROTECTED, what) || what.startsWith('subnamespaceanchors');
  if (core && (deletes(deed) || marks.some((mark) => has(FORBIDDEN_ON_PROTECTED, mark)))) return true;
  if (marks.includes('prune-volumes') || what === 'nodes/proxy') return true;
  if (!writes(deed)) return false;
  if (marks.some((mark) => has(FORBIDDEN_MARKS, mark))) return true;
  if (isGuarded(what) && deletes(deed)) return true;
  if (what.endsWith(`.${GUARDED_WRITE}`)) return true;
  if (marks.includes('no-execute') && who === '*' && (marks.includes('all') || !marks.includes('selector')))
    return true;
  if (where === 'blastgate' || (what === 'namespaces' && who === 'blastgate')) return true;
  if (/^(cluster)?role(binding)?s\./.test(what) && /^blastgate(-|$)/.test(who ?? '')) return true;
  return (
    deletes(deed) &&
    has(WORKLOADS, what) &&
    where === '*' &&
    who === '*' &&
    !marks.includes('selector') &&
    !marks.includes('finished-only')
  );
};

const modifiersOf = (deeds: readonly Deed[], live: Seen | null): readonly (readonly [string, number])[] => {
  const best = new Map<string, number>();
  const raise = (code: string, points: number): void => {
    best.set(code, Math.max(points, best.get(code) ?? 0));
  };
  const acting = deeds.filter((deed) => !isRead(deed));
  for (const deed of acting) {
    const finished = deed.kind === 'delete-pod' && deed.marks.includes('finished-only');
    const raised = live === null ? [] : marksSeen(deed, live);
    for (const mark of [...deed.marks, ...raised]) {
      const row = MODIFIERS[mark];
      if (row !== undefined && !(finished && has('selector all all-namespaces', mark))) raise(row[0], row[1]);
    }
    const acted = (of: string, inert: string): boolean =>
      keysOf(deed, of).some((key) => key.includes('/') && !matchesAny(inert, key));
    if (acted('annotation', INERT_ANNOTATIONS)) raise('effectful-annotation', 15);
    if (acted('label', INERT_LABELS)) raise('effectful-label', 15);
  }
  const targets = new Set(
    acting.filter(({ who }) => who !== '*').map(({ what, where, who }, i) => `${what} ${where} ${who ?? i}`),
  );
  if (targets.size > 1) raise('many', Math.min(15, 3 * (targets.size - 1)));
  return [...best].toSorted(([a], [b]) => (a < b ? -1 : 1));
};

const lowestOfDeed = (deed: Deed, executable: boolean, live: Seen | null): number => {
  const kind = kindOf(deed);
  if (isRead(deed)) return 0;
  let lowest = 0;
  for (const word of [kind, ...deed.marks]) {
    if (has(DUAL, word)) return 51;
    if (has(HUMAN, word)) lowest = 11;
  }
  if (!writes(deed)) return lowest;
  const keys = keysOf(deed, 'label', 'annotation', 'template-label', 'template-annotation');
  if (keys.some((key) => matchesAny(DUAL_KEYS, key))) return 51;
  const tracked = deed.marks.some((mark) => has(TRACKING_MARKS, mark.replace(/-$/, '')));
  if (tracked && !deed.marks.includes('creates')) return 51;
  const marking = kind === 'annotate' || kind === 'label';
  if (deed.marks.includes('unknown')) {
    if (!marking) return 51;
    lowest = 11;
  }
  if (kind === 'delete-object' && deed.marks.includes('custom')) return 51;
  if (deed.what === 'customresourcedefinitions.apiextensions.k8s.io') return 51;
  if (deed.what === 'leases.coordination.k8s.io' && ['kube-system', 'kube-node-lease', '*'].includes(deed.where ?? ''))
    return 51;
  const labels = keysOf(deed, 'label');
  if (deed.what === 'namespaces' && labels.some((label) => !has(INERT_NAMESPACE_LABELS, label))) return 51;
  if (
    marking &&
    has(
      'nodes serviceaccounts namespaces persistentvolumes persistentvolumeclaims storageclasses.storage.k8s.io',
      deed.what,
    )
  )
    lowest = 11;
  if (!executable || namespaceOf(deed, live)[0] === 'control-plane') lowest = 11;
  return lowest;
};

const lowestOf = (piece: Piece, executable: boolean, live: Seen | null): number => {
  const doomed = piece.deeds.filter(
    (deed) =>
      kindOf(deed) === 'delete-pod' &&
      namespaceOf(deed, live)[0] === 'control-plane' &&
      !deed.marks.includes('finished-only'),
  );
  const many = doomed.length > 1 || doomed.some(({ who }) => who === '*');
  return Math.max(
    many ? 51 : 0,
    piece.opaque === 'dual' || piece.marks.includes('undecided') ? 51 : 0,
    piece.opaque === 'human' || piece.marks.includes('steers-away') ? 11 : 0,
    ...piece.deeds.map((deed) => lowestOfDeed(deed, executable, live)),
  );
};

const resultOf = (piece: Piece, executable: boolean, live: Meaning['live']): Result => {
  const shares = piece.deeds
    .map((deed) => shareOf(deed, live))
    .toSorted((a, b) => b.all - a.all || kinds.indexOf(kindOf(b.deed)) - kinds.indexOf(kindOf(a.deed)));
  const [top] = shares;
  const kind = top === undefined ? 'none' : kindOf(top.deed);
  const opaque = piece.opaque !== null || (top === undefined && piece.destroys);
  const action = opaque && (kind === 'none' || kind === 'read') ? 'opaque' : kind;
  const dry = piece.deeds.length > 0 && piece.deeds.every(({ marks }) => marks.includes('dry'));
  const collected = live !== null && takesProtected(piece.deeds.filter(writes), live, isGuarded);
  if ((piece.destroys && !dry) || piece.deeds.some(isForbidden) || collected) {
    return { score: 100, tier: 'blocked', action, sum: 'hard-rule 100' };
  }
  const lines: (readonly [string, number])[] = [['base', top?.base ?? 0]];
  if (top !== undefined && top.weight > 0) lines.push(['weight', top.weight]);
  if (top !== undefined && top.all !== top.base + top.weight)
    lines.push(['multiplier', top.all - top.base - top.weight]);
  const modifiers = modifiersOf(piece.deeds, live);
  if (live === null) lines.push(...modifiers);
  const soFar = (): number => lines.reduce((sum, [, points]) => sum + points, 0);
  if (live !== null && piece.deeds.some(writes)) {
    const evidence = evidenceSeen(piece.deeds.filter(writes), live);
    const codes = new Set(evidence.map(([code]) => code));
    const found = onlyLargestOutage([...modifiers, ...evidence]);
    const own = soFar() + found.reduce((sum, [, points]) => sum + points, 0);
    const calls = callsSeen(piece.deeds.filter(writes), live, own);
    const lifted = calls.map((code, at): readonly [string, number] => [code, at === 0 ? Math.max(0, 11 - own) : 0]);
    const isEvidence = ([code]: readonly [string, number]): boolean => codes.has(code) || calls.includes(code);
    const all = [...found, ...lifted].toSorted(([a], [b]) => (a < b ? -1 : 1));
    lines.push(...all.filter((line) => !isEvidence(line)), ...all.filter(isEvidence));
  } else if (live !== null) lines.push(...modifiers);
  const missing = lowestOf(piece, executable, live) - soFar();
  if (missing > 0) lines.push(['floor', missing]);
  if (soFar() > 99) lines.push(['cap', 99 - soFar()]);
  const score = soFar();
  const tier = score <= 10 ? 'auto' : score <= 50 ? 'human' : 'dual';
  return { score, tier, action, sum: lines.map(([code, points]) => `${code} ${points}`).join(' + ') };
};

/** The worst piece counts; among equals the one whose kind stands lower in section 2. */
export const calculate = ({ pieces, executable, live }: Meaning): Result => {
  const results = pieces.map((piece) => resultOf({ ...piece, deeds: piece.deeds.flatMap(besides) }, executable, live));
  const rank = ({ action }: Result): number => (action === 'opaque' ? 0.5 : kinds.indexOf(action));
  const [worst] = results.toSorted((a, b) => b.score - a.score || rank(b) - rank(a));
  if (worst === undefined) throw new Error('nothing to calculate');
  return worst;
};
