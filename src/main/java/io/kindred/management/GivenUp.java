package io.kindred.management;

import io.kindred.ring.Member;
import io.kindred.ring.NodeId;
import io.kindred.ring.Ring;
import java.util.List;
import java.util.stream.Stream;

/** Which node an operator means: a name alone may be that of a lost node and of its replacement. */
final class GivenUp {

  private GivenUp() {}

  /**
   * The one node that the ring knows by that name, or by name#store. Of several of one name, the
   * one that can be given up.
   *
   * @throws Refused where there is none, or more than one that is meant
   */
  static NodeId meant(Ring ring, String name) {
    List<NodeId> known =
        Stream.concat(ring.members().stream(), ring.former().stream())
            .map(Member::id)
            .filter(id -> id.toString().equals(name) || id.name().equals(name))
            .toList();
    if (known.isEmpty()) {
      throw new Refused("the ring knows no node '" + name + "', see `kindred nodes`");
    }
    if (known.size() == 1) {
      return known.get(0);
    }
    List<NodeId> gone = known.stream().filter(id -> ring.isLost(id) || ring.isFormer(id)).toList();
    if (gone.size() != 1) {
      throw new Refused("'" + name + "' may be any of " + known + ": say which, as NAME#STORE");
    }
    return gone.get(0);
  }
}
