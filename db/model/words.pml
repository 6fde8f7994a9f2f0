/* Words, sizes and sets that all parts of the model share. */

/* Holds of one shopper follow each other: the ids n, n + SHOPPERS, ... A hold's id is its booking's id later. */
#ifndef HOLDS
#define HOLDS 2
#endif
#ifndef SEATS
#define SEATS 2
#endif
#define SHOPPERS 2

/* How often Redis forgets, or in the run for answers the bus; one of them always remembers. */
#ifndef LOSSES
#define LOSSES 1
#endif

/* A set of seats has one bit a seat. */
#define ALL_SEATS ((1 << SEATS) - 1)
#define HAS(set, member) (((set) >> (member)) & 1)

/* Who has a seat, in Redis and as a marker in Cosmos: nobody, `h:<hold>`, `b:<booking>`, `x`. */
#define NOBODY 0
#define HELD_BY(id) (1 + (id))
#define BOOKED_BY(id) (1 + HOLDS + (id))
#define BLOCK (1 + 2 * HOLDS)
#define IS_HELD(holder) ((holder) != NOBODY && (holder) <= HOLDS)
#define IS_BOOKED(holder) ((holder) > HOLDS && (holder) != BLOCK)
#define HOLD_OF(holder) ((holder) - 1)
#define BOOKING_OF(holder) ((holder) - 1 - HOLDS)

/* Status of a hold in Redis; `unknown` is no record. */
mtype = { unknown, held, confirming, booked, expired, revoked, rejected };
#define IS_LIVE(status) ((status) == held || (status) == confirming)

/* Status of a booking document, and what its owner was told: one of these, or rejected. */
mtype = { nothing, committed };

/* Outcomes of a script or batch. */
mtype = { done, replayed, refused, event_loading, conflict_booking, conflict_seat };

/* The answer of the last script or batch, to be read in the same atomic; `found` is a seat or a set of them. */
hidden mtype outcome = nothing;
hidden byte found;

/* Scratch of single steps. Hidden variables are no part of a state. */
hidden byte seat;
hidden byte other;
hidden byte at;
hidden byte one;
hidden byte two;

/* What may go wrong with a call. Without a bound nobody would ever have to be answered. */
#ifdef LIVENESS
byte failures;
#define MAY_FAIL (failures < 1) -> failures++
#else
#define MAY_FAIL true
#endif

/* Says once that a branch was taken: a model in which little happens proves little. */
#ifdef WITNESSES
#define OCCURS(what) c_code { static int seen; if (!seen++) printf("occurs: %s\n", what); }
#else
#define OCCURS(what) skip
#endif
