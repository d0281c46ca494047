package io.kindred.server;

import io.kindred.command.CommandSpec;
import io.kindred.command.Commands;
import io.kindred.command.Failures;
import io.kindred.command.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. Takes its requests in batches, hands them to shards, writes the replies in the
 * requests' order, whatever order they come in.
 *
 * <p>Bounded: while too many requests are unanswered, or hold too many bytes, or the client does
 * not take its replies, nothing more is read from it.
 */
final class Connection extends ChannelInboundHandlerAdapter {

  /** Unanswered requests at which reading stops, and at which it goes on. */
  static final int SLOTS_MAX = 10_000;

  private static final int SLOTS_RESUME = 5_000;

  /** The same for the bytes of unanswered requests. A single request may be larger. */
  private static final long REQUEST_BYTES_MAX = 32L << 20;

  private static final long REQUEST_BYTES_RESUME = 8L << 20;

  /** Bulks from this size on are not copied into the output, but written as they are. */
  private static final int WRITTEN_AS_IS = 32 << 10;

  private static final int OUTPUT_PIECE_BYTES = 256 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final FrontDoor.Services services;
  private final NodeCommands nodeCommands;
  private final Client client;
  private final Dispatch dispatch;
  private final Deque<Slot> slots = new ArrayDeque<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Runnable writeReplies = this::writeReplies;
  private ChannelHandlerContext context;
  private EventLoop loop;
  private long requestBytes;
  private boolean reading = true;
  private boolean ending;

  Connection(FrontDoor.Services services, NodeCommands nodeCommands, Client client) {
    this.services = services;
    this.nodeCommands = nodeCommands;
    this.client = client;
    this.dispatch = new Dispatch(services.router());
  }

  Client client() {
    return client;
  }

  Dispatch dispatch() {
    return dispatch;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    loop = ctx.channel().eventLoop();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (ending) {
      return;
    }
    if (message instanceof byte[][] args) {
      onRequest(args);
    } else if (message instanceof Malformed malformed) {
      ending = true;
      add(0, true).onReply(new Reply.Failure("ERR Protocol error: " + malformed.getMessage()));
    } else {
      throw new IllegalStateException("the decoder sent " + message);
    }
    pauseOrResume();
  }

  private void onRequest(byte[][] args) {
    services.stats().commandRead();
    CommandSpec spec = Commands.find(args[0]);
    boolean isQuit = spec != null && spec.name().equals("quit");
    ending = isQuit;
    Slot slot = add(bytesOf(args), isQuit);
    if (spec == null) {
      slot.onReply(Failures.unknownCommand(args));
    } else if (!spec.accepts(args.length)) {
      slot.onReply(Failures.arity(spec.name()));
    } else {
      client.ran(spec.name());
      try {
        run(spec, args, slot);
      } catch (RuntimeException failure) {
        LOG.error("{} of client {} failed", spec.name(), client.id(), failure);
        slot.onReply(
            new Reply.Failure(
                "ERR internal error in '" + spec.name() + "' command, see the node's log"));
      }
    }
  }

  private void run(CommandSpec spec, byte[][] args, Slot slot) {
    if (spec.action() instanceof CommandSpec.Action.OnNode) {
      nodeCommands.run(spec.name(), this, args, slot);
    } else {
      dispatch.run(spec, args, slot);
    }
  }

  private Slot add(int bytes, boolean closesAfter) {
    Slot slot = new Slot(this, client.resp3(), bytes, closesAfter);
    slots.add(slot);
    requestBytes += bytes;
    return slot;
  }

  /** Puts a slot that has no reply yet behind the newest one, for the protocol now in force. */
  Slot replaceNewest() {
    Slot old = slots.removeLast();
    Slot slot = new Slot(this, client.resp3(), old.requestBytes(), old.closesAfter());
    slots.add(slot);
    return slot;
  }

  private static int bytesOf(byte[][] args) {
    long bytes = 0;
    for (byte[] arg : args) {
      bytes += 24 + arg.length;
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    dispatch.send();
    ctx.fireChannelReadComplete();
  }

  /** A slot was filled. On any thread; the replies are written once for all that come till then. */
  void wake() {
    if (woken.compareAndSet(false, true)) {
      loop.execute(writeReplies);
    }
  }

  private void writeReplies() {
    woken.set(false);
    ByteBuf out = null;
    boolean closing = false;
    boolean wrote = false;
    for (Slot slot = slots.peek(); slot != null && !closing; slot = slots.peek()) {
      Reply reply = slot.reply();
      if (reply == null) {
        break;
      }
      slots.remove();
      requestBytes -= slot.requestBytes();
      closing = slot.closesAfter();
      if (reply instanceof Reply.Failure) {
        services.stats().errorAnswered();
      }
      if (out == null) {
        out = context.alloc().ioBuffer(512);
      }
      out = encode(reply, slot.resp3(), out);
      wrote = true;
    }
    if (wrote) {
      write(out);
      if (closing) {
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      } else {
        context.flush();
      }
    }
    pauseOrResume();
  }

  private ByteBuf encode(Reply reply, boolean resp3, ByteBuf out) {
    ByteBuf current = out;
    if (reply instanceof Reply.Bulk bulk && bulk.bytes().length >= WRITTEN_AS_IS) {
      ReplyEncoder.writeBulkHead(bulk.bytes().length, current);
      write(current);
      write(Unpooled.wrappedBuffer(bulk.bytes()));
      current = context.alloc().ioBuffer(512);
      ReplyEncoder.writeLineEnd(current);
    } else {
      ReplyEncoder.write(reply, resp3, current);
    }
    if (current.readableBytes() > OUTPUT_PIECE_BYTES) {
      write(current);
      current = context.alloc().ioBuffer(512);
    }
    return current;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the void promise reports to exceptionCaught
  private void write(ByteBuf buffer) {
    services.stats().bytesWritten(buffer.readableBytes());
    context.write(buffer, context.voidPromise());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    pauseOrResume();
  }

  private void pauseOrResume() {
    boolean full = slots.size() > SLOTS_MAX || requestBytes > REQUEST_BYTES_MAX;
    boolean drained = slots.size() < SLOTS_RESUME && requestBytes < REQUEST_BYTES_RESUME;
    boolean writable = context.channel().isWritable();
    if (reading && (full || !writable)) {
      reading = false;
      context.channel().config().setAutoRead(false);
    } else if (!reading && drained && writable && !ending) {
      reading = true;
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ending = true;
    services.clients().left(client);
    slots.clear();
    ctx.fireChannelInactive();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // there is nothing left to be done about it
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("client {} went away: {}", client.id(), cause.getMessage());
    } else {
      LOG.error("closing the connection of client {}", client.id(), cause);
    }
    ctx.close();
  }
}
