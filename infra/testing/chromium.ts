import { findOnPath, isProgram } from '../local/redis/redis-program.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;

/** Path of a real Chromium: the one that CHROMIUM names, else the first on PATH, else null. */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const named = env['CHROMIUM'];
  if (named !== undefined && named !== '') return (await isProgram(named)) ? named : null;
  return findOnPath(NAMES, env['PATH'] ?? '');
}
