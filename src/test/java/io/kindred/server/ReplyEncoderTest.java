package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How each kind of reply looks in both protocols. */
class ReplyEncoderTest {

  @Test
  void writesWhatIsTheSameInBoth() {
    for (boolean resp3 : new boolean[] {false, true}) {
      assertThat(written(Reply.OK, resp3)).isEqualTo("+OK~");
      assertThat(written(new Reply.Simple("PONG"), resp3)).isEqualTo("+PONG~");
      assertThat(written(new Reply.Failure("ERR no\r\nway"), resp3)).isEqualTo("-ERR no  way~");
      assertThat(written(new Reply.Int(-5), resp3)).isEqualTo(":-5~");
      assertThat(written(new Reply.Int(Long.MIN_VALUE), resp3)).isEqualTo(":-9223372036854775808~");
      assertThat(written(Reply.bulk("ab"), resp3)).isEqualTo("$2~ab~");
      assertThat(written(Reply.bulk(""), resp3)).isEqualTo("$0~~");
      assertThat(written(Reply.EMPTY_ARRAY, resp3)).isEqualTo("*0~");
      assertThat(written(new Reply.Array(List.of(Reply.of(1), Reply.bulk("x"))), resp3))
          .isEqualTo("*2~:1~$1~x~");
    }
  }

  @Test
  void writesNullByProtocol() {
    assertThat(written(Reply.NULL, false)).isEqualTo("$-1~");
    assertThat(written(Reply.NULL, true)).isEqualTo("_~");
  }

  @Test
  void writesPairsMembersAndTextByProtocol() {
    Reply pairs = new Reply.Pairs(List.of(Reply.bulk("f"), Reply.NULL));
    assertThat(written(pairs, false)).isEqualTo("*2~$1~f~$-1~");
    assertThat(written(pairs, true)).isEqualTo("%1~$1~f~_~");
    Reply members = new Reply.Members(List.of(Reply.bulk("m")));
    assertThat(written(members, false)).isEqualTo("*1~$1~m~");
    assertThat(written(members, true)).isEqualTo("~1~$1~m~");
    assertThat(written(new Reply.Verbatim("hi"), false)).isEqualTo("$2~hi~");
    assertThat(written(new Reply.Verbatim("hi"), true)).isEqualTo("=6~txt:hi~");
  }

  @Test
  void writesScoresByProtocol() {
    assertThat(written(new Reply.Real(0.1), false)).isEqualTo("$19~0.10000000000000001~");
    assertThat(written(new Reply.Real(0.1), true)).isEqualTo(",0.10000000000000001~");
    assertThat(written(new Reply.Real(Double.NEGATIVE_INFINITY), true)).isEqualTo(",-inf~");
    assertThat(written(Reply.NULL_ARRAY, false)).isEqualTo("*-1~");
    assertThat(written(Reply.NULL_ARRAY, true)).isEqualTo("_~");
    Reply couples =
        new Reply.Couples(
            List.of(Reply.bulk("a"), new Reply.Real(1), Reply.bulk("b"), new Reply.Real(2)));
    assertThat(written(couples, false)).isEqualTo("*4~$1~a~$1~1~$1~b~$1~2~");
    assertThat(written(couples, true)).isEqualTo("*2~*2~$1~a~,1~*2~$1~b~,2~");
    assertThat(written(new Reply.Couples(List.of()), true)).isEqualTo("*0~");
  }

  private static String written(Reply reply, boolean resp3) {
    ByteBuf out = Unpooled.buffer();
    ReplyEncoder.write(reply, resp3, out);
    return out.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "~");
  }
}
