import type { EventId, OwnerId } from '@holdfast/db/model';
import type { WatchRequest } from '@holdfast/realtime-hub/protocol';
import type { TransportListener, ViewerTransport } from '@holdfast/realtime-hub/viewer';
import type { ServerProcess } from './server-process.ts';
import type { HubMessageName, HubSession, SimulatedHub } from './simulated-hub.ts';
import type { Life } from './simulated-process.ts';
import type { World } from './world.ts';

/** A viewer's connection to any of the hubs, which can be broken from outside. */
export type ViewerLink = ViewerTransport & {
  /** Both ends learn of it at once. */
  disconnect(): void;
  /** Nothing passes any more, and nobody is told: the viewer has to notice the silence. */
  die(): void;
};

export type ViewerLinkParts = {
  readonly world: World;
  /** Of the viewer. */
  readonly life: Life;
  readonly hubs: readonly ServerProcess<SimulatedHub>[];
  readonly event: EventId;
  readonly owner: OwnerId;
};

type Open = {
  readonly session: HubSession;
  readonly hub: Life;
  /** Messages keep their order, but for those that are overtaken. */
  lastMs: number;
  dead: boolean;
};

/**
 * A connection loses nothing while it lives. Frames are to bear worse than that; these few are said
 * once and have nothing behind them but the connection.
 */
const SAFE: readonly HubMessageName[] = ['sale', 'truth'];
/** A hub notices after so long that nobody is at the other end: pings that are not answered. */
const PING_LIMIT_MS = 40_000;
/** A connection that is not open by then is given up. */
const CONNECT_LIMIT_MS = 5_000;

export function createViewerLink(parts: ViewerLinkParts): ViewerLink {
  return new SimulatedViewerLink(parts);
}

class SimulatedViewerLink implements ViewerLink {
  readonly #parts: ViewerLinkParts;
  #listener: TransportListener | undefined;
  #open: Open | undefined;
  /** The attempt to connect that counts; 0 while none does. */
  #attempt = 0;
  #attempts = 0;

  constructor(parts: ViewerLinkParts) {
    this.#parts = parts;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  connect(): void {
    const { world, life, hubs } = this.#parts;
    const { time } = world;
    this.#attempts += 1;
    const attempt = this.#attempts;
    this.#attempt = attempt;
    const failAt = (atMs: number): void => {
      life.receive(atMs, () => {
        if (this.#attempt !== attempt) return;
        this.#attempt = 0;
        this.#listener?.lost();
      });
    };
    failAt(time.nowMs + CONNECT_LIMIT_MS);
    time.after(world.delayMs(), () => {
      const hub = life.chance.pick(hubs)?.running ?? null;
      if (hub === null) failAt(time.nowMs + world.delayMs());
      else hub.life.receive(time.nowMs, () => this.#meet(attempt, hub.life, hub.service));
    });
  }

  watch(request: WatchRequest, answer: (reply: unknown) => void): void {
    const { world, life } = this.#parts;
    const { time } = world;
    const asked = this.#open;
    if (asked === undefined || asked.dead) return;
    asked.hub.receive(time.nowMs + world.delayMs(), () => {
      asked.session.watch(request, (reply) => {
        if (asked.dead || world.hits('frame lost')) return;
        // As it would look after its way over the wire.
        const copy: unknown = JSON.parse(JSON.stringify(reply));
        asked.lastMs = Math.max(asked.lastMs, time.nowMs + world.delayMs());
        life.receive(asked.lastMs, () => {
          if (this.#open === asked) answer(copy);
        });
      });
    });
  }

  close(): void {
    this.#attempt = 0;
    this.#leave(this.#parts.world.delayMs());
    this.#open = undefined;
  }

  disconnect(): void {
    if (this.#open === undefined) return;
    this.close();
    this.#listener?.lost();
  }

  die(): void {
    this.#leave(PING_LIMIT_MS);
  }

  /** At the hub: it takes the connection, and says so. */
  #meet(attempt: number, hub: Life, service: SimulatedHub): void {
    const { world, life, event, owner } = this.#parts;
    const { time } = world;
    const session = service.welcome({
      event,
      owner,
      deliver: (name, message) => this.#deliver(here, name, message),
      broken: () => life.receive(time.nowMs + world.delayMs(), () => this.#broke(here)),
    });
    const here: Open = { hub, session, lastMs: 0, dead: false };
    life.receive(time.nowMs + world.delayMs(), () => {
      if (this.#attempt !== attempt || here.dead) {
        hub.receive(time.nowMs, () => session.leave());
        return;
      }
      this.#attempt = 0;
      this.#open = here;
      this.#listener?.opened();
    });
  }

  #broke(here: Open): void {
    const wasDead = here.dead;
    here.dead = true;
    if (this.#open !== here || wasDead) return;
    this.#open = undefined;
    this.#listener?.lost();
  }

  #deliver(from: Open, name: HubMessageName, message: unknown): void {
    const { world, life } = this.#parts;
    const { time, trace, climate } = world;
    const isSafe = SAFE.includes(name);
    if (from.dead || (!isSafe && world.hits('frame lost'))) return;
    const copies = !isSafe && world.hits('frame doubled') ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const detour = !isSafe && world.hits('frame overtaken');
      const ordinaryMs = Math.max(from.lastMs, time.nowMs + world.delayMs());
      if (!detour) from.lastMs = ordinaryMs;
      const extraMs = detour ? climate.detourMs * world.chance.fraction() : 0;
      life.receive(ordinaryMs + extraMs, () => {
        if (this.#open !== from || this.#listener === undefined) return;
        if (typeof message === 'string') trace.note(life.name, name, message);
        hand(this.#listener, name, message);
      });
    }
  }

  /** The hub's end goes `afterMs` later. */
  #leave(afterMs: number): void {
    const left = this.#open;
    if (left === undefined || left.dead) return;
    left.dead = true;
    left.hub.receive(this.#parts.world.time.nowMs + afterMs, () => left.session.leave());
  }
}

function hand(listener: TransportListener, name: HubMessageName, message: unknown): void {
  if (name === 'f') listener.frame(message);
  else if (name === 'b') listener.beat(message);
  else if (name === 'o') listener.overview(message);
  else listener[name](message);
}
