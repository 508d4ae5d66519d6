// The forge that the settings name becomes the port for review issues; the brand is named here.
import { giteaForge } from '../adapters/forge/gitea/forge.ts';
import type { ReviewForge } from '../ports/review-forge.ts';
import type { ForgeSettings } from './settings.ts';

/** Nothing is sent yet. Throws an Error that names the setting that is wrong. */
export function openForge(settings: ForgeSettings): ReviewForge {
  return giteaForge(settings);
}
