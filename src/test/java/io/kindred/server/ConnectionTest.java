package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Reply;
import io.kindred.membership.ClusterView;
import io.kindred.membership.ViewBoard;
import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.storage.actor.LocalShards;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A connection without a socket and without shards. */
class ConnectionTest {

  /** A client that does not read: what is written stays where it is. */
  private static final class NotRead extends ChannelOutboundHandlerAdapter {
    private final List<ByteBuf> written = new ArrayList<>();
    private final List<Integer> heldAtClose = new ArrayList<>();
    private int flushes;

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      written.add((ByteBuf) message);
      ctx.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      flushes++;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
      if (heldAtClose.isEmpty()) {
        written.forEach(buffer -> heldAtClose.add(buffer.refCnt()));
      }
      ctx.close(promise);
    }
  }

  /** The first buffer of a client that is owed nothing is the event loop's own. */
  private static final int THE_LOOPS_TOO = 1;

  private final ServerStats stats = new ServerStats();
  private final NotRead client = new NotRead();
  private final Connection connection = connection(stats);
  private final EmbeddedChannel channel = new EmbeddedChannel(client, connection);

  private static Connection connection(ServerStats stats) {
    Member self = new Member(new NodeId("node-1", 1), "rack-1", "127.0.0.1", 1, 2, 3);
    ViewBoard board =
        new ViewBoard(new ClusterView(self, Optional.empty(), Map.of(), Set.of(self.id())));
    FrontDoor.Services services =
        new FrontDoor.Services(
            new Router(board, null),
            board,
            stats,
            ServerLimits.DEFAULT,
            new Clients(Levels.ONE),
            new AtomicReference<>(
                () -> new NodeFacts(Optional.empty(), "test", 0, "/nowhere", "always", 1, 0)),
            "none");
    services
        .router()
        .serve(
            new LocalShards(List.of(), List.of(), List.of(), 1, 1, List.of()),
            null,
            Duration.ofSeconds(1));
    Client client = new Client(1, null, null, 0, Levels.ONE);
    return new Connection(services, new NodeCommands(services), client);
  }

  /** Asks, and leaves the answer to the test. */
  private Slot asked() {
    request("PING");
    return connection.replaceNewest();
  }

  private void request(String word) {
    channel.pipeline().fireChannelRead(new byte[][] {word.getBytes(StandardCharsets.US_ASCII)});
  }

  @Test
  void aReplyThatFailsHalfWrittenEndsTheConnectionAtOnce() {
    Reply large = new Reply.Bulk(new byte[100_000]);
    asked().onReply(new Reply.Array(List.of(large, new Reply.Simple(null))));
    channel.runPendingTasks();

    assertThat(channel.isOpen()).isFalse();
    assertThat(client.heldAtClose)
        .as("what was handed over is not released by the one who handed it over")
        .containsExactly(THE_LOOPS_TOO + 1, 1);
    assertThat(client.written)
        .as("nothing leaks")
        .extracting(ByteBuf::refCnt)
        .containsExactly(THE_LOOPS_TOO, 0);
    assertThat(stats.commands()).isEqualTo(1);
  }

  @Test
  void onlyTheFirstBufferIsTheLoopsOwn() {
    Reply large = new Reply.Bulk(new byte[100_000]);
    asked().onReply(new Reply.Array(List.of(large, large, large)));
    channel.runPendingTasks();

    assertThat(client.written.get(0).refCnt()).isEqualTo(THE_LOOPS_TOO + 1);
    assertThat(client.written).hasSize(7);
    assertThat(client.written.subList(1, 7)).allMatch(buffer -> buffer.refCnt() == 1);
    channel.finishAndReleaseAll();
  }

  @Test
  void aReplyThatFillsItsLastBufferIsSentAllTheSame() {
    asked().onReply(new Reply.Simple("x".repeat(300_000)));
    channel.runPendingTasks();

    assertThat(client.written).hasSize(1);
    assertThat(client.flushes).isEqualTo(1);
    assertThat(channel.isOpen()).isTrue();
    channel.finishAndReleaseAll();
  }

  @Test
  void nothingRunsBehindAReplyThatFailed() {
    Slot failing = asked();
    Slot late = asked();
    failing.onReply(new Reply.Simple(null));
    channel.runPendingTasks();
    request("PING");
    late.onReply(Reply.OK);
    channel.runPendingTasks();

    assertThat(stats.commands()).as("what came behind it is not taken").isEqualTo(2);
    assertThat(client.written).as("nor is anything answered").isEmpty();
  }
}
