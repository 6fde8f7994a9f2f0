import { createMemo, Index, Show } from 'solid-js';
import { formatTimeLeft } from '../shop/countdown.ts';
import type { Shop } from '../shop/shop.ts';
import type { MoneyFormat } from './money.ts';
import { seatWords } from './words.ts';

type Line = {
  readonly label: string;
  readonly amount: number | null;
  readonly state: 'held' | 'adding' | 'dropping';
};

/** What the shopper holds: seats, total, time left, and the ways on and back. */
export function BasketPanel(props: { readonly shop: Shop; readonly money: MoneyFormat }) {
  const hold = () => props.shop.basket().held?.hold ?? null;
  const lines = createMemo(() => basketLines(props.shop));
  return (
    <section class="basket" aria-label="Your seats" data-testid="basket">
      <Show when={lines().length > 0} fallback={<EmptyBasket shop={props.shop} />}>
        <header class="basket-head">
          <h2>
            {lines().length === 1 ? '1 seat' : `${lines().length} seats`}
            <Show when={hold()}>
              {(held) => (
                <span class="basket-total" data-testid="total">
                  {props.money(held().quote.total)}
                </span>
              )}
            </Show>
          </h2>
          <TimeLeftBadge shop={props.shop} />
        </header>
        <ul class="basket-seats">
          <Index each={lines()}>
            {(line) => <BasketLine line={line()} shop={props.shop} money={props.money} />}
          </Index>
        </ul>
        <Show when={hold()}>
          {(held) => (
            <div class="basket-actions">
              <button
                type="button"
                class="button button-strong"
                disabled={
                  held().extensionsLeft === 0 ||
                  !props.shop.canGainTime() ||
                  props.shop.basket().work === 'extend'
                }
                title="More time can be had towards the end"
                onClick={() => props.shop.extend()}
                data-testid="extend"
              >
                {held().extensionsLeft === 0 ? 'No more time' : 'More time'}
              </button>
              <button
                type="button"
                class="button"
                disabled={props.shop.basket().work === 'release'}
                onClick={() => props.shop.release()}
                data-testid="release"
              >
                Give all back
              </button>
            </div>
          )}
        </Show>
      </Show>
    </section>
  );
}

function EmptyBasket(props: { readonly shop: Shop }) {
  return (
    <p class="basket-empty" data-testid="basket-empty">
      {props.shop.basket().known
        ? 'Tap the map to come closer, then a seat: it is held for you while you decide.'
        : 'Looking for your basket …'}
    </p>
  );
}

function BasketLine(props: {
  readonly line: Line;
  readonly shop: Shop;
  readonly money: MoneyFormat;
}) {
  const seat = () => props.shop.names.seatOf(props.line.label);
  const words = () => {
    const index = seat();
    return index < 0 ? props.line.label : seatWords(props.shop.names.nameOf(index));
  };
  return (
    <li
      class={`basket-line basket-line-${props.line.state}`}
      data-testid="basket-seat"
      data-label={props.line.label}
      data-state={props.line.state}
    >
      <span class="basket-seat">{words()}</span>
      <span class="basket-amount">
        <Show when={props.line.amount !== null} fallback={WAITING[props.line.state]}>
          {props.money(props.line.amount ?? 0)}
        </Show>
      </span>
      <button
        type="button"
        class="basket-drop"
        aria-label={`Give back ${words()}`}
        disabled={seat() < 0 || props.line.state === 'dropping'}
        onClick={() => props.shop.choose(seat())}
      >
        ×
      </button>
    </li>
  );
}

const WAITING = { held: '', adding: 'asking …', dropping: 'giving back …' } as const;

function TimeLeftBadge(props: { readonly shop: Shop }) {
  return (
    <Show when={props.shop.timeLeft()}>
      {(left) => (
        <p class={`time-left time-left-${left().phase}`} role="timer" data-testid="time-left">
          <Show when={left().phase !== 'over'} fallback="Time is over">
            <span class="hidden-text">Time left: </span>
            {formatTimeLeft(left().seconds)}
          </Show>
        </p>
      )}
    </Show>
  );
}

/** The hold's seats in its order, then what is being asked for. */
function basketLines(shop: Shop): Line[] {
  const { held, adding, dropping } = shop.basket();
  const lines = (held?.hold.quote.seats ?? []).map(({ label, amount }): Line => {
    const leaving = dropping.includes(label);
    return { label, amount: leaving ? null : amount, state: leaving ? 'dropping' : 'held' };
  });
  const known = new Set(lines.map((line) => line.label));
  for (const label of adding) {
    if (!known.has(label)) lines.push({ label, amount: null, state: 'adding' });
  }
  return lines;
}
