import type { ApiResult, Problem } from '@holdfast/booking-api/contract';
import type { Clock } from '@holdfast/db/model';
import type { OneTabAtATime } from './one-tab-at-a-time.ts';

/**
 * Who this browser is to the shop: an anonymous shopper with a token, kept across reloads so that
 * a basket is found again. A new token is a new shopper, so it is only asked for when there is
 * none, when the old one is about to end and no basket hangs on it, or when the server refuses it.
 */
export type SessionKeeper = {
  /** The token for calls and the socket; null before `ensure` has succeeded. */
  readonly token: string | null;
  /** Makes sure that there is a token; asks the server only when there is none. */
  ensure(): Promise<SessionOutcome>;
  /** Replaces a token that the server does not take; a newer one than `refused` is kept. */
  replace(refused: string | null): Promise<SessionOutcome>;
  /** Replaces a token that ends soon. Call it only while no basket hangs on it. */
  renewIfEnding(): Promise<SessionOutcome>;
};

export type SessionOutcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'unreachable' };

export type SessionParts = {
  /** Where the token outlives the page; where cookies are forbidden even asking for it throws. */
  readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>;
  readonly request: () => Promise<ApiResult<'createSession'>>;
  /** Tabs that start together must become one shopper: only one of them asks. */
  readonly oneTabAtATime: OneTabAtATime;
  readonly clock: Clock;
};

type Kept = { readonly token: string; readonly expiresAtMs: number };

const STORAGE_KEY = 'holdfast.session';
/** A token that ends within this time might end under a fresh hold (an hour at most). */
const ENDING_MS = 75 * 60_000;

export function createSessionKeeper(parts: SessionParts): SessionKeeper {
  let kept = readKept(parts);
  let underWay: Promise<SessionOutcome> | null = null;

  const request = async (): Promise<SessionOutcome> => {
    const stored = readKept(parts);
    if (stored !== null && stored.token !== kept?.token) {
      // Another tab has asked meanwhile.
      kept = stored;
      return { kind: 'ready' };
    }
    const result = await parts.request();
    if (result.kind === 'refused') return { kind: 'refused', problem: result.problem };
    if (result.kind === 'unreachable') return { kind: 'unreachable' };
    kept = { token: result.body.token, expiresAtMs: Date.parse(result.body.expiresAt) };
    writeKept(parts, kept);
    return { kind: 'ready' };
  };
  /** Single flight: the page's parts start together and must become the same shopper. */
  const renew = (): Promise<SessionOutcome> => {
    underWay ??= parts.oneTabAtATime(request).finally(() => {
      underWay = null;
    });
    return underWay;
  };

  return {
    get token() {
      return kept?.token ?? null;
    },
    ensure: async () => (kept === null ? await renew() : { kind: 'ready' }),
    replace: async (refused) =>
      kept === null || kept.token === refused ? await renew() : { kind: 'ready' },
    renewIfEnding: async () => {
      const leftMs = (kept?.expiresAtMs ?? 0) - parts.clock.wallMs();
      return leftMs < ENDING_MS ? await renew() : { kind: 'ready' };
    },
  };
}

function readKept({ storage, clock }: SessionParts): Kept | null {
  try {
    const value: unknown = JSON.parse(storage().getItem(STORAGE_KEY) ?? 'null');
    if (typeof value !== 'object' || value === null) return null;
    if (!('token' in value) || !('expiresAtMs' in value)) return null;
    const { token, expiresAtMs } = value;
    if (typeof token !== 'string' || typeof expiresAtMs !== 'number') return null;
    return expiresAtMs > clock.wallMs() ? { token, expiresAtMs } : null;
  } catch {
    // Storage that is forbidden or holds something else is the same as an empty one.
    return null;
  }
}

function writeKept({ storage }: SessionParts, kept: Kept): void {
  try {
    storage().setItem(STORAGE_KEY, JSON.stringify(kept));
  } catch {
    // Without storage the session lives as long as the page, which is all that can be done.
  }
}
