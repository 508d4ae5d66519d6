// The lines of `blastgate doctor` on the audit heads that stand outside: does the trail still have what the review issues show?
import { agreesUpTo, type HeadComparison, type OutsideHead } from '../../../core/remediation/outside-heads.ts';
import { readTold } from '../../../flow/notify/check-heads.ts';
import { compareHeads } from '../../../flow/notify/compare-heads.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { readHeadProof } from '../../head-proof.ts';
import { OPEN } from '../../open-peers.ts';
import type { Settings } from '../../settings.ts';
import { type Finding, finding } from './finding.ts';

/** Several pages of issues and of comments, and a look at the trail for each. */
const PATIENCE_MS = 30_000;
const ELSEWHERE =
  'keep the log of the gate, whose line `audit_head` shows it every ten minutes, or an `audit export`, on another machine; `blastgate audit verify --head SEQ:HASH` compares';

/** Nothing is changed, in the store or in the forge. */
export async function headFindings(settings: Settings): Promise<readonly Finding[]> {
  const { forge: named, flags } = settings;
  if (named === null || flags.gitopsPr === 'off')
    return [finding('heads', 'off', 'no review issue shows the head of the audit trail', ELSEWHERE)];
  try {
    const opened = await OPEN.trail(settings);
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const { trail, controls } = opened;
      const proof = await readHeadProof(controls, signal);
      if (proof === null) return [finding('heads', 'off', 'this gate has shown no head of its audit trail yet')];
      const compared = await compareHeads({ trail, forge: await OPEN.forge(named), proof }, signal);
      return findingsOf(compared, await readTold(controls, signal));
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return error.reason === 'cannot-open' || error.reason === 'empty'
      ? [finding('heads', 'off', 'there is no audit trail here to compare with the review issues')]
      : [finding('heads', 'warn', `the heads could not be compared: ${error.message}`)];
  }
}

const findingsOf = (compared: HeadComparison, isTold: (lost: OutsideHead) => boolean): readonly Finding[] => {
  const { there, missing, doubtful, earlier } = compared;
  const upTo = agreesUpTo(compared);
  const untold = missing.filter((lost) => !isTold(lost));
  const told = missing.filter(isTold);
  return [
    ...(untold.length > 0 ? [lostFinding(untold, upTo)] : [summaryOf({ there, earlier, upTo })]),
    ...(told.length > 0 ? [finding('heads', 'warn', `${lackOf(told)}; the gate has paused for it`)] : []),
    ...(doubtful.length > 0 ? [doubtfulFinding(doubtful)] : []),
  ];
};

const lackOf = ([first, ...more]: readonly OutsideHead[]): string =>
  `the trail lacks line ${first?.head.seq} of issue #${first?.issueNumber} (${first?.issueUrl})${more.length === 0 ? '' : ` and ${more.length} more that review issues prove`}`;

const lostFinding = (lost: readonly OutsideHead[], upTo: number): Finding =>
  finding(
    'heads',
    'fail',
    `${lackOf(lost)}: it was cut, or restored from an older backup, or a copy of this store ran elsewhere with the same forge account; it agrees up to line ${upTo}`,
    '`blastgate pause`; keep a copy of the database as it is; look at the cluster for what was written since; then `blastgate resume` (docs/operate.md, A trail that lacks lines)',
  );

const doubtfulFinding = (doubtful: readonly OutsideHead[]): Finding => {
  const issues = [...new Set(doubtful.map(({ issueNumber }) => `#${issueNumber}`))];
  return finding(
    'heads',
    'warn',
    `${issues.slice(0, 5).join(', ')}${issues.length > 5 ? ', …' : ''} show heads that the trail lacks and that this gate cannot prove to have written`,
    'another gate writes there, an older version did, somebody edited the text (the forge keeps its history), or the whole database is a new one',
  );
};

const summaryOf = ({
  there,
  earlier,
  upTo,
}: Pick<HeadComparison, 'there' | 'earlier'> & { readonly upTo: number }): Finding => {
  const newest = there.at(-1);
  if (newest !== undefined)
    return finding(
      'heads',
      'ok',
      `the trail agrees up to line ${upTo} with ${there.length} ${there.length === 1 ? 'head' : 'heads'} in review issues`,
    );
  return earlier.length > 0
    ? finding(
        'heads',
        'ok',
        `every head that review issues show (${earlier.length}) is older than the lines that are kept`,
      )
    : finding('heads', 'off', 'no review issue shows a head of this gate yet', ELSEWHERE);
};
