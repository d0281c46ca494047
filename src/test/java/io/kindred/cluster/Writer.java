package io.kindred.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.LPosParams;
import redis.clients.jedis.params.SetParams;

/**
 * A client that writes to one node until it is told to stop, and remembers what was answered:
 * strings, hash fields, set members, scores, list items, deleted and expired strings, and one
 * counter.
 */
final class Writer implements AutoCloseable {

  private static final int KINDS = 8;

  private final String prefix;
  private final int port;
  private final boolean stopsAtFailure;
  private final Duration pace;
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong asked = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Thread thread;

  private Writer(String prefix, int port, boolean stopsAtFailure, Duration pace) {
    this.prefix = prefix;
    this.port = port;
    this.stopsAtFailure = stopsAtFailure;
    this.pace = pace;
    this.thread = new Thread(this::write, "writer-" + prefix);
  }

  /**
   * One that goes on after a failure, with a new connection, and remembers the failure. It leaves
   * the machine's two cores some room for what is being tested.
   */
  static Writer start(String prefix, int port) {
    return begun(new Writer(prefix, port, false, Duration.ofMillis(2)));
  }

  /** One that writes as fast as it can and ends with its first failure, as when its node dies. */
  static Writer untilFailure(String prefix, int port) {
    return begun(new Writer(prefix, port, true, Duration.ZERO));
  }

  private static Writer begun(Writer writer) {
    writer.thread.setDaemon(true);
    writer.thread.start();
    return writer;
  }

  private void write() {
    while (running.get()) {
      try (Jedis jedis = new Jedis("127.0.0.1", port, 20_000)) {
        while (running.get()) {
          one(jedis, asked.get());
          acknowledged.set(asked.incrementAndGet());
          LockSupport.parkNanos(pace.toNanos());
        }
      } catch (JedisException e) {
        failures.add(asked.get() + ": " + e);
        // The request may or may not have been done; its number is not used again.
        asked.incrementAndGet();
        if (stopsAtFailure) {
          return;
        }
      }
    }
  }

  private void one(Jedis jedis, long i) {
    switch ((int) (i % KINDS)) {
      case 0 -> jedis.set(prefix + ":s:" + i, "v" + i);
      case 1 -> jedis.hset(prefix + ":h:" + i % 64, "f" + i, "v" + i);
      case 2 -> jedis.sadd(prefix + ":m:" + i % 64, "m" + i);
      case 3 -> jedis.zadd(prefix + ":z:" + i % 64, (double) i, "m" + i);
      case 4 -> jedis.rpush(prefix + ":l:" + i % 64, "i" + i);
      case 5 -> {
        jedis.set(prefix + ":d:" + i, "v" + i);
        jedis.del(prefix + ":d:" + i);
      }
      case 6 -> jedis.set(prefix + ":e:" + i, "v" + i, SetParams.setParams().px(1));
      default -> jedis.incr(prefix + ":count");
    }
  }

  /** How many requests in a row were answered, as long as none failed. */
  long acknowledged() {
    return acknowledged.get();
  }

  /** What went wrong, and at which request. */
  Queue<String> failures() {
    return failures;
  }

  /**
   * What is not there, or is though it was removed or expired, of the first {@code count} requests,
   * read through a node's client port; empty where all is there.
   */
  Map<String, String> missing(Jedis jedis, long count) {
    Pipeline reads = jedis.pipelined();
    Map<String, String> wanted = new LinkedHashMap<>();
    Map<String, Response<?>> is = new LinkedHashMap<>();
    Map<String, Long> ahead = new HashMap<>();
    long increments = 0;
    for (long i = 0; i < count; i++) {
      String what;
      switch ((int) (i % KINDS)) {
        case 0 -> {
          what = prefix + ":s:" + i;
          wanted.put(what, "v" + i);
          is.put(what, reads.get(what));
        }
        case 1 -> {
          String key = prefix + ":h:" + i % 64;
          what = key + " f" + i;
          wanted.put(what, "v" + i);
          is.put(what, reads.hget(key, "f" + i));
        }
        case 2 -> {
          String key = prefix + ":m:" + i % 64;
          what = key + " m" + i;
          wanted.put(what, "true");
          is.put(what, reads.sismember(key, "m" + i));
        }
        case 3 -> {
          String key = prefix + ":z:" + i % 64;
          what = key + " m" + i;
          wanted.put(what, Double.toString((double) i));
          is.put(what, reads.zscore(key, "m" + i));
        }
        case 4 -> {
          String key = prefix + ":l:" + i % 64;
          what = key + " i" + i;
          wanted.put(what, List.of(ahead.merge(key, 1L, Long::sum) - 1).toString());
          is.put(what, reads.lpos(key, "i" + i, new LPosParams(), 2));
        }
        case 5, 6 -> {
          what = prefix + (i % KINDS == 5 ? ":d:" : ":e:") + i;
          wanted.put(what, "null");
          is.put(what, reads.get(what));
        }
        default -> increments++;
      }
    }
    Response<String> total = reads.get(prefix + ":count");
    reads.sync();
    Map<String, String> missing = new LinkedHashMap<>();
    wanted.forEach(
        (what, value) -> {
          String there = String.valueOf(is.get(what).get());
          if (!value.equals(there)) {
            missing.put(what, value + ", not " + there);
          }
        });
    // Each request that was not answered may have been done.
    long counted = total.get() == null ? 0 : Long.parseLong(total.get());
    if (counted < increments || counted > increments + failures.size()) {
      missing.put(
          prefix + ":count",
          increments + ", or " + failures.size() + " more at most, not " + counted);
    }
    return missing;
  }

  /** Stops after the request under way. */
  @Override
  public void close() {
    running.set(false);
    try {
      thread.join(30_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      throw new IllegalStateException("the writer waits for an answer for more than 30 s");
    }
  }
}
