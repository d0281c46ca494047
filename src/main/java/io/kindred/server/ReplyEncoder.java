package io.kindred.server;

import io.kindred.command.Reply;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes replies as RESP2 or RESP3. */
final class ReplyEncoder {

  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] OK = "+OK\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL_2 = "$-1\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL_ARRAY_2 = "*-1\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL_3 = "_\r\n".getBytes(StandardCharsets.US_ASCII);

  /** By number: what comes behind the type of a head, as far as it fits three bytes. */
  private static final int[] SHORT_HEADS = shortHeads();

  private ReplyEncoder() {}

  private static int[] shortHeads() {
    int[] heads = new int[100];
    for (int number = 0; number < 10; number++) {
      heads[number] = ('0' + number) << 16 | '\r' << 8 | '\n';
    }
    for (int number = 10; number < 100; number++) {
      heads[number] = ('0' + number / 10) << 16 | ('0' + number % 10) << 8 | '\r';
    }
    return heads;
  }

  static void write(Reply reply, boolean resp3, ByteBuf out) {
    if (reply == Reply.OK) {
      out.writeBytes(OK);
    } else if (reply instanceof Reply.Bulk bulk) {
      writeBulk(bulk.bytes(), out);
    } else if (reply instanceof Reply.Int number) {
      writeHead(':', number.value(), out);
    } else if (reply instanceof Reply.Null) {
      out.writeBytes(resp3 ? NULL_3 : NULL_2);
    } else if (reply instanceof Reply.Simple simple) {
      writeText('+', simple.text(), out);
    } else if (reply instanceof Reply.Failure failure) {
      writeText('-', failure.text(), out);
    } else if (isAggregate(reply)) {
      writeItemsHead(reply, resp3, out);
      items(reply, resp3).forEach(item -> write(item, resp3, out));
    } else if (reply instanceof Reply.Real real) {
      if (resp3) {
        writeText(',', real.text(), out);
      } else {
        writeBulk(real.text().getBytes(StandardCharsets.US_ASCII), out);
      }
    } else if (reply instanceof Reply.NullArray) {
      out.writeBytes(resp3 ? NULL_3 : NULL_ARRAY_2);
    } else if (reply instanceof Reply.Verbatim verbatim) {
      byte[] text = verbatim.text().getBytes(StandardCharsets.UTF_8);
      if (resp3) {
        writeHead('=', text.length + 4, out);
        out.writeBytes(new byte[] {'t', 'x', 't', ':'}).writeBytes(text).writeBytes(LINE_END);
      } else {
        writeBulk(text, out);
      }
    } else {
      throw new IllegalArgumentException("no way to write " + reply);
    }
  }

  /** Whether a reply is made of others. */
  static boolean isAggregate(Reply reply) {
    return reply instanceof Reply.Array
        || reply instanceof Reply.Pairs
        || reply instanceof Reply.Couples
        || reply instanceof Reply.Members;
  }

  /** The replies that an aggregate is made of; none of any other. */
  static List<Reply> items(Reply reply, boolean resp3) {
    if (reply instanceof Reply.Array array) {
      return array.items();
    }
    if (reply instanceof Reply.Couples couples) {
      return resp3 ? couples.nested() : couples.items();
    }
    if (reply instanceof Reply.Pairs pairs) {
      return pairs.items();
    }
    return reply instanceof Reply.Members members ? members.items() : List.of();
  }

  /** The line before an aggregate's items. */
  static void writeItemsHead(Reply reply, boolean resp3, ByteBuf out) {
    if (reply instanceof Reply.Couples couples) {
      writeHead('*', couples.items().size() / (resp3 ? 2 : 1), out);
      return;
    }
    int size = items(reply, resp3).size();
    if (!resp3 || reply instanceof Reply.Array) {
      writeHead('*', size, out);
    } else if (reply instanceof Reply.Pairs) {
      writeHead('%', size / 2, out);
    } else {
      writeHead('~', size, out);
    }
  }

  /** The line before a bulk's bytes; behind them a line end is to be written. */
  static void writeBulkHead(int length, ByteBuf out) {
    writeHead('$', length, out);
  }

  static void writeLineEnd(ByteBuf out) {
    out.writeBytes(LINE_END);
  }

  private static void writeBulk(byte[] bytes, ByteBuf out) {
    writeHead('$', bytes.length, out);
    out.writeBytes(bytes).writeBytes(LINE_END);
  }

  /** Text on a line of its own; a line end within it would be read as the reply's. */
  private static void writeText(char type, String text, ByteBuf out) {
    out.writeByte(type);
    out.writeCharSequence(text.replace('\r', ' ').replace('\n', ' '), StandardCharsets.UTF_8);
    out.writeBytes(LINE_END);
  }

  private static void writeHead(char type, long number, ByteBuf out) {
    if (number >= 0 && number < SHORT_HEADS.length) {
      // Type, one or two digits and line end, at once.
      int head = SHORT_HEADS[(int) number] | type << 24;
      if (number < 10) {
        out.writeInt(head);
      } else {
        out.writeInt(head).writeByte('\n');
      }
      return;
    }
    out.writeByte(type);
    out.writeCharSequence(Long.toString(number), StandardCharsets.US_ASCII);
    out.writeBytes(LINE_END);
  }
}
