package io.kindred.command;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The one table of commands. */
public final class Commands {

  private static final SortedMap<String, CommandSpec> BY_NAME = byName();
  private static final CommandSpec[] SLOTS = slots();
  private static final Set<String> REPEATABLE = Set.of("setex", "psetex", "mset", "hmset");

  private Commands() {}

  /** All that a client may name, by name. */
  public static SortedMap<String, CommandSpec> all() {
    return BY_NAME;
  }

  /** The command that a client means, in any case; null for none. Allocates nothing. */
  public static CommandSpec find(byte[] name) {
    int slot = hash(name) & (SLOTS.length - 1);
    while (SLOTS[slot] != null) {
      if (Arguments.is(name, SLOTS[slot].name())) {
        return SLOTS[slot];
      }
      slot = (slot + 1) & (SLOTS.length - 1);
    }
    return null;
  }

  /** Whether a command may need more memory, and is refused where there is none (denyoom). */
  public static boolean needsMemory(byte[] name) {
    CommandSpec spec = find(name);
    return spec != null && spec.flags().contains("denyoom");
  }

  /**
   * Whether what a command does, and what it answers, depends on nothing but its arguments and its
   * version: then it may run twice, at two owners, and has run once.
   */
  public static boolean isRepeatable(byte[][] args) {
    CommandSpec spec = find(args[0]);
    return spec != null
        && (REPEATABLE.contains(spec.name())
            || (spec.name().equals("set")
                && SetOptions.parse(args).filter(SetOptions::isUnconditional).isPresent()));
  }

  /** Whether a command may change something. */
  public static boolean isWrite(byte[] name) {
    CommandSpec spec = find(name);
    return spec != null && spec.isWrite();
  }

  /**
   * What runs in a shard for a command of this name, {@link ShardQueries}, {@link KeyQueries} and
   * {@link SafeQueries} included; empty where there is no such command, or none that runs in a
   * shard.
   */
  public static Optional<ShardCommand> inShard(byte[] name) {
    CommandSpec spec = find(name);
    if (spec == null) {
      String query = Arguments.text(name);
      return Optional.ofNullable(ShardQueries.ALL.get(query))
          .or(() -> Optional.ofNullable(KeyQueries.ALL.get(query)))
          .or(() -> Optional.ofNullable(SafeQueries.ALL.get(query)));
    }
    if (spec.action() instanceof CommandSpec.Action.OnShard one) {
      return Optional.of(one.command());
    }
    return spec.action() instanceof CommandSpec.Action.OnEachKey each
        ? Optional.of(each.command())
        : Optional.empty();
  }

  private static SortedMap<String, CommandSpec> byName() {
    List<CommandSpec> specs = new ArrayList<>();
    specs.addAll(StringCommands.SPECS);
    specs.addAll(CounterCommands.SPECS);
    specs.addAll(HashCommands.SPECS);
    specs.addAll(SetCommands.SPECS);
    specs.addAll(SortedSetCommands.SPECS);
    specs.addAll(ListCommands.SPECS);
    specs.addAll(KeyCommands.SPECS);
    specs.addAll(ConnectionCommands.SPECS);
    specs.addAll(ServerCommands.SPECS);
    specs.addAll(ClusterCommands.SPECS);
    SortedMap<String, CommandSpec> byName = new TreeMap<>();
    for (CommandSpec spec : specs) {
      if (byName.put(spec.name(), spec) != null) {
        throw new IllegalStateException("two commands are named " + spec.name());
      }
    }
    return Collections.unmodifiableSortedMap(byName);
  }

  /** A table of open addressing, at most a quarter full, so that a lookup is one probe or two. */
  private static CommandSpec[] slots() {
    CommandSpec[] slots = new CommandSpec[Integer.highestOneBit(BY_NAME.size()) * 8];
    for (CommandSpec spec : BY_NAME.values()) {
      int slot = hash(spec.name().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      slot &= slots.length - 1;
      while (slots[slot] != null) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = spec;
    }
    return slots;
  }

  private static int hash(byte[] name) {
    int hash = name.length;
    for (byte b : name) {
      hash = hash * 31 + Arguments.lower(b);
    }
    return hash ^ (hash >>> 12);
  }
}
