import type { Sample } from './interleave.ts';
import { type Summary, spreadOf, summarise } from './statistics.ts';

/** A peer whose own samples lie farther apart than this says more of the machine than of itself. */
export const PEER_SPREAD_MAX = 0.15;

/** Candidate over peer, pair by pair; or why nothing is said. */
export type Ratio =
  | { readonly kind: 'ratio'; readonly label: string; readonly of: Summary }
  | {
      readonly kind: 'withheld';
      readonly label: string;
      readonly why: string;
      /** As a part of the peer's median. */
      readonly peerSpread: number;
    };

/**
 * The ratio of two variants that were measured interleaved. Each pair was measured within seconds
 * of one another, so its ratio is what holds on this machine; the absolute numbers are not. Where the
 * peer itself was unsteady the ratio is withheld. `label` says what stands over what.
 */
export function ratioOf<S extends Sample>(
  label: string,
  metric: keyof S & string,
  runs: { readonly candidate: readonly S[]; readonly peer: readonly S[] },
): Ratio {
  const peer = runs.peer.map((sample) => sample[metric] ?? Number.NaN);
  const candidate = runs.candidate.map((sample) => sample[metric] ?? Number.NaN);
  if (peer.length !== candidate.length) throw new RangeError('a ratio needs pairs of slices');
  const peerSpread = spreadOf(summarise(peer));
  if (peerSpread > PEER_SPREAD_MAX) {
    const [found, limit] = [peerSpread, PEER_SPREAD_MAX].map(
      (part) => `${(part * 100).toFixed(1)} %`,
    );
    const why = `a sample of the peer lies ${found} from its median (limit ${limit}); run again on a quiet machine`;
    return { kind: 'withheld', label, why, peerSpread };
  }
  const pairs = peer.map((value, at) => (candidate[at] ?? Number.NaN) / value);
  return { kind: 'ratio', label, of: summarise(pairs) };
}
