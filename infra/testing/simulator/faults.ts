/**
 * Everything that may go wrong in a simulation, by the name under which it is counted. A share is a
 * share of messages; a mean is the time between two such faults, on average.
 */
export const MESSAGE_FAULTS = [
  /** The store was not reached: the command certainly did not run. */
  'store request refused',
  /** The connection broke before the command ran, and nobody can know that it did not. */
  'store request lost',
  /** The command ran and its reply did not come back. */
  'store reply lost',
  'delta lost',
  'delta doubled',
  'delta overtaken',
  'owner notice lost',
  /** A request of a shopper or operator to an API. */
  'call lost',
  'answer lost',
  'frame lost',
  'frame doubled',
  'frame overtaken',
  'alarm notice lost',
  'catalogue busy',
] as const;

export const EVENT_FAULTS = [
  /** A process loses its connection to the store, with all that is in flight. */
  'store link cut',
  /** A connection stands still and goes on later: commands run after their caller has given up. */
  'store link stalled',
  /** The store restarts with all its data. */
  'store away',
  /** The store comes back as it was some time ago. */
  'store went back',
  /** The store comes back with nothing. */
  'store emptied',
  'store clock jumped',
  'process paused',
  'process crashed',
  /** A worker is drained and stopped, and another one started. */
  'worker replaced',
  /** A process hears no deltas and notices for some time. */
  'bus cut',
  'viewer disconnected',
  /** A connection that is dead without anybody being told. */
  'viewer half open',
  'viewer asleep',
  /** Keyspace notices are off for some time. */
  'alarms off',
  /** A worker's own look at the due index fails for some time. */
  'looks failing',
  /** The feed is archived and trimmed up to nearly its head. */
  'feed trimmed',
] as const;

export type MessageFault = (typeof MESSAGE_FAULTS)[number];
export type EventFault = (typeof EVENT_FAULTS)[number];
export type Fault = MessageFault | EventFault;

/** Counts what went wrong. */
export type FaultTally = Map<Fault, number>;

export function countFault(tally: FaultTally, fault: Fault): void {
  tally.set(fault, (tally.get(fault) ?? 0) + 1);
}
