/** The door of the test house: suites, servers of a test's own, drivers. */
export { freePort, startTestRedis, type TestRedis } from './redis-server.ts';
export { type Suite, suite } from './suite.ts';
