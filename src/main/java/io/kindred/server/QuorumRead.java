package io.kindred.server;

import io.kindred.command.Consistency;
import io.kindred.command.KeyQueries;
import io.kindred.command.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One read of the newest that a majority of the racks has. One owner runs the command and tells its
 * reply with the key's digest; others tell theirs. Where all agree, that reply is the answer, after
 * one round trip. Where not, the first is brought what the others have and runs the command again;
 * what the others lack they are brought behind the answer.
 *
 * <p>Only owners that serve take part. One that does not answer is replaced by another, as long as
 * there is one.
 *
 * <p>Limit: a huge collection in which two owners differ is read whole from one of them. Limit: a
 * read that had to be repaired runs a second time, and may then see a write that its own connection
 * sent behind it.
 */
final class QuorumRead {

  /** What a reader mends behind its answer; a larger key is left to a reconciliation. */
  private static final int PAGES_MENDED_MAX = 16;

  private final Router router;
  private final Request request;
  private final List<Routes.Stop> left = new ArrayList<>();
  private final int racks;
  private int needed;

  // Guarded by this: answers come on any thread.
  private Routes.Stop reader;
  private KeyQueries.Seen seen;
  private final List<Other> others = new ArrayList<>();
  private boolean answered;

  /** Another owner, and the digest of what it has. */
  private record Other(Routes.Stop stop, long digest) {}

  /**
   * @param request the client's, whose command reads
   */
  QuorumRead(Router router, Request request) {
    this.router = router;
    this.request = request;
    Routes routes = router.routes();
    this.racks = routes.view().ring().orElseThrow().racks().size();
    left.addAll(routes.stops(request.shard()));
  }

  private int majority() {
    return racks / 2 + 1;
  }

  /** Asks; what is for this node waits for the end of the turn, as the connection's others do. */
  void begin(Dispatch dispatch) {
    needed = majority();
    if (left.size() < needed) {
      answer(
          new Reply.Failure(
              "NOQUORUM "
                  + left.size()
                  + " of "
                  + racks
                  + " racks serve "
                  + router.routes().notServed(request.shard())
                  + ", and it takes "
                  + needed));
      return;
    }
    reader = left.remove(0);
    dispatch.add(read(reader), reader);
    for (int i = 1; i < needed; i++) {
      Routes.Stop stop = left.remove(0);
      dispatch.add(digest(stop), stop);
    }
  }

  private Request read(Routes.Stop stop) {
    byte[][] args = new byte[2 + request.args().length][];
    args[0] = bytes(KeyQueries.READ);
    args[1] = request.key().bytes();
    System.arraycopy(request.args(), 0, args, 2, request.args().length);
    return ask(args, new Asked(reply -> onRead(stop, reply)));
  }

  private Request digest(Routes.Stop stop) {
    return ask(
        new byte[][] {bytes(KeyQueries.DIGEST), request.key().bytes()},
        new Asked(reply -> onDigest(stop, reply)));
  }

  private Request ask(byte[][] args, Request.Answered to) {
    return new Request(
        router,
        io.kindred.command.Commands.inShard(args[0]).orElseThrow(),
        args,
        request.shard(),
        request.key(),
        false,
        Consistency.DC_ONE,
        to);
  }

  /** Takes an answer; that nobody serves is an answer without a reply. */
  private record Asked(java.util.function.Consumer<Optional<Reply>> then)
      implements Request.Answered {

    @Override
    public void onReply(Reply reply) {
      then.accept(Optional.of(reply));
    }

    @Override
    public boolean onUnserved() {
      then.accept(Optional.empty());
      return true;
    }
  }

  private void onRead(Routes.Stop stop, Optional<Reply> reply) {
    Optional<KeyQueries.Seen> given = reply.flatMap(KeyQueries.Seen::of);
    if (given.isPresent()) {
      synchronized (this) {
        seen = given.get();
      }
      compare();
      return;
    }
    Routes.Stop next = next();
    if (next == null) {
      lacking(stop, reply);
      return;
    }
    synchronized (this) {
      reader = next;
    }
    router.askAt(read(next), next);
  }

