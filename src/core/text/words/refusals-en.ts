// What each refusal says and what to do instead, in English.
import type { Dictionary } from './dictionary.ts';

export const refusalsEn = {
  'hard-rule': { message: 'A hard rule blocks this, whoever approves.', remedy: null },
  'hard-rule-undecided': {
    message: 'Whether a hard rule applies cannot be decided from what is known.',
    remedy: 'Name the kind, send the manifest along, or give the gate the right to read the object.',
  },
  'empty-command': { message: 'There is no command.', remedy: 'Give one kubectl command.' },
  'unreadable-line': { message: 'The line cannot be read as shell.', remedy: 'Send the command as an argv array.' },
  'shell-syntax': {
    message: 'The line is more than one simple command of plain and quoted words.',
    remedy: 'Propose each command by itself, without pipes, redirects, substitutions, globs or variables.',
  },
  wrapper: { message: 'The command runs through another program.', remedy: 'Propose the kubectl command itself.' },
  'kubectl-path': { message: 'kubectl is named by a path or another name.', remedy: 'Write plain kubectl.' },
  assignment: { message: 'A variable is set in front of the command.', remedy: 'Leave the assignment out.' },
  'not-kubectl': { message: 'The program is not kubectl.', remedy: 'Propose the kubectl command that does the same.' },
  'unknown-word': {
    message: 'A word stands for something that is only known when it runs.',
    remedy: 'Write the value instead of the variable, substitution or glob.',
  },
  'unknown-command': {
    message: 'kubectl has no such command; a plugin is an arbitrary program.',
    remedy: 'Check the spelling, or use a built-in command.',
  },
  'unknown-flag': {
    message: 'kubectl does not know this flag here.',
    remedy: 'Check the flag with --help of the command.',
  },
  'bad-flag-value': { message: 'kubectl would refuse the value of a flag.', remedy: 'Correct the value.' },
  'usage-error': { message: 'kubectl would refuse this as wrong usage.', remedy: 'Correct the arguments.' },
  'unknown-kind': {
    message: 'The kind is not known here.',
    remedy: 'Use resource.version.group, or ask a gate that knows the cluster.',
  },
  'invalid-name': {
    message: 'The API server would refuse this name.',
    remedy: 'Names are lower-case ASCII letters, digits, "-" and ".".',
  },
  'identity-flag': {
    message: 'A flag picks another cluster, identity or kubectl configuration.',
    remedy: 'Leave it out: the gate uses its own cluster and identity.',
  },
  'raw-request': { message: 'A raw request is never run.', remedy: 'Use the typed command for the same object.' },
  'unreadable-request': {
    message: 'The request cannot be read for certain, so that the API server might read it otherwise.',
    remedy:
      'Send a request of the Kubernetes API with each key and parameter once, or the kubectl command for the same.',
  },
  interactive: { message: 'An interactive command is never run.', remedy: 'Use a command that needs no terminal.' },
  'unseen-content': {
    message: 'The content of a manifest is not part of the proposal.',
    remedy: 'Send the file along with the proposal.',
  },
  'host-file': {
    message: 'A flag reads or writes files of the host.',
    remedy: 'Leave it out; values must stand in the command or in a manifest that is sent along.',
  },
  'conflicting-flags': {
    message: 'The same flag is given twice with different values, where only the last would count.',
    remedy: 'Give it once.',
  },
  'local-config': { message: 'The command changes a local configuration file.', remedy: null },
  'too-large': { message: 'The command is larger than 64 KiB.', remedy: 'Propose less at a time.' },
  'calculation-failed': {
    message: 'The blast radius could not be calculated.',
    remedy: 'A person decides; report this as a bug.',
  },
  'too-complex': {
    message: 'Judging it takes too long, or what comes out is too large.',
    remedy: 'Propose less at a time: fewer objects, containers or nested commands.',
  },
  busy: { message: 'Too many questions wait to be judged.', remedy: 'Ask again in a few seconds.' },
  // of proposing
  'nothing-to-do': {
    message: 'It changes nothing, there is nothing to approve: a read or a dry run.',
    remedy: 'Run a read or a dry run directly.',
  },
  'no-executor': {
    message: 'The gate cannot carry out this action.',
    remedy:
      'Let a person run it with kubectl. docs/operate.md lists what the gate does not carry out: terminals, tokens, files of a host.',
  },
  'not-found': { message: 'The object does not exist.', remedy: 'Check name and namespace.' },
  'no-targets': { message: 'The selector matches nothing.', remedy: 'Check the selector and the namespace.' },
  'rollout-paused': {
    message: 'The rollout is paused: nothing would roll out.',
    remedy: 'Resume it first with `kubectl rollout resume`.',
  },
  'update-on-delete': {
    message: 'Its updateStrategy is OnDelete: nothing changes until its pods are deleted.',
    remedy: 'Let a person run it and delete the pods one by one, or change the updateStrategy.',
  },
  'autoscaler-bounds': {
    message: 'Its autoscaler would set another number of replicas at once.',
    remedy: 'Choose a number within its bounds, or change the autoscaler first.',
  },
  'drain-refused': {
    message: 'kubectl would refuse to drain: there are pods that it may not take.',
    remedy: 'Give drain the flag that is named, if these pods may go or stay; or move them first.',
  },
  'no-cluster-right': {
    message: 'The gate has no right to do this in the cluster.',
    remedy:
      'Bind the role of deploy/rbac.yaml that grants it (`blastgate doctor` names those that are off), or a role of your own where none does; or let a person run it.',
  },
  frozen: {
    message: 'A freeze of the policy holds it[: {subject}].',
    remedy: 'Wait until the freeze ends; it runs then by itself if it is approved and still in time.',
  },
  paused: {
    message: 'The gate is paused.',
    remedy: 'Wait until an admin runs `blastgate resume`, with --cluster NAME where one cluster is paused.',
  },
  'rate-limited': { message: 'Too many proposals in a minute.', remedy: 'Propose again a minute later.' },
  'bad-incident': {
    message: 'The incident id is not valid.',
    remedy: 'Use letters, digits, ".", "_", ":" and "-", at most 64, beginning with a letter or digit.',
  },
  'cluster-required': {
    message: 'This gate looks after several clusters, and none is named.',
    remedy: 'Name one with --cluster NAME, "cluster" in the body, or --context blastgate-NAME of kubectl.',
  },
  'unknown-cluster': {
    message: 'This gate looks after no cluster of that name.',
    remedy: 'Name one that clusters.yaml lists; for kubectl, print its kubeconfig again (`blastgate kubeconfig`).',
  },
  // of votes
  'unknown-person': { message: 'This account belongs to no known person.', remedy: 'Add it to people.yaml.' },
  'no-right': {
    message: 'This person or agent lacks the right.',
    remedy: 'Ask an admin for the right in people.yaml.',
  },
  'own-proposal': { message: 'Nobody approves what they or their agent proposed.', remedy: 'Ask another person.' },
  'no-own-vote': { message: 'This person has no vote on the proposal.', remedy: null },
  'card-changed': {
    message:
      'The card, or the review issue, under which this was said does not say what the gate wrote: somebody else changed it, or the gate is just changing it.',
    remedy:
      'Read the proposal in the console or by `blastgate show`. Where a card still says something else, find out who has the token of the bot; of an issue the forge shows who edited it.',
  },
  'login-again': {
    message: 'The policy asks for a fresh login before this vote.',
    remedy: 'Log in again, and vote then.',
  },
  'already-voted': { message: 'This person has already voted.', remedy: null },
  'wrong-digest': {
    message: 'The digest is not the one that is open.',
    remedy: 'Read the proposal again and use the digest it shows now.',
  },
  'digest-required': {
    message: 'This incident has had more than one sealed digest.',
    remedy: 'Repeat the command with the first 6 or more digits of the digest.',
  },
  'not-open': {
    message: 'The proposal takes no more votes.',
    remedy: 'Look at its state with `blastgate status`; propose again where needed.',
  },
  'wrong-channel': {
    message: 'The policy does not count approvals that come this way.',
    remedy: 'Approve in one of the ways that it names.',
  },
  'reason-required': {
    message: 'The policy asks why: an approval without a reason does not count.',
    remedy: 'Add the reason: `--reason "…"`, or in chat and comments `because …` behind the digest.',
  },
  'review-missing': {
    message: 'Policy asks for a review issue (`review: required`), and there is none yet.',
    remedy: 'The gate keeps trying; `blastgate doctor` says what the forge lacks. Rejecting is possible at any time.',
  },
  'no-such-proposal': { message: 'There is no such proposal.', remedy: 'List them with `blastgate list`.' },
  expired: { message: 'The approval came too late or has expired.', remedy: 'Propose the command again.' },
  // of executing
  'uid-changed': { message: 'The object is not the one that was sealed.', remedy: 'Propose the command again.' },
  'pre-image-changed': {
    message: 'The object has changed since it was sealed[: {difference}].',
    remedy: 'Propose the command again.',
  },
  'other-cluster': {
    message: 'The spec was sealed for another cluster.',
    remedy: 'Propose it to the gate of that cluster.',
  },
  'tier-raised': { message: 'Judged again, the action has a higher tier.', remedy: 'Propose the command again.' },
  'approval-raised': {
    message: 'The policy asks for more agreement now than when it was proposed.',
    remedy: 'Propose the command again: it is shown with what is asked for now.',
  },
  'targets-changed': {
    message: 'The selector now chooses other objects than those sealed.',
    remedy: 'Propose the command again.',
  },
  'dry-run-refused': {
    message: 'The API server refused the dry run.',
    remedy: 'Read its message, correct the command, and propose it again.',
  },
  'way-back-gone': {
    message: 'There is no rollback that the gate can run.',
    remedy: 'A person must decide what to do.',
  },
  'other-writer': {
    message: 'Another remediation writes to the same workload.',
    remedy: 'It starts when the other has ended.',
  },
  'program-unanswered': {
    message: 'Whether the program ran, and how it ended, is not known: the connection to it ended before it did.',
    remedy:
      'It may still run: look into the container first (`kubectl exec POD -- ps`), then propose what is left to do. The gate does not run it again.',
  },
  // of requests through the proxy
  'path-refused': {
    message: 'The proxy does not pass on a request for this address, or it can be read in two ways.',
    remedy: 'Use the plain path of a kind, without "..", "//", escaped slashes, /watch/ and /proxy/.',
  },
  'header-refused': {
    message: 'A header of the request claims an identity or can be read in two ways.',
    remedy: 'Leave out Impersonate-… and X-Remote-… headers (kubectl --as): the gate knows you by your token.',
  },
  'body-refused': {
    message: 'The proxy does not take a body of this form.',
    remedy: 'Send it without Content-Encoding, at most 3 MiB, and none with a GET.',
  },
  'secret-read': {
    message: 'Secrets are not read through the proxy.',
    remedy: 'Ask a person who may read them; for a workload, refer to the Secret by its name.',
  },
  'stream-refused': {
    message: 'exec, attach, port-forward, cp and …/proxy do not go through the proxy.',
    remedy: 'Propose a command in a container with `blastgate propose`; for the others ask a person.',
  },
  'approval-required': {
    message: 'People have not agreed yet, and the proxy waits no longer.',
    remedy: 'Run the same command again to wait for the same proposal.',
  },
  'not-done-yet': {
    message: 'It is approved, the cluster has not answered yet, and the proxy waits no longer.',
    remedy: 'Look at it before you run anything again: it may still be carried out.',
  },
  'too-many-waiting': {
    message: 'Too many requests of this agent are open at once.',
    remedy: 'Wait until some have ended, or run fewer at a time.',
  },
  'cluster-unproxied': {
    message: 'The proxy does not stand before this cluster.',
    remedy: 'Propose it with --cluster NAME, or let an operator name an account for it (proxy in clusters.yaml).',
  },
} as const satisfies Dictionary['refusals'];

