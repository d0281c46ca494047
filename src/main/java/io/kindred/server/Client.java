package io.kindred.server;

import java.net.SocketAddress;

/** What is known of one client: what CLIENT INFO tells. Changed on its event loop, read by any. */
final class Client {

  private final long id;
  private final String address;
  private final String localAddress;
  private final long sinceMillis;
  private volatile long lastMillis;
  private volatile String name = "";
  private volatile String libraryName = "";
  private volatile String libraryVersion = "";
  private volatile String lastCommand = "NULL";
  private volatile boolean resp3;
  private final Levels defaults;
  private volatile Levels levels;

  Client(
      long id, SocketAddress address, SocketAddress localAddress, long nowMillis, Levels levels) {
    this.defaults = levels;
    this.levels = levels;
    this.id = id;
    this.address = shown(address);
    this.localAddress = shown(localAddress);
    this.sinceMillis = nowMillis;
    this.lastMillis = nowMillis;
  }

  private static String shown(SocketAddress address) {
    if (address instanceof java.net.InetSocketAddress inet && inet.getAddress() != null) {
      return inet.getAddress().getHostAddress() + ":" + inet.getPort();
    }
    return String.valueOf(address);
  }

  long id() {
    return id;
  }

  boolean resp3() {
    return resp3;
  }

  String name() {
    return name;
  }

  void useResp3(boolean wanted) {
    resp3 = wanted;
  }

  /** Takes a name, empty for none; false where it holds what would break CLIENT LIST's lines. */
  boolean rename(String wanted) {
    if (!isWord(wanted)) {
      return false;
    }
    name = wanted;
    return true;
  }

  boolean setLibraryName(String wanted) {
    if (isWord(wanted)) {
      libraryName = wanted;
      return true;
    }
    return false;
  }

  boolean setLibraryVersion(String wanted) {
    if (isWord(wanted)) {
      libraryVersion = wanted;
      return true;
    }
    return false;
  }

  private static boolean isWord(String text) {
    return text.chars().allMatch(c -> c >= '!' && c <= '~');
  }

  void ran(String command) {
    lastCommand = command;
    lastMillis = System.currentTimeMillis();
  }

  /** How many racks must know of its commands. */
  Levels levels() {
    return levels;
  }

  void setLevels(Levels wanted) {
    levels = wanted;
  }

  /** As the connection was when it began. */
  void reset() {
    levels = defaults;
    resp3 = false;
    name = "";
  }

  /** One line of CLIENT LIST, without its end. */
  String describe(long nowMillis) {
    return "id="
        + id
        + " addr="
        + address
        + " laddr="
        + localAddress
        + " name="
        + name
        + " age="
        + (nowMillis - sinceMillis) / 1000
        + " idle="
        + Math.max(0, (nowMillis - lastMillis) / 1000)
        + " flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 events=r cmd="
        + lastCommand
        + " user=default resp="
        + (resp3 ? 3 : 2)
        + " lib-name="
        + libraryName
        + " lib-ver="
        + libraryVersion;
  }
}
