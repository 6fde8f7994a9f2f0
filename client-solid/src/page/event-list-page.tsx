import { createResource, For, Show } from 'solid-js';
import { pathOfEvent } from '../path-router.ts';
import { loadShows, type Show as Performance, type Site } from '../shop/site.ts';
import { LoadFailure } from './load-failure.tsx';
import { showTime } from './show-time.ts';

/** All shows, next one first. */
export function EventListPage(props: { readonly site: Site }) {
  const [loaded, { refetch }] = createResource(() => loadShows(props.site));
  const shows = () => {
    const result = loaded();
    return result?.kind === 'loaded' ? result.value : null;
  };
  document.title = 'Events · Holdfast';
  return (
    <main class="events">
      <header class="events-head">
        <h1>Events</h1>
        <p>Pick your seats on a live map. They are held for you while you decide.</p>
      </header>
      <Show
        when={shows()}
        fallback={<LoadFailure result={loaded()} what="events" retry={() => refetch()} />}
      >
        {(list) => (
          <ul class="event-list" data-testid="events">
            <For each={list()} fallback={<li class="event-none">There are no events yet.</li>}>
              {(show) => <EventCard show={show} />}
            </For>
          </ul>
        )}
      </Show>
    </main>
  );
}

function EventCard(props: { readonly show: Performance }) {
  return (
    <li>
      <a class="event-card" href={pathOfEvent(props.show.id)} data-testid="event">
        <span class="event-date">{showTime(props.show.startsAt)}</span>
        <strong class="event-name">{props.show.name}</strong>
        <span class="event-venue">{props.show.venue}</span>
        <span class="event-facts">
          {props.show.seatCount.toLocaleString()} seats
          <Show when={props.show.sale !== 'open'}>
            <em class="event-sale">{SALE_LABEL[props.show.sale]}</em>
          </Show>
        </span>
      </a>
    </li>
  );
}

const SALE_LABEL = {
  draft: 'not on sale yet',
  open: 'on sale',
  paused: 'sale paused',
  closed: 'sale closed',
} as const;
