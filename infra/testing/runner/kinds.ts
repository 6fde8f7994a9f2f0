/**
 * What a test file needs, told by its name: `x.test.ts` nothing, `x.redis.test.ts` a real
 * redis-server, `x.clock.test.ts` one whose clock the test moves, for which a C compiler builds a
 * library, `x.spin.test.ts` Spin and a C compiler, `x.azure.test.ts` the stand-ins of Azure's
 * services, `x.e2e.test.ts` everything in a real Chromium.
 */
export type Kind = 'plain' | 'redis' | 'clock' | 'spin' | 'azure' | 'e2e';

/** In the order in which they run: what fails fastest comes first. */
export const KINDS: readonly Kind[] = ['plain', 'redis', 'clock', 'spin', 'azure', 'e2e'];

type KindRules = {
  /** How many files run at once. Those with servers or state spaces of their own run alone, for steady times. */
  readonly atOnce: number;
  /** The whole file, its servers included. */
  readonly limitMs: number;
};

export const KIND_RULES: Readonly<Record<Kind, KindRules>> = {
  plain: { atOnce: 2, limitMs: 60_000 },
  redis: { atOnce: 1, limitMs: 180_000 },
  clock: { atOnce: 1, limitMs: 180_000 },
  spin: { atOnce: 1, limitMs: 300_000 },
  azure: { atOnce: 1, limitMs: 180_000 },
  e2e: { atOnce: 1, limitMs: 300_000 },
};

export function kindOf(file: string): Kind {
  const suffix = /\.(redis|clock|spin|azure|e2e)\.test\.tsx?$/.exec(file)?.[1];
  return KINDS.find((kind) => kind === suffix) ?? 'plain';
}
