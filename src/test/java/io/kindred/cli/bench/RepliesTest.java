package io.kindred.cli.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RepliesTest {

  private static final byte[] STREAM =
      "+OK\r\n$3\r\na\r\n\r\n$-1\r\n$0\r\n\r\n-ERR no\r\n:12\r\n+OK\r\n".getBytes(US_ASCII);

  @Test
  void countsHoweverTheBytesAreCut() {
    for (int cut = 0; cut <= STREAM.length; cut++) {
      Replies replies = new Replies();
      int first = replies.feed(ByteBuffer.wrap(STREAM, 0, cut));
      int rest = replies.feed(ByteBuffer.wrap(STREAM, cut, STREAM.length - cut));
      assertThat(first + rest).isEqualTo(7);
      assertThat(replies.errors()).isEqualTo(1);
    }
  }

  @Test
  void refusesWhatIsNoAnswer() {
    assertThatThrownBy(() -> new Replies().feed(ByteBuffer.wrap("*1\r\n".getBytes(US_ASCII))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void requestsAreAsLongAsTheySay() {
    Requests requests = new Requests(5);
    ByteBuffer out = ByteBuffer.allocate(200);
    requests.set(42, out);
    assertThat(out.position()).isEqualTo(requests.bytesMax());
    assertThat(new String(out.array(), 0, out.position(), US_ASCII))
        .isEqualTo("*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000042\r\n$5\r\nafkpu\r\n");
    out.clear();
    requests.get(7, out);
    assertThat(new String(out.array(), 0, out.position(), US_ASCII))
        .isEqualTo("*2\r\n$3\r\nGET\r\n$16\r\nkey:000000000007\r\n");
    assertThat(Requests.key(42)).isEqualTo("key:000000000042");
  }
}
