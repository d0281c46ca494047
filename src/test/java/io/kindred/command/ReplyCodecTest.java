package io.kindred.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replies on the way between nodes. */
class ReplyCodecTest {

  private static final Reply EVERYTHING =
      new Reply.Array(
          List.of(
              Reply.OK,
              new Reply.Simple("hash"),
              new Reply.Failure("ERR no"),
              Reply.of(1),
              new Reply.Int(-9),
              new Reply.Bulk(new byte[] {0, -1}),
              Reply.NULL,
              new Reply.Pairs(List.of(Reply.bulk("f"), Reply.bulk("v"))),
              new Reply.Members(List.of(Reply.bulk("m"))),
              new Reply.Verbatim("text"),
              new Reply.Real(-0.5),
              Reply.NULL_ARRAY,
              new Reply.Couples(List.of(Reply.bulk("m"), new Reply.Real(1))),
              Reply.EMPTY_ARRAY));

  private static final String BYTES =
      "050000000e01000000024f4b01000000046861736802000000064552"
          + "52206e6f03000000000000000103fffffffffffffff7040000000200ff0806000000020400000001660400000001"
          + "76070000000104000000016d0900000004746578740abfe0000000000000"
          + "0b0c0000000204000000016d0a3ff00000000000000500000000";

  @Test
  void whatIsWrittenIsReadBackAndItsBytesStayTheSame() throws IOException {
    byte[] bytes = ReplyCodec.write(EVERYTHING);
    Reply back = ReplyCodec.read(bytes);
    assertThat(ReplyCodec.write(back)).isEqualTo(bytes);
    assertThat(((Reply.Array) back).items().get(0)).isSameAs(Reply.OK);
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(BYTES);
  }

  @Test
  void everyCutIsNoticed() throws IOException {
    byte[] bytes = ReplyCodec.write(EVERYTHING);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> ReplyCodec.read(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void whatCannotBeAReplyIsRefused() {
    assertThatThrownBy(() -> ReplyCodec.read(new byte[] {99})).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ReplyCodec.read(new byte[] {4, 127, 0, 0, 0}))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ReplyCodec.read(new byte[] {8, 8})).isInstanceOf(IOException.class);
  }
}
