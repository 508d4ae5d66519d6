// What a sealed plan says in English: what will be true, under which conditions, and how it is undone.
import type { Dictionary } from './dictionary.ts';

export const planEn = {
  constraints: {
    'dry-run-passed': 'The API server has accepted a dry run of every step before the first write.',
    'target-unchanged': 'Every object is still the one that was sealed: same cluster, same set, same uid, same fields.',
    'approvals-complete': 'The approvals are complete[ and not older than {validFor}].',
    'single-writer': 'No other remediation writes to the same workload.',
    'converges-in-window':
      'Everything must become healthy after the write[ and stay so for {soak}]. Without progress for the progress deadline of the workload[, at least {window}], it is rolled back.[ These checks of the policy must hold too: {checks}.]',
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
    'back-refused': 'None: the API server has refused a dry run of it[: {subject}]. A person is told.',
    'number-rounded':
      'None: it would write an integer beyond 2^53, which the gate reads and shows rounded, and so cannot give back[: {subject}]. A person is told.',
    'program-ran':
      'None: what a program has done in a container cannot be taken back[: {subject}]. Where it fails, a person is told.',
    'container-stays': 'None: an ephemeral container stays in its pod as long as the pod is there[: {subject}].',
    'no-inverse': 'None: this kind of change has no inverse that can be named exactly[: {subject}].',
  },
  unhealthyNow: 'unhealthy now, before the change: {subject}',
  mutationRefusals: {
    'object-missing': 'What it would change is not there[: {subject}].',
    'source-missing': 'The object whose keys it wants is not there[: {about}][ (for {subject})].',
    'object-exists': 'What it would create is there already[: {subject}].',
    'value-exists': 'It has another value already[: {about}]. --overwrite changes it[ on {subject}].',
    'taint-exists':
      'The node has a taint with this key and effect already[: {about}]. --overwrite changes it[ on {subject}].',
    'taint-missing': 'The node does not have the taint that is to go[: {about}][ ({subject})].',
    'already-paused': 'It is paused already[: {subject}].',
    'not-paused': 'It is not paused[: {subject}].',
    'no-pod-template': 'Objects of this kind have no pod template[: {subject}].',
    'container-missing': 'No container has this name[: {about}][ ({subject})].',
    'selector-unsupported': 'Only a Service can be given a selector[, not {subject}].',
    'subjects-unsupported': 'Only a RoleBinding or a ClusterRoleBinding has subjects[, not {subject}].',
    'pause-unsupported': 'Only a Deployment can be paused and resumed[, not {subject}].',
    'version-moved': 'It has changed since the version that the command names[: {about}][ ({subject})].',
    'replicas-moved': 'It has another number of replicas than the command expects[: {about}][ ({subject})].',
    'expose-unsupported': 'No Service can be made for objects of this kind[: {subject}].',
    'selector-missing': 'Nothing says which pods the Service is for[: {subject}]. Name them by --selector.',
    'port-missing': 'Nothing says which port the Service is for[: {subject}]. Name it by --port.',
    'last-applied-unreadable': 'What was applied last cannot be read from its annotation[: {subject}].',
    'list-unmergeable': 'A list cannot be merged: one of its elements has no key[ {about}][ ({subject})].',
    'cause-unmergeable':
      'The patch replaces all annotations, so that --record can note nothing beside it[ on {subject}]. Leave --record out.',
    'apply-conflict': 'Somebody has changed the same field since the last apply[: {about}][ ({subject})].',
    'name-generated': 'apply needs the name of the object: generateName is not enough[ ({subject})].',
    'schema-unknown': 'How the API server merges objects of this kind is not known[: {subject}].',
  },
  unsendable: 'kubectl would refuse it too: look at the object, correct the command, and propose it again.',
  loses: '{subject}: its uid, its age, its status, and what only its pods held',
  losesRun: '{subject}: its uid, its age, its status; it runs once more from the beginning',
  losesPods:
    '{count} pods do not come back: their controllers have made others elsewhere, and what they held in memory or on the node is lost[; no controller makes these again: {bare}]',
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
    drained:
      '{count} pods have been evicted, as fast as their disruption budgets allow, and their controllers have brought up others elsewhere; pods of a node that are not gone after {within}: the gate gives up and uncordons the nodes that it cordoned',
    'drained-by-deletion':
      '{count} pods have been deleted, whatever their disruption budgets allow, and their controllers have brought up others elsewhere; pods of a node that are not gone after {within}: the gate gives up and uncordons the nodes that it cordoned',
    'drained-empty': 'no pod has to leave',
    changed: '{subject} is changed: {wanted}',
    made: '{subject} is there',
    run: 'in [container {container} of ]{subject} this has run once and ended with exit code 0: {wanted}',
    other: '{subject} is as the command says ({wanted})',
    more: 'and {wanted} more',
    nothing: 'nothing changes',
    opaque: 'not known: the command could not be resolved',
  },
  changedField: { gone: '(gone)', hidden: '(hidden)', more: 'and {count} more' },
  separator: '; ',
} as const satisfies Partial<Dictionary>;
