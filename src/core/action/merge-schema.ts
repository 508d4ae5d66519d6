// How the API server merges the fields of a kind: by which key it tells the elements of a list apart, what it replaces whole.

/** What is known of one field. */
export interface MergeField {
  /** Elements of a list are merged by this key; "" for a list of plain values; null: the value is replaced whole. */
  readonly mergeKey: string | null;
  /** Fields that a patch does not name go (a volume that becomes of another type). */
  readonly retainKeys: boolean;
  /** Replaced whole although it is an object. */
  readonly replaced: boolean;
  /** What stands below it: of a list, of its elements. */
  readonly below: MergeSchema;
}

/** Looks a field up; one that is not known is an object that is merged, or a list that is replaced. */
export type MergeSchema = (field: string) => MergeField;

const UNKNOWN_FIELD: MergeField = {
  mergeKey: null,
  retainKeys: false,
  replaced: false,
  below: (): MergeField => UNKNOWN_FIELD,
};

/** Nothing is known of any field. */
export const NO_MERGE_SCHEMA: MergeSchema = () => UNKNOWN_FIELD;

/** Lists by their fields: the merge key, and the lists in their elements. */
interface Lists {
  readonly [field: string]: { readonly key: string; readonly lists: Lists };
}

const fromLists =
  (lists: Lists): MergeSchema =>
  (field) => {
    const list = Object.hasOwn(lists, field) ? lists[field] : undefined;
    return list === undefined
      ? { ...UNKNOWN_FIELD, below: fromLists(lists) }
      : { mergeKey: list.key, retainKeys: false, replaced: false, below: fromLists(list.lists) };
  };

const CONTAINER = { key: 'name', lists: { env: { key: 'name', lists: {} } } };

/**
 * The lists in a pod or around one that commands change of their own accord: containers by name, their variables by name
 * (Kubernetes API reference, patchMergeKey). Every other list that such a command leaves alone needs no key.
 */
export const POD_MERGE_SCHEMA: MergeSchema = fromLists({
  containers: CONTAINER,
  initContainers: CONTAINER,
  ephemeralContainers: CONTAINER,
});
