// scale: a number of replicas for workloads, sent to their scale subresource. It must never read another body.
import { replicaTraits } from '../body/replicas.ts';
import { lastOf } from '../flags.ts';
import { type Command, type Doing, type Outcome, PLAIN } from './command.ts';
import { selectionByFlags } from './selection.ts';
import { writeArguments } from './write.ts';

export const scale = (command: Command): Outcome => {
  const { invocation } = command;
  const given = lastOf(invocation, 'replicas');
  const read = given === null ? Number.NaN : Number(given);
  const replicas = Number.isSafeInteger(read) ? read : null;
  const traits = replicaTraits(replicas);
  const doing: Doing = {
    ...PLAIN,
    verb: 'patch',
    kind: 'scale',
    subresource: 'scale',
    change: { to: 'replicas', replicas },
  };
  return writeArguments(
    command,
    invocation.args,
    selectionByFlags(invocation),
    (reached) => ({ ...doing, traits: [...traits, ...reached.traits] }),
    { verb: 'patch', kind: 'scale', traits },
  );
};
