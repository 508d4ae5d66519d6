// Whether this account may write here, asked by a dry run of a ConfigMap; exit code 0 where it is as EXPECT says ("refused",
// "allowed"). Reading must work for both. Run by `helm test`, as an agent and as somebody who is none.
import { readFileSync } from 'node:fs';

const { EXPECT: expected, NAMESPACE: namespace, GUARD: guard, READY_URL: readyUrl } = process.env;
const at = process.env.ACCOUNT_DIR ?? '/var/run/secrets/kubernetes.io/serviceaccount';
const host = process.env.KUBERNETES_SERVICE_HOST ?? '';
const base =
  process.env.API_SERVER ?? `https://${host.includes(':') ? `[${host}]` : host}:${process.env.KUBERNETES_SERVICE_PORT}`;
const collection = `${base}/api/v1/namespaces/${namespace}/configmaps`;
const headers = {
  authorization: `Bearer ${readFileSync(`${at}/token`, 'utf8').trim()}`,
  'content-type': 'application/json',
};
const signal = AbortSignal.timeout(30_000);

const fail = (why) => {
  process.stderr.write(`${why}\n`);
  process.exit(1);
};

const read = await fetch(`${collection}?limit=1`, { headers, signal }).catch((error) =>
  fail(`the API server does not answer: ${error.cause?.message ?? error.message}`),
);
if (!read.ok) fail(`to read answered ${read.status}: ${await read.text()}`);
const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'blastgate-test-' } });
const write = await fetch(`${collection}?dryRun=All`, { method: 'POST', headers, body, signal });
const said = await write.text();
if (write.status !== 201 && write.status !== 403 && write.status !== 422)
  fail(`the write answered ${write.status}: ${said}`);
const is = write.status === 201 ? 'allowed' : 'refused';
if (is !== expected) fail(`the write was ${is}, and should be ${expected}: ${said}`);
if (guard && is === 'refused' && !said.includes(guard)) fail(`the write was refused, but not by ${guard}: ${said}`);
if (readyUrl) {
  const ready = await fetch(readyUrl, { signal }).catch((error) =>
    fail(`the gate does not answer: ${error.cause?.message ?? error.message}`),
  );
  if (!ready.ok) fail(`the gate is not ready: ${await ready.text()}`);
}
process.stdout.write(`to read works; the write is ${is}, as it should be\n`);
