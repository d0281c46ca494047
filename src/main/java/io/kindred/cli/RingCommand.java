package io.kindred.cli;

import io.kindred.management.RingPage;
import io.kindred.management.RingPage.OwnerRow;
import io.kindred.management.RingPage.ShardRange;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "ring", description = "Shows who owns which shards and slots in each rack.")
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
