/**
 * What tests of other workspaces may use: the service to be wired in their own way, and checks that
 * hold every HTTP exchange to the OpenAPI document.
 */
export type { Caller } from '../src/edge/access.ts';
export { refusalOfError } from '../src/edge/fault.ts';
export { describeProblem } from '../src/edge/problem.ts';
export type { Refusal } from '../src/edge/refusal.ts';
export { createProjectedSeats } from '../src/events/projected-seats.ts';
export { createBookingApi, createHandlers } from '../src/service.ts';
export {
  type CheckedClient,
  createCheckedClient,
  done,
  isProblem,
  refused,
} from './checked-client.ts';
export { createOpenApiChecks, type OpenApiChecks, type SeenExchange } from './openapi-checks.ts';
export { smallChart } from './small-chart.ts';
