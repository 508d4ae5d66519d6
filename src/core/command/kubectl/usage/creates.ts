// What kubectl refuses of its create commands, in the order it looks.
import { isUnknown } from '../../shell/unknown.ts';
import { allOf, isGiven, lastOf } from '../flags.ts';
import { needsFiles, noArgs, type Rule, rawAlone, rawOneFile, type Table, together, when, whenFlags } from './rule.ts';

/** Of "create KIND": exactly one NAME before "--". */
const oneName: Rule = (it) => {
  const count = it.argsBeforeDash ?? it.args.length;
  return count === 1 ? null : `exactly one NAME is required, got ${count}`;
};

const envAndFiles = whenFlags(
  (it) =>
    allOf(it, 'from-env-file').length > 0 &&
    (allOf(it, 'from-file').length > 0 || allOf(it, 'from-literal').length > 0),
  'from-env-file cannot be combined with from-file or from-literal',
);

const needsTcp = when((it) => allOf(it, 'tcp').length === 0, 'at least one tcp port specifier must be provided');

const needsVerb = when((it) => allOf(it, 'verb').length === 0, 'at least one verb must be specified');

const accountNames: Rule = when(
  (it) => allOf(it, 'serviceaccount').some((one) => !isUnknown(one) && !/^[^:]*:[^:]+$/.test(one)),
  'serviceaccount must be <namespace>:<name>',
);

/** Rules by command. */
export const CREATES: Table = {
  create: [
    noArgs,
    needsFiles,
    rawOneFile,
    rawAlone,
    together('raw', 'edit', '--raw and --edit are mutually exclusive'),
    together('raw', 'selector', '--raw and --selector (-l) are mutually exclusive'),
  ],
  'create clusterrole': [
    oneName,
    whenFlags(
      (it) =>
        isGiven(it, 'aggregation-rule') &&
        ['non-resource-url', 'verb', 'resource', 'resource-name'].some((flag) => allOf(it, flag).length > 0),
      'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
    ),
    (it) => (isGiven(it, 'aggregation-rule') ? null : needsVerb(it)),
    when(
      (it) =>
        !isGiven(it, 'aggregation-rule') &&
        allOf(it, 'resource').length === 0 &&
        allOf(it, 'non-resource-url').length === 0,
      'one of resource or nonResourceURL must be specified',
    ),
  ],
  'create clusterrolebinding': [oneName, accountNames],
  'create configmap': [oneName, envAndFiles],
  'create cronjob': [oneName],
  'create deployment': [
    oneName,
    whenFlags(
      (it) => allOf(it, 'image').length > 1 && it.args.length > 1,
      'cannot specify multiple --image options and command',
    ),
  ],
  'create ingress': [
    oneName,
    when(
      (it) => !isGiven(it, 'default-backend') && allOf(it, 'rule').length === 0,
      'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
    ),
  ],
  'create job': [
    oneName,
    when((it) => isGiven(it, 'image') === isGiven(it, 'from'), 'either --image or --from must be specified'),
    when((it) => it.args.length > 1 && isGiven(it, 'from'), 'cannot specify --from and command'),
  ],
  'create namespace': [oneName],
  'create poddisruptionbudget': [
    oneName,
    when((it) => !isGiven(it, 'selector'), 'a selector must be specified'),
    when(
      (it) => !isGiven(it, 'max-unavailable') && !isGiven(it, 'min-available'),
      'one of min-available or max-unavailable must be specified',
    ),
    together('min-available', 'max-unavailable', 'min-available and max-unavailable cannot be both specified'),
  ],
  'create priorityclass': [oneName],
  'create quota': [oneName],
  'create role': [
    oneName,
    needsVerb,
    when((it) => allOf(it, 'resource').length === 0, 'at least one resource must be specified'),
  ],
  'create rolebinding': [
    oneName,
    accountNames,
    when(
      (it) => isGiven(it, 'clusterrole') === isGiven(it, 'role'),
      'exactly one of clusterrole or role must be specified',
    ),
  ],
  'create secret docker-registry': [
    oneName,
    when(
      (it) =>
        allOf(it, 'from-file').length === 0 &&
        !['docker-username', 'docker-password', 'docker-server'].every(
          (flag) => isGiven(it, flag) || (flag === 'docker-server' && !it.flags.has(flag)),
        ),
      'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
    ),
  ],
  'create secret generic': [oneName, envAndFiles],
  'create secret tls': [
    oneName,
    when((it) => !isGiven(it, 'key') || !isGiven(it, 'cert'), 'key and cert must be specified'),
  ],
  'create service clusterip': [oneName, (it) => (lastOf(it, 'clusterip') === 'None' ? null : needsTcp(it))],
  'create service externalname': [oneName],
  'create service loadbalancer': [oneName, needsTcp],
  'create service nodeport': [oneName, needsTcp],
  'create serviceaccount': [oneName],
  'create token': [
    oneName,
    whenFlags(
      (it) => isGiven(it, 'bound-object-kind') !== isGiven(it, 'bound-object-name'),
      '--bound-object-kind and --bound-object-name are required together',
    ),
  ],
};
