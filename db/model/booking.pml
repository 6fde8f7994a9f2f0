/*
 * From a tap to a booking, as a model that Spin checks in every order of steps: place, begin_confirm,
 * expire_due, commit and reject, as db/src/redis/scripts has them, and the batches of Cosmos between.
 *
 * Who takes part: two shoppers with their API, two workers, Redis that forgets, Cosmos that does not,
 * a bus that delivers often, an operator whose block comes and goes. Everybody may stop between any
 * two of his steps for as long as he likes and go on with what he knew (the old writer).
 *
 * What is left out, and why that loses nothing:
 * - Time. Every script that asks whether a hold is overdue may find either answer, each time anew;
 *   so the model also covers clocks that jump. Looks of the worker come at any moment.
 * - extend, amend, release, revoke: they change a hold that is merely held, as expire_due and the lost
 *   seat of commit do. Cancel: a booking here is for good.
 * - Locks, caps, prices, owners, revs, the map of bytes, positions and viewers: they decide no booking.
 *   Without caps and locks more can happen, not less.
 * - The reconciler: it would repair what a forgetful Redis shows wrongly, and the model shows that no
 *   promise needs it.
 *
 * Invariants are assertions (promises.pml); the run with LIVENESS checks that answers come at all, with
 * one seat and few faults. NO_MARKER, NO_COMMIT_CAS, NO_EXPIRE_CAS, NO_REJECTED_DOCUMENT and NO_LOOK
 * each take out one safety device, for the tests that must then see Spin find what goes wrong.
 */
#include "words.pml"
#include "promises.pml"
#include "cosmos.pml"
#include "redis.pml"
#include "bus.pml"
#include "worker.pml"
#include "shopper.pml"
#include "faults.pml"

init {
  atomic {
    run shopper(0);
    run shopper(1);
    run worker(true);
    run worker(false);
    run overdue_holds();
    run redis_that_forgets();
    run operator()
  }
}

#ifdef LIVENESS
/* I2: one told `accepted` is answered for good. By symmetry one booking stands for all. */
ltl answered { [] (accepted -> <> (told[0] != nothing)) }
#endif
