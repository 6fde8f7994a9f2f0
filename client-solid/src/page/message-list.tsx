import { For } from 'solid-js';
import type { Messages } from './messages.ts';

/** The region is always there, so that a screen reader hears what is put into it. */
export function MessageList(props: { readonly messages: Messages }) {
  return (
    <div class="messages" role="status" aria-live="polite" data-testid="messages">
      <For each={props.messages.shown()}>
        {(message) => (
          <p class={`message message-${message.tone}`} data-testid="message">
            <span>{message.text}</span>
            <button
              type="button"
              class="message-close"
              aria-label="Close message"
              onClick={() => props.messages.dismiss(message.id)}
            >
              ×
            </button>
          </p>
        )}
      </For>
    </div>
  );
}
