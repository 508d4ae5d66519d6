// An OpenID Connect issuer as the one who vouches for people: code flow with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1).
import * as client from 'openid-client';
import { instant } from '../../core/model/instant.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { IdentityProvider, ProvenLogin } from '../../ports/identity-provider.ts';
import type { Secret } from '../../ports/secret.ts';

export interface OidcIssuer {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret | null;
  readonly redirectUrl: string;
}

/** Seconds for one answer of the issuer, and by which its clock may differ from ours. */
const [TIMEOUT_SECONDS, SKEW_SECONDS] = [10, 60];
/** Seconds that a person who is asked again may take. */
const AGAIN_SECONDS = 300;
const SCOPE = 'openid email';

/** The issuer is asked what it offers with the first login, and again after a failure. */
export function oidcProvider(settings: OidcIssuer): IdentityProvider {
  let found: Promise<client.Configuration> | null = null;
  const configuration = async (): Promise<client.Configuration> => {
    found ??= discover(settings);
    try {
      return await found;
    } catch (error) {
      found = null;
      throw error;
    }
  };
  return {
    begin: (again) =>
      asPeer(async () => {
        const config = await configuration();
        const attempt = {
          state: client.randomState(),
          nonce: client.randomNonce(),
          verifier: client.randomPKCECodeVerifier(),
        };
        const url = client.buildAuthorizationUrl(config, {
          redirect_uri: settings.redirectUrl,
          scope: SCOPE,
          state: attempt.state,
          nonce: attempt.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
          code_challenge_method: 'S256',
          ...(again ? { prompt: 'login', max_age: '0' } : {}),
        });
        return { url: url.href, attempt };
      }),
    finish: (query, { state, nonce, verifier }, again) =>
      asPeer(async () => {
        const config = await configuration();
        // What our own address is does not hang on what the request says.
        const address = new URL(settings.redirectUrl);
        address.search = query;
        const tokens = await client.authorizationCodeGrant(config, address, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
          ...(again ? { maxAge: AGAIN_SECONDS } : {}),
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new AdapterError('invalid-answer', 'The issuer sent no ID token.');
        return provenBy(config, claims, tokens.access_token);
      }),
    endSessionUrl: async () => {
      try {
        const config = await configuration();
        if (config.serverMetadata().end_session_endpoint === undefined) return null;
        const home = new URL('/', settings.redirectUrl).href;
        return client.buildEndSessionUrl(config, { post_logout_redirect_uri: home }).href;
      } catch {
        return null;
      }
    },
  };
}

const discover = async ({ issuer, clientId, clientSecret }: OidcIssuer): Promise<client.Configuration> => {
  const metadata = { [client.clockTolerance]: SKEW_SECONDS };
  const auth = clientSecret === null ? client.None() : client.ClientSecretPost(clientSecret.reveal());
  const config = await client.discovery(new URL(issuer), clientId, metadata, auth, {
    timeout: TIMEOUT_SECONDS,
    // Settings take plain http for loopback alone.
    execute: issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
  });
  // The signature counts, not only the way on which the token came.
  client.enableNonRepudiationChecks(config);
  return config;
};

/** The address counts only where this issuer says, in so many words, that it has verified it. */
const provenBy = async (
  config: client.Configuration,
  claims: client.IDToken,
  accessToken: string,
): Promise<ProvenLogin> => {
  const isAsked = claims['email'] === undefined && config.serverMetadata().userinfo_endpoint !== undefined;
  const info = isAsked ? await client.fetchUserInfo(config, accessToken, claims.sub) : claims;
  const { email, email_verified: isVerified } = info;
  const accounts = [
    `${claims.iss}#${claims.sub}`,
    ...(typeof email === 'string' && isVerified === true ? [email] : []),
  ];
  return { accounts, proven: claims.auth_time === undefined ? null : instant(claims.auth_time * 1000) };
};

const asPeer = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    throw errorOf(error);
  }
};

const errorOf = (error: unknown): AdapterError => {
  if (error instanceof AdapterError) return error;
  if (error instanceof client.AuthorizationResponseError)
    return new AdapterError('refused', `The issuer says ${error.error}.`, { reason: error.error });
  if (error instanceof client.ResponseBodyError)
    return new AdapterError(error.status >= 500 ? 'no-answer' : 'refused', `The issuer says ${error.error}.`, {
      reason: error.error,
    });
  const { message, code } = error as Error & { readonly code?: string };
  if (isUnheard(error)) return new AdapterError('no-answer', 'The issuer does not answer.');
  return new AdapterError('invalid-answer', `The issuer's answer does not count: ${message}`, {
    ...(code === undefined ? {} : { reason: code }),
  });
};

/** A connection that failed, a time that is over, or a status that says so. */
const isUnheard = (error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError' || cause.name === 'AbortError' || cause.message === 'fetch failed') return true;
    if (cause.cause instanceof Response) return cause.cause.status >= 500;
  }
  return false;
};
