// The kinds built into Kubernetes, read from the generated table (resources.ts).
import type { Resource } from './resource.ts';
import { RESOURCES } from './resources.ts';

const words = (text: string | undefined): readonly string[] =>
  text === undefined || text === '' ? [] : text.split(' ');

/** The kinds built into Kubernetes, core first, then groups in the order of discovery. */
export const BUILT_IN: readonly Resource[] = RESOURCES.map((line) => {
  const [name = '', singular = '', kind = '', group = '', versions, scope, shorts, categories, verbs] = line.split('|');
  return {
    name,
    singular: singular === '' ? kind.toLowerCase() : singular,
    shortNames: words(shorts),
    kind,
    group,
    versions: words(versions),
    namespaced: scope === 'n',
    categories: words(categories),
    verbs: words(verbs),
  };
});
