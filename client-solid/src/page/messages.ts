import type { Timers } from '@holdfast/db/model';
import { type Accessor, createSignal } from 'solid-js';
import type { Words } from './words.ts';

/** Messages on the screen, newest last; each leaves by itself, sooner by hand. */
export type Messages = {
  readonly shown: Accessor<readonly ShownMessage[]>;
  add(words: Words): void;
  dismiss(id: number): void;
};

export type ShownMessage = Words & { readonly id: number };

const SHOWN_MAX = 2;
const LINGER_MS = { info: 5_000, warn: 10_000 } as const;

export function createMessages(timers: Timers): Messages {
  const [shown, setShown] = createSignal<readonly ShownMessage[]>([]);
  let lastId = 0;
  const dismiss = (id: number): void => {
    setShown((messages) => messages.filter((message) => message.id !== id));
  };
  return {
    shown,
    dismiss,
    add(words) {
      lastId += 1;
      const message = { ...words, id: lastId };
      // The same sentence twice would push others out: the newer replaces the older.
      setShown((messages) =>
        [...messages.filter(({ text }) => text !== words.text), message].slice(-SHOWN_MAX),
      );
      timers.after(LINGER_MS[words.tone], () => dismiss(message.id));
    },
  };
}
