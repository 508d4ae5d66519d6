// A declarative spec as a person reads it below its score.

import { objectKey } from '../../core/model/object-ref.ts';
import type { DeclarativeSpec } from '../../core/sealed-spec/declarative-spec.ts';
import {
  describeConstraints,
  describeNoWayBack,
  describeTargetState,
  type Language,
} from '../../core/text/describe.ts';
import { plainLine } from '../../core/text/escape.ts';
import { impactTree } from '../../core/text/impact-tree.ts';
import type { Paint } from '../terminal/paint.ts';

/** What is touched and what depends on it, as a tree. */
export function explainImpact({ impact, evidence }: DeclarativeSpec, language: Language): string {
  const tree = impactTree(impact, language);
  const lines = evidence === 'none' ? ['not known: no cluster was asked'] : tree.length === 0 ? ['nothing'] : tree;
  return lines.map((line, i) => `  ${(i === 0 ? 'impact' : '').padEnd(12)}${line}\n`).join('');
}

/** Plan, constraints, way back, objects and digest. */
export function explainSpec(spec: DeclarativeSpec, language: Language, paint: Paint): string {
  const back = spec.rollbackPlan.command?.split('\n') ?? [describeNoWayBack(spec, language) ?? ''];
  const objects = spec.facts.map((fact) => `${objectKey(fact)}  uid ${fact.uid}`);
  const rows: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['will be', [describeTargetState(spec, language)]],
    ['way back', back],
    ['dry run', [spec.dryRunRequired ? 'on the API server, just before the write' : 'not asked for']],
    ['constraints', spec.constraints.length === 0 ? ['none'] : describeConstraints(spec, language)],
    ['review', [spec.requiresReviewIssue ? 'a review issue is made' : 'no review issue']],
    ['objects', objects.length === 0 ? ['none read'] : objects],
    ['digest', [paint(spec.digest, 'bold')]],
  ];
  return rows
    .flatMap(([title, lines]) =>
      lines.map((line, i) => `  ${(i === 0 ? title : '').padEnd(12)}${title === 'digest' ? line : plainLine(line)}\n`),
    )
    .join('');
}
