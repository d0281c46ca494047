package io.kindred.server;

import io.kindred.command.Reply;
import io.kindred.command.ReplyCodec;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers as they travel between nodes: for each its request's id, and the reply. */
final class ReplyBatch {

  /**
   * One answer; no reply where nothing was done.
   *
   * @param older what the request's version must be above; 0 where the node does not serve the
   *     shard
   */
  record Item(long id, Optional<Reply> reply, long older) {

    static Item of(long id, Reply reply) {
      return new Item(id, Optional.of(reply), 0);
    }

    static Item notServing(long id) {
      return new Item(id, Optional.empty(), 0);
    }
  }

  private static final int USUAL_BYTES = 512;

  private final BatchBytes bytes;
  private final DataOutputStream out;

  /** A batch whose first reply takes this many bytes. */
  ReplyBatch(long firstBytes) {
    bytes = new BatchBytes((int) Math.max(USUAL_BYTES, firstBytes));
    out = new DataOutputStream(bytes);
  }

  /** How many bytes {@link #add} adds, at most and nearly. */
  static long sizeOf(Item item) {
    return 9 + item.reply().map(ReplyCodec::sizeOf).orElse((long) Long.BYTES);
  }

  void add(Item item) {
    try {
      out.writeLong(item.id());
      out.writeBoolean(item.reply().isPresent());
      if (item.reply().isPresent()) {
        ReplyCodec.write(item.reply().get(), out);
      } else {
        out.writeLong(item.older());
      }
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
  }

  int size() {
    return bytes.size();
  }

  byte[] toBytes() {
    return bytes.take();
  }

  /** Reads a batch; throws IOException for what {@link #toBytes} cannot have made. */
  static List<Item> read(byte[] batch) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(batch));
    List<Item> items = new ArrayList<>();
    while (in.available() > 0) {
      long id = in.readLong();
      boolean served = in.readBoolean();
      items.add(
          served
              ? Item.of(id, ReplyCodec.read(in))
              : new Item(id, Optional.empty(), in.readLong()));
    }
    return items;
  }
}
