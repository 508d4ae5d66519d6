// One case for each transition of the table: what leads there on the real gate, and how it must end.
import type { State } from '../../src/core/remediation/state.ts';
import type { Play } from './play.ts';

export interface KillCase {
  readonly from: State;
  readonly to: State;
  /** Runs to where the transition is due; the gate may die and come back at any point of it. */
  readonly scenes: (play: Play) => Promise<void>;
  readonly ends: State;
  /** Writes that must have reached the cluster, each exactly once; default none. */
  readonly writes?: readonly string[];
  /** Milliseconds that pass while the gate is down. */
  readonly later?: number;
}

const HOUR = 3_600_000;
const AUTO = 'kubectl scale deployment web -n shop --replicas=4';
const HUMAN = 'kubectl scale deployment api -n production --replicas=5';
const CRASH = 'kubectl set image deployment/web web=registry.example/shop/web:crash -n shop';
const SCALED = 'PATCH shop/web/scale';
const SET = 'PATCH shop/web';
const PATCH = { method: 'PATCH', path: '/deployments/web', dryRun: false } as const;

const crash = async (play: Play): Promise<void> => {
  await play.propose(CRASH);
  await play.vote('ben', 'approve');
};
/** The forward write of CRASH comes first. */
const BACK_PATCH = { ...PATCH, skip: 1 } as const;

