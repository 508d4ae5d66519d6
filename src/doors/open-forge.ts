// The forge that the settings name becomes the port for review issues; the brands are named here.
import type { ReviewForge } from '../ports/review-forge.ts';
import type { ForgeSettings } from './settings.ts';

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
