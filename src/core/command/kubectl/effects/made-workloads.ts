// Flags become the workloads that kubectl makes of them: create deployment, job, cronjob, and the pod of run.
import type { JsonObject } from '../../../model/json.ts';
import { allOf, isGiven, isOn, lastOf } from '../flags.ts';
import { objectOfPairs, variablesOf } from '../pairs.ts';
import type { KubectlCommand } from './effect-builder.ts';

/** Its name, and the namespace that kubectl writes where -n names one. */
export function madeMetadata({ invocation }: KubectlCommand): { readonly name: string; readonly namespace?: string } {
  const namespace = lastOf(invocation, 'namespace') ?? '';
  return { name: invocation.args[0] ?? '', ...(namespace === '' ? {} : { namespace }) };
}

/** A field that is left out where its flag is empty. */
export function givenField(field: string, value: string | null): JsonObject {
  return value === null || value === '' ? {} : { [field]: value };
}

/** The words behind the name: the command of the first container. */
const commandOf = ({ invocation }: KubectlCommand): JsonObject =>
  invocation.args.length > 1 ? { command: invocation.args.slice(1) } : {};

/** A container is called as its image; null where kubectl draws a part of the name by lot (create_deployment.go). */
const containerName = (image: string): string | null => {
  const name = (image.split('/').at(-1) ?? '').split(':', 1)[0]?.split('@', 1)[0] ?? '';
  return /[_.]/.test(name) ? null : name;
};

/** create deployment */
export function madeDeployment(command: KubectlCommand): JsonObject | null {
  const { invocation } = command;
  const images = allOf(invocation, 'image').map((image) => ({ name: containerName(image), image }));
  if (images.some(({ name }) => name === null)) return null;
  const port = Number(lastOf(invocation, 'port') ?? -1);
  const labels = { app: invocation.args[0] ?? '' };
  const containers = images.map(({ name, image }, at) => ({
    name,
    image,
    ...commandOf(command),
    ...(port >= 0 && at === 0 ? { ports: [{ containerPort: port }] } : {}),
  }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...madeMetadata(command), labels },
    spec: {
      replicas: Number(lastOf(invocation, 'replicas') ?? 1),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

const jobSpec = (command: KubectlCommand, restartPolicy: string): JsonObject => {
  const { args } = command.invocation;
  const image = lastOf(command.invocation, 'image');
  const container = { name: args[0] ?? '', ...givenField('image', image), ...commandOf(command) };
  return { template: { spec: { containers: [container], restartPolicy } } };
};

/** create job --image */
export function madeJob(command: KubectlCommand): JsonObject | null {
  if (isGiven(command.invocation, 'from')) return null;
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: madeMetadata(command), spec: jobSpec(command, 'Never') };
}

/** create cronjob */
export function madeCronJob(command: KubectlCommand): JsonObject {
  const { invocation } = command;
  const restart = lastOf(invocation, 'restart') ?? '';
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: madeMetadata(command),
    spec: {
      schedule: lastOf(invocation, 'schedule') ?? '',
      jobTemplate: {
        metadata: { name: invocation.args[0] ?? '' },
        spec: jobSpec(command, restart === '' ? 'OnFailure' : restart),
      },
    },
  };
}

/** --labels=a=b,c=d; null where one is no pair. */
const runLabels = ({ invocation }: KubectlCommand): JsonObject | null => {
  const text = lastOf(invocation, 'labels') ?? '';
  if (text === '') return { run: invocation.args[0] ?? '' };
  const pairs = text.split(',');
  return pairs.every((pair) => /^[^=]+=[^=]*$/.test(pair)) ? objectOfPairs(pairs) : null;
};

/** run: null where kubectl refuses the labels. */
export function madePod(command: KubectlCommand): JsonObject | null {
  const { invocation } = command;
  const labels = runLabels(command);
  const env = allOf(invocation, 'env');
  if (labels === null || !env.every((pair) => pair.indexOf('=') > 0)) return null;
  const [name = '', ...words] = invocation.args;
  const stdin = isOn(invocation, 'stdin');
  const annotations = objectOfPairs(allOf(invocation, 'annotations'));
  const port = lastOf(invocation, 'port') ?? '';
  const restart = lastOf(invocation, 'restart') ?? '';
  const container: JsonObject = {
    name,
    image: lastOf(invocation, 'image') ?? '',
    ...givenField('imagePullPolicy', lastOf(invocation, 'image-pull-policy')),
    ...(words.length === 0 ? {} : isOn(invocation, 'command') ? { command: words } : { args: words }),
    ...(env.length === 0 ? {} : { env: variablesOf(env) }),
    ...(port === '' ? {} : { ports: [{ containerPort: Number(port) }] }),
    ...(stdin ? { stdin: true } : {}),
    ...(stdin && !isOn(invocation, 'leave-stdin-open') ? { stdinOnce: true } : {}),
    ...(isOn(invocation, 'tty') ? { tty: true } : {}),
    ...(isOn(invocation, 'privileged') ? { securityContext: { privileged: true } } : {}),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    spec: {
      containers: [container],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: restart === '' ? 'Always' : restart,
    },
  };
}
