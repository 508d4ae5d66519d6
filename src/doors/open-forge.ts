// The forge that the settings name becomes the port for review issues; the brands are named here.
import { type ForgeHookOptions, forgeHook } from '../adapters/forge/signed-hook.ts';
import type { ReviewForge } from '../ports/review-forge.ts';
import type { Secret } from '../ports/secret.ts';
import type { WebhookSource } from '../ports/webhook.ts';
import type { ForgeSettings } from './settings/forge.ts';

/** Where a forge sends hints, and how it proves that it is the forge. */
const HOOKS: { readonly [C in ForgeSettings['channel']]: Pick<ForgeHookOptions, 'path' | 'proof'> } = {
  gitea: { path: '/hooks/gitea', proof: { kind: 'hmac', header: 'x-gitea-signature', prefix: '' } },
  github: { path: '/hooks/github', proof: { kind: 'hmac', header: 'x-hub-signature-256', prefix: 'sha256=' } },
  gitlab: { path: '/hooks/gitlab', proof: { kind: 'secret', header: 'x-gitlab-token' } },
};

/** `wake` is called for each delivery that is proven. */
export function openForgeHook(channel: ForgeSettings['channel'], secret: Secret, wake: () => void): WebhookSource {
  return forgeHook({ ...HOOKS[channel], secret, wake });
}

/** Nothing is sent yet; the code of one forge alone is loaded. Throws an Error that names the setting that is wrong. */
export async function openForge(settings: ForgeSettings): Promise<ReviewForge> {
  switch (settings.channel) {
    case 'gitea':
      return (await import('../adapters/forge/gitea/forge.ts')).giteaForge(settings);
    case 'github':
      return (await import('../adapters/forge/github/forge.ts')).githubForge(settings);
    case 'gitlab':
      return (await import('../adapters/forge/gitlab/forge.ts')).gitlabForge(settings);
    default:
      return settings satisfies never;
  }
}
