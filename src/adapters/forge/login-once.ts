// Whose token it is, asked once: it does not change, nor does what the token may say.
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ForgeApi } from './forge-api.ts';

/** null: the token may not say (403), which is remembered. Throws AdapterError where the forge is in trouble: whose it is, is not known then. */
export function loginOnce(ask: (signal: AbortSignal) => Promise<string>): ForgeApi['readLogin'] {
  let known: { readonly login: string | null } | null = null;
  return async (signal) => {
    if (known !== null) return known.login;
    try {
      known = { login: await ask(signal) };
      return known.login;
    } catch (thrown) {
      if (!(thrown instanceof AdapterError) || thrown.status !== 403) throw thrown;
      known = { login: null };
      return null;
    }
  };
}
