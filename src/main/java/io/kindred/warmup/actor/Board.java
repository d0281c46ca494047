package io.kindred.warmup.actor;

import io.kindred.ring.Member;
import io.kindred.ring.Shards;
import io.kindred.warmup.Claim;
import io.kindred.warmup.Meter;
import io.kindred.warmup.Progress;
import io.kindred.warmup.WarmUpEvent;
import java.util.Optional;

/** What operators are told of a warm-up beside what is kept: counts, and what it waits for. */
final class Board {

  private final Member self;
  private Meter meter = new Meter(0, 0);
  private Optional<Claim> streaming = Optional.empty();
  private String waitingFor = "";
  private long moves;

  Board(Member self) {
    this.self = self;
  }

  /** A warm-up began. */
  void begin(long now) {
    meter = new Meter(0, now);
    streaming = Optional.empty();
  }

  /** Its shards are to be streamed, so many of them now. */
  void stream(Claim claim, int wanted, Shards shards, long now) {
    meter = new Meter(wanted * shards.slotsPerShard(), now);
    streaming = Optional.of(claim);
  }

  void moved() {
    moves++;
    waitingFor = "";
  }

  void waitFor(String what) {
    waitingFor = what;
  }

  /** What an event says beside the move it makes. */
  void note(WarmUpEvent event) {
    if (event instanceof WarmUpEvent.SourceLost) {
      meter.retried();
    } else if (event instanceof WarmUpEvent.ProofLacking lacking) {
      waitFor(lacking.waitingFor());
    } else if (event instanceof WarmUpEvent.SeatNotFree taken) {
      waitFor("the ring to take " + taken.owner() + " for lost");
    }
  }

  void count(Streaming.Report report, long now) {
    if (report instanceof Streaming.Asked asked) {
      meter.asked(asked.source());
    } else if (report instanceof Streaming.Arrived arrived) {
      waitingFor = "";
      meter.arrived(
          arrived.source(),
          arrived.shard(),
          arrived.slotsDone(),
          arrived.elements(),
          arrived.bytes(),
          now);
    }
  }

  Progress progress(KeptState state, long now) {
    return new Progress(
        self.id(),
        self.rack(),
        state.warmUp().phase(),
        state.because(),
        waitingFor,
        streaming.isPresent() ? shardsDone(state) : 0,
        streaming.map(claim -> claim.shards().size()).orElse(0),
        meter.elements(),
        meter.bytes(),
        meter.bytesPerSecond(now),
        meter.secondsLeft(now),
        meter.sources(),
        meter.retries(),
        meter.startedAtMillis(),
        moves,
        state.moves());
  }

  /** A master has forgotten its shards one by one: it has them all. */
  private int shardsDone(KeptState state) {
    return state.streamedFor().isPresent()
        ? state.streamed().size()
        : streaming.orElseThrow().shards().size();
  }
}
