package io.kindred.warmup.actor;

import io.kindred.reconcile.RunReport;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import io.kindred.warmup.WarmUpEvent;
import java.util.SortedSet;

/** What the work for a phase brings to light. */
sealed interface Finding {

  /** Something that the table of moves knows. */
  record Event(WarmUpEvent event) implements Finding {}

  /** Why nothing moves, for operators. */
  record Waiting(String waitingFor) implements Finding {}

  /** Counts, for operators. */
  record Counted(Streaming.Report report) implements Finding {}

  /** These owners feed this node, so that a comparison with them can count. */
  record Fed(SortedSet<NodeId> feeding) implements Finding {}

  /** A comparison ended, made by this ring. */
  record Compared(Ring ring, RunReport report) implements Finding {}

  /** How far a comparison is; half of one says nothing. */
  record Comparing(RunReport report) implements Finding {}
}
