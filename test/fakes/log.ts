// A log that remembers, for tests.
import type { Log, LogFields } from '../../src/ports/log.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: LogFields;
}

export const memoryLog = (): Log & { readonly lines: readonly LogLine[] } => {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (event: string, fields: LogFields) => {
    lines.push({ level, event, fields });
  };
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
};
