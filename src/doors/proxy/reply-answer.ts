// The API server's own answer to a write → the same for the client, but for what it shows of a Secret, with what the gate adds to it.
import type { ApiReply } from '../../core/model/api-reply.ts';
import { showsSecret, statusWithoutSecret } from '../../core/model/secret-status.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import type { ArrivedWrite } from './arrived-write.ts';
import type { ProxyAnswer } from './status.ts';
import { withoutSecrets } from './written-object.ts';

/** Of a write that is done. */
export function writtenReply(reply: ApiReply, { id, spec, decision }: Remediation): ProxyAnswer {
  const tier = decision?.tier ?? spec.tier;
  return withWarning(reply, `${id}, score ${spec.blastRadiusScore ?? 'none'}, ${tier}`);
}

/** Of a change of what is so already. */
export function unchangedReply(reply: ApiReply): ProxyAnswer {
  return withWarning(reply, 'it is so already; nothing was written');
}

/** Its no. */
export function refusedReply(no: ApiReply, { target }: ArrivedWrite): ProxyAnswer {
  const path = `/${target.segments.join('/')}`;
  return asItIs(showsSecret(path, no.status) ? { ...no, body: statusWithoutSecret(no.body, no.status) } : no);
}

/** kubectl prints a Warning on stderr; a header is ASCII, so it is English. */
const withWarning = (reply: ApiReply, text: string): ProxyAnswer => {
  const { status, headers, body } = asItIs(reply);
  return { status, headers: { ...headers, warning: `299 - "blastgate: ${text}"` }, body };
};

const asItIs = ({ status, auditId, body }: ApiReply): ProxyAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...(auditId === null ? {} : { 'audit-id': auditId }) },
  body: `${JSON.stringify(withoutSecrets(body))}\n`,
});
