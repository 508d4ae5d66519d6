// Who rights are given to: "User:x", "Group:y", "ServiceAccount:namespace/name".

const ACCOUNT = /^User:system:serviceaccount:([^:]+):([^:]+)$/;

/** A service account by its own name, however it was written: as a User, system:serviceaccount:NS:NAME is the same one. */
export function subjectName(subject: string): string {
  return subject.replace(ACCOUNT, 'ServiceAccount:$1/$2');
}

/** The group that every service account of the subject's namespace is in; null for users and groups. */
export function accountsGroup(subject: string): string | null {
  const namespace = /^ServiceAccount:([^/]+)\//.exec(subject)?.[1];
  return namespace === undefined ? null : `Group:system:serviceaccounts:${namespace}`;
}
