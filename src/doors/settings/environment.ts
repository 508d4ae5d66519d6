// Names of settings → their texts, from the environment or, of a secret, from the file that NAME_FILE names.
import { readFileSync } from 'node:fs';
import { Secret } from '../../ports/secret.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** The text of a setting by its name; null: it is not set. */
export type ReadVariable = (name: string) => string | null;

/** Every secret may come as NAME_FILE; these are the secrets. */
export const SECRETS = [
  'OTEL_EXPORTER_OTLP_HEADERS',
  'GITEA_API_TOKEN',
  'GITHUB_TOKEN',
  'GITLAB_TOKEN',
  'TELEGRAM_BOT_TOKEN',
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'BLASTGATE_TOKEN',
  'BLASTGATE_HOOK_SECRET',
  'OIDC_CLIENT_SECRET',
  'BLASTGATE_STORE',
] as const;

/** null: it is not set, or its file cannot be used, which is one of the problems then. */
export function readVariable(env: Env, name: string, problems: string[]): string | null {
  const direct = env[name] === '' ? undefined : env[name];
  const file = (SECRETS as readonly string[]).includes(name) ? env[`${name}_FILE`] : undefined;
  if (file === undefined || file === '') return direct ?? null;
  if (direct !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set; keep one`);
    return null;
  }
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text === '') problems.push(`${name}_FILE names an empty file: ${file}`);
    return text === '' ? null : text;
  } catch {
    problems.push(`${name}_FILE names a file that cannot be read: ${file}`);
    return null;
  }
}

/** true, false, 1 or 0; on where it is not set. */
export function readFlag(env: Env, name: string, problems: string[]): 'on' | 'off' {
  const text = readVariable(env, name, problems) ?? 'true';
  if (text === 'true' || text === '1') return 'on';
  if (text !== 'false' && text !== '0') problems.push(`${name} is "${text}"; write true, false, 1 or 0`);
  return 'off';
}

/** Off where it is not set. */
export function readSwitch(env: Env, name: string, problems: string[]): boolean {
  return (env[name] ?? '') !== '' && readFlag(env, name, problems) === 'on';
}

/** A text that must not be shown; null stays null. */
export function secretOf(text: string | null): Secret | null {
  return text === null ? null : new Secret(text);
}
