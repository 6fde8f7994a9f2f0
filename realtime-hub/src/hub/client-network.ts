import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

const V4_IN_V6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
/** One household or machine usually has a whole /64. */
const NETWORK_GROUPS = 4;

/**
 * The network that a connection comes from: an IPv4 address or the /64 of an IPv6 one. Of
 * `X-Forwarded-For` only what the `trustedHops` proxies in front appended is believed; everything
 * before it was written by the client.
 */
export function clientNetwork(request: IncomingMessage, trustedHops: number): string {
  const direct = request.socket.remoteAddress ?? '';
  if (trustedHops === 0) return networkOf(direct);
  const header = request.headers['x-forwarded-for'];
  const told = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
  return networkOf(told.at(-trustedHops)?.trim() || direct);
}

function networkOf(address: string): string {
  const bare = V4_IN_V6.exec(address)?.[1] ?? address;
  if (!isIPv6(bare)) return bare;
  const [head = '', tail] = bare.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = new Array<string>(Math.max(0, GROUPS - front.length - back.length)).fill('0');
  const groups = [...front, ...(tail === undefined ? [] : zeros), ...back];
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => Number.parseInt(group, 16));
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}
