import type { ApiRequest, ApiResult, RouteName } from '@holdfast/booking-api/contract';
import {
  type Caller,
  createHandlers,
  createProjectedSeats,
  describeProblem,
  type Refusal,
  refusalOfError,
} from '@holdfast/booking-api/testing';
import type { Catalogue } from '@holdfast/db/catalogue';
import type { OwnerId } from '@holdfast/db/model';
import { createLogger, createRegistry } from '@holdfast/infra/runtime';
import { createReader, type Reader } from '@holdfast/realtime-hub/projection';
import type { RefusalCheck } from './refusal-check.ts';
import type { LifeParts } from './server-process.ts';
import { createSimulatedLock } from './simulated-lock.ts';
import type { World } from './world.ts';

/** An API without HTTP: a request is a call, its answer what would stand in the response. */
export type SimulatedApi = {
  readonly reader: Reader;
  /** Told when the process crashes: those who wait for an answer. */
  readonly inFlight: Set<() => void>;
  serve<Name extends RouteName>(
    name: Name,
    request: ApiRequest<Name>,
    caller: Caller,
  ): Promise<ServedAnswer<Name>>;
  stop(): void;
};

/** `heard` is the number of the store's command that the answer rests on. */
export type ServedAnswer<Name extends RouteName> = {
  readonly result: ApiResult<Name>;
  readonly heard: number;
};

export type ApiWiring = {
  readonly catalogue: Catalogue;
  readonly refusals: RefusalCheck;
  /** An answer that no caller should ever get. */
  readonly onFault: (error: unknown) => void;
};

const SILENT = createLogger('api', 'silent');
const NO_HEADERS = new Headers();

/** A handler without its name, as the router of the service has it. */
type AnyHandler = (call: unknown) => Promise<AnyReply | Refusal>;
type AnyRequest = {
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly ifMatch?: number | undefined;
  readonly idempotencyKey?: string | undefined;
};
type AnyReply = { readonly status: number; readonly body?: unknown };

export function bootApi(world: World, parts: LifeParts, wiring: ApiWiring): SimulatedApi {
  const { life, store, hints, link } = parts;
  const reader = createReader({
    store,
    ambient: life.ambient,
    onLoading: (event) => void hints.add(event).catch(() => undefined),
  });
  const handlers = handlersOf(world, parts, wiring, reader);
  let requests = 0;

  const answer = async (
    name: RouteName,
    request: AnyRequest,
    caller: Caller,
    requestId: string,
  ): Promise<AnyReply | Refusal> => {
    // Sound because `Handlers` maps each name to the handler of that name.
    const handler = handlers[name] as AnyHandler;
    const params = request.params ?? {};
    try {
      return await handler({
        params,
        body: request.body,
        query: {},
        caller,
        address: addressOf(caller.owner),
        conditions: {
          ifMatch: request.ifMatch ?? null,
          ifNoneMatch: [],
          idempotencyKey: request.idempotencyKey ?? null,
        },
        trace: { requestId, traceId: '' },
        method: name,
        path: Object.values(params).join('/'),
      });
    } catch (error) {
      const refusal = refusalOfError(error);
      if (refusal.code === 'server.fault') wiring.onFault(error);
      return refusal;
    }
  };
  return {
    reader,
    inFlight: new Set(),
    serve: async (name, request, caller) => {
      requests += 1;
      const requestId = `${life.name}-${life.number}-${requests}`;
      const told = await answer(name, request, caller, requestId);
      if ('kind' in told) wiring.refusals.refused(requestId, told.code);
      const result =
        'kind' in told
          ? { kind: 'refused', problem: describeProblem(told, ''), headers: NO_HEADERS }
          : { kind: 'done', status: told.status, body: told.body, headers: NO_HEADERS };
      // Sound likewise: the handler of a name gives the answers of that name.
      return { result: result as ApiResult<typeof name>, heard: link.heard };
    },
    stop: () => reader.stop(),
  };
}

function handlersOf(world: World, parts: LifeParts, { catalogue }: ApiWiring, reader: Reader) {
  const { life, store, hints } = parts;
  return createHandlers({
    store,
    catalogue,
    ambient: life.ambient,
    lock: createSimulatedLock(world, life),
    live: hints,
    reader: createProjectedSeats(reader),
    announcer: parts.joinBus({ delta: (message) => reader.offer(message) }),
    issuer: { issue: () => Promise.reject(new Error('nobody signs in here')) },
    networks: { of: async (address) => address },
    registry: createRegistry('api'),
    logger: SILENT,
    settings: { shopperTokenTtlSeconds: 600 },
  });
}

/** Several shoppers share an address, as neighbours behind one router do; others have their own. */
function addressOf(owner: OwnerId): string {
  if (!owner.startsWith('shopper-')) return `address of ${owner}`;
  return `192.0.2.${(owner.codePointAt(owner.length - 1) ?? 0) % ADDRESSES}`;
}

const ADDRESSES = 4;
