package io.kindred.command;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Replies as bytes, between nodes. One tag byte, then the content; lists are nested. The tags are
 * part of the wire protocol: never re-use one.
 */
public final class ReplyCodec {

  private static final int SIMPLE = 1;
  private static final int FAILURE = 2;
  private static final int INT = 3;
  private static final int BULK = 4;
  private static final int ARRAY = 5;
  private static final int PAIRS = 6;
  private static final int MEMBERS = 7;
  private static final int NULL = 8;
  private static final int VERBATIM = 9;
  private static final int REAL = 10;
  private static final int NULL_ARRAY = 11;
  private static final int COUPLES = 12;

  /** Replies of commands nest three deep at most; what is deeper is not one of ours. */
  private static final int DEPTH_MAX = 8;

  private ReplyCodec() {}

  /** About how many bytes {@link #write} makes of it. */
  public static long sizeOf(Reply reply) {
    if (reply instanceof Reply.Bulk bulk) {
      return 5L + bulk.bytes().length;
    }
    List<Reply> items = itemsOf(reply);
    if (items == null) {
      return 16;
    }
    long size = 5;
    for (Reply item : items) {
      size += sizeOf(item);
    }
    return size;
  }

  public static void write(Reply reply, DataOutput out) throws IOException {
    if (reply instanceof Reply.Bulk bulk) {
      out.writeByte(BULK);
      out.writeInt(bulk.bytes().length);
      out.write(bulk.bytes());
    } else if (reply instanceof Reply.Int number) {
      out.writeByte(INT);
      out.writeLong(number.value());
    } else if (reply instanceof Reply.Null) {
      out.writeByte(NULL);
    } else if (reply instanceof Reply.Simple simple) {
      writeText(SIMPLE, simple.text(), out);
    } else if (reply instanceof Reply.Failure failure) {
      writeText(FAILURE, failure.text(), out);
    } else if (reply instanceof Reply.Verbatim verbatim) {
      writeText(VERBATIM, verbatim.text(), out);
    } else if (reply instanceof Reply.Real real) {
      out.writeByte(REAL);
      out.writeDouble(real.value());
    } else if (reply instanceof Reply.NullArray) {
      out.writeByte(NULL_ARRAY);
    } else {
      List<Reply> items = itemsOf(reply);
      out.writeByte(tagOf(reply));
      out.writeInt(items.size());
      for (Reply item : items) {
        write(item, out);
      }
    }
  }

  /** Reads one reply; throws IOException for what {@link #write} cannot have written. */
  public static Reply read(DataInputStream in) throws IOException {
    return read(in, 0);
  }

  /** Reads one reply that fills the bytes. */
  public static Reply read(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    Reply reply = read(in);
    if (in.available() > 0) {
      throw new IOException(in.available() + " bytes too many behind a reply");
    }
    return reply;
  }

  /** One reply as bytes. */
  public static byte[] write(Reply reply) throws IOException {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    write(reply, new DataOutputStream(out));
    return out.toByteArray();
  }

  private static Reply read(DataInputStream in, int depth) throws IOException {
    int tag = in.readUnsignedByte();
    return switch (tag) {
      case SIMPLE -> simple(Arguments.text(readBytes(in)));
      case FAILURE -> new Reply.Failure(Arguments.text(readBytes(in)));
      case INT -> Reply.of(in.readLong());
      case BULK -> new Reply.Bulk(readBytes(in));
      case ARRAY -> new Reply.Array(readItems(in, depth));
      case PAIRS -> new Reply.Pairs(readItems(in, depth));
      case MEMBERS -> new Reply.Members(readItems(in, depth));
      case NULL -> Reply.NULL;
      case VERBATIM -> new Reply.Verbatim(Arguments.text(readBytes(in)));
      case REAL -> new Reply.Real(in.readDouble());
      case NULL_ARRAY -> Reply.NULL_ARRAY;
      case COUPLES -> new Reply.Couples(readItems(in, depth));
      default -> throw new IOException("no reply begins with the tag " + tag);
    };
  }

  private static int tagOf(Reply aggregate) {
    if (aggregate instanceof Reply.Array) {
      return ARRAY;
    }
    if (aggregate instanceof Reply.Pairs) {
      return PAIRS;
    }
    return aggregate instanceof Reply.Couples ? COUPLES : MEMBERS;
  }

  private static Reply simple(String text) {
    return text.equals("OK") ? Reply.OK : new Reply.Simple(text);
  }

  private static List<Reply> itemsOf(Reply reply) {
    if (reply instanceof Reply.Array array) {
      return array.items();
    }
    if (reply instanceof Reply.Pairs pairs) {
      return pairs.items();
    }
    if (reply instanceof Reply.Couples couples) {
      return couples.items();
    }
    return reply instanceof Reply.Members members ? members.items() : null;
  }

  private static void writeText(int tag, String text, DataOutput out) throws IOException {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    out.writeByte(tag);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    // What is announced must be there: a broken length must not make us allocate it.
    if (length < 0 || length > in.available()) {
      throw new IOException("a reply announces " + length + " bytes, " + in.available() + " came");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  private static List<Reply> readItems(DataInputStream in, int depth) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > in.available() || depth == DEPTH_MAX) {
      throw new IOException("a reply announces " + count + " items at depth " + depth);
    }
    List<Reply> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      items.add(read(in, depth + 1));
    }
    return items;
  }
}
