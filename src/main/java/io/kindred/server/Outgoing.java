package io.kindred.server;

import io.kindred.wire.FragmentSender;
import java.util.ArrayList;
import java.util.List;

/** Gathers a link's requests to messages of about a fragment each, and numbers them. */
final class Outgoing {

  private final InFlight inFlight;
  private final List<Request> inBatch = new ArrayList<>();
  private FragmentSender sender;
  private boolean again;
  private RequestBatch batch;
  private long nextId;

  Outgoing(InFlight inFlight) {
    this.inFlight = inFlight;
  }

  /**
   * What is added from now on goes to this sender.
   *
   * @param isAgain whether it was refused before, unread
   */
  void begin(FragmentSender to, boolean isAgain) {
    sender = to;
    again = isAgain;
  }

  /** Adds a request of so many bytes; it is in flight once its message is sealed. */
  void add(Request request, long size) {
    if (!inBatch.isEmpty() && batch.size() + size > FragmentSender.PIECE_BYTES_MAX) {
      seal();
    }
    if (inBatch.isEmpty()) {
      batch = new RequestBatch(size);
    }
    batch.add(nextId + inBatch.size(), request);
    inBatch.add(request);
  }

  /** Hands what was gathered to the sender. */
  void seal() {
    if (inBatch.isEmpty()) {
      return;
    }
    long lastFragment = sender.offer(batch.toBytes());
    long now = System.nanoTime();
    for (Request request : inBatch) {
      inFlight.add(nextId++, InFlight.Entry.of(request, lastFragment, now, again));
    }
    inBatch.clear();
  }
}
