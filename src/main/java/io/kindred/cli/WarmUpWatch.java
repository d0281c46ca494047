package io.kindred.cli;

import io.kindred.management.Json;
import io.kindred.management.StatusPage;
import io.kindred.management.WarmUpsPage;
import io.kindred.management.WarmUpsPage.Move;
import io.kindred.management.WarmUpsPage.WarmUpRow;
import io.kindred.ring.NodeId;
import io.kindred.ring.Phase;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Follows all warm-ups until the cluster is whole. */
final class WarmUpWatch {

  private static final long LOOKS_EVERY_MILLIS = 200;

  private final ManagementClient client;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Set<String> told = new HashSet<>();
  private final Map<NodeId, Phase> phases = new HashMap<>();

  WarmUpWatch(ManagementClient client, PrintWriter out, PrintWriter err) {
    this.client = client;
    this.out = out;
    this.err = err;
  }

  /**
   * Prints each move once.
   *
   * @param json one JSON object a line: the move, and whose it was
   * @return the last page seen
   */
  WarmUpsPage follow(Optional<Integer> timeoutSeconds, boolean json) {
    Progress progress = Progress.on(err);
    Optional<Instant> until = timeoutSeconds.map(Instant.now()::plusSeconds);
    while (true) {
      StatusPage status = client.get("/kindred/v1/status", StatusPage.class);
      WarmUpsPage page = client.get("/kindred/v1/warmups", WarmUpsPage.class);
      page.warmUps().forEach(row -> tell(row, json));
      boolean failed = page.warmUps().stream().anyMatch(row -> row.phase() == Phase.FAILED);
      if (status.whole() || failed) {
        progress.end();
        return page;
      }
      if (until.isPresent() && until.get().isBefore(Instant.now())) {
        progress.end();
        throw new Failure(
            "the racks are not whole after " + timeoutSeconds.get() + " s",
            client.at(),
            "see `kindred warmup list`; a warm-up goes on whether it is watched or not");
      }
      if (progress.isTerminal()) {
        progress.show(
            page.warmUps().stream()
                .filter(row -> row.answered() && !row.ended())
                .map(WarmUpText::now)
                .collect(Collectors.joining("; ")));
      }
      Pause.ofMillis(LOOKS_EVERY_MILLIS);
    }
  }

  private void tell(WarmUpRow row, boolean json) {
    for (Move move : row.moves()) {
      if (told.add(row.node() + " " + move.atMillis() + " " + move.from() + " " + move.to())) {
        line(row, move, json);
      }
    }
    // A node that does not answer tells no moves; the others still know its phase.
    Phase before = phases.put(row.node(), row.phase());
    if (!row.answered() && before != row.phase()) {
      Phase from = before == null ? row.phase() : before;
      line(row, new Move(from, row.phase(), System.currentTimeMillis(), "as it announced"), json);
    }
  }

  private void line(WarmUpRow row, Move move, boolean json) {
    out.println(
        json
            ? new String(Json.bytes(new Told(row.node(), move)), StandardCharsets.UTF_8)
            : WarmUpText.move(row, move));
    out.flush();
  }

  /** A line of {@code --json}. */
  record Told(NodeId node, Move move) {}
}
