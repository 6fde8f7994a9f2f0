/**
 * What tests of other workspaces may use: the parts of a hub without its sockets, to be run on a
 * simulated network.
 */
export { ownerRoom } from '../src/bus/rooms.ts';
export { DeltaBatch } from '../src/emitter/delta-batch.ts';
export { type ChartSections, createChartSections } from '../src/hub/chart-sections.ts';
export { type EventSink, HubEvents } from '../src/hub/hub-events.ts';
