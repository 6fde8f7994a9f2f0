import { parseArgs } from 'node:util';
import { type EventId, type HoldId, isEventId, isHoldId } from '@holdfast/db/model';

/** Whose life is asked for: a hold by its id, or a seat by its label. */
export type Subject =
  | { readonly kind: 'hold'; readonly hold: HoldId }
  | { readonly kind: 'seat'; readonly label: string; readonly event: EventId | null };

export type TraceRequest =
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly why: string }
  | {
      readonly kind: 'trace';
      readonly subject: Subject;
      readonly dataFolder: string;
      /** Null: the server that runs on the data folder. */
      readonly redisUrl: string | null;
    };

const DATA_FOLDER = '.holdfast';

export const HELP = [
  'npm run trace -- <hold id or seat label> [--event ID] [--data DIR] [--redis URL]',
  '',
  'Prints the life of a hold, or of a seat, from the tap to the last screen, with times.',
  'The steps come from the feed in Redis and from the archive in the catalogue. Requests and',
  'frames stand between them if the services logged them: LOG_LEVEL=debug npm start',
  '',
  '  --event ID     the event of the seat; needed when several events have a seat of this label',
  `  --data DIR     the data folder of the installation (default ${DATA_FOLDER})`,
  '  --redis URL    another server than the one that runs on the data folder',
  '  --help         this text',
  '',
  'Examples:',
  '  npm run trace -- ST-F-12 --event prince-edward-hamlet',
  '  npm run trace -- prince-edward-hamlet.4fQ2m0c1TzWkqYVb8r7xhA',
].join('\n');

export function readTraceArguments(argv: readonly string[]): TraceRequest {
  const given = parse(argv);
  if (typeof given === 'string') return refused(given);
  const { values, positionals } = given;
  if (values.help) return { kind: 'help' };
  const [word, ...more] = positionals;
  if (word === undefined) return refused('Name a hold or a seat: npm run trace -- ST-F-12');
  if (more.length > 0)
    return refused(`One hold or seat at a time; quote a label with blanks ("${word} ${more[0]}").`);
  const event = values.event ?? null;
  if (event !== null && !isEventId(event)) {
    return refused(
      `"${event}" is not an event id: lower-case letters, digits and "-", at most 40.`,
    );
  }
  const subject = subjectOf(word, event);
  if (typeof subject === 'string') return refused(subject);
  const redisUrl = values.redis ?? null;
  if (redisUrl !== null && !/^rediss?:\/\//.test(redisUrl)) {
    return refused('--redis needs an address such as redis://127.0.0.1:6379.');
  }
  return { kind: 'trace', subject, dataFolder: values.data, redisUrl };
}

function subjectOf(word: string, event: EventId | null): Subject | string {
  if (!isHoldId(word)) return { kind: 'seat', label: word, event };
  if (event !== null && !word.startsWith(`${event}.`)) {
    return `Hold ${word} is not of event ${event}; leave --event out.`;
  }
  return { kind: 'hold', hold: word };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        event: { type: 'string' },
        data: { type: 'string', default: DATA_FOLDER },
        redis: { type: 'string' },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `${message.split('. ')[0]}; see npm run trace -- --help.`;
  }
}

function refused(why: string): TraceRequest {
  return { kind: 'refused', why };
}
