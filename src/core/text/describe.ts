// The sentences a reader sees, the same in issue, chat, CLI and console.

import { rollbackPlanOf } from '../action/rollback-plan.ts';
import { type Runnable, whyNotRunnable } from '../action/runnable.ts';
import { changeOf, sealedSteps } from '../action/write-steps.ts';
import type { FiredRule } from '../blast-radius/blast-radius.ts';
import type { DrainOptions } from '../model/drain.ts';
import { type Effect, writesOf } from '../model/effect.ts';
import { type MissingFact, missingName, type TargetFact } from '../model/facts.ts';
import { checkName } from '../model/health-check.ts';
import { type Json, ownValue } from '../model/json.ts';
import type { MutationRefusal } from '../model/mutation-refusal.ts';
import type { FieldChange, ObjectChange } from '../model/object-change.ts';
import { objectKey, placedName } from '../model/object-ref.ts';
import { isFinished, kindBringsBack } from '../model/pod-controllers.ts';
import type { Reason } from '../model/reason.ts';
import type { Refusal, RefusalCode, RefusalDetail } from '../model/refusal.ts';
import type { Doubt } from '../remediation/revalidate.ts';
import type { Verdict } from '../remediation/verdict.ts';
import { changesOf, type DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';
import { cut } from './escape.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import { type Dictionary, type ProblemCode, REACHED_CODES, type TargetStateCode } from './words/dictionary.ts';
import type { Lang } from './words/lang.ts';
import { fill, type Sentence } from './words/sentence.ts';

/** What the sentences are made from; a spec has it all. */
export type Describable = Omit<
  DeclarativeSpec,
  'digest' | 'runnable' | 'targetState' | 'constraints' | 'rollbackPlan' | 'blastReason'
> & { readonly constraints: readonly { readonly code: DeclarativeSpec['constraints'][number]['code'] }[] };

/** One line of the score: "weight of the resource deployments.apps". The points are printed by the door. */
export function describeReason({ code, subject }: Reason, lang: Lang): string {
  return fill(DICTIONARIES[lang].reasons[code], { subject });
}

/** The sentences of a code: particular ones where the refusal says what is missing, or what could be proposed instead. */
const sentencesOf = (
  { code, detail }: Refusal,
  lang: Lang,
): { readonly message: Sentence; readonly remedy: Sentence | null } => {
  const { refusals, causes, lacks, propose, several, unsent, mutationRefusals, unsendable } = DICTIONARIES[lang];
  switch (detail?.kind) {
    case undefined:
    case 'differs':
      return refusals[code];
    case 'cause':
      return causes[detail.what];
    case 'unsent':
      return { message: mutationRefusals[detail.why.code], remedy: unsendable };
    case 'lacks':
      return lacks[detail.what];
    case 'parts':
      return { message: refusals[code].message, remedy: propose };
    case 'several':
      return several;
    case 'content':
      return unsent;
    default:
      return detail satisfies never;
  }
};

const commandsOf = ({ detail }: Refusal): string =>
  detail?.kind === 'parts' ? detail.commands.map((command) => `\`${command}\``).join(', ') : '';

/** What fills the places of a refusal's sentences. */
/** Characters of a value that are shown; the whole of it is in the spec. */
const SHOWN = 60;

const shownValue = (value: Json | undefined): string | null => {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
};

/** "/replicas was 3 and is 4"; of what is hidden the place alone. */
const differenceText = (detail: RefusalDetail & { readonly kind: 'differs' }, lang: Lang): string =>
  detail.hidden === true
    ? detail.at
    : DICTIONARIES[lang].differs(detail.at, shownValue(detail.was), shownValue(detail.is));

/** Why it cannot be told now whether a sealed plan is still true. */
export function describeDoubt(doubt: Doubt, lang: Lang): string {
  const sentence = DICTIONARIES[lang].doubts[doubt.code];
  if (doubt.code === 'refused') return fill(sentence, { said: describeRefusal(doubt.refusal, lang).message });
  if (doubt.code === 'no-evidence') return fill(sentence, { subject: doubt.subject });
  return fill(sentence, doubt.code === 'not-rehearsed' ? { says: doubt.says } : {});
}

const valuesOf = (refusal: Refusal, lang: Lang): { readonly [place: string]: string | null } => {
  const { detail } = refusal;
  return {
    commands: commandsOf(refusal),
    proposals: detail?.kind === 'several' ? detail.proposals.join(', ') : null,
    difference: detail?.kind === 'differs' ? differenceText(detail, lang) : null,
    ...(detail?.kind === 'unsent' ? { subject: detail.why.subject, about: detail.why.about } : {}),
  };
};

/** `{code, message, remedy}` as the doors print it (contract section 1). */
export function describeRefusal(
  refusal: Refusal,
  lang: Lang,
): { readonly code: RefusalCode; readonly message: string; readonly remedy: string | null } {
  const { code, about } = refusal;
  const { message, remedy } = sentencesOf(refusal, lang);
  const subject = about === null ? '' : fill(DICTIONARIES[lang].about, { about });
  const values = valuesOf(refusal, lang);
  const said = fill(message, values);
  return {
    code,
    message: `${said.slice(0, -1)}${subject}${said.slice(-1)}`,
    remedy: remedy === null ? null : fill(remedy, values),
  };
}

/** Message and remedy of a refusal, as one text. */
export function refusalText(refusal: Refusal, lang: Lang): string {
  const { message, remedy } = describeRefusal(refusal, lang);
  return remedy === null ? message : `${message} ${remedy}`;
}

/** Whether this gate would run it, and why not (contract 2, section 7). */
export function describeRunnable(judged: Runnable, lang: Lang): { readonly is: boolean; readonly why: string | null } {
  const obstacle = whyNotRunnable(judged);
  return obstacle === null ? { is: true, why: null } : { is: false, why: refusalText(obstacle, lang) };
}

/** The same of a code that only the HTTP door gives. */
export function describeProblem(
  code: ProblemCode,
  lang: Lang,
): { readonly code: ProblemCode; readonly message: string; readonly remedy: string | null } {
  return { code, ...DICTIONARIES[lang].problems[code] };
}

/** `{code, message}` of the hard rule that fired; its code may be newer than the dictionary. */
export function describeHardRule(rule: FiredRule, lang: Lang): { readonly code: string; readonly message: string } {
  const { hardRules, hardRule } = DICTIONARIES[lang];
  const sentence = ownValue<Sentence>(hardRules, rule.code) ?? hardRule;
  return { code: rule.code, message: fill(sentence, { code: rule.code, subject: rule.subject }) };
}

/** What did not come back from the cluster, and why. */
export function describeMissing(fact: MissingFact, lang: Lang): string {
  return fill(DICTIONARIES[lang].missing[fact.why], { what: missingName(fact) });
}

const imagesOf = (effect: Effect): string =>
  effect.change.to === 'images'
    ? effect.change.images.map(({ container, image }) => `${container}=${image}`).join(', ')
    : '';

/** What a revision of the history runs: "web=web:1, proxy=envoy:3"; null where that was not read. */
const imagesAt = (target: TargetFact | null, revision: number): string | null =>
  target?.history
    ?.find((one) => one.revision === revision)
    ?.images.map(({ container, image }) => `${container}=${image}`)
    .join(', ') ?? null;

/** More fields of one object than a reader takes in at once are counted; all stand in the difference. */
const SHOWN_FIELDS = 3;

/** "true", "1 → 3", "\"b\" → (gone)". */
const becomes = ({ before, after }: FieldChange, gone: string): string => {
  const [was, is] = [before, after].map((value) => (value === undefined ? null : cut(JSON.stringify(value), 60)));
  if (was === null) return is ?? gone;
  return `${was} → ${is ?? gone}`;
};

/** "/spec/paused: true, /spec/replicas: 1 → 3, /metadata/labels/a: "b" → (gone)" */
const fieldsIn = ({ fields }: ObjectChange, { changedField: words }: Dictionary): string => {
  const said = fields
    .filter(({ generated }) => generated !== true)
    .map((field) => `${field.path}: ${field.hidden === undefined ? becomes(field, words.gone) : words.hidden}`);
  const rest = said.length - SHOWN_FIELDS;
  return [...said.slice(0, SHOWN_FIELDS), ...(rest > 0 ? [fill(words.more, { count: rest })] : [])].join(', ');
};

/** Characters of a program's words in a sentence: the whole of them stands in the spec. */
const SHOWN_COMMAND = 200;

/** Words as a shell would take them. */
const commandWords = (argv: readonly string[]): string =>
  argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');

/** What one effect makes true of one object; `target` is null where no cluster was asked. */
const targetSentence = (
  effect: Effect,
  target: TargetFact | null,
  sentences: Dictionary,
  change: ObjectChange | undefined,
): string => {
  if (effect.mutation !== undefined && change !== undefined && (change.op === 'create' || change.fields.length > 0))
    return fill(sentences.targetState[change.op === 'create' ? 'made' : 'changed'], {
      subject: placedName(target ?? effect),
      wanted: fieldsIn(change, sentences),
    });
  const say = (code: TargetStateCode, values: { readonly [place: string]: string | number | null } = {}): string =>
    fill(sentences.targetState[code], { subject: placedName(target ?? effect), ...values });
  switch (effect.change.to) {
    case 'replicas':
      return target?.replicas == null
        ? say('replicas', { wanted: effect.change.replicas })
        : say('replicas-now', { wanted: effect.change.replicas, now: target.replicas });
    case 'images':
      return say('images', { wanted: imagesOf(effect) });
    case 'restart':
      return say('restart');
    case 'revision':
      return effect.change.revision === null
        ? say('revision-before')
        : say('revision', { wanted: effect.change.revision, images: imagesAt(target, effect.change.revision) });
    case 'absence':
      if (effect.kind !== 'delete-pod' || target === null || isFinished(target)) return say('absence');
      if (target.controller === null) return say('absence-bare');
      return kindBringsBack(target.controller)
        ? say('absence-returns', { controller: target.controller })
        : say('absence');
    case 'run':
      return say('run', {
        container: effect.change.container,
        wanted: cut(commandWords(effect.change.argv), SHOWN_COMMAND),
      });
    // Its pods are counted, not named: describeTargetState.
    case 'eviction':
    case 'replacement':
    case 'before':
    case 'bounds':
    case 'several':
    case 'other':
      return say('other', { wanted: effect.kind });
    default:
      return effect.change satisfies never;
  }
};

/** What becomes of the pods of a drain; their number alone tells a reader more than their names. */
const drainSentence = ({ verb }: Effect, { timeoutSeconds }: DrainOptions, count: number, lang: Lang): string => {
  const code = count === 0 ? 'drained-empty' : verb === 'delete' ? 'drained-by-deletion' : 'drained';
  return fill(DICTIONARIES[lang].targetState[code], { count, within: duration(timeoutSeconds) });
};

/** More objects than a reader would read are counted. */
const SHOWN_TARGETS = 10;

/** What will be true afterwards, and what is unhealthy before it. */
export function describeTargetState(spec: Describable, lang: Lang): string {
  const sentences = DICTIONARIES[lang];
  const writes = writesOf(spec.effects);
  if (writes.length === 0) return sentences.targetState[spec.action === 'opaque' ? 'opaque' : 'nothing'];
  const changes = changesOf(spec);
  const steps = Map.groupBy(sealedSteps(writes, spec.facts, changes), ({ effect }) => effect);
  const all = writes.flatMap((effect) => {
    const own = steps.get(effect) ?? [];
    // Another write takes its place, or it that of another.
    if (own.length === 0 && changes.some(({ object }) => object === objectKey(effect))) return [];
    if (effect.change.to === 'eviction') return [drainSentence(effect, effect.change, own.length, lang)];
    return own.length === 0
      ? [targetSentence(effect, null, sentences, undefined)]
      : own.map((step) => targetSentence(effect, step.target, sentences, changeOf(step, changes)));
  });
  const rest = all.length - SHOWN_TARGETS;
  const more = rest > 0 ? [fill(sentences.targetState.more, { wanted: rest })] : [];
  const { unhealthyNow = [] } = spec;
  const ill = [...unhealthyNow.slice(0, SHOWN_TARGETS), ...(unhealthyNow.length > SHOWN_TARGETS ? ['…'] : [])];
  const now = ill.length === 0 ? [] : [fill(sentences.unhealthyNow, { subject: ill.join(', ') })];
  return [...all.slice(0, SHOWN_TARGETS), ...more, ...now].join(sentences.separator);
}

/** "4 h", "90 s": standard symbols that every language reads. */
const duration = (seconds: number): string => {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 && seconds >= 600 ? `${seconds / 60} min` : `${seconds} s`;
};

/** One sentence for each constraint of the spec. */
export function describeConstraints(spec: Describable, lang: Lang): readonly string[] {
  return spec.constraints.map(({ code }) =>
    fill(DICTIONARIES[lang].constraints[code], {
      validFor: duration(spec.validForSeconds),
      window: duration(spec.convergeWithinSeconds),
      soak: spec.soakSeconds === undefined ? null : duration(spec.soakSeconds),
      checks: spec.checks === undefined ? null : spec.checks.map(checkName).join(', '),
    }),
  );
}

/** Why there is no rollback plan; null when there is one. */
export function describeNoRollback(spec: Describable, lang: Lang): string | null {
  const way = rollbackPlanOf(spec);
  return way.ok ? null : fill(DICTIONARIES[lang].noRollback[way.none.code], { subject: way.none.subject });
}

/** Why nothing would be sent to an object as it stands; `subject` is the object, as placedName writes it. */
export function describeMutationRefusal({ code, about }: MutationRefusal, subject: string | null, lang: Lang): string {
  return fill(DICTIONARIES[lang].mutationRefusals[code], { subject, about });
}

const signed = (points: number): string => (points < 0 ? `${points}` : `+${points}`);

/** The lines of how the blast radius was scored: "+40 base of the action delete-object". */
export function describeBlastReason(spec: Describable, lang: Lang): readonly string[] {
  const lines = spec.reasons.map((reason) => `${signed(reason.points)} ${describeReason(reason, lang)}`);
  const undry = (spec.tier === 'human' || spec.tier === 'dual') && !spec.dryRunRequired;
  return undry && writesOf(spec.effects).length > 0 ? [...lines, DICTIONARIES[lang].noDryRun] : lines;
}

/** What the verdict says, with the object and what was seen of it. */
export function describeVerdict({ code, subject }: Verdict, lang: Lang): string {
  return fill(DICTIONARIES[lang].verdicts[code], { subject });
}

/** The same of a rollback, which nobody approved as such: what it reached is what was before. */
export function describeRollbackVerdict(verdict: Verdict, lang: Lang): string {
  const { asBefore } = DICTIONARIES[lang];
  const reached = REACHED_CODES.find((code) => code === verdict.code);
  return reached === undefined ? describeVerdict(verdict, lang) : fill(asBefore[reached], { subject: verdict.subject });
}
