package io.kindred.reconcile;

import static io.kindred.reconcile.RunEvent.BROKE;
import static io.kindred.reconcile.RunEvent.COMPARED_AGAIN;
import static io.kindred.reconcile.RunEvent.ELEMENTS_ALIKE;
import static io.kindred.reconcile.RunEvent.ELEMENTS_LACKING;
import static io.kindred.reconcile.RunEvent.FEEDS_ARRIVED;
import static io.kindred.reconcile.RunEvent.FEEDS_LATE;
import static io.kindred.reconcile.RunEvent.LEAVES_ALIKE;
import static io.kindred.reconcile.RunEvent.LEAVES_DIFFER;
import static io.kindred.reconcile.RunEvent.LEAVES_DONE;
import static io.kindred.reconcile.RunEvent.LISTING_BROKE;
import static io.kindred.reconcile.RunEvent.MERGED;
import static io.kindred.reconcile.RunEvent.PLAN_DONE;
import static io.kindred.reconcile.RunEvent.SHARDS_ALIKE;
import static io.kindred.reconcile.RunEvent.SLOTS_DIFFER;
import static io.kindred.reconcile.RunEvent.STOPPED;
import static io.kindred.reconcile.RunState.BARRIER;
import static io.kindred.reconcile.RunState.COMPARING;
import static io.kindred.reconcile.RunState.COMPLETED;
import static io.kindred.reconcile.RunState.FAILED;
import static io.kindred.reconcile.RunState.LISTING;
import static io.kindred.reconcile.RunState.NARROWING;
import static io.kindred.reconcile.RunState.RECHECKING;
import static io.kindred.reconcile.RunState.RECOMMENDING;

import java.util.List;

/** Every move that a run can make. A pair of state and event without a row here is refused. */
public final class RunTable {

  /** One move, and why it is made. */
  public record Row(RunState from, RunEvent when, RunState to, String because) {}

  // spotless:off
  static final List<Row> ROWS = List.of(
      //      from          when              to            because
      new Row(COMPARING,    PLAN_DONE,        COMPLETED,    "every shard of the plan had its turn"),
      new Row(COMPARING,    SHARDS_ALIKE,     COMPARING,    "equal digests are equal data: on to the next shards"),
      new Row(COMPARING,    SLOTS_DIFFER,     NARROWING,    "a slot is too much to list for one element"),
      new Row(COMPARING,    STOPPED,          FAILED,       "half a comparison proves nothing"),
      new Row(COMPARING,    BROKE,            FAILED,       "half a comparison proves nothing"),
      new Row(NARROWING,    LEAVES_DIFFER,    LISTING,      "only the elements tell who lacks what"),
      new Row(NARROWING,    LEAVES_ALIKE,     RECHECKING,   "what was in flight has landed between two questions"),
      new Row(NARROWING,    STOPPED,          FAILED,       "half a comparison proves nothing"),
      new Row(NARROWING,    BROKE,            FAILED,       "half a comparison proves nothing"),
      new Row(LISTING,      ELEMENTS_LACKING, BARRIER,      "what is lacking may be in flight"),
      new Row(LISTING,      ELEMENTS_ALIKE,   LISTING,      "nothing to repair here: on to the next leaves"),
      new Row(LISTING,      LISTING_BROKE,    LISTING,      "the others can still be compared: read the leaves again from them"),
      new Row(LISTING,      LEAVES_DONE,      RECHECKING,   "all that differed was looked at"),
      new Row(LISTING,      STOPPED,          FAILED,       "half a comparison proves nothing"),
      new Row(LISTING,      BROKE,            FAILED,       "half a comparison proves nothing"),
      new Row(BARRIER,      FEEDS_ARRIVED,    RECOMMENDING, "what is still lacking now is truly lacking"),
      new Row(BARRIER,      FEEDS_LATE,       RECOMMENDING, "a feed that does not flow is what a run must mend; the report says so"),
      new Row(BARRIER,      STOPPED,          FAILED,       "half a comparison proves nothing"),
      new Row(BARRIER,      BROKE,            FAILED,       "half a comparison proves nothing"),
      new Row(RECOMMENDING, MERGED,           LISTING,      "on to the next leaves"),
      new Row(RECOMMENDING, STOPPED,          FAILED,       "what was merged stays merged; the rest is left to another run"),
      new Row(RECOMMENDING, BROKE,            FAILED,       "what was merged stays merged; the rest is left to another run"),
      new Row(RECHECKING,   COMPARED_AGAIN,   COMPARING,    "on to the next shards"),
      new Row(RECHECKING,   STOPPED,          FAILED,       "half a comparison proves nothing"),
      new Row(RECHECKING,   BROKE,            FAILED,       "half a comparison proves nothing"));
  // spotless:on

  private RunTable() {}

  /**
   * The move that an event makes.
   *
   * @throws IllegalStateException where there is none
   */
  public static Row move(RunState from, RunEvent event) {
    for (Row row : ROWS) {
      if (row.from() == from && row.when() == event) {
        return row;
      }
    }
    throw new IllegalStateException("a run that is " + from + " cannot take " + event);
  }
}
