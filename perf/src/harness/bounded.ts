/** Rejects when `task` is not done within `limitMs`; `what` names it in the error. */
export async function withinLimit<T>(task: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} was not done within ${limitMs} ms`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([task, late]);
  } finally {
    clearTimeout(timer);
  }
}

const LOOK_AGAIN_MS = 5;

/** Resolves when `isTrue` says so; rejects by name after `limitMs`, or when `signal` is aborted. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  { limitMs, signal }: { readonly limitMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await isTrue())) {
    signal.throwIfAborted();
    if (performance.now() > endMs) throw new Error(`still not so after ${limitMs} ms: ${what}`);
    await pause(LOOK_AGAIN_MS);
  }
}

export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
