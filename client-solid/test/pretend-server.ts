import type { Hold, Problem } from '@holdfast/booking-api/contract';

/** What happens to a request on its way: `before` and `after` lose it before or after it was done. */
export type Fate = 'arrives' | 'lost-before' | 'lost-after' | 'busy' | 'spent';

export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly key: string | null;
  readonly body: unknown;
};

type KeptHold = {
  readonly id: string;
  readonly owner: string;
  seats: string[];
  rev: number;
  status: Hold['status'];
  extensions: number;
  deadlineMs: number;
};

type Body = { seats?: string[]; add?: string[]; drop?: string[]; rev?: number };

const HOLD_TTL_MS = 240_000;
const EXTEND_MS = 60_000;
const PRICE = 2_500;

/**
 * The API in a few lines of memory, for one event: enough of its rules (one basket an owner, all or
 * nothing, revs, idempotency keys) to see whether the page's side of the wire keeps to them.
 */
export class PretendServer {
  readonly requests: SeenRequest[] = [];
  /** Seats of other people. */
  readonly taken = new Set<string>();
  inFlightMost = 0;
  fate: () => Fate = () => 'arrives';
  tokensIssued = 0;
  refusedTokens = new Set<string>();
  readonly #nowMs: () => number;
  #holds: KeptHold[] = [];
  #epoch = 1;
  readonly #answers = new Map<string, Response>();
  #inFlight = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Seats of the owner's live hold, or null. */
  basketOf(owner: string): readonly string[] | null {
    return this.#live(owner)?.seats ?? null;
  }

  /** Loses every hold, as Redis may. */
  forget(): void {
    this.#holds.length = 0;
  }

  /** Keeps a copy of all holds; what is returned brings it back, as a Redis that comes back older does. */
  copy(): () => void {
    const holds = structuredClone(this.#holds);
    return () => {
      this.#holds = holds;
      this.#epoch += 1;
    };
  }

  /** Ends the owner's hold as an expiry or an operator would; answers its id. */
  end(owner: string, status: 'expired' | 'revoked'): string {
    const hold = this.#live(owner);
    if (hold === undefined) throw new Error('there is no hold to end');
    hold.status = status;
    return hold.id;
  }

  /** Changes the hold behind the page's back, as another window would. */
  elsewhere(owner: string, seats: readonly string[]): void {
    const hold = this.#live(owner) ?? this.#open(owner, seats);
    hold.seats = [...seats];
    hold.rev += 1;
  }

  readonly fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
    const path = `${String(url)}`;
    const headers = new Headers(init?.headers);
    const body: Body = init?.body ? (JSON.parse(`${init.body as string}`) as Body) : {};
    const key = headers.get('idempotency-key');
    const method = init?.method ?? 'GET';
    this.requests.push({ method, path, key, body });
    this.#inFlight += 1;
    this.inFlightMost = Math.max(this.inFlightMost, this.#inFlight);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      const fate = this.fate();
      if (fate === 'lost-before') throw new TypeError('the network is gone');
      if (fate === 'busy') return problem(503, 'store.unavailable', { next: 'retry' });
      if (fate === 'spent') {
        return problem(429, 'budget.spent', { next: 'retry', retryAfterMs: 90_000 });
      }
      const answer = this.#answer(method, path, headers, body);
      if (fate === 'lost-after') throw new TypeError('the reply is gone');
      return answer;
    } finally {
      this.#inFlight -= 1;
    }
  };

