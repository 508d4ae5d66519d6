// The settings of an issuer become the one who vouches for people that log in with a browser.
import { oidcProvider } from '../adapters/oidc/provider.ts';
import type { IdentityProvider } from '../ports/identity-provider.ts';
import type { OidcSettings } from './settings/login.ts';

export function openIdentityProvider(settings: OidcSettings): IdentityProvider {
  return oidcProvider(settings);
}
