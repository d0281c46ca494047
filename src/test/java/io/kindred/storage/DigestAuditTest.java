package io.kindred.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.entry.Element;
import io.kindred.entry.Elements;
import io.kindred.entry.Key;
import io.kindred.entry.Slot;
import io.kindred.entry.Version;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigestAuditTest {

  private final ShardStore store = new ShardStore(0, Slot.COUNT - 1, 42);
  private final Key key = Elements.key("k");
  private int turns;
  private long time;

  @Test
  void findsTheLeafWhoseDigestDrifted() {
    add(1);
    assertThat(wrong(() -> {})).isEmpty();

    store.digests().add(key.slot(), key.leaf(), 1);

    assertThat(wrong(() -> {})).containsExactly(key.slot() + "/" + key.leaf());
    assertThat(turns).isEqualTo(1);
  }

  @Test
  void findsWhatDriftedToZero() {
    add(1);
    store.digests().add(key.slot(), key.leaf(), -store.digests().leaf(key.slot(), key.leaf()));
    assertThat(store.digests().slot(key.slot())).isZero();
    assertThat(wrong(() -> {})).containsExactly(key.slot() + "/" + key.leaf());
  }

  @Test
  void findsABranchAndASlotThatAreNotTheSumOfWhatIsBeneath() {
    add(1);
    long[] numbers = store.digests().slots[key.slot()];
    int branch = key.leaf() / 16;
    numbers[1 + branch]++;
    numbers[0]++;
    assertThat(wrong(() -> {})).hasSize(16).contains(key.slot() + "/" + key.leaf());
    numbers[1 + branch]--;
    assertThat(wrong(() -> {})).hasSize(256);
    numbers[0]--;
    assertThat(wrong(() -> {})).isEmpty();
  }

  @Test
  void takesAsManyTurnsAsAHugeKeyNeeds() {
    add(10_000);
    assertThat(wrong(() -> {})).isEmpty();
    assertThat(turns).isBetween(10, 12);

    store.digests().add(key.slot(), key.leaf(), 1);
    assertThat(wrong(() -> {})).containsExactly(key.slot() + "/" + key.leaf());
  }

  @Test
  void aLeafThatChangesBetweenTurnsIsBegunAgain() {
    add(10_000);
    assertThat(
            wrong(
                () -> {
                  if (turns == 5) {
                    add(10);
                  }
                }))
        .isEmpty();
    assertThat(turns).isBetween(15, 17);

    store.digests().add(key.slot(), key.leaf(), 1);
    assertThat(
            wrong(
                () -> {
                  if (turns == 5) {
                    add(10);
                  }
                }))
        .containsExactly(key.slot() + "/" + key.leaf());
  }

  @Test
  void aLeafThatChangesAllTheTimeHoldsUpNobody() {
    add(10_000);
    Key after = Elements.key("{k}in a later leaf");
    assertThat(after.leaf()).isGreaterThan(key.leaf());
    store.merge(Element.member(after, Elements.text("m"), new Version(5, 1)));
    store.digests().add(key.slot(), after.leaf(), 1);
    assertThat(wrong(() -> add(1))).containsExactly(key.slot() + "/" + after.leaf());
    assertThat(turns).isLessThan(10);
  }

  private void add(int members) {
    for (int i = 0; i < members; i++) {
      time++;
      store.merge(Element.member(key, Elements.text("m" + time), new Version(time, 1)));
    }
  }

  private List<String> wrong(Runnable between) {
    turns = 0;
    List<String> wrong = new ArrayList<>();
    DigestAudit audit = new DigestAudit(store);
    while (!audit.isDone()) {
      int slot = audit.slot();
      audit.turn().forEach(leaf -> wrong.add(slot + "/" + leaf));
      turns++;
      between.run();
    }
    return wrong;
  }
}
