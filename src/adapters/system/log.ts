// Log lines on stderr: JSON, or one readable line each on a terminal.
import { pino } from 'pino';
import { maskTexts } from '../../core/text/mask.ts';
import type { Log, LogFields } from '../../ports/log.ts';

type Level = 'info' | 'warn' | 'error';

/** `json` for machines, `text` for a person at a terminal. */
export function stderrLog(as: 'json' | 'text'): Log {
  const write = as === 'json' ? jsonWriter() : textWriter;
  return maskedLog({
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
  });
}

/** The same log, whose fields lose what is a secret by its shape: errors quote what they are about. */
export function maskedLog(log: Log): Log {
  return {
    info: (event, fields) => log.info(event, maskTexts(fields)),
    warn: (event, fields) => log.warn(event, maskTexts(fields)),
    error: (event, fields) => log.error(event, maskTexts(fields)),
  };
}

const jsonWriter = (): ((level: Level, event: string, fields: LogFields) => void) => {
  const logger = pino(
    {
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ fd: 2, sync: true }),
  );
  return (level, event, fields) => logger[level](fields, event);
};

/** "20:14:03 WARN gitops_issue_create_failed incident=INC-1 error=…" */
const textWriter = (level: Level, event: string, fields: LogFields): void => {
  const words = Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? visibleWord(value) : JSON.stringify(value)}`);
  const mark = level === 'info' ? '' : `${level.toUpperCase()} `;
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${mark}${event} ${words.join(' ')}\n`);
};

const visibleWord = (text: string): string =>
  /^[\w./:@+-]+$/.test(text)
    ? text
    : JSON.stringify(text).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '?');
