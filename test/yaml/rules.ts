// The rules by which kubectl reads YAML and JSON, each a text and what it comes to. The reader's own test holds it to them, and
// yaml.real.test.ts holds them to kubectl's decoders.
import { DOCUMENT_RULES } from './rules/documents.ts';
import type { Rule } from './rules/rule.ts';
import { SCALAR_RULES } from './rules/scalars.ts';

export const RULES: readonly Rule[] = [...SCALAR_RULES, ...DOCUMENT_RULES];
