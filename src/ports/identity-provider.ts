// Who vouches for a person that logs in with a browser.
import type { Instant } from '../core/model/instant.ts';

/** What the browser keeps while its person is at the issuer: only the one who began a login can end it. */
export interface LoginAttempt {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
}

export interface ProvenLogin {
  /** What people.yaml may map (`accounts.oidc`): "ISSUER#SUBJECT", then the e-mail address where the issuer has verified it. */
  readonly accounts: readonly string[];
  /** When the issuer asked the person last who they are; null: it does not say. */
  readonly proven: Instant | null;
}

export interface IdentityProvider {
  /** Where the browser is sent. `again`: the person is asked who they are, also where they are logged in there. Throws AdapterError. */
  begin(again: boolean): Promise<{ readonly url: string; readonly attempt: LoginAttempt }>;
  /**
   * `query` came back with the browser ("?code=…"). Throws AdapterError: `no-answer`, `refused` (the issuer says no; reason),
   * `invalid-answer` (it is none of this login, or not what the issuer may say).
   */
  finish(query: string, attempt: LoginAttempt, again: boolean): Promise<ProvenLogin>;
  /** Where the browser ends the session at the issuer too; null: it offers none, or cannot be asked. */
  endSessionUrl(): Promise<string | null>;
}
