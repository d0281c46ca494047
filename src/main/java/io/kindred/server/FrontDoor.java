package io.kindred.server;

import io.kindred.command.Call;
import io.kindred.entry.HybridClock;
import io.kindred.membership.ViewBoard;
import io.kindred.ring.Member;
import io.kindred.storage.actor.LocalShards;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Where clients come in. Connections are spread over the event loops that are the lanes.
 *
 * <p>It opens while the node still reads its disk. Until it serves, what another rack serves is
 * asked there; all else is answered {@code -LOADING}, but for the commands that Redis flags {@code
 * loading}, such as INFO, which then tells how far it is. Clients that came early stay.
 */
public final class FrontDoor {

  /**
   * Replies that wait for a client to take them: reading stops at the one, goes on at the other.
   */
  private static final WriteBufferWaterMark OUTPUT_BYTES =
      new WriteBufferWaterMark(8 << 20, 32 << 20);

  /** Less than a phase of the coordinated shutdown may take. */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(3);

  private final IoEventLoopGroup loops;
  private final String host;
  private final int port;
  private final Services services;
  private final NodeCommands nodeCommands;
  private final Forwarder forwarder;
  private final Admission admission;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private Channel listening;

  /** What connections and commands share. */
  record Services(
      Router router,
      ViewBoard board,
      ServerStats stats,
      ServerLimits limits,
      Clients clients,
      AtomicReference<Supplier<NodeFacts>> facts,
      String transport) {

    Member self() {
      return board.current().self();
    }

    /** What INFO tells. */
    NodeFacts nodeFacts() {
      return facts.get().get();
    }
  }

  /**
   * A front door, not yet open.
   *
   * @param loops the lanes' event loops
   * @param host the address to listen on
   * @param levels that clients begin with
   * @param port 0 for any that is free
   * @param system where the links to other nodes live
   * @param loading what INFO tells until {@link #serve}; asked on event loops, so it must not wait
   */
  public FrontDoor(
      IoEventLoopGroup loops,
      String host,
      int port,
      ServerLimits limits,
      Levels levels,
      ViewBoard board,
      ActorSystem<?> system,
      ServerStats stats,
      Supplier<NodeFacts> loading) {
    this.loops = loops;
    this.host = host;
    this.port = port;
    this.forwarder = new Forwarder(system, board, stats);
    this.services =
        new Services(
            new Router(board, forwarder),
            board,
            stats,
            limits,
            new Clients(levels),
            new AtomicReference<>(loading),
            isEpoll() ? "epoll" : "nio");
    this.nodeCommands = new NodeCommands(services);
    this.admission = new Admission(limits);
  }

  private boolean isEpoll() {
    return loops.isIoType(EpollIoHandler.class);
  }

  /** Begins to listen; the stage gives the address, or fails where it is taken. */
  public CompletionStage<InetSocketAddress> bind() {
    Class<? extends ServerChannel> type =
        isEpoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, 511)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, OUTPUT_BYTES)
            // A client that has said all, as `printf ... | nc`, still waits for its answers.
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(new Welcome())
            .bind(host, port);
    CompletableFuture<InetSocketAddress> opened = new CompletableFuture<>();
    bound.addListener(
        done -> {
          if (done.isSuccess()) {
            listening = bound.channel();
            opened.complete((InetSocketAddress) bound.channel().localAddress());
          } else {
            opened.completeExceptionally(
                new IllegalStateException(
                    "cannot listen on " + host + ":" + port + " for clients", done.cause()));
          }
        });
    return opened;
  }

  /**
   * This node's shards are loaded. To be called before the node says that it serves them. {@code
   * -LOADING} ends when it does.
   *
   * @param facts what INFO tells from now on; asked on event loops, so it must not wait
   * @param ballots issues the ballots of commands that are put in one order, and nothing else
   * @param safeWithin how long such a command may take
   */
  public void serve(
      LocalShards shards, Supplier<NodeFacts> facts, HybridClock ballots, Duration safeWithin) {
    services.facts().set(facts);
    services.router().serve(shards, ballots, safeWithin);
  }

  /** Runs a command of another node's client, whose key's commands are put in one order here. */
  public void runSafe(Call call) {
    SafeRegister safe = services.router().safe();
    if (safe == null) {
      call.notServing();
    } else {
      safe.run(call);
    }
  }

  /** How many clients are connected. */
  public int clientCount() {
    return services.clients().count();
  }

  /**
   * Takes no more clients, answers what those that are there have asked, lets go of them, stops the
   * links to other nodes. Whoever does not take its answers in {@link #ANSWERED_WITHIN} is cut off.
   */
  public CompletionStage<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Channel was = listening;
    ChannelFuture last = was == null ? null : was.close();
    open.forEach(client -> client.pipeline().fireUserEventTriggered(Connection.Leave.NOW));
    Future<?> cutOff =
        loops.schedule(this::cutOff, ANSWERED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    open.newCloseFuture()
        .addListener(
            done -> {
              cutOff.cancel(false);
              forwarder.close();
              if (last == null) {
                closed.complete(null);
              } else {
                last.addListener(ignored -> closed.complete(null));
              }
            });
    return closed;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the group's future tells when all are closed
  private void cutOff() {
    open.close();
  }

  /** Lets a client in, or says why not. */
  private final class Welcome extends ChannelInitializer<Channel> {

    @Override
    protected void initChannel(Channel channel) {
      if (!admission.admits(channel, services.clients().count())) {
        services.stats().connectionRejected();
      } else {
        services.stats().connectionAccepted();
        open.add(channel);
        Client client = services.clients().joined(channel.remoteAddress(), channel.localAddress());
        channel
            .pipeline()
            .addLast(
                new RequestDecoder(
                    services.limits().bulkBytesMax(),
                    services.limits().requestBytesMax(),
                    services.stats()::bytesRead))
            .addLast(new Connection(services, nodeCommands, client));
      }
    }
  }
}
