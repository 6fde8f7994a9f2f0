import type { Chart } from '@holdfast/db/model';
import { createEffect, For } from 'solid-js';
import type { MoneyFormat } from './money.ts';

/** Prices by colour, and the shapes that say what a seat is, so that colour alone decides nothing. */
export function Legend(props: { readonly chart: Chart; readonly money: MoneyFormat }) {
  const accessible = () =>
    props.chart.sections.some((section) => section.rows.some((row) => row.accessible.length > 0));
  return (
    <section class="legend" aria-label="Prices and symbols">
      <ul class="legend-prices" data-testid="legend">
        <For each={props.chart.categories}>
          {(category) => (
            <li>
              <Swatch colour={category.colour} />
              <span class="legend-name">{category.name}</span>
              <span class="legend-price">{props.money(category.price)}</span>
            </li>
          )}
        </For>
      </ul>
      <ul class="legend-looks">
        <li>
          <span class="look look-mine" aria-hidden="true" /> yours
        </li>
        <li>
          <span class="look look-held" aria-hidden="true" /> held by others
        </li>
        <li>
          <span class="look look-booked" aria-hidden="true" /> sold
        </li>
        <li>
          <span class="look look-blocked" aria-hidden="true" /> not for sale
        </li>
        {accessible() && (
          <li>
            <span class="look look-accessible" aria-hidden="true" /> wheelchair place
          </li>
        )}
      </ul>
    </section>
  );
}

/** Its colour comes from the chart and is set by script: the page allows no inline styles. */
function Swatch(props: { readonly colour: string }) {
  let dot: HTMLSpanElement | undefined;
  createEffect(() => dot?.style.setProperty('--swatch', props.colour));
  return <span ref={dot} class="swatch" aria-hidden="true" />;
}
