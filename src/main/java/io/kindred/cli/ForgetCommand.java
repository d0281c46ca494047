package io.kindred.cli;

import io.kindred.management.LossPage;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "forget",
    description = {
      "Gives a lost or former node up for good, with whatever only that node has.",
      "Says what may be lost, and asks twice. A living node is refused."
    })
final class ForgetCommand implements Callable<Integer> {

  @Mixin private At at;
  @Mixin private Confirmation confirmation;

  @Parameters(
      paramLabel = "NODE",
      description = "Its name, or NAME#STORE where its replacement bears the same name.")
  private String node;

  @Override
  public Integer call() throws IOException {
    ManagementClient client = at.client();
    String path = "/kindred/v1/nodes/" + segment(node) + "/forget";
    LossPage page = client.get(path, LossPage.class);
    if (!page.allowed()) {
      throw new Failure(
          page.refusal(), client.at(), "see what each node is in the ring with `kindred nodes`");
    }
    String name = page.nodes().get(0).toString();
    if (!at.json()) {
      at.print(page, () -> LossText.of(page));
    }
    confirmation.ask("Forget " + name + "?", name);
    // By its whole name: a replacement of the same name must not be meant by then.
    LossPage.Done done =
        client.post("/kindred/v1/nodes/" + segment(name) + "/forget", LossPage.Done.class);
    at.print(done, () -> name + " is forgotten, as of ring epoch " + done.epoch() + "\n");
    return 0;
  }

  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
