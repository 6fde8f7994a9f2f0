/** The door of the test house: suites, servers of a test's own, drivers. */

export { freePort } from '../local/free-port.ts';
export { findChromium } from './chromium.ts';
export { type FaultProxy, startFaultProxy } from './faults/fault-proxy.ts';
export { makeRedisClock, type RedisClock } from './faults/redis-clock.ts';
export { createManualAmbient, type ManualAmbient } from './manual-ambient.ts';
export {
  childProcess,
  type DrivenProcess,
  driveProcess,
  type ProcessDriver,
} from './processes/process-driver.ts';
export type { TestProcess } from './processes/test-process.ts';
export {
  partnerOf,
  startTestCluster,
  type TestCluster,
  type TestClusterNode,
} from './redis-cluster.ts';
export {
  startTestSentinel,
  type TestSentinel,
  type TestSentinelServer,
} from './redis-sentinel.ts';
export { startTestRedis, type TestRedis } from './redis-server.ts';
export { type ReturningRedis, startReturningRedis } from './returning-redis.ts';
export { SMUGGLED_REQUESTS, sendRaw } from './smuggled-requests.ts';
export { startStack, type TestStack, type TestStackOptions } from './stack.ts';
export { type Suite, suite } from './suite.ts';
export { seededFraction, testSeed } from './test-seed.ts';
