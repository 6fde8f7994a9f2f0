/*
 * A worker: consumer of `booking-commands`, committer of confirming holds whose look has come, sweeper.
 * Between any two steps it may stop while everybody else goes on, and then acts on what it knew. A
 * batch or script that is late on its way is the same thing, so the network has no part of its own. It
 * may also die and forget all; the command or the hold then brings another one.
 */

/* The first worker has work. The two are alike, so the second need not begin while the first is free. */
bool busy;
#define MAY_BEGIN (is_first || busy)

inline take_command(which) {
  MAY_BEGIN && queue[which] != 0 -> id = which;
  if
  :: HAS(queue[which], 1) -> set = 1
#if SEATS > 1
  :: HAS(queue[which], 2) -> set = 2
  :: HAS(queue[which], 3) -> set = 3
#endif
  fi
}

/* What expire_due hands out of confirming holds. NO_LOOK: only the bus remembers them. */
inline take_look(which) {
#ifdef NO_LOOK
  false
#else
  MAY_BEGIN && !loading && redis.status[which] == confirming -> id = which; set = redis.seats[which]
#endif
}

inline take_overdue(which) {
  MAY_BEGIN && redis.status[which] == held -> id = which; goto expire
}

/* From here on only `complete` would ask for the set. */
inline decided() {
#ifndef LIVENESS
  set = 0
#else
  skip
#endif
}

proctype worker(bool is_first) {
  byte id, set, contested, holder;

end_idle:
  atomic {
    if
    :: take_command(0)
    :: take_look(0)
    :: take_overdue(0)
    :: take_command(1)
    :: take_look(1)
    :: take_overdue(1)
#if HOLDS > 2
    :: take_command(2)
    :: take_look(2)
    :: take_overdue(2)
#endif
    fi;
    busy = busy || is_first
  }

batch:
  atomic {
    commit_batch(id, set);
    if
    :: outcome == done -> decided(); goto commit_in_redis
    :: outcome == conflict_booking -> goto obey
    :: outcome == conflict_seat -> contested = found
    :: MAY_FAIL -> goto batch /* no answer means unknown: the same ids again */
    :: MAY_FAIL -> goto forget
    fi
  }

  /* 409 on a seat: whose is it? */
  atomic {
    holder = marker[contested];
    if
    :: holder == NOBODY -> contested = 0; goto batch
#ifdef NO_REJECTED_DOCUMENT
    :: holder != NOBODY -> goto reject_in_redis
#else
    :: holder != NOBODY
#endif
    :: MAY_FAIL -> contested = 0; holder = NOBODY; goto batch /* a stale read */
    fi
  }
  atomic {
    create_rejected(id, contested, holder);
    contested = 0;
    holder = NOBODY;
    if
    :: outcome == done -> decided(); goto reject_in_redis
    :: outcome == conflict_booking
    :: MAY_FAIL -> goto batch
    :: MAY_FAIL -> goto forget
    fi;

    /* A twin was here first: what its document says is the answer, now or later, for it never changes. */
obey:
    if
    :: booking[id] == committed -> decided(); goto commit_in_redis
    :: booking[id] == rejected -> decided(); goto reject_in_redis
    :: MAY_FAIL -> goto batch /* a stale read */
    fi
  }

  /* Redis follows, the owner gets a notice, the command is completed last. */
commit_in_redis:
  atomic {
    commit(id, booked_seats[id]);
    if
    :: outcome != event_loading -> tell(id, committed); complete(id, set)
    :: outcome == event_loading /* sent again later */
    :: MAY_FAIL
    fi;
    goto forget
  }

reject_in_redis:
  atomic {
    reject(id, contested_seat[id], contested_holder[id]);
    if
    :: outcome != event_loading -> tell(id, rejected); complete(id, set)
    :: outcome == event_loading
    :: MAY_FAIL
    fi;
    goto forget
  }

expire:
  atomic { expire_due(id) }

forget:
  atomic {
    id = 0; set = 0; contested = 0; holder = NOBODY;
    busy = busy && !is_first;
    goto end_idle
  }
}
