import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { LOOPBACK } from '../../local/free-port.ts';
import { seededFraction } from '../test-seed.ts';
import { type Lane, openLane, type Pace } from './lane.ts';
import { commandOf, isPush, RespFrames } from './resp-frames.ts';

/**
 * A TCP proxy on loopback that stands between two parts and does to their connection what networks
 * do: it delays, cuts, half-closes, throttles, goes silent, and loses one certain reply. Bytes are
 * never changed or reordered, since TCP would not either. Same seed, same jitter.
 */
export type FaultProxy = {
  readonly port: number;
  /** `redis://127.0.0.1:<port>` */
  readonly redisUrl: string;
  /** Connections that are open now. */
  connections(): number;
  /** How fast bytes pass from now on; what is not named stays. */
  pace(pace: Partial<Pace>): void;
  /** Nothing passes in either direction until `resume`; connections stay open. */
  stall(): void;
  resume(): void;
  /** Resets every connection. */
  cut(): void;
  /** The far end says no more to any client; clients may go on sending into it. */
  halfClose(): void;
  /** New connections are refused (or taken again). */
  refuse(isRefusing: boolean): void;
  /**
   * Loses the reply to the `nth` command from now on whose name matches: the server has done it, and
   * the connection breaks before the reply is through. Resolves when that has happened.
   */
  loseReply(command: RegExp, nth?: number): Promise<void>;
  /** The same for what is no Redis: the next bytes that the far end sends are lost with their connection. */
  loseNextBytes(): Promise<void>;
  stop(): Promise<void>;
};

export type FaultProxyOptions = {
  readonly toPort: number;
  readonly seed?: number;
};

type Loss = { readonly command: RegExp; left: number; readonly done: () => void };

type Link = { readonly near: Socket; readonly far: Socket; readonly lanes: readonly Lane[] };

export async function startFaultProxy({
  toPort,
  seed = 1,
}: FaultProxyOptions): Promise<FaultProxy> {
  const links = new Links(toPort, seededFraction(seed));
  const port = await links.listen();
  return {
    port,
    redisUrl: `redis://${LOOPBACK}:${port}`,
    connections: () => links.open.size,
    pace: (pace) => Object.assign(links.pace, pace),
    stall: () => links.stall(true),
    resume: () => links.stall(false),
    cut: () => links.cut(),
    halfClose: () => {
      for (const { near } of links.open) near.end();
    },
    refuse: (isRefusing) => {
      links.refuses = isRefusing;
    },
    loseReply: (command, nth = 1) => links.loseReply(command, nth),
    loseNextBytes: () => links.loseNextBytes(),
    stop: () => links.stop(),
  };
}

/** Clients of Redis send arrays; what begins otherwise is not followed frame by frame. */
const ARRAY = '*'.charCodeAt(0);

class Links {
  readonly open = new Set<Link>();
  readonly pace: Pace = { delayMs: 0, jitterMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY };
  refuses: boolean = false;
  readonly #toPort: number;
  readonly #fraction: () => number;
  readonly #server: Server;
  #stalled: boolean = false;
  #losses: Loss[] = [];
  #nextBytes: (() => void)[] = [];

  constructor(toPort: number, fraction: () => number) {
    this.#toPort = toPort;
    this.#fraction = fraction;
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) =>
      this.#link(near),
    );
  }

  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, LOOPBACK, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  stall(isStalled: boolean): void {
    this.#stalled = isStalled;
    for (const { lanes } of this.open) for (const lane of lanes) lane.stall(isStalled);
  }

  cut(): void {
    for (const { near, far } of this.open) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  loseReply(command: RegExp, nth: number): Promise<void> {
    return new Promise((done) => this.#losses.push({ command, left: nth, done }));
  }

  loseNextBytes(): Promise<void> {
    return new Promise((done) => this.#nextBytes.push(done));
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #link(near: Socket): void {
    if (this.refuses) {
      near.resetAndDestroy();
      return;
    }
    const far = dial({ port: this.#toPort, host: LOOPBACK, allowHalfOpen: true });
    const outward = this.#lane(far);
    const inward = this.#lane(near);
    const link: Link = { near, far, lanes: [outward, inward] };
    this.open.add(link);
    this.#relay(link, outward, inward);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined); // cut on purpose; `close` follows
      socket.once('close', () => {
        this.open.delete(link);
        for (const lane of link.lanes) lane.stop();
        other.destroy();
      });
    }
    near.once('end', () => far.end());
    far.once('end', () => near.end());
    near.resume();
  }

  #lane(to: Socket): Lane {
    const lane = openLane(to, this.pace, this.#fraction);
    lane.stall(this.#stalled);
    return lane;
  }

  /** Replies answer commands in their order; a loss is noted with the command it belongs to. */
  #relay(link: Link, outward: Lane, inward: Lane): void {
    const asked = new RespFrames();
    const answered = new RespFrames();
    const owed: (Loss | null)[] = [];
    let isRedis: boolean | undefined;
    link.near.on('data', (chunk: Buffer) => {
      isRedis ??= chunk[0] === ARRAY;
      if (isRedis) for (const frame of asked.take(chunk)) owed.push(this.#lossOf(frame));
      outward.send(chunk);
    });
    link.far.on('data', (chunk: Buffer) => {
      const bytes = this.#nextBytes.shift();
      const lost = bytes ?? (isRedis ? firstLoss(answered, chunk, owed)?.done : undefined);
      if (lost === undefined) {
        inward.send(chunk);
        return;
      }
      link.near.resetAndDestroy();
      lost();
    });
  }

  #lossOf(frame: Buffer): Loss | null {
    const name = commandOf(frame);
    for (const loss of this.#losses) {
      if (!loss.command.test(name)) continue;
      loss.left -= 1;
      if (loss.left > 0) continue;
      this.#losses = this.#losses.filter((other) => other !== loss);
      return loss;
    }
    return null;
  }
}

function firstLoss(frames: RespFrames, chunk: Buffer, owed: (Loss | null)[]): Loss | undefined {
  for (const frame of frames.take(chunk)) {
    if (isPush(frame)) continue;
    const loss = owed.shift();
    if (loss !== undefined && loss !== null) return loss;
  }
  return undefined;
}
