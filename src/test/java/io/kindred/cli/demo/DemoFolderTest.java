package io.kindred.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.cli.demo.DemoPlan.DemoNode;
import io.kindred.cli.demo.DemoState.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoFolderTest {

  private final DemoPlan plan = new DemoPlan(3, 3, 7100);
  private final DemoNode node = plan.nodes().get(1);
  @TempDir Path dir;

  @Test
  void thereIsNoStateBeforeTheFirstDemo() throws Exception {
    assertThat(new DemoFolder(dir.resolve("none")).state()).isEmpty();
  }

  @Test
  void theStateIsReadBackByAnotherCommand() throws Exception {
    DemoState state = new DemoState(plan, Map.of("kindred.log.fsync", "no"), new TreeMap<>());
    new DemoFolder(dir).begin(state);
    new DemoFolder(dir).note(node, new Running(17, 1234));

    assertThat(new DemoFolder(dir).state()).contains(state.with(2, new Running(17, 1234)));
    assertThat(Files.readString(dir.resolve("node-2.conf"))).contains("node-2").contains("fsync");
  }

  @Test
  void eachNoteKeepsTheOthersAndLeavesNoScrap() throws Exception {
    DemoFolder folder = new DemoFolder(dir);
    folder.begin(new DemoState(plan, Map.of(), new TreeMap<>()));
    for (DemoNode each : plan.nodes()) {
      new DemoFolder(dir).note(each, new Running(each.number(), 1));
    }

    assertThat(folder.state().orElseThrow().processes()).hasSize(9);
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  @Test
  void dataIsSetAsideAndNeverOverwritten() throws Exception {
    DemoFolder folder = new DemoFolder(dir);
    LocalDateTime now = LocalDateTime.of(2026, 11, 22, 20, 0, 1);
    assertThat(folder.setAside(node, now)).isEmpty();

    for (String name : List.of("node-2.old-20261122-200001", "node-2.old-20261122-200001-2")) {
      Files.createDirectories(dir.resolve("node-2"));
      Files.writeString(dir.resolve("node-2/identity"), name);
      assertThat(folder.setAside(node, now)).contains(dir.toAbsolutePath().resolve(name));
      assertThat(dir.resolve("node-2")).doesNotExist();
      assertThat(dir.resolve(name).resolve("identity")).hasContent(name);
    }
  }

  @Test
  void theTailOfALogIsItsLastLines() throws Exception {
    DemoFolder folder = new DemoFolder(dir);
    assertThat(folder.logTail(node, 3)).isEmpty();
    Files.write(folder.log(node), IntStream.rangeClosed(1, 9).mapToObj(i -> "line " + i).toList());

    assertThat(folder.logTail(node, 3)).containsExactly("line 7", "line 8", "line 9");
    assertThat(folder.logTail(node, 30)).hasSize(9);
  }
}
