/**
 * The version of everything a viewer and a hub say to each other. It grows by one with every change
 * that an older page could not follow; a test pins it to a hash of the encodings, so nobody changes
 * the wire by accident. A page sends its version in the handshake: an older one is told to reload,
 * a newer one (a hub that is still to be replaced) to try again a little later.
 */
export const PROTOCOL_VERSION = 2;

/** What each version brought, newest last. `test/protocol-pin.test.ts` holds the hash of the newest. */
export const PROTOCOL_HISTORY: readonly { readonly version: number; readonly brought: string }[] = [
  {
    version: 1,
    brought: 'watch, frames, beats, overview, sale, owner notices and refusals with advice',
  },
  {
    version: 2,
    brought:
      'truth: whether the hub could lately compare its map with the store; a watch names the own hold',
  },
];
