import { findOnPath, findRedisServer, isProgram } from './redis-program.ts';
import { runTool, ToolError } from './run-tool.ts';
import { unpackRedis } from './unpack-redis.ts';

/** No Redis server could be found or brought. The message holds the command that brings one. */
export class NoRedisServerError extends Error {
  override readonly name = 'NoRedisServerError';
  readonly code = 'redis.no-server';
}

export type ProvideRedisParts = {
  /** A program the user named, or null. */
  readonly chosen: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a server is unpacked to when none is installed. */
  readonly unpackFolder: string;
  /** One line of progress for a person. */
  readonly report: (line: string) => void;
};

const BREW_LIMIT_MS = 900_000;

/**
 * The server program to start: the one that was chosen, else one on PATH, else one unpacked from
 * Debian's or Ubuntu's packages without root, else one that Homebrew installs for its user.
 * Throws `NoRedisServerError` with one sentence.
 */
export async function provideRedisServer(parts: ProvideRedisParts): Promise<string> {
  if (parts.chosen !== null) return chosenProgram(parts.chosen, parts.env['PATH'] ?? '');
  const searchPath = parts.env['PATH'] ?? '';
  const found = await findRedisServer(searchPath, parts.unpackFolder);
  if (found !== null) return found;
  if ((await findOnPath(['apt-get'], searchPath)) && (await findOnPath(['dpkg'], searchPath))) {
    return orAdvice('sudo apt-get install redis-server', () =>
      unpackRedis(parts.unpackFolder, parts),
    );
  }
  if (await findOnPath(['brew'], searchPath)) {
    return orAdvice('brew install redis', () => installWithBrew(parts));
  }
  throw new NoRedisServerError(
    'Holdfast needs redis-server or valkey-server on PATH; install one with your package manager (on Debian and Ubuntu: sudo apt-get install redis-server), or name a running one with REDIS_URL.',
  );
}

async function chosenProgram(chosen: string, searchPath: string): Promise<string> {
  const program = chosen.includes('/') ? chosen : await findOnPath([chosen], searchPath);
  if (program !== null && (await isProgram(program))) return program;
  throw new NoRedisServerError(
    `REDIS_SERVER names ${JSON.stringify(chosen)}, which is not a program that can be run; correct it or leave it out.`,
  );
}

async function installWithBrew(parts: ProvideRedisParts): Promise<string> {
  parts.report('Redis is not installed here; running: brew install redis …');
  const env = { ...parts.env, HOMEBREW_NO_AUTO_UPDATE: '1' };
  const run = (words: string[]) =>
    runTool('brew', words, { cwd: process.cwd(), env, limitMs: BREW_LIMIT_MS });
  await run(['install', 'redis']);
  const prefix = (await run(['--prefix', 'redis'])).trim();
  const program = `${prefix}/bin/redis-server`;
  if (!(await isProgram(program))) throw new ToolError(`brew brought no ${program}`);
  return program;
}

async function orAdvice(command: string, bring: () => Promise<string>): Promise<string> {
  try {
    return await bring();
  } catch (cause) {
    if (!(cause instanceof ToolError)) throw cause;
    throw new NoRedisServerError(
      `No Redis server is installed and none could be unpacked (${firstLine(cause.message)}); run: ${command}`,
      { cause },
    );
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
