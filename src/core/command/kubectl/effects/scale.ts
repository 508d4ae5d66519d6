// scale: a number of replicas for workloads, sent to their scale subresource. It must never read another body.
import { replicaTraits } from '../body/replicas.ts';
import { isGiven, isOn, lastOf } from '../flags.ts';
import { both, type Command, type Doing, does, NOTHING, OTHER, type Outcome, PLAIN } from './command.ts';
import { selectionByFlags } from './selection.ts';
import { writeArguments } from './write.ts';

export const scale = (command: Command): Outcome => {
  const { invocation } = command;
  const given = lastOf(invocation, 'replicas');
  const read = given === null ? Number.NaN : Number(given);
  const replicas = Number.isSafeInteger(read) ? read : null;
  const traits = replicaTraits(replicas);
  // a precondition makes it a GET and a PUT of the scale (kubectl 1.36, pkg/scale)
  const asks = isGiven(invocation, 'resource-version') || (lastOf(invocation, 'current-replicas') ?? '-1') !== '-1';
  const verb = asks ? 'update' : 'patch';
  const doing: Doing = {
    ...PLAIN,
    verb,
    kind: 'scale',
    subresource: 'scale',
    change: { to: 'replicas', replicas },
  };
  const selection = selectionByFlags(invocation);
  const scaled = writeArguments(
    command,
    invocation.args,
    selection,
    (reached) => ({ ...doing, traits: [...traits, ...reached.traits] }),
    { verb, kind: 'scale', traits },
  );
  return isOn(invocation, 'record') ? both(scaled, recorded(command, scaled)) : scaled;
};

/** --record: the change cause, which a /scale cannot hold, is patched into the object itself. */
const recorded = (command: Command, { effects }: Outcome): Outcome =>
  command.dryRun === 'client'
    ? NOTHING
    : does(
        effects.map((effect) => ({
          ...effect,
          verb: 'patch',
          kind: effect.dryRun ? 'read' : 'annotate',
          subresource: null,
          traits: [],
          change: OTHER,
          annotationKeys: effect.dryRun ? [] : ['kubernetes.io/change-cause'],
        })),
      );
