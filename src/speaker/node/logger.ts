import { pino } from 'pino';
import type { LogRecord } from '../monitor/log.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** JSON lines, one a record, by level; `write` gets each as a text with its line end. */
export function createLogger(
  name: string,
  level: (typeof logLevels)[number],
  write: (line: string) => void,
): (record: LogRecord) => void {
  const logger = pino(
    {
      name,
      level,
      base: { name },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    { write },
  );
  return ({ level: at, event, message, neighbor, fields }) =>
    logger[at]({ event, ...(neighbor === undefined ? {} : { neighbor }), ...fields }, message);
}
