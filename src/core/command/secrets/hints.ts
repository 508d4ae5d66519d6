// A quick look at a text: may it hold a secret at all? Most commands do not, and are read no further.
import { MAX_DEPTH } from '../../model/json.ts';
import { CLIENTS, readsSecret } from './clients.ts';

/** Words of names that are secrets; signs of a shape; escapes that may spell either; what only the cluster knows. */
const HINT =
  /passw|passph|passc|pswd|secret|token|credential|api.?key|bearer|basic|cookie|stringdata|private|signing|encryption|authoriz|nonce|pepper|requirep|masteru|mastera|storep|keypass|conn(?:ection)?.?str|identified|:\/\/|eyj|akia|asia|gh[pousr]_|github_pat|gl[a-z]+-|xox|xapp|[srp]k_|whsec|sk-|aiza|ya29|gocspx|hv[sbr]\.|npm_|pypi-|dckr_|do[opr]_|sg\.|shp|gls?[ac]_|hf_|pul-|xkeysib|sntrys|dapi|atatt|age-s|pmak|nrak|lin_api|figd|tfp_|atlasv1|:aa|hooks|\/env\/|<<|\\[ux0-7]|[$`][^\s=]*=|(?:^|[^a-z])(?:pw|pwd|pass|pin|pat|otp|totp|psk|sas|sig|sk|key|keys|jwt|creds?|auths?|dsn|salt|hmac|userpass|authkey|signature)(?![a-z])/i;
/** The same in names such as appSk. */
const CAMEL_HINT =
  /[a-z](?:Pw|Pwd|Pass|Pin|Pat|Otp|Totp|Psk|Sas|Sig|Sk|Key|Keys|Jwt|Creds?|Auths?|Dsn|Salt|Hmac|Signature)(?![a-z])/;

/** Verbs of kubectl that run nothing inside a container. */
const PLAIN_VERBS =
  /^kubectl (?:get|describe|scale|rollout|delete|logs|top|cordon|uncordon|drain|taint|autoscale|expose|label|annotate|explain|wait|cp|apply|diff|set|patch|edit|replace|events|auth|version|api-resources|api-versions|cluster-info|port-forward) /;

const PLAIN_TEXT = /^[\w@%+=:,./ -]*$/;

const WORD = /[\w.-]+/g;

const isClient = (word: string): boolean => CLIENTS.has(word) || readsSecret(word, []);

const namesClient = (text: string): boolean => {
  for (const [word] of text.matchAll(WORD)) if (isClient(word)) return true;
  return false;
};

/** More brackets open than any object has levels: what may stand that deep is not read, and not shown. */
export function isNestedTooDeep(text: string): boolean {
  return text.length > MAX_DEPTH && text.split(/[[{]/, MAX_DEPTH + 2).length > MAX_DEPTH + 1;
}

/** Nothing in the text can be a secret that is found by a name, a shape or a client. */
export function holdsNone(text: string): boolean {
  if (isNestedTooDeep(text)) return false;
  const bare = /['"\\]/.test(text) ? text.replace(/['"]|\\(?![ux0-7])/g, '') : text;
  if (HINT.test(bare) || CAMEL_HINT.test(bare)) return false;
  return (PLAIN_VERBS.test(text) && PLAIN_TEXT.test(text)) || !namesClient(bare);
}
