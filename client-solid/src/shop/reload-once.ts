import { PROTOCOL_VERSION } from '@holdfast/realtime-hub/protocol';

const STORAGE_KEY = 'holdfast.reloaded-at-version';

/**
 * Reloads a page that is too old for its hub, but only once per version: if the page is still the
 * same afterwards (a cache on the way), reloading for ever would help nobody. Returns false then.
 */
export function reloadOnce(
  storage: () => Pick<Storage, 'getItem' | 'setItem'>,
  reload: () => void,
): boolean {
  try {
    if (storage().getItem(STORAGE_KEY) === `${PROTOCOL_VERSION}`) return false;
    storage().setItem(STORAGE_KEY, `${PROTOCOL_VERSION}`);
  } catch {
    // Where nothing can be remembered a reload could repeat itself: leave it to the person.
    return false;
  }
  reload();
  return true;
}
