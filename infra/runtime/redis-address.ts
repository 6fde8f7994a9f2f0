/**
 * Where Redis is, as one line of text:
 *
 * - `redis://[user:password@]host[:port][/database]`, or `rediss://…` over TLS: one server;
 * - `redis+cluster://[user:password@]host:port,host:port`, or `rediss+cluster://…`: some nodes of a
 *   cluster, which tell of the others;
 * - `redis+sentinel://[user:password@]host:port,host:port/name[/database]`, or `rediss+sentinel://…`:
 *   the sentinels that know which server is the primary of this name. User and password are for that
 *   server; sentinels are asked without, and TLS goes to both.
 */
export type RedisAddress =
  | { readonly kind: 'single'; readonly url: string }
  | ({ readonly kind: 'cluster'; readonly nodes: readonly HostPort[] } & Access)
  | ({
      readonly kind: 'sentinel';
      readonly sentinels: readonly HostPort[];
      readonly primaryName: string;
      readonly database: number;
    } & Access);

export type HostPort = { readonly host: string; readonly port: number };

type Access = {
  readonly isEncrypted: boolean;
  readonly username?: string;
  readonly password?: string;
};

const MANY = /^redis(s?)\+(cluster|sentinel):\/\/(?:([^@/]*)@)?([^/?#]+)((?:\/[^/?#]*)*)$/;
const HOST_PORT = /^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?$/;
const PRIMARY_NAME = /^[A-Za-z0-9._-]{1,100}$/;
const DATABASE = /^\d{1,4}$/;
const HOSTS_MAX = 64;
const REDIS_PORT = 6_379;
const SENTINEL_PORT = 26_379;
const PORT_MAX = 65_535;

/** Reads an address; null when it has none of the three forms. */
export function parseRedisAddress(text: string): RedisAddress | null {
  const [whole, tls, kind, access = '', hosts = '', path = ''] = MANY.exec(text) ?? [];
  if (whole === undefined) return isSingle(text) ? { kind: 'single', url: text } : null;
  const isCluster = kind === 'cluster';
  const list = hostList(hosts, isCluster ? REDIS_PORT : SENTINEL_PORT);
  const credentials = accessOf(access);
  if (list === null || credentials === null) return null;
  const shared = { isEncrypted: tls === 's', ...credentials };
  const [primaryName = '', database = '0', ...rest] = path.split('/').slice(1);
  if (isCluster) {
    return path === '' || path === '/' ? { kind: 'cluster', nodes: list, ...shared } : null;
  }
  if (!PRIMARY_NAME.test(primaryName) || !DATABASE.test(database) || rest.length > 0) return null;
  return {
    kind: 'sentinel',
    sentinels: list,
    primaryName,
    database: Number(database),
    ...shared,
  };
}

/** The address without user and password, fit for people and logs. */
export function withoutPassword(text: string): string {
  if (parseRedisAddress(text) === null) return 'the given address';
  const [, scheme = '', hosts = ''] = /^([a-z+]+:\/\/)(?:[^/]*@)?([^@?#]*)/.exec(text) ?? [];
  return `${scheme}${hosts}`;
}

function isSingle(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== '';
}

function hostList(hosts: string, fallbackPort: number): HostPort[] | null {
  const list: HostPort[] = [];
  for (const one of hosts.split(',')) {
    const [, host, port = `${fallbackPort}`] = HOST_PORT.exec(one.trim()) ?? [];
    if (host === undefined || Number(port) < 1 || Number(port) > PORT_MAX) return null;
    // A socket takes an IPv6 address without its brackets.
    list.push({ host: host.replace(/^\[|\]$/g, ''), port: Number(port) });
  }
  return list.length <= HOSTS_MAX ? list : null;
}

/** `user:password`, `:password` or nothing, each percent-encoded as in any address. */
function accessOf(text: string): Pick<Access, 'username' | 'password'> | null {
  if (text === '') return {};
  const at = text.indexOf(':');
  if (at < 0) return null;
  try {
    const username = decodeURIComponent(text.slice(0, at));
    const password = decodeURIComponent(text.slice(at + 1));
    return { ...(username === '' ? {} : { username }), password };
  } catch {
    return null;
  }
}
