/*
 * A shopper with the API that serves it. Any request may be sent again at any moment, also long after;
 * who walks away just sends nothing more. The API may stop or die between begin_confirm and the bus,
 * and between the bus and the 202. Later holds come under later ids, if there are any.
 */
inline choose_seats(id, set) {
  if
  :: set = ALL_SEATS
#if SEATS > 1
  :: id % SHOPPERS != 0 -> set = 2
#endif
  fi
}

proctype shopper(byte id) {
  byte wish, confirmed;

  atomic { choose_seats(id, wish) }

end_walked_away:
  do
  :: atomic { place(id, wish) }
  :: atomic {
      begin_confirm(id);
      if
      :: outcome == done || outcome == replayed -> confirmed = found
      :: else -> goto end_walked_away
      fi
    }
    atomic {
      if
      :: send(id, confirmed); promise(id)
      :: send(id, confirmed) /* the API died: no answer */
      :: true /* bus down: `pending`, nothing is promised */
      fi;
      confirmed = 0
    }
#if HOLDS > SHOPPERS
  :: atomic { id + SHOPPERS < HOLDS -> id = id + SHOPPERS; choose_seats(id, wish) }
#endif
  od
}
