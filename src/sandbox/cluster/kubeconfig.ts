// A kubeconfig that leads kubectl and client libraries to the sandbox. JSON, which is YAML too.

/** The text of a kubeconfig for a server; the namespace is where commands without one go. */
export function kubeconfigFor(url: string, token: string | null, namespace: string): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'sandbox', cluster: { server: url } }],
    users: [{ name: 'sandbox-admin', user: token === null ? {} : { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'sandbox-admin', namespace } }],
    'current-context': 'sandbox',
    preferences: {},
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
