// Everyday commands in one namespace, in an order in which each finds what it needs, with the files that they name.

/** A command that changes something once, several times (an object each), or nothing that counts. */
export interface Everyday {
  readonly argv: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly counts: 'once' | 'several' | 'not';
}

const configMap = (name: string, value: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: value } });

const once = (line: string, files?: Everyday['files']): Everyday => ({
  argv: line.split(' '),
  counts: 'once',
  ...(files === undefined ? {} : { files }),
});
const several = (line: string): Everyday => ({ ...once(line), counts: 'several' });
const not = (line: string): Everyday => ({ ...once(line), counts: 'not' });

export const EVERYDAY: readonly Everyday[] = [
  once('scale deployment web --replicas=5'),
  once('scale deployment/web --replicas=0'),
  once('scale deployment/web --replicas=30'),
  once('set image deployment/web web=registry.example/web:2'),
  once('set env deployment/web A=b'),
  once('set resources deployment/web --limits=cpu=1'),
  once('set serviceaccount deployment/web default'),
  once('rollout restart deployment/web'),
  once('rollout pause deployment/web'),
  once('rollout resume deployment/web'),
  once('label deployment web team=a'),
  once('label deployment web team-'),
  once('annotate configmap app note=x'),
  once('annotate deployment web example.com/owner=x'),
  once('patch configmap app -p {"data":{"a":"2"}}'),
  once('patch deployment web --type=merge -p {"spec":{"replicas":2}}'),
  once('patch deployment web --type=json -p [{"op":"replace","path":"/spec/replicas","value":4}]'),
  once('create configmap other --from-literal=a=b'),
  once('create deployment more --image=registry.example/web:1'),
  once('create secret generic db --from-literal=password=hunter2'),
  once('create role reader --verb=get --resource=pods'),
  once('create rolebinding readers --role=reader --user=eve'),
  once('create serviceaccount robot'),
  once('expose deployment more --port=80'),
  once('autoscale deployment web --min=1 --max=3'),
  once('run once --image=registry.example/web:1'),
  once('apply -f a.json', { 'a.json': configMap('applied', '1') }),
  once('apply -f b.json', { 'b.json': configMap('applied', '2') }),
  once('apply --server-side -f c.json', { 'c.json': configMap('sided', '1') }),
  once('replace -f d.json', { 'd.json': configMap('other', '3') }),
  once('get secret db'),
  once('delete configmap other'),
  once('delete pod once --now'),
  once('delete deployment more --cascade=orphan'),
  once('delete -f a.json', { 'a.json': configMap('applied', '1') }),
  several('delete pods -l app=web'),
  several('delete configmaps applied sided --ignore-not-found'),
  several('get secrets'),
  not('get pods'),
  not('scale deployment web --replicas=6 --dry-run=server'),
  not('delete configmap app --dry-run=server'),
  not('delete deployment nosuch'),
  not('create configmap app --from-literal=a=b'),
  not('auth can-i delete pods'),
  not('diff -f e.json'),
];