export const CASES: readonly KillCase[] = [
  {
    from: 'proposed',
    to: 'blocked',
    scenes: (play) => play.propose('kubectl delete namespace shop'),
    ends: 'blocked',
  },
  {
    from: 'proposed',
    to: 'refused',
    scenes: (play) => play.propose('kubectl scale deployment web -n shop --replicas=4 --context=other'),
    ends: 'refused',
  },
  { from: 'proposed', to: 'awaiting-approval', scenes: (play) => play.propose(HUMAN), ends: 'awaiting-approval' },
  { from: 'proposed', to: 'approved', scenes: (play) => play.propose(AUTO), ends: 'succeeded', writes: [SCALED] },
  {
    from: 'awaiting-approval',
    to: 'approved',
    scenes: async (play) => {
      await play.propose(HUMAN);
      await play.vote('ben', 'approve');
    },
    ends: 'succeeded',
    writes: ['PATCH production/api/scale'],
  },
  {
    from: 'awaiting-approval',
    to: 'rejected',
    scenes: async (play) => {
      await play.propose(HUMAN);
      await play.vote('ben', 'reject');
    },
    ends: 'rejected',
  },
  {
    from: 'awaiting-approval',
    to: 'expired',
    scenes: async (play) => {
      await play.propose(HUMAN);
      await play.goDown();
    },
    later: 5 * HOUR,
    ends: 'expired',
  },
  {
    from: 'awaiting-approval',
    to: 'superseded',
    scenes: async (play) => {
      await play.propose(HUMAN);
      await play.proposeNewer('kubectl scale deployment api -n production --replicas=6');
    },
    ends: 'superseded',
  },
  {
    from: 'awaiting-approval',
    to: 'cancelled',
    scenes: async (play) => {
      await play.propose(HUMAN);
      await play.cancel();
    },
    ends: 'cancelled',
  },
  {
    from: 'awaiting-approval',
    to: 'stale',
    scenes: async (play) => {
      await play.propose(HUMAN);
      await play.scaleByHand('production', 'api', 2);
    },
    ends: 'stale',
  },
  { from: 'approved', to: 'executing', scenes: (play) => play.propose(AUTO), ends: 'succeeded', writes: [SCALED] },
  {
    from: 'approved',
    to: 'stale',
    scenes: async (play) => {
      await play.propose(HUMAN);
      await play.pause('pause');
      await play.vote('ben', 'approve');
      await play.scaleByHand('production', 'api', 2);
      await play.pause('resume');
    },
    ends: 'stale',
  },
  {
    from: 'approved',
    to: 'expired',
    scenes: async (play) => {
      await play.propose(HUMAN);
      await play.pause('pause');
      await play.vote('ben', 'approve');
      await play.goDown();
    },
    later: 5 * HOUR,
    ends: 'expired',
  },
  {
    from: 'approved',
    to: 'awaiting-approval',
    scenes: async (play) => {
      await play.propose(HUMAN);
      await play.pause('pause');
      await play.vote('ben', 'approve');
      await play.takeBack('ben');
    },
    ends: 'awaiting-approval',
  },
  { from: 'executing', to: 'verifying', scenes: (play) => play.propose(AUTO), ends: 'succeeded', writes: [SCALED] },
  {
    from: 'executing',
    to: 'failed',
    scenes: async (play) => {
      play.fault({ ...PATCH, times: 9, fault: { kind: 'status', code: 403 } });
      await play.propose(AUTO);
    },
    ends: 'failed',
  },
  {
    from: 'executing',
    to: 'uncertain',
    scenes: async (play) => {
      play.fault({ ...PATCH, fault: { kind: 'drop-after' } });
      await play.propose(AUTO);
    },
    ends: 'succeeded',
    writes: [SCALED],
  },
  { from: 'verifying', to: 'succeeded', scenes: (play) => play.propose(AUTO), ends: 'succeeded', writes: [SCALED] },
  { from: 'verifying', to: 'rolling-back', scenes: crash, ends: 'rolled-back', writes: [SET, SET] },
  {
    from: 'verifying',
    to: 'handed-over',
    scenes: async (play) => {
      const pod = await play.anyPod('shop', 'web');
      await play.propose(`kubectl delete pod ${pod} -n shop`);
      await play.until((state) => state === 'verifying');
      play.fault({ method: 'GET', times: 100_000, fault: { kind: 'status', code: 503 } });
    },
    ends: 'handed-over',
    writes: ['DELETE shop/pod'],
  },
  {
    from: 'verifying',
    to: 'failed',
    scenes: async (play) => {
      const pod = await play.anyPod('shop', 'web');
      await play.propose(`kubectl exec ${pod} -n shop -- false`);
      for (const person of ['ben', 'cho']) await play.vote(person, 'approve');
    },
    ends: 'failed',
    writes: ['GET shop/pod/exec'],
  },
  { from: 'rolling-back', to: 'rolled-back', scenes: crash, ends: 'rolled-back', writes: [SET, SET] },
  {
    from: 'rolling-back',
    to: 'rollback-failed',
    scenes: async (play) => {
      play.fault({ ...BACK_PATCH, times: 9, fault: { kind: 'status', code: 403 } });
      await crash(play);
    },
    ends: 'rollback-failed',
    writes: [SET],
  },
  {
    from: 'rolling-back',
    to: 'handed-over',
    scenes: async (play) => {
      await crash(play);
      await play.until((state) => state === 'verifying');
      await play.replaceByHand('shop', 'web');
    },
    ends: 'handed-over',
    writes: [SET],
  },
  {
    from: 'rolling-back',
    to: 'uncertain',
    scenes: async (play) => {
      play.fault({ ...BACK_PATCH, fault: { kind: 'drop-after' } });
      await crash(play);
    },
    ends: 'rolled-back',
    writes: [SET, SET],
  },
  {
    from: 'uncertain',
    to: 'executing',
    scenes: async (play) => {
      play.fault({ ...PATCH, fault: { kind: 'drop-before' } });
      await play.propose(AUTO);
    },
    ends: 'succeeded',
    writes: [SCALED],
  },
  {
    from: 'uncertain',
    to: 'verifying',
    scenes: async (play) => {
      play.fault({ ...PATCH, fault: { kind: 'drop-after' } });
      await play.propose(AUTO);
    },
    ends: 'succeeded',
    writes: [SCALED],
  },
  {
    from: 'uncertain',
    to: 'failed',
    scenes: async (play) => {
      play.fault({ ...PATCH, times: 100, fault: { kind: 'drop-before' } });
      await play.propose(AUTO);
    },
    ends: 'failed',
  },
  {
    from: 'uncertain',
    to: 'rolling-back',
    scenes: async (play) => {
      play.fault({ ...BACK_PATCH, fault: { kind: 'drop-after' } });
      await crash(play);
    },
    ends: 'rolled-back',
    writes: [SET, SET],
  },
  {
    from: 'uncertain',
    to: 'rolled-back',
    scenes: async (play) => {
      // Whether it arrived cannot be told for a while, but how the workload is doing can.
      const blind = { method: 'GET', path: '/namespaces/kube-system?', times: 6 } as const;
      play.fault({
        ...BACK_PATCH,
        fault: { kind: 'drop-after' },
        next: { ...blind, fault: { kind: 'status', code: 503 } },
      });
      await crash(play);
    },
    ends: 'rolled-back',
    writes: [SET, SET],
  },
  {
    from: 'uncertain',
    to: 'rollback-failed',
    scenes: async (play) => {
      play.fault({ ...BACK_PATCH, times: 100, fault: { kind: 'drop-before' } });
      await crash(play);
    },
    ends: 'rollback-failed',
    writes: [SET],
  },
  {
    from: 'uncertain',
    to: 'handed-over',
    scenes: async (play) => {
      const blind = { method: 'GET', times: 100_000, fault: { kind: 'status', code: 503 } } as const;
      play.fault({ ...PATCH, fault: { kind: 'drop-before' }, next: blind });
      await play.propose(AUTO);
      await play.until((state) => state === 'uncertain' || state === 'executing');
      await play.goDown();
    },
    later: HOUR,
    ends: 'handed-over',
  },
];
