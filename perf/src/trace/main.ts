import { createLogger, openRedis, RedisUnreachableError } from '@holdfast/infra/runtime';
import { HELP, readTraceArguments, type TraceRequest } from './arguments.ts';
import { redisUrlIn } from './data-folder.ts';
import { TraceError } from './trace-error.ts';
import { traceLife } from './trace-life.ts';

/** `npm run trace`: reads only, prints a life, changes nothing. */
const USAGE_EXIT_CODE = 2;
const REDIS_LIMIT_MS = 3_000;

async function trace(request: Extract<TraceRequest, { kind: 'trace' }>): Promise<void> {
  const url = request.redisUrl ?? (await redisUrlIn(request.dataFolder));
  const redis = await openRedis(url, {
    name: 'trace',
    role: 'commands',
    logger: createLogger('trace', 'silent'),
    readyLimitMs: REDIS_LIMIT_MS,
  });
  try {
    for (const line of await traceLife(redis, request)) console.log(line);
  } finally {
    redis.disconnect();
  }
}

const request = readTraceArguments(process.argv.slice(2));
if (request.kind === 'help') console.log(HELP);
else if (request.kind === 'refused') {
  console.error(request.why);
  process.exitCode = USAGE_EXIT_CODE;
} else {
  try {
    await trace(request);
  } catch (error) {
    if (!(error instanceof TraceError || error instanceof RedisUnreachableError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
