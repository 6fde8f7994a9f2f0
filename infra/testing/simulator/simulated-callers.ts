import type { ApiClient, ApiRequest, ApiResult, RouteName } from '@holdfast/booking-api/contract';
import type { Caller } from '@holdfast/booking-api/testing';
import type { ServerProcess } from './server-process.ts';
import type { SimulatedApi } from './simulated-api.ts';
import type { Life } from './simulated-process.ts';
import type { World } from './world.ts';

/** A caller's way to the APIs, each request to any of them, as a gateway would send it. */
export type SimulatedCaller = ApiClient & {
  /** The number of the store's command that the answer delivered last rests on. */
  readonly told: number;
};

/** What a browser waits for an answer. */
const CALL_LIMIT_MS = 10_000;

export type CallerParts = {
  readonly world: World;
  /** Of the one who calls. */
  readonly life: Life;
  readonly apis: readonly ServerProcess<SimulatedApi>[];
  readonly caller: Caller;
  /** Counts calls and how they ended. */
  readonly count: (name: string, outcome: string) => void;
};

export function createSimulatedCaller(parts: CallerParts): SimulatedCaller {
  const { world, life, apis, caller, count } = parts;
  const { time, trace } = world;
  let told = 0;

  return {
    get told() {
      return told;
    },
    call: <Name extends RouteName>(name: Name, request: ApiRequest<Name>) =>
      new Promise<ApiResult<Name>>((resolve) => {
        let waits = true;
        const end = (result: ApiResult<Name>, heard: number): void => {
          if (!waits) return;
          waits = false;
          cancelLimit();
          told = heard;
          const outcome = result.kind === 'refused' ? result.problem.code : result.kind;
          trace.note(caller.owner, name, `${outcome} #${heard}`);
          count(name, outcome);
          resolve(result);
        };
        const lost = (): void => end({ kind: 'unreachable', cause: 'no answer came' }, 0);
        const cancelLimit = life.ambient.timers.after(CALL_LIMIT_MS, lost);
        const lostSoon = (): void => life.receive(time.nowMs + world.delayMs(), lost);
        const api = life.chance.pick(apis);
        if (api === undefined || world.hits('call lost')) return;
        time.after(world.delayMs(), () => {
          const serving = api.running;
          if (serving === null) {
            lostSoon();
            return;
          }
          const { service } = serving;
          service.inFlight.add(lostSoon);
          serving.life.receive(time.nowMs, () => {
            trace.note(api.name, 'serves', `${caller.owner} ${name}`);
            void service.serve(name, request, caller).then(({ result, heard }) => {
              service.inFlight.delete(lostSoon);
              if (serving.life.ended || world.hits('answer lost')) return;
              life.receive(time.nowMs + world.delayMs(), () => end(result, heard));
            });
          });
        });
      }),
  };
}
