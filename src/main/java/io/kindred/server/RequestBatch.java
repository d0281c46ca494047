package io.kindred.server;

import io.kindred.command.Consistency;
import io.kindred.entry.Version;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Requests as they travel between nodes: for each its id, its shard and its arguments. */
final class RequestBatch {

  /** One request of a batch. */
  @SuppressWarnings("ArrayRecordComponent") // carried out once and never compared
  record Item(
      long id, int shard, Consistency level, Version version, boolean isAgain, byte[][] args) {}

  private static final int USUAL_BYTES = 512;
  private static final int HAS_VERSION = 0x40;
  private static final int IS_AGAIN = 0x80;

  private final BatchBytes bytes;
  private final DataOutputStream out;

  /** A batch whose first request takes this many bytes. */
  RequestBatch(long firstBytes) {
    bytes = new BatchBytes((int) Math.max(USUAL_BYTES, firstBytes));
    out = new DataOutputStream(bytes);
  }

  /** How many bytes {@link #add} adds. */
  static long sizeOf(byte[][] args) {
    long size = 33;
    for (byte[] arg : args) {
      size += 4L + arg.length;
    }
    return size;
  }

  /** Adds a request under a number. */
  void add(long id, Request request) {
    Version version = request.version();
    byte[][] args = request.args();
    try {
      out.writeLong(id);
      out.writeInt(request.shard());
      out.writeByte(
          request.level().code()
              | (version == null ? 0 : HAS_VERSION)
              | (request.isAgain() ? IS_AGAIN : 0));
      if (version != null) {
        out.writeLong(version.time());
        out.writeLong(version.origin());
      }
      out.writeInt(args.length);
      for (byte[] arg : args) {
        out.writeInt(arg.length);
        out.write(arg);
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
      int shard = in.readInt();
      int flags = in.readUnsignedByte();
      Consistency level = level(flags & ~(HAS_VERSION | IS_AGAIN));
      Version version = (flags & HAS_VERSION) == 0 ? null : version(in.readLong(), in.readLong());
      byte[][] args = new byte[checked(in, in.readInt())][];
      if (args.length == 0) {
        throw new IOException("a request without a name");
      }
      for (int i = 0; i < args.length; i++) {
        args[i] = new byte[checked(in, in.readInt())];
        in.readFully(args[i]);
      }
      items.add(new Item(id, shard, level, version, (flags & IS_AGAIN) != 0, args));
    }
    return items;
  }

  private static Consistency level(int code) throws IOException {
    try {
      return Consistency.of(code);
    } catch (IllegalArgumentException unknown) {
      throw new IOException(unknown.getMessage(), unknown);
    }
  }

  private static Version version(long time, long origin) throws IOException {
    if (time < 0) {
      throw new IOException("a request of version " + time);
    }
    return new Version(time, origin);
  }

  private static int checked(DataInputStream in, int length) throws IOException {
    if (length < 0 || length > in.available()) {
      throw new IOException("a request announces " + length + ", " + in.available() + " came");
    }
    return length;
  }
}
