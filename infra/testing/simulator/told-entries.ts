import type { Journal, JournalEntry } from '@holdfast/db/audit';
import type { OwnerNotice } from '@holdfast/realtime-hub/protocol';
import type { JournalledShopper } from '../journalled-shopper.ts';
import type { BusPort } from './message-bus.ts';
import { type Chapter, type StoreHistory, tells } from './store-history.ts';

/** What a client was told, and the number of the store's command that it rests on. */
export type ToldEntry = { readonly entry: JournalEntry; readonly command: number };

/** Collects what a shopper writes down, answer by answer. */
export type ToldJournal = {
  readonly client: string;
  readonly entries: readonly ToldEntry[];
  /** Everything new in the shopper's journal rests on this command. */
  take(command: number): void;
  hear(notice: OwnerNotice): void;
};

export function createToldJournal(
  client: string,
  shopper: Pick<JournalledShopper, 'journal'>,
): ToldJournal {
  const entries: ToldEntry[] = [];
  /** The first command that a hold was told with at each time. */
  const toldAt = new Map<string, number>();
  const keyOf = ({ hold, atMs }: JournalEntry): string => `${hold} ${atMs}`;
  let taken = 0;
  return {
    client,
    entries,
    take: (command) => {
      const { entries: written } = shopper.journal;
      for (; taken < written.length; taken += 1) {
        const entry = written[taken];
        if (entry === undefined) continue;
        // A question without an answer takes effect from what was known when it was asked: answers to
        // other questions that came while it was waited for do not make the claim last longer.
        const key = keyOf(entry);
        const told = entry.kind === 'unsettled' ? (toldAt.get(key) ?? 0) : command;
        if (entry.kind !== 'unsettled' && !toldAt.has(key)) toldAt.set(key, told);
        entries.push({ entry, command: told });
      }
    },
    hear: (notice) => {
      const command = commandOfNotice(notice);
      if (command === null) return;
      const { kind, hold, atMs } = notice;
      const how =
        kind === 'hold.expired' ? 'expired' : kind === 'hold.revoked' ? 'revoked' : 'lost';
      entries.push({ entry: { kind: 'ended', hold, how, atMs }, command });
    },
  };
}

/** A notice has no position; the command that it rests on travels in its trace id. */
export function markNotices(port: BusPort, heard: () => number): BusPort {
  return {
    ...port,
    notifyOwner: (owner, notice) =>
      port.notifyOwner(owner, { ...notice, traceId: `${MARK}${heard()}` }),
  };
}

const MARK = 'command-';

function commandOfNotice({ traceId }: OwnerNotice): number | null {
  return traceId.startsWith(MARK) ? Number(traceId.slice(MARK.length)) : null;
}

/** The journals of one chapter, on the clock that never jumped. */
export function journalsOf(
  chapter: Chapter,
  told: readonly Pick<ToldJournal, 'client' | 'entries'>[],
  history: StoreHistory,
): Journal[] {
  const { epoch } = chapter.state;
  const retold = ({ entry, command }: ToldEntry): JournalEntry => {
    const atMs = history.instantOf(command);
    // One chain: renewing the epoch on the way changed nothing of what was told.
    if (entry.kind !== 'held') return { ...entry, atMs };
    return { ...entry, atMs, position: { ...entry.position, epoch } };
  };
  const journals = told.map(({ client, entries }) => ({
    client,
    entries: entries
      .filter(({ entry, command }) => entry.kind === 'unsettled' || tells(chapter, command))
      .sort((a, b) => a.command - b.command)
      .map(retold),
  }));
  const ended = history.operatorEnds.filter(({ command }) => tells(chapter, command));
  const operator = ended.map(({ command, hold }) =>
    retold({ entry: { kind: 'ended', hold, how: 'revoked', atMs: 0 }, command }),
  );
  return [{ client: 'operator', entries: operator }, ...journals];
}
