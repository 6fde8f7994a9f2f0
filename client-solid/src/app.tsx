import { Match, Switch } from 'solid-js';
import { EventListPage } from './page/event-list-page.tsx';
import { EventPage } from './page/event-page.tsx';
import { createPlace } from './path-router.ts';
import type { Site } from './shop/site.ts';

export function App(props: { readonly site: Site }) {
  const place = createPlace();
  const event = () => {
    const here = place();
    return here.page === 'event' ? here.event : null;
  };
  return (
    <Switch
      fallback={
        <main class="load">
          <p>There is no such page.</p>
          <a href="/">All events</a>
        </main>
      }
    >
      <Match when={place().page === 'events'}>
        <EventListPage site={props.site} />
      </Match>
      <Match when={event()} keyed>
        {(id) => <EventPage site={props.site} event={id} />}
      </Match>
    </Switch>
  );
}
