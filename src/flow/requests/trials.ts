// What the gate tries on the API server at this moment, so that the dry runs of its account can be told from somebody else's.
import { type ObjectRef, touches } from '../../core/model/object-ref.ts';
import type { ReviewedRequest } from '../../core/model/reviewed-request.ts';
import type { ClusterWriter } from '../../ports/cluster-writer.ts';

export interface Trials {
  /** While the work lasts, dry runs on these objects are the gate's own. */
  during<T>(objects: readonly ObjectRef[], work: () => Promise<T>): Promise<T>;
  /** Whether a dry run is one of them. */
  covers(request: ReviewedRequest): boolean;
}

/** A deletion is tried together with its way back, under a name that nobody has (core/action/recreation.ts). */
const REHEARSED = '-rehearsal';

const isAbout = (object: ObjectRef, request: ReviewedRequest): boolean => {
  if (object.name === null || request.name === null) return touches({ ...object, name: '*' }, { ...request, name: '' });
  if (touches(object, request)) return true;
  const { name } = request;
  return (
    request.operation === 'CREATE' &&
    name.endsWith(REHEARSED) &&
    (object.name === '*' || object.name.startsWith(name.slice(0, -REHEARSED.length))) &&
    touches({ ...object, name: '*' }, request)
  );
};

/** In the memory of this process: what is tried is over before another could ask. */
export function createTrials(): Trials {
  const running = new Set<readonly ObjectRef[]>();
  return {
    during: async (objects, work) => {
      const entry = [...objects];
      running.add(entry);
      try {
        return await work();
      } finally {
        running.delete(entry);
      }
    },
    covers: (request) => [...running].some((objects) => objects.some((object) => isAbout(object, request))),
  };
}

/** The same writer, whose dry runs are known while they last. */
export function withTrials(writer: ClusterWriter, trials: Trials): ClusterWriter {
  return {
    hash: (value) => writer.hash(value),
    rehearse: (effects, targets, signal) =>
      trials.during([...effects, ...targets], () => writer.rehearse(effects, targets, signal)),
    dryRun: (permit, intent, signal) =>
      trials.during([...permit.spec.effects, ...permit.spec.facts], () => writer.dryRun(permit, intent, signal)),
    write: (permit, intent, signal, control) => writer.write(permit, intent, signal, control),
    wasWritten: (permit, intent, signal) => writer.wasWritten(permit, intent, signal),
  };
}
