package io.kindred.storage.snapshot;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A snapshot's file name: the shard, and the position of the log where it starts. */
public record SnapshotName(int shard, long start) {

  /** The one that starts last comes first. */
  static final Comparator<SnapshotName> NEWEST_FIRST =
      Comparator.comparingLong(SnapshotName::start).reversed();

  private static final Pattern FORM = Pattern.compile("(\\d{5})-(\\d{18})\\.snapshot");

  /** Empty for any other file. */
  static Optional<SnapshotName> of(String file) {
    Matcher matcher = FORM.matcher(file);
    return matcher.matches()
        ? Optional.of(
            new SnapshotName(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** The file's name once it is whole. */
  String file() {
    return String.format(Locale.ROOT, "%05d-%018d.snapshot", shard, start);
  }

  /** The file's name while it is written. */
  String unfinished() {
    return file() + ".new";
  }
}
