// Reads manifests, patches and overrides as kubectl's own decoders do. What cannot be read so is null, which is unseen content.
import type { ReadDocuments } from '../../core/model/command.ts';
import type { Json } from '../../core/model/json.ts';
import { NodeBudget, Unreadable } from './go-yaml/unreadable.ts';
import { jsonAt } from './json-text.ts';
import { beginsWithBrace, manifestDocuments, yamlDocument } from './manifests.ts';

/**
 * The documents of a text, empty ones left out; null when any of it cannot be read, or not as kubectl would. Takes at most some
 * 50 ms for 1 MiB: the limits stand in go-yaml/unreadable.ts.
 */
export const readDocuments: ReadDocuments = (text, as) => {
  try {
    if (!text.isWellFormed()) return null;
    switch (as) {
      case 'manifests':
        return manifestDocuments(text);
      case 'patch':
        return beginsWithBrace(text) ? oneJson(text) : [yamlDocument(text, new NodeBudget())];
      case 'overrides':
        return oneJson(text);
      default:
        return as satisfies never;
    }
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
};

/** A text that is one JSON value and nothing more: so the API server takes a patch, and kubectl --overrides. */
const oneJson = (text: string): readonly Json[] | null => {
  const body = text.replace(/^[ \t\r\n]+/, '');
  const found = jsonAt(body, 0, new NodeBudget());
  return found === null || /[^ \t\r\n]/.test(body.slice(found.end)) ? null : [found.value];
};
