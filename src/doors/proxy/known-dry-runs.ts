// The API server as the proxy asks it → the same, whose dry runs by the gate's own account are known while they last (flow/requests/trials.ts).
import type { Trials } from '../../flow/requests/trials.ts';
import type { Upstream } from '../upstream.ts';
import { resourcePath } from './route.ts';

/** Where admission asks about that account, a dry run that is not known is refused (deploy/guard-executor.yaml). */
export function withKnownDryRuns(upstream: Upstream, trials: Trials): Upstream {
  return {
    ...upstream,
    dryRun: (request, signal) => {
      const [path = ''] = request.path.split('?');
      const object = resourcePath(path.split('/').filter(Boolean).map(decodeURIComponent));
      return trials.during(object === null ? [] : [object], () => upstream.dryRun(request, signal));
    },
  };
}