  #answer(method: string, path: string, headers: Headers, body: Body): Response {
    if (path === '/v1/sessions') {
      this.tokensIssued += 1;
      const expiresAt = new Date(Date.UTC(2030, 0, 1) + 12 * 3_600_000).toISOString();
      return json(201, { token: `token-${this.tokensIssued}`, owner: 'somebody', expiresAt });
    }
    const owner = (headers.get('authorization') ?? '').replace('Bearer ', '');
    if (this.refusedTokens.has(owner)) return problem(401, 'token.expired', { next: 'sign-in' });
    const key = headers.get('idempotency-key');
    const known = key === null ? undefined : this.#answers.get(key);
    if (known !== undefined) return known.clone();
    const answer = this.#decide(method, path, owner, body);
    if (key !== null && answer.ok) this.#answers.set(key, answer.clone());
    return answer;
  }

  #decide(method: string, path: string, owner: string, body: Body): Response {
    const live = this.#live(owner);
    const id = decodeURIComponent(path.split('/')[5] ?? '');
    if (method === 'GET') return json(200, { holds: live === undefined ? [] : [this.#show(live)] });
    if (id === '') {
      if (live) return problem(409, 'hold.exists', { hold: this.#show(live), next: 'refresh' });
      const refusal = this.#inTheWay(body.seats ?? []);
      return refusal ?? json(201, this.#show(this.#open(owner, body.seats ?? [])));
    }
    const hold = this.#holds.find((one) => one.id === id && one.owner === owner);
    if (hold === undefined) return problem(404, 'hold.unknown', { next: 'stop' });
    if (hold.status !== 'held') {
      if (method === 'DELETE') return json(200, this.#show(hold));
      return problem(409, 'hold.ended', { next: 'stop', hold: this.#show(hold) });
    }
    if (body.rev !== undefined && body.rev !== hold.rev) {
      return problem(409, 'hold.changed', { hold: this.#show(hold), next: 'refresh' });
    }
    if (method === 'DELETE') hold.status = 'released';
    else if (path.endsWith('/extend')) this.#extend(hold);
    else return this.#amend(hold, body);
    return json(200, this.#show(hold));
  }

  #amend(hold: KeptHold, { add = [], drop = [] }: Body): Response {
    const refusal = this.#inTheWay(add);
    if (refusal !== null) return refusal;
    hold.seats = [...hold.seats.filter((seat) => !drop.includes(seat)), ...add];
    hold.rev += 1;
    if (hold.seats.length === 0) hold.status = 'released';
    return json(200, this.#show(hold));
  }

  #extend(hold: KeptHold): void {
    hold.extensions += 1;
    hold.rev += 1;
    hold.deadlineMs = Math.max(hold.deadlineMs, this.#nowMs() + EXTEND_MS);
  }

  #inTheWay(labels: readonly string[]): Response | null {
    const seats = labels
      .filter((label) => this.taken.has(label))
      .map((label) => ({ label, state: 'held' as const, mine: false }));
    if (seats.length === 0) return null;
    return problem(409, 'seats.unavailable', { seats, next: 'refresh' });
  }

  #live(owner: string): KeptHold | undefined {
    return this.#holds.find((hold) => hold.owner === owner && hold.status === 'held');
  }

  #open(owner: string, seats: readonly string[]): KeptHold {
    const id = `hall.${`${this.#holds.length}`.padStart(22, '0')}`;
    const deadlineMs = this.#nowMs() + HOLD_TTL_MS;
    const hold: KeptHold = {
      id,
      owner,
      seats: [...seats],
      rev: 1,
      status: 'held',
      extensions: 0,
      deadlineMs,
    };
    this.#holds.push(hold);
    return hold;
  }

  #show(hold: KeptHold): Hold {
    const at = new Date(this.#nowMs()).toISOString();
    return {
      id: hold.id,
      event: 'hall',
      status: hold.status,
      seats: [...hold.seats],
      rev: hold.rev,
      deadline: new Date(hold.deadlineMs).toISOString(),
      remainingMs: Math.max(0, hold.deadlineMs - this.#nowMs()),
      extensionsLeft: 10 - hold.extensions,
      quote: {
        currency: 'EUR',
        total: PRICE * hold.seats.length,
        seats: hold.seats.map((label) => ({ label, amount: PRICE })),
      },
      at,
      position: { epoch: `${this.#epoch}`, offset: hold.rev, chain: '0'.repeat(16) },
    };
  }
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });
}

function problem(status: number, code: Problem['code'], more: Partial<Problem>): Response {
  const body: Problem = {
    type: `urn:holdfast:problem:${code}`,
    title: code,
    status,
    detail: code,
    instance: 'urn:holdfast:request:test',
    code,
    next: 'stop',
    advice: 'Look at the code.',
    ...more,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
}
