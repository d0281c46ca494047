package io.kindred.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * The buffer into which the connections of one event loop write their replies, one connection after
 * the other. A socket takes replies at once as a rule, and then the same memory serves the next;
 * one that does not keeps the buffer, and the loop gets another.
 */
final class ReplyBuffer {

  private static final int FIRST_CAPACITY = 16 << 10;

  private static final FastThreadLocal<ReplyBuffer> OF_LOOP =
      new FastThreadLocal<>() {
        @Override
        protected ReplyBuffer initialValue() {
          return new ReplyBuffer();
        }

        @Override
        protected void onRemoval(ReplyBuffer value) {
          value.buffer.release();
        }
      };

  private ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.directBuffer(FIRST_CAPACITY);

  private ReplyBuffer() {}

  /** An empty buffer for this thread's next writes; to be released by whoever has written it. */
  static ByteBuf take() {
    return OF_LOOP.get().next();
  }

  private ByteBuf next() {
    if (buffer.refCnt() > 1) {
      buffer.release();
      buffer = UnpooledByteBufAllocator.DEFAULT.directBuffer(FIRST_CAPACITY);
    }
    return buffer.clear().retain();
  }
}
