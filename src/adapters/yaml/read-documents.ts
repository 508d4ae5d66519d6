// Reads manifests, patches and overrides as kubectl's own decoders do. What cannot be read so is null, which is unseen content.
import { newReadingBudget, type ReadDocuments, type ReadingBudget, type TextRole } from '../../core/model/command.ts';
import type { Json } from '../../core/model/json.ts';
import { spend, Unreadable } from './go-yaml/unreadable.ts';
import { jsonAt, listReadAlike } from './json-text.ts';
import { locateDocuments } from './locate-documents.ts';
import { beginsWithBrace, manifestDocuments, yamlDocument } from './manifests.ts';

/** Long texts of few nodes take their time as well: so many characters count as one. */
const CHARACTERS_OF_A_NODE = 16;

/**
 * The documents of a text, empty ones left out; null when any of it cannot be read, or not as kubectl would. Takes at most some
 * 50 ms for 1 MiB: the limits stand in go-yaml/unreadable.ts and core/model/command.ts.
 */
const read = (text: string, as: TextRole, budget: ReadingBudget = newReadingBudget()): readonly Json[] | null => {
  try {
    if (!text.isWellFormed()) return null;
    spend(budget, Math.ceil(text.length / CHARACTERS_OF_A_NODE));
    switch (as) {
      case 'manifests':
        return manifestDocuments(text, budget);
      case 'patch':
        return beginsWithBrace(text)
          ? oneJson(text, budget)
          : [listReadAlike(text, budget) ?? yamlDocument(text, budget)];
      case 'overrides':
        return oneJson(text, budget);
      default:
        return as satisfies never;
    }
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
};

/** A text that is one JSON value and nothing more: so the API server takes a patch, and kubectl --overrides. */
const oneJson = (text: string, budget: ReadingBudget): readonly Json[] | null => {
  const body = text.replace(/^[ \t\r\n]+/, '');
  const found = jsonAt(body, 0, budget);
  return found === null || /[^ \t\r\n]/.test(body.slice(found.end)) ? null : [found.value];
};

/** Reads, and says where the values stand. */
export const readDocuments: ReadDocuments = Object.assign(read, { locate: locateDocuments });
