// A declarative spec as a person reads it below its score.

import { objectKey } from '../../core/model/object-ref.ts';
import { type DeclarativeSpec, sealedImpact } from '../../core/sealed-spec/declarative-spec.ts';
import { describeConstraints, describeNoRollback, describeTargetState } from '../../core/text/describe.ts';
import { plainLine } from '../../core/text/escape.ts';
import { impactTree } from '../../core/text/impact-tree.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { type Paint, padTo } from '../terminal/paint.ts';

/** What is touched and what depends on it, as a tree. */
export function explainImpact(spec: DeclarativeSpec, lang: Lang): string {
  const words = DICTIONARIES[lang].terminal.spec;
  const tree = impactTree(sealedImpact(spec), lang);
  const lines = spec.evidence === 'none' ? [words.impactUnknown] : tree.length === 0 ? [words.impactNone] : tree;
  return lines.map((line, i) => `  ${padTo(i === 0 ? words.impact : '', 12)}${line}\n`).join('');
}

/** Plan, constraints, rollback, objects and digest. */
export function explainSpec(spec: DeclarativeSpec, lang: Lang, paint: Paint): string {
  const words = DICTIONARIES[lang].terminal.spec;
  const rollback = spec.rollbackPlan.command?.split('\n') ?? [describeNoRollback(spec, lang) ?? ''];
  const objects = spec.facts.map((fact) => `${objectKey(fact)}  uid ${fact.uid}`);
  const rows: readonly (readonly [title: string, lines: readonly string[]])[] = [
    [words.targetState, [describeTargetState(spec, lang)]],
    [words.rollback, rollback],
    [words.dryRun, [spec.dryRunRequired ? words.dryRunFirst : words.noDryRun]],
    [words.constraints, spec.constraints.length === 0 ? [words.none] : describeConstraints(spec, lang)],
    [words.review, [spec.requiresReviewIssue ? words.reviewIssue : words.noReviewIssue]],
    [words.objects, objects.length === 0 ? [words.noneRead] : objects],
  ];
  const lines = rows.flatMap(([title, said]) =>
    said.map((line, i) => `  ${padTo(i === 0 ? title : '', 12)}${plainLine(line)}\n`),
  );
  return [...lines, `  ${padTo(words.digest, 12)}${paint(spec.digest, 'bold')}\n`].join('');
}
