import type { EventId } from '@holdfast/db/model';
import { createEffect, createMemo, createResource, onCleanup, onMount, Show } from 'solid-js';
import { reloadOnce } from '../shop/reload-once.ts';
import { openShop, type Shop } from '../shop/shop.ts';
import { loadShow, type ShowWithChart, type Site } from '../shop/site.ts';
import { BasketPanel } from './basket-panel.tsx';
import { ConnectionBadge } from './connection-badge.tsx';
import { Legend } from './legend.tsx';
import { LoadFailure } from './load-failure.tsx';
import { MapView } from './map-view.tsx';
import { MessageList } from './message-list.tsx';
import { createMessages, type Messages } from './messages.ts';
import { moneyFormat } from './money.ts';
import { showTime } from './show-time.ts';
import { saleBanner, wordsOf } from './words.ts';

const CHART_AGAIN_MS = 1_000;

/** One show: its map, its prices, and the shopper's basket. */
export function EventPage(props: { readonly site: Site; readonly event: EventId }) {
  const [loaded, { refetch }] = createResource(
    () => props.event,
    (event) => loadShow(props.site, event),
  );
  const content = () => {
    const result = loaded();
    return result?.kind === 'loaded' ? result.value : null;
  };
  return (
    <Show
      when={content()}
      keyed
      fallback={<LoadFailure result={loaded()} what="seating plan" retry={() => refetch()} />}
    >
      {(ready) => <ShopView site={props.site} content={ready} refetch={() => refetch()} />}
    </Show>
  );
}

type ShopViewProps = {
  readonly site: Site;
  readonly content: ShowWithChart;
  refetch(): unknown;
};

function ShopView(props: ShopViewProps) {
  // The page is keyed by its content: another show or chart makes another view.
  const { site, content } = props;
  const messages = createMessages(site.ambient.timers);
  const shop = openShop(site, content, {
    news: (news) => messages.add(wordsOf(news, shop.names)),
    outdated(what) {
      // Not at once: while the parts of the service learn of a new chart, answers may disagree.
      if (what === 'chart') site.ambient.timers.after(CHART_AGAIN_MS, () => props.refetch());
      else if (
        !reloadOnce(
          () => sessionStorage,
          () => location.reload(),
        )
      )
        messages.add({ text: 'This page is out of date. Please reload it.', tone: 'warn' });
    },
  });
  onCleanup(() => shop.stop());
  wakeOnReturn(shop);
  warnInTime(shop, messages);
  const money = moneyFormat(content.chart.currency);
  document.title = `${content.show.name} · Holdfast`;

  return (
    <div class="shop">
      <header class="shop-head">
        <a class="back" href="/" aria-label="All events">
          ←
        </a>
        <div class="shop-title">
          <h1>{content.show.name}</h1>
          <p>
            <span class="shop-venue">{content.show.venue}</span>
            <span class="shop-when">{showTime(content.show.startsAt)}</span>
          </p>
        </div>
        <ConnectionBadge state={shop.seats.connection()} checking={shop.seats.checking()} />
      </header>
      <main class="shop-map">
        <Show when={saleBanner(shop.seats.sale())}>
          {(text) => (
            <p class="sale-banner" role="status" data-testid="sale-banner">
              {text()}
            </p>
          )}
        </Show>
        <MapView shop={shop} chart={content.chart} money={money} />
        <MessageList messages={messages} />
      </main>
      <aside class="shop-side">
        <BasketPanel shop={shop} money={money} />
        <Legend chart={content.chart} money={money} />
      </aside>
    </div>
  );
}

/** A page that comes back from the background or from a dead network asks at once. */
function wakeOnReturn(shop: Shop): void {
  const see = (): void => {
    if (document.visibilityState === 'visible') shop.wake();
  };
  const network = (): void => shop.noteNetwork(navigator.onLine);
  onMount(() => {
    document.addEventListener('visibilitychange', see);
    addEventListener('online', network);
    addEventListener('offline', network);
  });
  onCleanup(() => {
    document.removeEventListener('visibilitychange', see);
    removeEventListener('online', network);
    removeEventListener('offline', network);
  });
}

/** Says once, in words, that the time is running out. */
function warnInTime(shop: Shop, messages: Messages): void {
  const phase = createMemo(() => shop.timeLeft()?.phase ?? null);
  createEffect((before: string | null) => {
    const now = phase();
    if (now === 'soon' && before === 'calm') {
      const more = (shop.basket().held?.hold.extensionsLeft ?? 0) > 0;
      const advice = more ? ' Ask for more time if you need it.' : '';
      messages.add({ text: `Your seats are held for one more minute.${advice}`, tone: 'warn' });
    }
    return now;
  }, null);
}
