/*
 * What was promised, and the invariants as assertions. Nothing here decides anything: no script and
 * no worker reads these variables. ONLY_I1, ONLY_I2, ONLY_I3 judge by one invariant, so that a test
 * knows which one a missing safety device breaks.
 */
#if defined(ONLY_I2) || defined(ONLY_I3)
#define I1(claim) skip
#else
#define I1(claim) assert(claim)
#endif
#if defined(ONLY_I1) || defined(ONLY_I3)
#define I2(claim) skip
#else
#define I2(claim) assert(claim)
#endif
#if defined(ONLY_I1) || defined(ONLY_I2)
#define I3(claim) skip
#else
#define I3(claim) assert(claim)
#endif
/* What should follow from the rest: Redis contradicts neither Cosmos nor itself. */
#if defined(ONLY_I1) || defined(ONLY_I2) || defined(ONLY_I3)
#define AGREES(claim) skip
#else
#define AGREES(claim) assert(claim)
#endif

/* What the owner of a booking was told for good. */
mtype told[HOLDS] = nothing;

/* The owner may ask at any moment, so what a document says counts as told when it is written. */
inline tell(id, what) {
  I2(told[id] == nothing || told[id] == what); /* one durable answer */
  told[id] = what
}

/* Booking 0 was answered 202 `accepted`. Only the run for answers remembers it. */
#ifdef LIVENESS
bool accepted;
#endif

inline promise(id) {
#ifdef LIVENESS
  accepted = accepted || (id) == 0
#else
  skip
#endif
}

/*
 * The records of the feed. They tell viewers whose a seat is, and `told_to` follows them alone: it is
 * lost and comes back with Redis, for another chain is another story.
 */
inline record_place(id, at) {
  I1(redis.told_to[at] == NOBODY); /* told spans never overlap */
  redis.told_to[at] = HELD_BY(id)
}

inline record_lost(id, at) {
  redis.told_to[at] = (redis.told_to[at] == HELD_BY(id) -> NOBODY : redis.told_to[at])
}

inline record_end(id) {
  I3(!redis.ended[id]); /* one end record along one chain */
  redis.ended[id] = true;
  for (at : 0 .. SEATS - 1) {
    record_lost(id, at)
  }
}

/* A live hold ends booked; of one that is unknown or ended this is a repair record; a decided one has no more. */
inline record_commit(id) {
  I3(redis.status[id] != booked && redis.status[id] != rejected);
  if
  :: IS_LIVE(redis.status[id]) -> OCCURS("commit of a live hold"); record_end(id)
  :: redis.status[id] == unknown -> OCCURS("commit of a forgotten hold")
  :: else -> OCCURS("commit of an ended hold")
  fi
}

/* Only a confirming hold may still believe in a seat that another one books: its own batch will meet 409. */
inline record_booked(id, at) {
  I1(redis.told_to[at] == NOBODY || redis.told_to[at] == HELD_BY(id)
    || redis.told_to[at] == BOOKED_BY(id)
    || (IS_HELD(redis.told_to[at]) && redis.status[HOLD_OF(redis.told_to[at])] == confirming));
  redis.told_to[at] = BOOKED_BY(id)
}

/* Redis may have forgotten much, but what it says of bookings is true, and a held hold has all its seats. */
inline check_redis() {
  for (one : 0 .. HOLDS - 1) {
    AGREES(redis.status[one] != booked || booking[one] == committed);
    AGREES(redis.status[one] != rejected || booking[one] == rejected);
    for (at : 0 .. SEATS - 1) {
      AGREES(redis.holder[at] != BOOKED_BY(one) || marker[at] == BOOKED_BY(one));
      AGREES(redis.holder[at] != HELD_BY(one)
        || (IS_LIVE(redis.status[one]) && HAS(redis.seats[one], at)));
      AGREES(redis.status[one] != held || !HAS(redis.seats[one], at)
        || redis.holder[at] == HELD_BY(one))
    }
  }
  skip
}

inline check_cosmos() {
  for (one : 0 .. HOLDS - 1) {
    for (two : one + 1 .. HOLDS - 1) {
      I1(booking[one] != committed || booking[two] != committed
        || (booked_seats[one] & booked_seats[two]) == 0) /* no seat is booked twice */
    }
    I2(told[one] == nothing || told[one] == booking[one]); /* never lost ... */
    for (at : 0 .. SEATS - 1) {
      I2(told[one] != committed || !HAS(booked_seats[one], at)
        || marker[at] == BOOKED_BY(one)) /* ... or altered */
    }
  }
  skip
}
