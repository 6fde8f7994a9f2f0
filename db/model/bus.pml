/*
 * Service Bus, queue `booking-commands`: for each booking the sets of seats it was sent with, one bit a
 * set. Taking a command does not remove it, for its lock may get lost.
 */
byte queue[HOLDS];

inline send(id, set) {
  queue[id] = queue[id] | (1 << (set))
}

/* Where answers need not come, commands stay for ever: that covers every redelivery and every loss. */
inline complete(id, set) {
#ifdef LIVENESS
  queue[id] = queue[id] & ~(1 << (set))
#else
  skip
#endif
}
