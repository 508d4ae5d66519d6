// A request into a pod, a node or what listens behind a service, by any method → its connection, and the program that it runs there.
import {
  type CommandEffects,
  concatAll,
  effectsOnly,
  OTHER,
  PLAIN,
  readEffect,
  refusalsOnly,
} from '../command/kubectl/effects/effect-builder.ts';
import { asArgvs, readNestedCommands } from '../command/kubectl/effects/nested.ts';
import { isTrue } from '../command/kubectl/effects/subresources.ts';
import type { ActionKind, Change } from '../model/effect.ts';
import type { ObjectRequest } from './object-request.ts';

/** A stream shows nothing beforehand, so no dry run of it counts. `kind`: what connecting to the subresource is. */
export function effectsOfStream(asked: ObjectRequest, subresource: string, kind: ActionKind): CommandEffects {
  const argv = asked.reading.query.flatMap(([name, value]) => (name === 'command' ? [value] : []));
  const runs = subresource === 'exec' ? argv : [];
  const change = programOf(asked, runs);
  const effect = readEffect(asked.kind, asked.namespace, asked.path.name ?? '*', {
    ...PLAIN,
    verb: 'connect',
    kind,
    subresource,
    change,
  });
  return concatAll([
    { ...effectsOnly([effect]), innerArgv: runs.length === 0 ? null : runs },
    readNestedCommands({ ...asked, dryRun: 'none' }, asArgvs(runs.length === 0 ? [] : [runs])),
    refusalsOnly(change.to === 'run' ? [] : [{ code: 'interactive', about: subresource }]),
  ]);
}

/** A program without a terminal and without input, which the gate runs itself; else it needs the stream that was asked for. */
const programOf = ({ query, reading }: ObjectRequest, argv: readonly string[]): Change => {
  const isStream = isTrue(query.get('stdin') ?? '') || isTrue(query.get('tty') ?? '');
  if (argv.length === 0 || isStream || reading.doubts.length > 0) return OTHER;
  return { to: 'run', argv, container: query.get('container') ?? null, of: null };
};
