// The stories on a real control plane with a real Gitea. Only the chat is a small one: there is no other on loopback.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { type GateOnStage, openGate } from '../../src/doors/demo/open-gate.ts';
import type { Stage } from '../../src/doors/demo/stage.ts';
import { STORIES } from '../../src/doors/demo/stories.ts';
import { type SandboxChat, startSandboxChat } from '../../src/sandbox/chat/start.ts';
import { writesOf } from '../servers/audit-log.ts';
import { type Gitea, sharedGitea } from '../servers/gitea.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { playAll } from './play-all.ts';
import { NAMESPACES, prepareCluster } from './prepare-cluster.ts';

// Pods are simulated here: nothing in them reads its settings.
const WITHOUT_PROGRAMS = STORIES.filter(({ place }) => place.configMap === null);

describe('on a real control plane with a real Gitea', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-stories-'));
  let cluster: ControlPlane;
  let gitea: Gitea;
  let chat: SandboxChat;
  let gate: GateOnStage;
  before(async () => {
    [cluster, gitea, chat] = await Promise.all([sharedControlPlane(), sharedGitea(), startSandboxChat()]);
    await prepareCluster(cluster);
    const kubeconfigPath = cluster.kubeconfigPath('gate');
    gate = await openGate({ folder, kubeconfigPath, forge: gitea, chat, env: {} });
  });
  after(async () => {
    await gate.stop();
    await Promise.all([cluster.stop(), gitea.stop(), chat.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const stage = (): Stage => ({
    gateUrl: gate.url,
    tokens: gate.tokens,
    forge: gitea,
    chatRoot: chat.apiRoot,
    readCluster: async (path) => {
      const { status, body } = await cluster.request('admin', 'GET', path);
      assert.equal(status, 200, `GET ${path}: ${JSON.stringify(body)}`);
      return body;
    },
  });
  playAll(
    () => ({
      stage: stage(),
      tell: () => {},
      written: () =>
        writesOf(cluster.auditLogPath, 'gate')
          .filter(({ objectRef }) => NAMESPACES.includes(objectRef?.namespace ?? ''))
          .filter(({ requestURI, responseStatus }) => !requestURI.includes('dryRun=All') && responseStatus.code < 300)
          .map(({ objectRef }) => `${objectRef?.namespace}/${objectRef?.name}`),
    }),
    WITHOUT_PROGRAMS,
  );
});
