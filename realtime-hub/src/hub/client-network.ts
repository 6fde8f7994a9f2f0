import type { IncomingMessage } from 'node:http';
import { networkOf } from '@holdfast/infra/runtime';

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
