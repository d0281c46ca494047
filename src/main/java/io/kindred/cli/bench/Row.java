package io.kindred.cli.bench;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One line of a measurement, also as JSON.
 *
 * @param value what is judged: a ratio, a loss, or Kindred's own figure; empty if not measured
 * @param unit of the value; {@code x} for a ratio
 * @param target what the value should reach; empty where it is only told
 * @param holds whether it does; empty without a value or a target
 * @param spread the least and the greatest value of a round
 * @param kindred Kindred's figure
 * @param against the figure of what it was compared with
 * @param details further figures, by a name that ends in the unit
 * @param remark for people; says why, where nothing was measured
 */
public record Row(
    String name,
    Optional<Double> value,
    String unit,
    Optional<String> target,
    Optional<Boolean> holds,
    Optional<Spread> spread,
    Optional<Figure> kindred,
    Optional<Figure> against,
    Map<String, Double> details,
    String remark) {

  /** The least and the greatest of the rounds. */
  public record Spread(double min, double max) {}

  /** One store's figure over all rounds. */
  public record Figure(String of, String unit, double median, double min, double max) {

    static Figure of(String of, String unit, Samples samples) {
      return new Figure(of, unit, samples.median(), samples.min(), samples.max());
    }
  }

  public Row {
    details = Map.copyOf(details);
    if (holds.isPresent() && (value.isEmpty() || target.isEmpty())) {
      throw new IllegalArgumentException(name + ": judged without a value or a target");
    }
  }

  /** Kindred's figure as a multiple of another store's. */
  static Row ratio(
      String name, String unit, Samples ours, String other, Samples theirs, Optional<Goal> goal) {
    Samples ratios = ours.with(theirs, (our, their) -> our / their);
    return judged(name, ours.median() / theirs.median(), "x", ratios, goal)
        .figures(Figure.of("kindred", unit, ours), Optional.of(Figure.of(other, unit, theirs)));
  }

  /** By how many percent a figure is below what it is without something. */
  static Row loss(
      String name, String unit, Samples with, String without, Samples other, Optional<Goal> goal) {
    Samples losses = with.with(other, Row::lossPercent);
    return judged(name, lossPercent(with.median(), other.median()), "%", losses, goal)
        .figures(Figure.of("kindred", unit, with), Optional.of(Figure.of(without, unit, other)));
  }

  /** By how many percent a figure is above what it is without something. */
  static Row gain(
      String name, String unit, Samples with, String without, Samples other, Optional<Goal> goal) {
    Samples gains = with.with(other, (a, b) -> -lossPercent(a, b));
    return judged(name, -lossPercent(with.median(), other.median()), "%", gains, goal)
        .figures(Figure.of("kindred", unit, with), Optional.of(Figure.of(without, unit, other)));
  }

  private static double lossPercent(double with, double without) {
    return 100 * (1 - with / without);
  }

  /** Kindred's own figure; another store's stands beside it where there is one. */
  static Row own(
      String name,
      String unit,
      Samples ours,
      String other,
      Optional<Samples> theirs,
      Optional<Goal> goal) {
    return judged(name, ours.median(), unit, ours, goal)
        .figures(
            Figure.of("kindred", unit, ours),
            theirs.map(samples -> Figure.of(other, unit, samples)));
  }

  static Row notMeasured(String name, String reason) {
    return new Row(
        name,
        Optional.empty(),
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        "not measured: " + reason);
  }

  private static Row judged(
      String name, double value, String unit, Samples spread, Optional<Goal> goal) {
    return new Row(
        name,
        Optional.of(value),
        unit,
        goal.map(Goal::toString),
        goal.map(wanted -> wanted.holds(value)),
        Optional.of(new Spread(spread.min(), spread.max())),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        "");
  }

  private Row figures(Figure ours, Optional<Figure> theirs) {
    return new Row(
        name, value, unit, target, holds, spread, Optional.of(ours), theirs, details, remark);
  }

  Row detail(String detail, double figure) {
    Map<String, Double> more = new TreeMap<>(details);
    more.put(detail, figure);
    return new Row(name, value, unit, target, holds, spread, kindred, against, more, remark);
  }

  Row remark(String said) {
    return new Row(name, value, unit, target, holds, spread, kindred, against, details, said);
  }
}
