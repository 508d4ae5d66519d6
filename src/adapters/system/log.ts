// Log lines on stderr: JSON, or one readable line each on a terminal. Whatever others wrote into a field, it is shown and
// does nothing (test/faults/unseen.test.ts).
import { pino } from 'pino';
import { visible, visibleJson } from '../../core/text/escape.ts';
import { maskTexts } from '../../core/text/mask.ts';
import type { Log, LogFields } from '../../ports/log.ts';

type Level = 'info' | 'warn' | 'error';

/** Synchronous, so that nothing is lost when the process ends. */
const toStderr = (): ((line: string) => void) => {
  const stderr = pino.destination({ fd: 2, sync: true });
  return (line) => void stderr.write(line);
};

/** `json` for machines, `text` for a person at a terminal; `sink` takes whole lines with their end. */
export function stderrLog(as: 'json' | 'text', sink: (line: string) => void = toStderr()): Log {
  const write = as === 'json' ? jsonWriter(sink) : textWriter(sink);
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

type Write = (level: Level, event: string, fields: LogFields) => void;

const jsonWriter = (sink: (line: string) => void): Write => {
  const logger = pino(
    {
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => sink(visibleJson(line)) },
  );
  return (level, event, fields) => logger[level](fields, event);
};

/** "20:14:03 WARN gitops_issue_create_failed incident=INC-1 error=…" */
const textWriter =
  (sink: (line: string) => void): Write =>
  (level, event, fields) => {
    const words = Object.entries(fields)
      .filter(([, value]) => value !== null)
      .map(
        ([name, value]) => `${name}=${typeof value === 'string' ? word(value) : visibleJson(JSON.stringify(value))}`,
      );
    const mark = level === 'info' ? '' : `${level.toUpperCase()} `;
    sink(`${new Date().toISOString().slice(11, 19)} ${mark}${event} ${words.join(' ')}\n`);
  };

const word = (text: string): string => (/^[\w./:@+-]+$/.test(text) ? text : visible(visibleJson(JSON.stringify(text))));
