/*
 * Cosmos DB, the partition of one event: booking documents and create-only seat markers. It forgets
 * nothing. NO_MARKER writes markers without asking whether one is there.
 */
mtype booking[HOLDS] = nothing;
byte booked_seats[HOLDS];
byte contested_seat[HOLDS];
byte contested_holder[HOLDS];
byte marker[SEATS];

/* One transactional batch: `booking:<id>` first, then a marker a seat; all or nothing. On a seat's 409 `found` names it. */
inline commit_batch(id, set) {
  d_step {
    found = SEATS;
    for (seat : 0 .. SEATS - 1) {
      if
#ifndef NO_MARKER
      :: HAS(set, seat) && marker[seat] != NOBODY -> found = seat
#endif
      :: else
      fi
    }
    if
    :: booking[id] != nothing -> OCCURS("batch meets its own booking"); outcome = conflict_booking
    :: booking[id] == nothing && found < SEATS -> outcome = conflict_seat
    :: else ->
      OCCURS("batch commits");
      booking[id] = committed;
      booked_seats[id] = set;
      for (seat : 0 .. SEATS - 1) {
        marker[seat] = (HAS(set, seat) -> BOOKED_BY(id) : marker[seat])
      }
      tell(id, committed);
      outcome = done
    fi;
    check_cosmos()
  }
}

/* Burns the id: a batch of it that comes later meets 409 on the booking. */
inline create_rejected(id, contested, truth) {
  d_step {
    if
    :: booking[id] != nothing -> OCCURS("rejection meets a decided booking"); outcome = conflict_booking
    :: else ->
      OCCURS("rejection is written");
      /* Only for another booking, which stays, or for a block, which may be gone by now. */
      I2(truth == BLOCK
        || (IS_BOOKED(truth) && BOOKING_OF(truth) != id && marker[contested] == truth));
      booking[id] = rejected;
      contested_seat[id] = contested;
      contested_holder[id] = truth;
      tell(id, rejected);
      outcome = done
    fi;
    check_cosmos()
  }
}
