// A program that was approved for one container: the container compared with what was sealed, the program run once, its end read.
import type { Pair } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import { placedName } from '../../core/model/object-ref.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { preImageOf } from './change.ts';
import type { ClusterClient } from './client.ts';
import { listAt, stable, textAt } from './json-at.ts';
import { type PlannedWrite, stale, type WriteCheck } from './planned-write.ts';
import { OutputCollector } from './program-output.ts';
import { objectPath } from './resource-path.ts';
import { isReady } from './rollout-status.ts';
import { readAgain } from './typed-write.ts';

/**
 * Words of the kubelet and its container runtime by which the program was never begun (Kubernetes 1.36, pkg/kubelet; containerd and
 * CRI-O pass on what runc says).
 */
const NEVER_BEGAN =
  /container not found|no exec found|error dialing backend|unable to upgrade connection|unable to start container process|executable file not found|cannot exec in a (?:stopped|deleted) (?:container|state)|container is not (?:created or )?running/i;

/** The exit code that a Status tells; null: it does not say how the program ended (Kubernetes, remotecommand v4). */
const exitCodeOf = (status: JsonObject): number | null => {
  if (textAt(status, 'status') === 'Success') return 0;
  if (textAt(status, 'reason') !== 'NonZeroExitCode') return null;
  const said = listAt(status['details'], 'causes').find((one) => one['reason'] === 'ExitCode');
  const code = Number(textAt(said, 'message') ?? Number.NaN);
  return Number.isInteger(code) ? code : null;
};

/** Throws AdapterError `refused` where the program was certainly not begun, else `no-answer`. */
const readEnd = (name: string, status: JsonObject): number => {
  const code = exitCodeOf(status);
  if (code !== null) return code;
  const why = textAt(status, 'message') ?? 'no reason given';
  if (NEVER_BEGAN.test(why)) throw new AdapterError('refused', `${name}: it was not begun: ${why}`, { status: 400 });
  throw new AdapterError('no-answer', `${name}: how it ended is not known: ${why}`);
};

/** The run of one program. `check` compares; `carryOut` reads the pod once more, so that what was compared is what it runs in. */
export function programWrite(client: ClusterClient, pair: Pair, argv: readonly string[]): PlannedWrite {
  const { effect, target } = pair;
  const name = placedName(target);
  const compare = async (
    signal: AbortSignal,
  ): Promise<WriteCheck | { readonly kind: 'same'; readonly pod: JsonObject }> => {
    const live = await readAgain(client, pair, signal);
    if (live === null) return stale('uid-changed', `${name}: it is gone, or another pod has its name`);
    return stable(preImageOf(effect, live)) === stable(target.preImage)
      ? { kind: 'same', pod: live.object }
      : stale('pre-image-changed', `${name}: the container is gone, or was started anew since it was sealed`);
  };
  const container = textAt(target.preImage, 'container') ?? '';
  return {
    name,
    check: async (signal) => {
      const found = await compare(signal);
      return found.kind === 'same' ? { kind: 'done' } : found;
    },
    shows: () => Promise.resolve(false),
    leavesNoTrace: true,
    carryOut: async ({ signal }) => {
      const found = await compare(signal);
      if (found.kind !== 'same')
        throw new AdapterError('refused', `${name}: the container was started anew in this moment`, { status: 409 });
      const collector = new OutputCollector();
      const pod = objectPath('/api/v1', 'pods', target.namespace, target.name);
      const status = await client.runProgram({ pod, container, argv }, collector.printed, signal);
      const ran = { output: collector.output(argv, readEnd(name, status)), wasReady: isReady(found.pod) };
      return { kind: 'ran', ran };
    },
  };
}
