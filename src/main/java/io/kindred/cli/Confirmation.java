package io.kindred.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.Charset;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks twice before something is given up that no other command brings back. */
final class Confirmation {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(names = "--yes", description = "Do it without asking, as for scripts.")
  private boolean given;

  private final Reader answers;

  Confirmation() {
    this(new InputStreamReader(System.in, Charset.defaultCharset()));
  }

  Confirmation(Reader answers) {
    this.answers = answers;
  }

  /**
   * Returns once it is confirmed.
   *
   * @param what is about to happen, as a question
   * @param word to be typed: what is given up, by name
   * @throws Failure where it is not confirmed; nothing has happened then
   */
  void ask(String what, String word) throws IOException {
    if (given) {
      return;
    }
    BufferedReader lines = new BufferedReader(answers);
    expect(lines, what + " Type " + word + " to go on: ", word);
    expect(lines, "This cannot be undone. Type yes to do it: ", "yes");
  }

  private void expect(BufferedReader lines, String question, String wanted) throws IOException {
    PrintWriter out = command.commandLine().getOut();
    out.print(question);
    out.flush();
    String answer = lines.readLine();
    if (answer == null || !answer.strip().equals(wanted)) {
      throw new Failure(
          "nothing was changed: it was not confirmed",
          command.qualifiedName(),
          "type what is asked for, or say --yes in a script");
    }
  }
}
