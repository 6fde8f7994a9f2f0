/**
 * Bytes that wait to be sent on a connection: what Engine.IO keeps until the transport is free,
 * plus what the WebSocket has not yet given to the network. Both are read structurally, since
 * neither library shows them in its types; an unknown form counts as empty.
 */
export function waitingBytes(connection: unknown): number {
  const queued = fieldOf(connection, 'writeBuffer');
  let bytes = 0;
  if (Array.isArray(queued)) {
    for (const packet of queued) bytes += lengthOf(fieldOf(packet, 'data'));
  }
  const buffered = fieldOf(fieldOf(fieldOf(connection, 'transport'), 'socket'), 'bufferedAmount');
  return bytes + (typeof buffered === 'number' ? buffered : 0);
}

/**
 * Ends a connection at once, drops what waits for it and hears no more of what it sent. The ordinary
 * way would first wait until the other side has read everything, which it does not.
 */
export function cutConnection(connection: unknown): void {
  cutTransport(connection);
  const close = fieldOf(connection, 'close');
  const discard = true;
  if (typeof close === 'function') close.call(connection, discard);
}

/** Ends what carries a connection, without waiting for the other side to agree. */
export function cutTransport(connection: unknown): void {
  const webSocket = fieldOf(fieldOf(connection, 'transport'), 'socket');
  const terminate = fieldOf(webSocket, 'terminate');
  if (typeof terminate === 'function') terminate.call(webSocket);
}

/** Calls `listener` for each WebSocket ping, which the library answers by itself. */
export function onPing(connection: unknown, listener: () => void): void {
  const webSocket = fieldOf(fieldOf(connection, 'transport'), 'socket');
  const on = fieldOf(webSocket, 'on');
  if (typeof on === 'function') on.call(webSocket, 'ping', listener);
}

function lengthOf(data: unknown): number {
  const length = typeof data === 'string' ? data.length : fieldOf(data, 'byteLength');
  return typeof length === 'number' ? length : 0;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Reflect.get(value, name);
}
