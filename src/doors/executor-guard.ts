// Where the gate answers, and its CA → the webhook by which the API server asks it before the gate's own account writes.

/** `url` ends in /admission, or in /admission/NAME of one of several clusters; one of a Service ("gate.ns.svc") is called by its name, whatever its address. */
export interface ExecutorGuard {
  readonly url: string;
  readonly caPem: string;
  /** The user whose requests are asked about, and nobody else's. */
  readonly account: string;
}

const SELF_REVIEWS =
  "!(request.operation == 'CREATE' && !has(request.subResource) && request.resource.resource in ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews'])";

const clientConfigOf = ({ url, caPem }: ExecutorGuard): object => {
  const { hostname, port, pathname } = new URL(url);
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc$/.exec(hostname) ?? [];
  const caBundle = Buffer.from(caPem).toString('base64');
  if (name === undefined || namespace === undefined) return { url, caBundle };
  return { service: { name, namespace, port: Number(port || 443), path: pathname }, caBundle };
};

/** A ValidatingWebhookConfiguration, as kubectl applies it. */
export function executorGuard(guard: ExecutorGuard): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'blastgate-guard-executor' },
    webhooks: [
      {
        name: 'executor.guard.blastgate.io',
        clientConfig: clientConfigOf(guard),
        rules: [
          {
            apiGroups: ['*'],
            apiVersions: ['*'],
            resources: ['*/*'],
            operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
            scope: '*',
          },
        ],
        matchConditions: [
          { name: 'is-the-executor', expression: `request.userInfo.username == '${guard.account}'` },
          { name: 'asks-not-about-itself', expression: SELF_REVIEWS },
        ],
        matchPolicy: 'Exact',
        failurePolicy: 'Fail',
        timeoutSeconds: 5,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
}
