// The chat's contract over every adapter.
import { TelegramChat } from '../../src/adapters/chat/telegram/chat.ts';
import { Secret } from '../../src/ports/secret.ts';
import { startSandboxChat } from '../../src/sandbox/chat/start.ts';
import { MemoryChat } from '../fakes/chat.ts';
import { chatContract } from './chat.ts';

const CHATS = ['-1001', '-1002'] as const;

chatContract('memory', async () => {
  const chat = new MemoryChat(CHATS);
  return {
    chat,
    chats: CHATS,
    elsewhere: '77',
    write: (from, text, nature, where, at) => {
      const sender = nature === 'anonymous' ? null : String(from);
      chat.say({ at: new Date(at * 1000).toISOString(), chat: where, from: sender, nature, text });
    },
    said: () => chat.said(),
    stop: async () => {},
  };
});

chatContract('Telegram adapter on the sandbox chat', async () => {
  const sandbox = await startSandboxChat({ chats: CHATS.map(Number) });
  const chat = new TelegramChat({
    apiRoot: sandbox.apiRoot,
    token: new Secret(sandbox.token),
    chats: CHATS,
    pollSeconds: 5,
  });
  return {
    chat,
    chats: CHATS,
    elsewhere: '77',
    write: (id, text, nature, where, at) => {
      // Telegram has no guests.
      const how = nature === 'other-chat' || nature === 'guest' ? 'message' : nature;
      sandbox.say({ from: { id, name: 'Ana' }, text, nature: how, chat: Number(where), at });
    },
    said: () => sandbox.said().map(({ chat: where, text }) => ({ chat: String(where), text })),
    stop: () => sandbox.close(),
  };
});
