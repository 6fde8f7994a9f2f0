import type { HubRefusal } from '../protocol/refusal.ts';

/**
 * What a person should know of the connection.
 * - `live`: every watched section is as the hub has it, a frame's delay apart;
 * - `unverified`: connected, but the hub cannot ask the store: seats are as they were last known;
 * - `catching-up`: connected, but some section is behind, unknown or being checked;
 * - `offline`: no connection; the viewer keeps trying;
 * - `outdated`: `page`, reload it once; `chart`, fetch the chart anew and make another viewer;
 * - `refused`: by the hub for the named reason; `resume` tries again, after a login if it says so.
 */
export type ConnectionState =
  | { readonly kind: 'live' | 'unverified' | 'catching-up' | 'offline' }
  | { readonly kind: 'outdated'; readonly what: 'page' | 'chart' }
  | { readonly kind: 'refused'; readonly refusal: HubRefusal };

export function sameState(a: ConnectionState, b: ConnectionState): boolean {
  if (a.kind === 'outdated' && b.kind === 'outdated') return a.what === b.what;
  if (a.kind === 'refused' && b.kind === 'refused') return a.refusal.code === b.refusal.code;
  return a.kind === b.kind;
}
