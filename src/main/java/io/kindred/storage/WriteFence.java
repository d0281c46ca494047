package io.kindred.storage;

/**
 * What may keep a node from stamping its clients' writes, as a clock that is off. Asked once a
 * write, from any thread; what others send is merged whatever it says.
 */
@FunctionalInterface
public interface WriteFence {

  /** Of a node that always may. */
  WriteFence NONE = () -> null;

  /** What clients are told whose writes are refused, as an error of the protocol; null for none. */
  String refusal();
}
