package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes out of the decoder, by what bytes go in and how they are cut. */
class RequestDecoderTest {

  private static final int BULK_BYTES_MAX = 512 << 20;
  private static final long REQUEST_BYTES_MAX = 1L << 30;

  private static final String PIPELINE =
      lines("*2~$3~GET~$1~a~PING~*3~$3~SET~$5~k~xy~$0~~~*0~*-1~set \"a b\" 'c\\'d'\n*1~$4~QUIT~");

  private static final List<String> REQUESTS =
      List.of("GET|a", "PING", "SET|k\r\nxy|", "set|a b|c'd", "QUIT");

  @Test
  void readsAPipelineCutAnywhereInTwo() {
    for (int cut = 0; cut <= PIPELINE.length(); cut++) {
      assertThat(decode(PIPELINE.substring(0, cut), PIPELINE.substring(cut)))
          .as("cut at %d", cut)
          .isEqualTo(REQUESTS);
    }
  }

  @Test
  void readsAPipelineByteByByte() {
    assertThat(decode(PIPELINE.split(""))).isEqualTo(REQUESTS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*x~ | invalid multibulk length",
        "*2147483648~ | invalid multibulk length",
        "*99999999999999999999~ | invalid multibulk length",
        "*+1~ | invalid multibulk length",
        "*~ | invalid multibulk length",
        "*01~$4~PING~ | invalid multibulk length",
        "*00~$4~PING~ | invalid multibulk length",
        "*-2147483649x~ | invalid multibulk length",
        "*1~:3~ | expected '$', got ':'",
        "*1~$-1~ | invalid bulk length",
        "*1~$x~ | invalid bulk length",
        "*1~$~ | invalid bulk length",
        "*1~$04~PING~ | invalid bulk length",
        "*1~$4 ~PING~ | invalid bulk length",
        "*1~$12345x~PING~ | invalid bulk length",
        "*1~$536870913~ | invalid bulk length",
        "*1~$9223372036854775808~ | invalid bulk length",
        "get \"a~ | unbalanced quotes in request",
        "get 'a'b~ | unbalanced quotes in request"
      })
  void refusesWhatRedisRefuses(String bytes, String text) {
    assertThat(decode(lines(bytes), "PING\r\n")).containsExactly("!" + text);
  }

  @Test
  void refusesLinesWithoutEnd() {
    String endless = "x".repeat(70_000);
    assertThat(decode(endless)).containsExactly("!too big inline request");
    assertThat(decode("*" + endless)).containsExactly("!too big mbulk count string");
    assertThat(decode("*1\r\n$" + endless)).containsExactly("!too big bulk count string");
  }

  @Test
  void takesTheLargestAnnouncedLengthsWithoutFillingMemory() {
    List<EmbeddedChannel> channels = new ArrayList<>();
    // With a mebibyte each it would be more than any heap that this runs in.
    for (int i = 0; i < 10_000; i++) {
      EmbeddedChannel channel =
          new EmbeddedChannel(new RequestDecoder(BULK_BYTES_MAX, REQUEST_BYTES_MAX, bytes -> {}));
      channel.writeInbound(bytes("*1048576\r\n$536870912\r\nabc"));
      assertThat(channel.<Object>readInbound()).isNull();
      channels.add(channel);
    }
    assertThat(channels).hasSize(10_000);
  }

  @Test
  void refusesARequestThatGrowsBeyondItsBound() {
    EmbeddedChannel channel =
        new EmbeddedChannel(new RequestDecoder(BULK_BYTES_MAX, 1000, bytes -> {}));
    channel.writeInbound(bytes("*3000000\r\n"));
    for (int i = 0; i < 8; i++) {
      channel.writeInbound(bytes("$100\r\n" + "x".repeat(100) + "\r\n"));
      assertThat(channel.<Object>readInbound()).as("argument %d", i).isNull();
    }
    channel.writeInbound(bytes("$100\r\n"));
    assertThat(channel.<Malformed>readInbound()).hasMessage("request is larger than 1000 bytes");
  }

  @Test
  void readsALargeArgumentInPieces() {
    byte[] large = new byte[5 << 20];
    new Random(1).nextBytes(large);
    EmbeddedChannel channel =
        new EmbeddedChannel(new RequestDecoder(BULK_BYTES_MAX, REQUEST_BYTES_MAX, bytes -> {}));
    channel.writeInbound(bytes("*2\r\n$4\r\nECHO\r\n$" + large.length + "\r\n"));
    for (int at = 0; at < large.length; at += 60_000) {
      int length = Math.min(60_000, large.length - at);
      channel.writeInbound(Unpooled.copiedBuffer(large, at, length));
    }
    channel.writeInbound(bytes("\r\n"));
    byte[][] request = channel.readInbound();
    assertThat(request[1]).isEqualTo(large);
    assertThat(channel.<Object>readInbound()).isNull();
  }

  @Test
  void survivesRandomBytes() {
    byte[] alphabet = "*$0123456789-\r\n\r\n\"' abcGET\\x".getBytes(StandardCharsets.US_ASCII);
    Random random = new Random(42);
    int requests = 0;
    int refusals = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] input = new byte[random.nextInt(60)];
      for (int i = 0; i < input.length; i++) {
        input[i] =
            random.nextInt(20) == 0
                ? (byte) random.nextInt()
                : alphabet[random.nextInt(alphabet.length)];
      }
      EmbeddedChannel channel =
          new EmbeddedChannel(new RequestDecoder(1 << 20, 1 << 30, bytes -> {}));
      channel.writeInbound(Unpooled.copiedBuffer(input));
      boolean refused = false;
      for (Object out = channel.readInbound(); out != null; out = channel.readInbound()) {
        assertThat(refused).as("something came behind a refusal").isFalse();
        refused = out instanceof Malformed;
        requests += refused ? 0 : 1;
      }
      refusals += refused ? 1 : 0;
      channel.finishAndReleaseAll();
    }
    assertThat(requests).isPositive();
    assertThat(refusals).isPositive();
  }

  /** Line ends of the protocol are written as ~ in these tests. */
  private static String lines(String text) {
    return text.replace("~", "\r\n");
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private static List<String> decode(String... pieces) {
    EmbeddedChannel channel =
        new EmbeddedChannel(new RequestDecoder(BULK_BYTES_MAX, REQUEST_BYTES_MAX, bytes -> {}));
    for (String piece : pieces) {
      if (!piece.isEmpty()) {
        channel.writeInbound(bytes(piece));
      }
    }
    List<String> out = new ArrayList<>();
    for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
      if (message instanceof Malformed malformed) {
        out.add("!" + malformed.getMessage());
      } else {
        List<String> words = new ArrayList<>();
        for (byte[] word : (byte[][]) message) {
          words.add(new String(word, StandardCharsets.ISO_8859_1));
        }
        out.add(String.join("|", words));
      }
    }
    channel.finishAndReleaseAll();
    return out;
  }
}
