package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ConfirmationTest {

  @Command(name = "give-up")
  static final class GiveUp implements Callable<Integer> {
    @Mixin private final Confirmation confirmation;

    GiveUp(String answers) {
      confirmation = new Confirmation(new StringReader(answers));
    }

    @Override
    public Integer call() throws IOException {
      confirmation.ask("Give it up?", "node-2#12");
      return 0;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'node-2#12\nyes\n', '', 0",
    "'', --yes, 0",
    "'', '', 1",
    "'yes\nyes\n', '', 1",
    "'node-2#12\n', '', 1",
    "'node-2#12\nno\n', '', 1",
  })
  void isAskedTwiceAndOnlyBothAnswersCount(String answers, String option, int status) {
    StringWriter out = new StringWriter();
    CommandLine line = new CommandLine(new GiveUp(answers.replace("\\n", "\n")));
    line.setOut(new PrintWriter(out));
    line.setExecutionExceptionHandler((failure, command, parsed) -> 1);
    String[] args = option.isEmpty() ? new String[0] : new String[] {option};
    assertThat(line.execute(args)).isEqualTo(status);
    assertThat(out.toString().isEmpty()).isEqualTo(!option.isEmpty());
  }
}
