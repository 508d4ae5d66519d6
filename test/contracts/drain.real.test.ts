// Drains of a real Kubernetes control plane, with no more rights than a gate has.
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import { writesOf } from '../servers/audit-log.ts';
import { startControlPlane } from '../servers/kubernetes.ts';
import { portsOf } from '../support/cluster-under-test.ts';
import { drainContract } from './drain.ts';

drainContract('a real control plane', async () => {
  const plane = await startControlPlane();
  const opened = await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });
  const faults = new Map<string, 500 | 429 | 'drop-before' | 'drop-after'>();
  const send: typeof opened.send = async (request, aborted) => {
    const isEviction = request.method === 'POST' && request.path.endsWith('/eviction') && !('dryRun' in request.query);
    const pod = isEviction ? [...faults.keys()].find((one) => request.path.includes(`/pods/${one}`)) : undefined;
    const how = faults.get(pod ?? '');
    if (pod === undefined || how === undefined) return opened.send(request, aborted);
    faults.delete(pod);
    if (how === 'drop-after') await opened.send(request, aborted);
    if (typeof how === 'string') throw new AdapterError('no-answer', 'the connection was cut');
    throw new AdapterError('refused', `told to answer ${how}`, { status: how, retryAfterSeconds: 1 });
  };
  return {
    ...portsOf({ ...opened, send }),
    call: (...call) => plane.request('admin', ...call),
    granted: async (namespace) =>
      writesOf(plane.auditLogPath, 'gate')
        .filter(({ objectRef }) => objectRef?.namespace === namespace && objectRef.subresource === 'eviction')
        .filter(({ responseStatus, requestURI }) => responseStatus.code < 300 && !requestURI.includes('dryRun'))
        .map(({ objectRef }) => objectRef?.name ?? ''),
    failNextEviction: (pod, how) => void faults.set(pod, how),
    stop: plane.stop,
  };
});
