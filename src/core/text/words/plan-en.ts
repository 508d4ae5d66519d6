// What a sealed plan says in English: what will be true, under which conditions, and how it is undone.
import type { Dictionary } from './dictionary.ts';

export const planEn = {
  constraints: {
    'dry-run-passed': 'The API server has accepted a dry run of every step before the first write.',
    'target-unchanged': 'Every object is still the one that was sealed: same cluster, same set, same uid, same fields.',
    'approvals-complete': 'The approvals are complete[ and not older than {validFor}].',
    'single-writer': 'No other remediation writes to the same workload.',
    'converges-in-window':
      'Everything must become healthy after the write[ and stay so for {soak}]. Without progress for the progress deadline of the workload[, at least {window}], it is rolled back.',
    'way-back-exists': 'The rollback must still be possible as it was sealed before it starts.',
  },
  noRollback: {
    'changes-nothing': 'It changes nothing: nothing has to be undone.',
    'not-asked': 'No cluster was asked, so it is not known what to roll back to.',
    'not-found': 'None: what it would change was not seen in the cluster[: {subject}].',
    'controller-returns': 'None is needed: its controller[, {subject},] starts another pod in its place.',
    'controller-unknown':
      'None: whether its controller[, {subject},] starts another pod is not known to the gate. A person is told.',
    'finished-pod': 'None is needed: the pod has finished, nothing of it runs[: {subject}].',
    'bare-pod': 'None: no controller brings the pod back[: {subject}]. A person is told.',
    'no-revision': 'None: the live revision is not in the history[ of {subject}]. A person is told.',
    'no-history': 'None: no old revisions are kept[ of {subject}] (revisionHistoryLimit 0). A person is told.',
    'no-inverse': 'None: this kind of change has no inverse that can be named exactly[: {subject}].',
  },
  noDryRun: 'no dry run on the server: the request does not support one',
  targetState: {
    replicas: '{subject} has {wanted} replicas',
    'replicas-now': '{subject} has {wanted} replicas ({now} now)',
    images: '{subject} runs {wanted}',
    restart: 'every pod of {subject} has been replaced by a new one of the same template',
    revision: '{subject} runs the template of revision {wanted} again[ ({images})]',
    'revision-before': '{subject} runs the template of the revision before the live one again',
    absence: '{subject} no longer exists',
    'absence-returns': '{subject} is gone and {controller} has brought up another in its place',
    'absence-bare': '{subject} is gone and nothing brings it back',
    other: '{subject} is as the command says ({wanted})',
    more: 'and {wanted} more',
    nothing: 'nothing changes',
    opaque: 'not known: the command could not be resolved',
  },
  separator: '; ',
} as const satisfies Partial<Dictionary>;
