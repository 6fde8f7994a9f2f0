import type { OtherTabs } from './other-tabs.ts';

/** Tabs of one browser and origin, joined by a BroadcastChannel; alone where there is none. */
export function broadcastTabs(open: () => BroadcastChannel): OtherTabs {
  let channel: BroadcastChannel;
  try {
    channel = open();
  } catch {
    // Some private modes refuse it; then each tab learns of changes when it is looked at again.
    return { say: () => undefined, hear: () => () => undefined };
  }
  return {
    say: (event) => channel.postMessage(event),
    hear: (listener) => {
      const listen = ({ data }: MessageEvent<unknown>): void => {
        if (typeof data === 'string') listener(data);
      };
      channel.addEventListener('message', listen);
      return () => channel.removeEventListener('message', listen);
    },
  };
}
