import type { Neighbor } from '../neighbor/neighbor.ts';
import { notificationWords } from '../session/notification-words.ts';
import type { SpeakerNote } from '../speaker.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line of the log, and one event of the API: words for people and fields for programs. Never holds a password. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly event: string;
  readonly message: string;
  readonly neighbor?: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

export function logRecord(neighbor: Neighbor | null, note: SpeakerNote): LogRecord {
  const who = neighbor ? { neighbor: neighbor.name } : {};
  const record = (level: LogLevel, message: string, fields: LogRecord['fields'] = {}): LogRecord => ({
    level,
    event: note.kind,
    message,
    ...who,
    fields,
  });
  switch (note.kind) {
    case 'state':
      return record(
        'debug',
        `${note.from} -> ${note.to} (${note.event}${note.words === '' ? '' : `: ${note.words}`})`,
        {
          from: note.from,
          to: note.to,
          cause: note.event,
        },
      );
    case 'sent':
    case 'received': {
      const { code, subcode } = note.notification;
      const words = neighbor
        ? notificationWords(neighbor, note.kind, note.notification, note.words)
        : note.words;
      return record('warn', `NOTIFICATION ${note.kind}: ${words}`, { code, subcode });
    }
    case 'up': {
      const { agreement } = neighbor?.session ?? {};
      return record(
        'info',
        `session is up (AS ${agreement?.theirs.asn ?? '?'}, hold time ${agreement?.holdTime ?? 0} s)`,
        {
          asn: agreement?.theirs.asn ?? 0,
          holdTime: agreement?.holdTime ?? 0,
        },
      );
    }
    case 'down':
      return record('warn', `session is down: ${note.reason.words || note.reason.event}`, {
        cause: note.reason.event,
      });
    case 'fault': {
      const { outcome, code, subcode, message } = note.fault;
      return record('warn', `${message} (${outcome})`, { outcome, code, subcode });
    }
    case 'end-of-rib':
      return record('info', `End-of-RIB for ${note.family}`, { family: note.family });
    case 'stale':
      return record('info', `${note.family} routes are kept for ${note.seconds} s while the peer restarts`, {
        family: note.family,
        seconds: note.seconds,
      });
    case 'configured':
      return record('info', `session begins anew: ${note.words}`);
    case 'refused':
      // Whoever calls on and on must not fill the log.
      return record(note.calls === 1 ? 'info' : 'debug', `call from ${note.address} refused: ${note.words}`, {
        address: note.address,
      });
    case 'reloaded':
      return record('info', `configuration read again: ${note.words}`);
    case 'released':
      return record('info', `routes are announced from now on: ${note.words}`);
  }
}