/** Why a hard rule cannot be decided, and what to do instead. */
export const lacksEn = {
  kind: {
    message: 'Whether a hard rule applies cannot be decided: the kind of the object is not known.',
    remedy: 'Name it as resource.version.group, or ask a gate that knows the cluster.',
  },
  content: {
    message:
      'Whether a hard rule applies cannot be decided: the content is not part of the proposal, or cannot be read.',
    remedy: 'Send the file along, or write the content out.',
  },
  request: {
    message: 'Whether a hard rule applies cannot be decided: the API server might read the request otherwise.',
    remedy: 'Send each key and parameter once, one body of a known type, and a plain path.',
  },
  nested: {
    message: 'Whether a hard rule applies cannot be decided: a command inside another cannot be read.',
    remedy: 'Write it out, without variables and substitutions.',
  },
  editor: {
    message: 'Whether a hard rule applies cannot be decided: the change is only made in an editor.',
    remedy: 'Propose the change as a patch or a manifest.',
  },
  object: {
    message: 'Whether a hard rule applies cannot be decided: the patch takes its values from the object.',
    remedy: 'Write the values into the patch.',
  },
  path: {
    message: 'Whether a hard rule applies cannot be decided: the path can be read in two ways.',
    remedy: 'Write the path without "..", "//" and escaped slashes, or use the typed command.',
  },
  right: {
    message: 'Whether a hard rule applies cannot be decided: the gate may not read the object.',
    remedy: 'Give the gate the right to read it.',
  },
  answer: {
    message: 'Whether a hard rule applies cannot be decided: the cluster has not said what the object is.',
    remedy: 'Propose the command again when the cluster answers.',
  },
} as const satisfies Dictionary['lacks'];

/** An action that the gate carries out, with a content that it does not send. */
export const unsentEn = {
  message:
    'The gate does not carry this out: what it would send is not known before it runs, or holds a secret in the words of a program.',
  remedy: 'Write variables and files out, give the whole object as a manifest, or let a person run it.',
} as const satisfies Dictionary['unsent'];

export const causesEn = {
  already: {
    message: 'It is so already, there is nothing to approve.',
    remedy: 'Look at the object: what you want to change may be something else.',
  },
  container: { message: 'There is no such container.', remedy: 'Name a container of its pod template.' },
  'running-container': {
    message: 'The container does not run.',
    remedy: 'See why with `kubectl describe pod`; propose again when it runs.',
  },
  revision: {
    message: 'The history has no such revision.',
    remedy: 'Choose one that `kubectl rollout history` lists; what lies further back is deleted.',
  },
  'sound-revision': {
    message: 'There is no earlier revision that has not failed.',
    remedy: 'Propose a fix (a new image), or name a revision with --to-revision.',
  },
} as const satisfies Dictionary['causes'];
