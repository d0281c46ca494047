package io.kindred.cli;

import io.kindred.management.StatusPage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    description = "Tells whether every rack serves its full copy, as one node sees it.")
final class StatusCommand implements Callable<Integer> {

  @Mixin private At at;

  @Override
  public Integer call() {
    StatusPage page = at.client().get("/kindred/v1/status", StatusPage.class);
    at.print(page, () -> text(page));
    return 0;
  }

  static String text(StatusPage page) {
    String asked = "asked " + page.node() + " in " + page.rack() + ", which is " + page.phase();
    if (!page.formed()) {
      return "no ring yet: it forms when every rack has its planned nodes\n" + asked + "\n";
    }
    Table racks = new Table("RACK", "SERVED", "SHARDS");
    page.racks().forEach(rack -> racks.row(rack.name(), rack.shardsServed(), rack.shardsAll()));
    return (page.whole()
            ? "whole: every shard is served in every rack\n"
            : "NOT whole: some shards are not served in every rack\n")
        + "datacenter "
        + page.datacenter()
        + ", ring epoch "
        + page.epoch()
        + ", "
        + page.membersReachable()
        + " of "
        + page.membersAll()
        + " members in reach\n"
        + racks.render()
        + asked
        + "\n";
  }
}
