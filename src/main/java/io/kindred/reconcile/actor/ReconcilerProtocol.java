package io.kindred.reconcile.actor;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.kindred.reconcile.RunReport;
import io.kindred.ring.NodeId;
import io.kindred.wire.WireMessage;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What any node may ask of the cluster's reconciliation engine. Everything here crosses nodes.
 * While no engine runs, say because its node was just lost, nothing is answered and the asker's
 * deadline passes.
 */
public final class ReconcilerProtocol {

  private ReconcilerProtocol() {}

  /** A message to the engine. */
  public interface Command {}

  /** Marks the commands that cross nodes. */
  public interface RemoteCommand extends Command, WireMessage {}

  /**
   * Starts a run over all shards and all their owners, or over what some of them have in common;
   * where one is going on already, that one is told instead.
   *
   * @param because what it is started for, in words for its report's reader
   * @param among these owners alone; empty for all
   */
  public record StartRun(String because, List<NodeId> among, ActorRef<StartAnswer> replyTo)
      implements RemoteCommand {

    /** One over all owners. */
    public StartRun(String because, ActorRef<StartAnswer> replyTo) {
      this(because, List.of(), replyTo);
    }
  }

  /** What came of a {@link StartRun}. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = RunStarted.class, name = "started"),
    @JsonSubTypes.Type(value = RunRefused.class, name = "refused")
  })
  public sealed interface StartAnswer extends WireMessage {}

  /**
   * A run is going on.
   *
   * @param report how far it is
   * @param anew whether it was started by this very question
   */
  public record RunStarted(RunReport report, boolean anew) implements StartAnswer {}

  /** No run can be started now. */
  public record RunRefused(String reason) implements StartAnswer {}

  /** Asks for the reports that the engine remembers, that of the run going on included. */
  public record ListRuns(ActorRef<Runs> replyTo) implements RemoteCommand {}

  /** Reports, the newest first; the oldest are left out where they would not fit a message. */
  public record Runs(List<RunReport> reports) implements WireMessage {}

  /** Asks for one run's report. */
  public record ShowRun(String id, ActorRef<RunShown> replyTo) implements RemoteCommand {}

  /**
   * One run's report.
   *
   * @param because what it was started for; empty where there is no such run
   * @param report one, or none where no such run is remembered
   */
  public record RunShown(String because, List<RunReport> report) implements WireMessage {}
}
