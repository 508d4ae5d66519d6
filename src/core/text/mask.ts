// The one place where secrets are cut out of what is shown, told or stored (docs/threat-model.md, "The record").
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { Effect } from '../model/effect.ts';
import type { Refusal } from '../model/refusal.ts';
import { hideSecrets, maskShapes } from '../model/secret-shapes.ts';
import { cutSpans } from '../model/span.ts';
import { secretsOf, type Understanding } from '../model/understanding.ts';

/** A command whose secrets are known by their places. */
type Commanded = Pick<Understanding, 'command' | 'secretSpans'>;

/** The command with `***` in the place of each secret; the rest stands as it was given. */
export function maskCommand(commanded: Commanded): string {
  return cutSpans(commanded.command, secretsOf(commanded));
}

/** Words of a person or of a peer: what is a secret by its shape is cut out. */
export function maskText(text: string): string {
  return maskShapes(text);
}

/** The same of every text in a value of JSON. What stands under one of the keys `but` is left as it is. */
export function maskTexts<T>(value: T, but: readonly string[] = []): T {
  if (typeof value === 'string') return maskShapes(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => maskTexts(item, but)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      but.includes(key) ? inner : maskTexts(inner, but),
    ]),
  ) as T;
}

/** Hides the secrets of one command in texts that were made from parts of it. */
type Hide = (text: string) => string;

/** The secrets of a command as they stand, and as a program gets them: without the shell's quotes. Long ones first. */
const secretTexts = (commanded: Commanded): readonly string[] =>
  secretsOf(commanded)
    .map(({ from, to }) => commanded.command.slice(from, to))
    .flatMap((secret) => (/["'\\]/.test(secret) ? [secret, secret.replace(/["'\\]/g, '')] : [secret]))
    .toSorted((a, b) => b.length - a.length);

/** Texts of the command that stand nowhere in what is shown of it. */
export function hiddenTextsOf(commanded: Commanded): readonly string[] {
  const secrets = secretTexts(commanded);
  if (secrets.length === 0) return secrets;
  const shown = maskCommand(commanded);
  return secrets.filter((secret) => secret !== '' && !shown.includes(secret));
}

const hidingOf = (commanded: Commanded): Hide => {
  const secrets = secretTexts(commanded);
  if (secrets.length === 0) return maskShapes;
  const shown = maskCommand(commanded);
  return (text) => maskShapes(hideSecrets(text, secrets, shown));
};

const refusalWithout = ({ code, about, detail }: Refusal, hide: Hide): Refusal => ({
  code,
  about: about === null ? null : hide(about),
  ...(detail === undefined
    ? {}
    : { detail: detail.kind === 'parts' ? { ...detail, commands: detail.commands.map(hide) } : detail }),
});

/** Only of what is never carried out: a word in the place of a name may be the value of a flag that kubectl does not know. */
const effectWithout = (effect: Effect, hide: Hide): Effect => ({
  ...effect,
  name: effect.name === null ? null : hide(effect.name),
  selector: effect.selector === null ? null : hide(effect.selector),
  subjects: effect.subjects.map(hide),
  labelKeys: effect.labelKeys.map(hide),
  annotationKeys: effect.annotationKeys.map(hide),
  templateKeys: effect.templateKeys.map(hide),
  change:
    effect.change.to === 'images'
      ? {
          to: 'images',
          images: effect.change.images.map(({ container, image }) => ({ container, image: hide(image) })),
        }
      : effect.change,
});

/** What was measured, without the secrets of the command in its texts: refusals, reasons, the rule that fired. */
export function maskRadius(radius: BlastRadius, commanded: Commanded): BlastRadius {
  const { refusals, reasons, hardRule, effects, executable } = radius;
  const isPlain = refusals.length === 0 && hardRule === null && secretsOf(commanded).length === 0;
  if (isPlain) return radius;
  const hide = hidingOf(commanded);
  const hasSecrets = secretsOf(commanded).length > 0;
  return {
    ...radius,
    refusals: refusals.map((refusal) => refusalWithout(refusal, hide)),
    reasons: reasons.map((reason) => (reason.subject === null ? reason : { ...reason, subject: hide(reason.subject) })),
    hardRule: hardRule === null ? null : { ...hardRule, subject: hide(hardRule.subject) },
    effects: executable || !hasSecrets ? effects : effects.map((effect) => effectWithout(effect, hide)),
  };
}
