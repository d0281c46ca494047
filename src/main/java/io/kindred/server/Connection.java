package io.kindred.server;

import io.kindred.command.Arguments;
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
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
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
 * not take its replies, nothing more is read from it; and replies that it does not take stay where
 * they are instead of being copied to the socket's buffers.
 *
 * <p>Ends behind the last reply that it owes: when the client has sent QUIT or a broken frame, has
 * closed its sending side, or the node stops ({@link Leave}).
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

  /** Told by the front door to all its connections: answer what was asked, and take no more. */
  enum Leave {
    NOW
  }

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final FrontDoor.Services services;
  private final NodeCommands nodeCommands;
  private final Client client;
  private final Deque<Slot> slots = new ArrayDeque<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Runnable writeReplies = this::writeReplies;
  private ChannelHandlerContext context;
  private EventLoop loop;
  private Dispatch dispatch;

  /** What is being written, until it is handed to the socket; null between. */
  private ByteBuf out;

  /** Of what was read since it was last told: the newest command, and how many. */
  private CommandSpec newest;

  private int commands;

  private long requestBytes;
  private boolean reading = true;
  private boolean ending;
  private boolean leaving;

  Connection(FrontDoor.Services services, NodeCommands nodeCommands, Client client) {
    this.services = services;
    this.nodeCommands = nodeCommands;
    this.client = client;
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
    dispatch = services.router().dispatch(loop);
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
    commands++;
    CommandSpec spec = Commands.find(args[0]);
    if (spec == null && isHttp(args[0])) {
      // As Redis does: a browser can be made to post to a port of its own machine.
      LOG.warn(
          "client {} of {} speaks HTTP; closed, as a web page may be behind it",
          client.id(),
          context.channel().remoteAddress());
      ending = true;
      slots.clear();
      close();
      return;
    }
    boolean isQuit = spec != null && spec.name().equals("quit");
    ending = isQuit;
    Slot slot = add(bytesOf(args), isQuit);
    if (spec == null) {
      slot.onReply(Failures.unknownCommand(args));
    } else if (!spec.accepts(args.length)) {
      slot.onReply(Failures.arity(spec.name()));
    } else {
      newest = spec;
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

  private static boolean isHttp(byte[] word) {
    return Arguments.is(word, "post") || Arguments.is(word, "host:");
  }

  private void run(CommandSpec spec, byte[][] args, Slot slot) {
    if (spec.action() instanceof CommandSpec.Action.OnNode) {
      // It may be what asks.
      tellWhatRan();
      if (services.router().isMissedWhileLoading() && !spec.runsWhileLoading()) {
        slot.onReply(Failures.LOADING);
      } else {
        nodeCommands.run(spec.name(), this, args, slot);
      }
    } else {
      dispatch.run(spec, args, client.levels().of(spec), slot);
    }
  }

  /** Once for all that was read together: others look at these. */
  private void tellWhatRan() {
    services.stats().commandsRead(commands);
    commands = 0;
    if (newest != null) {
      client.ran(newest.name());
      newest = null;
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    tellWhatRan();
    ctx.fireChannelReadComplete();
  }

  private Slot add(int bytes, boolean closesAfter) {
    Slot slot = new Slot(this, client.resp3(), bytes, closesAfter);
    slots.add(slot);
    requestBytes += bytes;
    return slot;
  }

  /** Runs something once all that was asked before a slot is answered. On the loop. */
  void whenFirst(Slot slot, Runnable task) {
    if (slots.peek() == slot) {
      task.run();
    } else {
      slot.whenFirst(task);
    }
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
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE || event == Leave.NOW) {
      ending = true;
      leaving = true;
      ctx.channel().config().setAutoRead(false);
      dispatch.send();
      writeReplies();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  /** A slot was filled. On any thread; the replies are written once for all that come till then. */
  void wake() {
    if (!woken.get() && woken.compareAndSet(false, true)) {
      loop.execute(writeReplies);
    }
  }

  private void writeReplies() {
    woken.set(false);
    boolean written = false;
    boolean closing = false;
    Slot slot = slots.peek();
    try {
      while (slot != null && slot.reply() != null && !closing && context.channel().isWritable()) {
        slots.remove();
        requestBytes -= slot.requestBytes();
        closing = slot.closesAfter();
        if (slot.reply() instanceof Reply.Failure) {
          services.stats().errorAnswered();
        }
        encode(slot.reply(), slot.resp3());
        written = true;
        slot = slots.peek();
      }
    } catch (RuntimeException | OutOfMemoryError failure) {
      // A reply that was written in part, or not at all, would shift all that follow.
      LOG.error("closing the connection of client {}: a reply failed", client.id(), failure);
      breakOff();
      return;
    }
    if (slot != null && !closing) {
      slot.first();
    }
    if (out != null) {
      handOver();
    }
    if (written) {
      context.flush();
    }
    if (closing || (leaving && slots.isEmpty())) {
      close();
    }
    pauseOrResume();
  }

  /** Behind all that was written before. */
  private void close() {
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** At once, whatever was written before: half a reply must not be read as a whole one. */
  @SuppressWarnings("FutureReturnValueIgnored") // there is nothing left to be done about it
  private void breakOff() {
    ending = true;
    slots.clear();
    ReferenceCountUtil.release(out);
    out = null;
    context.close();
  }

  /** Writes a reply into the buffer, passing full pieces on to the socket. */
  private void encode(Reply reply, boolean resp3) {
    if (out == null) {
      out = newOutput();
    }
    if (reply instanceof Reply.Bulk bulk && bulk.bytes().length >= WRITTEN_AS_IS) {
      ReplyEncoder.writeBulkHead(bulk.bytes().length, out);
      handOver();
      write(Unpooled.wrappedBuffer(bulk.bytes()));
      out = newOutput();
      ReplyEncoder.writeLineEnd(out);
    } else if (ReplyEncoder.isAggregate(reply)) {
      ReplyEncoder.writeItemsHead(reply, resp3, out);
      for (Reply item : ReplyEncoder.items(reply, resp3)) {
        encode(item, resp3);
      }
    } else {
      ReplyEncoder.write(reply, resp3, out);
    }
    if (out != null && out.readableBytes() > OUTPUT_PIECE_BYTES) {
      handOver();
    }
  }

  /** The loop's own buffer, where the socket takes all at once, as it nearly always does. */
  private ByteBuf newOutput() {
    boolean isFirst = context.channel().unsafe().outboundBuffer().totalPendingWriteBytes() == 0;
    return isFirst ? ReplyBuffer.take() : context.alloc().ioBuffer(512);
  }

  /** From here on the buffer is the socket's to release. */
  private void handOver() {
    ByteBuf full = out;
    out = null;
    write(full);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the void promise reports to exceptionCaught
  private void write(ByteBuf buffer) {
    services.stats().bytesWritten(buffer.readableBytes());
    context.write(buffer, context.voidPromise());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      // What waits is written from the event loop's top, not from within a write.
      wake();
    }
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
