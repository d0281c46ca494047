package io.kindred.linearizability;

import io.kindred.linearizability.History.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for an order of a history's commands that one copy could have done: each command at a
 * moment between its call and its return. A command of which nobody knows what became may come at
 * any moment after its call, or never.
 */
public final class Checker {

  /** Where the search has been: which commands were done, and what that led to. */
  private record Visited(BitSet done, Object state) {}

  /** A choice that may be taken back. */
  private record Choice(int index, Object before) {}

  private Checker() {}

  /** Whether there is such an order. */
  public static <S> boolean isLinearizable(Model<S> model, List<Operation> history) {
    List<Operation> operations = new ArrayList<>(history);
    operations.sort(Comparator.comparingLong(Operation::called));
    return new Search<>(model, operations).run();
  }

  private static final class Search<S> {
    private final Model<S> model;
    private final List<Operation> operations;
    private final BitSet done = new BitSet();
    private final Set<Visited> visited = new HashSet<>();
    private final Deque<Choice> choices = new ArrayDeque<>();
    private S state;
    private int completeLeft;

    Search(Model<S> model, List<Operation> operations) {
      this.model = model;
      this.operations = operations;
      this.state = model.initial();
      this.completeLeft = (int) operations.stream().filter(Operation::isComplete).count();
    }

    boolean run() {
      int from = 0;
      while (completeLeft > 0) {
        int next = nextChoice(from);
        if (next >= 0) {
          from = 0;
        } else if (choices.isEmpty()) {
          return false;
        } else {
          from = takeBack() + 1;
        }
      }
      return true;
    }

    /** Does the first command from an index on that may come now; -1 where none may. */
    private int nextChoice(int from) {
      long firstReturn = firstReturn();
      for (int i = from; i < operations.size(); i++) {
        Operation operation = operations.get(i);
        if (done.get(i)) {
          continue;
        }
        if (operation.called() > firstReturn) {
          return -1;
        }
        Optional<S> next = model.step(state, operation.input(), operation.output());
        if (next.isPresent() && isNew(i, next.get())) {
          choices.push(new Choice(i, state));
          done.set(i);
          state = next.get();
          completeLeft -= operation.isComplete() ? 1 : 0;
          return i;
        }
      }
      return -1;
    }

    /** Nothing that was called later may come before what has returned. */
    private long firstReturn() {
      long first = Long.MAX_VALUE;
      for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
        first = Math.min(first, operations.get(i).returned());
      }
      return first;
    }

    private boolean isNew(int index, S next) {
      BitSet then = (BitSet) done.clone();
      then.set(index);
      return visited.add(new Visited(then, next));
    }

    @SuppressWarnings("unchecked") // what was put there
    private int takeBack() {
      Choice last = choices.pop();
      done.clear(last.index());
      state = (S) last.before();
      completeLeft += operations.get(last.index()).isComplete() ? 1 : 0;
      return last.index();
    }
  }
}
