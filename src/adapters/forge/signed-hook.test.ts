// A delivery wakes the poller only where it is proven, and whatever it says is believed by nobody.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { Secret } from '../../ports/secret.ts';
import { forgeHook, type HookProof } from './signed-hook.ts';

const BODY = Buffer.from('{"action":"created","comment":{"body":"/approve 0123456789ab"}}');
const hex = (secret: string, body: Uint8Array = BODY): string =>
  createHmac('sha256', secret).update(body).digest('hex');

const GITEA: HookProof = { kind: 'hmac', header: 'x-gitea-signature', prefix: '' };
const GITHUB: HookProof = { kind: 'hmac', header: 'x-hub-signature-256', prefix: 'sha256=' };
const GITLAB: HookProof = { kind: 'secret', header: 'x-gitlab-token' };

const ROWS: readonly (readonly [what: string, proof: HookProof, header: string | null, isProven: boolean])[] = [
  ['Gitea, signed', GITEA, hex('s'), true],
  ['Gitea, by another secret', GITEA, hex('other'), false],
  ['Gitea, of another body', GITEA, hex('s', Buffer.from('x')), false],
  ['Gitea, with the prefix of another forge', GITEA, `sha256=${hex('s')}`, false],
  ['GitHub, signed', GITHUB, `sha256=${hex('s')}`, true],
  ['GitHub, without the prefix', GITHUB, hex('s'), false],
  ['GitHub, in capitals', GITHUB, `sha256=${hex('s').toUpperCase()}`, false],
  ['GitHub, by the older SHA-1', GITHUB, `sha1=${createHmac('sha1', 's').update(BODY).digest('hex')}`, false],
  ['GitHub, cut short', GITHUB, `sha256=${hex('s').slice(0, 40)}`, false],
  ['GitHub, empty', GITHUB, '', false],
  ['GitLab, the secret', GITLAB, 's', true],
  ['GitLab, another', GITLAB, 'S', false],
  ['GitLab, the secret and white space, which HTTP takes away', GITLAB, 's ', true],
  ['nothing', GITHUB, null, false],
];

for (const [what, proof, header, isProven] of ROWS)
  test(`${what}: ${isProven ? 'heard' : 'refused'}`, async () => {
    let woken = 0;
    const wake = (): void => {
      woken += 1;
    };
    const hook = forgeHook({ path: '/hooks/x', proof, secret: new Secret('s'), wake });
    const headers = new Headers(header === null ? {} : { [proof.header]: header });
    const received = await hook.receive({ headers, body: BODY }, () => null);
    assert.deepEqual([received.kind, woken], isProven ? ['accepted', 1] : ['refused', 0]);
  });

test('whoever cannot prove it uses up nobody else’s share', async () => {
  let counted = 0;
  const hook = forgeHook({ path: '/hooks/x', proof: GITLAB, secret: new Secret('s'), wake: () => {} });
  const admit = (): number => {
    counted += 1;
    return 7;
  };
  const send = (token: string) =>
    hook.receive({ headers: new Headers({ 'x-gitlab-token': token }), body: BODY }, admit);
  assert.equal((await send('wrong')).kind, 'refused');
  assert.equal(counted, 0);
  assert.deepEqual(await send('s'), { kind: 'later', status: 429, retryAfterSeconds: 7 });
});
