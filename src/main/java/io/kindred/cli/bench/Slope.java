package io.kindred.cli.bench;

import java.util.List;

/**
 * The line that fits samples over time best (least squares).
 *
 * @param perHour by how much it rises in an hour
 * @param mean of the samples
 */
record Slope(double perHour, double mean) {

  /** A sample, and when it was taken, in s after any moment. */
  record Point(double seconds, double value) {}

  /**
   * Fits a line.
   *
   * @throws NotMeasured where there are not two moments
   */
  static Slope of(List<Point> points) throws NotMeasured {
    double meanSeconds = points.stream().mapToDouble(Point::seconds).average().orElse(0);
    double mean = points.stream().mapToDouble(Point::value).average().orElse(0);
    double along = 0;
    double square = 0;
    for (Point point : points) {
      double off = point.seconds() - meanSeconds;
      along += off * (point.value() - mean);
      square += off * off;
    }
    if (square == 0) {
      throw new NotMeasured("a slope takes samples of two moments");
    }
    return new Slope(along / square * 3600, mean);
  }

  /** How much of the mean it rises in an hour, in percent. */
  double percentPerHour() {
    return 100 * perHour / mean;
  }
}
