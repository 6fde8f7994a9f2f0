import { type EventId, isEventId } from '@holdfast/db/model';
import { type Accessor, createSignal, onCleanup } from 'solid-js';

/** The pages of this site. Two of them need no router library. */
export type Place =
  | { readonly page: 'events' }
  | { readonly page: 'event'; readonly event: EventId }
  | { readonly page: 'unknown' };

const EVENT_PATH = /^\/events\/([^/]+)\/?$/;

/** The page that a path names; a path of no page is `unknown`, never an exception. */
export function placeOf(path: string): Place {
  if (path === '/' || path === '/events' || path === '/events/') return { page: 'events' };
  const event = EVENT_PATH.exec(path)?.[1];
  if (event !== undefined && isEventId(event)) return { page: 'event', event };
  return { page: 'unknown' };
}

export function pathOfEvent(event: EventId): string {
  return `/events/${event}`;
}

/**
 * Follows the address bar, and turns clicks on links of this site into moves without a page load.
 * Call it once, under a Solid root.
 */
export function createPlace(): Accessor<Place> {
  const [path, setPath] = createSignal(location.pathname);
  const follow = (): void => {
    setPath(location.pathname);
  };
  const click = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || !isPlainClick(event) || link.origin !== location.origin) return;
    if (link.target !== '' || placeOf(link.pathname).page === 'unknown') return;
    event.preventDefault();
    history.pushState(null, '', link.href);
    window.scrollTo(0, 0);
    follow();
  };
  addEventListener('popstate', follow);
  document.addEventListener('click', click);
  onCleanup(() => {
    removeEventListener('popstate', follow);
    document.removeEventListener('click', click);
  });
  return () => placeOf(path());
}

/** Whether the click asks for this tab: no modifier key, first button, nobody handled it. */
function isPlainClick(event: MouseEvent): boolean {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  return event.button === 0 && !modified && !event.defaultPrevented;
}
