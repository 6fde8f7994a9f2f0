import { z } from 'zod';

/** What the launcher tells the gateway whenever a process came or went: ports on 127.0.0.1. */
export const upstreamsMessage = z.strictObject({
  upstreams: z.strictObject({
    apis: z.array(z.number().int().positive()),
    hubs: z.array(z.number().int().positive()),
  }),
});

export type UpstreamsMessage = z.output<typeof upstreamsMessage>;

/** One group of equal servers, taken in turn. */
export type Upstreams = {
  replace(ports: readonly number[]): void;
  /** Every port once, beginning with the one whose turn it is. */
  inTurn(): number[];
};

export function createUpstreams(): Upstreams {
  let ports: readonly number[] = [];
  let turn = 0;
  return {
    replace: (next) => {
      ports = next;
    },
    inTurn: () => {
      turn = ports.length === 0 ? 0 : (turn + 1) % ports.length;
      return [...ports.slice(turn), ...ports.slice(0, turn)];
    },
  };
}
