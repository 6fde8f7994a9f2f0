/** Waits until a condition holds, looking often; throws what was waited for when it never does. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 8_000,
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The next message of a name; throws if none comes. */
export function nextMessage(
  socket: { once(name: string, listener: (value: unknown) => void): unknown },
  name: string,
  limitMs = 8_000,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`no "${name}" in ${limitMs} ms`)), limitMs);
    limit.unref(); // whoever lost a race against another message is not waited for
    socket.once(name, (value) => {
      clearTimeout(limit);
      resolve(value);
    });
  });
}
