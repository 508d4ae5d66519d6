// stub, replaced below
import type { GrammarFacts } from './grammar-data.ts';
export const readBinaries = (_paths: readonly string[]): Promise<GrammarFacts> => Promise.reject(new Error('not yet'));
