import type { ConnectionState } from '@holdfast/realtime-hub/viewer';
import { connectionWords } from './words.ts';

export function ConnectionBadge(props: {
  readonly state: ConnectionState;
  readonly checking: number;
}) {
  const words = () => connectionWords(props.state, props.checking);
  return (
    <p
      class={`connection connection-${props.state.kind}`}
      role="status"
      title={words().detail}
      data-testid="connection"
      data-state={props.state.kind}
    >
      <span class="connection-dot" aria-hidden="true" />
      {words().label}
      <span class="hidden-text">. {words().detail}</span>
    </p>
  );
}
