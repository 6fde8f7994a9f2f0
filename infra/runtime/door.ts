/** The door of the runtime: what every service is started with. */
export { realAmbient } from './real-ambient.ts';