  private void onDigest(Routes.Stop stop, Optional<Reply> reply) {
    if (reply.isPresent() && reply.get() instanceof Reply.Int digest) {
      synchronized (this) {
        others.add(new Other(stop, digest.value()));
      }
      compare();
      return;
    }
    Routes.Stop next = next();
    if (next == null) {
      lacking(stop, reply);
    } else {
      router.askAt(digest(next), next);
    }
  }

  private synchronized Routes.Stop next() {
    return left.isEmpty() ? null : left.remove(0);
  }

  private void lacking(Routes.Stop stop, Optional<Reply> reply) {
    String why =
        reply.isPresent() && reply.get() instanceof Reply.Failure failure
            ? ": " + failure.text()
            : "";
    answer(
        new Reply.Failure(
            "NOQUORUM it takes "
                + majority()
                + " of "
                + racks
                + " racks, and "
                + stop.member().id().name()
                + " does not answer"
                + why));
  }

  private void compare() {
    KeyQueries.Seen first;
    List<Other> differing;
    synchronized (this) {
      if (seen == null || others.size() < needed - 1) {
        return;
      }
      first = seen;
      differing = others.stream().filter(other -> other.digest() != seen.digest()).toList();
    }
    if (differing.isEmpty()) {
      answer(first.reply());
    } else {
      bring(differing, 0, List.of());
    }
  }

  /** Brings the reader what the others have, one after the other, a page at a time. */
  private void bring(List<Other> from, int index, List<byte[]> place) {
    if (index == from.size()) {
      readAgain(from);
      return;
    }
    Routes.Stop stop = from.get(index).stop();
    copy(
        stop,
        reader,
        place,
        next -> bring(from, next.isEmpty() ? index + 1 : index, next),
        failed -> lacking(stop, failed));
  }

  /** Copies a page of the key from one owner to another, and says where to go on. */
  private void copy(
      Routes.Stop from,
      Routes.Stop to,
      List<byte[]> place,
      java.util.function.Consumer<List<byte[]>> then,
      java.util.function.Consumer<Optional<Reply>> failed) {
    List<byte[]> args = new ArrayList<>();
    args.add(bytes(KeyQueries.ELEMENTS));
    args.add(request.key().bytes());
    args.addAll(place);
    Asked onPage =
        new Asked(
            reply -> {
              Optional<KeyQueries.Listed> page = reply.flatMap(KeyQueries.Listed::of);
              if (page.isEmpty()) {
                failed.accept(reply);
                return;
              }
              byte[][] merge = {
                bytes(KeyQueries.MERGE),
                request.key().bytes(),
                page.get().elements(),
                page.get().step()
              };
              Asked onMerged =
                  new Asked(
                      merged -> {
                        if (merged.equals(Optional.of(Reply.OK))) {
                          then.accept(page.get().next());
                        } else {
                          failed.accept(merged);
                        }
                      });
              router.askAt(ask(merge, onMerged), to);
            });
    router.askAt(ask(args.toArray(new byte[0][]), onPage), from);
  }

  private void readAgain(List<Other> repairedFrom) {
    Routes.Stop stop = reader;
    Asked onAgain =
        new Asked(
            reply -> {
              Optional<KeyQueries.Seen> again = reply.flatMap(KeyQueries.Seen::of);
              if (again.isEmpty()) {
                lacking(stop, reply);
                return;
              }
              answer(again.get().reply());
              for (Other other : repairedFrom) {
                if (other.digest() != again.get().digest()) {
                  mend(other.stop(), List.of(), PAGES_MENDED_MAX);
                }
              }
            });
    byte[][] first = read(stop).args();
    router.askAt(ask(Arrays.copyOf(first, first.length), onAgain), stop);
  }

  /** Behind the answer; what fails is left to the feeds and to reconciliation. */
  private void mend(Routes.Stop stop, List<byte[]> place, int pages) {
    if (pages > 0) {
      copy(
          reader,
          stop,
          place,
          next -> {
            if (!next.isEmpty()) {
              mend(stop, next, pages - 1);
            }
          },
          failed -> {});
    }
  }

  private void answer(Reply reply) {
    synchronized (this) {
      if (answered) {
        return;
      }
      answered = true;
    }
    request.answer(reply);
  }

  private static byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }
}
