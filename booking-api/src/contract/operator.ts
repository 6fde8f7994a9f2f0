import { z } from 'zod';
import {
  chartHashField,
  eventIdField,
  positionSchema,
  saleStateField,
  seatLabelField,
  seatStateField,
} from './fields.ts';
import { SEATS_PER_BLOCK_MAX } from './limits.ts';

const blockLabelsField = z.array(seatLabelField).min(1).max(SEATS_PER_BLOCK_MAX);

/** `revokeHolds` ends the holds that have one of the seats; without it held seats are listed back. */
export const blockSeatsSchema = z.strictObject({
  seats: blockLabelsField,
  chartHash: chartHashField,
  revokeHolds: z.boolean().optional(),
});
export type BlockSeats = z.infer<typeof blockSeatsSchema>;

export const unblockSeatsSchema = z.strictObject({
  seats: blockLabelsField,
  chartHash: chartHashField,
});
export type UnblockSeats = z.infer<typeof unblockSeatsSchema>;

/** `changed`: by this call. `refused`: held or booked seats that stayed as they were. */
export const blockedSchema = z.strictObject({
  changed: z.array(seatLabelField),
  refused: z.array(z.strictObject({ label: seatLabelField, state: seatStateField })),
  revokedHolds: z.int().min(0),
  position: positionSchema,
});
export type Blocked = z.infer<typeof blockedSchema>;

export const changeSaleSchema = z.strictObject({ next: saleStateField });
export type ChangeSale = z.infer<typeof changeSaleSchema>;

const seatCountsSchema = z.strictObject({
  available: z.int().min(0),
  held: z.int().min(0),
  booked: z.int().min(0),
  blocked: z.int().min(0),
});

export const statsSchema = z.strictObject({
  event: eventIdField,
  sale: saleStateField,
  seats: seatCountsSchema,
  sections: z.array(z.strictObject({ id: z.string(), ...seatCountsSchema.shape })),
  position: positionSchema,
});
export type Stats = z.infer<typeof statsSchema>;

/** The first half is done and stands; sending the same request again does the rest. */
export const unsettledSchema = z.strictObject({
  status: z.literal('pending'),
  retryAfterMs: z.int().min(0),
});
export type Unsettled = z.infer<typeof unsettledSchema>;
