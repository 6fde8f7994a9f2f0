/* What the world does: holds become overdue, Redis forgets, an operator blocks a seat. */

/* Any number of others end what is overdue: more workers, and the API for holds that stand in the way. */
proctype overdue_holds() {
end_waiting:
  do
  :: atomic { redis.status[0] == held -> expire_due(0) }
  :: atomic { redis.status[1] == held -> expire_due(1) }
#if HOLDS > 2
  :: atomic { redis.status[2] == held -> expire_due(2) }
#endif
  od
}

/* Redis as it once was: a replica that lags, a file that is some seconds old. */
Redis copy;

inline copy_redis(from, to) {
  for (seat : 0 .. SEATS - 1) {
    to.holder[seat] = from.holder[seat];
    to.told_to[seat] = from.told_to[seat]
  }
  for (one : 0 .. HOLDS - 1) {
    to.status[one] = from.status[one];
    to.seats[one] = from.seats[one];
    to.ended[one] = from.ended[one]
  }
  skip
}

inline clear_redis(which) {
  for (seat : 0 .. SEATS - 1) {
    which.holder[seat] = NOBODY;
    which.told_to[seat] = NOBODY
  }
  for (one : 0 .. HOLDS - 1) {
    which.status[one] = unknown;
    which.seats[one] = 0;
    which.ended[one] = false
  }
  skip
}

inline load_markers() {
  for (seat : 0 .. SEATS - 1) {
    redis.holder[seat] = (IS_BOOKED(marker[seat]) -> marker[seat] : NOBODY);
    redis.told_to[seat] = redis.holder[seat]
  }
  skip
}

proctype redis_that_forgets() {
  byte losses;

  do
  :: losses == LOSSES -> break

  /* All is lost. A worker loads the markers; bookings may be made between its reading and its opening the event. */
  :: losses < LOSSES ->
    d_step { clear_redis(redis); loading = true }
    d_step { load_markers() }
    d_step { loading = false; losses++; check_redis() }

  /* The latest writes are lost: holds are back as they were, and what was booked since looks held or free. */
  :: losses < LOSSES ->
    d_step { copy_redis(redis, copy) }
    d_step { copy_redis(copy, redis); clear_redis(copy); losses++; check_redis() }

#ifdef LIVENESS
  :: losses < LOSSES -> d_step { queue[0] = 0; queue[1] = 0; losses++ }
#endif
  od
}

/* A block is a marker. Its half in Redis is left out as if Redis forgot it at once: the worst for a booking. */
proctype operator() {
end_waiting:
  do
  :: atomic { marker[0] == NOBODY && MAY_FAIL -> marker[0] = BLOCK }
  :: atomic { marker[0] == BLOCK -> marker[0] = NOBODY }
  od
}
