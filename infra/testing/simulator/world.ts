import type { Climate } from './climate.ts';
import { NO_SHARES } from './climate.ts';
import type { EventTrace } from './event-trace.ts';
import { countFault, type FaultTally, type MessageFault } from './faults.ts';
import type { Chance } from './seeded-chance.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** What all parts of one simulation share. */
export type World = {
  readonly seed: number;
  readonly time: SimulatedTime;
  readonly trace: EventTrace;
  readonly climate: Climate;
  /** The network's chance; processes and people have their own. */
  readonly chance: Chance;
  readonly tally: FaultTally;
  /** False from the end of the troubled part on: no message is hit any more. */
  isTroubled(): boolean;
  calm(): void;
  /** Whether this message is hit; counts it. */
  hits(fault: MessageFault): boolean;
  /** What one way takes. */
  delayMs(): number;
};

export function createWorld(
  parts: Pick<World, 'seed' | 'time' | 'trace' | 'climate' | 'chance' | 'tally'>,
): World {
  const { climate, chance, tally } = parts;
  let shares = climate.shares;
  return {
    ...parts,
    isTroubled: () => shares !== NO_SHARES,
    calm: () => {
      shares = NO_SHARES;
    },
    hits: (fault) => {
      if (!chance.happens(shares[fault])) return false;
      countFault(tally, fault);
      return true;
    },
    delayMs: () => chance.between(climate.delayMs.least, climate.delayMs.most),
  };
}
