// One write for each object that a command's arguments or files name: what delete, scale, label, set … share.
import type { ActionKind, Trait, Verb } from '../../../model/effect.ts';
import type { JsonObject } from '../../../model/json.ts';
import { isOn } from '../flags.ts';
import {
  bothTraits,
  type CommandEffects,
  concat,
  concatAll,
  type EffectDetails,
  effectsOnly,
  type Kind,
  type KubectlCommand,
  spreadOf,
  targetNamespace,
  writeEffect,
} from './effect-builder.ts';
import { comesFromFiles, manifestsOf, unseenWrite } from './manifests.ts';
import type { Selection } from './selection.ts';
import { namedTargets, refusedKinds, targetConcerns } from './targets.ts';

/** An object that a write reaches: "*" where a selection or a bare kind decides; `body` where a file shows it. */
export interface Reached {
  readonly kind: Kind;
  readonly name: string | null;
  readonly body: JsonObject | null;
  /** Of the way it was chosen: the selection's, none for an object that is named. */
  readonly traits: readonly Trait[];
}

/** What an unseen file would be written as. */
export interface Unseen {
  readonly verb: Verb;
  readonly kind: ActionKind;
  readonly traits: readonly Trait[];
}

/** The writes of TYPE [NAME…] arguments. */
export function writeTargets(
  command: KubectlCommand,
  args: readonly string[],
  selection: Selection,
  write: (reached: Reached) => EffectDetails,
): CommandEffects {
  const targets = namedTargets(command, args);
  const namespace = targetNamespace(command);
  const spread = spreadOf(command);
  // kubectl refuses a name beside --all or a selector: it is judged by its flags as if it ran (scoring section 8)
  const asked = selection.selector !== null || isOn(command.invocation, 'all');
  const effects = targets.map((target) => {
    const chosen = target.name === '*';
    const ways = chosen || asked ? bothTraits(selection.traits, spread) : spread;
    const details = write({ kind: target, name: target.name, body: null, traits: ways });
    return writeEffect(
      command,
      target,
      namespace,
      target.name,
      chosen ? { ...details, selector: selection.selector } : details,
    );
  });
  const unknown = command.dryRun === 'none' ? refusedKinds(targets) : [];
  const written = unknown.length === 0 ? effectsOnly(effects) : { ...effectsOnly(effects), refusals: unknown };
  return concat(written, targetConcerns(command, targets));
}

/** The writes of the objects that files name. */
export function writeFiles(
  command: KubectlCommand,
  write: (reached: Reached) => EffectDetails,
  unseen: Unseen,
): CommandEffects {
  const { objects, unseen: paths, refusals } = manifestsOf(command);
  const effects = objects.map(({ kind, namespace, name, body }) =>
    writeEffect(command, kind, namespace, name, write({ kind, name, body, traits: [] })),
  );
  return concatAll([
    { ...effectsOnly(effects), refusals },
    unseenWrite(command, paths, unseen.verb, unseen.kind, unseen.traits),
  ]);
}

/** The writes of whatever the command names, by arguments or by files. */
export function writeArguments(
  command: KubectlCommand,
  args: readonly string[],
  selection: Selection,
  write: (reached: Reached) => EffectDetails,
  unseen: Unseen,
): CommandEffects {
  return comesFromFiles(command) ? writeFiles(command, write, unseen) : writeTargets(command, args, selection, write);
}
