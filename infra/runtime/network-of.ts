import { isIPv6 } from 'node:net';

const V4_IN_V6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const V6_GROUPS = 8;
/** One household or machine usually has a whole /64. */
const V6_NETWORK_GROUPS = 4;

/** What limits are counted by: an IPv4 address, or the /64 of an IPv6 one. */
export function networkOf(address: string): string {
  const bare = V4_IN_V6.exec(address)?.[1] ?? address.split('%')[0] ?? '';
  if (!isIPv6(bare)) return bare;
  const [head = '', tail] = bare.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = new Array<string>(Math.max(0, V6_GROUPS - front.length - back.length)).fill('0');
  const groups = [...front, ...(tail === undefined ? [] : zeros), ...back];
  const network = groups.slice(0, V6_NETWORK_GROUPS).map((group) => Number.parseInt(group, 16));
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}
