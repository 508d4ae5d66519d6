// Which command of kubectl is read by which function of this folder: one table.
import { approveCertificate, denyCertificate, diff, localFile, reconcile, setLastApplied } from './admin.ts';
import { apply, createFiles, replace } from './apply.ts';
import { CREATED, createToken } from './create.ts';
import { deleteObjects } from './delete.ts';
import type { CommandEffects, KubectlCommand } from './effect-builder.ts';
import { annotate, label } from './label.ts';
import { cordon, drain, taint, uncordon } from './node.ts';
import { edit, patch } from './patch.ts';
import { attach, copy, debug, exec, portForward, proxy } from './pods.ts';
import { createRaw, deleteRaw, getRaw, replaceRaw } from './raw.ts';
import {
  apiKinds,
  canI,
  clusterInfo,
  clusterInfoDump,
  configView,
  events,
  explain,
  logs,
  nothing,
  readArguments,
  readGet,
  readRollout,
  topNodes,
  topPods,
  version,
  wait,
  whoAmI,
} from './read.ts';
import { pause, restart, resume, undo } from './rollout.ts';
import { autoscale, expose, runPod } from './run.ts';
import { scale } from './scale.ts';
import { setEnv, setImage, setResources, setSelector, setServiceAccount, setSubject } from './set.ts';

/** The same command with --raw is a bare request. */
const orRaw =
  (plain: (command: KubectlCommand) => CommandEffects, raw: (command: KubectlCommand) => CommandEffects) =>
  (command: KubectlCommand): CommandEffects =>
    (command.invocation.flags.has('raw') ? raw : plain)(command);

/** Every command of kubectl, by its path. A command that is not here could do anything. */
export const COMMAND_TABLE: ReadonlyMap<string, (command: KubectlCommand) => CommandEffects> = new Map([
  ['get', orRaw(readGet, getRaw)],
  ['describe', readArguments],
  ['logs', logs],
  ['events', events],
  ['top pod', topPods],
  ['top node', topNodes],
  ['wait', wait],
  ['explain', explain],
  ['api-resources', apiKinds],
  ['api-versions', apiKinds],
  ['version', version],
  ['cluster-info', clusterInfo],
  ['cluster-info dump', clusterInfoDump],
  ['auth can-i', canI],
  ['auth whoami', whoAmI],
  ['rollout status', readRollout],
  ['rollout history', readRollout],
  ['apply view-last-applied', readArguments],
  ['config view', configView],
  ['config current-context', nothing],
  ['config get-clusters', nothing],
  ['config get-contexts', nothing],
  ['config get-users', nothing],
  ['kustomize', nothing],
  ['completion', nothing],
  ['options', nothing],
  ['help', nothing],
  ['plugin list', nothing],
  ['kuberc view', nothing],
  // groups by themselves print their help
  ['', nothing],
  ['alpha', nothing],
  ['auth', nothing],
  ['certificate', nothing],
  ['config', nothing],
  ['create secret', nothing],
  ['create service', nothing],
  ['kuberc', nothing],
  ['plugin', nothing],
  ['rollout', nothing],
  ['set', nothing],
  ['top', nothing],
  // writes
  ['delete', orRaw(deleteObjects, deleteRaw)],
  ['scale', scale],
  ['rollout restart', restart],
  ['rollout undo', undo],
  ['rollout pause', pause],
  ['rollout resume', resume],
  ['set image', setImage],
  ['set env', setEnv],
  ['set resources', setResources],
  ['set selector', setSelector],
  ['set serviceaccount', setServiceAccount],
  ['set subject', setSubject],
  ['create', orRaw(createFiles, createRaw)],
  ...[...CREATED].map(([path, read]) => [`create ${path}`, read] as const),
  ['create token', createToken],
  ['run', runPod],
  ['expose', expose],
  ['autoscale', autoscale],
  ['apply', apply],
  ['apply set-last-applied', setLastApplied],
  ['apply edit-last-applied', edit],
  ['replace', orRaw(replace, replaceRaw)],
  ['diff', diff],
  ['patch', patch],
  ['edit', edit],
  ['label', label],
  ['annotate', annotate],
  ['cordon', cordon],
  ['uncordon', uncordon],
  ['taint', taint],
  ['drain', drain],
  ['exec', exec],
  ['attach', attach],
  ['cp', copy],
  ['debug', debug],
  ['port-forward', portForward],
  ['proxy', proxy],
  ['certificate approve', approveCertificate],
  ['certificate deny', denyCertificate],
  ['auth reconcile', reconcile],
  // files of the machine
  ...[
    'delete-cluster',
    'delete-context',
    'delete-user',
    'rename-context',
    'set',
    'set-cluster',
    'set-context',
    'set-credentials',
    'unset',
    'use-context',
  ].map((word) => [`config ${word}`, localFile] as const),
  ['kuberc set', localFile],
]);
