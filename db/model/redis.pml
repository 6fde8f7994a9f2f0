/*
 * Redis: what it keeps of one event, and the scripts, each one step as Lua is atomic. NO_COMMIT_CAS
 * and NO_EXPIRE_CAS let a script write what its caller believes, without a look at record and holder.
 */
typedef Redis {
  byte holder[SEATS];
  mtype status[HOLDS] = unknown;
  byte seats[HOLDS];
  byte told_to[SEATS];
  bool ended[HOLDS]
};

Redis redis;
/* Every script answers `event.loading`. */
bool loading;

inline end_hold(id, why) {
  redis.status[id] = why;
  record_end(id)
}

inline free_seats(id, set) {
  for (seat : 0 .. SEATS - 1) {
    if
    :: HAS(set, seat) && redis.holder[seat] == HELD_BY(id) -> redis.holder[seat] = NOBODY
    :: else
    fi
  }
}

/* All seats or none. */
inline place(id, wish) {
  d_step {
    found = NOBODY;
    for (seat : 0 .. SEATS - 1) {
      found = (HAS(wish, seat) && redis.holder[seat] != NOBODY -> redis.holder[seat] : found)
    }
    if
    :: loading -> outcome = event_loading
    :: !loading && redis.status[id] != unknown -> outcome = replayed
    :: !loading && redis.status[id] == unknown && found != NOBODY -> outcome = refused
    :: else ->
      OCCURS("place");
      redis.status[id] = held;
      redis.seats[id] = wish;
      for (seat : 0 .. SEATS - 1) {
        if
        :: HAS(wish, seat) -> redis.holder[seat] = HELD_BY(id); record_place(id, seat)
        :: else
        fi
      }
      outcome = done
    fi;
    check_redis()
  }
}

/* `found` is what goes on to Cosmos: the seats as the record has them, not as the shopper may remember them. */
inline begin_confirm(id) {
  d_step {
    found = redis.seats[id];
    if
    :: loading -> outcome = event_loading
    :: !loading && redis.status[id] == held ->
      redis.status[id] = confirming;
      outcome = done
    :: !loading && redis.status[id] == confirming -> outcome = replayed
    :: else -> outcome = refused /* or booked already: nothing to send */
    fi;
    check_redis()
  }
}

/* Judges again: the caller may have learnt long ago that this hold is due. */
inline expire_due(id) {
  d_step {
    if
    :: loading -> outcome = event_loading
#ifdef NO_EXPIRE_CAS
    :: else ->
      for (seat : 0 .. SEATS - 1) {
        redis.holder[seat] = (HAS(redis.seats[id], seat) -> NOBODY : redis.holder[seat])
      }
      end_hold(id, expired)
#else
    :: !loading && redis.status[id] == held ->
      OCCURS("expire");
      free_seats(id, redis.seats[id]);
      end_hold(id, expired)
    :: else -> OCCURS("expire comes too late")
#endif
    fi;
    check_redis()
  }
}

/* A held hold loses one seat to a booking; without seats it ends. */
inline lose_seat(id) {
  redis.seats[id] = redis.seats[id] & ~(1 << seat);
  record_lost(id, seat);
  if
  :: redis.seats[id] == 0 -> OCCURS("booking takes the last seat of a hold"); end_hold(id, revoked)
  :: else -> OCCURS("booking takes one seat of a hold")
  fi
}

inline take_seat(id) {
#ifndef NO_COMMIT_CAS
  other = (IS_HELD(redis.holder[seat]) -> HOLD_OF(redis.holder[seat]) : id);
  if
  :: other != id && redis.status[other] == held -> lose_seat(other)
  :: other != id && redis.status[other] != held -> OCCURS("booking takes the seat of a confirming hold")
  :: else
  fi;
  /* The real script leaves a seat that is another's booking to the reconciler; it never meets one. */
  AGREES(!IS_BOOKED(redis.holder[seat]) || redis.holder[seat] == BOOKED_BY(id));
#endif
  redis.holder[seat] = BOOKED_BY(id);
  record_booked(id, seat)
}

/* Cosmos has the booking; Redis follows, whatever it knows of the hold. */
inline commit(id, set) {
  d_step {
    if
    :: loading -> OCCURS("commit meets a loading event"); outcome = event_loading
#ifndef NO_COMMIT_CAS
    :: !loading && (redis.status[id] == booked || redis.status[id] == rejected) ->
      OCCURS("commit again");
      outcome = replayed
#endif
    :: else ->
      for (seat : 0 .. SEATS - 1) {
        if
        :: HAS(set, seat) -> take_seat(id)
        :: else
        fi
      }
      free_seats(id, redis.seats[id] & ~(set));
      redis.seats[id] = set;
      record_commit(id);
      redis.status[id] = booked;
      outcome = done
    fi;
    check_redis()
  }
}

/* Cosmos refused for good: own seats come free, the contested one goes to its true holder. */
inline reject(id, contested, truth) {
  d_step {
    if
    :: loading -> outcome = event_loading
    :: !loading && redis.status[id] == booked -> AGREES(false); outcome = refused /* an alarm */
    :: !loading && redis.status[id] == unknown ->
      OCCURS("reject of a forgotten hold");
      redis.status[id] = rejected;
      outcome = done
    :: !loading && IS_LIVE(redis.status[id]) ->
      if
      :: (IS_BOOKED(truth) && HAS(redis.seats[id], contested)
          && redis.holder[contested] == HELD_BY(id)) ->
        OCCURS("reject gives a seat to its true holder");
        redis.holder[contested] = truth
      :: else
      fi;
      OCCURS("reject of a live hold");
      free_seats(id, redis.seats[id]);
      end_hold(id, rejected);
      outcome = done
    :: else -> outcome = replayed
    fi;
    check_redis()
  }
}
