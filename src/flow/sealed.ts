// Whether a stored spec is still the one that was sealed. It must never be asked only once: the row may have been touched.
import type { DeclarativeSpec } from '../core/spec/declarative-spec.ts';
import { digestOf } from '../core/spec/seal.ts';

export const isSealed = (spec: DeclarativeSpec): boolean => digestOf(spec) === spec.digest;
