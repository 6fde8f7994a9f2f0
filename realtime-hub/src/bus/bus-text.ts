import { isPlainObject } from '../protocol/decoded.ts';

/**
 * How broadcasts are written between processes: JSON, read defensively. Whoever may publish on our
 * channels is trusted (own prefix, Redis ACL), but a message of another version or a stray one
 * must not end a process, so whatever does not look like a broadcast is read as nothing.
 */
export const busText = {
  encode: (message: unknown): string => JSON.stringify(message),
  decode: (message: unknown): unknown[] => {
    try {
      const decoded: unknown = JSON.parse(String(message));
      return isBroadcast(decoded) ? decoded : [];
    } catch {
      return [];
    }
  },
};

/** `[sender, packet, { rooms, except }]` */
function isBroadcast(value: unknown): value is unknown[] {
  if (!Array.isArray(value)) return false;
  // An array of unknown shape: each element is tested here.
  const [sender, packet, options] = value as unknown[];
  return (
    typeof sender === 'string' &&
    isPlainObject(packet) &&
    isPlainObject(options) &&
    Array.isArray(options['rooms']) &&
    Array.isArray(options['except'])
  );
}
