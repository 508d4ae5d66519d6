// The real `serve` beside a sandbox cluster and a chat that live on when it is killed.
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandboxChat } from '../../src/sandbox/chat/start.ts';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { openGateProcess } from './gate-process.ts';

/** A second of the test is this many of the gate and of the cluster's machinery. */
const SPEED = 20;
const TELEGRAM_TOKEN = '1:kill-test';

export const startRealGate = async () => {
  const cluster = await startSandboxCluster({ speed: SPEED });
  const chat = await startSandboxChat({ token: TELEGRAM_TOKEN, chats: [-1001] });
  const gate = openGateProcess({
    kubeconfig: cluster.kubeconfig(),
    speed: SPEED,
    windowSeconds: 120,
    env: { TELEGRAM_BOT_TOKEN: TELEGRAM_TOKEN, TELEGRAM_CHAT_ID: '-1001', TELEGRAM_API_ROOT: chat.apiRoot },
  });
  return {
    ...gate,
    cluster,
    chat,
    stop: async (): Promise<void> => {
      await gate.kill();
      await chat.close();
      await cluster.stop();
      await gate.stop();
    },
    rest: (ms: number) => sleep(ms),
  };
};
export type RealGate = Awaited<ReturnType<typeof startRealGate>>;
