import { z } from 'zod';
import { parseRedisAddress } from '../redis-address.ts';

/** How the text of a setting becomes a value, and the words that tell a person what is accepted. */
export type SettingKind<T> = {
  readonly schema: z.ZodType<T, string>;
  /** Completes the sentence "it takes …". */
  readonly accepts: string;
  /** A switch needs no value on the command line: `--fresh`. */
  readonly isSwitch: boolean;
};

const LIST_LENGTH_MAX = 64;
const TEXT_LENGTH_MAX = 4_096;

/** A whole number in [min, max]. */
export function wholeNumber(min: number, max: number): SettingKind<number> {
  return {
    schema: z
      .string()
      .regex(/^\d{1,12}$/)
      .transform(Number)
      .pipe(z.number().min(min).max(max)),
    accepts: `a whole number from ${min} to ${max}`,
    isSwitch: false,
  };
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): SettingKind<Word> {
  return { schema: z.enum(words), accepts: `one of ${words.join(', ')}`, isSwitch: false };
}

export function onOff(): SettingKind<boolean> {
  return {
    schema: z
      .enum(['true', 'false', '1', '0'])
      .transform((word) => word === 'true' || word === '1'),
    accepts: 'true or false',
    isSwitch: true,
  };
}

/** The path of a file or folder, relative to the folder the command is run in. */
export function path(): SettingKind<string> {
  return { schema: plainText(), accepts: 'a path', isSwitch: false };
}

/** A host name or address to listen on. */
export function host(): SettingKind<string> {
  return {
    schema: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/),
    accepts: 'a host name or address, such as 127.0.0.1',
    isSwitch: false,
  };
}

/** One server, a cluster or Sentinel, in the forms of `redis-address.ts`. */
export function redisUrl(): SettingKind<string> {
  return {
    schema: z
      .string()
      .max(TEXT_LENGTH_MAX)
      .refine((given) => parseRedisAddress(given) !== null),
    accepts:
      'an address such as redis://host:6379, redis+cluster://host:6379,host:6379 or redis+sentinel://host:26379,host:26379/name (rediss for TLS)',
    isSwitch: false,
  };
}

/** An odd number of Redis addresses, or none: a majority must be well defined. */
export function oddRedisUrls(): SettingKind<readonly string[]> {
  return {
    schema: commaList()
      .refine((urls) => urls.length === 0 || urls.length % 2 === 1)
      .pipe(z.array(z.string().refine(isOneServer))),
    accepts: 'an odd number of redis:// addresses, separated by commas',
    isSwitch: false,
  };
}

/** Web origins (`scheme://host[:port]`, nothing behind), separated by commas. */
export function origins(): SettingKind<readonly string[]> {
  return {
    schema: commaList().pipe(z.array(z.string().refine(isOrigin))),
    accepts: 'web origins such as https://tickets.example.org, separated by commas',
    isSwitch: false,
  };
}

/** Text of a fixed form, described in words. */
export function text(pattern: RegExp, accepts: string): SettingKind<string> {
  return { schema: z.string().max(TEXT_LENGTH_MAX).regex(pattern), accepts, isSwitch: false };
}

/** The same kind where an empty text stands for "not given" and reads as null. */
export function optional<T>(kind: SettingKind<T>): SettingKind<T | null> {
  return {
    ...kind,
    schema: z.union([z.literal('').transform(() => null), kind.schema]),
  };
}

function plainText(): z.ZodType<string, string> {
  // A zero byte ends a path early in the operating system.
  return z
    .string()
    .min(1)
    .max(TEXT_LENGTH_MAX)
    .refine((given) => !given.includes('\0'));
}

function commaList(): z.ZodType<string[], string> {
  return z
    .string()
    .max(TEXT_LENGTH_MAX)
    .transform((given) =>
      given
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine((parts) => parts.length <= LIST_LENGTH_MAX);
}

function isOneServer(given: string): boolean {
  return parseRedisAddress(given)?.kind === 'single';
}

function isOrigin(given: string): boolean {
  const url = URL.parse(given);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === given;
}
