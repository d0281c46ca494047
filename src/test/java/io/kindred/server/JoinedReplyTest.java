package io.kindred.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.command.CommandSpec.Join;
import io.kindred.command.Reply;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class JoinedReplyTest {

  private static final Reply FAILURE = new Reply.Failure("NOQUORUM too few; nothing was written");

  private static Reply joined(boolean isWrite, Reply... parts) {
    AtomicReference<Reply> whole = new AtomicReference<>();
    JoinedReply joined = new JoinedReply(Join.ALL_OK, isWrite, parts.length, whole::set);
    for (int i = 0; i < parts.length; i++) {
      joined.set(i, parts[i]);
    }
    return whole.get();
  }

  @Test
  void whatIsTrueOfOneKeyIsNotToldOfAll() {
    assertThat(joined(true, Reply.OK, FAILURE, Reply.OK))
        .isEqualTo(
            new Reply.Failure(
                "NOQUORUM of 3 keys 2 were done and 1 were not; of the first of these: too few;"
                    + " nothing was written"));
    Reply other = new Reply.Failure("NOQUORUM too few; it may have been applied");
    assertThat(joined(true, FAILURE, other).toString()).contains("0 were done and 2 were not");
  }

  @Test
  void whatIsTrueOfAllIsToldAsItIs() {
    assertThat(joined(true, FAILURE, FAILURE)).isEqualTo(FAILURE);
    assertThat(joined(false, Reply.OK, FAILURE)).as("nothing is written anyway").isEqualTo(FAILURE);
    assertThat(joined(true, Reply.OK, Reply.OK)).isEqualTo(Reply.OK);
  }
}
