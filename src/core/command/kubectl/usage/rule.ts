// What the rules of usage are made of.
import { isUnknown } from '../../shell/unknown.ts';
import { type BuilderUse, builderRefused, filesRefused, hasFiles, slashRefused } from '../builder-usage.ts';
import { allOf, isGiven, isOn, lastOf } from '../flags.ts';
import type { Invocation } from '../invocation.ts';

/** Why kubectl refuses, in its words; null when this rule is content. */
export type Rule = ((it: Invocation) => string | null) & OfFlags;

/** A rule that never refuses a bare command says so, and is not asked about one. */
export interface OfFlags {
  readonly ofFlags?: true;
}

/** The rules that may refuse a bare command. */
export function askedOfBare<R extends OfFlags>(rules: readonly R[]): readonly R[] {
  return rules.filter(({ ofFlags }) => ofFlags !== true);
}

/** Refuses with one sentence when the condition holds. */
export function when(refused: (it: Invocation) => boolean, why: string): Rule {
  return (it) => (refused(it) ? why : null);
}

/** The same where the condition asks for a flag before anything else. */
export function whenFlags(refused: (it: Invocation) => boolean, why: string): Rule {
  return Object.assign(when(refused, why), { ofFlags: true } as const);
}

/** Refuses two flags that exclude each other. */
export function together(one: string, other: string, why: string): Rule {
  return whenFlags((it) => says(it, one) && says(it, other), why);
}

/** A flag that holds a text, and not the "false" of a bool. */
const says = (it: Invocation, flag: string): boolean => {
  const value = lastOf(it, flag);
  return value !== null && value !== '' && value !== 'false';
};

/** The number that a flag holds, or the one that its absence means. */
export function numberOf(it: Invocation, flag: string, otherwise: number): number {
  const value = lastOf(it, flag);
  return value === null ? otherwise : Number(value);
}

/** The strategies of --dry-run that send nothing, or send without persisting. */
export function dryRunIs(it: Invocation, strategy: 'client' | 'server'): boolean {
  const value = lastOf(it, 'dry-run');
  return strategy === 'server' ? value === 'server' : /^(?:client|unchanged|1|t|T|true|TRUE|True)$/.test(value ?? '');
}

/** Any of the two. */
export function dryRun(it: Invocation): boolean {
  return dryRunIs(it, 'client') || dryRunIs(it, 'server');
}

/** No argument is allowed. */
export const noArgs: Rule = (it) => (it.args.length === 0 ? null : `Unexpected args: [${it.args.join(' ')}]`);

/** So many arguments at least and at most. */
export function argCount(least: number, most: number, why: string): Rule {
  return when((it) => it.args.length < least || it.args.length > most, why);
}

/** -f or -k is needed. */
export const needsFiles: Rule = (it) => filesRefused(it) ?? (hasFiles(it) ? null : 'must specify one of -f and -k');

/** The resource builder's own refusals, over all arguments. */
export function built(bareKind: BuilderUse['bareKind']): Rule {
  return (it) => builderRefused(it, it.args, { bareKind, selectors: 'choose' });
}

/** TYPE/NAME in each argument that has a slash. */
export const slashes: Rule = (it) => slashRefused(it.args);

/** Some object is needed. */
export const required: Rule = when((it) => it.args.length === 0 && !hasFiles(it), 'required resource not specified');

/** What --raw excludes. */
export const rawAlone: Rule = Object.assign(
  (it: Invocation): string | null => {
    const raw = lastOf(it, 'raw') ?? '';
    if (raw === '') return null;
    if (isGiven(it, 'output')) return '--raw and --output are mutually exclusive';
    if (isOn(it, 'recursive')) return '--raw and --recursive are mutually exclusive';
    return /^(?:\/|[A-Za-z][A-Za-z0-9+.-]*:)/.test(raw) ? null : '--raw must be a valid URL path';
  },
  { ofFlags: true } as const,
);

/** --raw sends one file. */
export const rawOneFile = whenFlags(
  (it) =>
    isGiven(it, 'raw') && (allOf(it, 'filename').length !== 1 || /^https?:\/\//.test(allOf(it, 'filename')[0] ?? '')),
  '--raw can only use a single local file or stdin',
);

/** A rule that --raw switches off. */
export function unlessRaw(rule: Rule): Rule {
  return (it) => (isGiven(it, 'raw') ? null : rule(it));
}

/** A flag that takes a few words only. */
export function oneOf(flag: string, values: readonly string[], why: string): Rule {
  return whenFlags(
    (it) => isGiven(it, flag) && !values.includes(lastOf(it, flag) ?? '') && !isUnknown(lastOf(it, flag) ?? ''),
    why,
  );
}

/** Rules by the path of a command as one text. */
export type Table = Readonly<Record<string, readonly Rule[]>>;
