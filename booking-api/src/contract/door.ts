/** The door of the HTTP wire: pure and browser-safe. */
export * from './api-client.ts';
export * from './event.ts';
export * from './header-names.ts';
export * from './hold.ts';
export * from './limits.ts';
export * from './operator.ts';
export * from './paths.ts';
export * from './problem.ts';
export * from './problem-codes.ts';
export * from './route.ts';
export * from './routes.ts';
export * from './seat-snapshot.ts';
export * from './session.ts';
