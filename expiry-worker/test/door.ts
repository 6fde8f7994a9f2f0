/** What tests of other workspaces may use: the worker, to be run on parts of their own. */
export { createExpiryWorker, type ExpiryWorker } from '../src/expiry-worker.ts';
export type { NoticeSubscriber, NoticeSubscribers } from '../src/keyspace-notices.ts';
