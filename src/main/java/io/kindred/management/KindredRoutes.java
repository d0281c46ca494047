package io.kindred.management;

import io.kindred.storage.actor.SnapshotStatus;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.management.javadsl.ManagementRouteProvider;
import org.apache.pekko.management.javadsl.ManagementRouteProviderSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /kindred/v1/}: see the package for who may do what. Named in management.conf. */
public final class KindredRoutes extends AllDirectives implements ManagementRouteProvider {

  private static final Logger LOG = LoggerFactory.getLogger(KindredRoutes.class);

  private final Desk desk;

  public KindredRoutes(ExtendedActorSystem system) {
    this.desk = Desk.ID.get(system);
  }

  @Override
  public Route routes(ManagementRouteProviderSettings settings) {
    return pathPrefix(
        PathMatchers.segment("kindred").slash("v1"), () -> pages().seal(unknownPath(), failure()));
  }

  private Route pages() {
    return concat(
        path("status", () -> get(() -> atOnce(sources -> StatusPage.of(sources.view())))),
        path("ring", () -> get(() -> atOnce(sources -> RingPage.of(sources.view())))),
        path(
            PathMatchers.segment("ring").slash("recovery"),
            () ->
                concat(
                    get(() -> later(Sources::recovering)),
                    parameter(
                        "without",
                        names ->
                            post(() -> change(sources -> sources.recover(separated(names))))))),
        path(
            PathMatchers.segment("nodes").slash(PathMatchers.segment()).slash("forget"),
            node ->
                concat(
                    get(() -> later(sources -> sources.forgetting(node))),
                    post(() -> change(sources -> sources.forget(node))))),
        path("nodes", () -> get(() -> later(this::nodes))),
        path("warmups", () -> get(() -> later(this::warmUps))),
        path(
            "reconciliations",
            () ->
                concat(
                    get(() -> later(this::runs)),
                    post(() -> change(sources -> sources.reconcile())))),
        path(
            "snapshots",
            () ->
                concat(
                    get(() -> later(sources -> snapshots(sources, sources.snapshots()))),
                    post(() -> change(sources -> snapshots(sources, sources.startSnapshots()))))),
        path(
            PathMatchers.segment("reconciliations").slash(PathMatchers.segment()),
            id -> get(() -> reconciliation(id))));
  }

  private static SortedSet<String> separated(String names) {
    return new TreeSet<>(List.of(names.split(",")));
  }

  private CompletionStage<NodesPage> nodes(Sources sources) {
    return sources
        .stats()
        .thenApply(stats -> NodesPage.of(sources.view(), sources.clocks(), stats));
  }

  private CompletionStage<WarmUpsPage> warmUps(Sources sources) {
    return sources.warmUps().thenApply(WarmUpsPage::new);
  }

  private CompletionStage<ReconciliationsPage> runs(Sources sources) {
    return sources.reconciliations().thenApply(ReconciliationsPage::new);
  }

  private Route reconciliation(String id) {
    return asked(
        sources ->
            onSuccess(
                () -> sources.reconciliation(id),
                found ->
                    found
                        .map(report -> answer(StatusCodes.OK, report))
                        .orElseGet(
                            () ->
                                problem(
                                    StatusCodes.NOT_FOUND,
                                    "no reconciliation has the id '" + id + "'",
                                    "look the ids up with GET /kindred/v1/reconciliations"))));
  }

  private static CompletionStage<SnapshotsPage> snapshots(
      Sources sources, CompletionStage<SnapshotStatus> status) {
    return status.thenApply(told -> new SnapshotsPage(sources.view().self().id(), told));
  }

  private <T> Route change(Function<Sources, CompletionStage<T>> made) {
    return extractRequest(
        request -> {
          if (!isFromThisMachine(request)) {
            return problem(
                StatusCodes.FORBIDDEN,
                "changes are accepted from the node's own machine only, as there is no"
                    + " authentication",
                "run the command on the node's machine, or inside its pod");
          }
          if (!request.entity().getContentType().mediaType().equals(MediaTypes.APPLICATION_JSON)) {
            return problem(
                StatusCodes.UNSUPPORTED_MEDIA_TYPE,
                "a change is sent as application/json",
                "add the header Content-Type: application/json");
          }
          return asked(
              sources ->
                  onSuccess(() -> made.apply(sources), page -> answer(StatusCodes.ACCEPTED, page)));
        });
  }

  /** Judged by the connection and not by headers, which anybody can write. */
  static boolean isFromThisMachine(HttpRequest request) {
    return request
        .getAttribute(AttributeKeys.remoteAddress)
        .flatMap(remote -> remote.getAddress())
        .filter(KindredRoutes::isLocal)
        .isPresent();
  }

  private static boolean isLocal(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      LOG.warn("cannot tell whether {} is this machine; treated as another", address, e);
      return false;
    }
  }

  private Route atOnce(Function<Sources, Object> page) {
    return asked(sources -> answer(StatusCodes.OK, page.apply(sources)));
  }

  private <T> Route later(Function<Sources, CompletionStage<T>> page) {
    return asked(
        sources -> onSuccess(() -> page.apply(sources), ready -> answer(StatusCodes.OK, ready)));
  }

  private Route asked(Function<Sources, Route> route) {
    return desk.sources()
        .map(route)
        .orElseGet(
            () ->
                problem(
                    StatusCodes.SERVICE_UNAVAILABLE, "the node is starting", "ask again shortly"));
  }

  private RejectionHandler unknownPath() {
    return RejectionHandler.newBuilder()
        .handle(
            MethodRejection.class,
            rejected ->
                problem(
                    StatusCodes.METHOD_NOT_ALLOWED,
                    "this path takes " + rejected.supported().value() + " only",
                    "GET reads; POST to reconciliations or snapshots starts one; POST also to nodes/NODE/forget and ring/recovery"))
        .handleNotFound(
            problem(
                StatusCodes.NOT_FOUND,
                "there is no such page",
                "the pages are status, ring, nodes, warmups, reconciliations and snapshots"))
        .build();
  }

  private ExceptionHandler failure() {
    return ExceptionHandler.newBuilder().matchAny(this::failed).build();
  }

  private Route failed(Throwable thrown) {
    Throwable cause = thrown.getCause() != null ? thrown.getCause() : thrown;
    if (cause instanceof TimeoutException) {
      return problem(
          StatusCodes.GATEWAY_TIMEOUT,
          "the part of the cluster that knows this did not answer in time",
          "ask again; after the loss of a node its engine takes up to a minute to move");
    }
    if (cause instanceof Refused) {
      return problem(StatusCodes.CONFLICT, cause.getMessage(), "ask again later");
    }
    LOG.warn("a management page failed", cause);
    return problem(
        StatusCodes.INTERNAL_SERVER_ERROR, String.valueOf(cause), "see the log of this node");
  }

  private Route problem(StatusCode status, String what, String remedy) {
    return extractUri(
        uri -> {
          String node = desk.sources().map(sources -> sources.view().self().id() + " ").orElse("");
          return answer(status, new Problem(what, node + uri.path(), remedy));
        });
  }

  private Route answer(StatusCode status, Object page) {
    return complete(status, HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.bytes(page)));
  }
}
