// Does one thing in a cluster as a JavaScript program of anybody would: the official client. Prints a line of JSON.
//   act.ts NAMESPACE VERB NAME ARGUMENT      the cluster is that of $KUBECONFIG
import {
  ApiException,
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
  Watch,
} from '@kubernetes/client-node';

const [namespace = '', verb = '', name = '', argument = ''] = process.argv.slice(2);
const config = new KubeConfig();
config.loadFromDefault();
const [core, apps] = [config.makeApiClient(CoreV1Api), config.makeApiClient(AppsV1Api)];

/** Until the config map is seen. */
const watched = async (): Promise<object> => {
  const { promise, resolve, reject } = Promise.withResolvers<object>();
  const seen = (_: string, object: V1ConfigMap): void => {
    if (object.metadata?.name === name) resolve({ name });
  };
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const watch = await new Watch(config).watch(path, {}, seen, (error) =>
    reject(error ?? new Error('the watch has ended')),
  );
  const outcome = await promise;
  watch.abort();
  return outcome;
};

const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

const ACTS: { readonly [verb: string]: () => Promise<object> } = {
  get: async () => {
    const { metadata, spec } = await apps.readNamespacedDeployment({ namespace, name });
    return { name: metadata?.name, replicas: spec?.replicas };
  },
  list: async () => ({ count: (await core.listNamespacedConfigMap({ namespace })).items.length }),
  watch: watched,
  create: async () => {
    const body = { metadata: { name, labels: { 'made-by': 'javascript' } }, data: { greeting: argument } };
    const { metadata } = await core.createNamespacedConfigMap({ namespace, body });
    return { name: metadata?.name };
  },
  patch: async () => {
    const body = { data: { greeting: argument } };
    const { metadata } = await core.patchNamespacedConfigMap({ namespace, name, body }, merge);
    return { name: metadata?.name };
  },
  scale: async () => {
    const body = { spec: { replicas: Number(argument) } };
    const { metadata, spec } = await apps.patchNamespacedDeploymentScale({ namespace, name, body }, merge);
    return { name: metadata?.name, replicas: spec?.replicas };
  },
  note: async () => {
    const body = { metadata: { annotations: { note: argument } } };
    const { metadata } = await apps.patchNamespacedDeployment({ namespace, name, body }, merge);
    return { name: metadata?.name };
  },
  secrets: async () => ({ count: (await core.listNamespacedSecret({ namespace })).items.length }),
  delete: async () => {
    await core.deleteNamespacedConfigMap({ namespace, name, gracePeriodSeconds: 0 });
    return { name };
  },
};

/** What a Status says; anything else is a mistake of this program. */
const refusal = (error: unknown): object => {
  if (!(error instanceof ApiException)) throw error;
  // as: the API answers with a Status, and the client hands over its text.
  const { reason, message } = JSON.parse(String(error.body)) as { readonly reason?: string; readonly message?: string };
  return { code: error.code, reason, message };
};

const act = ACTS[verb];
if (act === undefined) throw new Error(`no verb ${verb}`);
process.stdout.write(`${JSON.stringify(await act().catch(refusal))}\n`);
