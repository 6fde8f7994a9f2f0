import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that was cloned. */
export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** A Redis server unpacked once serves every data folder and the tests. */
export const REDIS_UNPACK_FOLDER = join(CHECKOUT, '.holdfast', 'redis');
