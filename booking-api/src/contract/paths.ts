/** Where every operation lives. Apart from the schemas, so that a page can call without carrying them. */

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Address = { readonly method: Method; readonly path: `/v1/${string}` };

export const PATHS = {
  createSession: { method: 'POST', path: '/v1/sessions' },
  listEvents: { method: 'GET', path: '/v1/events' },
  readEvent: { method: 'GET', path: '/v1/events/{event}' },
  readChart: { method: 'GET', path: '/v1/events/{event}/chart' },
  readSeats: { method: 'GET', path: '/v1/events/{event}/seats' },
  placeHold: { method: 'POST', path: '/v1/events/{event}/holds' },
  listHolds: { method: 'GET', path: '/v1/events/{event}/holds' },
  readHold: { method: 'GET', path: '/v1/events/{event}/holds/{hold}' },
  amendHold: { method: 'PATCH', path: '/v1/events/{event}/holds/{hold}' },
  releaseHold: { method: 'DELETE', path: '/v1/events/{event}/holds/{hold}' },
  extendHold: { method: 'POST', path: '/v1/events/{event}/holds/{hold}/extend' },
  createEvent: { method: 'POST', path: '/v1/events' },
  replaceChart: { method: 'PUT', path: '/v1/events/{event}/chart' },
  blockSeats: { method: 'POST', path: '/v1/events/{event}/block' },
  unblockSeats: { method: 'POST', path: '/v1/events/{event}/unblock' },
  changeSale: { method: 'POST', path: '/v1/events/{event}/sale' },
  revokeHold: { method: 'POST', path: '/v1/events/{event}/holds/{hold}/revoke' },
  readStats: { method: 'GET', path: '/v1/events/{event}/stats' },
} as const satisfies Record<string, Address>;

export type RouteName = keyof typeof PATHS;

/** The names in braces of a path: `'event' | 'hold'`. */
export type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamsOf<Rest>
  : never;

/** `/v1/events/{event}` with its parameters in place, each percent-encoded. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}
