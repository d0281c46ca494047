package io.kindred.cli;

import io.kindred.management.LossPage;
import io.kindred.management.RingPage;
import io.kindred.management.RingPage.OwnerRow;
import io.kindred.management.RingPage.ShardRange;
import io.kindred.ring.NodeId;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "ring",
    description = "Shows who owns which shards and slots in each rack.",
    subcommands = RingCommand.RecoverCommand.class)
final class RingCommand implements Callable<Integer> {

  @Mixin private At at;

  @Override
  public Integer call() {
    RingPage page = at.client().get("/kindred/v1/ring", RingPage.class);
    at.print(page, () -> text(page));
    return 0;
  }

  static String text(RingPage page) {
    if (!page.formed()) {
      return "no ring yet: it forms when every rack has its planned nodes\n";
    }
    Table table = new Table("RACK", "OWNER", "STORE", "SERVES", "OWNS", "SHARDS", "SLOTS", "NEXT");
    page.racks().forEach(rack -> rack.owners().forEach(owner -> row(table, rack.name(), owner)));
    return "ring "
        + page.id()
        + ", epoch "
        + page.epoch()
        + ", datacenter "
        + page.datacenter()
        + ", "
        + page.shards()
        + " shards of "
        + page.slotsPerShard()
        + " slots\n"
        + table.render()
        + (page.spares().isEmpty() ? "" : "spares: " + page.spares() + "\n")
        + (page.former().isEmpty() ? "" : "former: " + page.former() + "\n");
  }

  @Command(
      name = "recover",
      description = {
        "Goes on with the nodes in reach after the loss of a majority of the ring's voters.",
        "Ask ONE surviving node, once. Says what may be lost, and asks twice."
      })
  static final class RecoverCommand implements Callable<Integer> {

    private static final String PATH = "/kindred/v1/ring/recovery";

    @Mixin private At at;
    @Mixin private Confirmation confirmation;

    @Override
    public Integer call() throws IOException {
      ManagementClient client = at.client();
      LossPage page = client.get(PATH, LossPage.class);
      if (!page.allowed()) {
        throw new Failure(
            page.refusal(),
            client.at(),
            "see who is in reach with `kindred nodes`; only a majority that is out of reach makes a"
                + " recovery necessary");
      }
      if (!at.json()) {
        at.print(page, () -> LossText.of(page));
      }
      String names = page.nodes().stream().map(NodeId::toString).collect(Collectors.joining(","));
      confirmation.ask("Go on without " + names + "?", names);
      LossPage.Done done =
          client.post(PATH + "?without=" + ForgetCommand.segment(names), LossPage.Done.class);
      at.print(
          done,
          () ->
              "the ring goes on as of epoch "
                  + done.epoch()
                  + "; start a replacement for each node that will not come back, and `kindred forget`"
                  + " those whose owners in the other racks are gone as well\n");
      return 0;
    }
  }

  private static void row(Table table, String rack, OwnerRow owner) {
    table.row(
        rack,
        owner.node().name(),
        Integer.toHexString(owner.node().store()),
        owner.serves() ? "yes" : "no",
        owner.shardsOwned(),
        owner.ranges().stream()
            .map(range -> range(range.first(), range.last()))
            .collect(Collectors.joining(" ")),
        owner.ranges().stream().map(RingCommand::slots).collect(Collectors.joining(" ")),
        owner.successor().map(Object::toString).orElse(""));
  }

  private static String slots(ShardRange range) {
    return range(range.firstSlot(), range.lastSlot());
  }

  private static String range(int first, int last) {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
