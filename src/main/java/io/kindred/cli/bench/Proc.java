package io.kindred.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux tells of processes, in {@code /proc}. */
final class Proc {

  private Proc() {}

  /** Memory of a process that is in RAM, in bytes. */
  static long residentBytes(long pid) throws IOException {
    return residentBytes(Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")));
  }

  static long residentBytes(List<String> status) throws NotMeasured {
    return status.stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElseThrow(() -> new NotMeasured("/proc does not tell VmRSS"));
  }

  /** Processor time of a process, what the system did for it included, in microseconds. */
  static long cpuMicros(long pid) throws IOException {
    return cpuMicros(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
  }

  /** A tick that Linux tells of is a hundredth of a second, whatever its own are. */
  static long cpuMicros(String stat) {
    String[] fields = fields(stat);
    return 10_000 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
  }

  /** Those behind the name, which may hold anything. */
  private static String[] fields(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
  }

  /** Ticks of processor time of this process and of those of its children that have ended. */
  static long ownTicks() throws IOException {
    return ownTicks(Files.readString(Path.of("/proc/self/stat")));
  }

  static long ownTicks(String stat) {
    String[] fields = fields(stat);
    return Long.parseLong(fields[11])
        + Long.parseLong(fields[12])
        + Long.parseLong(fields[13])
        + Long.parseLong(fields[14]);
  }

  /** Ticks that all processors spent on processes, and altogether. */
  static long[] machineTicks() throws IOException {
    return machineTicks(Files.readAllLines(Path.of("/proc/stat")).get(0));
  }

  /** Without interrupts, which no process is charged for. */
  static long[] machineTicks(String line) {
    String[] fields = line.split("\\s+", -1);
    long all = 0;
    for (int i = 1; i <= 8; i++) {
      all += Long.parseLong(fields[i]);
    }
    long busy = Long.parseLong(fields[1]) + Long.parseLong(fields[2]) + Long.parseLong(fields[3]);
    return new long[] {busy, all};
  }
}
