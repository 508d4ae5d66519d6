// Flags become what kubectl makes beside an object: the autoscaler of autoscale, the Service of run --expose.
import type { JsonObject } from '../../../model/json.ts';
import type { TextByKey } from '../../../model/mutation.ts';
import { isOn, lastOf } from '../flags.ts';
import type { Kind, KubectlCommand } from './effect-builder.ts';
import { madeMetadata } from './made-workloads.ts';
import { withSavedConfig } from './saved-config.ts';

/** "a=b,c=d" → its pairs; null where there is none, or one is no pair. */
export function commaPairs(text: string | null): TextByKey | null {
  const pairs = (text ?? '').split(',').map((one) => one.split('='));
  return pairs.every(([key, value, ...rest]) => key !== '' && value !== undefined && rest.length === 0)
    ? Object.fromEntries(pairs)
    : null;
}

/** "70%" of what is requested, or an amount of each pod: bare numbers are millicores and mebibytes. Null: refused. */
const metricOf = (name: 'cpu' | 'memory', text: string): JsonObject | null => {
  const percent = /^(\d{1,9})%$/.exec(text);
  if (percent !== null)
    return {
      type: 'Resource',
      resource: { name, target: { type: 'Utilization', averageUtilization: Number(percent[1]) } },
    };
  if (!/^\d+(?:\.\d+)?(?:m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.test(text)) return null;
  const averageValue = /^[\d.]+$/.test(text) ? `${Number(text)}${name === 'cpu' ? 'm' : 'Mi'}` : text;
  return { type: 'Resource', resource: { name, target: { type: 'AverageValue', averageValue } } };
};

/** autoscale: null where the object is of a kind whose version nobody knows, or kubectl refuses a number. */
export function madeAutoscaler(
  command: KubectlCommand,
  kind: Kind | null,
  scaled: string | null,
  name: string | null,
): JsonObject | null {
  const { invocation } = command;
  const version = kind?.resource.versions[0];
  if (kind === null || version === undefined || scaled === null || scaled === '*' || name === null) return null;
  const { group } = kind.resource;
  const least = Number(lastOf(invocation, 'min') ?? -1);
  const share = Number(lastOf(invocation, 'cpu-percent') ?? -1);
  const [cpu, memory] = [lastOf(invocation, 'cpu') ?? '', lastOf(invocation, 'memory') ?? ''];
  const metrics = [
    ...(share > 0 ? [metricOf('cpu', `${share}%`)] : []),
    ...(cpu === '' ? [] : [metricOf('cpu', cpu)]),
    ...(memory === '' ? [] : [metricOf('memory', memory)]),
  ];
  if (metrics.includes(null)) return null;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const made = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { ...madeMetadata(command), name },
    spec: {
      scaleTargetRef: { apiVersion, kind: kind.resource.kind, name: scaled },
      ...(least > 0 ? { minReplicas: least } : {}),
      maxReplicas: Number(lastOf(invocation, 'max') ?? 0),
      ...(metrics.length === 0 ? {} : { metrics }),
    },
  };
  return isOn(invocation, 'save-config') ? withSavedConfig(made) : made;
}

/** run --expose: a Service for the pod's labels, with the pod's port. */
export function madePodService(command: KubectlCommand): JsonObject | null {
  const { invocation } = command;
  const [name = ''] = invocation.args;
  const text = lastOf(invocation, 'labels') || null;
  const labels = commaPairs(text);
  const port = Number(lastOf(invocation, 'port') ?? Number.NaN);
  if ((text !== null && labels === null) || !Number.isSafeInteger(port) || isOn(invocation, 'save-config')) return null;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, ...(labels === null ? {} : { labels }) },
    spec: {
      ports: [{ port, protocol: 'TCP', targetPort: port }],
      selector: labels ?? { run: name },
    },
  };
}
