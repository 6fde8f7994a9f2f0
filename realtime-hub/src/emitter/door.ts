/** The door of the emitter: how writers of seats reach hubs, APIs and owners. */
export { createEmitter, type Emitter, type EmitterOptions } from './emitter.ts';
