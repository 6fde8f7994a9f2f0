import { Show } from 'solid-js';
import type { Loaded } from '../shop/site.ts';

/** Stands where content should be: loading, or why it did not come and what to do. */
export function LoadFailure(props: {
  readonly result: Loaded<unknown> | undefined;
  readonly what: string;
  retry(): unknown;
}) {
  const reason = (): string | null => {
    const { result } = props;
    if (result?.kind === 'refused') return `${result.problem.title}.`;
    if (result?.kind === 'unreachable') return 'The shop cannot be reached.';
    return null;
  };
  return (
    <div class="load" role="status" data-testid="load">
      <Show when={reason()} fallback={<p>Loading the {props.what} …</p>}>
        {(text) => (
          <>
            <p>{text()}</p>
            <button type="button" class="button" onClick={() => props.retry()}>
              Try again
            </button>
            <a href="/">All events</a>
          </>
        )}
      </Show>
    </div>
  );
}
